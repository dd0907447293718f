"""Closing a cycle and opening it again: everything checked, then written and committed as one, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from okr.dataclass import dataclass, replace
from okr.diagnostics import Severity
from okr.errors import OkrError
from okr.model import CycleState
from okr.operations.assessing import assess_cycle
from okr.operations.checkin.pending import pending_checkins
from okr.operations.closing.files import cycle_facts, facts_path, graded_plans
from okr.operations.closing.grading import closing_of, cycle_to_close, decide, named_few
from okr.operations.closing.uncommitted import looking, refuse_half_closed, refuse_uncommitted_closing
from okr.operations.closing.words import closing_message, early_words, reopening_message, tidy, trailers
from okr.operations.committing import change_files, require_committed
from okr.operations.overview import frame_of
from okr.operations.uncommitted_states import refuse_uncommitted_state
from okr.rules.engine import diagnose, reading_diagnostics
from okr.sources import SETTINGS, Overlay
from okr.workspace import CYCLE_FACTS, KPI_LOG, KPIS, LOGS, ORG, PLANS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from okr.diagnostics import Diagnostic
    from okr.operations.assessing import OwnerState
    from okr.operations.checkin.checking_in import Opener
    from okr.operations.closing.grading import Closing, Decision, Verdict
    from okr.operations.committing import FileChange, Session
    from okr.operations.overview import Frame
    from okr.repository import Commit
    from okr.workspace import Workspace

_HOW_MANY = {"OKR201", "OKR202", "OKR203", "OKR204"}
"""What is past mending once a cycle is over, and changes no grade: how many goals there were."""


class FilesWithErrorsError(OkrError):
    """A cycle can't be closed, for its files have errors.

    Attributes:
        diagnostics: those errors.
    """

    def __init__(self, cycle: str, diagnostics: Sequence[Diagnostic]) -> None:
        several = len(diagnostics) > 1
        super().__init__(
            f"{cycle} can't be closed: its files have {len(diagnostics)} error{'s' if several else ''}.",
            f"Mend {'them' if several else 'it'}, then try again; `okr validate` explains {'each' if several else 'it'}.",
        )
        self.diagnostics = list(diagnostics)


@dataclass(frozen=True, slots=True)
class Wish:
    """How a cycle is to be closed.

    Attributes:
        cycle: its name, as typed; None for the one that is over and not closed.
        review: what was found when looking back; None leaves what its cycle.yaml says.
        early: why it is closed before its end; None where it is over.
        all_scores: whether key results that nobody grades get their scores.
    """

    cycle: str | None = None
    review: str | None = None
    early: str | None = None
    all_scores: bool = False


@dataclass(frozen=True, slots=True)
class Closed:
    """A cycle that was closed, or would be.

    Attributes:
        frame: which cycle, as it is now.
        owners: every owner with a plan in it, as graded.
        decisions: what each key result got, and each objective of which something was said.
        review: what its cycle.yaml says now.
        paths: the files that were changed.
        message: the commit's message, without its trailers.
        commit: the commit; None where nothing was committed.
        written: whether anything was written; False for a dry run.
    """

    frame: Frame
    owners: tuple[OwnerState, ...]
    decisions: tuple[Decision, ...]
    review: str | None
    paths: tuple[str, ...]
    message: str
    commit: Commit | None
    written: bool


@dataclass(frozen=True, slots=True)
class Reopened:
    """A cycle that was opened again, or would be.

    Attributes:
        frame: which cycle, as it is now.
        graded: how many key results bear a grade that counts no more.
        path: the file that was changed.
        message: the commit's message, without its trailers.
        commit: the commit; None where nothing was committed.
        written: whether anything was written; False for a dry run.
    """

    frame: Frame
    graded: int
    path: str
    message: str
    commit: Commit | None
    written: bool


R = TypeVar("R", Closed, Reopened)


def ready_to_close(session: Session, workspace: Workspace, wish: Wish) -> Closing:
    """A cycle as it stands, once everything that keeps it from being closed is out of the way.

    Raises:
        FilesWithErrorsError: its files have errors.
        OkrError: there is no such cycle, it is closed already or not over, check-ins of it are in no commit, or its
            files have changes that are not committed or are not here.
    """
    watching = (
        session if session.repository is not None else looking(session.root)
    )  # nothing is to be committed
    if watching is not None:
        refuse_uncommitted_closing(watching, workspace, wish.cycle)
    name = cycle_to_close(workspace, wish.cycle)
    closing = closing_of(workspace, name, early=wish.early is not None)
    _refuse_errors(workspace, name)
    _refuse_sparse(session, name)
    paths = [*workspace.plan_paths(name), facts_path(workspace, name)]
    logs = _logs(workspace, closing)
    _require_recorded(session, name, logs)
    refuse_half_closed(session, workspace, name)
    require_committed(session, [*paths, *logs])
    return closing


def _refuse_sparse(session: Session, name: str) -> None:
    """Refuses to grade by what is here where a sparse checkout leaves out some of the cycle.

    Raises:
        OkrError: it does.
    """
    from okr.operations.looking import left_out_here

    counted = (f"{PLANS}/{name}/", f"{LOGS}/{name}/", KPIS, KPI_LOG, ORG)
    left_out = [] if session.repository is None else left_out_here(session.root)
    missing = [each for each in left_out if each.startswith(counted)]
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise OkrError(
            f"{name} can't be closed here: this checkout is sparse, and {missing[0]}{more} would not be counted.",
            "`git sparse-checkout disable` brings all files back; then repeat the command.",
        )


def close_cycle(
    session: Session,
    opener: Opener,
    wish: Wish,
    verdicts: Sequence[Verdict],
    *,
    dry_run: bool = False,
    check: Callable[[Workspace, Closing], None] | None = None,
) -> Closed:
    """Closes a cycle: grades, lessons and what comes next into the plans, state and review beside them, in one commit.

    Args:
        session: the lock; the workspace is read under it, so that no check-in comes in between.
        opener: opens the workspace.
        wish: which cycle, and how.
        verdicts: what people say of its key results.
        dry_run: say what would happen, and write nothing.
        check: looks at the cycle under the lock, and raises where the verdicts were not made over it.

    Raises:
        RefusedError: a verdict can't be taken, or key results are left without a grade.
        FilesWithErrorsError: its files have errors, or would have.
        OkrError: as `ready_to_close`, or a file can't be changed safely or written, or git refused the commit.
    """
    workspace = opener()
    closing = ready_to_close(session, workspace, wish)
    if check is not None:
        check(workspace, closing)
    decisions = decide(workspace, closing, verdicts, all_scores=wish.all_scores)
    name = closing.frame.cycle.name
    review = _review(closing, wish)
    # State and review come last: whatever is cut off before them is no closed cycle.
    facts = cycle_facts(workspace, name, CycleState.CLOSED, review=review)
    changes = [*graded_plans(decisions), facts]
    after = opener(Overlay(workspace.files, {change.path: change.after for change in changes}))
    _refuse_errors(after, name)
    owners = assess_cycle(after, closing.frame.cycle)
    message = closing_message(name, owners, decisions, review)
    paths = tuple(change.path for change in changes if change.before != change.after)
    result = Closed(
        frame_of(after, closing.frame.cycle),
        owners,
        decisions,
        review or closing.review,
        paths,
        message,
        None,
        False,
    )
    return result if dry_run else _written(session, result, changes, CycleState.CLOSED)


def reopen_cycle(
    session: Session, opener: Opener, typed: str, *, why: str | None = None, dry_run: bool = False
) -> Reopened:
    """Opens a closed cycle again: its state is active, and its grades count no more.

    Args:
        session: the lock.
        opener: opens the workspace.
        typed: the cycle.
        why: in somebody's words.
        dry_run: say what would happen, and write nothing.

    Raises:
        OkrError: there is no such cycle, it is not closed, its cycle.yaml has changes that are not committed, or git
            refused the commit.
    """
    workspace = opener()
    cycle = workspace.cycle(typed)
    if cycle.name not in workspace.cycles:
        raise OkrError(
            f"There is no plan in {cycle.name}, so there is nothing to open again.",
            "`okr cycle list` shows the cycles.",
        )
    state = workspace.state(cycle.name)
    _refuse_unreadable(workspace, cycle.name)
    if state is not CycleState.CLOSED:
        _refuse_uncommitted_reopening(session, workspace, cycle.name, why)
        raise OkrError(
            f"{cycle.name} is not closed: its state is {state.value}.", "`okr cycle list` shows the cycles."
        )
    refuse_uncommitted_closing(session, workspace, cycle.name)
    change = cycle_facts(workspace, cycle.name, CycleState.ACTIVE)
    after = opener(Overlay(workspace.files, {change.path: change.after}))
    graded = sum(
        each.definition.grade is not None
        for plan in after.plans(cycle.name)
        for objective in plan.objectives
        for each in objective.key_results
    )
    message = reopening_message(cycle.name, why)
    result = Reopened(frame_of(after, cycle), graded, change.path, message, None, False)
    return result if dry_run else _written(session, result, [change], CycleState.ACTIVE)


def _written(session: Session, result: R, changes: Sequence[FileChange], state: CycleState) -> R:
    commit = change_files(session, changes, result.message, trailers(result.frame.cycle.name, state))
    return replace(result, commit=commit, written=True)


def _review(closing: Closing, wish: Wish) -> str | None:
    """The new review; None where the old one stays. Whoever closes early says so there, for the files say everything."""
    said = tidy(wish.review or "") or None
    if wish.early is None:
        return said
    early = early_words(closing, wish.early)
    review = said or tidy(closing.review or "")
    if early in review.split("\n\n"):  # closed again on the same day, for the same reason
        return review
    return "\n\n".join(filter(None, (review, early)))


def _logs(workspace: Workspace, closing: Closing) -> tuple[str, ...]:
    """The logs that the cycle's scores are reckoned from."""
    folders = workspace.cycles[closing.frame.cycle.name].folders
    paths = [
        f"{LOGS}/{folder}/{name}" for folder in folders for name in workspace.files.files(f"{LOGS}/{folder}")
    ]
    draws = any(state.key_result.definition.kpi is not None for state in closing.key_results)
    if draws and workspace.kpi_log is not None:
        paths.append(KPI_LOG)
    return tuple(paths)


