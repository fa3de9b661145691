// Two columns in the space of three samples, with the target above their plane: the residual of the weights that one
// drags, the shortest one at a right angle, and the bowl that flattens as the columns become dependent.

import { handle, onPaper, range } from "./controls.js";
import { arrow, assign, ellipse, html, Plot, shown, svg } from "./draw.js";
import { index, sentence } from "./grid.js";
import { eigen } from "./numbers.js";
import { room } from "./panels.js";

// The columns at this angle, and the least squares of y over them; the shortest solution where they are dependent.
export function columns(y, angle) {
  const turn = (angle * Math.PI) / 180;
  const [c, s] = angle === 90 ? [0, 1] : [Math.cos(turn), Math.sin(turn)];
  const X = [[1, c], [0, s], [0, 0]];
  const w = angle ? [y[0] - (c / s) * y[1], y[1] / s] : [y[0] / 2, y[0] / 2];
  return { X, w, gram: [[1, c], [c, 1]], condition: angle ? (1 + c) / (1 - c) : Infinity };
}

// What the weights w leave of y: the prediction, the residual, its inner product with each column, the cost.
export function left({ X }, y, w) {
  const y_hat = X.map((row) => row[0] * w[0] + row[1] * w[1]);
  const r = y_hat.map((one, i) => one - y[i]);
  return { y_hat, r, inner: [0, 1].map((k) => X.reduce((sum, row, i) => sum + row[k] * r[i], 0)), cost: r.reduce((sum, one) => sum + one * one, 0) };
}

// From three axes to the paper: seen from the front, the side and a little from above.
/** @param {number[]} point */
const seen = ([x, y, z]) => [0.92 * x - 0.55 * y, 0.9 * z + 0.16 * x + 0.3 * y];
const TELLING = 50; // degrees
const REACH = 3.2; // of the weights that are shown
const FLAT = 2e-3; // the flattest valley that is drawn, as a share of the steepest direction

