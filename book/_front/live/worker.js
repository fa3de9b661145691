// Python in the page, away from the page: this worker turns messages into calls of page_kernel and back.
// Start it with { start: true, signal, typed, packages }, then send { said, buffers } (a Jupyter message), or { call: [module,
// function, arguments], id }, which answers { id, result } or { id, error }, or { load: [package, ...], id }, which answers
// with those that the site lacks. With { kernel: false } there are calls alone, and what a kernel needs is not loaded.
import { loadPyodide } from "../pyodide/pyodide.mjs";
import { interrupts } from "./signal.js";

const folder = new URL("../pyodide/", import.meta.url).href;
const say = (said, transfer) => postMessage(said, transfer);
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;
let python, kernel, contents;

async function start({ signal, typed, packages = [], kernel: wanted = true }) {
  const archive = wanted && fetch(`${folder}page_kernel.zip`).then((answer) => answer.arrayBuffer()); // while the core is loaded
  contents = await (await fetch(`${folder}contents.json`)).json();
  say({ progress: `Loading Python, ${megabytes(contents.core)} …` });
  const at = { indexURL: folder, lockFileURL: `${folder}pyodide-lock.json`, packageBaseUrl: folder };
  python = await loadPyodide({ ...at, packages: ["lrcore", ...packages] });
  const seen = signal && interrupts(signal);
  if (seen) python.setInterruptBuffer(seen);
  if (!wanted) return;
  python.unpackArchive(await archive, "zip");
  kernel = python.pyimport("page_kernel").Kernel(publish, load, typed ? () => line(typed) : undefined, seen ? seen.heed : () => {});
}

// Load packages of the site; give the names of those that the site does not have.
async function load(names) {
  const wanted = [...names];
  const missing = wanted.filter((name) => !(name in contents.packages));
  const found = wanted.filter((name) => name in contents.packages && !(name in python.loadedPackages));
  if (found.length && !missing.length) {
    const all = withNeeds(found).filter((name) => !(name in python.loadedPackages));
    const size = all.reduce((sum, name) => sum + contents.packages[name].size, 0);
    say({ progress: `Loading ${found.join(", ")}, ${megabytes(size)} …` });
    await python.loadPackage(found, { messageCallback() {}, errorCallback: (text) => console.error(text) });
    say({ progress: "" });
  }
  return missing;
}

function withNeeds(names, seen = new Set()) {
  for (const name of names) {
    if (seen.has(name) || !(name in contents.packages)) continue;
    seen.add(name);
    withNeeds(contents.packages[name].needs, seen);
  }
  return [...seen];
}

function publish(said, buffers) {
  const parts = buffers ? [...buffers].map((part) => part.toJs().slice()) : [];
  say({ said, buffers: parts }, parts.map((part) => part.buffer));
}

// What the reader typed, as soon as it is there; the page may interrupt the waiting.
function line(typed) {
  const state = new Int32Array(typed, 0, 2);
  while (Atomics.load(state, 0) === 0) {
    Atomics.wait(state, 0, 0, 100);
    python.checkInterrupt();
  }
  Atomics.store(state, 0, 0);
  return new TextDecoder().decode(new Uint8Array(typed, 8, state[1]).slice());
}

function call([module, name, values]) {
  const result = python.pyimport(module)[name](...values);
  return result?.toJs ? result.toJs({ dict_converter: Object.fromEntries }) : result;
}

// One after the other: a cell that waits for a package is not overtaken by the next.
let last = Promise.resolve();
onmessage = ({ data }) => (last = last.then(() => handle(data)));

async function handle(data) {
  try {
    if (data.start) {
      await start(data);
      say({ ready: true });
    } else if (data.call) say({ id: data.id, result: call(data.call) });
    else if (data.load) say({ id: data.id, result: await load(data.load) });
    else await kernel.receive(data.said, data.buffers);
  } catch (error) {
    if (data.start) say({ failed: `Python could not be started: ${error.message}` });
    else say({ id: data.id, error: error.message });
  }
}
