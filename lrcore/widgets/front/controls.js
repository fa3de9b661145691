// Controls of the widgets: native inputs, so that keyboard, touch and screen readers work as everywhere else.

import { assign, html, svg } from "./draw.js";

const ICONS = {
  start: "M3 3v10M13 3v10L5 8z",
  back: "M11 3v10L4 8z",
  play: "M4 2.5v11L13 8z",
  pause: "M5 3v10M11 3v10",
  on: "M4 3v10L11 8zM13 3v10",
};

// A button with an icon, and a function that gives it another label and icon.
export function button(label, icon, act) {
  const node = html("button", { type: "button", class: "lr-button" });
  const drawn = svg("path", {}, svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, node));
  const show = (text, name) => {
    assign(node, { "aria-label": text, title: text });
    drawn.setAttribute("d", ICONS[name]);
  };
  show(label, icon);
  node.addEventListener("click", act);
  return { node, show };
}

// A choice among [value, text] pairs; `act` gets the chosen value.
export function choice(label, options, value, act) {
  const select = html("select", { class: "lr-select" });
  for (const [key, text] of options) select.append(html("option", { value: key }, text));
  select.value = value;
  select.addEventListener("change", () => act(select.value));
  return { node: html("label", { class: "lr-field" }, label, select), set: (chosen) => (select.value = chosen) };
}

export function range(label, { min, max, step, value }, act) {
  const node = html("input", { type: "range", min, max, step, class: "lr-range", "aria-label": label });
  node.value = value;
  node.addEventListener("input", () => act(Number(node.value)));
  return node;
}

// A range with named marks above it, which are buttons that set the value; from `bad` on the track is hatched.
export function markedRange(label, act) {
  const input = range(label, { min: 0, max: 1000, step: 1, value: 0 }, act);
  const marks = html("div", { class: "lr-marks" });
  const node = html("div", { class: "lr-marked" }, marks, input);
  const at = (share) => `calc(9px + ${share} * (100% - 18px))`;
  return {
    node,
    show({ share, text, bad = null, named }) {
      input.value = Math.round(share * 1000);
      assign(input, { "aria-valuetext": text });
      node.style.setProperty("--lr-bad", bad === null ? "100%" : at(bad));
      marks.replaceChildren(...named.filter(([where]) => where >= 0 && where <= 1).sort(([a], [b]) => a - b).map(([where, name, go]) => mark(at(where), name, go)));
    },
  };
}

function mark(left, name, go) {
  const node = html("button", { type: "button", class: "lr-mark", style: `left:${left}` }, name);
  node.addEventListener("click", go);
  return node;
}

const FINGER = 22; // pixels from its middle in which a finger takes hold of a point

// A point to drag, in a plot: by pointer, by touch, and by arrow keys (with Shift in larger steps). Of several in one plot
// the nearest is taken.
export function handle(plot, label, { get, set }) {
  const ring = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  assign(ring, { r: 9, class: "lr-handle", tabindex: 0, role: "slider", "aria-label": label });
  plot.over.append(ring);
  const drag = (event) => set(plot.value(event));
  const distance = ({ clientX, clientY }) => {
    const { left, right, top, bottom } = ring.getBoundingClientRect();
    return Math.hypot(clientX - (left + right) / 2, clientY - (top + bottom) / 2);
  };
  plot.grips.push(distance);
  const within = (event) => distance(event) <= FINGER && nearest(event);
  const nearest = (event) => plot.grips.find((one) => one(event) === Math.min(...plot.grips.map((grip) => grip(event)))) === distance;
  // A finger that takes hold does not scroll, not even when it began beside the ring, where `touch-action` says nothing.
  plot.root.addEventListener("touchstart", (event) => event.touches.length === 1 && within(event.touches[0]) && event.preventDefault(), { passive: false });
  const down = (event) => {
    if (event.pointerType === "touch" ? !within(event) : !nearest(event)) return;
    event.preventDefault();
    ring.focus({ preventScroll: true });
    plot.root.setPointerCapture(event.pointerId);
    plot.root.addEventListener("pointermove", drag);
    drag(event);
  };
  plot.root.addEventListener("pointerdown", down);
  for (const end of ["pointerup", "pointercancel"])
    plot.root.addEventListener(end, () => plot.root.removeEventListener("pointermove", drag));
  ring.addEventListener("keydown", (event) => {
    const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!move) return;
    event.preventDefault();
    const share = event.shiftKey ? 0.1 : 0.02;
    const [xs, ys] = [plot.xs, plot.ys];
    const [x, y] = get();
    set([x + move[0] * share * (xs[1] - xs[0]), y + move[1] * share * (ys[1] - ys[0])]);
  });
  return {
    place(x, y, text) {
      assign(ring, { cx: plot.px(x), cy: plot.py(y), "aria-valuenow": x, "aria-valuetext": text });
      assign(ring, { "aria-valuemin": plot.xs[0], "aria-valuemax": plot.xs[1] });
    },
  };
}

// On paper a control stands where it tells most, and on the screen afterwards where its reader left it. `telling()` gives
// the state for paper; what comes back ends this.
export function onPaper(model, telling) {
  const set = (values) => Object.entries(values).forEach(([key, value]) => model.set(key, value));
  let left = null;
  const print = () => {
    const state = telling();
    left ??= Object.fromEntries(Object.keys(state).map((key) => [key, model.get(key)]));
    set(state);
  };
  const back = () => {
    set(left ?? {});
    left = null;
  };
  addEventListener("beforeprint", print);
  addEventListener("afterprint", back);
  return () => {
    removeEventListener("beforeprint", print);
    removeEventListener("afterprint", back);
  };
}

// Frames while something moves: `tick(seconds)` until it answers false. Where motion is unwelcome, `calm` is true.
export function clock(tick) {
  const wish = matchMedia("(prefers-reduced-motion: reduce)");
  let [request, before] = [0, 0];
  const frame = (now) => {
    const seconds = Math.min(0.1, Math.max(0, now - before) / 1000); // a frame's time may lie before its request
    before = now;
    request = tick(seconds) ? requestAnimationFrame(frame) : 0;
  };
  return {
    get calm() {
      return wish.matches;
    },
    start() {
      if (request) return;
      before = performance.now();
      request = requestAnimationFrame(frame);
    },
    stop() {
      cancelAnimationFrame(request);
      request = 0;
    },
  };
}
