// The editor of a cell: CodeMirror 6, because it is the one that screen readers can read and phones can type in.
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap, startCompletion } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, highlightSpecialChars, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";

// The classes of Pygments, so that edited code has the colours of printed code, in light and in dark.
const colours = HighlightStyle.define([
  { tag: tags.comment, class: "c1" },
  { tag: [tags.keyword, tags.moduleKeyword, tags.controlKeyword, tags.definitionKeyword], class: "k" },
  { tag: tags.operatorKeyword, class: "ow" },
  { tag: [tags.bool, tags.null], class: "kc" },
  { tag: [tags.string, tags.special(tags.string)], class: "s2" },
  { tag: tags.number, class: "mi" },
  { tag: tags.operator, class: "o" },
  { tag: [tags.function(tags.definition(tags.variableName)), tags.definition(tags.className)], class: "nf" },
  { tag: tags.meta, class: "nd" },
]);

// What Python offers at the cursor: after a dot by itself, elsewhere with Ctrl-Space.
function fromPython(complete) {
  return async (context) => {
    if (!context.explicit && !context.matchBefore(/\w\.\w*/)) return null;
    const found = await complete(context.state.doc.toString(), context.pos);
    if (!found?.matches?.length) return null;
    const options = found.matches.map((label) => ({ label }));
    return { from: found.cursor_start, options, validFor: /^[\w.]*$/ };
  };
}

export function editor(parent, text, label, { run, next, changed, complete }) {
  const runs = [
    { key: "Shift-Enter", run: () => (run(), next(), true) },
    { key: "Mod-Enter", run: () => (run(), true) },
    { key: "Ctrl-Space", run: startCompletion },
  ];
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        keymap.of([...runs, ...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
        [highlightSpecialChars(), history(), drawSelection(), indentOnInput(), bracketMatching(), closeBrackets()],
        autocompletion({ override: [fromPython(complete)] }),
        [python(), indentUnit.of("    "), EditorState.tabSize.of(4), syntaxHighlighting(colours), EditorView.lineWrapping],
        // Tab indents; Escape and then Tab leaves the editor, which is told to those who cannot see how.
        EditorView.contentAttributes.of({ "aria-label": `${label}. Shift-Enter runs it; Escape, then Tab leaves it.` }),
        EditorView.updateListener.of((update) => update.docChanged && changed(update.state.doc.toString())),
      ],
    }),
  });
  view.dom.classList.add("highlight"); // Pygments' colours hold inside of it
  return {
    text: () => view.state.doc.toString(),
    setText: (fresh) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: fresh } }),
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}
