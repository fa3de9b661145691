// An equation wider than its box scrolls inside it: the keyboard must reach it there. Of the others none is a stop.
const SCROLLS = { tabindex: "0", role: "group", "aria-label": "Equation, scrolls sideways" };
const measured = new ResizeObserver((boxes) => {
  for (const { target } of boxes) {
    const wide = target.scrollWidth > target.clientWidth;
    for (const [name, value] of Object.entries(SCROLLS)) wide ? target.setAttribute(name, value) : target.removeAttribute(name);
  }
});
for (const box of document.querySelectorAll("div.math > mjx-container")) measured.observe(box);
