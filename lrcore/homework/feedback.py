"""A page for each student: what was asked, what they gave, what is wrong with it. Never a hidden case."""

import re
from html import escape
from pathlib import Path

from lrcore.homework.assignment import Assignment
from lrcore.homework.grading import CellMark, Graded
from lrcore.homework.mathml import typeset
from lrcore.homework.reports import number

STYLE = """
:root{color-scheme:light dark;--page:#f6f5f2;--card:#fff;--ink:#1c1e21;--soft:#5d6369;--line:#dedbd4;--code:#f3f1ec;
--good:#0a6b3d;--bad:#a33a00;--wait:#5d6369}
@media (prefers-color-scheme:dark){:root{--page:#15171a;--card:#1e2125;--ink:#e8e6e1;--soft:#a2a8ae;--line:#33383e;
--code:#262a2f;--good:#5fd39a;--bad:#ff9a5c;--wait:#a2a8ae}}
*{box-sizing:border-box}
body{font:16px/1.55 system-ui,sans-serif;margin:0;background:var(--page);color:var(--ink)}
main{max-width:48rem;margin:0 auto;padding:2rem 1rem 4rem}
h1{font-size:1.5rem;line-height:1.25;margin:0}h2{font-size:1.1rem;line-height:1.3;margin:0}
p{margin:.6rem 0}.soft{color:var(--soft)}.who{color:var(--soft);margin:.2rem 0 1rem}
.total{font-size:2.2rem;font-weight:700;line-height:1.1;margin:0}
.total small{font-size:1rem;font-weight:400;color:var(--soft)}
.bar{height:.5rem;border-radius:.25rem;background:var(--line);margin:.6rem 0;overflow:hidden}
.bar i{display:block;height:100%;background:var(--good)}
.card{background:var(--card);border:1px solid var(--line);border-left:.3rem solid var(--bad);border-radius:.5rem;
padding:1rem 1.2rem;margin:1rem 0}.card.good{border-left-color:var(--good)}.card.wait{border-left-color:var(--wait)}
.head{display:flex;gap:1rem;justify-content:space-between;align-items:baseline}
.badge{white-space:nowrap;font-weight:600;color:var(--bad)}.good .badge{color:var(--good)}
.wait .badge{color:var(--wait)}
pre,code{font:14px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;background:var(--code);border-radius:.3rem}
pre{padding:.6rem .8rem;margin:.4rem 0;white-space:pre-wrap;overflow-wrap:anywhere}
code{padding:.1rem .3rem;overflow-wrap:anywhere}
summary{cursor:pointer;color:var(--soft)}details{margin:.5rem 0}
details>div{padding-left:1rem;border-left:2px solid var(--line)}
ol,ul{padding-left:1.3rem;margin:.4rem 0}.lines{list-style:none;padding:0}
.lines li{display:flex;gap:.6rem;align-items:baseline;padding:.15rem 0}.lines li>div{flex:1;min-width:0}
math{font-size:1.1em}.lines math{line-height:1.8;math-style:normal}
.lines math+br+code{font-size:.8rem;color:var(--soft)}
.mark{flex:0 0 1.2rem;text-align:center;font-weight:700}.yes{color:var(--good)}.no{color:var(--bad)}
.label{font-size:.85rem;font-weight:600;color:var(--soft);margin:.9rem 0 .2rem}
table{border-collapse:collapse;width:100%}td,th{padding:.3rem .6rem;text-align:left;border-bottom:1px solid var(--line);
overflow-wrap:anywhere}th{white-space:nowrap}figure{margin:1rem 0}svg{max-width:100%;height:auto}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(title: str, body: str) -> str:
    """A whole HTML page that loads nothing and runs nothing."""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n<body><main>\n{body}\n</main></body></html>\n"
    )


def write_feedback(folder: Path, assignment: Assignment, graded: Graded) -> None:
    """Write the page of one student."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = [f"<h1>{escape(assignment.title)}</h1>", f'<p class="who">{escape(graded.student)}</p>']
    parts += [_total(assignment, graded)]
    parts += [f'<p role="note">{escape(remark)}</p>' for remark in graded.remarks]
    parts += [_cell(assignment, cell) for cell in graded.cells]
    title = f"{assignment.title}: {graded.student}"
    (folder / f"{graded.student}.html").write_text(page(title, "\n".join(parts)), encoding="utf-8")


