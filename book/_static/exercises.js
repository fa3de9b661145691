// Exercises that are answered on the page. What a reader solved is kept on the reader's own machine and sent nowhere.
{
  const KEY = "lrcore-exercises";
  const CLAIMS = new URL("counterexamples.js", /** @type {HTMLScriptElement} */ (document.currentScript).src).href;
  const page = location.pathname.split("/").pop() ?? "";
  const boxes = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".answer-here:not([data-kind=example])")]);

  /** @returns {Record<string, boolean>} */
  function kept() {
    try {
      return JSON.parse(localStorage.getItem(KEY) ?? "{}");
    } catch {
      return {};
    }
  }

  function keep(name) {
    try {
      localStorage.setItem(KEY, JSON.stringify({ ...kept(), [name]: true }));
    } catch { /* a browser that keeps nothing: the answer is judged all the same */ }
  }

  const count = document.createElement("p");
  count.className = "answers-kept";
  count.setAttribute("role", "status");

  function tell() {
    const done = boxes.filter((box) => kept()[nameOf(box)]).length;
    count.textContent = `${done} of the ${boxes.length} exercises that can be answered here are solved. Only your browser knows.`;
  }

  // The name of an exercise is its question: it stays the same when others come before it. Of two parts the second has its place, too.
  function nameOf(box) {
    const all = [...(box.closest(".exercise")?.querySelectorAll("p") ?? [])].filter((one) => !one.closest("lr-control")).map((one) => one.textContent?.trim()).join(" ");
    let sum = 7;
    for (const sign of all) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) % 2147483647;
    const part = [...(box.closest(".exercise")?.querySelectorAll(".answer-here") ?? [])].indexOf(box);
    return `${page}:${sum}${part > 0 ? `:${part}` : ""}`;
  }

  // "1,5", "−3/2", "1 500" and "2e3" are numbers; what follows is the unit.
  function read(text) {
    const plain = text.trim().replaceAll("−", "-").replaceAll("–", "-").replace(/(\d)[  ,](?=\d{3}(\D|$))/g, "$1").replace(/(\d),(?=\d)/, "$1.");
    const found = /^([-+]?\s*(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)(?:\s*\/\s*(\d+(?:\.\d+)?))?(.*)$/i.exec(plain);
    if (!found) return null;
    return { number: Number(found[1].replace(/\s/g, "")) / Number(found[2] ?? 1), unit: found[3] };
  }

  const unit = (text) => text.toLowerCase().replaceAll("$", "usd").replace(/square (feet|foot)|sq\.? ?ft\.?|ft²|ft\^2/g, "sqft").replace(/\bper\b/g, "/").replace(/dollars?/g, "usd").replace(/[\s*·.]/g, "");

  /** @returns {[string, boolean]} what is said of an answer, and whether it is right */
  function judge(box, text) {
    const [right, wanted] = [Number(box.dataset.right), box.dataset.unit ?? ""];
    const said = read(text);
    if (!said) return ["That is not a number. Write one, such as -1.5 or 3/2.", false];
    const near = (a, b) => Math.abs(a - b) <= 2e-3 * Math.max(Math.abs(b), 1e-12);
    if (near(said.number, right)) {
      if (wanted && !said.unit.trim()) return ["The number is right. What is its unit?", false];
      if (unit(said.unit) !== unit(wanted)) return [wanted ? "The number is right, the unit is not." : "The number is right, and it has no unit.", false];
      return ["Right.", true];
    }
    if (right && near(said.number, -right)) return ["The size is right, the sign is not.", false];
    if (right && near(said.number, 2 * right)) return ["Twice too large. Is there a 2 or a half that should not be there?", false];
    if (right && near(2 * said.number, right)) return ["Half of what it should be. Where did a 2 go?", false];
    return ["Not yet.", false];
  }

  // Fields for a number, a row or a matrix, each with its name: the numbers of a counterexample.
  function fields(box) {
    const labels = [...box.querySelectorAll("ul > li")];
    return JSON.parse(box.dataset.fields).map(([name, rows, columns], place) => {
      const group = document.createElement("span");
      group.className = "numbers";
      const grid = document.createElement("span");
      grid.style.gridTemplateColumns = `repeat(${columns}, auto)`;
      const inputs = Array.from({ length: rows * columns }, (_, at) => {
        const field = Object.assign(document.createElement("input"), { type: "text", autocomplete: "off" });
        const where = [rows > 1 && `row ${Math.floor(at / columns) + 1}`, columns > 1 && `${rows > 1 ? "column" : "entry"} ${(at % columns) + 1}`].filter(Boolean);
        field.setAttribute("aria-label", [name, ...where].join(", "));
        return field;
      });
      grid.append(...inputs);
      group.append(...labels[place].childNodes, " = ", grid);
      return { name, columns, inputs, group };
    });
  }

  /** @returns {Promise<[string, boolean]>} what is said of the numbers, and whether they refute the claim */
  async function refuted(box, all) {
    const numbers = {};
    for (const { name, columns, inputs } of all) {
      const found = inputs.map((field) => read(field.value));
      if (found.some((one) => !one || one.unit.trim() || !Number.isFinite(one.number))) return [`${name} wants a number in each field, such as -1.5 or 3/2.`, false];
      numbers[name] = Array.from({ length: found.length / columns }, (_, i) => found.slice(i * columns, (i + 1) * columns).map((one) => one.number));
    }
    const claims = (await import(CLAIMS)).CLAIMS[box.dataset.claim](numbers);
    const fails = claims.find(([, good]) => !good);
    return fails ? [fails[0], false] : ["These numbers refute it.", true];
  }

  function say(box, output, [words, right]) {
    output.textContent = words;
    output.className = right ? "right" : "";
    if (right) keep(nameOf(box));
    tell();
  }

  boxes.forEach((box, place) => {
    const output = document.createElement("output");
    if (box.dataset.kind === "derivation") {
      box.addEventListener("lr-solved", () => say(box, output, ["Solved: every line is proved.", true]));
      box.append(output);
    } else if (box.dataset.kind === "counterexample") {
      const form = document.createElement("form");
      const all = fields(box);
      const button = Object.assign(document.createElement("button"), { textContent: "Check" });
      form.append(...all.map(({ group }) => group), button, output);
      form.addEventListener("submit", async (event) => {
        event.preventDefault();
        say(box, output, await refuted(box, all));
      });
      box.append(form);
    } else if (box.dataset.kind === "number") {
      const form = document.createElement("form");
      const field = document.createElement("input");
      Object.assign(field, { type: "text", autocomplete: "off" });
      field.setAttribute("aria-label", box.dataset.unit ? "Your answer, a number with its unit" : "Your answer, a number");
      const button = document.createElement("button");
      button.textContent = "Check";
      form.append(field, button, output);
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        say(box, output, judge(box, field.value));
      });
      box.append(form);
    } else {
      const list = box.querySelector("ul");
      const group = document.createElement("fieldset");
      const legend = document.createElement("legend");
      legend.className = "visually-hidden";
      legend.textContent = "Choose one";
      list.replaceWith(group);
      group.append(legend, list);
      [...list.children].forEach((item, number) => {
        const label = document.createElement("label");
        label.className = "one";
        const mark = document.createElement("input");
        Object.assign(mark, { type: "radio", name: `choice-${place}` });
        const text = document.createElement("span");
        text.append(...item.childNodes);
        const spoken = document.createElement("span");
        spoken.className = "visually-hidden";
        spoken.textContent = `Choice ${number + 1}:`;
        label.append(mark, spoken, text);
        item.append(label);
        mark.addEventListener("change", () => {
          const right = number + 1 === Number(box.dataset.right);
          say(box, output, [right ? "Right." : "Not this one.", right]);
        });
      });
      box.append(output);
    }
    if (kept()[nameOf(box)]) {
      output.textContent = "You have solved this one.";
      output.className = "right";
    }
  });

  const heading = document.getElementById("exercises")?.querySelector("h2") ?? document.querySelector(".exercise");
  if (boxes.length && heading) {
    heading.after(count);
    tell();
  }
}
