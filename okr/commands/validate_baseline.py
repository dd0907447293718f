"""The baseline of `okr validate`: leaves out what was there before, and says so on stderr."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from okr.dataclass import replace
from okr.operations.validation.baseline import baseline_of, read_baseline, write_baseline
from okr.views.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Container
    from pathlib import Path

    from okr.operations.validation.validating import Selection, Validation
    from okr.workspace import Workspace


def record_baseline(path: Path, validation: Validation, workspace: Workspace) -> None:
    """Writes the findings into a baseline."""
    baseline = baseline_of(validation.diagnostics, {each.path: each for each in workspace.documents})
    write_baseline(path, baseline)
    number = sum(baseline.counts.values())
    _say(f"{counted(number, 'finding')} written to {path}; `okr validate --baseline {path}` leaves them out.")


def without_baseline(
    path: Path, validation: Validation, workspace: Workspace, selection: Selection, codes: Container[str]
) -> Validation:
    """The findings that are not in a baseline; says how many were left out, and how many entries are stale."""
    documents = {each.path: each for each in workspace.documents}
    compared = read_baseline(path).compare(
        validation.diagnostics, documents, lambda file, code: selection.holds(file) and code in codes
    )
    if compared.known:
        _say(f"{counted(compared.known, 'finding')} left out, as in {path}.")
    if compared.gone:
        _say(
            f"{counted(compared.gone, 'finding')} of {path} {'is' if compared.gone == 1 else 'are'} found no more: "
            f"`okr validate --write-baseline {path}` writes it anew."
        )
    return replace(validation, diagnostics=compared.new)


def _say(text: str) -> None:
    typer.echo(printable(text), err=True)
