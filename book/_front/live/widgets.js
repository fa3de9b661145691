// ipywidgets with Python behind them: Jupyter's widget manager for web pages, over the page's own kernel.
import { file } from "./messages.js";
import { mathjax } from "./mathematics.js";
import { outputWidget } from "./output_widget.js";

const here = file("widgets/");

// The manager looks for its parts where this attribute says, and not at a CDN.
function script(src) {
  const made = Object.assign(document.createElement("script"), { src });
  made.setAttribute("data-jupyter-widgets-cdn", here);
  return new Promise((resolve, reject) => document.head.append(Object.assign(made, { onload: resolve, onerror: reject })));
}

const required = (...names) => new Promise((resolve, reject) => window.require(names, (...found) => resolve(found), reject));

// 914 kB compressed, so it comes with the first widget and not before.
let loading = null;
async function load() {
  await mathjax();
  // It speaks to MathJax 2 where it finds any MathJax.
  window.MathJax.Hub ??= { Queue: ([, , element]) => window.MathJax.typesetPromise([element]) };
  if (!window.require?.config) await script(`${here}require.js`);
  window.require.config({ baseUrl: here });
  await script(`${here}embed-amd.js`);
  return required("@jupyter-widgets/html-manager", "@jupyter-widgets/base");
}

export class Widgets {
  comms = new Map();
  outputs = new Map(); // widget -> the output of the cell that made it: its callbacks print there
  manager = null; // a promise of the widget manager, once it is needed
  takers = new Map(); // Output widget -> the message whose output it takes, and what it took

  constructor(session) {
    this.session = session;
    this.work = Promise.resolve();
    session.onComm = (said) => this.heard(said);
    session.capture = (said) => this.capture(said);
  }

  ready() {
    this.manager ??= (loading ??= load()).then(([{ HTMLManager }, base]) => this.makeManager(HTMLManager, base));
    return this.manager;
  }

  /** @param {new (options: any) => any} HTMLManager @param {any} base */
  makeManager(HTMLManager, base) {
    const ours = outputWidget(base, this);
    class Manager extends HTMLManager {
      async loadClass(name, module, version) {
        return module === "@jupyter-widgets/output" ? ours[name] : super.loadClass(name, module, version);
      }
    }
    return new Manager({ loader: async (name) => (await required(name))[0] });
  }

  // Models are made one after the other, as Python made them; which output goes where must be known at once.
  heard(said) {
    const { comm_id: id, data } = said.content;
    const { msg_id: taken } = data?.state ?? {};
    if (said.msg_type === "comm_open") this.outputs.set(id, this.session.runs.get(said.parent_header.msg_id)?.output);
    if (taken !== undefined) this.takers.set(id, { said: [], ...this.takers.get(id), from: taken });
    this.work = this.work.then(() => this.receive(said)).catch((error) => console.error(error));
  }

  async receive(said) {
    const { comm_id: id, target_name: target } = said.content;
    if (said.msg_type === "comm_msg") await this.comms.get(id)?.message?.(said);
    else if (said.msg_type === "comm_close") this.comms.get(id)?.closed?.(said);
    else if (target === "jupyter.widget") await (await this.ready()).handle_comm_open(this.comm(id), said);
  }

  comm(id) {
    const comm = {
      comm_id: id,
      target_name: "jupyter.widget",
      on_msg: (handle) => (comm.message = handle),
      on_close: (handle) => (comm.closed = handle),
      send: (data, callbacks, metadata, buffers) => this.send(id, data, callbacks, metadata, buffers),
      open: () => "",
      close: () => this.comms.delete(id) && "",
    };
    this.comms.set(id, comm);
    return comm;
  }

  // A slider sends its next move when it hears that Python is idle again.
  send(id, data, callbacks, metadata, buffers) {
    const listen = (said) => (said.msg_type === "status" ? callbacks?.iopub?.status?.(said) : this.outputs.get(id)?.(said));
    return this.session.ask("comm_msg", { comm_id: id, data }, listen, { metadata, buffers }).id;
  }

  capture(said) {
    const taker = [...this.takers.values()].find(({ from }) => from && from === said.parent_header.msg_id);
    if (!taker) return false;
    if (said.msg_type === "clear_output") taker.said = [];
    taker.said.push(said);
    taker.show?.(said);
    return true;
  }

  async show(id, place) {
    await this.work;
    const manager = await this.ready();
    await manager.display_view(await manager.create_view(await manager.get_model(id)), place);
  }
}
