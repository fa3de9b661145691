// Exercises that are answered on the page. What a reader solved is kept on the reader's own machine and sent nowhere.
{
  const KEY = "lrcore-exercises";
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

  // The name of an exercise is its question: it stays the same when others come before it.
  function nameOf(box) {
    const all = [...(box.closest(".exercise")?.querySelectorAll("p") ?? [])].filter((one) => !one.closest("lr-control")).map((one) => one.textContent?.trim()).join(" ");
    let sum = 7;
    for (const sign of all) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) % 2147483647;
    return `${page}:${sum}`;
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
