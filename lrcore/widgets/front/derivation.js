// A derivation that can be played: one line at a time, with what changes marked in the line before and in the new one. Its
// lines stand in the page anyway, each with its reason; without scripts, on paper and for a screen reader they are a list.

import { button } from "./controls.js";
import { html } from "./draw.js";
import { drawsShapes, showShapes } from "./shapes.js";

const PACE = 2200; // milliseconds that a line stands while they go on by themselves
const COLOURS = 4; // of parts that move, which keep theirs

// `list` is an <ol> of lines, each with a formula and, from the second on, its reason in .lr-rule. Lines of the class
// .lr-between can be left out; what says why another holds without them is its reason's data-whole. One that is `begun`
// stands at its first line, where the keys reach it.
export function playable(list, named = "Derivation", begun = false) {
  const derivation = new Derivation(list, named);
  if (begun) {
    derivation.go(0);
    derivation.node.focus({ preventScroll: true });
  }
  return derivation.node;
}

class Derivation {
  constructor(list, named) {
    this.list = list;
    this.every = this.lines = [...list.children];
    const between = this.every.filter((line) => line.matches(".lr-between")).length;
    this.at = null; // the line that is looked at; null while all of them are
    this.clock = 0;
    this.said = html("p", { class: "lr-unseen", role: "status" });
    this.count = html("span", { class: "lr-count", "aria-hidden": "true" });
    this.toggle = button("play the derivation", "play", () => (this.clock ? this.pause() : this.play()));
    this.all = html("button", { type: "button", class: "lr-button", hidden: "" }, "all lines");
    this.all.addEventListener("click", () => this.show(null));
    const row = html(
      "div",
      { class: "lr-row lr-playing" },
      button("first line", "start", () => this.go(0)).node,
      button("one line back", "back", () => this.go(this.now - 1)).node,
      this.toggle.node,
      button("next line", "on", () => this.go(this.now + 1)).node,
      this.count,
      this.all,
      ...(between ? [check("lines between", true, (on) => this.leave(on))] : []),
      ...(drawsShapes(list) ? [check("shapes", false, (on) => showShapes(this.list, on))] : []),
    );
    list.classList.add("lr-lines");
    this.node = html("div", { class: "lr-derivation", role: "group", "aria-label": `${named}, ${this.lines.length} lines`, tabindex: "0" });
    list.replaceWith(this.node);
    this.node.append(list, row, this.said);
    this.listen();
    this.show(null);
  }

  get now() {
    return this.at ?? -1;
  }

  listen() {
    const keys = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    this.node.addEventListener("keydown", (event) => {
      const here = [this.node, this.list].includes(event.target) || (event.target.closest(".lr-playing") && event.key !== " "); // which presses what has the focus
      if (!here || event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key in keys) this.go(this.now + keys[event.key]);
      else if (event.key === " ") this.clock ? this.pause() : this.play();
      else if (event.key === "Home") this.go(0);
      else if (event.key === "End") this.go(this.lines.length - 1);
      else if (event.key === "Escape") this.show(null);
      else return;
      event.preventDefault();
    });
    for (const line of this.every) line.addEventListener("click", () => this.at !== null && this.go(this.lines.indexOf(line))); // a finger on a line
    let from = null; // where a finger came down: to the left leads on, to the right back
    this.list.addEventListener("touchstart", ({ touches }) => (from = touches.length === 1 ? touches[0] : null), { passive: true });
    this.list.addEventListener("touchend", ({ changedTouches: [to] }) => {
      const [x, y] = from ? [to.clientX - from.clientX, to.clientY - from.clientY] : [0, 0];
      if (Math.abs(x) > 40 && Math.abs(x) > 2 * Math.abs(y) && !this.wide(from.target)) this.go(this.now + (x < 0 ? 1 : -1));
    });
    this.list.addEventListener("scroll", () => this.scrolled(), { passive: true });
  }

  // A line that is wider than the page is moved by the finger itself.
  wide(target) {
    const line = target.closest?.("li");
    return line && line.scrollWidth > line.clientWidth + 1;
  }

  // The list was scrolled by hand: the line in its middle is looked at.
  scrolled() {
    if (this.at === null || performance.now() < this.quiet) return;
    const { top, height } = this.list.getBoundingClientRect();
    const middle = top + height / 2;
    const found = this.lines.findIndex((line) => line.getBoundingClientRect().bottom > middle);
    if (found >= 0 && found !== this.at) this.show(found, false);
  }

