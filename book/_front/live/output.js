// What a run says, as the page shows it. The richest form that a page can show wins; text is there when nothing else is.
import { coloured } from "./ansi.js";
import { typeset, typesetWithin } from "./mathematics.js";

const FORMS = {
  "application/vnd.jupyter.widget-view+json": (view, place, widgets) => widgets.show(view.model_id, place),
  "text/html": (text, place) => {
    place.append(document.createRange().createContextualFragment(text));
    typesetWithin(place);
  },
  "text/markdown": (text, place) => typeset(text, place),
  "image/svg+xml": (text, place) => place.append(document.createRange().createContextualFragment(text)),
  "text/latex": (text, place) => typeset(text, place),
  "image/png": (data, place, _, said) => place.append(picture("image/png", data, said)),
  "image/jpeg": (data, place, _, said) => place.append(picture("image/jpeg", data, said)),
  "text/plain": (text, place) => place.append(coloured(text)),
};

// What is no mistake of the cell: the kernel's own words, or ours where it speaks of kernels and frontends.
const SENTENCES = {
  Sentence: "",
  Elsewhere: "",
  Refused: "", // holds(...)
  Undecided: "",
  StdinNotImplementedError:
    'A cell of this page cannot ask you for input, because the page shares no memory with Python: write the value into the code, as in  name = "Ada"  in place of  name = input().',
};

function picture(type, data, said) {
  return Object.assign(new Image(), { src: `data:${type};base64,${data}`, alt: said });
}

export class Output {
  constructor(place, widgets, explain = (_error) => "") {
    this.place = place;
    this.widgets = widgets;
    this.explain = explain; // what the page knows of an error that Python does not
    this.displays = new Map(); // display id -> its places, for update_display
  }

  receive({ msg_type: kind, content, answer = null }) {
    if (kind === "stream") this.stream(content);
    else if (kind === "error") this.error(content);
    else if (kind === "display_data" || kind === "execute_result") this.show(content);
    else if (kind === "update_display_data") this.update(content);
    else if (kind === "clear_output") this.clear(content.wait);
    else if (kind === "input_request") this.ask(content, answer);
  }

  // A run that ended without its own words: what the kernel says of it, if it did not end well.
  end(reply) {
    this.place.querySelector(".run-input")?.remove();
    if (reply.status === "abandoned") this.stream({ name: "stderr", text: reply.sentence });
  }

  // "Clear when the next output comes" keeps the page from jumping while a slider moves.
  clear(wait) {
    this.clearNext = wait;
    if (!wait) this.place.replaceChildren();
  }

  add(kind) {
    if (this.clearNext) this.clear(false);
    const made = Object.assign(document.createElement("div"), { className: `output ${kind}` });
    this.place.append(made);
    return made;
  }

  stream({ name, text }) {
    if (this.clearNext) this.clear(false);
    const last = this.place.lastElementChild;
    const here = last?.classList.contains(name) ? last : this.add(`stream ${name}`);
    const pre = here.querySelector("pre") ?? here.appendChild(document.createElement("pre"));
    pre.textContent = overwritten(pre.textContent + text);
  }

  // input(): a field below what was printed, and then the answer as if it had been printed.
  ask({ prompt, password }, answer) {
    const form = Object.assign(document.createElement("form"), { className: "run-input" });
    const field = Object.assign(document.createElement("input"), { type: password ? "password" : "text", autocomplete: "off" });
    field.setAttribute("aria-label", prompt || "What the cell asks for");
    const enter = Object.assign(document.createElement("button"), { textContent: "Enter" });
    form.append(Object.assign(document.createElement("span"), { textContent: prompt }), field, enter);
    form.onsubmit = (event) => {
      event.preventDefault();
      form.remove();
      this.stream({ name: "stdout", text: `${prompt}${password ? "····" : field.value}\n` });
      answer(field.value);
    };
    this.add("asks").append(form);
    field.focus();
  }

  error({ ename, evalue, traceback }) {
    const said = this.explain({ ename, evalue }) || (ename in SENTENCES && (SENTENCES[ename] || evalue));
    if (said) return this.sentence(said);
    const place = this.add("error");
    const head = Object.assign(document.createElement("p"), { className: "run-error", textContent: [ename, evalue].filter(Boolean).join(": ") });
    const more = document.createElement("details");
    more.append(Object.assign(document.createElement("summary"), { textContent: "Where it happened" }), coloured(traceback.join("\n")));
    place.setAttribute("role", "alert");
    place.append(head, ...(ename === "KeyboardInterrupt" ? [] : [more]));
    more.open = true;
  }

  sentence(text) {
    const place = this.add("sentence");
    place.setAttribute("role", "status");
    place.append(Object.assign(document.createElement("p"), { className: "run-sentence", textContent: text }));
  }

  show({ data, transient }) {
    const place = this.add("display");
    if (transient?.display_id) this.displays.set(transient.display_id, [...(this.displays.get(transient.display_id) ?? []), place]);
    this.fill(place, data);
  }

  update({ data, transient }) {
    for (const place of this.displays.get(transient.display_id) ?? []) {
      place.replaceChildren();
      this.fill(place, data);
    }
  }

  fill(place, data) {
    const kind = Object.keys(FORMS).find((form) => form in data);
    const said = (data["text/plain"] ?? "").startsWith("<Figure") ? "Figure drawn by this cell" : (data["text/plain"] ?? "");
    if (kind) FORMS[kind](join(data[kind]), place, this.widgets, said);
  }
}

const join = (value) => (Array.isArray(value) ? value.join("") : value);

// A progress bar writes a carriage return and then the line anew.
const overwritten = (text) => text.replace(/\r\n/g, "\n").replace(/[^\n\r]*\r(?=[^\r\n])/g, "");
