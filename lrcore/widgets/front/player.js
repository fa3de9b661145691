// The descent player: data, bowls and loss that move together; every setting works without a kernel.

import { choice, markedRange, onPaper } from "./controls.js";
import { html, shown } from "./draw.js";
import { sentence, told } from "./grid.js";
import { Motion } from "./motion.js";
import { above, CONVENTIONS, descend, factor, rates } from "./numbers.js";
import { bowlPanel, dataPanel, lossPanel, named } from "./panels.js";
import { transport } from "./transport.js";

const SETTINGS = ["rate", "convention", "batch", "momentum", "start", "steps"];
const REACH = 1.3; // the rate's slider goes past the stable limit by so much
const SAME = 1e-6; // two rates that lie closer, relatively, are one: a reader cannot tell them apart
const MOMENTA = [0, 0.3, 0.5, 0.7, 0.8, 0.9].map((beta) => [beta, shown(beta)]);
const SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256];

class Player {
  constructor(model, el) {
    this.model = model;
    this.problem = { ...model.get("problem"), minimum: model.get("minimum") };
    this.dragging = false;
    this.top = 0; // the rate at the right end of its slider
    this.motion = new Motion(() => this.path.losses.length - 1, () => this.draw());
    this.motion.place = model.get("step");
    const panels = html("div", { class: "lr-panels" });
    const strip = html("div", { class: "lr-strip" });
    this.views = this.look(panels, strip);
    this.said = sentence();
    this.screenOnly = onPaper(model, () => ({ step: this.motion.last() }));
    this.transport = transport(this.motion, this.get("steps"));
    const parts = [panels, strip, this.transport.node, this.ratePart(), this.settings(), this.said];
    el.classList.add("lr-widget");
    el.append(html("div", { class: "lr-player", role: "group", "aria-label": "Descent player" }, ...parts));
    this.listen();
    this.compute();
  }

  get(key) {
    return this.model.get(key);
  }

  set(values) {
    for (const [key, value] of Object.entries(values)) this.model.set(key, value);
    this.model.save_changes();
  }

  listen() {
    const compute = () => this.compute();
    const jump = () => this.get("step") === this.motion.step || this.motion.jump(this.get("step"));
    this.heard = [...SETTINGS.map((key) => [`change:${key}`, compute]), ["change:step", jump]];
    for (const [name, act] of this.heard) this.model.on(name, act);
  }

  remove() {
    this.motion.halt();
    this.screenOnly();
    for (const [name, act] of this.heard) this.model.off(name, act);
    for (const view of this.views) view.remove();
  }

  look(panels, strip) {
    const options = {
      onstart: (entries, j) => this.moveStart(entries, j),
      steps: () => this.get("steps"),
      convention: () => this.get("convention"),
      losses: (weight, j) => this.lossOf(weight, j),
    };
    const data = dataPanel(panels, this.problem);
    const bowls = this.problem.outputs.map((_, j) => bowlPanel(panels, this.problem, j, options));
    return [data, ...bowls, lossPanel(strip, this.problem, options)];
  }

  ratePart() {
    this.rate = markedRange("learning rate", (thousandths) => {
      this.set({ rate: this.rateAt(thousandths) });
    });
    this.rateText = html("span", { class: "lr-ratetext" });
    const head = html("div", { class: "lr-ratehead" }, html("span", {}, "learning rate η"), this.rateText);
    return html("div", { class: "lr-rate" }, head, this.rate.node);
  }

  // The rate at a place of the slider: what is marked there, to the last digit, or a round number.
  rateAt(thousandths) {
    const { largest, best } = this.limit;
    const marked = [largest, best].find((rate) => Math.round((rate / this.top) * 1000) === thousandths);
    return marked ?? Number(((Math.max(1, thousandths) / 1000) * this.top).toPrecision(4)); // no rounder than a place is wide
  }

  settings() {
    const { N, whole } = this.problem;
    const sizes = [...SIZES.filter((size) => size < N).map((size) => [size, String(size)]), [N, `all ${N}`]];
    const number = (key) => (value) => this.set({ [key]: Number(value) });
    this.choices = {
      convention: choice("loss", CONVENTIONS, "mean", (convention) => this.set({ convention })),
      batch: choice("batch", sizes, N, number("batch")),
      momentum: choice("momentum", MOMENTA, 0, number("momentum")),
    };
    if (!whole || N === 1) delete this.choices.batch; // a crowd's samples are not all in the page
    return html("div", { class: "lr-row lr-settings" }, ...Object.values(this.choices).map(({ node }) => node));
  }

