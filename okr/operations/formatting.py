"""Formatting: which files there are to lay out, in which order their keys go, and what came of it.

How a file is laid out is `layout.py`'s business. A file that can't be laid out without risk stays as it is, and the
result says so.
"""

from __future__ import annotations

import os
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from okr import model
from okr.dataclass import dataclass
from okr.documents import Document, read_document
from okr.errors import OkrError
from okr.files import replace_file
from okr.layout import Shape, laid_out
from okr.layout_tree import LayoutImpossible
from okr.log_layout import log_laid_out
from okr.owned_files import place_of
from okr.references import is_id
from okr.sources import SETTINGS, root_above
from okr.unknown_keys import fields_of, model_at, models_in
from okr.workspace import CYCLE_FACTS, KPI_LOG, KPIS, LOGS, ORG, PLANS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from okr.operations.validation.validating import Selection
    from okr.workspace import Workspace

_AT_ROOT: dict[str, type[model.FileModel]] = {SETTINGS: model.Settings, ORG: model.Org, KPIS: model.Kpis}

_ORDER: dict[type[model.FileModel], tuple[str, ...]] = {
    # What it is and whose, then what it belongs to, then how it is measured; what came of it stands below all.
    model.Objective: (
        "id", "title", "why", "owner", "type", "supports", "depends_on", "tags", "formerly", "key_results", "learned",
        "next",
    ),
    model.KeyResult: (
        "id", "title", "owner", "kpi", "unit", "from", "commit", "to", "stretch", "at_least", "at_most", "milestones",
        "weight", "initiatives", "tags", "depends_on", "formerly", "grade", "grade_reason",
        "learned", "next",
    ),
}  # fmt: skip
"""The order of keys where it is not that of the model; keys that a model gets later go below these."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A file and its layout.

    Attributes:
        path: relative to the workspace's root.
        before: its bytes.
        after: its bytes in the canonical layout.
    """

    path: str
    before: bytes
    after: bytes

    @property
    def changes(self) -> bool:
        """Whether the layout is not canonical yet."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that stays as it is, and why.

    Attributes:
        path: relative to the workspace's root.
        line: where the reason stands, from 1.
        reason: what keeps it from being laid out.
    """

    path: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Formatting:
    """What formatting comes to, by path.

    Attributes:
        files: the files that could be laid out, changed or not.
        refused: those that could not.
    """

    files: tuple[Laid, ...]
    refused: tuple[Refused, ...]

    @property
    def changed(self) -> tuple[Laid, ...]:
        """The files whose layout is not canonical yet."""
        return tuple(each for each in self.files if each.changes)


def format_files(workspace: Workspace, selection: Selection) -> Formatting:
    """Lays out the files of a workspace that were asked about; writes nothing."""
    files: list[Laid] = []
    refused: list[Refused] = []
    for path in sorted(filter(selection.holds, _paths(workspace))):
        document = workspace.document(path)
        if document is None:
            continue
        found = format_document(document)
        if isinstance(found, Laid):
            files.append(found)
        else:
            refused.append(found)
    return Formatting(tuple(files), tuple(refused))


def format_document(document: Document) -> Laid | Refused:
    """Lays out one file; what kind of file it is, its path says: a plan where it says nothing."""
    if not document.readable:
        problem = document.problems[0].finding
        return Refused(document.path, problem.place.line, problem.message)
    try:
        if is_log(document.path):
            after = log_laid_out(document)
        else:
            after = laid_out(document, shape_of(kind_of(document.path) or model.Plan))
    except LayoutImpossible as error:
        return Refused(document.path, error.line, error.reason)
    except OkrError as error:
        return Refused(document.path, 1, error.message)
    return Laid(document.path, document.content, after)


def format_text(path: str, content: bytes) -> Laid | Refused:
    """Lays out a text that an editor holds, as if it stood at a path."""
    return format_document(read_document(path, content))


def write_formatting(root: Path, formatting: Formatting) -> None:
    """Writes the files whose layout changes, each unless it has changed since it was read.

    Raises:
        OkrError: one has changed, or can't be written; those before it, by path, are written.
    """
    if not formatting.changed:
        return
    from okr.operations.committing import changing

    with changing(root):
        for each in formatting.changed:
            replace_file(root / each.path, each.after, expected=each.before, root=root)


def kind_of(path: str) -> type[model.FileModel] | None:
    """What a file is, by its path; None for logs and for all that okr does not read."""
    place = place_of(path)
    if place is not None and place[0] == PLANS:
        return model.CycleFacts if path.endswith(f"/{CYCLE_FACTS}") else model.Plan
    return _AT_ROOT.get(path)


def is_log(path: str) -> bool:
    """Whether a file is a log, by its path."""
    return path == KPI_LOG or (
        path.startswith(f"{LOGS}/") and is_id(path.rpartition("/")[2].removesuffix(".yaml"))
    )


@cache
def shape_of(kind: type[model.FileModel]) -> Shape:
    """The order of the keys of a kind of file, and of all mappings in it."""
    inner: dict[str, Shape] = {}
    names = list(_ORDER.get(kind, ()))
    for key, field in fields_of(kind).items():
        if key not in names:
            names.append(key)
        for below in models_in(field.annotation):
            inner[key] = shape_of(below)
    return Shape(tuple(names), inner, spaced=kind is model.Objective)


def _paths(workspace: Workspace) -> Iterator[str]:
    yield from (*_AT_ROOT, KPI_LOG)
    for cycle in workspace.cycles.values():
        yield from (f"{PLANS}/{folder}/{CYCLE_FACTS}" for folder in cycle.folders)
        yield from workspace.plan_paths(cycle.name)
        yield from workspace.log_paths(cycle.name)


def path_in_workspace(directory: Path, name: str) -> str:
    """How a workspace names a file, which need not be there; by its last parts where it lies in none.

    Args:
        directory: what `name` is relative to.
        name: the file as the user named it.
    """
    path = Path(os.path.abspath(directory / name))  # noqa: PTH100 # links inside a workspace keep their names
    folder = next(each for each in path.parents if each.is_dir())
    root = root_above(folder)
    if root is not None:
        return path.relative_to(root).as_posix()
    for steps in (3, 2):
        parts = path.parts[-steps:]
        if parts[0] in {PLANS, LOGS}:
            return "/".join(parts)
    return path.name


def choices_of(kind: type[model.FileModel], steps: Sequence[str | int]) -> tuple[str, ...]:
    """The words that a key of a file may have; none where it may have others.

    Args:
        kind: what kind of file it is.
        steps: the keys and positions that lead to the key's value.
    """
    keys = [step for step in steps if isinstance(step, str)]
    holder = model_at(kind, keys[:-1])
    field = fields_of(holder).get(keys[-1]) if keys and holder else None
    return tuple(_words_of(field.annotation)) if field else ()


def _words_of(annotation: Any) -> Iterator[str]:  # noqa: ANN401 # annotations have no common type
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        yield from (each.value for each in annotation)
    for argument in getattr(annotation, "__args__", ()):
        if isinstance(argument, str):
            yield argument
        else:
            yield from _words_of(argument)
