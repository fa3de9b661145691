// Partial derivatives of f = s²t + 3t: one slope along each axis, and the gradient that they make.

import { handle, onPaper } from "./controls.js";
import { arrow, assign, html, Plot, shown, svg } from "./draw.js";
import { sentence } from "./grid.js";
import { room } from "./panels.js";

export const value = (s, t) => s * s * t + 3 * t;
export const slopes = (s, t) => [2 * s * t, s * s + 3];

const REACH = 2;
const TALL = value(REACH, REACH);
const LENGTH = 0.2; // of the gradient's arrow, for a slope of one

function render({ model, el }) {
  const place = () => [model.get("s"), model.get("t")];
  const set = ([s, t]) => {
    model.set("s", s);
    model.set("t", t);
    model.save_changes();
  };
  const panels = html("div", { class: "lr-panels" });
  const plane = new Plot(room(panels, "s and t: drag the ring"), { label: "Lines on which f is constant, with the gradient at the ring.", x: "s", y: "t", height: 230, equal: true, role: "group" });
  const cuts = ["s", "t"].map((name, k) => new Plot(room(panels, `${name} changes, ${"ts"[k]} is held`), { label: `f against ${name}, with its tangent.`, x: name, y: "f", height: 230 }));
  const levels = Array.from({ length: 17 }, () => svg("path", { class: "lr-level" }, plane.back));
  const held = [0, 1].map(() => svg("path", { class: "lr-dashed" }, plane.middle));
  const gradient = svg("path", { class: "lr-slope" }, plane.middle);
  const here = svg("circle", { r: 5.5, class: "lr-here" }, plane.front);
  const ring = handle(plane, "s and t", { get: place, set });
  const drawn = cuts.map((plot) => ({
    curve: svg("path", { class: "lr-curve" }, plot.back),
    tangent: svg("path", { class: "lr-slope" }, plot.middle),
    here: svg("circle", { r: 5.5, class: "lr-here" }, plot.front),
  }));
  const said = sentence();
  el.classList.add("lr-widget");
  el.append(html("div", { class: "lr-partials", role: "group", "aria-label": "Partial derivatives" }, panels, said));

  plane.onlayout = () => {
    const [s, t] = place();
    const steps = Array.from({ length: 81 }, (_, k) => plane.xs[0] + (k / 80) * (plane.xs[1] - plane.xs[0]));
    levels.forEach((level, k) => level.setAttribute("d", plane.line(steps.map((one) => [one, (2 * (k - 8)) / (one * one + 3)]))));
    held[0].setAttribute("d", plane.line(plane.xs.map((one) => [one, t])));
    held[1].setAttribute("d", plane.line(plane.ys.map((one) => [s, one])));
    gradient.setAttribute("d", arrow(plane, [s, t], [s, t].map((one, k) => one + LENGTH * slopes(s, t)[k]), 9));
    assign(here, { cx: plane.px(s), cy: plane.py(t) });
    ring.place(s, t, `s = ${shown(s, 3)}, t = ${shown(t, 3)}`);
  };
  cuts.forEach((plot, k) => {
    const along = (one) => (k ? value(place()[0], one) : value(one, place()[1]));
    plot.onlayout = () => {
      const [at, slope] = [place()[k], slopes(...place())[k]];
      const steps = Array.from({ length: 61 }, (_, n) => -REACH + (n / 30) * REACH);
      drawn[k].curve.setAttribute("d", plot.line(steps.map((one) => [one, along(one)])));
      drawn[k].tangent.setAttribute("d", plot.line([-1, 1].map((side) => [at + 0.8 * side, along(at) + 0.8 * side * slope])));
      assign(drawn[k].here, { cx: plot.px(at), cy: plot.py(along(at)) });
    };
  });
  const show = () => {
    const [s, t] = place();
    const [by_s, by_t] = slopes(s, t);
    said.textContent =
      `At s = ${shown(s, 3)}, t = ${shown(t, 3)}: ∂f/∂s = 2st = ${shown(by_s)}, ∂f/∂t = s² + 3 = ${shown(by_t)}. ` +
      `Together they are the gradient (${shown(by_s, 3)}, ${shown(by_t, 3)}), at a right angle to the line on which f = ${shown(value(s, t), 3)}.`;
    for (const plot of [plane, ...cuts]) plot.onlayout();
  };
  for (const key of ["s", "t"]) model.on(`change:${key}`, show);
  const screenOnly = onPaper(model, () => ({ s: 1, t: 0.5 })); // two slopes that differ, and an arrow that is seen whole
  show();
  plane.domain([-REACH, REACH], [-REACH, REACH]);
  for (const plot of cuts) plot.domain([-REACH, REACH], [-TALL, TALL]);
  return () => {
    screenOnly();
    for (const key of ["s", "t"]) model.off(`change:${key}`, show);
    for (const plot of [plane, ...cuts]) plot.remove();
  };
}

export default { render };