def _total(assignment: Assignment, graded: Graded) -> str:
    waits = any(cell.points is None for cell in graded.cells)
    more = "A person has still to mark what is left open. " if waits else ""
    status = "" if graded.status in ("ok", "needs a person") else f"Status: {graded.status}."
    share = 100 * graded.points / assignment.points
    return (
        f'<p class="total">{number(graded.points)} <small>of {number(assignment.points)} points</small></p>'
        f'<div class="bar"><i style="width:{share:.0f}%"></i></div><p class="soft">{escape(more + status)}</p>'
    )


def _cell(assignment: Assignment, cell: CellMark) -> str:
    points = "a person marks this" if cell.points is None else f"{number(cell.points)} of {number(cell.out_of)} points"
    whole = cell.points is not None and cell.points >= cell.out_of
    kind, sign = ("good", "✓") if whole else ("wait", "…") if cell.points is None else ("bad", "✗")
    heading = escape(asked(assignment, cell.id).partition(" (")[0])
    parts = [f'<section class="card {kind}"><div class="head"><h2>{heading}</h2>']
    parts.append(f'<span class="badge">{sign} {points}</span></div>')
    if cell.asked:
        parts.append(f"<details><summary>What was asked</summary><div>{_prose(cell.asked)}</div></details>")
    parts += [_given(cell), _milestones(cell)]
    if cell.says:
        parts.append("<ul>" + "".join(f"<li>{escape(one)}</li>" for one in cell.says) + "</ul>")
    if cell.example:
        parts.append(f'<p class="label">See for yourself</p><pre>{escape(cell.example[:4000])}</pre>')
    return "\n".join([*parts, "</section>"])


def _given(cell: CellMark) -> str:
    """What the student wrote; a derivation line by line, each with what the prover says of it."""
    if cell.lines:
        lines = "".join(_line(text, verdict) for text, verdict in cell.lines)
        return f'<p class="label">You wrote</p><ol class="lines">{lines}</ol>'
    if not cell.given.strip():
        return ""
    return f'<p class="label">You wrote</p><pre>{escape(cell.given.strip()[:8000])}</pre>'


def _line(text: str, verdict: str) -> str:
    holds = verdict in ("holds", "a definition", "a condition")
    more = "" if verdict == "holds" else f' <span class="soft">{escape(verdict)}</span>'
    drawn = typeset(text)
    return f"<li>{_sign(holds)}<div>{drawn and f'{drawn}<br>'}<code>{escape(text)}</code>{more}</div></li>"


def _milestones(cell: CellMark) -> str:
    if not cell.milestones:
        return ""
    items = "".join(f"<li>{_sign(earned)}<span>{escape(says)}</span></li>" for says, earned in cell.milestones)
    return f'<p class="label">What it was to show</p><ul class="lines">{items}</ul>'


def _sign(yes: bool) -> str:
    return (
        '<span class="mark yes" aria-label="yes">✓</span>' if yes else '<span class="mark no" aria-label="no">✗</span>'
    )


def _prose(text: str) -> str:
    """The teacher's text in paragraphs: formulas between dollars are drawn, code between backticks is code."""
    pieces = re.split(r"(\$\$.+?\$\$|\$.+?\$|`.+?`)", text, flags=re.DOTALL)
    shown = [_marked(one) if place % 2 else escape(one) for place, one in enumerate(pieces)]
    return "".join(f"<p>{part}</p>" for part in "".join(shown).split("\n\n"))


def _marked(piece: str) -> str:
    inner = piece.strip("$`").strip()
    return (typeset(inner) if piece[0] == "$" else "") or f"<code>{escape(inner)}</code>"


def asked(assignment: Assignment, name: str) -> str:
    """The heading that a graded cell stands under."""
    heading = name
    for cell in assignment.cells:
        if cell.kind == "markdown" and not cell.written:
            heading = next(
                (line.lstrip("#").strip() for line in cell.source.splitlines() if line.startswith("#")), heading
            )
        if cell.id == name:
            break
    return heading
