"""Answers questions in SQL over the workspace's tables, by an embedded engine that may touch nothing else.

Only the tables that a question names are made. The engine reads and writes no file but the one asked for, loads no
extension, and forgets everything afterwards.
"""

from __future__ import annotations

import re
import tempfile
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from okr.errors import OkrError, UsageError
from okr.operations.tables import COLUMNS, Column, Table, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import duckdb

    from okr.workspace import Workspace

T = TypeVar("T")

_TYPES = {
    "text": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "date": "DATE", "time": "TIMESTAMP WITH TIME ZONE",
    "truth": "BOOLEAN",
}  # fmt: skip
_QUESTIONS = {"SELECT", "EXPLAIN", "MULTI"}
"""What the engine calls statements that only ask; `MULTI` is a pivot."""
_LONGEST = 300
"""Characters of the engine's own words that are shown."""
_NEXT_INTERRUPT = 0.1
"""Seconds until the engine is told again to stop."""


def query(workspace: Workspace, question: str) -> Table:
    """What a question comes to.

    Args:
        workspace: what it is asked about.
        question: SQL; a single statement.

    Raises:
        UsageError: it is no SQL, names what is not there, or asks nothing but would change something.
    """

    def fetched(engine: duckdb.DuckDBPyConnection) -> Table:
        answer = engine.execute(question)
        columns = tuple(Column(name, _kind(str(kind))) for name, kind, *_ in answer.description or ())
        return Table("answer", columns, tuple(answer.fetchall()))

    with _engine(None) as engine:
        return _asked(engine, workspace, question, fetched)


def query_parquet(workspace: Workspace, question: str) -> bytes:
    """What a question comes to, as a Parquet file.

    Args:
        workspace: what it is asked about.
        question: SQL; a single statement.

    Raises:
        UsageError: as for `query`.
        OkrError: there is no room for it among the temporary files.
    """
    with _parquet_file() as file, _engine(file) as engine:
        _asked(engine, workspace, question, lambda it: it.query(question).write_parquet(str(file)))
        return file.read_bytes()


def _asked(
    engine: duckdb.DuckDBPyConnection,
    workspace: Workspace,
    question: str,
    ask: Callable[[duckdb.DuckDBPyConnection], T],
) -> T:
    """What the engine says when it has the tables that a question names; Ctrl-C reaches it in the midst of its work.

    It works in a thread of its own: it looks at no signal before a step is done, and some steps never are.
    """
    import duckdb

    found = tables(
        workspace, {name for name in COLUMNS if re.search(rf"\b{name}\b", question, re.IGNORECASE)}
    )
    for table in found:
        _fill(engine, table)
    _require_one_question(engine, question)
    with ThreadPoolExecutor(1) as aside:
        working = aside.submit(ask, engine)
        try:
            return working.result()
        except KeyboardInterrupt:
            while not working.done():  # once more where it was just about to begin
                engine.interrupt()
                wait([working], timeout=_NEXT_INTERRUPT)
            raise
        except duckdb.IOException:
            raise
        except duckdb.Error as error:
            raise UsageError(f"the query can't be answered: {_said(error)}", _remedy(found)) from error


def parquet_bytes(table: Table) -> bytes:
    """A table as a Parquet file, compressed, with the columns' types.

    Raises:
        OkrError: there is no room for it among the temporary files.
    """
    with _parquet_file() as file, _engine(file) as engine:
        _fill(engine, table)
        engine.query(f"FROM {table.name}").write_parquet(str(file))
        return file.read_bytes()


@contextmanager
def _parquet_file() -> Iterator[Path]:
    """Where the engine may write: a file that is not there yet, for beside one that is it wants to write another.

    Raises:
        OkrError: there is no room for it.
    """
    import duckdb

    try:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder) / "table.parquet"
    except (duckdb.IOException, OSError) as error:
        raise OkrError(
            f"the answer finds no room among the temporary files: {_said(error)}",
            "name another folder in TMPDIR, or make room there",
        ) from error


def _engine(parquet: Path | None) -> duckdb.DuckDBPyConnection:
    """An engine in memory, shut in: no files but one, no extensions, and its settings can't be changed."""
    import duckdb

    engine = duckdb.connect(":memory:")
    engine.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
    engine.execute("SET TimeZone = 'UTC'")
    if parquet is not None:
        engine.execute("SET allowed_paths = [?]", [str(parquet)])
    engine.execute("SET enable_external_access = false; SET lock_configuration = true")
    return engine


def _fill(engine: duckdb.DuckDBPyConnection, table: Table) -> None:
    columns = ", ".join(f'"{each.name}" {_TYPES[each.kind]}' for each in table.columns)
    engine.execute(f"CREATE TABLE {table.name} ({columns})")
    if table.rows:
        # A list for each column: thousands of rows in one statement.
        lists = ", ".join(f"unnest(?::{_TYPES[each.kind]}[])" for each in table.columns)
        values = [list(column) for column in zip(*table.rows, strict=True)]
        engine.execute(f"INSERT INTO {table.name} SELECT {lists}", values)  # our own names


def _require_one_question(engine: duckdb.DuckDBPyConnection, question: str) -> None:
    import duckdb

    try:
        statements = engine.extract_statements(question)
    except duckdb.Error as error:
        raise UsageError(f"the query is no SQL: {_said(error)}", _remedy(())) from error
    if not statements:
        raise UsageError("the query is empty", "ask for instance `select title, score from key_results`")
    if len(statements) > 1:
        raise UsageError(f"the query has {len(statements)} statements", "ask one question at a time")
    kind = statements[0].type.name
    if kind not in _QUESTIONS:
        # It could change nothing but tables in memory, yet its answer would read as if it had changed the files.
        raise UsageError(
            f"the query is a statement of kind {kind}, and nothing can be changed by SQL",
            "ask with `select`, `from`, `with`, `describe` or `summarize`; the files are what changes the tables",
        )


def _kind(type_name: str) -> str:
    if type_name.startswith("DECIMAL") or type_name in {"DOUBLE", "FLOAT"}:
        return "number"
    if type_name.endswith("INT") or type_name in {"INTEGER", "HUGEINT"}:
        return "integer"
    return {"DATE": "date", "BOOLEAN": "truth", "NUMBER": "number"}.get(type_name, "text")


def _said(error: Exception) -> str:
    lines = str(error).strip().splitlines() or [""]
    first = lines[0].partition("Error: ")[2] or lines[0]
    return first.rstrip(".")[:_LONGEST]


def _remedy(found: tuple[Table, ...]) -> str:
    if len(found) == 1:
        return f"the columns of {found[0].name} are {', '.join(each.name for each in found[0].columns)}"
    return f"the tables are {', '.join(COLUMNS)}; docs/tables.md has their columns"
