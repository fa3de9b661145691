// What the descent player shows: the data, a bowl for each output, the loss. A panel offers `follow(path, start)` for a new
// path and `at(theta, t)` for every frame; t need not be whole, theta is then between two iterates.

import { handle } from "./controls.js";
import { assign, ellipse, extent, html, padded, Plot, shown, svg } from "./draw.js";
import { index } from "./grid.js";
import { above, design, eigen, factor } from "./numbers.js";

export const colour = (j) => `var(--lr-${["blue", "red", "green", "purple", "grey"][j % 5]})`;

// What weight p of output j is called, as in the chapters.
export function named(problem, p, j) {
  const output = problem.D > 1 ? index(j + 1) : "";
  const k = problem.intercept ? p : p + 1;
  if (k === 0) return `b${output}`;
  if (problem.D > 1) return `W${index(k)}${output}`;
  return problem.M > 1 ? `w${index(k)}` : "w";
}

export function room(parent, title) {
  const space = html("div");
  parent.append(html("div", { class: "lr-panel" }, html("div", { class: "lr-title" }, title), space));
  return space;
}

// The data with the moving line, or, with several features, what is predicted against what is.
export function dataPanel(parent, problem) {
  const one = problem.M === 1;
  const space = room(parent, one ? "data and line" : "predicted and actual");
  const label = one
    ? `The data, with the line of the current weights and its residuals.`
    : `Predictions of the current weights against the actual values: the nearer the diagonal the better.`;
  const names = one ? { x: problem.features[0], y: problem.outputs.join(", ") } : { x: "actual", y: "predicted" };
  const plot = new Plot(space, { label, ...names });
  const ends = padded(one ? [...problem.X.flat(), ...(problem.intercept ? [] : [0])] : problem.Y.flat());
  const tall = padded([...problem.Y.flat(), ...(one && !problem.intercept ? [0] : [])], 0.3);
  plot.domain(ends, one ? tall : ends);
  const diagonal = one ? null : svg("path", { class: "lr-dashed" }, plot.back);
  const squares = problem.D === 1 && problem.Y.length <= 60 ? problem.Y.map(() => svg("rect", { class: "lr-square" }, plot.back)) : [];
  const sticks = svg("path", { class: "lr-stick" }, plot.back);
  const points = problem.outputs.map((_, j) => svg("path", { class: "lr-dots", style: `stroke:${colour(problem.D === 1 ? 2 : j)}` }, plot.middle));
  const lines = one ? problem.outputs.map((_, j) => svg("path", { class: "lr-line", style: `stroke:${lineColour(problem, j)}` }, plot.front)) : [];
  const rows = design(problem);
  let current = null;
  const at = (theta) => {
    current = theta;
    const pairs = rows.map((row, i) => problem.Y[i].map((y, j) => [y, dot(row, theta, j)]));
    const x = (i, j) => (one ? problem.X[i][0] : problem.Y[i][j]);
    if (problem.Y.length <= 60)
      sticks.setAttribute("d", pairs.map((pair, i) => pair.map(([y, p], j) => plot.line([[x(i, j), y], [x(i, j), p]])).join("")).join(""));
    squares.forEach((square, i) => assign(square, squareOf(plot, x(i, 0), ...pairs[i][0])));
    if (one) lines.forEach((line, j) => line.setAttribute("d", plot.line(ends.map((end) => [end, dot(problem.intercept ? [1, end] : [end], theta, j)]))));
    else points.forEach((path, j) => path.setAttribute("d", plot.dots(pairs.map((pair) => pair[j]))));
  };
  plot.onlayout = () => {
    diagonal?.setAttribute("d", plot.line(ends.map((end) => [end, end])));
    if (one) points.forEach((path, j) => path.setAttribute("d", plot.dots(problem.Y.map((y, i) => [problem.X[i][0], y[j]]))));
    if (current) at(current);
  };
  plot.layout();
  return { at, follow() {}, remove: () => plot.remove() };
}

