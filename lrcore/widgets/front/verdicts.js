// What was found for each line: the formula as it is understood, the verdict, and for a line that does not stand the reason,
// the numbers that show it, and the change that mends it.

import { playable } from "./derivation.js";
import { html } from "./draw.js";
import { formula, matrix, sentence } from "./formulas.js";
import { plain } from "./symbols.js";

const SIGN = { PROVED: "✓", STATIONARY: "≠", REFUTED: "✗", ILL_TYPED: "✗", CHECKED: "?", OPEN: "?", UNREADABLE: "…", DEFINITION: ":=", CONDITION: "=" };

export class Verdicts {
  constructor({ model, field, apply, adopt, strike }) {
    this.model = model;
    this.field = field;
    this.apply = apply;
    this.adopt = adopt;
    this.strike = strike;
    this.supposed = html("div", { class: "lr-supposed" });
    this.node = html("ol", { class: "lr-steps", "aria-label": "What was found, line by line" });
  }

  show(answer, pending, confirmed) {
    this.node.replaceChildren(...answer.steps.map((step, k) => this.item(step, k, answer, k === pending, confirmed?.[k])));
  }

  // What the words of the text were taken to suppose, each with a button that strikes it out, or takes it again.
  suppose(found) {
    const key = JSON.stringify(found);
    if (key === this.supposes) return;
    this.supposes = key;
    const lines = found.map(({ written, latex, name, says, line, struck }) => {
      const shown = formula(latex, name, this.model);
      const act = plain(struck ? "Take it again" : "Strike it out", () => this.strike(written, !struck), `${struck ? "take again" : "strike out"}: ${written}`);
      const where = line ? ` (line ${line})` : "";
      return html("li", {}, struck ? html("del", {}, shown, " ", says) : html("span", {}, shown, " ", says), struck ? " is struck out" : where, " ", act);
    });
    this.supposed.replaceChildren(...(found.length ? [html("p", { class: "lr-note" }, "Taken from your text:"), html("ul", {}, ...lines)] : []));
  }

  // Why the lines hold, said when it is known.
  explain(reasons) {
    [...this.node.children].forEach((item, k) => {
      if (reasons[k]) item.querySelector(".lr-stepmath").after(whyOf(reasons[k], this.model));
    });
  }

  item(step, k, answer, waits, confirmed) {
    const first = k === answer.first_wrong && !waits;
    const node = html("li", { class: "lr-step", "data-verdict": waits ? "waits" : step.verdict });
    if (first) node.classList.add("lr-first");
    const line = plain(`line ${step.line}`, () => this.field.select(...step.mark), `line ${step.line}: go there`);
    line.className = "lr-goto";
    const word = html("span", { class: "lr-word" }, html("span", { "aria-hidden": "true" }, waits ? "… " : `${signOf(step)} `), waits ? "being typed" : step.word);
    node.append(html("div", { class: "lr-stephead" }, line, word), html("div", { class: "lr-stepmath" }, formula(step.latex, step.written, this.model, true)));
    if (!waits) this.reasons(node, step);
    if (confirmed) node.append(html("p", { class: "lr-note" }, confirms(confirmed)));
    return node;
  }

  reasons(node, step) {
    const quiet = step.verdict === "PROVED" && step.says === "Holds for all sizes.";
    const better = step.advice && step.says.includes("has no shape"); // of a letter of a word that was meant otherwise
    if (!quiet && !better && step.verdict !== "DEFINITION") node.append(html("p", {}, sentence(step.says)));
    if (step.example) node.append(this.example(step.example));
    if (step.repair) node.append(this.repair(step.repair));
    if (step.advice) node.append(this.advice(step.advice));
    if (step.adopt) node.append(html("p", {}, plain(step.adopt.says, () => this.adopt(step.adopt))));
    if (step.verdict === "PROVED") node.append(proofOf(step));
    if (step.needs.length) node.append(html("p", { class: "lr-note" }, `from line ${[...new Set(step.needs)].join(" and line ")}`));
    if (step.assumes.length) node.append(this.assumes(step.assumes));
    if (step.section && this.model.get("page")) node.append(html("p", {}, html("a", { href: step.section.href }, step.section.says), "."));
    if (step.remarks.length) node.append(html("p", { class: "lr-note" }, `read as words alone: ${step.remarks.join("; ")}`));
  }

