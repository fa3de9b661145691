// A page whose cells run: the cells, the bar at the bottom, and the Python that answers them.
import { Bar } from "./bar.js";
import { Cell } from "./cell.js";
import { Session } from "./session.js";
import { Widgets } from "./widgets.js";

let page = null;

export function begin() {
  page ??= new Page();
  page.show();
  page.ready().catch(() => {}); // said in the bar; pressing Run tries again
  return page;
}

export function end() {
  page?.hide();
}

class Page {
  constructor() {
    this.cells = [...document.querySelectorAll(".bd-article .cell")].filter((cell) => cell.querySelector(".cell_input"));
    this.cells = this.cells.map((element, number) => new Cell(element, number, this));
    this.bar = new Bar(this);
    this.queue = Promise.resolve();
    this.waiting = 0;
  }

  show() {
    document.documentElement.classList.add("runs-code");
    for (const cell of this.cells) cell.open();
    this.bar.show();
  }

  // Back to the page as the book has it. Edits are kept for the next time; Python ends.
  hide() {
    document.documentElement.classList.remove("runs-code");
    for (const cell of this.cells) cell.close();
    this.bar.hide();
    this.session?.then((session) => session.close()).catch(() => {});
    this.session = this.widgets = null;
  }

  // Python, started by the first who asks.
  ready() {
    this.session ??= this.connect();
    return this.session;
  }

  async connect() {
    this.bar.state("starting");
    try {
      const session = await Session.open((text) => this.bar.say(text));
      session.onDeath = (sentence) => this.bar.say(sentence);
      this.widgets = new Widgets(session);
      this.bar.state("idle");
      this.bar.say(`${session.kernel.name} is ready. ${session.kernel.note}`);
      return session;
    } catch (error) {
      this.session = null;
      this.bar.state("failed");
      this.bar.say(error.message);
      throw error;
    }
  }

  // Cells run in the order in which they were asked for, and none after one that failed; one that this Python can't run by
  // its nature, for a package that it does not have, is passed over.
  run(cells) {
    this.waiting += cells.length;
    for (const cell of cells) cell.waits();
    const all = this.queue.then(() => this.inOrder(cells));
    this.queue = all.catch(() => {});
    return all;
  }

  async inOrder(cells) {
    const remaining = [...cells];
    try {
      const session = await this.ready();
      this.bar.state("busy");
      while (remaining.length) {
        const status = await remaining.shift().runIn(session, this.widgets);
        this.waiting--;
        if (status !== "ok" && status !== "elsewhere") break;
      }
    } finally {
      this.waiting -= remaining.length;
      for (const cell of remaining) cell.settles();
      if (this.session && !this.waiting) this.bar.state("idle");
    }
  }

  upTo(cell) {
    return this.run(this.cells.slice(0, cell.number + 1));
  }

  async interrupt() {
    (await this.session)?.kernel.interrupt();
  }

  async restart() {
    this.bar.state("starting");
    this.bar.say("Restarting Python …");
    const session = await this.ready();
    await session.restart();
    this.widgets = new Widgets(session);
    for (const cell of this.cells) cell.forgets();
    this.bar.state("idle");
    this.bar.say("Python was restarted: it knows nothing of what ran before.");
  }

  async complete(code, position) {
    return this.session && !this.waiting ? (await this.session).complete(code, position) : null;
  }
}
