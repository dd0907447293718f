"""What changed in goals, as one HTML page that loads nothing and runs nothing.

Everything that it says passes through `html.escape`; its policy allows no more than the one style sheet, by its hash.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import TYPE_CHECKING

from okr.views.comparison_outline import Sign
from okr.views.comparison_outline_fr import outline_for_others
from okr.views.text import printable
from okr.views.workflow_commands import in_markup

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.operations.comparison.results import Comparison
    from okr.views.comparison_outline import Line, Outline, Section

_CLASSES = {
    Sign.ADDED: "added",
    Sign.DROPPED: "dropped",
    Sign.CHANGED: "changed",
    Sign.MOVED: "moved",
    Sign.WORSE: "worse",
    Sign.BETTER: "better",
}

_STYLE = """
:root { color-scheme: light dark; --dim: #666; --green: #1a7f37; --red: #b3261e; --amber: #8a6100; --blue: #0b60b0; }
@media (prefers-color-scheme: dark) {
  :root { --dim: #a0a0a0; --green: #4cc06a; --red: #ff7b72; --amber: #d7a83b; --blue: #6cb0f5; }
}
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 52rem; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; margin-bottom: 0; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; border-bottom: 1px solid currentcolor; }
h2 small, p, small { color: var(--dim); font-weight: normal; }
ul { list-style: none; margin: 0; padding-left: 1.5rem; }
li { margin: .15rem 0; }
.sign { display: inline-block; width: 1.2rem; margin-left: -1.2rem; font-weight: bold; }
.figures { float: right; margin-left: 1rem; font-variant-numeric: tabular-nums; }
.added > .sign, .better > .sign { color: var(--green); }
.dropped > .sign, .worse > .sign { color: var(--red); }
.changed > .sign { color: var(--amber); }
.moved > .sign { color: var(--blue); }
"""

_POLICY = "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'"


def comparison_html(comparison: Comparison) -> str:
    """A whole page."""
    outline, heading = outline_for_others(comparison)
    return in_markup("\n".join(_page(outline, _shown(outline.title) + heading, comparison.language)) + "\n")


def _page(outline: Outline, title: str, language: str) -> Iterator[str]:
    digest = b64encode(sha256(_STYLE.encode()).digest()).decode()
    yield "<!DOCTYPE html>"
    yield f'<html lang="{language}">'
    yield "<head>"
    yield '<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY.format(digest))}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="referrer" content="no-referrer">'
    yield f"<title>{title}</title>"
    yield f"<style>{_STYLE}</style>"
    yield "</head>"
    yield "<body>"
    yield f"<h1>{title}</h1>"
    yield f"<p>{_shown(outline.sides)}</p>"
    if outline.summary:
        yield f"<p>{_shown(outline.summary)}</p>"
    for section in outline.sections:
        yield from _section(section)
    yield "</body>"
    yield "</html>"


def _section(section: Section) -> Iterator[str]:
    figures = f'<span class="figures">{_shown(section.figures)}</span>' if section.figures else ""
    note = f" <small>{_shown(section.note)}</small>" if section.note else ""
    yield f"<section>\n<h2>{figures}{_shown(section.title)}{note}</h2>"
    depth = -1
    for line in section.lines:
        if line.depth > depth:  # never by more than one
            yield "<ul>"
        elif depth >= 0:
            yield "</li>" + "</ul></li>" * (depth - line.depth)
        depth = line.depth
        yield _item(line)
    yield "</li>" + "</ul></li>" * depth + "</ul>\n</section>" if depth >= 0 else "</section>"


def _item(line: Line) -> str:
    """The beginning of an item; what is below it may follow before its end."""
    figures = f'<span class="figures">{_shown(line.figures)}</span>' if line.figures else ""
    note = f" <small>{_shown(line.note)}</small>" if line.note else ""
    if line.sign is Sign.NONE:
        return f"<li>{figures}{_shown(line.text)}{note}"
    name = _CLASSES[line.sign]
    sign = f'<span class="sign" title="{name}">{escape(line.sign)}</span>'
    text = _shown(line.text) if line.depth else f"<strong>{_shown(line.text)}</strong>"
    return f'<li class="{name}">{figures}{sign}{text}{note}'


def _shown(text: str) -> str:
    return escape(printable(text))
