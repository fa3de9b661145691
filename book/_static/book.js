// An equation wider than its box scrolls inside it: the keyboard must reach it there. Of the others none is a stop.
const SCROLLS = { tabindex: "0", role: "group", "aria-label": "Equation, scrolls sideways" };
const measured = new ResizeObserver((boxes) => {
  for (const { target } of boxes) {
    const wide = target.scrollWidth > target.clientWidth;
    for (const [name, value] of Object.entries(SCROLLS)) wide ? target.setAttribute(name, value) : target.removeAttribute(name);
  }
});
const BOXES = "div.math > mjx-container, .lr-verify .math > mjx-container";
for (const box of document.querySelectorAll(BOXES)) measured.observe(box);

// What a fold holds waits as text until it is opened: see _ext/mathematics.py.
/** @param {Event} event */
function unfold({ target }) {
  const fold = /** @type {Element} */ (target);
  const waiting = fold.querySelector(":scope > noscript");
  if (!waiting) return;
  waiting.outerHTML = /** @type {string} */ (waiting.textContent);
  for (const box of fold.querySelectorAll(BOXES)) measured.observe(box);
  if (fold.matches(".lr-verdict, .lr-played")) play(fold);
}

// The lines of a proof can be played, and those of a derivation through several equations: see lrcore-widgets/derivation.js,
// which comes when the first of them is opened.
const WIDGETS = new URL("lrcore-widgets/", /** @type {HTMLScriptElement} */ (document.currentScript).src).href;

/** @param {Element} fold */
async function play(fold) {
  const lists = [...fold.querySelectorAll(".lr-why ol")];
  if (!lists.length) return;
  const href = `${WIDGETS}widgets.css`;
  if (!document.querySelector(`link[href="${href}"]`)) document.head.append(Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
  const { playable } = await import(`${WIDGETS}derivation.js`);
  const whole = fold.matches(".lr-played");
  for (const list of lists) playable(list, whole ? "Derivation" : "Why it holds", whole);
}
document.addEventListener("toggle", unfold, true); // it does not bubble

// Paper does not scroll: there, what is wider than the page is made smaller until it fits.
const WIDE = "div.math > mjx-container, .pst-scrollable-table-container, .cell_output .output";
matchMedia("print").addEventListener("change", ({ matches }) => {
  for (const box of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(WIDE))) {
    box.style.zoom = "";
    const share = box.clientWidth / box.scrollWidth;
    if (matches && share < 1) box.style.zoom = String(Math.max(0.4, 0.98 * share));
  }
});
