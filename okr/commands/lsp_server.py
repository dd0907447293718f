"""The language server: pygls hears the editor, what it asks is answered in threads, and findings follow what is typed.

Thin: what stands where, what may be typed, what is known and what a change takes is in `operations/editor/`.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from okr import __version__
from okr.commands.lsp_protocol import Speaker
from okr.dataclass import dataclass
from okr.errors import OkrError
from okr.operations.editor.positions import EditorText, Units
from okr.operations.editor.session import Desk, OpenFiles, Snapshot
from okr.operations.validation.bases import last_commit
from okr.rules.engine import diagnose

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from okr.diagnostics import Diagnostic
    from okr.workspace import Workspace

T = TypeVar("T")

PAUSE = 0.2
"""Seconds without typing after which findings are looked for."""
LONGEST_WAIT = 10.0
"""Seconds for which an action waits for the findings that it is about."""
REQUEST_FAILED = -32803
"""The protocol's code for what can't be done, through no fault of the server's."""
INTERRUPTED = 130
STOPPED_UNASKED = 1
"""The exit status that the protocol wants where an editor ends the server without a farewell."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found in a workspace at one moment."""

    snapshot: Snapshot
    workspace: Workspace
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A file that a request is about, and the workspace as it was then."""

    snapshot: Snapshot
    path: str
    text: EditorText
    speaker: Speaker
    capabilities: types.ClientCapabilities


class Server(LanguageServer):
    """One editor's server."""

    def __init__(self, today: Callable[[], date]) -> None:
        # Whole texts: exact for every line break and character there is, and plans are small.
        super().__init__("okr", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        self.files = OpenFiles(today)
        self.uris: dict[Path, str] = {}
        self.farewell = self.told_to_end = False
        self._desk = Desk()
        self._answering = ThreadPoolExecutor(1, "okr-answers")
        self._finding = ThreadPoolExecutor(1, "okr-findings")
        self._examined: dict[Path, Examined] = {}
        self._watches: dict[Path, asyncio.Task[None]] = {}
        self._news = asyncio.Condition()

    # What the editor has open

    def opened(self, uri: str, text: str) -> None:
        """A file has been opened, or its text has changed."""
        path = path_of(uri)
        if path is not None:
            self.uris[path] = uri
            self.files.put(path, text)
            self.watch(self.files.root_of(path))

    def closed(self, uri: str) -> None:
        """A file has been closed: its findings go with it."""
        path = path_of(uri)
        if path is not None:
            self.files.drop(path)
            self.uris.pop(path, None)
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, []))
            root = self.files.root_of(path)
            if root is not None and self.files.open_in(root):
                self.watch(root)

    def changed_on_disk(self) -> None:
        """Something was saved or changed by others: all that is open may have other findings."""
        self.files.changed_on_disk()
        for root in {self.files.root_of(path) for path in self.uris}:
            self.watch(root)

    def asked(self, uri: str) -> Asked | None:
        """The file that a request is about; None where it is not open, or in no workspace."""
        path = path_of(uri)
        text = None if path is None else self.files.text(path)
        root = None if path is None else self.files.root_of(path)
        if path is None or text is None or root is None:
            return None
        return Asked(
            self.files.snapshot(root),
            path.relative_to(root).as_posix(),
            EditorText(text, self.units),
            self.speaker(root),
            self.client_capabilities,
        )

    def speaker(self, root: Path) -> Speaker:
        """Who tells the editor of a workspace."""
        return Speaker(root, self.units, dict(self.uris))

    @property
    def units(self) -> Units:
        """What this editor counts characters in."""
        return Units(
            str(getattr(self.workspace.position_encoding, "value", self.workspace.position_encoding))
        )

    # Answers

    async def answer(self, work: Callable[[Desk], T]) -> T:
        """Works something out beside the conversation, one answer after the other.

        Raises:
            JsonRpcException: it can't be done; the message says why and what to do.
        """
        try:
            return await asyncio.get_running_loop().run_in_executor(self._answering, work, self._desk)
        except OkrError as error:
            remedy = f" ({error.remedy})" if error.remedy else ""
            raise JsonRpcException(f"{error.message}{remedy}", REQUEST_FAILED) from error

    # Findings

    def watch(self, root: Path | None) -> None:
        """Looks for findings in a workspace, once there has been no change for a moment."""
        if root is not None and (root not in self._watches or self._watches[root].done()):
            self._watches[root] = asyncio.get_running_loop().create_task(self._look(root))

    async def examined(self, root: Path) -> Examined | None:
        """What was found in a workspace as it is now; None where that takes too long."""

        def known() -> bool:
            return root in self._examined and self._examined[root].snapshot.number == self.files.number

        self.watch(None if known() else root)
        try:
            async with asyncio.timeout(LONGEST_WAIT), self._news:
                await self._news.wait_for(known)
        except TimeoutError:
            return None
        return self._examined[root]

    async def _look(self, root: Path) -> None:
        number = -1
        while number != self.files.number:
            while number != self.files.number:
                number = self.files.number
                await asyncio.sleep(PAUSE)
            snapshot = self.files.snapshot(root)
            try:
                found = await asyncio.get_running_loop().run_in_executor(self._finding, _examine, snapshot)
            except OkrError as error:
                message = types.LogMessageParams(types.MessageType.Warning, f"okr: {error.message}")
                self.window_log_message(message)
                continue
            async with self._news:
                self._examined[root] = found
                self._news.notify_all()
            self._publish(found)

    def _publish(self, found: Examined) -> None:
        speaker = self.speaker(found.snapshot.root)
        for path in self.files.open_in(found.snapshot.root):
            name = path.relative_to(found.snapshot.root).as_posix()
            text = self.files.text(path)
            if text is not None and found.snapshot.texts.get(name) == text.encode("utf-8", "replace"):
                own = [each for each in found.diagnostics if each.finding.path == name]
                said = [speaker.diagnostic(found.workspace, each) for each in own]
                self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(self.uris[path], said))


def serve(today: Callable[[], date]) -> int:
    """Serves one editor over stdin and stdout until it ends the conversation.

    Returns:
        The exit status: 0 after a farewell or where the editor is gone, 1 where it ends without one.
    """
    from okr.commands.lsp_requests import register

    server = Server(today)
    register(server)
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(
        lambda record: not (record.exc_info and isinstance(record.exc_info[1], JsonRpcException))
    )
    logging.basicConfig(handlers=[handler], level=logging.ERROR, format="%(message)s")
    # The answer has stdout for itself: pygls closes what it is given, and nothing else may be said there.
    out = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    # A thread that waits for the editor's next word could not be interrupted otherwise, and nothing is ever half written.
    signal.signal(signal.SIGINT, lambda *_: os._exit(INTERRUPTED))
    if sys.stdin.isatty():
        sys.stderr.write("okr lsp waits for an editor on stdin; docs/editors.md says how to set one up.\n")
        sys.stderr.flush()
    server.start_io(sys.stdin.buffer, out)
    return STOPPED_UNASKED if server.told_to_end and not server.farewell else 0


def path_of(uri: str) -> Path | None:
    """The file that an address names; None for one that is on no disk."""
    path = to_fs_path(uri)
    return None if not path else Path(os.path.abspath(path))  # noqa: PTH100 # links keep the names they have


def _examine(snapshot: Snapshot) -> Examined:
    workspace = snapshot.workspace()
    return Examined(snapshot, workspace, tuple(diagnose(workspace, last_commit(workspace, snapshot.root))))
