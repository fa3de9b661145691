// Digits that are left as the condition number grows: squares of ink that go out one by one, and the same as curves.

import { onPaper } from "./controls.js";
import { assign, html, Plot, shown, svg } from "./draw.js";
import { sentence, told } from "./grid.js";
import { Motion } from "./motion.js";
import { room } from "./panels.js";
import { transport } from "./transport.js";

const ALL = 16; // digits of a float64
const TELLING = 8; // the power at which half of the digits are left to QR and none to the normal equations
const COLOURS = { Cholesky: "var(--lr-red)", QR: "var(--lr-blue)", fit: "var(--lr-green)" };
const TITLES = { Cholesky: "normal equations", QR: "QR", fit: "fit: QR, corrected" };
const raised = (power) => (Number.isInteger(power) ? `10${[...String(power)].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("")}` : shown(Number((10 ** power).toPrecision(2))));

// What is left between two places of the list.
export function between(values, place) {
  const low = Math.min(Math.floor(place + 1e-9), values.length - 1);
  const high = Math.min(low + 1, values.length - 1);
  return values[low] + (place - low) * (values[high] - values[low]);
}

// A row of sixteen squares, of which so many are full, the last one in part.
function digitRow(parent, name) {
  const row = html("div", { class: "lr-digits", style: `--lr-colour:${COLOURS[name]}` });
  const text = html("span", { class: "lr-digitname" });
  const cells = Array.from({ length: ALL }, () => html("i", {}));
  row.append(text, html("span", { class: "lr-squares", "aria-hidden": "true" }, ...cells));
  parent.append(row);
  return (left) => {
    cells.forEach((cell, k) => cell.style.setProperty("--lr-full", `${Math.round(100 * Math.max(0, Math.min(1, left - k)))}%`));
    text.textContent = `${TITLES[name]}: ${left.toFixed(1)}`;
  };
}

function render({ model, el }) {
  const [powers, left] = [model.get("powers"), model.get("left")];
  const names = Object.keys(left);
  const panels = html("div", { class: "lr-panels" });
  const boxes = room(panels, `digits that are right, of ${ALL}`);
  const rows = names.map((name) => digitRow(boxes, name));
  const plot = new Plot(room(panels, "and at every condition number"), {
    label: "Digits that are right, against the condition number as a power of ten; one curve each for the normal equations, QR and fit.",
    x: "condition number, as a power of ten", height: 200, left: 30,
  });
  const drawn = names.map((name) => ({
    line: svg("path", { class: "lr-curve", style: `stroke:${COLOURS[name]}` }, plot.back),
    here: svg("circle", { r: 6, class: "lr-here", style: `fill:${COLOURS[name]}` }, plot.front),
  }));
  const now = svg("path", { class: "lr-dashed" }, plot.middle);
  const said = sentence();
  const motion = new Motion(() => powers.length - 1, () => draw());
  motion.place = model.get("step");
  const controls = transport(motion, powers.length - 1, (step) => `condition number ${raised(powers[step])}`);
  const scrub = controls.node.querySelector("input");
  scrub.setAttribute("aria-label", "condition number");
  el.classList.add("lr-widget");
  el.append(html("div", { class: "lr-left", role: "group", "aria-label": "Digits that are left" }, panels, controls.node, said));

  const place = () => {
    const power = between(powers, motion.place);
    drawn.forEach(({ here }, k) => assign(here, { cx: plot.px(power), cy: plot.py(between(left[names[k]], motion.place)) }));
    now.setAttribute("d", plot.line([[power, 0], [power, ALL]]));
  };
  plot.onlayout = () => {
    drawn.forEach(({ line }, k) => line.setAttribute("d", plot.line(powers.map((power, n) => [power, left[names[k]][n]]))));
    place();
  };
  function draw() {
    names.forEach((name, k) => rows[k](between(left[name], motion.place)));
    place();
    controls.show();
    told(said, motion.moving, describe(motion.step));
    if (motion.step === model.get("step")) return;
    model.set("step", motion.step);
    model.save_changes();
  }
  const describe = (step) => {
    const kept = names.map((name) => `${TITLES[name]} ${left[name][step].toFixed(1)}`).join(", ");
    const square = left.Cholesky[step] > 0 ? "" : " XᵀX is a matrix of rounding errors by now.";
    return `At condition number ${raised(powers[step])} (of XᵀX ${raised(2 * powers[step])}) these digits are right: ${kept}.${square} Slide on: ten times the condition number takes two digits from the normal equations and one from QR.`;
  };
  const jump = () => model.get("step") === motion.step || motion.jump(model.get("step"));
  model.on("change:step", jump);
  const screenOnly = onPaper(model, () => ({ step: powers.indexOf(TELLING) }));
  plot.domain([powers[0], powers.at(-1)], [0, ALL + 0.5]);
  draw();
  return () => {
    motion.halt();
    screenOnly();
    model.off("change:step", jump);
    plot.remove();
  };
}

export default { render };
