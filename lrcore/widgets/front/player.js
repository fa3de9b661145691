// The descent player: data, bowls and loss that move together; every setting works without a kernel.

import { button, choice, clock, markedRange, range } from "./controls.js";
import { html, shown } from "./draw.js";
import { above, CONVENTIONS, descend, factor, rates } from "./numbers.js";
import { bowlPanel, dataPanel, lossPanel, named } from "./panels.js";

const SETTINGS = ["rate", "convention", "batch", "momentum", "start", "steps"];
const REACH = 1.3; // the slider goes past the stable limit by so much

function render({ model, el }) {
  const read = (key) => model.get(key);
  const problem = { ...read("problem"), minimum: read("minimum") };
  const root = html("div", { class: "lr-player", role: "group", "aria-label": "Descent player" });
  const panels = html("div", { class: "lr-panels" });
  const strip = html("div", { class: "lr-strip" });
  const said = html("p", { class: "lr-said", "aria-live": "polite" });
  el.classList.add("lr-widget");
  el.append(root);

  let path = null;
  let place = read("step"); // between two iterates while it moves
  let goal = null; // the step that an animation of one step moves to
  let playing = false;
  let speed = 3;
  let dragging = false;
  let signed = "play";
  let top = 0; // the rate at the right end of the slider

  const last = () => path.losses.length - 1;
  const between = (t) => {
    const k = Math.min(Math.floor(t + 1e-9), last());
    const [a, b, share] = [path.thetas[k], path.thetas[Math.min(k + 1, last())], t - k];
    return share < 1e-9 ? a : a.map((row, p) => row.map((v, j) => v + share * (b[p][j] - v)));
  };
  const change = (values) => {
    for (const [key, value] of Object.entries(values)) model.set(key, value);
    model.save_changes();
  };

  // The start, moved at [p, value] pairs in output j; the rest of it stays.
  const moveStart = (entries, j) => {
    dragging = true;
    halt();
    const start = read("start").map((row) => [...row]);
    for (const [p, value] of entries) start[p][j] = value;
    place = 0;
    change({ start, step: 0 });
    dragging = false;
  };
  const losses = (theta, j) => (factor(problem, read("convention")) / 2) * (problem.floor[j] + above(problem, theta.map((row) => Array(problem.D).fill(row[0])), j));
  const options = { onstart: moveStart, steps: () => read("steps"), convention: () => read("convention"), losses };
  const views = [dataPanel(panels, problem), ...problem.outputs.map((_, j) => bowlPanel(panels, problem, j, options)), lossPanel(strip, problem, options)];

  const ticking = clock((seconds) => {
    const aim = goal ?? last();
    place = Math.min(aim, place + seconds * (goal === null ? speed : 5));
    if (place >= aim) {
      halt();
      place = aim;
    }
    draw();
    return playing || goal !== null;
  });
  // Where motion is unwelcome, play takes whole steps, and at most three a second.
  let timer = 0;
  const stepping = () => {
    place = Math.min(last(), Math.floor(place) + 1);
    if (place >= last()) halt();
    draw();
  };
  function play() {
    if (place >= last()) place = 0;
    [playing, goal] = [true, null];
    if (ticking.calm) timer = setInterval(stepping, 1000 / Math.min(3, speed));
    else ticking.start();
    draw();
  }
  function halt() {
    [playing, goal] = [false, null];
    ticking.stop();
    clearInterval(timer);
  }
  const pause = () => {
    halt();
    place = Math.floor(place + 1e-9);
    draw();
  };
  const go = (step) => {
    halt();
    const aim = Math.max(0, Math.min(last(), step));
    if (aim === Math.floor(place + 1e-9) + 1 && !ticking.calm) {
      goal = aim;
      ticking.start();
    } else place = aim;
    draw();
  };

  const toggle = button("play", "play", () => (playing ? pause() : play()));
  const scrub = range("step", { min: 0, max: read("steps"), step: 1, value: 0 }, (step) => {
    halt();
    place = Math.min(step, last());
    draw();
  });
  const count = html("span", { class: "lr-count", "aria-hidden": "true" });
  const pace = choice("speed", [[1, "1 step/s"], [3, "3 steps/s"], [10, "10 steps/s"], [30, "30 steps/s"]], 3, (chosen) => {
    speed = Number(chosen);
    if (playing) {
      halt();
      play();
    }
  });
  const transport = html(
    "div",
    { class: "lr-row" },
    button("back to the start", "start", () => go(0)).node,
    button("one step back", "back", () => go(Math.ceil(place - 1e-9) - 1)).node,
    toggle.node,
    button("one step on", "on", () => go(Math.floor(place + 1e-9) + 1)).node,
    scrub,
    count,
    pace.node,
  );

  const rate = markedRange("learning rate", (thousandths) => {
    const exact = (Math.max(1, thousandths) / 1000) * top;
    change({ rate: Number(exact.toPrecision(3)) });
  });
  const rateText = html("span", { class: "lr-ratetext" });
  const rateRow = html("div", { class: "lr-rate" }, html("div", { class: "lr-ratehead" }, html("span", {}, "learning rate η"), rateText), rate.node);

  const convention = choice("loss", CONVENTIONS, read("convention"), (chosen) => change({ convention: chosen }));
  const batch = choice("batch", batches(problem.N), read("batch"), (size) => change({ batch: Number(size) }));
  const momentum = choice("momentum", [0, 0.3, 0.5, 0.7, 0.8, 0.9].map((beta) => [beta, shown(beta)]), read("momentum"), (beta) => change({ momentum: Number(beta) }));
  const settings = html("div", { class: "lr-row lr-settings" }, convention.node, momentum.node);
  if (problem.whole && problem.N > 1) settings.insertBefore(batch.node, momentum.node);
  root.append(panels, strip, transport, rateRow, settings, said);

  function showRate(limit) {
    const now = read("rate");
    const share = now / limit.largest;
    const stable = share < 1 ? "stable" : share > 1 ? "past the limit: unstable" : "at the limit";
    const text = `${shown(now)}, ${shown(100 * share, 3)} % of the limit`;
    rateText.textContent = `${text} (${stable})`;
    rate.show({
      share: now / top,
      text: `${text}, ${stable}`,
      bad: limit.largest / top,
      named: [
        [limit.best / top, `best ${shown(limit.best, 3)}`, () => change({ rate: limit.best })],
        [limit.largest / top, `limit ${shown(limit.largest, 3)}`, () => change({ rate: limit.largest })],
      ],
    });
  }

  function compute() {
    const setting = Object.fromEntries(SETTINGS.map((key) => [key, read(key)]));
    path = descend(problem, setting);
    place = Math.min(place, last());
    if (goal > last()) goal = null;
    scrub.max = read("steps");
    convention.set(setting.convention);
    batch.set(setting.batch);
    momentum.set(setting.momentum);
    top = dragging ? top : fitting(top, setting.rate, rates(problem, setting.convention, setting.momentum).largest);
    showRate(rates(problem, setting.convention, setting.momentum));
    for (const view of views) view.follow(path, setting.start, dragging);
    draw();
  }

  function draw() {
    const theta = between(place);
    for (const view of views) view.at(theta, place);
    const step = Math.floor(place + 1e-9);
    const moving = playing || goal !== null;
    const sign = playing ? "pause" : "play";
    if (sign !== signed) toggle.show((signed = sign), sign);
    scrub.value = step;
    scrub.setAttribute("aria-valuetext", `step ${step} of ${last()}`);
    count.textContent = `${step} / ${last()}`;
    const live = moving ? "off" : "polite";
    if (said.getAttribute("aria-live") !== live) said.setAttribute("aria-live", live);
    const sentence = describe(step);
    if (said.textContent !== sentence) said.textContent = sentence;
    if (step !== read("step")) change({ step });
  }

  function describe(step) {
    const setting = rates(problem, read("convention"), read("momentum"));
    const names = problem.best.flatMap((row, p) => row.map((_, j) => [named(problem, p, j), path.thetas[step][p][j]]));
    const weights = names.length <= 8 ? names.map(([name, value]) => `${name} = ${shown(value)}`).join(", ") : `${names.length} weights`;
    const end = step < last() ? "" : path.diverged ? ` It diverged: the rate is ${shown(read("rate"))}, the limit ${shown(setting.largest)}.` : path.norms[step] === 0 ? " The gradient has vanished." : "";
    const goalOf = problem.minimum ? ` Closed form: ${problem.best.flatMap((row, p) => row.map((value, j) => `${named(problem, p, j)} = ${shown(value)}`)).join(", ")}.` : "";
    return `Step ${step} of ${last()}: ${weights}; loss ${shown(path.losses[step])}, gradient of length ${shown(path.norms[step], 3)}.${end}${goalOf}`;
  }

  const settle = () => compute();
  const jump = () => {
    if (read("step") === Math.floor(place + 1e-9)) return;
    halt();
    place = Math.max(0, Math.min(last(), read("step")));
    draw();
  };
  for (const key of SETTINGS) model.on(`change:${key}`, settle);
  model.on("change:step", jump);
  compute();
  return () => {
    halt();
    for (const key of SETTINGS) model.off(`change:${key}`, settle);
    model.off("change:step", jump);
    for (const view of views) view.remove();
  };
}

// The right end of the rate's slider: past the limit and past the current rate, and kept where it is while that holds.
function fitting(top, rate, largest) {
  const wanted = Math.max(REACH * largest, 1.05 * rate);
  return top >= wanted && top <= 1.5 * wanted ? top : wanted;
}

function batches(N) {
  const sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256].filter((size) => size < N);
  return [...sizes.map((size) => [size, String(size)]), [N, `all ${N}`]];
}

export default { render };
