"""An editor for tests: a real client of the language server protocol, with `okr lsp` as a process at the other end."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient

from tests.cli.conftest import TODAY
from tests.measuring import MEASURING

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

    from tests.cli.conftest import Shell

WAIT = 30.0
"""Seconds; far beyond what anything takes."""
ABLE = types.ClientCapabilities(
    general=types.GeneralClientCapabilities(position_encodings=[types.PositionEncodingKind.Utf16]),
    text_document=types.TextDocumentClientCapabilities(
        hover=types.HoverClientCapabilities(content_format=[types.MarkupKind.Markdown]),
        rename=types.RenameClientCapabilities(prepare_support=True),
    ),
    workspace=types.WorkspaceClientCapabilities(
        did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True),
    ),
)
"""What an editor of today can do."""


class Editor:
    """An editor with `okr lsp` running: each call waits for what comes of it."""

    def __init__(self, shell: Shell, capabilities: types.ClientCapabilities = ABLE) -> None:
        self.shell = shell
        self.registered: list[types.Registration] = []
        self.times_published = 0
        self._published: dict[str, list[types.Diagnostic]] = {}
        self._texts: dict[str, str] = {}
        self._version = 0
        self._runner = asyncio.Runner()
        self.client = LanguageClient("tests", "1")
        self._news = asyncio.Event()
        self._listen()
        self._do(self.client.start_io(
            sys.executable, "-m", "okr", "--as-of", TODAY, "lsp", "--stdio",
            cwd=str(shell.folder), env=shell.environment(**MEASURING),
        ))  # fmt: skip
        asked = types.InitializeParams(capabilities=capabilities, root_uri=shell.folder.as_uri())
        self.able = self._do(self.client.initialize_async(asked))
        self.client.initialized(types.InitializedParams())

    def _listen(self) -> None:
        def published(params: types.PublishDiagnosticsParams) -> None:
            self.times_published += 1
            self._published[params.uri] = list(params.diagnostics)
            self._news.set()

        def register(params: types.RegistrationParams) -> None:
            self.registered += params.registrations
            self._news.set()

        self.client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(published)
        self.client.feature(types.CLIENT_REGISTER_CAPABILITY)(register)

    def _do(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._runner.run(asyncio.wait_for(work, WAIT))

    def uri(self, path: str) -> str:
        return (self.shell.folder / path).as_uri()

    def open(self, path: str, text: str | None = None) -> None:
        """Opens a file: with what is on disk, or with what has not been saved yet."""
        self._texts[path] = self.shell.read(path) if text is None else text
        item = types.TextDocumentItem(self.uri(path), "yaml", 1, self._texts[path])
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def type(self, path: str, text: str) -> None:
        """Has the text of an open file changed to another one."""
        self._version += 1
        self._texts[path] = text
        whole = types.TextDocumentContentChangeWholeDocument(text)
        document = types.VersionedTextDocumentIdentifier(self._version, self.uri(path))
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(document, [whole]))

    def close(self, path: str) -> None:
        """Closes a file; its unsaved text is gone, and nothing was published of it since."""
        del self._texts[path]
        self._published.pop(self.uri(path), None)
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(self.document(path)))

    def close_all(self) -> None:
        """Closes every file."""
        for path in list(self._texts):
            self.close(path)

    def document(self, path: str) -> types.TextDocumentIdentifier:
        return types.TextDocumentIdentifier(self.uri(path))

    def until(self, wanted: Callable[[], bool]) -> None:
        """Waits for the server to say something that is wanted."""

        async def wait() -> None:
            while not wanted():
                self._news.clear()
                await self._news.wait()

        self._do(wait())

    def findings(self, path: str, wanted: Callable[[list[str]], bool]) -> list[types.Diagnostic]:
        """The findings in a file, once their codes are as wanted."""

        def codes() -> list[str] | None:
            found = self._published.get(self.uri(path))
            return None if found is None else [str(each.code) for each in found]

        self.until(lambda: (known := codes()) is not None and wanted(known))
        return self._published[self.uri(path)]

    def ask(self, method: str, params: Any) -> Any:
        """Asks the server for something, by the name that pygls gives the request."""
        return self._do(getattr(self.client, f"{method}_async")(params))

    def at(self, path: str, marked: str) -> dict[str, Any]:
        """Where in a file a cursor stands: `|` in words of it, which stand there without the bar, once."""
        before, _, after = marked.partition("|")
        text = self._texts[path]
        assert text.count(before + after) == 1, (
            f"{before + after!r} stands {text.count(before + after)} times"
        )
        offset = text.index(before + after) + len(before)
        lines = text[:offset].replace("\r\n", "\n").split("\n")
        character = len(lines[-1].encode("utf-16-le")) // 2
        return {"text_document": self.document(path), "position": types.Position(len(lines) - 1, character)}

    def applied(self, edit: types.WorkspaceEdit | None) -> dict[str, str]:
        """The files that a change of the workspace changes, with their texts afterwards."""
        assert edit is not None
        prefix = self.shell.folder.as_uri() + "/"
        found = {}
        for uri, edits in (edit.changes or {}).items():
            path = uri.removeprefix(prefix)
            known = self._texts.get(path)
            found[path] = applied(self.shell.read(path) if known is None else known, edits)
        return found

    def end(self, *, farewell: bool = True) -> tuple[int, str]:
        """Ends the conversation, with or without a farewell: the exit status, and what was said on stderr."""

        async def end() -> tuple[int, str]:
            if farewell:
                await self.client.shutdown_async(None)
            self.client.exit(None)
            process = self.client._server
            assert process is not None
            assert process.stderr is not None
            said = (await process.stderr.read()).decode()
            await self.client.stop()  # type: ignore[no-untyped-call] # pygls's
            return await process.wait(), said

        try:
            status, said = self._do(end())
            return status, said
        finally:
            self._runner.close()


def applied(text: str, edits: Sequence[types.TextEdit]) -> str:
    """A text after edits whose places are counted in UTF-16 units, as an editor applies them."""
    starts = [0]
    units = text.encode("utf-16-le")
    for index in range(0, len(units), 2):
        pair = units[index : index + 2].decode("utf-16-le", "replace")
        following = units[index + 2 : index + 4].decode("utf-16-le", "replace")
        if pair == "\n" or (pair == "\r" and following != "\n"):
            starts.append(index // 2 + 1)
    for edit in sorted(
        edits, key=lambda each: (each.range.start.line, each.range.start.character), reverse=True
    ):
        first, last = (starts[at.line] + at.character for at in (edit.range.start, edit.range.end))
        units = units[: first * 2] + edit.new_text.encode("utf-16-le") + units[last * 2 :]
    return units.decode("utf-16-le")
