"""What changed in goals, as Markdown for a comment on a pull request; what that does stands first.

Text from files shows as it is, as in `findings_markdown.py`: no markup, no mention, no link, no reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from okr.errors import shortened
from okr.views.comparison_outline import CONSEQUENCES, Sign
from okr.views.comparison_outline_fr import CONSEQUENCES_FR, outline_for_others
from okr.views.findings_markdown import LONGEST_COMMENT, escaped
from okr.views.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.operations.comparison.results import Comparison
    from okr.views.comparison_outline import Line, Section

LONGEST_TEXT = 500
_ROOM_FOR_THE_END = 200


def comparison_markdown(comparison: Comparison, folder: str = "") -> str:
    """A comment that begins with a hidden line of its own, by which it can be found and brought up to date.

    Args:
        comparison: what changed.
        folder: where the workspace lies in its repository; empty for its top.
    """
    outline, heading = outline_for_others(comparison)
    marked = f": {quote(folder.encode('utf-8', 'surrogatepass'))}" if folder else ""
    text = f"<!-- okr diff{marked} -->\n### {_shown(outline.title)}{heading}\n\n{_shown(outline.sides)}\n"
    if outline.summary:
        text += f"\n{_shown(outline.summary)}\n"
    consequences = {CONSEQUENCES, CONSEQUENCES_FR}
    first = sorted(outline.sections, key=lambda section: section.title not in consequences)
    blocks = [block for section in first for block in _blocks(section)]
    room = LONGEST_COMMENT - _ROOM_FOR_THE_END - len(text)
    for number, block in enumerate(blocks):
        room -= len(block)
        if room < 0:
            left = len(blocks) - number
            end = f"{counted(left, 'line')} did not fit here; `okr diff` shows them all."
            if comparison.language == "fr":
                end = f"Lignes qui n’ont pas tenu ici\u00a0: {left}\u202f; `okr diff` les montre toutes."
            return f"{text}\n{end}\n"
        text += block
    return text


def _blocks(section: Section) -> Iterator[str]:
    heading = f"\n**{_shown(section.title)}**"
    beside = " · ".join(map(_shown, filter(None, (section.note, section.figures))))
    yield f"{heading} {beside}\n\n" if beside else f"{heading}\n\n"
    yield from map(_item, section.lines)


def _item(line: Line) -> str:
    text = _shown(line.text)
    if line.sign is not Sign.NONE:
        text = f"{escaped(line.sign)} {f'**{text}**' if not line.depth else text}"
    note = f" <sub>{_shown(line.note)}</sub>" if line.note else ""
    figures = f" · {_shown(line.figures)}" if line.figures else ""
    return f"{'  ' * line.depth}- {text}{note}{figures}\n"


def _shown(text: str) -> str:
    return escaped(shortened(printable(text), LONGEST_TEXT))
