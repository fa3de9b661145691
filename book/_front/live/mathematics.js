// Mathematics of an output, drawn by the MathJax of the page, or by the site's own where the page came without.
import { file } from "./messages.js";

let loading = null;

export function mathjax() {
  if (window.MathJax?.typesetPromise) return Promise.resolve();
  loading ??= new Promise((resolve, reject) => {
    window.MathJax = { ...window.MathJax, startup: { typeset: false } };
    document.head.append(Object.assign(document.createElement("script"), { src: file("mathjax/tex-chtml.js"), onload: resolve, onerror: reject }));
  }).then(() => window.MathJax.startup.promise);
  return loading;
}

// sympy writes $\displaystyle ...$; MathJax is told \( ... \) on every page, so that prices in dollars stay prices.
export async function typeset(text, place) {
  place.className += " math tex2jax_process output_area";
  place.textContent = text.replace(/^\s*\$\$([\s\S]*)\$\$\s*$/, "\\[$1\\]").replace(/^\s*\$([\s\S]*)\$\s*$/, "\\($1\\)");
  await drawn([place]);
}

// Formulas that an output's HTML brings along, as the book's pages write them; those of a fold when it is opened.
export async function typesetWithin(place) {
  const folds = [...place.querySelectorAll("details:not([open])")];
  for (const fold of folds) fold.addEventListener("toggle", () => typesetWithin(fold), { once: true });
  const formulas = [...place.querySelectorAll(".math")].filter((one) => !one.querySelector("mjx-container"));
  const seen = formulas.filter((one) => !one.closest("details:not([open])"));
  if (seen.length) await drawn(seen);
}

async function drawn(places) {
  await mathjax();
  await window.MathJax.typesetPromise(places);
}