def _require_recorded(session: Session, cycle: str, logs: Sequence[str]) -> None:
    """Refuses to close over check-ins that no commit holds: nobody else has them."""
    if session.repository is None or not session.commits:
        return
    found = [each for each in pending_checkins(session.root) if each.path in logs]
    if found:
        names = named_few(list(dict.fromkeys(each.reference.removeprefix(f"{cycle}/") for each in found)))
        one = len(found) == 1
        raise OkrError(
            f"{'1 check-in' if one else f'{len(found)} check-ins'} of {cycle} {'is' if one else 'are'} recorded but "
            f"not committed: {names}.",
            f"`okr checkin --commit-pending` commits {'it' if one else 'them'}; then close the cycle.",
        )


def _refuse_uncommitted_reopening(session: Session, workspace: Workspace, name: str, why: str | None) -> None:
    message = (*reopening_message(name, why).split("\n\n"), ": ".join(*trailers(name, CycleState.ACTIVE)))
    path = facts_path(workspace, name)
    refuse_uncommitted_state(session, path, CycleState.CLOSED, f"{name} is open again", message)


def _refuse_errors(workspace: Workspace, cycle: str) -> None:
    """Refuses a cycle whose files, or those that all cycles share, have errors that could still be mended."""
    shared = {SETTINGS, ORG, KPIS, KPI_LOG}
    folders = tuple(
        f"{kind}/{folder}/" for folder in workspace.cycles[cycle].folders for kind in (PLANS, LOGS)
    )
    found = [
        each
        for each in diagnose(workspace)
        if each.severity is Severity.ERROR
        and each.code not in _HOW_MANY
        and (each.finding.path in shared or each.finding.path.startswith(folders))
    ]
    if found:
        raise FilesWithErrorsError(cycle, found)


def _refuse_unreadable(workspace: Workspace, cycle: str) -> None:
    """Refuses a cycle whose cycle.yaml, or the settings, can't be read."""
    wanted = {SETTINGS, *(f"{PLANS}/{folder}/{CYCLE_FACTS}" for folder in workspace.cycles[cycle].folders)}
    found = [each for each in reading_diagnostics(workspace) if each.finding.path in wanted]
    if found:
        raise FilesWithErrorsError(cycle, found)
