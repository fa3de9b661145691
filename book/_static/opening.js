// The first page moves: a derivation is checked and mended, and descent goes on beside it. What stands in the page without
// this script is the last state of both; where motion is unwelcome it stays, and play goes on one step at a time.

import { clock, handle } from "./lrcore-widgets/controls.js";
import { assign, shown } from "./lrcore-widgets/draw.js";
import { descend } from "./lrcore-widgets/numbers.js";

/** @type {[number, string][]} */
const PHASES = [[0, "one"], [1.6, "two"], [3.4, "typed"], [4.6, "wrong"], [8.6, "mended"], [10.4, "rest"]]; // seconds, and what is seen from then on
const LOOP = 17;
const HELD = 4; // seconds that the last state stands before anything moves
const LONGEST = 80; // the arrow against the gradient at the start
const SPEED = 2.4; // steps of descent a second

const opening = /** @type {HTMLElement} */ (document.querySelector(".opening"));
const part = (selector) => /** @type {any} */ (opening.querySelector(selector));

// A drawing as `handle` wants a plot: from values to places and back.
class Drawing {
  grips = [];

  constructor(root, domain, size) {
    this.root = this.over = root;
    this.xs = domain[0];
    this.ys = domain[1];
    this.width = size[0];
    this.height = size[1];
  }
  px(x) {
    return (this.width * (x - this.xs[0])) / (this.xs[1] - this.xs[0]);
  }
  py(y) {
    return (this.height * (this.ys[1] - y)) / (this.ys[1] - this.ys[0]);
  }
  value({ clientX, clientY }) {
    const { left, top, width, height } = this.root.getBoundingClientRect();
    const share = [(clientX - left) / width, 1 - (clientY - top) / height];
    return [this.xs, this.ys].map(([low, high], k) => low + Math.min(0.98, Math.max(0.02, share[k])) * (high - low));
  }
}

class Descent {
  /** @type {(() => void) | null} */
  moved = null;

  constructor() {
    const state = JSON.parse(part(".descent script").textContent);
    this.problem = state.problem;
    this.setting = state.setting;
    this.start = state.start;
    const [left, right] = opening.querySelectorAll(".views svg");
    this.data = new Drawing(left, state.data, state.size);
    this.bowl = new Drawing(right, state.bowl, state.size);
    this.squares = [...opening.querySelectorAll(".square")];
    part(".ring").remove();
    this.ring = handle(this.bowl, "where descent starts: weight and bias", { get: () => [this.start[1][0], this.start[0][0]], set: ([w, b]) => this.begin(w, b) });
    this.place = this.setting.steps;
    this.follow();
  }

  follow() {
    this.path = descend(this.problem, { ...this.setting, start: this.start });
    const [[b], [w]] = this.start;
    this.ring.place(w, b, `weight ${shown(w, 3)}, bias ${shown(b, 3)}`);
    this.draw();
  }

  begin(w, b) {
    this.start = [[b], [w]];
    this.place = 0;
    this.follow();
    this.moved?.();
  }

  get last() {
    return this.path.losses.length - 1;
  }

  draw() {
    const step = Math.min(Math.floor(this.place + 1e-9), this.last);
    const [now, next] = [this.path.thetas[step], this.path.thetas[Math.min(step + 1, this.last)]];
    const [[b], [w]] = now.map(([from], p) => [from + (this.place - step) * (next[p][0] - from)]);
    const { data, bowl } = this;
    assign(part(".line"), { d: `M${data.xs.map((x) => `${data.px(x)} ${data.py(w * x + b)}`).join("L")}` });
    this.squares.forEach((square, i) => {
      const [x, y, predicted] = [data.px(this.problem.X[i][0]), data.py(this.problem.Y[i][0]), data.py(w * this.problem.X[i][0] + b)];
      const side = Math.abs(y - predicted);
      assign(square, { x: predicted < y ? x - side : x, y: Math.min(y, predicted), width: side, height: side });
    });
    const at = ([[bias], [weight]]) => [bowl.px(weight), bowl.py(bias)];
    const here = at([[b], [w]]);
    assign(part(".walked"), { points: [...this.path.thetas.slice(0, step + 1).map(at), here].join(" ") });
    assign(part(".here"), { cx: here[0], cy: here[1] });
    const [first, second] = this.path.thetas.map(at);
    const longer = (LONGEST * this.path.norms[step]) / this.path.norms[0];
    assign(part(".gradient"), { d: arrow(here, at(next), longer) || arrow(first, second, LONGEST) });
    part(".now").textContent = `step ${step}, loss ${shown(this.path.losses[step], 3)}`;
  }
}

