// A control that goes with the text beside it: the last paragraph whose beginning the reader's eye has reached sets its step. Where
// motion is unwelcome it stands still, as without this script.

const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const beside = matchMedia("(min-width: 700px)").matches; // as in book.css; else the text lies below the control
const EYE = beside ? 0.5 : 0.72; // of the height of the view

for (const text of calm ? [] : document.querySelectorAll(".story")) {
  const steps = [...text.children];
  const control = /** @type {any} */ (text.previousElementSibling.querySelector("lr-control"));
  const reached = new Set();
  text.classList.add("story-moves");
  const seen = (found) => {
    for (const { target, isIntersecting } of found) isIntersecting ? reached.add(target) : reached.delete(target);
    const now = Math.max(0, steps.findLastIndex((one) => reached.has(one)));
    steps.forEach((one, step) => one.classList.toggle("story-now", step === now));
    control.model.set("step", now);
  };
  customElements.whenDefined("lr-control").then(() => {
    const eyes = new IntersectionObserver(seen, { rootMargin: `99999px 0px -${100 - 100 * EYE}% 0px` });
    for (const one of steps) eyes.observe(one);
  });
}
