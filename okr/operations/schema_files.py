"""Where a workspace keeps the schemas of its files, and the comment by which an editor finds a file's one.

The schemas lie in the workspace, so that editors need no network; what they say is `schemas.py`'s business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.operations.formatting import is_log, kind_of
from okr.operations.schemas import KINDS, schema_text

if TYPE_CHECKING:
    from okr.sources import Files

FOLDER = ".okr/schema"
"""The folder of the schemas in a workspace."""


def schema_line(path: str) -> str:
    """The comment that names a file's schema, by the way from the file's folder to it, with its line break.

    Args:
        path: a file that okr reads, relative to the workspace's root.
    """
    return f"# yaml-language-server: $schema={'../' * path.count('/')}{schema_path(path)}\n"


def schema_path(path: str) -> str:
    """The path of a file's schema, relative to the workspace's root."""
    model = kind_of(path)
    kind = "log" if is_log(path) else next(name for name, each in KINDS.items() if each is model)
    return f"{FOLDER}/{kind}.json"


def schema_texts() -> dict[str, bytes]:
    """All schemas as files of a workspace, by their paths."""
    return {f"{FOLDER}/{kind}.json": schema_text(kind) for kind in KINDS}


def missing_schema(files: Files, path: str) -> tuple[str, bytes] | None:
    """The schema that a file's comment names, as a path and its content, where the workspace does not have it yet.

    Args:
        files: the workspace's files.
        path: the file with the comment.
    """
    wanted = schema_path(path)
    name = wanted.rpartition("/")[2]
    return None if name in files.files(FOLDER) else (wanted, schema_text(name.removesuffix(".json")))
