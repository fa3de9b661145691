// The loss of one sample against its weight: a secant that turns into the tangent as its two points come together.

import { handle, onPaper, range } from "./controls.js";
import { assign, html, Plot, shown, svg } from "./draw.js";
import { sentence } from "./grid.js";
import { room } from "./panels.js";

// The loss at w, its slope there, and the slopes measured over a distance h: to the right, and to both sides.
export function slopes({ x, y, w, h }) {
  const loss = (v) => (v * x - y) ** 2;
  const tangent = 2 * (w * x - y) * x;
  const one = h ? (loss(w + h) - loss(w)) / h : tangent;
  return { loss: loss(w), tangent, one, both: h ? (loss(w + h) - loss(w - h)) / (2 * h) : tangent };
}

function render({ model, el }) {
  const [x, y] = [model.get("x"), model.get("y")];
  const set = (key, value) => {
    model.set(key, value);
    model.save_changes();
  };
  const loss = (v) => (v * x - y) ** 2;
  const best = y / x;
  const reach = 1.15 * Math.max(Math.abs(model.get("w") - best), 1.5);
  const panels = html("div", { class: "lr-panels" });
  const plot = new Plot(room(panels, "the loss against w: drag the ring"), { label: "The loss as a parabola in w, its tangent at the ring, and the secant from there to the second point.", x: "w", y: "L", height: 280, role: "group" });
  const curve = svg("path", { class: "lr-curve" }, plot.back);
  const lines = ["lr-slope", "lr-rest", "lr-dashed"].map((kind) => svg("path", { class: kind }, plot.middle));
  const ends = svg("path", { class: "lr-dots", style: "stroke:var(--lr-purple)" }, plot.front);
  const ring = handle(plot, "weight w", { get: () => [model.get("w"), 0], set: ([w]) => set("w", w) });
  const slider = range("distance h", { min: 0, max: 1.5, step: 0.01, value: model.get("h") }, (h) => set("h", h));
  const reading = html("span", { class: "lr-ratetext" });
  const said = sentence();
  el.classList.add("lr-widget");
  const head = html("div", { class: "lr-ratehead" }, html("span", {}, "distance h"), reading);
  el.append(html("div", { class: "lr-secant", role: "group", "aria-label": "Slope and secant" }, panels, html("div", { class: "lr-rate" }, head, slider), said));

  const draw = () => {
    const [w, h] = [model.get("w"), model.get("h")];
    const [from, to] = plot.xs;
    const { tangent, one, both } = slopes({ x, y, w, h });
    curve.setAttribute("d", plot.line(Array.from({ length: 81 }, (_, k) => from + (k / 80) * (to - from)).map((v) => [v, loss(v)])));
    const through = (v, slope) => plot.line([from, to].map((end) => [end, loss(v) + slope * (end - v)]));
    [through(w, tangent), through(w, one), through(w - h, both)].forEach((d, k) => lines[k].setAttribute("d", d));
    ends.setAttribute("d", plot.dots([w - h, w, w + h].map((v) => [v, loss(v)])));
    ring.place(w, loss(w), `w = ${shown(w, 3)}, slope of the tangent ${shown(tangent)}`);
  };
  plot.onlayout = draw;
  const show = () => {
    const [w, h] = [model.get("w"), model.get("h")];
    const { tangent, one, both } = slopes({ x, y, w, h });
    slider.value = h;
    assign(slider, { "aria-valuetext": shown(h, 3) });
    reading.textContent = shown(h, 3);
    const measured = h
      ? `The secant from w to w + h has the slope ${shown(one)}, greater by h x² = ${shown(h * x * x, 3)}. From w − h to w + h (dashed) it is ${shown(both)}: exact, for a parabola.`
      : "The points have become one: what is left is the tangent, and its slope is the derivative.";
    said.textContent = `At w = ${shown(w, 3)} the tangent has the slope 2(ŷ − y)x = ${shown(tangent)}. ${measured}`;
    draw();
  };
  for (const key of ["w", "h"]) model.on(`change:${key}`, show);
  const screenOnly = onPaper(model, () => ({ w: best - 0.7 * reach, h: 0.3 * reach })); // a slope, and three lines apart
  show();
  plot.domain([best - reach, best + reach], [-0.12 * loss(best + reach), loss(best + reach)]);
  return () => {
    screenOnly();
    for (const key of ["w", "h"]) model.off(`change:${key}`, show);
    plot.remove();
  };
}

export default { render };
