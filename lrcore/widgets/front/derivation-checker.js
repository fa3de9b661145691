// <derivation-checker text="..." table="X : N x M; w : M; L := \|Xw\|^2"> on anybody's page: the checker, with Python in the
// page, in a shadow tree, so that no style gets in or out. It says `verdicts` whenever a text was checked.

import { Checker } from "./checker.js";
import { html } from "./draw.js";

const NOTHING = { steps: [], first_wrong: null, ok: false, summary: "" };
const here = (name) => new URL(name, import.meta.url).href;
const formulas = new CSSStyleSheet(); // how MathJax wants its formulas to look, for all checkers of a page

// Symbols are said as in a comment of the gate: "X : N x M", or "L := ..." for what one stands for; a semicolon or a line each.
function rowsOf(table) {
  const all = table.split(/(?<!\\);|\n/).map((one) => one.trim());
  return all.filter(Boolean).map((one) => {
    const [, name, sign, said] = /^(.*?)\s*(:=|:)\s*(.*)$/s.exec(one) ?? [one, one, ":", ""];
    const symbol = name.replace(/^\$(.*)\$$/s, "$1");
    return sign === ":=" ? [symbol, "", "", said] : [symbol, said, "", ""];
  });
}

// A MathJax of its own, away from the page's, in a frame that is never shown.
let typesetter = null;
function mathjax() {
  typesetter ??= new Promise((resolve, reject) => {
    const frame = html("iframe", { "aria-hidden": "true", tabindex: "-1", srcdoc: "<!doctype html><title>formulas</title>" });
    frame.style.setProperty("display", "none", "important");
    frame.addEventListener("load", () => {
      const { contentWindow: there, contentDocument: page } = frame;
      there.MathJax = { startup: { typeset: false }, chtml: { matchFontHeight: false } };
      const script = page.createElement("script");
      Object.assign(script, { src: here("../mathjax/tex-chtml.js"), onerror: reject, onload: () => there.MathJax.startup.promise.then(() => resolve(there)) });
      page.head.append(script);
    });
    document.documentElement.append(frame);
  });
  return typesetter;
}

// What a formula needs besides itself: rules for the shadow trees, and fonts, which belong to the page or are not found.
function drawn(there) {
  const { sheet } = there.MathJax.chtmlStylesheet();
  const rules = [...sheet.cssRules];
  const faces = rules.filter((rule) => rule instanceof there.CSSFontFaceRule);
  formulas.replaceSync(rules.filter((rule) => !faces.includes(rule)).map(({ cssText }) => cssText).join("\n"));
  const known = new Set([...document.fonts].map(({ family }) => family));
  for (const { style } of faces) {
    const family = style.getPropertyValue("font-family");
    if (!known.has(family)) document.fonts.add(new FontFace(family, style.getPropertyValue("src")));
  }
}

class DerivationChecker extends HTMLElement {
  static observedAttributes = ["text", "table", "layout"];

  connectedCallback() {
    if (this.checker) return;
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [formulas];
    const sheets = ["widgets.css", "checker.css", "derivation-checker.css"].map((name) => html("link", { rel: "stylesheet", href: here(name) }));
    const place = html("div", { class: "lr-embedded" });
    root.replaceChildren(...sheets, place);
    const { text, rows, layout } = this.asked();
    const values = { text, rows, layout_rule: layout, start: "", challenge: "", without: [], answer: NOTHING, page: false, library: { starts: [], conventions: [], cases: [], challenges: [] } };
    const model = { mathjax, drawn, get: (key) => values[key], set: (key, value) => (values[key] = value), on() {}, save_changes() {} };
    this.checker = new Checker(model, place);
    this.seen = new IntersectionObserver((found) => found.some(({ isIntersecting }) => isIntersecting) && this.look());
    this.seen.observe(this);
  }

  // Python is loaded when the checker comes into view with a text, or when somebody writes.
  look() {
    this.seen.disconnect();
    if (this.text.trim()) this.checker.check();
  }

  disconnectedCallback() {
    queueMicrotask(() => {
      if (this.isConnected || !this.checker) return; // it was only moved
      this.seen.disconnect();
      this.checker.close();
      this.checker = null;
    });
  }

  attributeChangedCallback() {
    this.checker?.open(this.asked());
  }

  asked() {
    const given = (name) => this.getAttribute(name) ?? "";
    return { text: given("text"), rows: rowsOf(given("table")), layout: given("layout") || "gradient" };
  }

  // What stands there now; the attributes are what stood there first.
  get text() {
    return this.checker?.state.text ?? this.asked().text;
  }

  set text(value) {
    this.setAttribute("text", value);
  }

  set table(value) {
    this.setAttribute("table", value);
  }

  get table() {
    const rows = this.checker?.state.rows ?? this.asked().rows;
    return rows.map(([name, shape, , body]) => (body ? `${name} := ${body}` : `${name} : ${shape}`)).join("; ");
  }
}

if (!customElements.get("derivation-checker")) customElements.define("derivation-checker", DerivationChecker);
