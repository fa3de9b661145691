"""The gallery and the challenges as lists of links, for the page: each opens in the checker by the address alone."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from .challenges import CHALLENGES
from .gallery import CASES


@dataclass(frozen=True)
class Listing:
    """HTML that a notebook shows."""

    html: str

    def _repr_html_(self) -> str:
        return self.html


def gallery() -> Listing:
    """Every case by its title."""
    items = [f"<li id='case={one.id}'>{_link('case', one.id, one.title)}</li>" for one in CASES]
    return Listing(f"<ul>{''.join(items)}</ul>")


def challenges() -> Listing:
    """Every challenge with what is to be derived and the chapter it belongs to."""
    items = [
        f"<li id='challenge={one.id}'>{_link('challenge', one.id, one.title)}: "
        f'<span class="math notranslate nohighlight">\\({escape(one.last)}\\)</span>, '
        f'from <a class="reference internal" href="{one.chapter}.html">{escape(one.chapter.replace("_", " "))}</a></li>'
        for one in CHALLENGES
    ]
    return Listing(f"<ol>{''.join(items)}</ol>")


def _link(kind: str, name: str, title: str) -> str:
    return f'<a class="reference internal" href="#{kind}={escape(name)}">{escape(title)}</a>'