const lineColour = (problem, j) => (problem.D === 1 ? colour(1) : colour(j));
const dot = (row, theta, j) => row.reduce((sum, a, p) => sum + a * theta[p][j], 0);

// The residual as an actual square: to the left of the point where the prediction is too high, to the right where too low.
function squareOf(plot, x, y, predicted) {
  const [a, b] = [plot.py(y), plot.py(predicted)];
  const side = Math.abs(a - b);
  return { x: plot.px(x) - (predicted > y ? side : 0), y: Math.min(a, b), width: side, height: side };
}

// The loss of one output over its weights: a parabola of one, contours of two, and lines against the step for more.
export function bowlPanel(parent, problem, j, options) {
  const kinds = [parabola, contours];
  const view = (kinds[problem.best.length - 1] ?? trajectories)(parent, problem, j, options);
  if (problem.D > 1) parent.lastChild.style = `--lr-bowl:${colour(j)};--lr-path:var(--lr-ink)`;
  return view;
}

const heading = (problem, j, text) => (problem.D > 1 ? `${problem.outputs[j]}: ${text}` : text);

// Path, walked part, iterates as dots, current point: what every bowl has. `where` turns theta into plot coordinates.
function walker(plot, where) {
  const ahead = svg("path", { class: "lr-ahead" }, plot.middle);
  const walked = svg("path", { class: "lr-walked" }, plot.middle);
  const dots = svg("path", { class: "lr-iterates" }, plot.middle);
  const here = svg("circle", { r: 5.5, class: "lr-here" }, plot.front);
  let points = [];
  return {
    follow(path) {
      points = path.thetas.map((theta, t) => where(theta, t));
      ahead.setAttribute("d", plot.line(points));
    },
    at(theta, t) {
      const [x, y] = where(theta, t);
      const behind = points.slice(0, Math.floor(t + 1e-9) + 1);
      walked.setAttribute("d", plot.line([...behind, [x, y]]));
      dots.setAttribute("d", plot.dots(behind));
      assign(here, { cx: plot.px(x), cy: plot.py(y) });
    },
  };
}

function parabola(parent, problem, j, { onstart, losses }) {
  const w = named(problem, 0, j);
  const plot = new Plot(room(parent, heading(problem, j, `the loss against ${w}`)), { label: `The loss as a parabola in ${w}, with the path of descent.`, x: w, y: "L", role: "group" });
  const best = problem.best[0][j];
  const curve = svg("path", { class: "lr-curve" }, plot.back);
  const cross = minimum(plot);
  const shape = (v) => losses(v, j);
  let [start, path, now] = [null, null, null];
  const walk = walker(plot, (theta) => [theta[0][j], shape(theta[0][j])]);
  const grip = handle(plot, `start of ${w}`, { get: () => [start[0][j], 0], set: ([v]) => onstart([[0, v]], j) });
  const draw = () => {
    const [from, to] = plot.xs;
    curve.setAttribute("d", plot.line(Array.from({ length: 81 }, (_, k) => from + (k / 80) * (to - from)).map((v) => [v, shape(v)])));
    cross(best, shape(best), problem.minimum, start?.[0][j]);
    if (!path) return;
    walk.follow(path);
    grip.place(start[0][j], shape(start[0][j]), `${w} = ${shown(start[0][j])}`);
    if (now) walk.at(...now);
  };
  plot.onlayout = draw;
  return {
    follow(next, from, dragging) {
      [path, start, now] = [next, from, null];
      const reach = 1.3 * Math.abs(from[0][j] - best) || 1;
      if (!dragging || !plot.fitted) plot.xs = [best - reach, best + reach];
      plot.fitted = true;
      plot.domain(plot.xs, [shape(best) - 0.06 * (shape(plot.xs[0]) - shape(best)), shape(plot.xs[0])]);
    },
    at: (theta, t) => walk.at(...(now = [theta, t])),
    remove: () => plot.remove(),
  };
}

