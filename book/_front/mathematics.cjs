// Formulas typeset while the book is built, by MathJax in Node.js: a page comes with the finished HTML, its style, and
// MathML that screen readers read, instead of 263 kB of script that would do it on every visit, late.
// Reads {page: [[tex, display], ...]} as JSON and answers {page: {formulas: [html, ...], style}}.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");

const mathjax = join(__dirname, "mathjax"); // beside it in _build/front/typesetter

const settings = {
  loader: { load: ["input/tex-full", "output/chtml", "adaptors/liteDOM", "a11y/assistive-mml"], paths: { mathjax } },
  options: { enableAssistiveMml: true },
  tex: { tags: "none", packages: { "[-]": ["noundefined", "noerrors"] } }, // a mistake is to fail the build
  chtml: { matchFontHeight: false }, // book.css knows the height of the text's font
  startup: { typeset: false },
};

function page(formulas) {
  MathJax.startup.output.clearCache();
  const { adaptor } = MathJax.startup;
  const typeset = ([tex, display]) => adaptor.outerHTML(MathJax.tex2chtml(tex, { display }));
  const html = formulas.map(typeset);
  return { formulas: html, style: adaptor.textContent(MathJax.chtmlStylesheet()) };
}

require(join(mathjax, "node-main.js"))
  .init(settings)
  .then(() => {
    const pages = Object.entries(JSON.parse(readFileSync(0, "utf8")));
    process.stdout.write(JSON.stringify(Object.fromEntries(pages.map(([name, formulas]) => [name, page(formulas)]))));
  });
