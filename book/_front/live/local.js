// Python of the machine that serves the book (book/_tools/local_site.py): full speed, every package.
import { message, root } from "./messages.js";

const base64 = {
  read: (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)),
  write: (part) => {
    const bytes = ArrayBuffer.isView(part) ? new Uint8Array(part.buffer, part.byteOffset, part.byteLength) : new Uint8Array(part);
    return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ""));
  },
};

export class LocalKernel {
  name = "Python on this computer";
  note = "";

  // Whether the page comes from a server that runs kernels: one that does says so in its answers.
  static async offered() {
    if (!root.protocol.startsWith("http")) return false;
    const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" }).catch(() => null);
    return answer?.headers.get("Book-Kernel") === "local";
  }

  async start(progress, listen) {
    progress("Starting Python on this computer …");
    const answer = await fetch(new URL("kernel/ticket", root), { method: "POST" });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    const address = new URL("kernel/socket", root);
    address.protocol = "ws:";
    this.socket = new WebSocket(address, [text]);
    this.listen = listen;
    await this.untilReady();
  }

  untilReady() {
    return new Promise((resolve, reject) => {
      this.socket.onmessage = ({ data }) => {
        const said = JSON.parse(data);
        if (said.msg_type === "ready") return resolve();
        if (said.msg_type === "dead") return this.ended("Python ended by itself. Press Restart to start it anew.", reject);
        this.listen({ ...said, buffers: said.buffers.map((part) => new DataView(base64.read(part).buffer)) });
      };
      this.socket.onclose = () => this.ended("The server that runs Python has stopped. Start it again with make, then reload this page.", reject);
    });
  }

  ended(sentence, reject) {
    reject(new Error(sentence));
    this.listen({ dead: sentence });
  }

  send(sent) {
    this.socket.send(JSON.stringify({ ...sent, buffers: sent.buffers.map(base64.write) }));
  }

  // What the reader typed, for the kernel that asked.
  answer(request, value) {
    this.send({ ...message("input_reply", { value, status: "ok" }), parent_header: request.header });
  }

  interrupt() {
    this.send(message("interrupt_request", {}));
  }

  async restart() {
    const ready = this.untilReady();
    this.send(message("restart_request", {}));
    await ready;
  }

  close() {
    this.socket.onclose = null;
    this.socket.close();
  }
}