function contours(parent, problem, j, { onstart }) {
  const [h, v] = problem.intercept ? [1, 0] : [0, 1];
  const [x, y] = [named(problem, h, j), named(problem, v, j)];
  const label = `Contours of the loss over ${x} and ${y}, with the path of descent. Drag the ring to start elsewhere.`;
  const plot = new Plot(room(parent, heading(problem, j, `the loss over ${x} and ${y}`)), { label, x, y, role: "group", equal: true });
  const best = [problem.best[h][j], problem.best[v][j]];
  const shape = eigen([h, v].map((p) => [h, v].map((q) => problem.G[p][q])));
  const depths = svg("g", {}, plot.back);
  const cross = minimum(plot);
  let [start, path, now] = [null, null, null];
  const walk = walker(plot, (theta) => [theta[h][j], theta[v][j]]);
  const grip = handle(plot, `start of ${x} and ${y}`, {
    get: () => [start[h][j], start[v][j]],
    set: ([a, b]) => onstart([[h, a], [v, b]], j),
  });
  const draw = () => {
    depths.replaceChildren();
    for (const level of levels(problem, plot, h, v))
      svg("path", { class: "lr-depth", d: `${plot.line(ellipse(shape, best, level))}Z` }, depths);
    cross(...best, problem.minimum, start?.[h][j]);
    if (!path) return;
    walk.follow(path);
    grip.place(start[h][j], start[v][j], `${x} = ${shown(start[h][j])}, ${y} = ${shown(start[v][j])}`);
    if (now) walk.at(...now);
  };
  plot.onlayout = draw;
  return {
    follow(next, from, dragging) {
      [path, start, now] = [next, from, null];
      const inside = [from[h][j], from[v][j]].every((value, k) => value >= [plot.xs, plot.ys][k][0] && value <= [plot.xs, plot.ys][k][1]);
      if (plot.fitted && (dragging || inside)) return draw();
      plot.fitted = true;
      plot.domain(...surroundings(problem, shape, best, from, j, [h, v]));
    },
    at: (theta, t) => walk.at(...(now = [theta, t])),
    remove: () => plot.remove(),
  };
}

// A view around the minimum that holds the start and, unless the valley is very long, the contour through it.
function surroundings(problem, { values, vector: [c, s] }, best, from, j, axes) {
  const away = axes.map((p, k) => Math.abs(from[p][j] - best[k]));
  const level = above(problem, from, j);
  const low = Math.max(values[1], 1e-8 * values[0]);
  const wide = [c * c / values[0] + s * s / low, s * s / values[0] + c * c / low].map((spread) => Math.sqrt(level * spread));
  const limit = 2.5 * Math.max(...away);
  return axes.map((_, k) => {
    const reach = Math.max(1.25 * away[k], Math.min(1.1 * wide[k], limit)) || 1;
    return [best[k] - reach, best[k] + reach];
  });
}

// Contours from the rim of the view down to its centre, each of a third of the height of the one outside it.
function levels(problem, plot, h, v) {
  const [a, b] = [(plot.xs[1] - plot.xs[0]) / 2, (plot.ys[1] - plot.ys[0]) / 2];
  const rim = problem.G[h][h] * a * a + problem.G[v][v] * b * b + 2 * Math.abs(problem.G[h][v]) * a * b;
  return Array.from({ length: 9 }, (_, k) => rim * 0.36 ** k);
}

// Marks where the closed form says the minimum is.
function minimum(plot) {
  const mark = svg("path", { class: "lr-minimum" }, plot.front);
  const name = svg("text", { class: "lr-halo" }, plot.front);
  return (x, y, wanted, from) => {
    if (!wanted) return;
    const [a, b, side] = [plot.px(x), plot.py(y), from > x ? -1 : 1]; // the name keeps out of the way of the path
    mark.setAttribute("d", `M${a - 6} ${b - 6}l12 12m0 -12l-12 12`);
    assign(name, { x: a + 11 * side, y: b + 5, "text-anchor": side < 0 ? "end" : "start" });
    name.textContent = "closed form";
  };
}

