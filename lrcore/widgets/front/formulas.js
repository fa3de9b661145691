// Formulas, typeset by the MathJax of the page, by one that the model brings, or by that of JupyterLab; where none is there they
// stay as they were typed.
// What comes here went through lrcore.checker.typeset: commands of mathematics alone.

import { html } from "./draw.js";

const drawn = new Map();
let loading = null;

function mathjax() {
  if (window.MathJax?.tex2chtmlPromise) return Promise.resolve(window);
  loading ??= new Promise((resolve, reject) => {
    const src = new URL("../mathjax/tex-chtml.js", import.meta.url);
    if (!window.MathJax?.startup) window.MathJax = { ...window.MathJax, startup: { typeset: false }, chtml: { matchFontHeight: false } };
    if (document.querySelector('script[src*="tex-chtml"]')) return resolve();
    document.head.append(Object.assign(document.createElement("script"), { src, onload: resolve, onerror: reject }));
  }).then(async () => {
    while (!window.MathJax?.startup?.promise) await new Promise((resolve) => setTimeout(resolve, 50));
    await window.MathJax.startup.promise;
    return window;
  });
  return loading;
}

// An element with the formula in it, by and by; `plain` is what stands there until then.
export function formula(latex, plain, model, display = false) {
  const node = html("span", { class: "lr-formula" });
  const key = `${display} ${latex}`;
  if (drawn.has(key)) node.append(drawn.get(key).cloneNode(true));
  else {
    node.append(html("code", {}, plain || latex));
    if (latex) typeset(node, latex, model, display).catch(() => {});
  }
  return node;
}

// Formulas that were typeset while the book was built: the page comes with those of its first derivation.
export function harvest(held) {
  for (const place of held?.querySelectorAll("[data-latex]") ?? []) {
    const made = place.querySelector("mjx-container");
    if (made) drawn.set(`${place.localName === "div"} ${place.dataset.latex}`, made);
  }
}

async function typeset(node, latex, model, display) {
  const lab = model.widget_manager?._rendermime?.latexTypesetter;
  if (lab) {
    node.textContent = `$${latex}$`;
    lab.typeset(node);
    return;
  }
  if (model.widget_manager && !window.MathJax) return;
  const there = await (model.mathjax ?? mathjax)();
  const made = await there.MathJax.tex2chtmlPromise(latex, { display });
  if (made.querySelector("mjx-merror, [data-mjx-error]")) return;
  for (const one of [made, ...made.querySelectorAll("[tabindex]")]) one.removeAttribute("tabindex");
  there.MathJax.startup.document.clear();
  there.MathJax.startup.document.updateDocument();
  model.drawn?.(there);
  if (drawn.size > 600) drawn.clear();
  drawn.set(`${display} ${latex}`, made);
  node.replaceChildren(made.cloneNode(true));
}

// A sentence, in which `back ticks` are code.
export function sentence(text) {
  const parts = text.split("`");
  const even = parts.length % 2 ? parts : [...parts.slice(0, -2), parts.slice(-2).join("`")];
  return html("span", {}, ...even.map((part, k) => (k % 2 ? html("code", {}, part) : part)));
}

// Numbers as a matrix.
export function matrix(rows, label) {
  const table = html("table", { class: "lr-matrix", "aria-label": `${label}, ${rows.length} by ${rows[0]?.length ?? 0}` });
  for (const row of rows) {
    const line = html("tr", {});
    for (const value of row) line.append(html("td", {}, String(value).replace("-", "−")));
    table.append(line);
  }
  return table;
}
