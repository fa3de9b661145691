// A feature on its way from as it was measured to mean 0 and deviation 1, and the valley of the loss over its weight and the bias: it
// turns upright as the mean goes, and becomes round as the deviation does.

import { onPaper } from "./controls.js";
import { html, Plot, shown, svg } from "./draw.js";
import { sentence, told } from "./grid.js";
import { Motion } from "./motion.js";
import { room } from "./panels.js";
import { transport } from "./transport.js";
import { curvature, Valley } from "./valley.js";

const STEPS = 4; // two that take the mean off, and two that divide by the deviation
const SAID = ["As it was measured", "Half of the mean is taken off", "The mean is taken off", "Half way to a deviation of 1", "Standardised"];
const STRIP = 70;
const KEPT = 0.4 ** 5; // the level of the contour that stays as it was

// The feature at a place from 0 to STEPS, and what follows for the valley.
export function standardised(x, place) {
  const mean = x.reduce((sum, one) => sum + one, 0) / x.length;
  const deviation = Math.sqrt(x.reduce((sum, one) => sum + (one - mean) ** 2, 0) / x.length);
  const [off, by] = [mean * Math.min(1, place / 2), deviation ** Math.max(0, place / 2 - 1)];
  const [m, s] = [(mean - off) / by, deviation / by];
  return { x: x.map((one) => (one - off) / by), mean: m, deviation: s, ...curvature([[1, m], [m, s * s + m * m]], 1, 1) };
}

function render({ model, el }) {
  const [x, name] = [model.get("x"), model.get("feature")];
  const panels = html("div", { class: "lr-standardising" });
  const strip = new Plot(room(panels, `the samples: ${name}`), { label: `The samples on the axis of ${name}, with their mean and the deviation to both sides of it.`, height: STRIP });
  const plot = new Plot(room(panels, "the loss around its minimum"), { label: "Contours of the loss around its minimum, with the path of descent at the best rate; dashed, one contour as it was before anything was done.", x: "bias", y: `weight of ${name}`, equal: true });
  const origin = svg("path", { class: "lr-dashed" }, strip.back);
  const spread = svg("path", { class: "lr-curve" }, strip.middle);
  const points = svg("path", { class: "lr-iterates", style: "stroke:var(--lr-blue)" }, strip.middle);
  const valley = new Valley(plot);
  const before = svg("path", { class: "lr-dashed" }, plot.middle);
  const said = sentence();
  const motion = new Motion(() => STEPS, () => draw());
  motion.speed = 1;
  motion.place = model.get("step");
  const controls = transport(motion, STEPS, (step) => SAID[step].toLowerCase());
  controls.node.querySelector("input").setAttribute("aria-label", "how far it is standardised");
  el.classList.add("lr-widget");
  el.append(html("div", { role: "group", "aria-label": "Standardising" }, panels, controls.node, said));

  const first = standardised(x, 0);
  let now = first;
  strip.drawAxes = () => {
    const bottom = strip.box.bottom;
    svg("path", { class: "lr-axis", d: `M${strip.box.left} ${bottom}H${strip.box.right}` }, strip.axes);
    for (const value of [-2, -1, 0, 1, 2]) strip.text(strip.px(value), bottom + 14, shown(value), "middle");
  };
  strip.onlayout = () => {
    const [m, s] = [now.mean, now.deviation];
    origin.setAttribute("d", strip.line([[0, 0], [0, 1]]));
    points.setAttribute("d", strip.dots(now.x.map((one) => [one, 0.2])));
    const end = (at) => strip.line([[at, 0.65], [at, 1]]);
    spread.setAttribute("d", `${strip.line([[m - s, 0.83], [m + s, 0.83]])}${end(m - s)}${end(m)}${end(m + s)}`);
  };
  plot.onlayout = () => {
    valley.show(now);
    before.setAttribute("d", valley.outline(first, KEPT));
  };
  function draw() {
    now = standardised(x, motion.place);
    const { step } = motion;
    controls.show();
    const steps = now.steps === 1 ? "1 step leaves" : `${now.steps} steps leave`;
    told(said, motion.moving, `${SAID[step]}: mean ${shown(now.mean, 3)}, deviation ${shown(now.deviation, 3)}. Condition number ${shown(now.condition)}: ${steps} a thousandth of the error.`);
    strip.onlayout();
    plot.onlayout();
    if (step !== model.get("step")) {
      model.set("step", step);
      model.save_changes();
    }
  }
  const follow = () => model.get("step") === motion.step || motion.walk(model.get("step"));
  // Round, with the outline of what it was; at once, for paper does not wait.
  const screenOnly = onPaper({ get: () => motion.step, set: (_, step) => motion.jump(step) }, () => ({ step: STEPS }));
  model.on("change:step", follow);
  strip.domain([-2.2, 2.2], [0, 1]);
  plot.domain([-1.5, 1.5], [-1.5, 1.5]);
  draw();
  return () => {
    motion.halt();
    model.off("change:step", follow);
    screenOnly();
    strip.remove();
    plot.remove();
  };
}

export default { render };