  // Put the start at [p, value] pairs in output j; the rest of it stays.
  moveStart(entries, j) {
    const start = this.get("start").map((row) => [...row]);
    for (const [p, value] of entries) start[p][j] = value;
    this.motion.halt();
    this.motion.place = 0;
    this.dragging = true;
    this.set({ start });
    this.dragging = false;
  }

  // The share of output j in the loss, where it has the one weight `weight`.
  lossOf(weight, j) {
    const theta = [Array(this.problem.D).fill(weight)];
    return (factor(this.problem, this.get("convention")) / 2) * (this.problem.floor[j] + above(this.problem, theta, j));
  }

  compute() {
    const setting = Object.fromEntries(SETTINGS.map((key) => [key, this.get(key)]));
    this.path = descend(this.problem, setting);
    this.limit = rates(this.problem, setting.convention, setting.momentum);
    this.motion.shorten();
    this.transport.reach(setting.steps);
    for (const [key, { set }] of Object.entries(this.choices)) set(setting[key]);
    this.showRate(setting.rate);
    for (const view of this.views) view.follow(this.path, setting.start, this.dragging);
    this.draw();
  }

  showRate(rate) {
    const { largest, best } = this.limit;
    this.top = fitting(this.top, rate, largest);
    const beyond = Math.abs(rate / largest - 1) < SAME ? 0 : rate / largest - 1;
    const stable = beyond < 0 ? "stable" : beyond > 0 ? "past the limit: unstable" : "at the limit";
    const text = `${shown(rate)}, ${shown(100 * (1 + beyond), Math.abs(beyond) < 0.005 ? 6 : 3)} % of the limit`;
    this.rateText.textContent = `${text} (${stable})`;
    const mark = (name, value) => [value / this.top, `${name} ${shown(value, 3)}`, () => this.set({ rate: value })];
    const named = [mark("best", best), mark("limit", largest)];
    this.rate.show({ share: rate / this.top, text: `${text}, ${stable}`, bad: largest / this.top, named });
  }

  // Theta at the current place, on the straight line between two iterates.
  get theta() {
    const { place, step } = this.motion;
    const [a, b] = [this.path.thetas[step], this.path.thetas[Math.min(step + 1, this.motion.last())]];
    const share = place - step;
    return share < 1e-9 ? a : a.map((row, p) => row.map((v, j) => v + share * (b[p][j] - v)));
  }

  draw() {
    const { theta, motion } = this;
    for (const view of this.views) view.at(theta, motion.place);
    this.transport.show();
    told(this.said, motion.moving, this.describe(motion.step));
    if (motion.step !== this.get("step")) this.set({ step: motion.step });
  }

  describe(step) {
    const { path, problem } = this;
    const list = (theta) => theta.flatMap((row, p) => row.map((value, j) => `${named(problem, p, j)} = ${shown(value)}`));
    const weights = list(path.thetas[step]);
    const place = weights.length <= 8 ? weights.join(", ") : `${weights.length} weights`;
    const size = `loss ${shown(path.losses[step])}, gradient of length ${shown(path.norms[step], 3)}`;
    const goal = problem.minimum ? ` Closed form: ${list(problem.best).join(", ")}.` : "";
    return `Step ${step} of ${this.motion.last()}: ${place}; ${size}.${this.ending(step)}${goal}`;
  }

  ending(step) {
    if (step < this.motion.last()) return "";
    if (this.path.norms[step] === 0) return " The gradient has vanished.";
    if (!this.path.diverged) return "";
    return ` It diverged: the rate is ${shown(this.get("rate"))}, the stable limit ${shown(this.limit.largest)}.`;
  }
}

// The right end of the rate's slider: past the limit and past the current rate, and kept where it is while that holds.
function fitting(top, rate, largest) {
  const wanted = Math.max(REACH * largest, 1.05 * rate);
  return top >= wanted && top <= 1.5 * wanted ? top : wanted;
}

function render({ model, el }) {
  const player = new Player(model, el);
  return () => player.remove();
}

export default { render };
