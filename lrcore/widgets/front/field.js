// The field: a plain text area, which every keyboard, phone and screen reader knows. Behind it lies the same text, letter on
// letter, with the number and the verdict of each line at its left and the first mistake marked.

import { html } from "./draw.js";

const SIGNS = { PROVED: "✓", STATIONARY: "≠", REFUTED: "✗", ILL_TYPED: "✗", CHECKED: "?", OPEN: "?", UNREADABLE: "…", DEFINITION: ":=", CONDITION: "=" };
const RANK = ["REFUTED", "STATIONARY", "ILL_TYPED", "UNREADABLE", "OPEN", "CHECKED", "PROVED", "CONDITION", "DEFINITION"];

// A press elsewhere takes the focus away. What moves under the finger before it is lifted would lose the click.
function onceReleased(root, then) {
  if (![document, root].some((one) => one.querySelector("a:active, button:active, summary:active"))) return then();
  addEventListener("pointerup", () => setTimeout(then), { once: true, capture: true });
}

export class Field {
  constructor({ label, changed, focused, pasted, left }) {
    this.area = html("textarea", {
      class: "lr-area", "aria-label": label, spellcheck: "false", autocapitalize: "off", autocomplete: "off", autocorrect: "off", rows: "1",
    });
    this.back = html("div", { class: "lr-back", "aria-hidden": "true" });
    this.node = html("div", { class: "lr-text" }, this.back, this.area);
    this.marks = new Map(); // what a line says -> its verdict: a line that is typed on loses its own
    this.fault = null;
    this.area.addEventListener("input", () => {
      this.fault = null;
      this.draw();
      changed(this.area.value);
    });
    this.area.addEventListener("focus", focused, { once: true });
    this.area.addEventListener("blur", () => onceReleased(/** @type {Document} */ (this.node.getRootNode()), left));
    this.area.addEventListener("paste", () => {
      if (!this.text.trim()) setTimeout(() => pasted(this.text));
    });
    this.draw();
  }

  get text() {
    return this.area.value;
  }

  set text(value) {
    if (value === this.area.value) return;
    this.area.value = value;
    this.fault = null;
    this.draw();
  }

  // Put text in the place of a part, as typing would: Ctrl-Z takes it back.
  replace(from, to, text) {
    this.area.focus();
    this.area.setSelectionRange(from, to);
    const before = this.area.value;
    if (!document.execCommand("insertText", false, text) || this.area.value === before) {
      this.area.setRangeText(text, from, to, "end");
      this.area.dispatchEvent(new Event("input"));
    }
  }

  select(from, to) {
    this.area.focus();
    this.area.setSelectionRange(from, to);
  }

  // The line (from 1) in which the cursor stands.
  get line() {
    return this.area.value.slice(0, this.area.selectionStart).split("\n").length;
  }

  show(answer, pending) {
    const lines = this.area.value.split("\n");
    this.marks.clear();
    answer.steps.forEach((step, k) => {
      const text = lines[step.line - 1];
      const old = this.marks.get(text)?.verdict;
      const waits = pending === k;
      if (old === undefined || RANK.indexOf(step.verdict) < RANK.indexOf(old)) this.marks.set(text, { verdict: step.verdict, waits });
    });
    const wrong = answer.first_wrong;
    this.fault = wrong === null || wrong === pending ? null : answer.steps[wrong].mark;
    this.draw();
  }

  draw() {
    let at = 0;
    const lines = this.area.value.split("\n").map((text) => {
      const mark = this.marks.get(text);
      const line = html("div", { class: "lr-textline" }, ...this.faulty(text, at));
      if (mark) {
        line.dataset.sign = mark.waits ? "…" : SIGNS[mark.verdict];
        line.dataset.verdict = mark.waits ? "waits" : mark.verdict;
      }
      at += text.length + 1;
      return line;
    });
    this.back.replaceChildren(...lines);
  }

  faulty(text, at) {
    const [from, to] = this.fault ?? [-1, -1];
    const [start, end] = [Math.max(from - at, 0), Math.min(Math.max(to, from + 1) - at, text.length)];
    if (from < 0 || start >= end) return [text || "\u200b"];
    return [text.slice(0, start), html("mark", {}, text.slice(start, end)), text.slice(end)];
  }
}