function trajectories(parent, problem, j, { steps }) {
  const title = heading(problem, j, "the weights, step by step");
  const label = `Each weight against the step; dashed lines are the weights of the minimum.`;
  const plot = new Plot(room(parent, title), { label, x: "step" });
  const rows = problem.best.map((_, p) => {
    const style = `stroke:${colour(p)}${p >= 5 ? ";stroke-dasharray:6 3" : ""}`;
    return {
      aim: svg("path", { class: "lr-dashed", style: `stroke:${colour(p)}` }, plot.back),
      ahead: svg("path", { class: "lr-ahead", style }, plot.middle),
      walked: svg("path", { class: "lr-walked", style }, plot.middle),
      here: svg("circle", { r: 4, style: `fill:${colour(p)}` }, plot.front),
      name: svg("text", { class: "lr-halo", "text-anchor": "end" }, plot.front),
    };
  });
  let [path, now] = [null, null];
  const draw = () => {
    if (!path) return;
    const edge = plot.xs[1];
    const heights = spread(problem.best.map((row) => plot.py(row[j])), 15);
    rows.forEach(({ aim, ahead, name }, p) => {
      const target = problem.best[p][j];
      aim.setAttribute("d", plot.line([[0, target], [edge, target]]));
      ahead.setAttribute("d", plot.line(path.thetas.map((theta, t) => [t, theta[p][j]])));
      assign(name, { x: plot.px(edge) - 2, y: heights[p] - 4 });
      name.textContent = problem.terms[p];
    });
    if (now) at(...now);
  };
  const at = (theta, t) => {
    now = [theta, t];
    const behind = path.thetas.slice(0, Math.floor(t + 1e-9) + 1);
    rows.forEach(({ walked, here }, p) => {
      walked.setAttribute("d", plot.line([...behind.map((one, k) => [k, one[p][j]]), [t, theta[p][j]]]));
      assign(here, { cx: plot.px(t), cy: plot.py(theta[p][j]) });
    });
  };
  plot.onlayout = draw;
  return {
    follow(next, from) {
      [path, now] = [next, null];
      const seen = path.diverged ? [] : path.thetas.flatMap((theta) => theta.map((row) => row[j]));
      plot.domain([0, steps()], padded([...problem.best, ...from].map((row) => row[j]).concat(seen), 0.12));
    },
    at,
    remove: () => plot.remove(),
  };
}

// Move text apart until lines of it are `gap` pixels from each other, keeping their order.
function spread(heights, gap) {
  const order = heights.map((_, k) => k).sort((a, b) => heights[a] - heights[b]);
  const moved = [...heights];
  order.forEach((k, n) => {
    if (n) moved[k] = Math.max(moved[k], moved[order[n - 1]] + gap);
  });
  return moved;
}

// The loss against the step, on a logarithmic scale; the dashed line is the minimum.
export function lossPanel(parent, problem, { steps, convention }) {
  const plot = new Plot(parent, { label: "The loss against the step, on a logarithmic scale.", x: "step", y: "L", height: 132, logY: true });
  const floor = svg("path", { class: "lr-dashed" }, plot.back);
  const walk = walker(plot, (_, t) => [t, between(t)]);
  let [path, now] = [null, null];
  const between = (t) => {
    const k = Math.min(Math.floor(t + 1e-9), path.losses.length - 1);
    const next = path.losses[Math.min(k + 1, path.losses.length - 1)];
    return path.losses[k] + (t - k) * (next - path.losses[k]);
  };
  plot.onlayout = () => {
    if (!path) return;
    const least = (factor(problem, convention()) / 2) * problem.floor.reduce((sum, value) => sum + value, 0);
    floor.setAttribute("d", least >= plot.ys[0] ? plot.line([[0, least], [plot.xs[1], least]]) : "");
    walk.follow(path);
    if (now) walk.at(...now);
  };
  return {
    follow(next) {
      [path, now] = [next, null];
      const [least, most] = extent(path.losses);
      const top = most || 1;
      plot.domain([0, steps()], [Math.max(least, 1e-9 * top) / 1.3, top * 1.3]);
    },
    at: (theta, t) => walk.at(...(now = [theta, t])),
    remove: () => plot.remove(),
  };
}
