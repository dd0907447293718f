"""What the screen asks for: answers from the files as they are now. `commands/tui_desk.py` gives them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from okr.operations.browsing import Place
    from okr.operations.checkin.asking import Asked, Outcome, Typed
    from okr.operations.checkin.checking_in import Recorded
    from okr.operations.overview import Overview
    from okr.operations.showing import Showing


class Desk(Protocol):
    """Answers; each may take a while, and any may raise an `OkrError`. They may be asked from several threads."""

    def changed(self) -> bool:
        """Whether files have changed, and settled, since they were looked at; or the day has."""
        ...

    def look(self, cycle: str | None, *, mine: bool) -> Overview:
        """A cycle as the files are now; None for the current one."""
        ...

    def show(self, reference: str) -> Showing:
        """An objective or a key result whole."""
        ...

    def find(self, typed: str, cycle: str) -> Place:
        """Where a typed reference leads."""
        ...

    def ask(self, reference: str) -> Asked:
        """What a check-in on a key result asks for; refuses where none could be committed."""
        ...

    def foresee(self, asked: Asked, typed: Typed) -> Outcome:
        """What a check-in would come to."""
        ...

    def record(self, asked: Asked, typed: Typed) -> tuple[Recorded, str | None]:
        """Records a check-in; with what became of sending it, where that is wanted."""
        ...
