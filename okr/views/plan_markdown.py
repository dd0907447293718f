"""`okr plan summary`: a cycle's plans as Markdown, for the description of a pull request or a comment on it.

Text from files shows as it is: no markup, no mention, no link, on GitHub and on GitLab. What would not fit there is
left out, and said to be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from okr.errors import shortened
from okr.model import ObjectiveType
from okr.plan_changes import KeyResultAdded, KeyResultDropped
from okr.quantities import format_score
from okr.rules.catalogue import rules_by_name
from okr.views.change_words import change_words
from okr.views.figures import metric_words, short_day, time_words
from okr.views.findings_markdown import HEAD as FINDINGS_HEAD
from okr.views.findings_markdown import LONGEST_COMMENT, escaped
from okr.views.mermaid import flowchart
from okr.views.plan_check import verdict
from okr.views.plan_words import times_words
from okr.views.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from okr.diagnostics import Diagnostic
    from okr.operations.assessing import KeyResultState, ObjectiveState
    from okr.operations.planning.check import Readiness
    from okr.operations.planning.summary import Continued, NotContinued, Succession, Summary
    from okr.quantities import Language
    from okr.references import Reference

_LONGEST_TEXT = 300
_SHARES = {"glance": 0.36, "chart": 0.18, "findings": 0.14, "questions": 0.1, "succession": 0.18}
"""Of the longest comment, how much each part may take; the rest is for headings."""

_GLANCE = "| Owner | Objective | Key results | Accountable |\n| --- | --- | --- | --- |\n"


def summary_markdown(found: Summary, folder: str) -> str:
    """The whole description, with a line break at the end.

    Args:
        found: the plans.
        folder: the workspace's root as seen from its repository's; empty where they are the same.
    """
    frame = found.readiness.frame
    parts = [
        _head(found.readiness, folder, f"Plan for {escaped(frame.cycle.name)}"),
        _part("At a glance", "".join(_glance(found))),
        _part("Alignment", _chart(found)),
        *_about(found.readiness),
    ]
    if found.successions and found.readiness.before is not None:
        told = list(_successions(found, frame.language))
        parts.append(_part(f"Since {escaped(found.readiness.before.name)}", "".join(told)))
    return "\n".join(filter(None, parts))


def readiness_markdown(found: Readiness, folder: str) -> str:
    """`okr plan check` as Markdown, with a line break at the end."""
    title = f"Is {escaped(found.frame.cycle.name)} ready?"
    return "\n".join(filter(None, [_head(found, folder, title), *_about(found)]))


def _head(found: Readiness, folder: str, title: str) -> str:
    """A hidden line by which a comment is found again, the title and the verdict."""
    where = f": {quote(folder.encode('utf-8', 'surrogatepass'))}" if folder else ""
    days = f"{short_day(found.frame.cycle.starts)} – {short_day(found.frame.cycle.ends)}"
    return (
        f"<!-- okr plan{where} -->\n## {title}\n\n{escaped(found.frame.workspace)} · {days} · "
        f"{escaped(time_words(found.frame))}\n\n**{escaped(verdict(found, strict=False))}**\n"
    )


def _part(title: str, text: str) -> str:
    return f"### {title}\n\n{text}" if text else ""


def _about(found: Readiness) -> Iterator[str]:
    yield _part("Findings", _table(FINDINGS_HEAD, map(_finding, found.diagnostics), "findings", "finding"))
    asked = (f"- {escaped(each.fact)} **{escaped(each.question)}**\n" for each in found.questions)
    yield _part("Questions", _table("", asked, "questions", "question"))


def _table(head: str, rows: Iterable[str], part: str, noun: str) -> str:
    """As many rows as fit, and how many did not."""
    room = int(LONGEST_COMMENT * _SHARES[part]) - len(head)
    shown: list[str] = []
    left_out = 0
    for row in rows:
        room -= len(row)
        if room < 0:
            left_out += 1
        else:
            shown.append(row)
    if not shown and not left_out:
        return ""
    end = f"\n{counted(left_out, noun)} did not fit here.\n" if left_out else ""
    return head + "".join(shown) + end


# At a glance


def _glance(found: Summary) -> Iterator[str]:
    states = {each.objective.reference: each for each in found.states}
    rows: list[str] = []
    for plan in found.readiness.plans:
        owner = f"**{_short(plan.owner.name)}**"
        if not plan.objectives:
            rows.append(f"| {owner} | *no plan yet* | | |\n")
        for each in plan.objectives:
            state = states[each.objective.reference]
            rows.append(_row(owner, state, each.times_carried, found.readiness.frame.language, found.names))
            owner = ""
    yield _table(_GLANCE, rows, "glance", "row")


def _row(owner: str, state: ObjectiveState, times: int, language: Language, names: Mapping[str, str]) -> str:
    objective = state.objective
    notes = ["committed"] if objective.definition.type is ObjectiveType.COMMITTED else []
    notes.append(f"carried over {times_words(times)}".rstrip() if times else "new")
    key_results = "<br>".join(_key_result(each, language) for each in state.key_results)
    who = names.get(objective.accountable or "", objective.accountable or "")
    return (
        f"| {owner} | {_short(objective.title)}<br>*{', '.join(notes)}* | {key_results} | {_short(who)} |\n"
    )


def _key_result(state: KeyResultState, language: Language) -> str:
    return f"{_short(state.key_result.title)}: {_short(metric_words(state, language))}"


# Alignment


def _chart(found: Summary) -> str:
    if not found.states:
        return ""
    groups: dict[tuple[str, str], list[tuple[Reference, str]]] = {}
    for objective in (*found.above, *(each.objective for each in found.states)):
        reference = objective.reference
        groups.setdefault((reference.cycle, reference.owner), []).append((reference, objective.title))
    titled = [
        (f"{found.names[owner]} · {cycle}", objectives) for (cycle, owner), objectives in groups.items()
    ]
    chart = flowchart(titled, found.supports)
    if chart is None or len(chart) > LONGEST_COMMENT * _SHARES["chart"]:
        return "There are too many objectives for a chart here; `okr tree` shows them all.\n"
    return f"```mermaid\n{chart}```\n"


# Findings


def _finding(diagnostic: Diagnostic) -> str:
    finding = diagnostic.finding
    hint = finding.hint or rules_by_name()[diagnostic.code].remedy
    where = escaped(f"{finding.path}:{finding.place.line}")
    what = f"{_short(finding.message)} ({diagnostic.code} {diagnostic.name})"
    return f"| {diagnostic.severity} | {where} | {what} | {_short(hint)} |\n"


# Since the cycle before


def _successions(found: Summary, language: Language) -> Iterator[str]:
    lines: list[str] = []
    for each in found.successions:
        lines += _succession(each, language)
    yield _table("", lines, "succession", "line")


def _succession(succession: Succession, language: Language) -> Iterator[str]:
    yield f"- **{_short(succession.owner.name)}**\n"
    for each in succession.continued:
        yield from _continued(each, language)
    for objective in succession.new:
        yield f"  - new: {_short(objective.title)}\n"
    for gone in succession.not_continued:
        yield f"  - {_gone(gone)}: {_short(gone.objective.title)} ({format_score(gone.score)})\n"


def _continued(continued: Continued, language: Language) -> Iterator[str]:
    times = times_words(continued.times_carried)
    yield f"  - carried over{f' {times}' if times else ''}: {_short(continued.objective.title)}\n"
    for each in continued.changes:
        told = isinstance(each, (KeyResultAdded, KeyResultDropped))
        about = f"{each.title}: " if each.reference.key_result and not told else ""
        yield f"    - {_short(about + change_words(each, language))}\n"
    yield from (f"    - key result finished: {_short(each.title)}\n" for each in continued.finished)


def _gone(gone: NotContinued) -> str:
    if gone.finished:
        return "finished"
    return "dropped" if gone.dropped else "not carried over"


def _short(text: str) -> str:
    return escaped(shortened(printable(text), _LONGEST_TEXT))
