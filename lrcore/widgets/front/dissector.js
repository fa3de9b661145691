// The gradient c X^T R, taken apart: which row of X^T meets which column of R in an entry of it.

import { choice } from "./controls.js";
import { assign, html, Plot, shown, svg } from "./draw.js";
import { grid, index, sentence } from "./grid.js";
import { CONVENTIONS, FACTORS, pulled } from "./numbers.js";

function render({ model, el }) {
  const [X, R] = [model.get("X"), model.get("R")];
  const [N, M, D] = [X.length, X[0].length, R[0].length];
  const products = ([k, j]) => X.map((row, i) => row[k] * R[i][j]);
  const sums = pulled(X, R);
  const pick = (k, j) => {
    model.set("entry", [k, j]);
    model.save_changes();
  };
  const left = grid({ title: `Xᵀ  (${M} × ${N})`, label: `X transposed, ${M} features by ${N} samples`, rows: M, columns: N, value: (k, i) => X[i][k] });
  const right = grid({ title: `R  (${N} × ${D})`, label: `the residuals, ${N} samples by ${D} outputs`, rows: N, columns: D, value: (i, j) => R[i][j] });
  const product = grid({ title: `XᵀR  (${M} × ${D}): choose an entry`, label: `the product, ${M} features by ${D} outputs; choose an entry`, rows: M, columns: D, value: (k, j) => sums[k][j], pick });
  const said = sentence();
  const bars = html("div", { class: "lr-strip" });
  const plot = new Plot(bars, { label: "The products of the chosen entry, one bar a sample, and their sum.", height: 150 });
  const convention = choice("loss", CONVENTIONS, model.get("convention"), (chosen) => {
    model.set("convention", chosen);
    model.save_changes();
  });
  const sign = (text) => html("span", { class: "lr-sign", "aria-hidden": "true" }, text);
  const matrices = html("div", { class: "lr-matrices" }, left.node, sign("·"), right.node, sign("="), product.node);
  el.classList.add("lr-widget");
  el.append(html("div", { class: "lr-dissector", role: "group", "aria-label": "Gradient dissector" }, matrices, bars, html("div", { class: "lr-row" }, convention.node), said));

  const show = () => {
    const [k, j] = model.get("entry");
    const c = FACTORS[model.get("convention")](N, D);
    left.mark((row) => row === k);
    right.mark((_, column) => column === j);
    product.mark((row, column) => row === k && column === j);
    convention.set(model.get("convention"));
    const parts = products([k, j]);
    const sum = sums[k][j];
    const terms = X.map((row, i) => `${bracketed(row[k])} · ${bracketed(R[i][j])}`).join(" + ");
    said.textContent =
      `Row ${k + 1} of Xᵀ meets column ${j + 1} of R: ${terms} = ${shown(sum)}. ` +
      `Times c = ${shown(c)}: ∂L/∂W${index(k + 1)}${index(j + 1)} = ${shown(c * sum)}.`;
    const all = [...parts, sum, 0];
    const [least, most] = [Math.min(...all), Math.max(...all)];
    plot.onlayout = () => draw(plot, parts, sum);
    plot.domain([-0.6, N + 1.1], [least - 0.08 * (most - least || 1), most + 0.12 * (most - least || 1)]);
  };
  const keys = ["entry", "convention"];
  for (const key of keys) model.on(`change:${key}`, show);
  show();
  return () => {
    for (const key of keys) model.off(`change:${key}`, show);
    plot.remove();
  };
}

const bracketed = (value) => (value < 0 ? `(${shown(value, 3)})` : shown(value, 3));

// One bar for each product, and one, set apart, for their sum.
function draw(plot, parts, sum) {
  plot.middle.replaceChildren();
  plot.axes.replaceChildren();
  const width = Math.min(34, 0.7 * (plot.px(1) - plot.px(0)));
  const { left, right, bottom } = plot.box;
  svg("path", { class: "lr-axis", d: `M${left} ${plot.py(0)}H${right}` }, plot.axes);
  [...parts, sum].forEach((value, i) => {
    const last = i === parts.length;
    const x = plot.px(last ? i + 0.4 : i);
    const [top, base] = [Math.min(plot.py(value), plot.py(0)), Math.max(plot.py(value), plot.py(0))];
    const bar = svg("rect", { class: last ? "lr-sum" : value < 0 ? "lr-minus" : "lr-plus" }, plot.middle);
    assign(bar, { x: x - width / 2, y: top, width, height: Math.max(1, base - top) });
    if (plot.width > 34 * parts.length) plot.text(x, value < 0 ? base + 12 : top - 4, shown(value, 3), "middle");
    plot.text(x, bottom + 22, last ? "sum" : `i = ${i + 1}`, "middle");
  });
}

export default { render };