function render({ model, el }) {
  const get = (key) => model.get(key);
  const set = (values) => {
    for (const [key, value] of Object.entries(values)) model.set(key, value);
    model.save_changes();
  };
  const panels = html("div", { class: "lr-panels" });
  const space = new Plot(room(panels, "in the space of the three samples"), { label: "The plane of the two columns, the target y above it, the prediction Xw in it, and the residual between the two.", left: 8, equal: true, height: 260 });
  space.drawAxes = () => {};
  const bowl = new Plot(room(panels, "the cost over the weights: drag w"), { label: "Contours of the cost over the two weights, with its minimum.", x: "w₁", y: "w₂", equal: true, height: 260, role: "group" });
  const plane = svg("path", { class: "lr-plane" }, space.back);
  const [first, second] = [0, 1].map(() => svg("path", { class: "lr-curve" }, space.middle));
  const foot = svg("path", { class: "lr-dashed" }, space.back);
  const corner = svg("path", { class: "lr-dashed" }, space.middle);
  const target = svg("path", { class: "lr-curve", style: "stroke:var(--lr-green)" }, space.middle);
  const made = svg("path", { class: "lr-walked" }, space.middle);
  const rest = svg("path", { class: "lr-rest" }, space.middle);
  const names = ["column 1", "column 2", "y", "Xw", "r"].map((name) => {
    const text = svg("text", { class: "lr-halo" }, space.front);
    text.textContent = name;
    return text;
  });
  const depths = svg("g", {}, bowl.back);
  const valley = svg("path", { class: "lr-dashed" }, bowl.middle);
  const lowest = svg("path", { class: "lr-minimum" }, bowl.middle);
  const here = svg("circle", { r: 5.5, class: "lr-here" }, bowl.front);
  const ring = handle(bowl, "weights w₁ and w₂", { get: () => get("w"), set: (w) => set({ w }) });
  const slider = range("angle between the columns", { min: 0, max: 90, step: 1, value: get("angle") }, (angle) => set({ angle }));
  const reading = html("span", { class: "lr-ratetext" });
  const drop = html("button", { type: "button", class: "lr-button" }, "to the minimum");
  drop.addEventListener("click", () => set({ w: now.w }));
  const head = html("div", { class: "lr-ratehead" }, html("span", {}, "angle between the columns"), reading);
  const said = sentence();
  el.classList.add("lr-widget");
  el.append(html("div", { class: "lr-columns", role: "group", "aria-label": "Columns" }, panels, html("div", { class: "lr-rate" }, head, slider), html("div", { class: "lr-row" }, drop), said));

  let now = columns(get("y"), get("angle"));
  const name = (text, point, dx, dy, anchor) => assign(text, { x: space.px(point[0]) + dx, y: space.py(point[1]) + dy, "text-anchor": anchor });
  space.onlayout = () => {
    const [y, found] = [get("y"), left(now, get("y"), get("w"))];
    const best = left(now, y, now.w).y_hat;
    const [o, a, b] = [[0, 0, 0], [1, 0, 0], now.X.map((row) => row[1])].map(seen);
    plane.setAttribute("d", `${space.line([[-0.5, -0.7, 0], [2.3, -0.7, 0], [2.3, 1.7, 0], [-0.5, 1.7, 0]].map(seen))}Z`);
    first.setAttribute("d", arrow(space, o, a, 9));
    second.setAttribute("d", arrow(space, o, b, 9));
    target.setAttribute("d", arrow(space, o, seen(y), 9));
    made.setAttribute("d", arrow(space, o, seen(found.y_hat), 9));
    rest.setAttribute("d", space.line([seen(y), seen(found.y_hat)]));
    foot.setAttribute("d", space.line([seen(y), seen(best)]));
    const away = best.map((one) => one * (1 - 0.16 / (Math.hypot(...best) || 1)));
    const up = (p) => p.map((one, k) => one + 0.12 * (y[k] - best[k]) / (Math.hypot(...y.map((v, i) => v - best[i])) || 1));
    corner.setAttribute("d", space.line([away, up(away), up(best)].map(seen)));
    name(names[0], a, 4, 14, "start");
    name(names[1], b, -6, -6, "end");
    name(names[2], seen(y), -8, 0, "end");
    name(names[3], seen(found.y_hat), 8, 14, "start");
    name(names[4], seen(found.y_hat.map((one, i) => (one + y[i]) / 2)), 8, 0, "start");
  };
  bowl.onlayout = () => {
    const { values, vector } = eigen(now.gram);
    const shape = { values: [values[0], Math.max(values[1], FLAT * values[0])], vector };
    depths.replaceChildren();
    for (let k = 0; k < 9; k++) svg("path", { class: "lr-depth", d: `${bowl.line(ellipse(shape, now.w, 14 * 0.4 ** k))}Z` }, depths);
    const [x, z] = [bowl.px(now.w[0]), bowl.py(now.w[1])];
    lowest.setAttribute("d", `M${x - 6} ${z - 6}l12 12m0 -12l-12 12`);
    const sum = get("y")[0];
    valley.setAttribute("d", get("angle") ? "" : bowl.line([[-9, sum + 9], [sum + 9, -9]]));
    const w = get("w");
    assign(here, { cx: bowl.px(w[0]), cy: bowl.py(w[1]) });
    ring.place(w[0], w[1], `w₁ = ${shown(w[0], 3)}, w₂ = ${shown(w[1], 3)}, cost ${shown(left(now, get("y"), w).cost)}`);
  };
  const describe = () => {
    const [w, angle] = [get("w"), get("angle")];
    const { cost, inner } = left(now, get("y"), w);
    const right = inner.every((one) => Math.abs(one) < 1e-9);
    const products = inner.map((one, k) => `column ${k + 1} · r = ${shown(right ? 0 : one, 3)}`).join(", ");
    const place = now.w.map((one, k) => `w${index(k + 1)} = ${shown(one, 3)}`).join(", ");
    const bottom = angle ? `The minimum is at ${place}.` : `The columns are one: all w on the dashed line have the same predictions, and the shortest of the best is ${place}.`;
    return `Cost ‖r‖² = ${shown(cost)}; ${products}: ${right ? "the residual stands at a right angle to both columns" : "not at a right angle"}. ${bottom}`;
  };
  const show = () => {
    now = columns(get("y"), get("angle"));
    slider.value = get("angle");
    const text = `${get("angle")}°, condition number of XᵀX ${shown(now.condition, 3)}`;
    assign(slider, { "aria-valuetext": text });
    reading.textContent = text;
    said.textContent = describe();
    space.onlayout();
    bowl.onlayout();
  };
  for (const key of ["angle", "w"]) model.on(`change:${key}`, show);
  // A long bowl, and the residual at its right angle to both columns.
  const screenOnly = onPaper(model, () => ({ angle: TELLING, w: columns(get("y"), TELLING).w }));
  show();
  space.domain([-1.7, 2.9], [-0.5, 2]);
  bowl.domain([-REACH, REACH], [-REACH, REACH]);
  return () => {
    screenOnly();
    for (const key of ["angle", "w"]) model.off(`change:${key}`, show);
    space.remove();
    bowl.remove();
  };
}

export default { render };
