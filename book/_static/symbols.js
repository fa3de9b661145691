// A symbol in a formula says what it stands for, in the words of the chapter's table: under the mouse, under a finger, and
// by the keyboard: where the mark behind an equation has the focus, the arrow keys walk through the symbols of the equation.
{
  const known = new Map();
  const tip = document.createElement("div");
  tip.className = "symbol-tip";
  tip.setAttribute("role", "tooltip");
  tip.setAttribute("aria-live", "polite");
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

  function hide() {
    tip.hidden = true;
    walked?.classList.remove("symbol-here");
    walked = null;
  }

  /** @type {Element | null} */
  let walked = null; // the symbol that the arrow keys have reached

  // What the arrow keys walk through from here: the symbols of the equation that this mark stands behind, or of the table.
  function symbolsBeside(mark) {
    const fold = mark.matches("details > summary") ? mark.parentElement : null;
    const place = fold?.matches(".lr-verdict") ? fold.previousElementSibling : fold?.matches(".symbols") ? mark : null;
    const found = [...(place?.querySelectorAll("mjx-math mjx-c") ?? [])].map(symbolAt);
    return [...new Set(found.filter((one) => one))];
  }

  function walk(event) {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const all = way && document.activeElement ? symbolsBeside(document.activeElement) : [];
    if (!way || !all.length) return;
    event.preventDefault();
    const next = all[Math.max(0, Math.min(all.length - 1, (walked ? all.indexOf(walked) : way > 0 ? -1 : all.length) + way))];
    hide();
    next.scrollIntoView({ block: "nearest", inline: "nearest" });
    walked = next;
    next.classList.add("symbol-here");
    show(next);
  }

  for (const mark of document.querySelectorAll("details:is(.lr-verdict, .symbols) > summary"))
    if (symbolsBeside(mark).length) mark.setAttribute("aria-keyshortcuts", "ArrowLeft ArrowRight");

  for (const kind of ["pointerover", "click"])
    document.addEventListener(kind, ({ target }) => {
      const part = symbolAt(target);
      if (part) show(part);
      else hide();
    });
  document.addEventListener("keydown", (event) => (event.key === "Escape" ? hide() : walk(event)));
  document.addEventListener("focusout", hide);
  addEventListener("scroll", () => walked || hide(), { passive: true, capture: true });
}

// Paper shows the table.
{
  const folds = /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll("details.symbols"));
  addEventListener("beforeprint", () => folds.forEach((fold) => (fold.open = true)));
}
