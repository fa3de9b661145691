// The descent player: data, bowls and loss that move together; every setting works without a kernel.

import { button, choice, markedRange, range } from "./controls.js";
import { html, shown } from "./draw.js";
import { Motion } from "./motion.js";
import { above, CONVENTIONS, descend, factor, rates } from "./numbers.js";
import { bowlPanel, dataPanel, lossPanel, named } from "./panels.js";

const SETTINGS = ["rate", "convention", "batch", "momentum", "start", "steps"];
const REACH = 1.3; // the rate's slider goes past the stable limit by so much
const SPEEDS = [1, 3, 10, 30].map((speed) => [speed, `${speed} ${speed === 1 ? "step" : "steps"}/s`]);
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
    this.said = html("p", { class: "lr-said", "aria-live": "polite" });
    const parts = [panels, strip, this.transport(), this.ratePart(), this.settings(), this.said];
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

  transport() {
    const { motion } = this;
    this.toggle = button("play", "play", () => (motion.playing ? motion.pause() : motion.play()));
    this.scrub = range("step", { min: 0, max: this.get("steps"), step: 1, value: 0 }, (step) => motion.jump(step));
    this.count = html("span", { class: "lr-count", "aria-hidden": "true" });
    return html(
      "div",
      { class: "lr-row" },
      button("back to the start", "start", () => motion.jump(0)).node,
      button("one step back", "back", () => motion.back()).node,
      this.toggle.node,
      button("one step on", "on", () => motion.on()).node,
      this.scrub,
      this.count,
      choice("speed", SPEEDS, motion.speed, (speed) => motion.pace(Number(speed))).node,
    );
  }

  ratePart() {
    this.rate = markedRange("learning rate", (thousandths) => {
      const exact = (Math.max(1, thousandths) / 1000) * this.top;
      this.set({ rate: Number(exact.toPrecision(3)) });
    });
    this.rateText = html("span", { class: "lr-ratetext" });
    const head = html("div", { class: "lr-ratehead" }, html("span", {}, "learning rate η"), this.rateText);
    return html("div", { class: "lr-rate" }, head, this.rate.node);
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
    this.scrub.max = setting.steps;
    for (const [key, { set }] of Object.entries(this.choices)) set(setting[key]);
    this.showRate(setting.rate);
    for (const view of this.views) view.follow(this.path, setting.start, this.dragging);
    this.draw();
  }

  showRate(rate) {
    const { largest, best } = this.limit;
    this.top = fitting(this.top, rate, largest);
    const share = rate / largest;
    const stable = share < 1 ? "stable" : share > 1 ? "past the limit: unstable" : "at the limit";
    const text = `${shown(rate)}, ${shown(100 * share, 3)} % of the limit`;
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
    const sign = motion.playing ? "pause" : "play";
    if (sign !== this.sign) this.toggle.show((this.sign = sign), sign);
    this.scrub.value = motion.step;
    this.scrub.setAttribute("aria-valuetext", `step ${motion.step} of ${motion.last()}`);
    this.count.textContent = `${motion.step} / ${motion.last()}`;
    this.say(motion.moving);
    if (motion.step !== this.get("step")) this.set({ step: motion.step });
  }

  // The sentence is read out when nothing moves any more.
  say(moving) {
    const live = moving ? "off" : "polite";
    if (this.said.getAttribute("aria-live") !== live) this.said.setAttribute("aria-live", live);
    const sentence = this.describe(this.motion.step);
    if (this.said.textContent !== sentence) this.said.textContent = sentence;
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