// Which way is downhill from here, against the gradient: as long as the gradient is, measured by the one at the start.
// Where it is too short to be seen, the one at the start stands.
/** @param {number[]} from @param {number[]} to @param {number} long */
function arrow([x, y], [a, b], long) {
  const length = Math.hypot(a - x, b - y);
  if (length < 0.2 || long < 9) return "";
  const [u, v] = [(a - x) / length, (b - y) / length];
  const [p, q] = [x + long * u, y + long * v];
  const head = Math.min(8, long / 3);
  const side = (k) => `${p - head * (u + 0.6 * k * v)} ${q - head * (v - 0.6 * k * u)}`;
  return `M${x} ${y}L${p} ${q}M${side(1)}L${p} ${q}L${side(-1)}`;
}

class Opening {
  constructor() {
    this.descent = new Descent();
    this.descent.moved = () => this.startedElsewhere();
    this.time = -HELD;
    this.pause = part(".pause");
    this.clock = clock((seconds) => this.tick(seconds));
    this.pause.addEventListener("click", () => (this.playing ? this.halt() : this.play()));
    part(".take").addEventListener("click", () => this.take());
    part(".lines").addEventListener("click", () => this.take());
    this.playing = false;
    if (this.clock.calm) this.halt();
    else this.watch();
  }

  // It plays while it can be seen, until the reader stops it.
  watch() {
    this.play();
    new IntersectionObserver(([{ isIntersecting }]) => this.playing && (isIntersecting ? this.clock.start() : this.clock.stop())).observe(opening);
  }

  play() {
    this.playing = true;
    this.show();
    if (this.clock.calm) this.tick(LOOP);
    this.clock.start();
  }

  halt() {
    this.playing = false;
    this.clock.stop();
    this.show();
  }

  show() {
    this.pause.textContent = this.playing ? "Pause" : "Play";
    this.pause.setAttribute("aria-pressed", String(!this.playing));
  }

  tick(seconds) {
    const before = this.time;
    this.time += seconds;
    if (before < 0 && this.time >= 0) this.descent.place = 0;
    if (this.time >= LOOP) [this.time, this.descent.place] = [0, 0];
    if (this.time >= 0) {
      opening.dataset.phase = PHASES.findLast(([from]) => this.time >= from)[1];
      this.descent.place = Math.min(this.descent.last, this.descent.place + SPEED * seconds);
      this.descent.draw();
    }
    return this.playing;
  }

  startedElsewhere() {
    const { descent } = this;
    const [first, last] = [descent.path.losses[0], descent.path.losses.at(-1)];
    part(".descent [role=status]").textContent = `From here the loss falls from ${shown(first, 3)} to ${shown(last, 3)} in ${descent.last} steps.`;
    this.time = Math.max(this.time, 0);
    if (!this.playing && !this.clock.calm) this.play();
    if (this.clock.calm) [descent.place] = [descent.last];
    descent.draw();
  }

  // The real checker in place of what it once said.
  take() {
    const sheet = part(".derivation");
    opening.dataset.phase = "taken";
    sheet.replaceChildren(part("template.live").content.cloneNode(true));
    sheet.querySelector("lr-control").addEventListener("focusin", () => this.halt(), { once: true });
  }
}

new Opening();
