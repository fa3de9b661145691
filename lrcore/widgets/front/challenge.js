// A challenge: what is asked, how far it is, a hint when it is wanted, and what was solved, which the browser keeps.

import { html } from "./draw.js";
import { formula } from "./formulas.js";
import { keep, kept } from "./sharing.js";
import { plain } from "./symbols.js";

const SOLVED = "lrcore-desk-solved"; // a former name: browsers keep under it what was solved

export class Challenge {
  constructor({ checker, place }) {
    this.checker = checker;
    this.place = place;
    this.model = checker.model;
    this.asked = null; // the milestone that a hint was given for, and how often
  }

  tell(id) {
    const found = this.checker.library.challenges.find(([name]) => name === id);
    if (!found) return;
    const [, title, chapter, , first, last, hints, milestones] = found;
    this.id = id;
    this.hints = hints;
    this.asked = null;
    this.list = html("ul", { class: "lr-milestones" });
    this.marked = html("p", { class: "lr-marked-as", role: "status" });
    this.hinted = html("div", { role: "status" });
    const where = this.checker.whole ? [" ", html("a", { href: `${chapter}.html` }, "The chapter it belongs to"), "."] : [];
    const task = html("p", {}, html("strong", {}, `${title}.`), ...this.goal(first, last), " Write every step; the symbols are given.", ...where);
    const buttons = html("div", { class: "lr-row" }, plain("A hint", () => this.hint()), plain("Leave the challenge", () => this.leave()));
    this.place.replaceChildren(html("div", { class: "lr-challenge" }, task, this.list, this.marked, buttons, this.hinted));
    this.show({ milestones: milestones.map((says) => ({ says, reached: false })), says: "", solved: false }, "");
  }

  goal(first, last) {
    const whole = `${first} = ${last}`;
    if (!last.startsWith("w =")) return [" Show that ", formula(whole, whole, this.model), "."];
    return [" Begin with ", formula(first, first, this.model), ", end with ", formula(last, last, this.model), "."];
  }

  leave() {
    const { text, rows } = this.checker.state;
    this.checker.open({ text, rows });
  }

  // What a derivation is worth, as homework marks it.
  show({ milestones, says, solved }, text) {
    if (!this.list) return;
    this.milestones = milestones;
    this.list.replaceChildren(...milestones.map((one) => milestone(one)));
    this.marked.dataset.solved = String(solved);
    const said = text.trim() ? says : "";
    if (this.marked.textContent !== said) this.marked.textContent = said;
    if (!solved) return;
    keep(SOLVED, [...new Set([...(kept(SOLVED) ?? []), this.id])]);
    this.markSolved();
  }

  // The mildest hint for the first milestone that is not reached; a sharper one when asked again.
  hint() {
    const next = this.milestones.findIndex(({ reached }) => !reached);
    if (next < 0) return this.hinted.replaceChildren(html("p", {}, "Nothing is missing."));
    const again = this.asked?.next === next;
    this.asked = { next, count: again ? this.asked.count + 1 : 1 };
    const given = this.hints[next].slice(0, this.asked.count);
    this.hinted.replaceChildren(...given.map((text) => html("p", { class: "lr-hint" }, ...this.mixed(text))));
  }

  // Words with formulas among them, in dollars.
  mixed(text) {
    return text.split("$").map((part, k) => (k % 2 ? formula(part, part, this.model) : part));
  }

  markSolved() {
    const solved = new Set(kept(SOLVED) ?? []);
    for (const link of document.querySelectorAll('a[href^="#challenge="]')) {
      const done = solved.has(link.getAttribute("href").slice(11));
      if (done && !link.querySelector(".lr-done")) link.append(html("span", { class: "lr-done" }, " ✓ solved"));
    }
  }
}

function milestone({ says, reached }) {
  const box = html("span", { "aria-hidden": "true" }, reached ? "☑ " : "☐ ");
  return html("li", { "data-reached": reached }, box, html("span", { class: "lr-unseen" }, reached ? "reached: " : "not yet: "), says);
}
