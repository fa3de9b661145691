// Two layers as a graph: values go down on the left, gradients come up on the right, one edge at a time.

import { onPaper } from "./controls.js";
import { assign, html, shown, svg } from "./draw.js";
import { grid, sentence, told } from "./grid.js";
import { Motion } from "./motion.js";
import { transport } from "./transport.js";

const product = (A, B) => A.map((row) => B[0].map((_, j) => row.reduce((sum, a, k) => sum + a * B[k][j], 0)));
const turned = (A) => A[0].map((_, k) => A.map((row) => row[k]));
const plus = (A, row) => A.map((one) => one.map((a, j) => a + row[j]));
const each = (A, B, act) => A.map((row, i) => row.map((a, j) => act(a, B[i][j])));
const columns = (A) => A[0].map((_, j) => A.reduce((sum, row) => sum + row[j], 0));

// Everything that stands on the graph in the end; dH is the gradient of the loss by H, and so on.
export function passes({ X, Y, W1, b1, W2, b2 }) {
  const A = plus(product(X, W1), b1);
  const H = A.map((row) => row.map(Math.tanh));
  const Y_hat = plus(product(H, W2), b2);
  const R = each(Y_hat, Y, (a, y) => a - y);
  const L = R.flat().reduce((sum, r) => sum + r * r, 0) / X.length;
  const G = R.map((row) => row.map((r) => (2 / X.length) * r));
  const dH = product(G, turned(W2));
  const dA = each(dH, H, (d, h) => d * (1 - h * h));
  return {
    A, H, Y_hat, L, G, dH, dA,
    dW2: product(turned(H), G), db2: columns(G), dW1: product(turned(X), dA), db1: columns(dA), dX: product(dA, turned(W1)),
  };
}

// The edges in the order in which they are walked: what each says, and what stands there afterwards.
/** @type {[string, string[]][]} */
const EDGES = [
  ["Forward. The first layer: A = X W₁ + 1 b₁, a row for each sample.", ["A"]],
  ["Forward. The bend, entry by entry: H = tanh(A).", ["H"]],
  ["Forward. The second layer: Ŷ = H W₂ + 1 b₂.", ["Y_hat"]],
  ["Forward. The loss: L = 1/N ‖Ŷ − Y‖².", ["L"]],
  ["Back. What each output is to blame for: G = ∂L/∂Ŷ = 2/N (Ŷ − Y).", ["G"]],
  ["Back. To the second layer's weights and bias: ∂L/∂W₂ = Hᵀ G, ∂L/∂b₂ = 1ᵀ G.", ["dW2", "db2"]],
  ["Back. Through the second layer to its inputs: ∂L/∂H = G W₂ᵀ.", ["dH"]],
  ["Back. Through the bend, entry by entry: ∂L/∂A = ∂L/∂H ⊙ (1 − H ⊙ H), with the H from the way forward.", ["dA"]],
  ["Back. To the first layer's weights and bias: ∂L/∂W₁ = Xᵀ ∂L/∂A, ∂L/∂b₁ = 1ᵀ ∂L/∂A.", ["dW1", "db1"]],
  ["Back. And to the inputs, for a layer before this one: ∂L/∂X = ∂L/∂A W₁ᵀ.", ["dX"]],
];
const WALKED = new Map(EDGES.flatMap(([, names], k) => names.map((name) => [name, k + 1])));
const TITLES = { Y_hat: "Ŷ", W1: "W₁", b1: "b₁", W2: "W₂", b2: "b₂", G: "∂L/∂Ŷ = G", dW2: "∂L/∂W₂", db2: "∂L/∂b₂", dH: "∂L/∂H", dA: "∂L/∂A", dW1: "∂L/∂W₁", db1: "∂L/∂b₁", dX: "∂L/∂X" };
// From top to bottom: a node with its value and gradient, then the edge below it: what goes down, what comes up.
/** @type {[string[], string[], ...string[]][]} */
const GRAPH = [
  [["X"], ["dX"]],
  [["W1", "b1"], ["dW1", "db1"], "· W₁ + 1 b₁", "A", "· W₁ᵀ", "dX"],
  [["A"], ["dA"]],
  [[], [], "tanh", "H", "⊙ (1 − H ⊙ H)", "dA"],
  [["H"], ["dH"]],
  [["W2", "b2"], ["dW2", "db2"], "· W₂ + 1 b₂", "Y_hat", "· W₂ᵀ", "dH"],
  [["Y_hat"], ["G"]],
  [["Y"], [], "1/N ‖ · − Y‖²", "L", "2/N (Ŷ − Y)", "G"],
  [["L"], []],
];
/** @param {any} value @returns {any[][]} */
const asMatrix = (value) => (Array.isArray(value) ? (Array.isArray(value[0]) ? value : [value]) : [[value]]);

