// The table of symbols, to be edited; and the questions about those that it lacks.

import { html } from "./draw.js";
import { formula } from "./formulas.js";

const COLUMNS = [["symbol", "X"], ["shape", "N x M"], ["meaning", "inputs"], ["defined as", ""]];

export class Symbols {
  constructor({ changed, model }) {
    this.changed = changed;
    this.model = model;
    this.body = html("tbody", {});
    const head = html("tr", {}, ...COLUMNS.map(([name]) => html("th", { scope: "col" }, name)), html("th", { scope: "col" }, html("span", { class: "lr-unseen" }, "remove")));
    this.table = html("table", { class: "lr-symbols" }, html("thead", {}, head), this.body);
    this.add = plain("Add a symbol", () => {
      this.changed([...this.rows, ["", "", "", ""]]);
      this.body.lastElementChild?.querySelector("input")?.focus();
    });
    this.asked = html("div", { class: "lr-questions" });
    this.note = null; // what is wrong with the table, once something is
    this.node = html("div", {}, html("div", { class: "lr-tablebox" }, this.table), html("div", { class: "lr-row" }, this.add));
    this.rows = [];
  }

  // Inputs are kept while they are typed in: only another number of rows, or other words, make new ones.
  show(rows, fixed) {
    const same = rows.length === this.body.children.length && fixed === this.fixed;
    this.rows = rows.map((row) => [0, 1, 2, 3].map((k) => row[k] ?? ""));
    this.fixed = fixed;
    this.add.hidden = fixed;
    if (!same) this.body.replaceChildren(...this.rows.map((_, number) => this.line(number)));
    this.rows.forEach((row, number) => {
      const inputs = this.body.children[number].querySelectorAll("input");
      row.forEach((cell, k) => {
        if (inputs[k].value !== cell) inputs[k].value = cell;
      });
    });
  }

  line(number) {
    const cells = COLUMNS.map(([name, example], k) => {
      const input = html("input", { "aria-label": `${name}, row ${number + 1}`, placeholder: number ? "" : example, spellcheck: "false", autocapitalize: "off" });
      input.readOnly = this.fixed;
      input.addEventListener("input", () => {
        this.rows[number][k] = input.value;
        this.changed(this.rows.map((row) => [...row]));
      });
      return html("td", { "data-name": name }, input);
    });
    const remove = plain("×", () => this.changed(this.rows.filter((_, k) => k !== number)), `remove row ${number + 1}`);
    remove.hidden = this.fixed;
    return html("tr", {}, ...cells, html("td", {}, remove));
  }

  problems(found) {
    [...this.body.children].forEach((line, number) => {
      const said = found[number];
      for (const input of line.querySelectorAll("input")) input.toggleAttribute("aria-invalid", Boolean(said));
      line.title = said ?? "";
    });
    this.note ??= this.node.appendChild(html("div", { class: "lr-problems", role: "status" }));
    this.note.replaceChildren(...Object.values(found).map((said) => html("p", {}, said)));
  }

  // "X appears without a shape: is it N × M?", with the guess to be kept or changed.
  questions(found) {
    const key = JSON.stringify(found);
    if (key === this.asks) return;
    this.asks = key;
    const asked = found.filter(({ choices }) => choices).map((one) => this.open(one));
    const lines = found.filter(({ choices }) => !choices).map(({ row, latex, asks }) => {
      const name = latex || row[0];
      const input = html("input", { "aria-label": `${row[3] ? "definition" : "shape"} of ${row[0]}`, spellcheck: "false" });
      input.value = row[3] || row[1];
      const take = () => (row[3] ? [row[0], "", row[2], input.value] : [row[0], input.value, row[2], ""]);
      const yes = plain("Yes", () => this.changed([...this.rows, take()]), `Yes, keep ${row[0]} so`);
      return { take, node: html("li", {}, formula(name, row[0], this.model), " ", asks, " ", html("span", { class: "lr-together" }, input, " ", yes)) };
    });
    const all = plain("Yes to all", () => this.changed([...this.rows, ...lines.map(({ take }) => take())]));
    const list = html("ul", {}, ...asked, ...lines.map(({ node }) => node));
    this.asked.replaceChildren(...(found.length ? [list, ...(lines.length > 1 ? [all] : [])] : []));
  }

  // "L: what is it?", a button for each meaning and one for another: each puts a row into the table.
  open({ latex, asks, choices, else: other }) {
    const put = (row) => this.changed([...this.rows.filter(([name]) => name !== row[0]), row]);
    const buttons = choices.map(({ says, row }) => plain(says, () => put(row), `${row[0]} is ${says}`));
    buttons.push(plain("something else", () => put(other), `${other[0]} is something else`));
    return html("li", {}, formula(latex || other[0], other[0], this.model), ": ", asks, " ", ...buttons.flatMap((one) => [one, " "]));
  }
}

export function plain(text, act, label = "") {
  const node = html("button", { type: "button", class: "lr-button" }, text);
  if (label) node.setAttribute("aria-label", label);
  node.addEventListener("click", act);
  return node;
}
