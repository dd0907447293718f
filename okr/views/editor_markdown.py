"""Text for an editor's pop-ups, as Markdown that shows exactly what files say, or as plain text.

Only what Markdown would take for markup, a link or a mention gets a backslash, so that it reads well where an editor
shows the text as it is.
"""

from __future__ import annotations

import re

from okr.views.text import printable

_MARKUP = re.compile(r"[\\`*_\[\]<>&~|@]|\$(?=\()|:(?=//)|(?<=www)\.", re.IGNORECASE)


def escaped(text: object) -> str:
    """A text of a file as Markdown within a line."""
    return _MARKUP.sub(lambda found: f"\\{found[0]}", printable(text))


class Writer:
    """Puts paragraphs together, as Markdown or as plain text."""

    def __init__(self, *, markdown: bool) -> None:
        self._markdown = markdown
        self._paragraphs: list[str] = []

    def text(self, text: object) -> str:
        """Words from a file."""
        return escaped(text) if self._markdown else printable(text)

    def strong(self, text: object) -> str:
        """A heading of a kind."""
        return f"**{self.text(text)}**" if self._markdown else self.text(text)

    def code(self, text: object) -> str:
        """An id, a reference, a key: in a type of its own where it can be."""
        plain = printable(text)
        return f"`{plain}`" if self._markdown and plain.strip() and "`" not in plain else self.text(text)

    def add(self, *parts: str | None) -> None:
        """A paragraph of parts; what is None or empty is left out."""
        said = [part for part in parts if part]
        if said:
            self._paragraphs.append(" · ".join(said))

    def add_list(self, items: list[str]) -> None:
        """A list."""
        if items:
            self._paragraphs.append("\n".join(f"- {item}" for item in items))

    def whole(self) -> str:
        """All of it."""
        return "\n\n".join(self._paragraphs)
