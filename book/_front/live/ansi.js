// Text with the terminal's colours, which IPython writes into tracebacks, as elements; never as HTML.

export function coloured(text) {
  const pre = document.createElement("pre");
  let classes = "";
  for (const part of text.split(/(\x1b\[[\d;]*m)/)) {
    const codes = /^\x1b\[([\d;]*)m$/.exec(part);
    if (codes) classes = styles(codes[1].split(";").map(Number), classes);
    else if (part) pre.append(Object.assign(document.createElement("span"), { className: classes, textContent: part }));
  }
  return pre;
}

// 30 to 37 are the eight colours, 38;5;n one of 256, of which those below 16 have names; 1 is bold and 0 ends it all.
function styles(codes, before) {
  if (codes[0] === 38) return codes[2] < 16 ? `ansi-${codes[2] % 8}` : "ansi-0";
  const named = codes.filter((code) => (code >= 30 && code <= 37) || (code >= 90 && code <= 97)).map((code) => `ansi-${code % 10}`);
  const bold = codes.includes(1) ? ["ansi-bold"] : [];
  return codes.includes(0) && !named.length && !bold.length ? "" : [...named, ...bold].join(" ") || before;
}
