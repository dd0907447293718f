"""What was entered and not recorded, in a round or while a cycle is closed, kept for the next time: outside the work tree, private, not for long.

What is read back is typed text and nothing more: whoever uses it reads and judges it again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from okr.dataclass import dataclass
from okr.errors import OkrError

if TYPE_CHECKING:
    from collections.abc import Mapping

LIFETIME = timedelta(days=14)
"""After two weeks, what was entered is news no more."""

_SCHEMA = 1
_LARGEST = 1 << 20
_LONGEST_TEXT = 10_000
_FOLDER = "okr"


@dataclass(frozen=True, slots=True)
class DraftPlace:
    """Where the draft of what one person enters for one cycle is kept.

    Attributes:
        path: the file.
        workspace: the workspace's root.
        person: who is at the keyboard; None where nobody knows.
        cycle: the cycle's name.
    """

    path: Path
    workspace: str
    person: str | None
    cycle: str


@dataclass(frozen=True, slots=True)
class Draft:
    """What was entered, by reference and field, and when that was."""

    answers: dict[str, dict[str, str]]
    at: datetime


def draft_place(kind: str, root: Path, person: str | None, cycle: str) -> DraftPlace:
    """Where a draft is kept: in git's own folder, or in the user's for states where there is no repository.

    Args:
        kind: of what it is a draft: `round` or `closing`.
        root: the workspace's root.
        person: who is at the keyboard.
        cycle: the cycle's name.

    Raises:
        OkrError: git can't be used.
    """
    from okr.repository import find_repository

    real = os.path.realpath(root)
    repository = find_repository(root)
    folder = _state_folder() if repository is None else repository.git_dir / _FOLDER
    name = hashlib.sha256(
        "\0".join((real, person or "", cycle)).encode("utf-8", "surrogateescape")
    ).hexdigest()
    return DraftPlace(folder / f"{kind}-{name[:16]}.json", real, person, cycle)


def load_draft(place: DraftPlace, now: datetime) -> Draft | None:
    """What was entered; None where there is nothing, or nothing that can be used.

    Args:
        place: where it is kept.
        now: what is older than two weeks by then is passed over.
    """
    try:
        descriptor = os.open(place.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as file:
            content = file.read(_LARGEST)
        held = json.loads(content)
    except (OSError, ValueError, RecursionError):
        return None
    return _draft(place, held, now)


def save_draft(place: DraftPlace, answers: Mapping[str, Mapping[str, str]], now: datetime) -> None:
    """Keeps what was entered, atomically and readable by nobody else; keeping nothing removes it.

    Raises:
        OkrError: it can't be written.
    """
    if not answers:
        drop_draft(place)
        return
    held = {
        "schema": _SCHEMA,
        "workspace": place.workspace,
        "person": place.person,
        "cycle": place.cycle,
        "at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "answers": {reference: dict(texts) for reference, texts in answers.items()},
    }
    content = json.dumps(held, indent=1).encode()
    temporary = place.path.with_name(f".okr-tmp-{secrets.token_hex(8)}")
    try:
        place.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(
            temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
        )
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(place.path)
    except OSError as error:
        raise OkrError(
            f"What was entered can't be kept in {place.path.parent}: {error.strerror}.",
            "Record it now, or enter it again another time.",
        ) from error
    finally:
        with contextlib.suppress(OSError):  # its name is the draft's by now, or it never was
            temporary.unlink()


def drop_draft(place: DraftPlace) -> None:
    """Forgets what was entered."""
    with contextlib.suppress(OSError):  # what can't be removed is passed over once it is old
        place.path.unlink()


def _state_folder() -> Path:
    """The user's folder for states, as the XDG specification has it: a relative one is passed over."""
    asked = os.environ.get("XDG_STATE_HOME", "")
    base = Path(asked) if os.path.isabs(asked) else Path.home() / ".local" / "state"  # noqa: PTH117 # an empty text is no path
    return base / _FOLDER


def _draft(place: DraftPlace, held: Any, now: datetime) -> Draft | None:  # noqa: ANN401 # whatever JSON can hold
    """A draft from what a file holds; None where it is of another round, another version, or too old."""
    if not isinstance(held, dict) or held.get("schema") != _SCHEMA:
        return None
    if (held.get("workspace"), held.get("person"), held.get("cycle")) != (
        place.workspace,
        place.person,
        place.cycle,
    ):
        return None
    try:
        at = datetime.fromisoformat(str(held.get("at")))
    except ValueError:
        return None
    if at.tzinfo is None or not timedelta(0) <= now - at + timedelta(days=1) <= LIFETIME + timedelta(days=1):
        return None
    kept = held.get("answers")
    answers = {
        reference: answer
        for reference, each in (kept.items() if isinstance(kept, dict) else ())
        if (answer := _answer(each)) is not None
    }
    return Draft(answers, at) if answers else None


def _answer(held: Any) -> dict[str, str] | None:  # noqa: ANN401 # whatever JSON can hold
    if not isinstance(held, dict):
        return None
    fits = all(isinstance(text, str) and len(text) <= _LONGEST_TEXT for text in held.values())
    return held if fits else None