  example({ sizes, values, places, left, right }) {
    const named = (list) => list.map(({ name, value }) => `${name} = ${value}`).join(", ");
    const where = [named(sizes), named(places)].filter(Boolean).join("; ");
    const shown = values.map(({ name, latex, rows }) => html("span", { class: "lr-value" }, formula(latex, name, this.model), " = ", matrix(rows, name)));
    const both = [["left side", left], ["right side", right]].map(([name, rows]) => html("span", { class: "lr-value lr-side" }, `${name} = `, matrix(rows, name)));
    return html(
      "div",
      { class: "lr-example" },
      html("p", {}, where ? `It fails with small numbers: ${where}, and` : "It fails with small numbers:"),
      html("div", { class: "lr-values" }, ...shown),
      html("p", {}, "Then"),
      html("div", { class: "lr-values" }, ...both),
    );
  }

  repair({ parts, from, to, text, latex }) {
    const take = plain("Apply this change", () => this.apply(from, to, text));
    return html("div", { class: "lr-repair" }, html("p", {}, ...parts.flatMap(([words, found]) => (found ? [words, formula(found, found, this.model)] : [words]))), html("p", {}, formula(latex, text, this.model, true), " ", take));
  }

  advice({ says, changes }) {
    const buttons = changes.map(([what, from, to, text]) => plain(what, () => this.apply(from, to, text)));
    return html("div", { class: "lr-repair" }, html("p", {}, sentence(says)), ...(buttons.length ? [html("p", {}, ...buttons)] : []));
  }

  assumes(found) {
    const parts = found.flatMap(({ latex, says }, k) => [k ? "; " : "assumes: ", ...(latex ? [formula(latex, latex, this.model), ` ${says}`] : [says])]);
    return html("p", { class: "lr-note" }, ...parts);
  }
}

function signOf({ verdict, statement }) {
  return verdict === "PROVED" && !statement ? "(✓)" : SIGN[verdict];
}

// The rules of a line by name; the lines between are drawn when they are asked for.
function whyOf({ rules, size, how, lines, meant }, model) {
  const named = [...new Set(rules)].join(", ");
  const said = meant || (size === null ? how : size ? `by ${named}` : `by ${how}`);
  if (lines.length < 2) return html("p", { class: "lr-note lr-why" }, said);
  const list = html("ol", {});
  const fold = html("details", { class: "lr-note lr-why" }, html("summary", {}, said, html("span", { class: "lr-more" }, ` show the ${rules.length} steps`)), list);
  fold.addEventListener("toggle", () => {
    if (list.firstChild) return;
    list.append(...lines.map(({ latex, written, rule }) => html("li", {}, formula(latex, written, model), " ", html("span", { class: "lr-rule" }, rule))));
    playable(list, "Why it holds");
  });
  return fold;
}

// What exactly was proved, in index notation, and whether the small checker certified it.
function proofOf({ assurance, statement }) {
  if (!statement) return html("p", { class: "lr-note lr-uncertified" }, assurance);
  return html("details", { class: "lr-note lr-proof" }, html("summary", {}, assurance), html("p", {}, "What exactly was proved: ", html("code", {}, statement)));
}

function confirms({ agrees, how, points }) {
  if (agrees === null) return "sympy gave up on this step.";
  if (!agrees) return "sympy contradicts this: that is an error of the checker. Please report it.";
  return how === "symbolic entries" ? `sympy agrees: symbolic entries at ${points} combinations of sizes, which is a proof.` : `sympy agrees at ${points} exact points.`;
}
