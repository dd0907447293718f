"""Lines of the other views as one text for a part of the screen: laid out for its width, and never markup."""

from __future__ import annotations

import io
from itertools import dropwhile
from typing import TYPE_CHECKING

from rich.cells import set_cell_size
from rich.console import Console
from rich.text import Text

from okr.views.layout import indented
from okr.views.piped import NARROWEST
from okr.views.terminal import cell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from okr.errors import OkrError


def laid_out(width: int, lines: Callable[[Console], Iterable[Text]]) -> Text:
    """What a view says, laid out for a width in characters; blank lines at its top are left out."""
    console = Console(
        file=io.StringIO(), width=max(width, NARROWEST), markup=False, emoji=False, highlight=False
    )
    return Text("\n").join(dropwhile(lambda line: not line.plain.strip(), lines(console)))


def error_text(error: OkrError, width: int) -> Text:
    """An error with its remedy, as on stderr."""
    from okr.views.errors import error_lines

    return laid_out(
        width, lambda console: (line for told in error_lines(error) for line in indented(console, cell(told)))
    )


def cut(text: Text, width: int) -> Text:
    """A text of one line, cut to a width where it is longer, with a sign that it is."""
    if text.cell_len <= width:
        return text
    kept = text.copy()
    kept.plain = set_cell_size(text.plain, max(0, width - 1)).rstrip() + "…"
    return kept
