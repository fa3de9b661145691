// Samples that one drags: line, residuals, bowl and gradient follow, and the sum over the samples grows one at a time.

import { handle, onPaper } from "./controls.js";
import { arrow, assign, ellipse, html, padded, Plot, shown, svg } from "./draw.js";
import { index, sentence, told } from "./grid.js";
import { Motion } from "./motion.js";
import { eigen, pulled, residual } from "./numbers.js";
import { room } from "./panels.js";
import { transport } from "./transport.js";

// For the rows (x, 1): the residuals, what each sample adds to (Xᵀr, 1ᵀr), the sums so far, the loss and its minimum.
export function pieces({ X, Y, w, b }) {
  const [N, x] = [X.length, X.map(([one]) => one)];
  const A = x.map((one) => [one, 1]);
  const r = residual(A, Y.map((y) => [y]), [[w], [b]]).map(([one]) => one);
  const terms = A.map((row, i) => row.map((a) => a * r[i]));
  const sums = [[0, 0]];
  for (const term of terms) sums.push(sums.at(-1).map((sum, k) => sum + term[k]));
  const mean = (values) => values.reduce((sum, one) => sum + one, 0) / N;
  const [middle, height] = [mean(x), mean(Y)];
  const spread = mean(x.map((one) => (one - middle) ** 2));
  const slope = spread ? mean(x.map((one, i) => (one - middle) * (Y[i] - height))) / spread : 0;
  return {
    r, terms, sums,
    gradient: sums[N].map((sum) => (2 / N) * sum),
    loss: mean(r.map((one) => one * one)),
    best: [slope, height - slope * middle],
    gram: pulled(A, A),
  };
}

