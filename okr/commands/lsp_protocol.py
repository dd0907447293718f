"""okr's results in the protocol's words: findings, choices, facts, places and changes of files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from okr.diagnostics import Severity
from okr.files import UnreadableFile
from okr.operations.editor.actions import Nature
from okr.operations.editor.completion import NAMED, Offer
from okr.operations.editor.positions import MARK, EditorText, Position, Units
from okr.rules.catalogue import rules_by_name
from okr.views.editor_hover import hover_text
from okr.views.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from okr.diagnostics import Diagnostic, Place
    from okr.edit_text import Edit
    from okr.operations.editor.actions import Action
    from okr.operations.editor.completion import Choices
    from okr.operations.editor.cursor import Cursor
    from okr.operations.editor.hover import Hover
    from okr.operations.editor.outline import Entry
    from okr.workspace import Workspace

FIX_ALL = "source.fixAll.okr"
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
_ITEMS = {
    Offer.KEY: types.CompletionItemKind.Property,
    Offer.VALUE: types.CompletionItemKind.EnumMember,
    Offer.REFERENCE: types.CompletionItemKind.Reference,
    Offer.PERSON: types.CompletionItemKind.Constant,
    Offer.TEAM: types.CompletionItemKind.Module,
    Offer.KPI: types.CompletionItemKind.Variable,
    Offer.RULE: types.CompletionItemKind.Value,
}


class Speaker:
    """Says what was found to one editor: in its units, about its workspace's files, by its own names for them."""

    def __init__(self, root: Path, units: Units, uris: Mapping[Path, str]) -> None:
        self._root = root
        self._units = units
        self._uris = uris
        self._texts: dict[str, EditorText] = {}

    def uri(self, path: str) -> str:
        """A file's address: the editor's own where it has the file open."""
        whole = self._root / path
        return self._uris.get(whole) or whole.as_uri()

    def text(self, workspace: Workspace, path: str) -> EditorText:
        """A file's text, to tell its places; an empty one where there is no such file."""
        if path not in self._texts:
            document = workspace.document(path) if path.endswith(".yaml") else None
            text = document.text if document is not None else _raw(workspace, path)
            marked = document is not None and document.byte_order_mark and self._root / path in self._uris
            self._texts[path] = EditorText(MARK + text if marked else text, self._units)
        return self._texts[path]

    def range(self, workspace: Workspace, path: str, place: Place) -> types.Range:
        """A place of a file."""
        return _range(*self.text(workspace, path).positions(place))

    def location(self, workspace: Workspace, path: str, place: Place) -> types.Location:
        """A place of a file, with the file."""
        return types.Location(self.uri(path), self.range(workspace, path, place))

    def diagnostic(self, workspace: Workspace, found: Diagnostic) -> types.Diagnostic:
        """A finding: its message, and below it how to mend it."""
        finding = found.finding
        remedy = finding.hint or rules_by_name()[found.code].remedy
        return types.Diagnostic(
            range=self.range(workspace, finding.path, finding.place),
            message=f"{_sentence(finding.message)}\n{_sentence(remedy)}",
            severity=_SEVERITIES[found.severity],
            code=found.code,
            source="okr",
        )

    def completions(self, text: EditorText, cursor: Cursor, choices: Choices) -> types.CompletionList:
        """What may be typed, each replacing what stands at the cursor."""
        where = _range(text.position(cursor.start), text.position(cursor.end))
        items = [
            types.CompletionItem(
                label=printable(each.label),
                kind=_ITEMS[each.offer],
                detail=printable(each.detail) or None,
                documentation=each.told,
                sort_text=f"{number:04}",
                filter_text=f"{each.label} {each.detail}" if each.offer in NAMED else each.label,
                text_edit=types.TextEdit(where, each.text),
            )
            for number, each in enumerate(choices.found)
        ]
        return types.CompletionList(is_incomplete=not choices.whole, items=items)

    def hover(self, text: EditorText, hover: Hover, *, markdown: bool) -> types.Hover:
        """What is known of what stands at a place."""
        kind = types.MarkupKind.Markdown if markdown else types.MarkupKind.PlainText
        content = types.MarkupContent(kind, hover_text(hover.facts, markdown=markdown))
        return types.Hover(content, _range(*text.positions(hover.place)))

    def symbol(self, text: EditorText, entry: Entry) -> types.DocumentSymbol:
        """An entry of the outline, with those within it."""
        return types.DocumentSymbol(
            name=printable(entry.title) or entry.id,
            detail=entry.id,
            kind=types.SymbolKind.Class if entry.inner else types.SymbolKind.Field,
            range=_range(*text.positions(entry.place)),
            selection_range=_range(*text.positions(entry.at)),
            children=[self.symbol(text, each) for each in entry.inner],
        )

    def action(self, workspace: Workspace, action: Action) -> types.CodeAction:
        """Something to be done about a finding."""
        about = None if action.diagnostic is None else [self.diagnostic(workspace, action.diagnostic)]
        return types.CodeAction(
            title=printable(action.title),
            kind=FIX_ALL if action.nature is Nature.ALL else types.CodeActionKind.QuickFix,
            diagnostics=about,
            is_preferred=True if action.nature is Nature.SAFE else None,
            edit=self.change(workspace, action.edits),
        )

    def change(self, workspace: Workspace, edits: Iterable[tuple[str, Edit]]) -> types.WorkspaceEdit:
        """A change of files that are there."""
        changes: dict[str, list[types.TextEdit]] = {}
        for path, edit in edits:
            changes.setdefault(self.uri(path), []).append(self._edit(workspace, path, edit))
        return types.WorkspaceEdit(changes=changes)

    def _edit(self, workspace: Workspace, path: str, edit: Edit) -> types.TextEdit:
        text = self.text(workspace, path)
        return types.TextEdit(_range(text.position(edit.offset), text.position(edit.end)), edit.text)


def position(given: types.Position) -> Position:
    """A position as the editor names it."""
    return Position(given.line, given.character)


def edits_within(text: EditorText, edits: Iterable[Edit]) -> list[types.TextEdit]:
    """Edits of one open file."""
    return [
        types.TextEdit(_range(text.position(each.offset), text.position(each.end)), each.text)
        for each in edits
    ]


def overlap(one: types.Range, other: types.Range) -> bool:
    """Whether two ranges share a place, or touch."""
    return _key(one.start) <= _key(other.end) and _key(other.start) <= _key(one.end)


def _key(given: types.Position) -> tuple[int, int]:
    return given.line, given.character


def _range(start: Position, end: Position) -> types.Range:
    return types.Range(types.Position(*start), types.Position(*end))


def _sentence(text: str) -> str:
    """Words of a finding, which begin in lower case and have no full stop, as a sentence of their own."""
    said = printable(text)
    return said[:1].upper() + said[1:] + ("" if said.endswith((".", "?", "`")) else ".")


def _raw(workspace: Workspace, path: str) -> str:
    try:
        return (workspace.files.read(path) or b"").decode("utf-8-sig", "replace")
    except UnreadableFile:
        return ""
