// Derive anything: what is differentiated, by what, in which style; Python (lrcore.checker) derives, what stands here draws.

import { connect, Stopped } from "./connection.js";
import { choice } from "./controls.js";
import { playable } from "./derivation.js";
import { html } from "./draw.js";
import { formula, harvest } from "./formulas.js";
import { pack, unpack } from "./sharing.js";
import { styled } from "./styled.js";
import { plain, Symbols } from "./symbols.js";
import { copied } from "./takeaway.js";

const STYLES = [["rules", "by known rules"], ["differential", "by differentials"], ["index", "by indices"]];
const PREFIX = "#derive=";

class Deriver {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.whole = model.get("page") && !model.widget_manager;
    this.state = Object.fromEntries(["loss", "by", "style", "closed", "rows"].map((key) => [key, model.get(key)]));
    this.answer = model.get("answer");
    this.python = connect(model, (text) => (this.note.textContent = text));
    this.turn = 0;
    this.sizes = false;
    harvest(el.held);
    this.draw();
    this.refresh();
    this.take(this.answer);
    this.follow(location.hash);
    this.goes = () => this.follow(location.hash);
    if (this.whole) addEventListener("hashchange", this.goes);
  }

  draw() {
    this.loss = field("what is differentiated, in LaTeX or as in NumPy", "textarea", { rows: "2" });
    this.by = field("by", "input", { size: "6" });
    this.style = choice("style", STYLES, this.state.style, (style) => this.put({ style }));
    this.closed = html("input", { type: "checkbox" });
    this.closed.addEventListener("change", () => this.put({ closed: this.closed.checked }));
    const closed = html("label", {}, this.closed, " set to zero and solve");
    const form = html("form", {}, this.loss.node, html("div", { class: "lr-row lr-settings" }, this.by.node, this.style.node, closed, html("button", { class: "lr-button" }, "Derive it")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.put({ loss: this.loss.input.value, by: this.by.input.value });
    });
    this.loss.input.addEventListener("focus", () => this.python.start().catch(() => {}));
    this.symbols = new Symbols({ model: this.model, changed: (rows) => this.named(rows) });
    const symbols = html("details", { class: "lr-fold" }, html("summary", {}, "Symbols: shapes and definitions"), this.symbols.node);
    const examples = this.model.get("examples").map(([title, loss, by, style, rows]) => plain(title, () => this.put({ loss, by, style, rows, closed: false })));
    this.note = html("p", { class: "lr-progress", role: "status" });
    this.said = html("p", { class: "lr-note", role: "status" });
    this.place = html("div", { class: "lr-derived" });
    this.el.classList.add("lr-widget");
    const parts = [form, html("div", { class: "lr-row", role: "group", "aria-label": "Examples" }, ...examples), this.note, this.place, this.takeaway(), this.said, symbols];
    this.el.append(html("div", { class: "lr-desk", role: "group", "aria-label": "Derivation writer" }, ...parts));
  }

  takeaway() {
    const as = (title, name) => plain(title, () => copied(this.answer[name], this.said));
    const buttons = [as("Copy as LaTeX", "latex"), as("Copy as Markdown", "markdown"), as("Copy as a notebook cell", "cell")];
    if (this.whole) buttons.unshift(plain("Copy a link to this", () => this.link()));
    this.away = html("div", { class: "lr-row" }, ...buttons);
    return this.away;
  }

  async link() {
    const hash = await pack(PREFIX, this.state);
    copied(hash && new URL(hash, location.href.split("#")[0]).href, this.said);
  }

  refresh() {
    this.loss.input.value = this.state.loss;
    this.by.input.value = this.state.by;
    this.style.set(this.state.style);
    this.closed.checked = this.state.closed;
    this.symbols.show(this.state.rows, false);
  }

  // Shapes are asked for anew once the hand rests.
  named(rows) {
    this.state.rows = rows;
    this.symbols.show(rows, false);
    clearTimeout(this.later);
    this.later = setTimeout(() => this.put({ rows }), 1000);
  }

  async put(part) {
    Object.assign(this.state, part);
    this.refresh();
    for (const [key, value] of Object.entries(this.state)) this.model.set(key, value);
    this.model.save_changes();
    const turn = ++this.turn;
    this.said.textContent = "";
    this.el.classList.add("lr-waits");
    try {
      const answer = await this.python.ask({ do: "derive", ...this.state });
      if (turn === this.turn) this.take(answer);
      const hash = this.whole && turn === this.turn && (await pack(PREFIX, this.state));
      if (hash) history.replaceState(history.state, "", hash);
    } catch (error) {
      if (turn === this.turn) this.take({ refused: error instanceof Stopped ? "This takes too long and was stopped. Derive it in parts." : error.message });
    } finally {
      if (turn === this.turn) this.el.classList.remove("lr-waits");
    }
  }

  take(answer) {
    this.answer = answer;
    this.note.textContent = "";
    this.away.hidden = Boolean(answer.refused);
    if (answer.refused) return this.place.replaceChildren(html("p", { class: "lr-refused", role: "alert" }, answer.refused));
    const took = answer.rows.map(([name, shape]) => `${name} is ${shape}`).join(", ");
    const sizes = html("input", { type: "checkbox" });
    sizes.checked = this.sizes;
    sizes.addEventListener("change", () => {
      this.sizes = sizes.checked;
      this.lines(box);
    });
    const box = html("div", {});
    this.lines(box);
    const parts = [box, html("div", { class: "lr-row" }, html("label", {}, sizes, " shapes under the factors"))];
    const held = answer.assumes.flatMap(({ latex, says }, k) => [k ? "; " : "where ", ...(latex ? [formula(latex, latex, this.model), " "] : []), says]);
    if (held.length) parts.push(html("p", { class: "lr-note" }, ...held));
    if (took) parts.unshift(html("p", { class: "lr-note" }, `Taken from how they are used: ${took}. Say otherwise in the table of symbols.`));
    return this.place.replaceChildren(...parts);
  }

  lines(box) {
    const items = this.answer.lines.map(({ latex, sizes, written, rule }, k) => {
      const drawn = formula(this.sizes ? sizes || latex : latex, written, this.model);
      const sign = k && !written.includes(" = ") ? ["= "] : []; // it goes on with the line above
      return html("li", {}, ...sign, drawn, " ", ...(rule ? [html("span", { class: "lr-rule" }, rule)] : []));
    });
    const list = html("ol", {}, ...items);
    box.replaceChildren(list);
    playable(list);
  }

  async follow(hash) {
    if (!this.whole || !hash.startsWith(PREFIX)) return;
    const found = await unpack(PREFIX, hash);
    const words = ["loss", "by", "style"].every((key) => typeof found?.[key] === "string") && Array.isArray(found.rows);
    if (!words) return this.take({ refused: "This link does not hold a derivation that this page can read." });
    const { loss, by, style } = found;
    if (!STYLES.some(([name]) => name === style)) return this.take({ refused: "This link does not hold a derivation that this page can read." });
    const rows = found.rows.filter((row) => Array.isArray(row) && row.every((cell) => typeof cell === "string")).slice(0, 60);
    const asked = { loss, by, style, closed: found.closed === true, rows };
    if (JSON.stringify(asked) !== JSON.stringify(this.state)) this.put(asked);
  }

  close() {
    clearTimeout(this.later);
    this.python.close();
    removeEventListener("hashchange", this.goes);
  }
}

function field(label, tag, attributes) {
  const input = html(tag, { spellcheck: "false", autocapitalize: "off", class: "lr-typed", ...attributes });
  return { input, node: html("label", { class: "lr-field" }, label, input) };
}

function render({ model, el }) {
  let deriver = null;
  styled(el).then(() => (el.deriver = deriver = new Deriver(model, el)));
  return () => deriver?.close();
}

export default { render };
