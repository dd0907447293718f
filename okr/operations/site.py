"""All that a report on a cycle says, gathered once.

How it stands, how goals are aligned, what a review talks about, KPIs, and whether the record can be trusted. What it
looks like is for the views.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.dataclass import dataclass
from okr.errors import OkrError
from okr.operations.alignment import alignment
from okr.operations.overview import frame_of, overview
from okr.operations.retrospective import Retrospective, retrospective
from okr.operations.reviewing import Review, review
from okr.operations.showing_kpi import showing_kpi
from okr.sources import Folder

if TYPE_CHECKING:
    from okr.operations.alignment import Alignment
    from okr.operations.auditing import Audit
    from okr.operations.overview import Frame, Overview
    from okr.operations.showing_kpi import KpiShowing
    from okr.quantities import Language
    from okr.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Site:
    """What the pages of a report say.

    Attributes:
        frame: which cycle of which workspace, on which day.
        language: of the words; numbers are written as it does.
        overview: how the cycle stands.
        alignment: its objectives and those of the cycles around it, and what supports what.
        review: what a meeting talks about; once the cycle is over, the look back.
        kpis: every KPI.
        audit: whether the record can be trusted; None where git can't tell.
        no_audit: why there is none.
        people: the names of people and teams, by id.
        frames: every cycle that a page is about, by its name.
    """

    frame: Frame
    language: Language
    overview: Overview
    alignment: Alignment
    review: Review | Retrospective
    kpis: tuple[KpiShowing, ...]
    audit: Audit | None
    no_audit: str | None
    people: dict[str, str]
    frames: dict[str, Frame]


def gather_site(
    workspace: Workspace, *, cycle: str | None = None, language: Language | None = None, audited: bool = True
) -> Site:
    """Gathers what a report says.

    Args:
        workspace: where to look.
        cycle: the cycle, by any of its names; the current one if left out.
        language: en or fr; the workspace's if left out.
        audited: whether git's history is to be audited.

    Raises:
        OkrError: there is no such cycle.
    """
    shown = workspace.cycle(cycle) if cycle is not None else workspace.current_cycle
    frame = frame_of(workspace, shown)
    found, why_not = _audit(workspace) if audited else (None, None)
    aligned = alignment(workspace, cycle=shown.name)
    cycles = {shown.name, *(reference.cycle for reference in aligned.objectives)}
    return Site(
        frame=frame,
        language=language or frame.language,
        overview=overview(workspace, cycle=shown.name),
        alignment=aligned,
        review=retrospective(workspace, cycle=shown.name)
        if frame.over
        else review(workspace, cycle=shown.name),
        kpis=tuple(showing_kpi(workspace, kpi.definition) for kpi in workspace.kpis),
        audit=found,
        no_audit=why_not,
        people={owner.id: owner.name for owner in workspace.owners.values()},
        frames={name: frame_of(workspace, workspace.cycle(name)) for name in sorted(cycles)},
    )


def _audit(workspace: Workspace) -> tuple[Audit | None, str | None]:
    """The audit of the working tree's branch; of another commit the record is not this one's."""
    from okr.operations.auditing import audit
    from okr.operations.listening import listening

    if workspace.moment is not None or not isinstance(workspace.files, Folder):
        return None, None
    try:
        with listening(workspace.files.root) as heard:
            return audit(workspace, heard), None
    except OkrError as error:
        return None, str(error)
