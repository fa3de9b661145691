// The buttons that take a derivation away: as a link, as LaTeX, as Markdown with its verdicts, as a cell, on paper.

import { html } from "./draw.js";
import { toHash } from "./sharing.js";
import { plain } from "./symbols.js";

export function takeaway(checker) {
  const said = html("p", { class: "lr-note", role: "status" });
  const as = (title, name) => plain(title, () => copyAs(checker, name, said));
  const buttons = [as("Copy as LaTeX", "latex"), as("Copy as Markdown", "markdown"), as("Copy as a notebook cell", "cell"), as("I think this verdict is wrong", "report"), plain("Print", () => window.print())];
  if (checker.whole) buttons.unshift(plain("Copy a link to this", () => copyLink(checker, said)));
  return html("div", {}, html("div", { class: "lr-row" }, ...buttons), said);
}

async function copyAs(checker, name, said) {
  const { text, rows, layout, without } = checker.state;
  said.textContent = "";
  try {
    const found = await checker.python.ask({ do: "export", as: name, state: { text, rows, layout, without } });
    await copy(found.text ?? found.refused, said);
  } catch (error) {
    said.textContent = error.message;
  }
}

async function copyLink(checker, said) {
  const hash = await toHash(checker.state);
  await copied(hash && new URL(hash, location.href.split("#")[0]).href, said);
}

export const copied = (text, said) => (text ? copy(text, said) : (said.textContent = "This is too long for a link; copy it as Markdown instead."));

async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text);
    said.textContent = "Copied.";
  } catch {
    const area = html("textarea", { class: "lr-copy", readonly: "", "aria-label": "The text to copy", rows: "6" });
    area.value = text;
    said.replaceChildren("The browser does not let this page copy; take it from here: ", area);
    area.select();
  }
}