function render({ model, el }) {
  const [X, Y, W1, b1, W2, b2] = ["X", "Y", "W1", "b1", "W2", "b2"].map((name) => model.get(name));
  const given = { X, Y, W1, b1, W2, b2 };
  const all = { ...given, ...passes(given) };
  const late = []; // what comes with a step: [the step, its element]
  const arrows = []; // [the step that walks it, its line]
  const graph = html("div", { class: "lr-graph" });
  const matrix = (name) => {
    const rows = asMatrix(all[name]);
    const title = TITLES[name] ?? name;
    const { node } = grid({ title, label: `${title}, ${rows.length} by ${rows[0].length}`, rows: rows.length, columns: rows[0].length, value: (r, c) => rows[r][c] });
    if (WALKED.has(name)) late.push([WALKED.get(name), node]);
    return node;
  };
  const arrow = (text, name, up) => {
    const drawn = svg("svg", { viewBox: "0 0 16 44", "aria-hidden": "true", class: `lr-arrow${up ? " lr-up" : ""}` });
    svg("path", { d: "M8 0V42M2 35l6 7 6-7" }, drawn);
    arrows.push([WALKED.get(name), svg("path", { class: "lr-flow", pathLength: 1, d: "M8 0V42" }, drawn)]);
    return html("span", { class: "lr-edge" }, drawn, html("span", { class: "lr-operation" }, text));
  };
  for (const [down, up, ...edge] of GRAPH) {
    const [forth, back] = edge.length ? [[arrow(edge[0], edge[1], false)], [arrow(edge[2], edge[3], true)]] : [[], []];
    graph.append(html("div", { class: "lr-lane" }, ...forth, ...down.map(matrix)), html("div", { class: "lr-lane" }, ...back, ...up.map(matrix)));
  }
  const heads = html("div", { class: "lr-graph lr-heads" }, html("div", {}, "values, forward ↓"), html("div", {}, "gradients, back ↑"));
  const said = sentence();
  const motion = new Motion(() => EDGES.length, () => draw());
  motion.speed = 1;
  motion.place = model.get("step");
  const controls = transport(motion, EDGES.length);
  el.classList.add("lr-widget");
  el.append(html("div", { class: "lr-network", role: "group", "aria-label": "Backpropagation, edge by edge" }, controls.node, said, heads, graph));

  const numbers = (name) => `${TITLES[name] ?? name} = ${asMatrix(all[name]).map((row) => row.map((one) => shown(one, 3)).join(" ")).join("; ")}`;
  const describe = (step) => {
    if (!step) return "Step on, or press play: values go down the left side, gradients come up the right side.";
    const [text, names] = EDGES[step - 1];
    return `Step ${step} of ${EDGES.length}. ${text} ${names.map(numbers).join(", ")}.`;
  };
  function draw() {
    const { step, place } = motion;
    for (const [at, node] of late) {
      node.classList.toggle("lr-late", at > step);
      node.classList.toggle("lr-new", at === step);
    }
    for (const [at, line] of arrows) assign(line, { "stroke-dashoffset": 1 - Math.max(0, Math.min(1, place - at + 1)) });
    controls.show();
    told(said, motion.moving, describe(step));
    if (step === model.get("step")) return;
    model.set("step", step);
    model.save_changes();
  }
  const jump = () => model.get("step") === motion.step || motion.jump(model.get("step"));
  model.on("change:step", jump);
  const screenOnly = onPaper(model, () => ({ step: motion.last() }));
  draw();
  return () => {
    motion.halt();
    screenOnly();
    model.off("change:step", jump);
  };
}

export default { render };
