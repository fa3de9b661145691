// The four-index derivative of Y_hat by W as blocks, and its two flattenings: the same numbers, in three orders.

import { html, shown } from "./draw.js";
import { grid, index, sentence } from "./grid.js";

export const entry = (X, i, j, k, l) => (j === l ? X[i][k] : 0);

function render({ model, el }) {
  const X = model.get("X");
  const [N, M, D] = [X.length, X[0].length, model.get("D")];
  const value = (...place) => entry(X, ...place);
  // Each view says which (i, j, k, l) stands in its row r and column c.
  const views = {
    tensor: { rows: N * M, columns: D * D, block: [M, D], at: (r, c) => [Math.floor(r / M), Math.floor(c / D), r % M, c % D] },
    stackedColumns: { rows: D * N, columns: D * M, block: [N, M], at: (r, c) => [r % N, Math.floor(r / N), c % M, Math.floor(c / M)] },
    stackedRows: { rows: N * D, columns: M * D, block: [D, D], at: (r, c) => [Math.floor(r / D), r % D, Math.floor(c / D), c % D] },
  };
  const titles = {
    tensor: ["∂Ŷ/∂W: a block a prediction", "the tensor: a block for each prediction i, j, in it a row for each k and a column for each l"],
    stackedColumns: ["I ⊗ X, columns stacked", "the Kronecker product I kron X, for stacked columns"],
    stackedRows: ["X ⊗ I, rows stacked", "the Kronecker product X kron I, for stacked rows"],
  };
  const choose = (chosen) => {
    model.set("index", chosen);
    model.save_changes();
  };
  const source = grid({ title: `X  (${N} × ${M})`, label: `X, ${N} samples by ${M} features`, rows: N, columns: M, value: (i, k) => X[i][k], pick: (i, k) => choose([i, model.get("index")[3], k, model.get("index")[3]]) });
  const grids = Object.entries(views).map(([name, { rows, columns, block, at }]) => {
    const [title, label] = titles[name];
    const made = grid({ title, label, rows, columns, block, value: (r, c) => value(...at(r, c)), pick: (r, c) => choose(at(r, c)) });
    return { at, ...made };
  });
  const said = sentence();
  const matrices = html("div", { class: "lr-matrices" }, source.node, ...grids.map(({ node }) => node));
  el.classList.add("lr-widget");
  el.append(html("div", { class: "lr-explorer", role: "group", "aria-label": "Jacobian explorer" }, matrices, said));

  const show = () => {
    const [i, j, k, l] = model.get("index");
    source.mark((r, c) => r === i && c === k);
    for (const { at, mark } of grids) {
      const same = (r, c) => at(r, c).every((part, n) => part === [i, j, k, l][n]);
      mark(same, (r, c) => { const [a, b, m, o] = at(r, c); return a === i && m === k && b === o; });
    }
    const delta = j === l ? "the weight belongs to this output" : "the weight belongs to another output";
    said.textContent =
      `∂Ŷ${index(i + 1)}${index(j + 1)}/∂W${index(k + 1)}${index(l + 1)} = X${index(i + 1)}${index(k + 1)} · ${j === l ? 1 : 0} = ${shown(value(i, j, k, l))}: ${delta}. ` +
      `In numpy T[${i}, ${j}, ${k}, ${l}]; in I ⊗ X row ${j * N + i + 1}, column ${l * M + k + 1}; in X ⊗ I row ${i * D + j + 1}, column ${k * D + l + 1}.`;
  };
  model.on("change:index", show);
  show();
  return () => model.off("change:index", show);
}

export default { render };
