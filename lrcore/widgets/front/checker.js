// The checker of a derivation of one's own. Python (lrcore.checker) decides; what stands here draws, and carries questions there.

import { Challenge } from "./challenge.js";
import { connect, Stopped } from "./connection.js";
import { choice } from "./controls.js";
import { html } from "./draw.js";
import { Field } from "./field.js";
import { formula, harvest } from "./formulas.js";
import { fromHash, keep, kept, sound, toHash } from "./sharing.js";
import { styled } from "./styled.js";
import { plain, Symbols } from "./symbols.js";
import { takeaway } from "./takeaway.js";
import { Verdicts } from "./verdicts.js";

const LAYOUTS = [["gradient", "gradient: shape of its variable"], ["jacobian", "Jacobian: gradients are rows"], ["denominator", "denominator: Jacobians transposed"]];
const PAUSE = 250; // milliseconds of rest after which a text is checked
const TYPED = 1500; // and after which an unfinished line counts as finished
const KEPT = "lrcore-desk"; // the name it once had, as in lr-desk below: under it browsers keep what was written
const PROVED_MEANS =
  "“Holds” means proved, for matrices of every size and for all values: both sides were brought to a normal form that is the same only if they are equal. " +
  "Exact arithmetic at small points, which shares no code with that, had tried to refute the line first. “Not proved” is less: the sides agree wherever they were tried. " +
  "What a proof assumes, such as that an inverse exists, stands below the line.";

// Which entry of the browser's history this is; where the browser does not tell, none that was seen before.
const entry = () => window.navigation?.currentEntry?.key ?? {};

// A text without its last line while that is the left side of an equation to come.
function finished(text) {
  const cut = text.lastIndexOf("\n");
  return cut > 0 && !/[=<>≤≥≈]|\\[lg]eq?\b/.test(text.slice(cut)) ? text.slice(0, cut) : text;
}

export class Checker {
  constructor(model, el) {
    this.model = model;
    this.el = el;
    this.library = model.get("library");
    this.whole = model.get("page") && !model.widget_manager;
    this.state = { text: model.get("text"), rows: model.get("rows"), layout: model.get("layout_rule"), start: model.get("start"), challenge: model.get("challenge"), without: model.get("without") };
    this.stood = new Map(); // what stood there when an entry of the browser's history was left
    this.entry = entry();
    this.initial = { text: this.state.text, rows: this.state.rows, start: this.state.start };
    this.answer = model.get("answer");
    this.python = connect(model, (text) => this.progress(text));
    this.turn = this.done = 0; // the newest check, and the newest that has ended
    harvest(el.held);
    this.draw();
    this.refresh();
    this.take(this.answer);
    this.listen();
  }

  // ------------------------------------------------------------------ what is drawn once

  draw() {
    this.field = new Field({ label: "Your derivation, in LaTeX or as in NumPy", changed: (text) => this.typed(text), focused: () => this.warm(), pasted: (text) => this.pasted(text), left: () => this.rest() });
    this.symbols = new Symbols({ model: this.model, changed: (rows) => this.change({ rows }) });
    this.verdicts = new Verdicts({
      model: this.model,
      field: this.field,
      apply: (from, to, text) => this.field.replace(from, to, text),
      adopt: ({ row, definition }) => this.change({ rows: this.state.rows.map((one, k) => (k === row ? [one[0], "", one[2], definition] : one)) }),
      strike: (written, out) => this.change({ without: [...this.state.without.filter((one) => one !== written), ...(out ? [written] : [])] }),
    });
    this.summary = html("p", { class: "lr-summary", role: "status" });
    this.python.note = html("p", { class: "lr-progress", role: "status" });
    this.told = html("div", { class: "lr-told" });
    this.challenge = new Challenge({ checker: this, place: this.told });
    this.questions = this.symbols.asked;
    const symbols = html("details", { class: "lr-fold" }, html("summary", {}, "Symbols: what the checker takes for given"), this.symbols.node);
    symbols.open = this.el.clientWidth === 0 || this.el.clientWidth > 600; // on a phone it waits to be asked for
    const means = html("details", { class: "lr-fold" }, html("summary", {}, "What does “holds” mean?"), html("p", {}, PROVED_MEANS, " ", ...this.proofLink()));
    const left = html("div", { class: "lr-side-write" }, this.field.node, this.questions);
    const right = html("div", { class: "lr-side-read" }, this.summary, this.python.note, this.verdicts.supposed, this.verdicts.node, means, this.confirmRow());
    this.el.classList.add("lr-widget");
    this.el.append(html("div", { class: "lr-desk", role: "group", "aria-label": "Derivation checker" }, this.toolbar(), this.told, html("div", { class: "lr-both" }, left, right), symbols, takeaway(this)));
  }

