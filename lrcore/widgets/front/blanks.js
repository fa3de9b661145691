// A derivation with blank lines, which are proved as one types. What was written is kept on the reader's own machine.
// Python (lrcore.checker.blanks) decides; one Python serves all such exercises of a page.

import { playable } from "./derivation.js";
import { html } from "./draw.js";
import { formula, harvest, sentence } from "./formulas.js";
import { keep, kept } from "./sharing.js";
import { styled } from "./styled.js";
import { plain } from "./symbols.js";
import { Verdicts } from "./verdicts.js";

const PAUSE = 500; // milliseconds of rest after which a line is looked at
const RESTED = 2500; // and after which one that does not hold is told so
const KEPT = "lrcore-blanks";
const KEYS = ["^\\top", "\\frac{}{}", "\\partial", "\\sum_{}", "_{}", "(", ")"];

let python = null; // loaded when somebody begins to write
let current = null; // the exercise that is told about what is on its way

class Blanks {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.lines = model.get("lines");
    this.rows = model.get("rows");
    this.name = model.get("name");
    this.blanks = this.lines.flatMap(({ blank }, place) => (blank ? [place] : []));
    this.right = new Map(); // the place of a blank -> what was typed and accepted there, and how the lines below want it
    this.turns = this.lines.map(() => 0);
    this.verdicts = new Verdicts({ model, field: null, apply: null, adopt: null, strike: null });
    const rest = document.createElement("template"); // what stands there for a page without scripts, typeset by the build
    rest.innerHTML = el.held.querySelector("noscript")?.textContent ?? "";
    harvest(rest.content);
    this.draw();
    this.recall();
  }

  draw() {
    this.items = this.lines.map((line, place) => (line.blank ? this.blank(line, place) : this.given(line)));
    this.note = html("p", { class: "lr-progress", role: "status" });
    this.hinted = html("div", { role: "status" });
    const list = html("ol", { class: "lr-blanks" }, ...this.items.map(({ node }) => node));
    const title = this.model.get("title");
    this.el.classList.add("lr-widget");
    const desk = html("div", { class: "lr-desk lr-doing", role: "group", "aria-label": title });
    this.el.append(desk);
    const known = this.model.get("given").flatMap((latex, k) => [k ? ", " : "", formula(latex, latex, this.model)]);
    if (known.length) desk.append(html("p", { class: "lr-given" }, "Here ", ...known, "."));
    desk.append(list);
    if (!this.blanks.length) return playable(list, title);
    const keys = html("div", { class: "lr-row lr-keys", role: "group", "aria-label": "Symbols to put in" }, ...this.keys());
    desk.append(keys, html("div", { class: "lr-row" }, plain("A hint", () => this.hint()), plain("Begin again", () => this.clear())), this.note, this.hinted, this.solution());
    return undefined;
  }

  given({ latex, written, by }) {
    const why = by ? [" ", html("span", { class: "lr-rule" }, by)] : [];
    return { node: html("li", {}, formula(latex, written, this.model), ...why) };
  }

  blank(line, place) {
    const field = html("input", { type: "text", "aria-label": `line ${place + 1}, blank`, spellcheck: "false", autocapitalize: "off", autocomplete: "off", autocorrect: "off" });
    const said = html("output", {});
    const form = html("form", { class: "lr-blank" }, ...(line.head ? [formula(line.head, line.head, this.model)] : []), html("span", {}, "="), field, html("button", { class: "lr-button" }, "Check"));
    const node = html("li", {}, form, said);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.judge(place, true).then((good) => good && this.onwards());
    });
    field.addEventListener("focus", () => {
      this.place = place;
      current = this;
      this.python.then((one) => one.start()).catch((error) => this.tell(error.message));
    });
    field.addEventListener("input", () => this.typed(place));
    field.addEventListener("blur", () => field.value.trim() && !this.right.has(place) && this.judge(place, true));
    return { node, field, said };
  }

  // What a thumb does not find on its keyboard.
  keys() {
    return [...this.rows.map(([name]) => name), ...KEYS].map((text) => {
      const key = plain(text, () => this.put(text), `put in ${text}`);
      key.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps its cursor
      return key;
    });
  }

  put(text) {
    const { field } = this.items[this.open ?? this.blanks[0]];
    const [from, to] = [field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length];
    const hole = text.indexOf("{}");
    field.setRangeText(`${text}${/[A-Za-z]$/.test(text) ? " " : ""}`, from, to, "end");
    if (hole >= 0) field.setSelectionRange(from + hole + 1, from + hole + 1);
    field.focus();
    this.typed(this.open ?? this.blanks[0]);
  }

  // All lines with their rules, to be opened when one has tried.
  solution() {
    const list = html("ol", {});
    const fold = html("details", { class: "lr-fold" }, html("summary", {}, "The lines of the book"), list);
    fold.addEventListener("toggle", () => list.childElementCount || !fold.isConnected || fold.append(playable(this.whole(list), "The lines of the book")));
    return fold;
  }

  whole(list) {
    list.replaceChildren(...this.lines.map((line) => this.given(line).node));
    return list;
  }

  // The blank that is being written, or else the first that is not done.
  get open() {
    if (this.place !== undefined && !this.right.has(this.place)) return this.place;
    return this.blanks.find((place) => !this.right.has(place));
  }

  get python() {
    python ??= import("./connection.js").then(({ connect }) => connect(this.model, (text) => current?.tell(text)));
    return python;
  }

  async ask(request) {
    return (await this.python).ask(request);
  }

  tell(text) {
    this.note.textContent = text;
  }

  // The lines above a blank: those that the reader found, and the book's where none was found yet.
  above(place) {
    return this.lines.slice(0, place).map(({ written }, k) => this.right.get(k)?.written ?? written);
  }

  typed(place) {
    this.mark(place, null);
    this.hinted.replaceChildren();
    this.hintedAt = null;
    this.items[place].said.replaceChildren();
    clearTimeout(this.soon);
    clearTimeout(this.late);
    if (!this.items[place].field.value.trim()) return;
    this.soon = setTimeout(() => this.judge(place, false), PAUSE);
    this.late = setTimeout(() => this.judge(place, true), RESTED);
  }

  // Whether the line in this place is right; one that is not is told why, where the reader has ended it.
  async judge(place, ended) {
    clearTimeout(this.soon);
    if (ended) clearTimeout(this.late);
    const { field, said } = this.items[place];
    const [line, turn] = [field.value, ++this.turns[place]];
    current = this;
    try {
      const following = this.lines.slice(place + 1);
      const stop = following.findIndex(({ blank }) => !blank);
      const after = (stop < 0 ? following : following.slice(0, stop)).map(({ written }) => written);
      const { blank, head, left, size } = this.lines[place];
      const found = await this.ask({ do: "blank", state: { text: this.above(place).join("\n"), rows: this.rows }, line, blank: { blank, head, left, size }, after });
      this.tell("");
      if (turn !== this.turns[place]) return false;
      if (found.right) this.accept(place, line, found);
      else if (ended) this.refuse(place, found);
      return Boolean(found.right);
    } catch (error) {
      said.textContent = error.message;
      return false;
    }
  }

  accept(place, line, { says, latex, also, written }) {
    clearTimeout(this.late);
    this.mark(place, { line, latex, says, written });
    for (let next = place + 1; next <= place + also; next += 1) {
      this.items[next].field.value = line;
      this.mark(next, { line, latex, says: "Your line above says this already.", written });
    }
    keep(KEPT, { ...kept(KEPT), [this.name]: this.blanks.map((one) => this.right.get(one) ?? null) });
    if (this.right.size < this.blanks.length) return;
    this.tell("Every line is proved.");
    this.el.dispatchEvent(new CustomEvent("lr-solved", { bubbles: true }));
  }

  refuse(place, { refused, says, latex, example, repair }) {
    const { said } = this.items[place];
    styled(this.el);
    said.replaceChildren(...(latex ? [html("p", {}, formula(latex, "", this.model))] : []), html("p", {}, sentence(refused ?? says)));
    if (example) said.append(fold("Numbers that show it", this.verdicts.example(example)));
    if (repair) said.append(fold("What would mend it", html("p", {}, sentence(repair.says))));
  }

  mark(place, found) {
    const { node, said } = this.items[place];
    node.toggleAttribute("data-right", Boolean(found));
    if (!found) return this.right.delete(place);
    this.right.set(place, { line: found.line, written: found.written });
    said.replaceChildren(html("span", { class: "lr-right" }, `✓ ${found.says} `), ...(found.latex ? [formula(found.latex, found.line, this.model)] : []));
    return true;
  }

  // By the keyboard from one blank to the next.
  onwards() {
    const next = this.blanks.find((place) => !this.right.has(place));
    if (next !== undefined) this.items[next].field.focus();
  }

  // The rule, then the part it is used on, then the line: one more each time.
  async hint() {
    const place = this.open;
    if (place === undefined) return this.hinted.replaceChildren(html("p", { class: "lr-next-hint" }, "Nothing is missing."));
    const { head, written, latex, by } = this.lines[place];
    const side = written.slice(head.length).replace(/^\s*=/, "");
    const text = [...this.above(place), ...(head ? [`${head} = ${head}`] : [])].join("\n");
    current = this;
    if (this.hintedAt?.text !== text) {
      const known = [{ says: by ? `It uses: ${by}.` : "No rule of the catalogue leads there in one step." }, { says: "The line of the book:", latex, written }];
      const found = await this.ask({ do: "hint", state: { text, rows: this.rows }, wanted: side }).catch((error) => ({ refused: error.message }));
      this.tell("");
      this.hintedAt = { text, count: 0, hints: found.refused ? known : found.hints };
    }
    this.hintedAt.count += 1;
    const shown = this.hintedAt.hints.slice(0, this.hintedAt.count);
    return this.hinted.replaceChildren(...shown.map((one) => html("p", { class: "lr-next-hint" }, one.says, ...(one.latex ? [" ", formula(one.latex, one.written, this.model)] : []))));
  }

  // What was accepted when the reader was here before.
  recall() {
    const lines = kept(KEPT)?.[this.name] ?? [];
    this.blanks.forEach((place, k) => {
      const { line, written } = lines[k] ?? {};
      if (typeof line !== "string" || typeof written !== "string") return;
      this.items[place].field.value = line;
      this.mark(place, { line, written, latex: "", says: "You have found this line." });
    });
  }

  clear() {
    for (const place of this.blanks) {
      this.items[place].field.value = "";
      this.items[place].said.replaceChildren();
      this.mark(place, null);
    }
    this.hinted.replaceChildren();
    this.hintedAt = null;
    keep(KEPT, { ...kept(KEPT), [this.name]: [] });
    this.place = undefined;
    this.items[this.blanks[0]].field.focus();
  }
}

const fold = (title, ...inside) => html("details", {}, html("summary", {}, title), ...inside);

function render({ model, el }) {
  styled(el, "blanks.css").then(() => (el.exercise = new Blanks(model, el)));
  return () => {};
}

export default { render };
