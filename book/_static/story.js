// A control that goes with the text below it: the paragraph that passes the reader's eye sets its step. Where motion is unwelcome it
// stands still, as without this script.

const EYE = 0.68; // of the height of the view, below the control on a phone

for (const text of document.querySelectorAll(".story")) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) break;
  const steps = [...text.children];
  const control = text.previousElementSibling.querySelector("lr-control");
  text.classList.add("story-moves");
  const show = (step) => {
    control.model?.set("step", step);
    steps.forEach((one, at) => one.classList.toggle("story-now", at === step));
  };
  const seen = (found) => {
    for (const { target, isIntersecting, boundingClientRect: { top } } of found) {
      if (isIntersecting) show(steps.indexOf(target));
      else if (target === steps[0] && top > EYE * innerHeight) show(0);
    }
  };
  const watch = () => {
    const eyes = new IntersectionObserver(seen, { rootMargin: `-${100 * EYE}% 0px -${100 - 100 * EYE - 1}% 0px` });
    for (const one of steps) eyes.observe(one);
  };
  if (control.model) watch();
  else customElements.whenDefined("lr-control").then(watch);
}
