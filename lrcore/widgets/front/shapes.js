// The shape of each matrix and column under its letter, as the page's table of symbols says it.

// The signs that a part of a formula is made of, which MathJax names by their codes.
const signs = (part) => [...part.querySelectorAll("mjx-c")].map((one) => one.classList[0]).join(" ");
const TRANSPOSED = "mjx-c22A4";

let known = null;
function shapes() {
  if (known) return known;
  known = new Map();
  for (const row of document.querySelectorAll("details.symbols tbody tr")) {
    const [names, shape] = row.children;
    const said = shape.querySelector("mjx-assistive-mml")?.textContent.trim() ?? "";
    if (said.includes("×")) for (const name of names.querySelectorAll("mjx-math")) known.set(signs(name), said.split("×").map((one) => one.trim()));
  }
  return known;
}

export const drawsShapes = (list) => shapes().size > 0 && list.querySelector("mjx-math") !== null;

// Each letter in a box with its shape below it. An entry is a number, and what is transposed has its sizes turned round.
export function showShapes(list, on) {
  for (const box of list.querySelectorAll(".lr-shaped")) box.replaceWith(box.firstElementChild);
  if (!on) return;
  for (const part of list.querySelectorAll("mjx-math :is(mjx-mi, mjx-mover, mjx-TeXAtom, mjx-msub, mjx-msup, mjx-mn)")) {
    const shape = shapes().get(signs(part));
    const around = part.parentElement.closest("mjx-msub, mjx-msubsup, mjx-msup"); // of what is wider than the letter
    if (!shape || part.closest(".lr-shaped, mjx-script") || around?.matches("mjx-msub, mjx-msubsup")) continue;
    const turned = around?.querySelector(`:scope > mjx-script .${TRANSPOSED}`) && signs(around).startsWith(signs(part));
    const whole = turned ? around : part;
    const box = Object.assign(document.createElement("span"), { className: "lr-shaped" });
    whole.replaceWith(box);
    box.append(whole, Object.assign(document.createElement("small"), { textContent: (turned ? [...shape].reverse() : shape).join("×") }));
  }
}
