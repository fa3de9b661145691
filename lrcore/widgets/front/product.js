// A product of matrices entry by entry, and the product of the transposes below it: the same rows meet the same columns.

import { html, shown } from "./draw.js";
import { grid, index, sentence } from "./grid.js";

export const product = (A, B) => A.map((row) => B[0].map((_, j) => row.reduce((sum, a, k) => sum + a * B[k][j], 0)));

function render({ model, el }) {
  const [A, B] = [model.get("A"), model.get("B")];
  const C = product(A, B);
  const [N, M, D] = [A.length, B.length, B[0].length];
  const choose = (i, j) => {
    model.set("entry", [i, j]);
    model.save_changes();
  };
  const sign = (text) => html("span", { class: "lr-sign", "aria-hidden": "true" }, text);
  const made = (title, rows, columns, value, pick = null) => grid({ title: `${title}  (${rows} × ${columns})`, label: `${title}, ${rows} by ${columns}`, rows, columns, value, pick });
  const [left, right] = [made("A", N, M, (r, c) => A[r][c]), made("B", M, D, (r, c) => B[r][c])];
  const whole = made("AB", N, D, (r, c) => C[r][c], choose);
  const [first, second] = [made("Bᵀ", D, M, (r, c) => B[c][r]), made("Aᵀ", M, N, (r, c) => A[c][r])];
  const turned = made("(AB)ᵀ", D, N, (r, c) => C[c][r], (r, c) => choose(c, r));
  const said = sentence();
  el.classList.add("lr-widget");
  const row = (...parts) => html("div", { class: "lr-matrices" }, ...parts);
  el.append(html("div", { class: "lr-product", role: "group", "aria-label": "Product and transpose" },
    row(left.node, sign("·"), right.node, sign("="), whole.node), row(first.node, sign("·"), second.node, sign("="), turned.node), said));

  const show = () => {
    const [i, j] = model.get("entry");
    left.mark((r) => r === i);
    right.mark((_, c) => c === j);
    whole.mark((r, c) => r === i && c === j);
    first.mark((r) => r === j);
    second.mark((_, c) => c === i);
    turned.mark((r, c) => r === j && c === i);
    const bracketed = (one) => (one < 0 ? `(${shown(one, 3)})` : shown(one, 3));
    const terms = B.map((line, k) => `${bracketed(A[i][k])} · ${bracketed(line[j])}`).join(" + ");
    said.textContent =
      `Row ${i + 1} of A meets column ${j + 1} of B: ${terms} = ${shown(C[i][j])}, the entry (AB)${index(i + 1)}${index(j + 1)}. ` +
      `Below, the same numbers stand in row ${j + 1} of Bᵀ and column ${i + 1} of Aᵀ, and meet in (AB)ᵀ${index(j + 1)}${index(i + 1)}.`;
  };
  model.on("change:entry", show);
  show();
  return () => model.off("change:entry", show);
}

export default { render };
