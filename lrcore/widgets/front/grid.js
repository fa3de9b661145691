// A matrix as a table: shaded by its values, and, where cells can be chosen, a grid that one walks with the arrow keys.

import { assign, html, shown } from "./draw.js";

// `value(r, c)` is a number; `block` draws a line after so many rows and columns; `pick(r, c)` makes it a choice.
export function grid({ title, label, rows, columns, value, block = null, pick = null }) {
  const most = Math.max(...Array.from({ length: rows * columns }, (_, n) => Math.abs(value(Math.floor(n / columns), n % columns)))) || 1;
  const table = html("table", { class: "lr-grid", "aria-label": label });
  if (pick) table.setAttribute("role", "grid");
  const cells = Array.from({ length: rows }, (_, r) => {
    const line = html("tr", pick ? { role: "row" } : {});
    table.append(line);
    return Array.from({ length: columns }, (_, c) => {
      const cell = html("td", pick ? { role: "gridcell", tabindex: -1 } : {}, shown(value(r, c), 3));
      cell.style.setProperty("--lr-share", `${Math.round((40 * Math.abs(value(r, c))) / most)}%`);
      cell.classList.add(value(r, c) < 0 ? "lr-negative" : value(r, c) ? "lr-positive" : "lr-zero");
      if (block && (r + 1) % block[0] === 0 && r + 1 < rows) cell.classList.add("lr-below");
      if (block && (c + 1) % block[1] === 0 && c + 1 < columns) cell.classList.add("lr-beside");
      line.append(cell);
      return cell;
    });
  });
  const choose = (r, c) => {
    pick(r, c);
    cells[r][c].focus();
  };
  const find = (target) => {
    const r = cells.findIndex((line) => line.includes(target.closest("td")));
    return r < 0 ? null : [r, cells[r].indexOf(target.closest("td"))];
  };
  if (pick) {
    table.addEventListener("click", (event) => find(event.target) && choose(...find(event.target)));
    table.addEventListener("keydown", (event) => {
      const move = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      const from = find(event.target);
      if (!move || !from) return;
      event.preventDefault();
      choose(clamp(from[0] + move[0], rows), clamp(from[1] + move[1], columns));
    });
  }
  const scroll = html("div", { class: "lr-scroll" }, table);
  if (!pick) requestAnimationFrame(() => scroll.scrollWidth > scroll.clientWidth && assign(scroll, { tabindex: 0, role: "group", "aria-label": label }));
  const node = html("figure", { class: "lr-matrix" }, html("figcaption", {}, title), scroll);
  return { node, cells, mark: (chosen, also = () => false) => outline(cells, chosen, also, pick) };
}

const clamp = (index, size) => Math.max(0, Math.min(size - 1, index));

// Outline the cells that are `chosen`, and more faintly those that are `also` of interest.
function outline(cells, chosen, also, pick) {
  cells.forEach((line, r) =>
    line.forEach((cell, c) => {
      cell.classList.toggle("lr-chosen", chosen(r, c));
      cell.classList.toggle("lr-also", !chosen(r, c) && also(r, c));
      if (!pick) return;
      cell.tabIndex = chosen(r, c) ? 0 : -1;
      cell.setAttribute("aria-selected", chosen(r, c));
    }),
  );
}

// A sentence that follows the choice, read out when it changes.
export function sentence() {
  return html("p", { class: "lr-said", "aria-live": "polite" });
}

// What the sentence says now; it is read out when nothing moves any more.
export function told(said, moving, text) {
  const live = moving ? "off" : "polite";
  if (said.getAttribute("aria-live") !== live) said.setAttribute("aria-live", live);
  if (said.textContent !== text) said.textContent = text;
}

export const index = (number) => [...String(number)].map((digit) => "₀₁₂₃₄₅₆₇₈₉"[digit]).join("");
