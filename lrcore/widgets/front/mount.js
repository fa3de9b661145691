// Widgets on a plain page, without a kernel and without a widget manager. Python puts <lr-control module="player"> with its
// state as JSON into the page; the element loads the module of that name, once for all, and gives it a model to talk to.

const here = new URL(".", import.meta.url);

class Model {
  constructor(state) {
    this.state = state;
    this.listeners = {};
  }
  get(key) {
    return this.state[key];
  }
  set(key, value) {
    if (Object.is(this.state[key], value)) return;
    this.state[key] = value;
    for (const name of [`change:${key}`, "change"]) for (const listen of this.listeners[name] ?? []) listen();
  }
  on(name, listen) {
    (this.listeners[name] ??= new Set()).add(listen);
  }
  off(name, listen) {
    if (listen) this.listeners[name]?.delete(listen);
    else delete this.listeners[name];
  }
  save_changes() {} // there is nobody to save them
  send() {}
}

let styled = null;
function style() {
  styled ??= new Promise((resolve) => {
    const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("widgets.css", here) });
    link.onload = link.onerror = resolve;
    document.head.append(link);
  });
  return styled;
}

class Control extends HTMLElement {
  async connectedCallback() {
    if (this.model) return;
    const state = JSON.parse(this.querySelector("script").textContent);
    this.model = new Model(state);
    const [module] = await Promise.all([import(new URL(`${this.getAttribute("module")}.js`, here).href), style()]);
    this.held = document.createDocumentFragment(); // what Python wrote for a page without scripts
    this.held.append(...this.childNodes);
    // The room that was kept is given back when something stands in it: a control may have to load more first.
    const drawn = new MutationObserver(() => {
      if (!this.querySelector("[role=group], form, textarea, svg")) return;
      this.style.minHeight = "";
      drawn.disconnect();
    });
    drawn.observe(this, { childList: true, subtree: true });
    this.end = module.default.render({ model: this.model, el: this });
  }
}

customElements.define("lr-control", Control);
