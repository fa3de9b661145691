// The valley of a quadratic loss over two weights, and the way down it at the best rate.

import { ellipse, svg } from "./draw.js";
import { eigen } from "./numbers.js";

const START = [-1, 0.8]; // measured from the minimum, so that only the valley's shape changes
const DRAWN = 400;
const RIM = 3; // of the outermost line, in the loss a unit away in the steepest direction

// Curvatures of the mean loss when the second column is multiplied by `scale`, and what follows from them.
export function curvature(G, N, scale) {
  const c = 2 / N;
  const shape = eigen([
    [c * G[0][0], c * scale * G[0][1]],
    [c * scale * G[1][0], c * scale * scale * G[1][1]],
  ]);
  const [top, low] = shape.values;
  const left = (top - low) / (top + low);
  const steps = left > 0 ? Math.ceil(Math.log(1000) / -Math.log(left)) : 1;
  return { shape, condition: top / low, best: 2 / (top + low), left, steps };
}

// Errors under the best rate: each step multiplies them by I - rate * Hessian.
export function errors({ shape: { values, vector: [c, s] }, best, steps }) {
  let [a, b] = [c * START[0] + s * START[1], c * START[1] - s * START[0]];
  return Array.from({ length: Math.min(steps, DRAWN) + 1 }, (_, t) => {
    if (t) [a, b] = [(1 - best * values[0]) * a, (1 - best * values[1]) * b];
    return [c * a - s * b, s * a + c * b];
  });
}

// Its drawing in a plot.
export class Valley {
  constructor(plot) {
    this.plot = plot;
    this.depths = svg("g", {}, plot.back);
    this.walked = svg("path", { class: "lr-walked" }, plot.middle);
    this.dots = svg("path", { class: "lr-iterates" }, plot.middle);
  }
  outline({ shape }, level = 1) {
    return `${this.plot.line(ellipse(shape, [0, 0], RIM * shape.values[0] * level))}Z`;
  }
  show(now) {
    const path = errors(now);
    this.depths.replaceChildren();
    for (let k = 0; k < 12; k++) svg("path", { class: "lr-depth", d: this.outline(now, 0.4 ** k) }, this.depths);
    this.walked.setAttribute("d", this.plot.line(path));
    this.dots.setAttribute("d", this.plot.dots(path));
  }
}
