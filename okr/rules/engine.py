"""Runs the rules over a workspace: every thing once, every rule that looks at its kind.

Which rules there are and what they mean stands in their modules; how findings look is the views' business.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.contents import Located
from okr.diagnostics import Diagnostic, Severity
from okr.documents import Document
from okr.rules.catalogue import catalogue, rules_by_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from okr.contents import Log
    from okr.diagnostics import Finding
    from okr.model import Settings
    from okr.rules.catalogue import Rule
    from okr.workspace import Workspace

_FROM_HEAVIEST = tuple(Severity)


def diagnose(workspace: Workspace) -> list[Diagnostic]:
    """Everything the rules find in a workspace, by file and from top to bottom; rules set to off stay silent."""
    workspace.load_everything()
    return diagnose_subjects(workspace, _subjects(workspace))


def diagnose_subjects(workspace: Workspace, subjects: Iterable[object]) -> list[Diagnostic]:
    """What the rules find in some things of a workspace; reads no more files than those rules ask for."""
    settings = workspace.settings
    by_subject: dict[type, list[Rule]] = {}
    for rule in catalogue():
        if severity_of(rule, settings) is not Severity.OFF:
            by_subject.setdefault(rule.subject, []).append(rule)
    found = {
        Diagnostic(rule.code, rule.name, severity_of(rule, settings, finding), finding)
        for subject in subjects
        for rule in by_subject.get(_kind_of(subject), ())
        for finding in rule.check(subject, workspace)
    }
    return sorted(found, key=lambda diagnostic: diagnostic.sort_key)


def reading_diagnostics(workspace: Workspace) -> list[Diagnostic]:
    """What was found wrong with the files read so far, as YAML and in their shape: what makes an answer unsafe."""
    found = {
        Diagnostic(rule.code, rule.name, Severity.ERROR, problem.finding)
        for problem in workspace.problems
        for rule in (rules_by_name()[problem.rule],)
    }
    return sorted(found, key=lambda diagnostic: diagnostic.sort_key)


def severity_of(rule: Rule, settings: Settings, finding: Finding | None = None) -> Severity:
    """What a rule's findings, or one of them, weigh in this workspace.

    What okr.yaml says holds, whether by code, by name or by family, the nearest winning. Else it is the rule's own
    severity, or that of the finding where it is lighter.
    """
    if rule.subject is Document:
        return (
            Severity.ERROR
        )  # a file that can't be read is an error of the whole answer: nothing silences that
    wanted = settings.rules
    for key in (rule.code, rule.name, rule.code[:4] + "xx", rule.code[:4]):
        if key in wanted:
            return Severity(wanted[key].value)
    if finding is None or finding.severity is None:
        return rule.severity
    return max(rule.severity, finding.severity, key=_FROM_HEAVIEST.index)


def _kind_of(subject: object) -> type:
    return type(subject.definition) if isinstance(subject, Located) else type(subject)


def _subjects(workspace: Workspace) -> Iterable[object]:
    yield workspace
    yield from workspace.documents
    yield from workspace.cycles.values()
    for plan in workspace.all_plans:
        yield plan
        for objective in plan.objectives:
            yield objective
            yield from objective.key_results
    for cycle in workspace.cycles:
        yield from _with_records(workspace.logs(cycle))
    if workspace.kpi_log is not None:
        yield from _with_records((workspace.kpi_log,))
    yield from workspace.teams
    yield from workspace.people
    yield from workspace.kpis


def _with_records(logs: Iterable[Log]) -> Iterator[object]:
    for log in logs:
        yield log
        yield from log.records
