// The rows of X, each times its residual, added one by one; below them they stand as columns, and are the product Xᵀ r.

import { onPaper } from "./controls.js";
import { html, shown } from "./draw.js";
import { grid, index, sentence, told } from "./grid.js";
import { Motion } from "./motion.js";
import { transport } from "./transport.js";

// What each row adds, and the sums so far.
export function gathered({ X, r }) {
  const terms = X.map((row, i) => row.map((x) => x * r[i]));
  const sums = [X[0].map(() => 0)];
  for (const term of terms) sums.push(sums.at(-1).map((sum, k) => sum + term[k]));
  return { terms, sums };
}

function render({ model, el }) {
  const [X, r] = [model.get("X"), model.get("r")];
  const { terms, sums } = gathered({ X, r });
  const [N, M] = [X.length, X[0].length];
  const made = (title, rows, columns, value) => grid({ title, label: `${title}, ${rows} by ${columns}`, rows, columns, value });
  const sign = (text) => html("span", { class: "lr-sign", "aria-hidden": "true" }, text);
  const line = (...parts) => html("div", { class: "lr-matrices" }, ...parts);
  const [rows, factors] = [made("X", N, M, (i, k) => X[i][k]), made("r", N, 1, (i) => r[i])];
  const adds = made("adds", M, 1, (k) => terms[0][k]);
  const [turned, same] = [made("Xᵀ", M, N, (k, i) => X[i][k]), made("r", N, 1, (i) => r[i])];
  const sum = made("sum so far", M, 1, (k) => sums[N][k]);
  const title = sum.node.querySelector("figcaption");
  const said = sentence();
  const motion = new Motion(() => N + 1, () => draw());
  motion.speed = 1;
  motion.place = model.get("step");
  const controls = transport(motion, N + 1, (step) => (step > N ? "the product" : `${step} of ${N} rows added`));
  controls.node.querySelector("input").setAttribute("aria-label", "rows added");
  el.classList.add("lr-widget");
  el.append(html("div", { class: "lr-rows", role: "group", "aria-label": "Row by row" },
    line(rows.node, sign("·"), factors.node, sign("→"), adds.node), line(turned.node, sign("·"), same.node, sign("="), sum.node), controls.node, said));

  function draw() {
    const { step } = motion;
    const [i, whole] = [step - 1, step > N];
    const now = !whole && i >= 0 ? i : -1;
    rows.mark((row) => row === now);
    factors.mark((row) => row === now);
    adds.cells.forEach(([cell], k) => (cell.textContent = now < 0 ? "\u00a0" : shown(terms[now][k], 3)));
    turned.cells.forEach((row) => row.forEach((cell, column) => cell.classList.toggle("lr-later", column >= step)));
    turned.mark((_, column) => column === now, () => whole);
    same.cells.forEach(([cell], row) => cell.classList.toggle("lr-later", row >= step));
    same.mark((row) => row === now, () => whole);
    const added = sums[Math.min(step, N)];
    sum.cells.forEach(([cell], k) => (cell.textContent = shown(added[k], 3)));
    sum.mark(() => whole);
    title.textContent = whole ? "Xᵀ r" : "sum so far";
    controls.show();
    told(said, motion.moving, describe(step, added));
    if (step !== model.get("step")) {
      model.set("step", step);
      model.save_changes();
    }
  }
  const column = (values) => `(${values.map((one) => shown(one, 3)).join(", ")})`;
  function describe(step, added) {
    if (!step) return `Each row of X has its residual beside it. Nothing is added yet.`;
    if (step > N) return `All together: Xᵀ times r is ${column(added)}. The index of the sample stands inside, and is summed.`;
    const now = `Row ${step}: r${index(step)} x${index(step)} = ${shown(r[step - 1], 3)} · ${column(X[step - 1])} = ${column(terms[step - 1])}. `;
    return `${now}Below, it stands as column ${step} of Xᵀ. The sum so far is ${column(added)}.`;
  }
  const jump = () => model.get("step") === motion.step || motion.jump(model.get("step"));
  const screenOnly = onPaper(model, () => ({ step: motion.last() }));
  model.on("change:step", jump);
  draw();
  return () => {
    motion.halt();
    model.off("change:step", jump);
    screenOnly();
  };
}

export default { render };
