// One cell of the page: the book's code and output, the reader's, and the way back.
import { button } from "./bar.js";
import { editor } from "./editor.js";
import { Output } from "./output.js";

// An edit belongs to the text it started from, not to a place on the page: cells move when the book is revised, and an
// edit of a text that is no longer there must not turn up in another.
function key(text, earlier) {
  let hash = 5381;
  for (const letter of text) hash = (hash * 33 + letter.codePointAt(0)) | 0;
  return `cell:${location.pathname}:${(hash >>> 0).toString(36)}:${earlier}`;
}

export class Cell {
  constructor(element, number, page) {
    this.element = element;
    this.number = number;
    this.page = page;
    this.input = element.querySelector(".cell_input");
    this.printed = this.input.querySelector(".highlight");
    this.output = element.querySelector(".cell_output");
    this.book = this.printed.querySelector("pre").textContent.replace(/\n$/, "");
    this.key = key(this.book, page.cells.slice(0, number).filter((cell) => cell.book === this.book).length);
  }

  open() {
    const fold = this.input.closest("details");
    if (fold) fold.open = true;
    const kept = localStorage.getItem(this.key) ?? this.book;
    this.tools = this.toolbar();
    this.place = document.createElement("div");
    this.place.className = "run-editor";
    this.input.append(this.place, this.tools);
    this.editor = editor(this.place, kept, `Code of cell ${this.number + 1}`, {
      run: () => this.page.run([this]).catch(() => {}),
      next: () => this.page.cells[this.number + 1]?.editor.focus(),
      changed: (text) => this.keep(text),
      complete: (code, position) => this.page.complete(code, position),
    });
    this.mark(kept !== this.book);
  }

  close() {
    this.showBook();
    this.editor.destroy();
    this.place.remove();
    this.tools.remove();
  }

  toolbar() {
    const bar = document.createElement("div");
    const which = `cell ${this.number + 1}`;
    bar.className = "run-tools";
    this.count = Object.assign(document.createElement("span"), { className: "run-count" });
    const run = button("Run", () => this.page.run([this]).catch(() => {}), `Run ${which}`);
    run.title = "Shift-Enter";
    const above = button("Run all to here", () => this.page.upTo(this).catch(() => {}), `Run all to here, ${which}`);
    this.back = button("Reset", () => this.reset(), `Reset ${which} to the book's version`);
    bar.append(run, above, this.back, this.count);
    return bar;
  }

  keep(text) {
    const edited = text !== this.book;
    edited ? localStorage.setItem(this.key, text) : localStorage.removeItem(this.key);
    this.mark(edited);
  }

  mark(edited) {
    this.element.classList.toggle("edited", edited);
    this.back.disabled = !edited && !this.own;
  }

  reset() {
    this.editor.setText(this.book);
    this.showBook();
    this.count.textContent = "";
    this.mark(false);
  }

  showBook() {
    this.own?.remove();
    this.own = null;
    if (this.output) this.output.hidden = false;
  }

  waits() {
    this.element.dataset.run = "waiting";
  }

  settles() {
    delete this.element.dataset.run;
  }

  forgets() {
    this.settles();
    this.count.textContent = "";
  }

  // The reader's output stands where the book's stood; a folded one unfolds, or nobody would see it.
  fresh() {
    this.showBook();
    if (this.output) this.output.hidden = true;
    this.own = document.createElement("div");
    this.own.className = "cell_output docutils container run-output";
    this.input.closest(".cell > details")?.setAttribute("open", "");
    this.element.append(this.own);
    return this.own;
  }

  async runIn(session, widgets) {
    this.element.dataset.run = "running";
    const output = new Output(this.fresh(), widgets, (error) => this.explained(error));
    const reply = await session.run(this.editor.text(), (said) => output.receive(said));
    output.end(reply);
    this.count.textContent = reply.execution_count ? `run ${reply.execution_count}` : "";
    const passed = reply.ename === "Elsewhere" || this.lacked(reply)?.element.dataset.run === "elsewhere";
    const status = passed ? "elsewhere" : reply.status;
    this.element.dataset.run = status;
    this.mark(this.editor.text() !== this.book);
    return status;
  }

  // The cell above that was to make a name which is not there; undefined where it is not that.
  lacked({ ename, evalue }) {
    const name = ename === "NameError" && /^name '(\w+)' is not defined/.exec(evalue)?.[1];
    const above = name ? this.page.cells.slice(0, this.number) : [];
    return above.find((cell) => cell.element.dataset.run !== "ok" && new RegExp(`\\b${name}\\b`).test(cell.editor.text()));
  }

  // Sentences in place of errors that are no mistake of the cell.
  explained(error) {
    const [, module] = /^No module named '(\w+)'$/.exec(error.evalue) ?? [];
    if (module) return `This cell needs ${module}, which is not installed here. %pip install ${module}  installs it, where it has that name.`;
    const maker = this.lacked(error);
    if (!maker) return "";
    const which = `This cell uses what cell ${maker.number + 1} makes (${error.evalue})`;
    if (maker.element.dataset.run === "elsewhere") return `${which}, and that cell cannot run here.`;
    return `${which}, and that has not run: press "Run all to here" below this cell.`;
  }
}
