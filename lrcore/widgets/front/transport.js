// Play, pause, one step, scrub and speed: the row of controls of whatever moves along a path.

import { button, choice, range } from "./controls.js";
import { html } from "./draw.js";

const SPEEDS = [1, 3, 10, 30].map((speed) => [speed, `${speed} ${speed === 1 ? "step" : "steps"}/s`]);

// `most` is the right end of the scrub; `spoken(step)` is what a screen reader says of a step.
export function transport(motion, most, spoken = (step) => `step ${step} of ${motion.last()}`) {
  const toggle = button("play", "play", () => (motion.playing ? motion.pause() : motion.play()));
  const scrub = range("step", { min: 0, max: most, step: 1, value: 0 }, (step) => motion.jump(step));
  const count = html("span", { class: "lr-count", "aria-hidden": "true" });
  let sign = "play";
  const node = html(
    "div",
    { class: "lr-row" },
    button("back to the start", "start", () => motion.jump(0)).node,
    button("one step back", "back", () => motion.back()).node,
    toggle.node,
    button("one step on", "on", () => motion.on()).node,
    scrub,
    count,
    choice("speed", SPEEDS, motion.speed, (speed) => motion.pace(Number(speed))).node,
  );
  return {
    node,
    reach: (steps) => (scrub.max = steps),
    show() {
      const now = motion.playing ? "pause" : "play";
      if (now !== sign) toggle.show((sign = now), now);
      scrub.value = motion.step;
      scrub.setAttribute("aria-valuetext", spoken(motion.step));
      count.textContent = `${motion.step} / ${motion.last()}`;
    },
  };
}
