"""Runs the rules over a workspace: every thing once, every rule that looks at its kind.

Which rules there are and what they mean stands in their modules; how findings look is the views' business.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from okr.contents import KeyResult, Located
from okr.dataclass import dataclass
from okr.diagnostics import Diagnostic, Severity
from okr.documents import Document
from okr.model import Person, Team
from okr.rules.catalogue import catalogue, rules_by_name, rules_on_logs
from okr.rules.glance import JUDGED_OF_KEY_RESULTS, finds_nothing, is_measured_plainly
from okr.rules.severities import is_off, severity_of
from okr.rules.suppression import comments_of, sort_out

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from okr.contents import Log, Record
    from okr.rules.catalogue import Rule
    from okr.rules.comments import Suppression
    from okr.rules.earlier import Between, Earlier
    from okr.workspace import Workspace


MOST_ALIKE = 10_000
"""Findings of one rule in one file; keeps memory bounded whatever the files hold."""
_RULES_THAT_ARE_ON = "rules that are on"


@dataclass(frozen=True, slots=True)
class Examination:
    """What the rules find in a workspace, by file and from top to bottom.

    Attributes:
        diagnostics: what stands.
        suppressed: what comments in the files silence.
        files: the files that were read.
    """

    diagnostics: tuple[Diagnostic, ...]
    suppressed: tuple[Diagnostic, ...]
    files: frozenset[str]


def examine(
    workspace: Workspace,
    wanted: Callable[[Rule], bool] | None = None,
    *,
    then: Workspace | None = None,
    between: Between | None = None,
    within: Callable[[str], bool] | None = None,
) -> Examination:
    """Everything the rules find in a workspace; rules set to off stay silent.

    Args:
        workspace: where.
        wanted: which rules are run; all of them if left out. Findings on comments that silence others come with all.
        then: what it was before, for the rules that compare; without it they stay silent.
        between: what is known of the commits between the two.
        within: in which plans and logs, by path, the rules look that look at one by itself; in all of them if left out.
    """
    workspace.load_everything()
    earlier = None
    if then is not None:
        from okr.rules.earlier import NOTHING_BETWEEN, Earlier

        earlier = Earlier(workspace, then, between or NOTHING_BETWEEN)
    kinds = {rule.subject for rule in catalogue() if wanted is None or wanted(rule)}
    ran = run_rules(workspace, _subjects(workspace, kinds, within), wanted, earlier)
    documents = workspace.documents if wanted is None else workspace.documents_read
    files = frozenset(document.path for document in documents)
    if wanted is None:
        return put_together(workspace, ran, comments_of(documents), _broken(workspace), files)
    found = sort_out(ran, comments_of(documents), _broken(workspace))
    return Examination(in_order(found.standing), in_order(found.silenced), files)


def put_together(
    workspace: Workspace,
    ran: set[Diagnostic],
    comments: Mapping[str, list[Suppression]],
    broken: set[str],
    files: frozenset[str],
) -> Examination:
    """What stands of all that the rules found, with what they find about the comments that silence the rest.

    Args:
        workspace: where.
        ran: what all rules found.
        comments: the comments of the files that were read, in the order of their paths.
        broken: those of the files of which some part could not be read.
        files: the files that were read.
    """
    found = sort_out(ran, comments, broken)
    about_comments = run_rules(workspace, found.comments)
    return Examination(in_order((*found.standing, *about_comments)), in_order(found.silenced), files)


def diagnose(workspace: Workspace, then: Workspace | None = None) -> list[Diagnostic]:
    """What `examine` finds, without what comments silence."""
    return list(examine(workspace, then=then).diagnostics)


def diagnose_logs(workspace: Workspace, things: Iterable[Log | Record]) -> list[Diagnostic]:
    """What the rules find in some logs and lines of a workspace; reads no more files than those rules ask for."""
    found = run_rules(workspace, things, rules=rules_on_logs())
    read = (workspace.document(path) for path in sorted({each.finding.path for each in found}))
    comments = comments_of(document for document in read if document is not None)
    return list(in_order(sort_out(found, comments, set()).standing))


def run_rules(
    workspace: Workspace,
    subjects: Iterable[object],
    wanted: Callable[[Rule], bool] | None = None,
    earlier: Earlier | None = None,
    *,
    rules: Iterable[Rule] | None = None,
) -> set[Diagnostic]:
    """What the rules find in some things of a workspace, whether or not comments silence it.

    Args:
        workspace: where.
        subjects: the things.
        wanted: which rules are run; all of them if left out.
        earlier: what the workspace was before; without it the rules that compare stay silent.
        rules: all that look at such things; those of the whole catalogue if left out.
    """
    settings = workspace.settings
    by_subject = _rules_by_subject(workspace, wanted, rules)
    weights: dict[tuple[str, str, Severity | None], Severity] = {}
    alike: Counter[tuple[str, str]] = Counter()
    found: set[Diagnostic] = set()
    for subject in _looked_into(subjects, workspace):
        for rule in by_subject.get(_kind_of(subject), ()):
            for finding in rule.findings(subject, workspace, earlier):
                alike[rule.code, finding.path] += 1
                if alike[rule.code, finding.path] > MOST_ALIKE:
                    continue
                # What a finding weighs is the same for all of one rule in one file, but for those that say otherwise.
                key = (rule.code, finding.path, finding.severity)
                if key not in weights:
                    weights[key] = severity_of(rule, settings, finding)
                if weights[key] is not Severity.OFF:
                    found.add(Diagnostic(rule.code, rule.name, weights[key], finding))
    return found


def _rules_by_subject(
    workspace: Workspace, wanted: Callable[[Rule], bool] | None, rules: Iterable[Rule] | None
) -> dict[type, list[Rule]]:
    """The rules that are to be run and not off, by what they look at; what okr.yaml says of all is worked out once."""
    if rules is None and _RULES_THAT_ARE_ON not in workspace.worked_out:
        workspace.worked_out[_RULES_THAT_ARE_ON] = _that_are_on(workspace, catalogue())
    found: dict[type, list[Rule]] = (
        workspace.worked_out[_RULES_THAT_ARE_ON] if rules is None else _that_are_on(workspace, rules)
    )
    if wanted is None:
        return found
    return {subject: [*filter(wanted, each)] for subject, each in found.items()}


def _that_are_on(workspace: Workspace, rules: Iterable[Rule]) -> dict[type, list[Rule]]:
    settings = workspace.settings
    found: dict[type, list[Rule]] = {}
    for rule in rules:
        if not is_off(rule, settings):
            found.setdefault(rule.subject, []).append(rule)
    found[_PlainKeyResult] = [
        rule for rule in found.get(KeyResult, ()) if rule.code not in JUDGED_OF_KEY_RESULTS
    ]
    return found


def in_order(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Findings by file and from top to bottom."""
    return tuple(sorted(found, key=lambda diagnostic: diagnostic.sort_key))


