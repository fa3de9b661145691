// What MyST has to know to read this book: its own directives and roles, each shown as plainly as may be. with_myst.py uses it.

const text = (value) => ({ type: "text", value });
const block = (kind, children) => ({ type: "div", class: kind, children });
const body = { type: "myst" };
const absent = (name) => ({ name, arg: { type: String }, run: ({ arg = "" }) => [block(name, [{ type: "paragraph", children: [text(`${name} ${arg}`.trim())] }])] });

const directives = [
  ...["opening", "measured", "checked-report", "checked-rules"].map(absent), // Sphinx puts in what was computed
  { name: "answer", arg: { type: String }, options: { from: { type: String } }, run: ({ arg }) => [block("answer", [{ type: "details", children: [{ type: "summary", children: [text("Answer")] }, { type: "paragraph", children: [text(arg)] }] }])] },
  { name: "choice", arg: { type: String }, options: Object.fromEntries(["claim", "runs", "equals", "raises"].map((name) => [name, { type: String }])), body, run: (data) => [block("choice", data.body)] },
  { name: "suspect", arg: { type: String }, options: Object.fromEntries(["slips", "words", "example", "printed", "measured"].map((name) => [name, { type: String }])), body, run: (data) => [block("suspect", data.body)] },
  { name: "counterexample", arg: { type: String }, body: { type: String }, run: () => [] },
  { name: "container", arg: { type: String }, body, run: (data) => [block(data.arg, data.body)] },
  { name: "card-footer", body, run: (data) => [{ type: "footer", children: data.body }] },
  { name: "blanks", arg: { type: String }, options: { given: { type: String } }, body: { type: String }, run: (data) => [{ type: "code", lang: "latex", value: data.body }] },
  { name: "eval-rst", body: { type: String }, run: (data) => [{ type: "code", lang: "rst", value: data.body }] },
];

const roles = [
  { name: "rule", body: { type: String }, run: (data) => [text(data.body.replace(/\s*<.*>$/, ""))] },
  { name: "py:func", body: { type: String }, run: (data) => [{ type: "inlineCode", value: data.body }] },
];

// A glossary of Sphinx has its terms at the margin and what they mean indented below: one paragraph each for MyST.
const glossary = {
  name: "terms-of-sphinx",
  doc: "Glossaries as Sphinx has them",
  stage: "document",
  plugin: (_, utils) => (tree) => {
    for (const one of utils.selectAll("glossary", tree)) one.children = [{ type: "definitionList", children: one.children.filter(({ type }) => type === "paragraph").flatMap(entry) }];
  },
};

function entry({ children }) {
  const [first, ...rest] = children;
  const [term, ...lines] = first.value.split("\n");
  return [{ type: "definitionTerm", children: [text(term)] }, { type: "definitionDescription", children: [text(lines.join("\n").trimStart()), ...rest] }];
}

export default { name: "this book", directives, roles, transforms: [glossary] };