  // The lines between are looked at, too, or those alone that the page prints.
  leave(whole) {
    const line = this.lines[this.at];
    this.lines = this.every.filter((one) => whole || !one.matches(".lr-between"));
    for (const one of this.every) {
      one.hidden = !this.lines.includes(one);
      const rule = one.querySelector(".lr-rule[data-whole]");
      if (rule) [rule.textContent, rule.dataset.whole] = [rule.dataset.whole, rule.textContent];
    }
    const from = this.every.indexOf(line);
    this.show(line ? this.lines.findIndex((one) => this.every.indexOf(one) >= from) : null);
  }

  play() {
    if (this.now >= this.lines.length - 1) this.go(0);
    else this.go(this.now + 1);
    this.clock = setInterval(() => (this.now >= this.lines.length - 1 || !this.node.isConnected ? this.pause() : this.show(this.now + 1)), PACE);
    this.toggle.show("pause", "pause");
  }

  pause() {
    clearInterval(this.clock);
    this.clock = 0;
    this.toggle.show("play the derivation", "play");
  }

  go(line) {
    this.pause();
    this.show(Math.max(0, Math.min(this.lines.length - 1, line)));
  }

  show(at, follow = true) {
    if (at === null) this.pause();
    this.at = at;
    this.node.classList.toggle("lr-one", at !== null);
    at === null ? this.list.removeAttribute("tabindex") : this.list.setAttribute("tabindex", "0"); // it scrolls now
    this.all.hidden = at === null;
    for (const line of this.every) line.classList.remove("lr-now");
    this.lines.forEach((line, k) => {
      line.classList.toggle("lr-later", at !== null && k > at);
      line.classList.toggle("lr-now", k === at);
      if (k === at) line.setAttribute("aria-current", "step");
      else line.removeAttribute("aria-current");
    });
    this.count.textContent = at === null ? `${this.lines.length} lines` : `${at + 1} / ${this.lines.length}`;
    this.mark();
    this.said.textContent = at === null ? "" : spoken(this.lines[at], at, this.lines.length);
    if (at !== null && follow) this.reach(this.lines[at]);
  }

  // What changes, in the line that this one goes on from and in this one; where it begins with a side of its own, in that.
  mark() {
    for (const one of this.list.querySelectorAll(".lr-changed")) {
      one.classList.remove("lr-changed");
      delete one.dataset.moved;
    }
    if (this.at === null) return;
    const line = this.lines[this.at];
    const before = this.before(line);
    const [left, right] = sidesOf(line);
    if (before === line && left.length) return markChanges(left, right);
    if (!before || before === line) return;
    const theirs = sidesOf(before);
    if (left.length && theirs[0].length) markChanges([...theirs[0], ...theirs[1]], [...left, ...right]);
    else markChanges(theirs[1], right);
  }

  // The line that a line goes on from: itself, where it begins with a side of its own; none, where it is a beginning. What
  // is left out is passed over.
  before(line, asked = line) {
    const k = this.every.indexOf(line);
    const after = line.dataset.after === undefined ? k - 1 : Number(line.dataset.after);
    if (after < 0) return line.dataset.after === undefined ? null : asked;
    if (after === k) return null;
    const known = this.every[after];
    return known.hidden ? this.before(known, asked) : known;
  }

  // The list alone is scrolled, never the page.
  reach(line) {
    this.quiet = performance.now() + 400;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.list.scrollTo({ top: line.offsetTop - this.list.offsetTop - (this.list.clientHeight - line.offsetHeight) / 2, behavior: calm ? "auto" : "smooth" });
  }
}

function check(title, on, changed) {
  const box = html("input", { type: "checkbox" });
  box.checked = on;
  box.addEventListener("change", () => changed(box.checked));
  return html("label", { class: "lr-chosen" }, box, ` ${title}`);
}

// "Line 3 of 7, by the product rule: ..."
function spoken(line, at, count) {
  const rule = line.querySelector(".lr-rule")?.textContent.trim();
  const formula = line.querySelector("mjx-assistive-mml, math, code") ?? line;
  return `Line ${at + 1} of ${count}${rule ? `, by ${rule}` : ""}: ${formula.textContent.trim()}`;
}

// ---------------------------------------------------------------------- what changes between two formulas

// Marks the smallest parts that differ; what stands in both, in another place, has the same colour in both. `before` and
// `after` are rows of parts; what changes are groups of parts side by side, terms or single ones.
export function markChanges(before, after) {
  const [gone, come] = [[], []];
  compareRows(before, after, gone, come);
  for (const part of [...gone, ...come].flat()) part.classList.add("lr-changed");
  const names = gone.map(named);
  let colour = 0;
  for (const group of come) {
    const k = group.some(speaks) ? names.indexOf(named(group)) : -1;
    if (k < 0) continue;
    names[k] = null;
    const own = String(1 + (colour++ % COLOURS));
    for (const part of [...gone[k], ...group]) part.dataset.moved = own;
  }
}

