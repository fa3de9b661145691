// A symbol in a formula says what it stands for, in the words of the chapter's table: under the mouse, and under a finger.
{
  const known = new Map();
  const tip = document.createElement("div");
  tip.className = "symbol-tip";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  document.body.append(tip);

  // The signs that a part of a formula is made of, which MathJax names by their codes.
  const signs = (part) => [...part.querySelectorAll("mjx-c")].map((one) => one.classList[0]).join(" ");

  for (const row of document.querySelectorAll("details.symbols tbody tr")) {
    const [names, ...cells] = /** @type {HTMLTableRowElement} */ (row).cells;
    for (const name of names.querySelectorAll("mjx-math")) known.set(signs(name), cells);
  }

  // The widest part around a sign that is a symbol of the table.
  function symbolAt(target) {
    let found = null;
    const formula = target.closest?.(".bd-article mjx-math");
    for (let part = formula ? target : null; part && part !== formula; part = part.parentElement) if (known.has(signs(part))) found = part;
    return found;
  }

  function show(part) {
    const [shape, meaning] = known.get(signs(part));
    tip.replaceChildren(...[meaning, shape].map((cell) => {
      const said = document.createElement("span");
      said.append(...[...cell.childNodes].map((node) => node.cloneNode(true)));
      return said;
    }));
    tip.hidden = false;
    const [place, own] = [part.getBoundingClientRect(), tip.getBoundingClientRect()];
    const left = Math.max(8, Math.min(innerWidth - own.width - 8, (place.left + place.right - own.width) / 2));
    const top = place.top - own.height - 8 > 60 ? place.top - own.height - 8 : place.bottom + 8;
    Object.assign(tip.style, { left: `${left}px`, top: `${top}px` });
  }

  const hide = () => (tip.hidden = true);
  for (const kind of ["pointerover", "click"])
    document.addEventListener(kind, ({ target }) => {
      const part = symbolAt(target);
      if (part) show(part);
      else hide();
    });
  document.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
  addEventListener("scroll", hide, { passive: true, capture: true });
}

// Paper shows the table.
{
  const folds = /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll("details.symbols"));
  addEventListener("beforeprint", () => folds.forEach((fold) => (fold.open = true)));
}