def _broken(workspace: Workspace) -> set[str]:
    """The files of which some part could not be read."""
    return {problem.finding.path for problem in workspace.problems}


def reading_diagnostics(workspace: Workspace) -> list[Diagnostic]:
    """What was found wrong with the files read so far, as YAML and in their shape: what makes an answer unsafe."""
    found = {
        Diagnostic(rule.code, rule.name, Severity.ERROR, problem.finding)
        for problem in workspace.problems
        for rule in (rules_by_name()[problem.rule],)
    }
    return list(in_order(found))


class _PlainKeyResult:
    """Stands for a key result about which most rules have nothing to say, as a glance tells."""


def _kind_of(subject: object) -> type:
    if isinstance(subject, KeyResult):
        return _PlainKeyResult if is_measured_plainly(subject) else KeyResult
    return type(subject.definition) if isinstance(subject, Located) else type(subject)


def _subjects(
    workspace: Workspace, kinds: Collection[type], within: Callable[[str], bool] | None
) -> Iterable[object]:
    """The things of a workspace; those of org.yaml, and files, only where rules look at such."""
    yield workspace
    yield from workspace.documents if Document in kinds else ()
    yield from workspace.cycles.values()
    for plan in workspace.all_plans:
        if within is not None and not within(plan.path):
            continue
        yield plan
        for objective in plan.objectives:
            yield objective
            yield from objective.key_results
    for cycle in workspace.cycles:
        logs = workspace.logs(cycle)
        yield from with_records(log for log in logs if within is None or within(log.path))
    if workspace.kpi_log is not None:
        yield from with_records((workspace.kpi_log,))
    if Team in kinds or Person in kinds:
        yield from workspace.teams
        yield from workspace.people
    yield from workspace.kpis


@dataclass(frozen=True, slots=True)
class _WholeLog:
    """A log together with its records."""

    log: Log


def with_records(logs: Iterable[Log]) -> Iterator[object]:
    """Logs, each with its records; what needs no look is not looked into."""
    return map(_WholeLog, logs)


def _looked_into(subjects: Iterable[object], workspace: Workspace) -> Iterator[object]:
    """The things that the rules look at, logs before their records."""
    for subject in subjects:
        if type(subject) is Document:
            # The rules on files only tell what was met while they were read.
            if workspace.problems_of(subject):
                yield subject
        elif type(subject) is not _WholeLog:
            yield subject
        elif not finds_nothing(subject.log, workspace):
            yield subject.log
            yield from subject.log.records
