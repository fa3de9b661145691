// A hundred confidence intervals, one a data set: those that hold the true slope are blue, those that miss it red and thick.

import { choice, onPaper } from "./controls.js";
import { html, Plot, svg } from "./draw.js";
import { sentence, told } from "./grid.js";
import { Motion } from "./motion.js";
import { room } from "./panels.js";
import { transport } from "./transport.js";

const UNIT = 1000; // slopes and errors come in thousandths
const SCATTERS = [["equal", "the same everywhere"], ["growing", "growing with x"]];
const ERRORS = [["usual", "usual"], ["HC3", "robust (HC3)"]];
const percent = (share) => `${Number((100 * share).toPrecision(4))} %`;

// The ends of the intervals of these data sets at a level, and whether they hold the truth.
export function intervals({ value, ...kinds }, errors, reach, truth) {
  return value.map((thousandths, k) => {
    const [slope, far] = [thousandths / UNIT, (reach * kinds[errors][k]) / UNIT];
    return { low: slope - far, high: slope + far, holds: Math.abs(slope - truth) <= far };
  });
}

function render({ model, el }) {
  const [levels, reach, truth, runs, covered] = ["levels", "reach", "truth", "runs", "covered"].map((name) => model.get(name));
  const panels = html("div", { class: "lr-panels" });
  const plot = new Plot(room(panels, "a hundred data sets, one interval for the slope from each"), {
    label: "One hundred confidence intervals as upright lines, beside each other, and the true slope as a level line; those that miss it are thick and red.",
    x: "data set", y: "slope", height: 240,
  });
  const held = svg("path", { class: "lr-curve", style: "stroke:var(--lr-blue);stroke-width:1.5" }, plot.back);
  const missed = svg("path", { class: "lr-curve", style: "stroke:var(--lr-red);stroke-width:4" }, plot.middle);
  const line = svg("path", { class: "lr-dashed" }, plot.front);
  const said = sentence();
  const motion = new Motion(() => levels.length - 1, () => draw());
  motion.place = model.get("step");
  const controls = transport(motion, levels.length - 1, (step) => `level ${percent(levels[step])}`);
  controls.node.querySelector("input").setAttribute("aria-label", "level");
  const set = (name) => (value) => {
    model.set(name, value);
    model.save_changes();
  };
  const scatter = choice("scatter of the targets", SCATTERS, model.get("scatter"), set("scatter"));
  const errors = choice("standard errors", ERRORS, model.get("errors"), set("errors"));
  el.classList.add("lr-widget");
  const choices = html("div", { class: "lr-row" }, scatter.node, errors.node);
  el.append(html("div", { class: "lr-intervals", role: "group", "aria-label": "Confidence intervals" }, panels, choices, controls.node, said));

  const drawn = () => intervals(runs[model.get("scatter")], model.get("errors"), reach[motion.step], truth);
  const path = (some) => some.map(([k, { low, high }]) => plot.line([[k, low], [k, high]])).join("");
  function place() {
    const all = drawn().map((one, k) => [k + 1, one]);
    held.setAttribute("d", path(all.filter(([, one]) => one.holds)));
    missed.setAttribute("d", path(all.filter(([, one]) => !one.holds)));
    line.setAttribute("d", plot.line([[plot.xs[0], truth], [plot.xs[1], truth]]));
  }
  plot.onlayout = place;
  function draw() {
    const { value, usual, HC3 } = runs[model.get("scatter")];
    const widest = 0.75 * reach.at(-1) * Math.max(...usual, ...HC3);
    const most = Math.max(...value.map((slope) => Math.abs(slope - truth * UNIT)), widest) / UNIT;
    plot.domain([0, value.length + 1], [truth - most, truth + most]);
    controls.show();
    told(said, motion.moving, describe());
    if (motion.step === model.get("step")) return;
    model.set("step", motion.step);
    model.save_changes();
  }
  function describe() {
    const [kind, step] = [model.get("errors"), motion.step];
    const all = drawn();
    const holding = all.filter((one) => one.holds).length;
    const share = covered[model.get("scatter")][kind][step];
    return `At a level of ${percent(levels[step])}, ${holding} of these ${all.length} intervals hold the true slope ${truth}; of 2000 data sets ${(100 * share).toFixed(1)} % do.`;
  }
  const jump = () => model.get("step") === motion.step || motion.jump(model.get("step"));
  const chosen = () => {
    scatter.set(model.get("scatter"));
    errors.set(model.get("errors"));
    draw();
  };
  model.on("change:step", jump);
  const screenOnly = onPaper(model, () => ({ step: levels.indexOf(0.95) }));
  model.on("change:scatter", chosen);
  model.on("change:errors", chosen);
  draw();
  return () => {
    motion.halt();
    screenOnly();
    model.off("change:step", jump);
    model.off("change:scatter", chosen);
    model.off("change:errors", chosen);
    plot.remove();
  };
}

export default { render };
