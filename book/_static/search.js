// The search of equations and symbols, above the one of words: how they are written, in TeX, as in numpy, or by name.
const here = import.meta.url;
const MOST = 12;
const GREEK = { α: "alpha", β: "beta", δ: "delta", η: "eta", κ: "kappa", λ: "lambda", σ: "sigma", ε: "epsilon" };

// One way of writing for all: X^\top r, X^T r, Xᵀr and X.T @ r become X^Tr; \frac{\partial L}{\partial w} becomes dL/dw.
export function written(text) {
  return text
    .replace(/\\(begin|end)\{\w+\}|\\(left|right|displaystyle|quad|qquad|[,;!])|&|\\\\/g, "")
    .replace(/\\hat\s*(\{\s*(\w)\s*\}|(\w))/g, "$2$3_hat")
    .replace(/\\(mathbf|mathrm|operatorname|text)\s*/g, "")
    .replace(/\\partial|∂/g, "d")
    .replace(/\\[dt]?frac\s*(\{[^{}]*\}|\d)\s*(\{[^{}]*\}|\w)/g, "$1/$2")
    .replace(/\\top|⊤/g, "T")
    .replace(/ᵀ|\.T\b|'/g, "^T")
    .replace(/[αβδηκλσε]/g, (letter) => GREEK[letter])
    .replace(/[{}\s\\@·]|\*(?!\*)/g, "");
}

// How well a place answers, or -Infinity. A sign or a short word is looked for in formulas, a longer word in what is said.
export function rank(place, query) {
  const asked = written(query);
  const formula = written(place.tex);
  if (place.symbol && formula.split(",").includes(asked)) return 1000;
  const words = query.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? [];
  const [said, names] = [place.said, `${place.label ?? ""} ${place.section ?? ""}`].map((text) => text.toLowerCase());
  const everywhere = (text) => words.length > 0 && words.every((word) => text.includes(word));
  if (/[\^_\\=/*@'ᵀ∂]|^.{1,2}$/.test(query) && formula.includes(asked)) return 500 - formula.length;
  const named = words.filter((word) => place.label?.split(" ").includes(word)).length; // "normal" is a word of closed-normal
  if (everywhere(`${names} ${said}`)) return 200 + 100 * named + (place.symbol ? 50 : 0) - (place.label ?? said).length;
  return -Infinity;
}

const mathematics = (text) => text.replace(/\{(doc|eq|ref)\}`([^`]*)`/g, "$2").replace(/[*`]/g, "");

async function item(place, typeset) {
  const link = Object.assign(document.createElement("a"), { href: new URL(`../${place.url}`, here) });
  link.textContent = place.symbol ? `${place.page}: the symbols` : `${place.page}: ${mathematics(place.section)}`;
  const [formula, said, one] = ["div", "p", "li"].map((name) => document.createElement(name));
  await pieces(said, mathematics(place.said), typeset);
  await typeset(`$$${place.tex}$$`, formula);
  one.append(link, formula, said);
  return one;
}

// Prose with formulas between dollars.
async function pieces(target, text, typeset) {
  for (const [number, piece] of text.split("$").entries()) {
    const span = document.createElement("span");
    number % 2 ? await typeset(`$${piece}$`, span) : (span.textContent = piece);
    target.append(span);
  }
}

async function search(query) {
  const section = document.querySelector("#places");
  const places = await (await fetch(new URL("places.json", here))).json();
  const ranked = places.map((place) => [rank(place, query), place]).filter(([value]) => value > -Infinity);
  const best = ranked.sort(([a], [b]) => b - a).slice(0, MOST);
  if (!best.length) return;
  const { typeset } = await import(new URL("live/mathematics.js", here).href);
  const items = [];
  for (const [, place] of best) items.push(await item(place, typeset));
  const list = document.createElement("ol");
  list.append(...items);
  const more = ranked.length > MOST ? `, the best ${MOST} of ${ranked.length}` : "";
  section.append(Object.assign(document.createElement("h2"), { textContent: `Equations and symbols${more}` }), list);
}

const query = new URLSearchParams(location.search).get("q")?.trim();
if (query) await search(query);
