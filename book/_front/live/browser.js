// Python in the page: Pyodide in a worker, so that the page stays smooth whatever a cell computes.
import { file } from "./messages.js";

const LETTERS = 65536; // of UTF-8, that one answer to input() may have
const UNSHARED = `Interrupt starts Python anew here, and input() cannot ask, because ${
  self.isSecureContext ? "your browser lets this page share no memory with Python" : "this page did not come by https"
}.`;

export class BrowserKernel {
  name = "Python in your browser";

  constructor() {
    // What reaches a busy worker needs shared memory, which browsers give to isolated pages alone.
    const shared = self.crossOriginIsolated;
    this.signal = shared ? new Uint8Array(new SharedArrayBuffer(1)) : null;
    this.typed = shared ? new SharedArrayBuffer(8 + LETTERS) : null; // whether there is an answer, its length, its letters
    this.note = shared ? "" : UNSHARED;
  }

  async start(progress, listen) {
    this.progress = progress;
    this.listen = listen;
    await this.begin();
  }

  begin() {
    this.worker = new Worker(file("live/worker.js"), { type: "module" });
    return new Promise((resolve, reject) => {
      this.worker.onerror = () => reject(new Error("Python could not be loaded from this site; reload the page and try again."));
      this.worker.onmessage = ({ data }) => {
        if (data.progress !== undefined) this.progress(data.progress);
        else if (data.ready) resolve();
        else if (data.failed) reject(new Error(data.failed));
        else this.listen({ ...JSON.parse(data.said), buffers: data.buffers.map((part) => new DataView(part.buffer)) });
      };
      this.worker.postMessage({ start: true, signal: this.signal, typed: this.typed });
    });
  }

  send(sent) {
    const { buffers, ...rest } = sent;
    if (this.typed && rest.header.msg_type === "execute_request") new Int32Array(this.typed, 0, 1)[0] = 0; // a late answer is for nobody
    this.worker.postMessage({ said: JSON.stringify(rest), buffers });
  }

  // What the reader typed; the worker waits for it.
  answer(_request, value) {
    const [state, room] = [new Int32Array(this.typed, 0, 2), new Uint8Array(this.typed, 8)];
    const letters = new TextEncoder().encode(value).slice(0, LETTERS);
    room.set(letters);
    state[1] = letters.length;
    Atomics.store(state, 0, 1);
    Atomics.notify(state, 0);
  }

  // Without shared memory there is only one way to stop a busy worker.
  async interrupt() {
    if (this.signal) this.signal[0] = 2;
    else {
      await this.restart();
      this.listen({ dead: "Python was stopped and started anew: this page is not isolated, so what was computed is lost. Run all brings it back." });
    }
  }

  async restart() {
    this.close();
    if (this.signal) this.signal[0] = 0;
    await this.begin();
  }

  close() {
    this.worker.terminate();
  }
}
