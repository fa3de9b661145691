// The bar at the bottom of a page that runs code: what Python is doing, and what can be asked of all cells at once.

export class Bar {
  constructor(page) {
    this.element = document.createElement("section");
    this.element.className = "run-bar";
    this.element.setAttribute("aria-label", "Run code");
    this.said = Object.assign(document.createElement("p"), { className: "run-said" });
    this.said.setAttribute("role", "status");
    this.interrupt = button("Interrupt", () => page.interrupt());
    this.restart = button("Restart", () => page.restart().catch((error) => this.say(error.message)));
    const all = button("Run all", () => page.run(page.cells).catch(() => {}));
    const reset = button("Reset all", () => page.cells.forEach((cell) => cell.reset()));
    reset.title = "Give every cell the book's code and the book's output again";
    this.element.append(this.said, all, this.interrupt, this.restart, reset);
    this.state("starting");
  }

  show() {
    document.body.append(this.element);
  }

  hide() {
    this.element.remove();
  }

  say(text) {
    this.said.textContent = text;
  }

  state(now) {
    this.element.dataset.state = now;
    this.interrupt.disabled = now !== "busy";
    this.restart.disabled = now === "starting";
    if (now === "busy") this.say("Running …");
    if (now === "idle") this.say("Python is ready.");
  }
}

export function button(text, pressed, label = text) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: text, onclick: pressed });
  made.setAttribute("aria-label", label);
  return made;
}