function render({ model, el }) {
  const get = (key) => model.get(key);
  const set = (values) => {
    for (const [key, value] of Object.entries(values)) model.set(key, value);
    model.save_changes();
  };
  const N = get("X").length;
  const panels = html("div", { class: "lr-panels" });
  const data = new Plot(room(panels, "drag a sample"), { label: "The samples, with the line, its residuals and their squares. Each sample can be dragged.", x: "x", y: "y", role: "group" });
  const bowl = new Plot(room(panels, "what each sample asks of w and b"), { label: "Contours of the loss over w and b. From the current weights each sample pulls by an arrow; head to tail the arrows add up to a step downhill.", x: "w", y: "b", role: "group" });
  const squares = Array.from({ length: N }, () => svg("rect", { class: "lr-square" }, data.back));
  const sticks = svg("path", { class: "lr-stick" }, data.back);
  const line = svg("path", { class: "lr-line", style: "stroke:var(--lr-red)" }, data.middle);
  const points = svg("path", { class: "lr-dots", style: "stroke:var(--lr-green)" }, data.middle);
  const added = svg("circle", { r: 13, class: "lr-added" }, data.middle);
  const depths = svg("g", {}, bowl.back);
  const lowest = svg("path", { class: "lr-minimum" }, bowl.back);
  const pulls = Array.from({ length: N }, () => svg("path", { class: "lr-pull" }, bowl.middle));
  const total = svg("path", { class: "lr-slope" }, bowl.middle);
  const here = svg("circle", { r: 5.5, class: "lr-here" }, bowl.front);
  const table = html("table", { class: "lr-grid lr-sums" });
  const names = ["sample i", "xᵢ", "rᵢ", "xᵢ rᵢ", "Xᵀr so far", "1ᵀr so far"];
  const cells = names.map((name, row) => {
    const own = Array.from({ length: N }, (_, i) => html(row ? "td" : "th", row ? {} : { scope: "col" }, row ? "" : String(i + 1)));
    table.append(html("tr", {}, html("th", { scope: "row" }, name), ...own));
    return own;
  });
  const said = sentence();
  const motion = new Motion(() => N, () => draw());
  motion.speed = 1;
  motion.place = get("step");
  const controls = transport(motion, N, (step) => `${step} of ${N} samples added`);
  controls.node.querySelector("input").setAttribute("aria-label", "samples added");
  const take = html("button", { type: "button", class: "lr-button" }, "take this step");
  take.addEventListener("click", () => {
    const [dw, db] = now.gradient;
    set({ w: get("w") - get("rate") * dw, b: get("b") - get("rate") * db });
  });
  controls.node.append(take);
  el.classList.add("lr-widget");
  const scroll = html("div", { class: "lr-scroll", tabindex: 0, role: "group", "aria-label": "The sum, sample by sample" }, table);
  el.append(html("div", { class: "lr-samples", role: "group", "aria-label": "Samples" }, panels, controls.node, scroll, said));

  const grips = Array.from({ length: N }, (_, i) =>
    handle(data, `sample ${i + 1}`, {
      get: () => [get("X")[i][0], get("Y")[i]],
      set: ([x, y]) => set({ X: get("X").map((row, k) => (k === i ? [x] : row)), Y: get("Y").map((one, k) => (k === i ? y : one)) }),
    }),
  );
  const ring = handle(bowl, "w and b", { get: () => [get("w"), get("b")], set: ([w, b]) => set({ w, b }) });
  /** @type {any} */
  let now = null;
  const predicted = (x) => get("w") * x + get("b");
  data.onlayout = () => {
    if (!now) return;
    const [X, Y] = [get("X"), get("Y")];
    line.setAttribute("d", data.line(data.xs.map((x) => [x, predicted(x)])));
    points.setAttribute("d", data.dots(X.map(([x], i) => [x, Y[i]])));
    sticks.setAttribute("d", X.map(([x], i) => data.line([[x, Y[i]], [x, predicted(x)]])).join(""));
    X.forEach(([x], i) => {
      const [low, high] = [data.py(Y[i]), data.py(predicted(x))];
      const side = Math.abs(low - high);
      assign(squares[i], { x: data.px(x) - (now.r[i] > 0 ? side : 0), y: Math.min(low, high), width: side, height: side });
      grips[i].place(x, Y[i], `x = ${shown(x, 3)}, y = ${shown(Y[i], 3)}, residual ${shown(now.r[i], 3)}`);
    });
    const last = motion.step - 1;
    added.style.display = last < 0 ? "none" : "";
    if (last >= 0) assign(added, { cx: data.px(X[last][0]), cy: data.py(Y[last]) });
  };
  bowl.onlayout = () => {
    if (!now) return;
    const shape = eigen(now.gram);
    const reach = bowl.xs[1] - bowl.xs[0];
    depths.replaceChildren();
    for (let k = 0; k < 9; k++) svg("path", { class: "lr-depth", d: `${bowl.line(ellipse(shape, now.best, shape.values[0] * reach ** 2 * 0.36 ** k))}Z` }, depths);
    const [x, y] = [bowl.px(now.best[0]), bowl.py(now.best[1])];
    lowest.setAttribute("d", `M${x - 6} ${y - 6}l12 12m0 -12l-12 12`);
    const [w, b, c] = [get("w"), get("b"), (-2 * get("rate")) / N];
    const after = (place) => {
      const [low, share] = [Math.min(N, Math.floor(place)), place - Math.floor(place)];
      return [w, b].map((value, k) => value + c * (now.sums[low][k] + (share ? share * now.terms[low][k] : 0)));
    };
    pulls.forEach((pull, i) => pull.setAttribute("d", motion.place > i ? arrow(bowl, after(i), after(Math.min(motion.place, i + 1)), 6) : ""));
    total.setAttribute("d", motion.place > 0 ? arrow(bowl, [w, b], after(motion.place), 9) : "");
    assign(here, { cx: bowl.px(w), cy: bowl.py(b) });
    ring.place(w, b, `w = ${shown(w, 3)}, b = ${shown(b, 3)}, loss ${shown(now.loss, 3)}`);
  };
  function draw() {
    const { step } = motion;
    const columns = (i) => [get("X")[i][0], now.r[i], now.terms[i][0], ...now.sums[i + 1]];
    for (let i = 0; i < N; i++) {
      const values = columns(i);
      cells.forEach((row, k) => {
        if (k) row[i].textContent = shown(values[k - 1], 3);
        row[i].classList.toggle("lr-later", i >= step);
        row[i].classList.toggle("lr-chosen", k > 3 && i === step - 1);
      });
    }
    data.onlayout();
    bowl.onlayout();
    controls.show();
    told(said, motion.moving, describe(step));
    if (step !== get("step")) set({ step });
  }
  function describe(step) {
    const [u, v] = now.sums[step].map((sum) => shown(sum));
    const i = step - 1;
    const one = step ? `Sample ${step} adds x${index(step)}r${index(step)} = ${shown(get("X")[i][0], 3)} · ${shown(now.r[i], 3)} = ${shown(now.terms[i][0], 3)}. ` : "Nothing is added yet. ";
    if (step < N) return `${one}So far Xᵀr is ${u} and 1ᵀr is ${v}; ${N - step} of ${N} samples are missing.`;
    return `${one}All ${N} are in: Xᵀr = ${u}, 1ᵀr = ${v}. Times 2/${N}: ∂L/∂w = ${shown(now.gradient[0])}, ∂L/∂b = ${shown(now.gradient[1])}. Loss ${shown(now.loss)}.`;
  }
  const show = () => {
    now = pieces({ X: get("X"), Y: get("Y"), w: get("w"), b: get("b") });
    draw();
  };
  const keys = ["X", "Y", "w", "b"];
  const jump = () => get("step") === motion.step || motion.jump(get("step"));
  for (const key of keys) model.on(`change:${key}`, show);
  model.on("change:step", jump);
  const screenOnly = onPaper(model, () => ({ step: motion.last() }));
  show();
  data.domain(padded(get("X").flat(), 0.25), padded([...get("Y"), ...get("X").map(([x]) => predicted(x))], 0.25));
  const away = 1.4 * Math.max(...[get("w"), get("b")].map((value, k) => Math.abs(value - now.best[k])), 0.5);
  bowl.domain(...now.best.map((value) => [value - away, value + away]));
  return () => {
    motion.halt();
    screenOnly();
    for (const key of keys) model.off(`change:${key}`, show);
    model.off("change:step", jump);
    data.remove();
    bowl.remove();
  };
}

export default { render };
