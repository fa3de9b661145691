// A plugin for MyST and Jupyter Book 2: each displayed equation gets a mark, and what is wrong is an error with its line,
// on which `myst build --strict` fails. Copy it beside myst.yml:
//
//     project:
//       plugins: [lrcore.mjs]
//
// LRCORE_PYTHON names the Python in which lrcore is installed; LRCORE_STRICT=1 fails on what was not decided, too.
import { spawnSync } from "node:child_process";

const python = process.env.LRCORE_PYTHON || "python3";
const strict = process.env.LRCORE_STRICT === "1";
const WORDS = {
  proved: "✓ proved for all sizes",
  definition: ":= definition",
  given: "a condition",
  wrong: "✗ wrong on purpose",
  exempt: "– not checked",
  refuted: "✗ refuted",
  "ill-typed": "✗ shapes that do not fit",
  contradicted: "✗ contradicted",
  mark: "✗ not what its mark says",
};
// What is said of an equation is the worst that is said of a step of it.
const ORDER = ["contradicted", "mark", "refuted", "ill-typed", "unread", "open", "undecided", "guessed", "stationary",
  "condition", "wrong", "exempt", "given", "proved", "definition"];

function checked(path) {
  const done = spawnSync(python, ["-m", "lrcore.verify", "--json", "--allow-nothing", path], { encoding: "utf8", maxBuffer: 2 ** 28 });
  if (done.error) throw new Error(`lrcore: ${python} can't be started: ${done.error.message}`);
  if (done.status === 2) throw new Error(`lrcore: ${done.stderr.trim()}`);
  return JSON.parse(done.stdout).filter((one) => one.rule !== "taken"); // those are about the whole page
}

const squeezed = (latex) => latex.replace(/\\label\s*\{[^}]*\}/g, "").replace(/\s+/g, "");

// The findings of one equation: by its text, or by the lines that it stands on.
function findingsOf(node, findings) {
  const same = findings.filter((one) => one.equation && squeezed(one.equation) === squeezed(node.value));
  const labelled = same.filter((one) => one.label && one.label === node.label);
  if (same.length) return labelled.length ? labelled : same.filter((one) => one.line === same[0].line || one.equation === same[0].equation);
  const { start, end } = node.position ?? {};
  return start ? findings.filter((one) => start.line <= one.line && one.line <= end.line) : [];
}

function mark(found) {
  const worst = [...found].sort((a, b) => ORDER.indexOf(a.rule) - ORDER.indexOf(b.rule))[0];
  const said = worst ? (WORDS[worst.rule] ?? "? undecided") : "? not read";
  const text = (value) => ({ type: "text", value });
  const facts = found.map((one) => ({ type: "paragraph", children: [text(`${one.rule}: ${one.message}`)] }));
  return { type: "details", class: `lr-verdict lr-${worst?.rule ?? "unread"}`, children: [{ type: "summary", children: [text(said)] }, ...facts] };
}

const transform = {
  name: "lrcore",
  doc: "Every equation through lrcore.verify",
  stage: "document",
  plugin: () => (tree, file) => {
    let findings;
    try {
      findings = checked(file.path);
    } catch (fault) {
      file.message(fault.message, tree, "lrcore:fault").fatal = true;
      return;
    }
    for (const one of findings) {
      if (one.level === "error" || (strict && one.level === "note")) {
        const at = { line: one.line, column: one.column };
        const said = `${one.rule}: ${one.message} ${one.latex}`.trim();
        file.message(said, { start: at, end: at }, `lrcore:${one.rule}`).fatal = true;
      }
    }
    const within = (parent) => {
      for (let k = (parent.children ?? []).length - 1; k >= 0; k--) {
        const node = parent.children[k];
        if (node.type === "math") parent.children.splice(k + 1, 0, mark(findingsOf(node, findings)));
        else within(node);
      }
    };
    within(tree);
  },
};

export default { name: "lrcore", transforms: [transform] };
