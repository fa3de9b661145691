// Drawing: elements, numbers as text, and a plot with axes that keeps one SVG unit a CSS pixel, so that text never shrinks.

const SVG = "http://www.w3.org/2000/svg";

// An SVG element with attributes, put into its parent.
export function svg(tag, attributes = {}, parent = null) {
  const node = document.createElementNS(SVG, tag);
  assign(node, attributes);
  parent?.append(node);
  return node;
}

// An HTML element with attributes and children.
export function html(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  assign(node, attributes);
  node.append(...children);
  return node;
}

export function assign(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
}

// A number as a reader writes it: four digits, a real minus sign.
export function shown(value, digits = 4) {
  if (!Number.isFinite(value)) return "∞";
  const size = Math.abs(value);
  const plain = size === 0 || (size >= 1e-4 && size < 1e7);
  const text = plain ? String(Number(value.toPrecision(digits))) : scientific(value, digits);
  return text.replace("-", "−");
}

function scientific(value, digits) {
  const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
  const raised = [...String(Number(exponent))].map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]).join("");
  return `${Number(mantissa)}·10${raised}`;
}

// Round values between two ends, about `count` of them.
export function ticks(low, high, count = 5) {
  const rough = (high - low) / count;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = unit * ([1, 2, 5].find((k) => k * unit >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  return Array.from({ length: Math.floor(high / step + 1e-9) - first + 1 }, (_, k) => (first + k) * step);
}

function decades(low, high) {
  const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  const step = Math.max(1, Math.ceil((last - first) / 4));
  const powers = [];
  for (let k = first - 1; k <= last; k += step) for (const digit of last - first > 1 ? [1] : [1, 2, 5]) powers.push(digit * 10 ** k);
  const inside = powers.filter((value) => value >= low && value <= high);
  return inside.length > 1 ? inside : ticks(low, high, 3);
}

const FAR = 5000;
const near = (pixel) => (pixel > -FAR ? Math.min(pixel, FAR) : -FAR);

// A plot. `label` tells what it shows; `x` and `y` name the axes. Draw into `back`, `middle`, `front`; draw again in
// `onlayout`, which is called when the size or the domain has changed.
export class Plot {
  onlayout = () => {};
  xs = [0, 1];
  ys = [0, 1];
  grips = []; // how far an event is from each point that can be dragged here
  fitted = false; // whether who draws has chosen the domain

  constructor(parent, { label, x = "", y = "", height = 240, role = "img", logX = false, logY = false, left = 46, equal = false }) {
    this.height = height;
    this.width = 0;
    this.left = left;
    this.logX = logX;
    this.logY = logY;
    this.equal = equal;
    this.names = [x, y];
    this.root = svg("svg", { class: "lr-plot", role, "aria-label": label, height }, parent);
    const clip = `lr-clip-${Math.random().toString(36).slice(2)}`; // each widget of a notebook has this module for itself
    this.clip = svg("rect", {}, svg("clipPath", { id: clip }, this.root));
    this.axes = svg("g", { class: "lr-axes", "aria-hidden": "true" }, this.root);
    const inside = svg("g", { "clip-path": `url(#${clip})` }, this.root);
    this.back = svg("g", {}, inside);
    this.middle = svg("g", {}, inside);
    this.front = svg("g", {}, inside);
    this.over = svg("g", {}, this.root);
    this.domain(this.xs, this.ys);
    this.watch = new ResizeObserver(([entry]) => this.resize(entry.contentRect.width));
    this.watch.observe(parent);
  }

  domain(x, y) {
    this.asked = [x, y];
    [this.xs, this.ys] = this.asked;
    this.layout();
  }

  // With `equal`, a unit is as long on both axes, so that a right angle looks like one: the axis with room to spare shows
  // more. Not where the units are so different that one axis would be crowded out.
  widen() {
    const { left, right, top, bottom } = this.box;
    const size = [right - left, bottom - top];
    const spans = this.asked.map(([low, high]) => high - low);
    const unit = Math.max(...spans.map((span, k) => span / size[k]));
    const wide = spans.map((span, k) => unit * size[k] / span);
    if (Math.max(...wide) > 5) return;
    [this.xs, this.ys] = this.asked.map(([low, high], k) => [low, high].map((end) => (low + high) / 2 + (end - (low + high) / 2) * wide[k]));
  }

  resize(width) {
    if (Math.abs(width - this.width) < 0.5) return;
    this.width = width;
    this.layout();
  }

  get box() {
    return { left: this.left, right: this.width - 8, top: this.names[1] ? 20 : 10, bottom: this.height - 34 };
  }

  layout() {
    if (this.width < 80) return;
    if (this.equal) this.widen();
    const { left, right, top, bottom } = this.box;
    assign(this.root, { width: this.width, viewBox: `0 0 ${this.width} ${this.height}` });
    assign(this.clip, { x: left, y: top, width: right - left, height: bottom - top });
    this.axes.replaceChildren();
    this.drawAxes();
    this.onlayout();
  }

  drawAxes() {
    const { left, right, top, bottom } = this.box;
    svg("path", { d: `M${left} ${top}V${bottom}H${right}`, class: "lr-axis" }, this.axes);
    const across = this.logX ? decades(...this.xs) : ticks(...this.xs, Math.max(2, (right - left) / 60));
    const upright = this.logY ? decades(...this.ys) : ticks(...this.ys, Math.max(2, (bottom - top) / 45));
    for (const x of across) {
      const [at, said] = [this.px(x), shown(x, 3)];
      const last = at + 4 * said.length > this.width; // centred, it would leave the picture
      this.text(last ? this.width : at, bottom + 14, said, last ? "end" : "middle");
    }
    for (const y of upright) this.text(left - 5, this.py(y) + 4, shown(y, 2), "end");
    this.text((left + right) / 2, this.height - 4, this.names[0], "middle", "lr-name");
    this.text(left, top - 7, this.names[1], "middle", "lr-name"); // above the axis, where no curve comes
  }

  text(x, y, content, anchor, kind = "") {
    svg("text", { x, y, "text-anchor": anchor, class: kind }, this.axes).textContent = content;
  }

  px(x) {
    const { left, right } = this.box;
    return near(left + fraction(x, this.xs, this.logX) * (right - left));
  }

  py(y) {
    const { top, bottom } = this.box;
    return near(bottom - fraction(y, this.ys, this.logY) * (bottom - top));
  }

  // The value under a pixel, the other way round.
  value(event) {
    const { left, right, top, bottom } = this.box;
    const corner = this.root.getBoundingClientRect();
    const share = [(event.clientX - corner.left - left) / (right - left), (bottom - event.clientY + corner.top) / (bottom - top)];
    return [this.xs, this.ys].map(([low, high], k) => low + Math.min(1, Math.max(0, share[k])) * (high - low));
  }

  line(points) {
    return points.map(([x, y], k) => `${k ? "L" : "M"}${this.px(x).toFixed(2)} ${this.py(y).toFixed(2)}`).join("");
  }

  // Round dots, as one path: a stroke of no length with round ends.
  dots(points) {
    return points.map(([x, y]) => `M${this.px(x).toFixed(2)} ${this.py(y).toFixed(2)}h0`).join("");
  }

  remove() {
    this.watch.disconnect();
  }
}

function fraction(value, ends, log) {
  const [low, high] = ends;
  if (!log) return (value - low) / (high - low);
  return Math.log(Math.max(value, 1e-300) / low) / Math.log(high / low);
}

// Ellipses on which (theta - best)^T G (theta - best) is constant, as closed lines in the plane of the two weights.
export function ellipse({ values, vector }, best, level) {
  const [c, s] = vector;
  const [a, b] = [values[0], Math.max(values[1], 1e-8 * values[0])].map((value) => Math.sqrt(level / value));
  return Array.from({ length: 97 }, (_, k) => {
    const [u, v] = [a * Math.cos((k * Math.PI) / 48), b * Math.sin((k * Math.PI) / 48)];
    return [best[0] + c * u - s * v, best[1] + s * u + c * v];
  });
}

// An arrow between two points of a plot, with a head of so many pixels where there is room for one.
export function arrow(plot, from, to, head) {
  const [a, b, c, d] = [plot.px(from[0]), plot.py(from[1]), plot.px(to[0]), plot.py(to[1])];
  const length = Math.hypot(c - a, d - b);
  if (length < 1) return "";
  const [u, v] = [(c - a) / length, (d - b) / length].map((one) => one * Math.min(head, length / 2));
  const corner = (side) => `${(c - u - side * 0.6 * v).toFixed(2)} ${(d - v + side * 0.6 * u).toFixed(2)}`;
  return `M${a.toFixed(2)} ${b.toFixed(2)}L${c.toFixed(2)} ${d.toFixed(2)}M${corner(1)}L${c.toFixed(2)} ${d.toFixed(2)}L${corner(-1)}`;
}

export const extent = (values) => [Math.min(...values), Math.max(...values)];

// An interval a little wider than the values, never of no width.
export function padded(values, share = 0.08) {
  const [low, high] = extent(values);
  const pad = share * (high - low) || Math.abs(low) || 1;
  return [low - pad, high + pad];
}
