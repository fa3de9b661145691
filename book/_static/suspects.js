// Lines with what a reader suspects of them. A mark opens what is so, and is kept on the reader's own machine.
{
  const KEY = "lrcore-suspected";
  const boxes = /** @type {HTMLElement[]} */ ([...document.querySelectorAll(".suspect")]);

  /** @returns {Record<string, string>} */
  function kept() {
    try {
      return JSON.parse(localStorage.getItem(KEY) ?? "{}");
    } catch {
      return {};
    }
  }

  for (const box of boxes) {
    const name = box.dataset.line ?? "";
    const right = (box.dataset.right ?? "").split(" ");
    const [output, fold] = [box.querySelector("output"), box.querySelector("details")];
    const marks = [...box.querySelectorAll("input")];
    if (!output || !fold) continue;
    const say = (kind) => {
      const good = right.includes(kind);
      output.textContent = good ? "That is it. Here is why." : "That is not it. Look again, or read on.";
      output.className = good ? "right" : "";
      fold.open = good;
    };
    for (const mark of marks)
      mark.addEventListener("change", () => {
        say(mark.value);
        try {
          localStorage.setItem(KEY, JSON.stringify({ ...kept(), [name]: mark.value }));
        } catch { /* a browser that keeps nothing: it is answered all the same */ }
      });
    const before = marks.find((mark) => mark.value === kept()[name]);
    if (before) {
      before.checked = true;
      say(before.value);
      fold.open = false;
    }
  }
  // On paper all are open. What a fold holds waits as text (see book.js), and opening brings it too late for the printer.
  addEventListener("beforeprint", () => {
    for (const fold of document.querySelectorAll("details.suspect-so")) {
      const waiting = fold.querySelector(":scope > noscript");
      if (waiting) waiting.outerHTML = waiting.textContent ?? "";
      fold.setAttribute("open", "");
    }
  });
}
