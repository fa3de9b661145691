// Python that checks: the kernel of a notebook, or a worker of the page that is started when it is first asked. One question
// at a time; of those that wait, a newer one takes the place of an older one of its kind. A worker that takes too long is ended.

const PATIENCE = 15_000;
const LOADING = 120_000; // sympy has 7 MB, and takes seconds to be imported

export class Stopped extends Error {}

export function connect(model, say) {
  return model.widget_manager ? new Kernel(model) : new InPage(say);
}

class Kernel {
  note = null; // where progress is told

  constructor(model) {
    this.model = model;
    this.waiting = new Map();
    this.hear = (said) => {
      this.waiting.get(said?.id)?.(said.result);
      this.waiting.delete(said?.id);
    };
    model.on("msg:custom", this.hear);
  }

  ask(request) {
    const id = `${Date.now()}-${Math.random()}`;
    return new Promise((resolve, reject) => {
      const late = new Stopped(`The kernel has not answered for ${PATIENCE / 1000} seconds. Does a cell run, or has it ended?`);
      const clock = setTimeout(() => reject(late), PATIENCE);
      this.waiting.set(id, (result) => {
        clearTimeout(clock);
        resolve(JSON.parse(result));
      });
      this.model.send({ id, request: JSON.stringify(request) });
    });
  }

  async start() {}

  async load() {}

  close() {
    this.model.off("msg:custom", this.hear);
  }
}

class InPage {
  note = null; // where progress is told

  constructor(say) {
    this.say = say;
    this.waiting = new Map();
    /** @type {{ go: () => void, drop: () => void } | null} */
    this.next = null; // the newest check that waits while another one runs
    this.busy = false;
    this.count = 0;
    this.patience = PATIENCE;
  }

  // Python of the site, on its way from the first time that somebody is about to ask.
  start() {
    this.ready ??= new Promise((resolve, reject) => {
      this.worker = new Worker(new URL("../live/worker.js", import.meta.url), { type: "module" });
      this.worker.onerror = () => this.failed("Python could not be loaded from this site; reload the page and try again.", reject);
      this.worker.onmessage = ({ data }) => {
        if (data.progress !== undefined) this.say(data.progress);
        else if (data.ready) resolve();
        else if (data.failed) this.failed(data.failed, reject);
        else this.heard(data);
      };
      this.worker.postMessage({ start: true, kernel: false });
    });
    return this.ready;
  }

  failed(sentence, reject) {
    this.ready = null;
    this.worker.terminate();
    reject(new Error(sentence));
  }

  heard({ id, result, error }) {
    const wait = this.waiting.get(id);
    this.waiting.delete(id);
    clearTimeout(wait?.clock);
    if (error !== undefined) wait?.reject(new Error(error));
    else wait?.resolve(result);
  }

  async send(message, patience = this.patience) {
    await this.start();
    const id = ++this.count;
    return new Promise((resolve, reject) => {
      const clock = setTimeout(() => this.stop(patience), patience);
      this.waiting.set(id, { resolve, reject, clock });
      this.worker.postMessage({ ...message, id });
    });
  }

  // Nothing hangs longer than its budget: what runs too long is ended, and Python is started anew.
  stop(patience) {
    this.worker.terminate();
    this.ready = null;
    for (const { reject, clock } of this.waiting.values()) {
      clearTimeout(clock);
      reject(new Stopped(`This took longer than ${patience / 1000} seconds and was stopped. Check it in shorter parts.`));
    }
    this.waiting.clear();
    this.start().catch(() => {});
  }

  async ask(request) {
    if (request.do !== "check") return this.answer(request);
    this.next?.drop();
    const turn = new Promise((resolve) => (this.next = { go: () => resolve(true), drop: () => resolve(false) }));
    this.advance();
    if (!(await turn)) return null; // a newer text has come
    this.busy = true;
    try {
      return await this.answer(request);
    } finally {
      this.busy = false;
      this.advance();
    }
  }

  advance() {
    if (this.busy || !this.next) return;
    const { go } = this.next;
    this.next = null;
    this.busy = true;
    go();
  }

  async answer(request) {
    const patience = request.do === "confirm" ? LOADING : this.patience;
    return JSON.parse(await this.send({ call: ["lrcore.checker.service", "answer", [JSON.stringify(request)]] }, patience));
  }

  async load(...names) {
    const missing = await this.send({ load: names }, LOADING);
    if (missing.length) throw new Error(`This site was built without ${missing.join(", ")}.`);
  }

  close() {
    this.worker?.terminate();
  }
}
