"""Answers for `okr tui` from the files as they are: opened once, kept while they do not change."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

from okr.commands.answering import answering
from okr.commands.opening import workspace_at
from okr.commands.running import invocation
from okr.dataclass import replace
from okr.errors import OkrError
from okr.git.state import signs
from okr.operations.browsing import place_of
from okr.operations.checkin.asking import asked_of, outcome, record_typed
from okr.operations.checkin.entries import now
from okr.operations.checkin.pending import pending_checkins
from okr.operations.checkin.recording import recording
from okr.operations.identity import author, current_person
from okr.operations.noticing import glance
from okr.operations.overview import cycles_with_plans, frame_of, overview
from okr.operations.showing import showing

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from okr.operations.browsing import Place
    from okr.operations.checkin.asking import Asked, Outcome, Typed
    from okr.operations.checkin.checking_in import Recorded
    from okr.operations.noticing import Glance
    from okr.operations.overview import Overview
    from okr.operations.showing import Showing
    from okr.workspace import Workspace

_Sight = tuple["date", "Glance"]


class FileDesk:
    """A desk over a workspace's files; a lock keeps two threads from reading at once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._turn = threading.RLock()
        self._read = self._last = self._sight()
        self._workspace = workspace_at(root)
        self._person: str | None = None

    def changed(self) -> bool:
        """Whether files have changed, and settled, since they were looked at; or the day has."""
        if not self._turn.acquire(blocking=False):
            return False  # somebody reads them just now
        try:
            seen, before = self._sight(), self._last
            self._last = seen
            return seen != self._read and seen == before
        finally:
            self._turn.release()

    def look(self, cycle: str | None, *, mine: bool) -> Overview:
        """A cycle as the files are now."""
        with self._turn:
            workspace = self._opened_anew()
            with answering(workspace):
                person = None
                if mine:
                    person = self._person = self._person or current_person(workspace, option="--owner")
                found = overview(workspace, cycle=cycle, person=person)
                return replace(found, others=cycles_with_plans(workspace))

    def show(self, reference: str) -> Showing:
        """An objective or a key result whole."""
        with self._turn, answering(self._workspace):
            return showing(self._workspace, reference)

    def find(self, typed: str, cycle: str) -> Place:
        """Where a typed reference leads."""
        with self._turn, answering(self._workspace):
            return place_of(self._workspace, typed, cycle)

    def ask(self, reference: str) -> Asked:
        """What a check-in on a key result asks for.

        Raises:
            OkrError: its cycle is closed, or nothing could be committed now.
        """
        with self._turn:
            workspace = self._opened_anew()
            with answering(workspace):
                cycle = workspace.cycle(reference.split("/", 1)[0])
                asked = asked_of(workspace, reference, frame_of(workspace, cycle))
                by = author(workspace)
            # Whatever keeps a check-in from being committed is better known before it is typed than after.
            with recording(self._root, commit=True) as session:
                signed = session.repository is not None and signs(session.repository)
            logs = {asked.subject.path, asked.measured.path}
            waiting = sum(each.path in logs for each in pending_checkins(self._root))
            return replace(asked, by=by, waiting=waiting, signed=signed)

    def foresee(self, asked: Asked, typed: Typed) -> Outcome:
        """What a check-in would come to."""
        with self._turn, answering(self._workspace):
            return outcome(self._workspace, asked, typed, now(invocation().as_of))

    def record(self, asked: Asked, typed: Typed) -> tuple[Recorded, str | None]:
        """Records a check-in, and sends it where okr.yaml asks for that."""
        opener = partial(workspace_at, self._root)
        with self._turn:
            with recording(self._root, commit=True) as session:
                done = record_typed(session, opener, asked, typed, now(invocation().as_of))
            sending = opener().settings.checkin.push
        return done, self._sent() if sending and done.commit is not None else None

    def _sent(self) -> str | None:
        """What went wrong with sending; None where nothing did."""
        from okr.operations.sync.bringing import Patience
        from okr.operations.sync.syncing import sync

        def person() -> str:
            return current_person(workspace_at(self._root))

        try:
            sync(self._root, person, say=lambda _: None, push=True, patience=Patience())
        except OkrError as error:
            return f"Committed, but not sent: {error.message} `okr sync` sends it."
        return None

    def _opened_anew(self) -> Workspace:
        self._read = self._last = self._sight()  # before the files are read: later changes are noticed
        self._workspace = workspace_at(self._root)
        return self._workspace

    def _sight(self) -> _Sight:
        return invocation().today, glance(self._root)
