// Python in the page: Pyodide in a worker, so that the page stays smooth whatever a cell computes.
import { file } from "./messages.js";

export class BrowserKernel {
  name = "Python in your browser";

  constructor() {
    // A signal that reaches a busy worker needs shared memory, which browsers give to isolated pages alone.
    this.signal = self.crossOriginIsolated ? new Uint8Array(new SharedArrayBuffer(1)) : null;
    this.resets = this.signal ? "keeps what was computed" : "starts Python anew, because this page is not isolated";
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
      this.worker.postMessage({ start: true, signal: this.signal });
    });
  }

  send(sent) {
    const { buffers, ...rest } = sent;
    this.worker.postMessage({ said: JSON.stringify(rest), buffers });
  }

  // Without shared memory there is only one way to stop a busy worker.
  async interrupt() {
    if (this.signal) this.signal[0] = 2;
    else {
      await this.restart();
      this.listen({ dead: "Python was stopped and started anew: this page is not isolated, so what was computed is lost. Run all above brings it back." });
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