  proofLink() {
    if (!this.whole) return [];
    return [html("a", { href: "proof.html" }, "The theorem behind it, with its proof"), "."];
  }

  toolbar() {
    const { starts, conventions } = this.library;
    this.choices = {
      start: choice("start from", [["", "your own table"], ...starts.map(([id, title]) => [id, title])], this.state.start, (id) => this.begin(id)),
      loss: choice("loss", [["", "as in the table"], ...conventions.map(([name]) => [name, name.replace("_", " ")])], "", (name) => this.convention(name)),
      layout: choice("layout", LAYOUTS, this.state.layout, (layout) => this.change({ layout })),
    };
    const afresh = plain("Clear", () => this.open({ text: "", rows: [], layout: "gradient", start: "blank", challenge: "" }));
    return html("div", { class: "lr-row lr-settings" }, ...Object.values(this.choices).map(({ node }) => node), afresh);
  }

  confirmRow() {
    const button = plain("Ask sympy as well", () => this.confirm());
    this.hints = html("div", { role: "status" });
    return html("div", {}, html("div", { class: "lr-row" }, plain("A hint for the next line", () => this.hint()), button), this.hints);
  }

  // What comes after the last line that holds: the rule, then the part it is used on, then the line; one more each time.
  async hint() {
    const { text, rows, layout, challenge, without } = this.state;
    const about = JSON.stringify([text, rows, layout, without]);
    try {
      if (this.hinted?.about !== about) this.hinted = { about, count: 0, found: await this.python.ask({ do: "hint", state: { text, rows, layout, without }, challenge }) };
    } catch (error) {
      return this.progress(error.message);
    }
    const { refused, hints = [] } = this.hinted.found;
    this.hinted.count += 1;
    const given = refused ? [{ says: refused }] : hints.slice(0, this.hinted.count);
    this.hints.replaceChildren(...given.map(({ says, latex, written }) => html("p", { class: "lr-next-hint" }, says, ...(latex ? [" ", formula(latex, written, this.model)] : []))));
  }

  // ------------------------------------------------------------------ what changes

  // Start from a table; a text that stands there already stays.
  begin(id) {
    const found = this.library.starts.find(([name]) => name === id);
    this.change({ start: id, challenge: "", ...(found ? { rows: found[2] } : {}) });
  }

  convention(name) {
    const factor = this.library.conventions.find(([one]) => one === name)?.[1];
    const scaled = this.library.starts.find(([id]) => id === this.state.start)?.[3];
    if (!factor || !scaled) return;
    const last = this.state.rows.length - 1;
    this.change({ rows: this.state.rows.map((row, k) => (k === last ? [row[0], "", row[2], factor === "1" ? scaled : `${factor} ${scaled}`] : row)) });
  }

  // Another derivation in place of this one.
  open(state, told = []) {
    Object.assign(this.state, { challenge: "", layout: "gradient", start: "", without: [] }, state);
    this.told.replaceChildren(...told);
    this.hints.replaceChildren();
    this.refresh();
    this.changed();
    this.check();
  }

  change(part) {
    Object.assign(this.state, part);
    if (part.rows && !part.start && !this.sameAsStart()) this.state.start = "";
    this.refresh();
    this.changed();
    this.check();
  }

  sameAsStart() {
    const found = this.library.starts.find(([id]) => id === this.state.start);
    return found && (this.state.start === "blank" || JSON.stringify(found[2].map((row) => row[0])) === JSON.stringify(this.state.rows.map((row) => row[0])));
  }

  refresh() {
    const { text, rows, layout, start, challenge } = this.state;
    this.field.text = text;
    this.symbols.show(rows, Boolean(challenge));
    this.choices.start.set(start);
    this.choices.layout.set(layout);
    const scaled = Boolean(this.library.starts.find(([id]) => id === start)?.[3]);
    this.choices.loss.node.hidden = !scaled || Boolean(challenge);
    const body = rows.at(-1)?.[3] ?? "";
    const now = this.library.conventions.find(([, factor]) => factor !== "1" && body.startsWith(factor))?.[0];
    this.choices.loss.set(scaled ? (now ?? "sum") : "");
    this.choices.start.node.hidden = Boolean(challenge) || !this.library.starts.length;
  }

