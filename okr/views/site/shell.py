"""What stands around the words of a page: the same for thousands of them, so that its template is filled in once.

Where a page's own words go is marked by what no text can hold: `printable` spells out every NUL.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from okr.views.site.rows import escaped

if TYPE_CHECKING:
    from collections.abc import Callable

_TITLE, _MAIN = Markup("\0title\0"), Markup("\0main\0")


class Shell:
    """The template around the pages of one site, by how deep they lie in it."""

    def __init__(self, render: Callable[[str, Markup, Markup], str]) -> None:
        """Fills in nothing yet.

        Args:
            render: the page at a path, with a title and with what stands in it.
        """
        self._render = render
        self._parts: dict[int, tuple[str, str, str]] = {}

    def page(self, path: str, title: str, main: str) -> bytes:
        """A page with what stands in it, which is markup of ours; the title is text."""
        before, between, after = self._parts_at(path)
        return f"{before}{escaped(title)}{between}{main}{after}".encode("utf-8", "replace")

    def _parts_at(self, path: str) -> tuple[str, str, str]:
        depth = path.count("/")
        if depth not in self._parts:
            before, rest = self._render(path, _TITLE, _MAIN).split(_TITLE)
            between, after = rest.split(_MAIN)
            self._parts[depth] = before, between, after
        return self._parts[depth]