// Terms that stand in both, wherever, are no change but that; the rest is compared part by part.
function compareRows(mine, theirs, gone, come) {
  let [left, right] = unmatched(termsOf(mine), termsOf(theirs));
  for (const term of [...left]) {
    const same = right.find((one) => named(one) === named(term));
    if (!same) continue;
    gone.push(term);
    come.push(same);
    left = left.filter((one) => one !== term);
    right = right.filter((one) => one !== same);
  }
  [left, right] = unmatched(...[left, right].map((terms) => terms.flat().map((part) => [part])));
  if (left.length === 1 && right.length === 1) return compare(left[0][0], right[0][0], gone, come);
  gone.push(...left);
  come.push(...right);
}

function compare(one, other, gone, come) {
  if (nameOf(one) === nameOf(other)) return;
  const [mine, theirs] = [partsOf(one), partsOf(other)];
  if (one.localName === other.localName && mine.length && theirs.length) return compareRows(mine, theirs, gone, come);
  gone.push([one]);
  come.push([other]);
}

// A row taken apart before each plus or minus that is in no brackets.
function termsOf(row) {
  const terms = [[]];
  let depth = 0;
  for (const part of row) {
    const sign = part.matches("mjx-mo, mo") ? nameOf(part) : "";
    depth += Number(/c(28|5B|7B)\b/.test(sign)) - Number(/c(29|5D|7D)\b/.test(sign));
    if (!depth && /c(2B|2212)\b/.test(sign) && terms.at(-1).length) terms.push([]);
    terms.at(-1).push(part);
  }
  return terms;
}

const named = (group) => group.map(nameOf).join(" ").replace(/^mjx-mo\(mjx-cmjx-c2B\(\)\) /, ""); // the first term has no plus
const speaks = (part) => part.matches("mjx-mi, mjx-mn") || part.querySelector("mjx-mi, mjx-mn") !== null;

// The parts of a line on either side of its first sign of equality; a line that goes on has none on the left.
function sidesOf(line) {
  let parts = [line.querySelector("mjx-math, math")].filter(Boolean);
  while (parts.length === 1 && partsOf(parts[0]).length && !isSign(parts[0])) parts = partsOf(parts[0]);
  const at = parts.findIndex(isSign);
  if (at < 0) return [[], parts];
  return [parts.slice(0, at), parts.slice(at + 1)];
}

const isSign = (part) => /^(mjx-)?mo$/.test(part.localName) && /c(3D|2264|2265)\b/.test(nameOf(part));
// What a part holds, without what only wraps it: a box for a shape (see shapes.js), braces round a single thing.
const childrenOf = (node) => [...node.children].map(bare);
const bare = (node) => (node.matches(".lr-shaped") || (node.localName === "mjx-texatom" && node.children.length === 1) ? bare(node.firstElementChild) : node);
const partsOf = (node) => childrenOf(node).filter((child) => !child.matches("mjx-c, mjx-stretchy-v, mjx-assistive-mml"));

// What a part is, wherever it stands: its tags and signs, without spaces around it.
const names = new WeakMap();
function nameOf(node) {
  if (!names.has(node)) {
    const own = [...node.classList].find((one) => one.startsWith("mjx-c"))?.replace(/^mjx-c1D451$/, "mjx-c64"); // d or upright d
    const inner = childrenOf(node);
    names.set(node, `${node.localName}${own ?? ""}(${inner.map(nameOf).join("")}${inner.length ? "" : node.textContent})`);
  }
  return names.get(node);
}

// The groups on either side that are in no longest common row of both.
function unmatched(mine, theirs) {
  const [a, b] = [mine.map(named), theirs.map(named)];
  const length = Array.from({ length: a.length + 1 }, () => new Array(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) for (let j = b.length - 1; j >= 0; j--) length[i][j] = a[i] === b[j] ? length[i + 1][j + 1] + 1 : Math.max(length[i + 1][j], length[i][j + 1]);
  const [left, right] = [[], []];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) [i, j] = [i + 1, j + 1];
    else if (j >= b.length || (i < a.length && length[i + 1][j] >= length[i][j + 1])) left.push(mine[i++]);
    else right.push(theirs[j++]);
  }
  return [left, right];
}