  typed(text) {
    this.state.text = text;
    this.hints.replaceChildren();
    this.changed();
    this.waits(true);
    this.typing = true;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => this.rest(), TYPED);
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.check(), PAUSE);
  }

  // What is shown belongs to an older text for a moment, and looks so.
  waits(so) {
    this.el.classList.toggle("lr-waits", so);
  }

  // The hand rests: an unfinished line is a line now.
  rest() {
    if (!this.typing) return;
    this.typing = false;
    clearTimeout(this.resting);
    if (this.soon) this.check();
    else if (this.answered === this.state.text) this.take(this.answer);
  }

  // Whether what is shown is what was written.
  get settled() {
    return !this.typing && !this.soon && this.done === this.turn;
  }

  // A post pasted into an empty field brings its own symbols: they are read from it, and the table can be had back.
  pasted(text) {
    const { start, rows, challenge } = this.state;
    if (challenge || !rows.length || !/\$|\\\[|\\begin/.test(text)) return;
    const back = plain("Take the table back", () => (this.told.replaceChildren(), this.change({ start, rows })));
    this.change({ start: "blank", rows: [] });
    this.told.replaceChildren(html("p", { class: "lr-note" }, "The symbols are read from your text, and what it does not say is guessed below it. ", back));
  }

  changed() {
    const { text, rows, layout, start, challenge, without } = this.state;
    for (const [key, value] of Object.entries({ text, rows, layout_rule: layout, start, challenge, without })) this.model.set(key, value);
    this.model.save_changes();
    if (!this.whole) return;
    this.touched = true;
    this.whence = location.hash;
    clearTimeout(this.later);
    this.later = setTimeout(() => this.remember(), 800);
  }

  // The address holds what is written, unless the reader has followed a link since.
  async remember() {
    keep(KEPT, this.state);
    const hash = await toHash(this.state);
    if (hash && location.hash === this.whence) history.replaceState(history.state, "", hash);
  }

  // ------------------------------------------------------------------ asking Python

  progress(text) {
    if (this.python.note) this.python.note.textContent = text;
  }

  warm() {
    this.python.start().catch((error) => this.progress(error.message));
  }

  async check() {
    if (this.answered !== this.state.text) this.waits(true);
    clearTimeout(this.soon);
    this.soon = null;
    const turn = ++this.turn;
    const { rows, layout, challenge, without } = this.state;
    const asked = { do: "check", state: { text: this.typing ? finished(this.state.text) : this.state.text, rows, layout, without }, challenge };
    try {
      const answer = await this.python.ask(asked);
      if (!answer || turn !== this.turn) return;
      this.progress("");
      if (answer.refused) return this.refuse(answer.refused);
      this.confirmed = this.reasons = null;
      this.take(answer);
      this.tell(asked.state.text);
      if (challenge) await this.judge(turn);
      await this.explain(asked.state, challenge, turn);
    } catch (error) {
      if (turn === this.turn) this.refuse(error instanceof Stopped ? error.message : `The check did not end well: ${error.message}`);
    } finally {
      this.done = Math.max(this.done, turn);
    }
  }

  refuse(sentence) {
    this.progress("");
    this.take({ steps: [], first_wrong: null, ok: false, summary: sentence, mathematics: [], questions: [], problems: {} });
    this.tell(this.state.text);
  }

  // What was found, for whoever listens on the page.
  tell(text) {
    const { ok, summary, steps } = this.answer;
    const detail = { text, ok, summary, steps: steps.map(({ line, verdict, written, says }) => ({ line, verdict, written, says })) };
    this.el.dispatchEvent(new CustomEvent("verdicts", { detail, bubbles: true, composed: true }));
  }

  take(answer) {
    this.answer = answer;
    this.answered = this.state.text;
    this.waits(false);
    const wrong = answer.first_wrong;
    const unfinished = this.typing && wrong !== null && ["UNREADABLE", "ILL_TYPED"].includes(answer.steps[wrong].verdict) && answer.steps[wrong].line === this.field.line;
    const pending = unfinished ? wrong : null;
    this.field.show(answer, pending);
    this.verdicts.show(answer, pending, this.confirmed);
    this.verdicts.suppose(answer.hypotheses ?? []);
    if (this.reasons) this.verdicts.explain(this.reasons);
    this.symbols.questions(answer.questions ?? []);
    this.symbols.problems(answer.problems ?? {});
    if (!this.typing || answer.ok) this.say(answer);
  }

  // Said when the hand rests, and once.
  say(answer) {
    this.summary.dataset.ok = answer.ok;
    const said = answer.summary || "Write a derivation, a line each. Each line is checked as you type.";
    const derive = this.whole && !this.state.text.trim() && !this.state.challenge; // an empty box
    if (this.summary.textContent.startsWith(said) && derive === Boolean(this.summary.querySelector("a"))) return;
    this.summary.replaceChildren(said, ...(derive ? [" Or ", html("a", { href: "derive.html" }, "have one derived for you"), "."] : []));
  }

  async judge(turn) {
    const { text, rows, layout, challenge } = this.state;
    const found = await this.python.ask({ do: "judge", state: { text, rows, layout }, challenge });
    if (turn === this.turn && !found.refused) this.challenge.show(found, text);
  }

  // Why each line holds comes after its verdict, when the hand rests.
  async explain(state, challenge, turn) {
    if (!this.answer.steps.some(({ verdict }) => ["PROVED", "REFUTED"].includes(verdict))) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
    if (turn !== this.turn) return;
    const found = await this.python.ask({ do: "why", state, challenge });
    if (turn !== this.turn || !found?.reasons) return;
    this.reasons = found.reasons;
    this.verdicts.explain(this.reasons);
  }

  async confirm() {
    this.progress("sympy is on its way, 7 MB …");
    try {
      await this.python.load("sympy", "mpmath");
      const { text, rows, layout, challenge, without } = this.state;
      const found = await this.python.ask({ do: "confirm", state: { text, rows, layout, without }, challenge });
      this.confirmed = found.confirmations;
      this.progress("");
      this.take(this.answer);
    } catch (error) {
      this.progress(error.message);
    }
  }

  // ------------------------------------------------------------------ gallery, challenges, links

  async listen() {
    const taken = (key, name) => this.model.on(`change:${key}`, () => this.followed(key, name));
    for (const [key, name] of [["text", "text"], ["rows", "rows"], ["layout_rule", "layout"], ["without", "without"]]) taken(key, name);
    if (this.state.challenge) this.challenge.tell(this.state.challenge);
    if (this.model.get("page") && !this.whole) document.addEventListener("click", (this.clicked = (event) => this.chosen(event)));
    if (!this.whole) return;
    this.goes = () => this.moved();
    addEventListener("hashchange", this.goes);
    this.challenge.markSolved();
    if (await this.follow(location.hash)) return;
    const last = sound(kept(KEPT));
    if (!last?.text) return;
    const fresh = plain("Start from the example again", () => this.open(this.initial));
    this.open(last, [html("p", { class: "lr-note" }, "This is what you wrote last time. ", fresh)]);
    if (last.challenge) this.challenge.tell(last.challenge);
  }

  // Another address: where the reader goes back, what stood there; else what the address says.
  async moved() {
    this.stood.set(this.entry, { ...this.state });
    this.entry = entry();
    const { hash } = location;
    const before = this.stood.get(this.entry) ?? (hash ? null : this.initial);
    if ((!before || /^#(case|challenge)=/.test(hash)) && (await this.follow(hash))) return;
    if (!before || (before.text === this.state.text && before.challenge === this.state.challenge)) return;
    this.open(before);
    if (before.challenge) this.challenge.tell(before.challenge);
  }

  // In a notebook the address belongs to the notebook: a link of the gallery is followed by its click.
  chosen(event) {
    const link = event.target.closest?.('a[href*="#case="], a[href*="#challenge="]');
    if (!link) return;
    event.preventDefault();
    this.follow(link.getAttribute("href").replace(/^.*#/, "#"));
  }

  // The kernel has set a trait.
  followed(key, name) {
    const value = this.model.get(key);
    if (JSON.stringify(value) === JSON.stringify(this.state[name])) return;
    this.state[name] = value;
    this.refresh();
    this.check();
  }

  async follow(hash) {
    const [, kind, id] = /^#(case|challenge)=([\w-]+)$/.exec(hash) ?? [];
    if (kind === "case") return this.openCase(id);
    if (kind === "challenge") return this.openChallenge(id);
    const state = await fromHash(hash);
    if (!state) {
      if (hash.startsWith("#check=")) this.told.replaceChildren(html("p", { class: "lr-note" }, "This link does not hold a derivation that this page can read. Ask for it again, or paste the text."));
      return false;
    }
    if (state.text === this.state.text && JSON.stringify(state.rows) === JSON.stringify(this.state.rows)) return true;
    this.open(state);
    if (state.challenge) this.challenge.tell(state.challenge);
    return true;
  }

  openCase(id) {
    const found = this.library.cases.find(([name]) => name === id);
    if (!found) return false;
    const [, title, rows, text, notice] = found;
    this.open({ text, rows }, [html("p", { class: "lr-notice" }, html("strong", {}, `${title}. `), notice)]);
    this.show();
    return true;
  }

  openChallenge(id) {
    const found = this.library.challenges.find(([name]) => name === id);
    if (!found) return false;
    this.open({ text: "", rows: found[3], challenge: id });
    this.challenge.tell(id);
    this.show();
    return true;
  }

  show() {
    this.el.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
    this.field.area.focus({ preventScroll: true });
  }

  close() {
    this.python.close();
    if (this.goes) removeEventListener("hashchange", this.goes);
    if (this.clicked) document.removeEventListener("click", this.clicked);
    for (const clock of [this.resting, this.soon, this.later]) clearTimeout(clock);
  }
}

function render({ model, el }) {
  let checker = null;
  styled(el).then(() => (el.checker = checker = new Checker(model, el)));
  return () => checker?.close();
}

export default { render };
