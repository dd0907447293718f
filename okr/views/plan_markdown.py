"""`okr plan summary`: a cycle's plans as Markdown, for the description of a pull request or a comment on it.

Text from files shows as it is: no markup, no mention, no link, on GitHub and on GitLab. What would not fit there is
left out, and said to be. Many plans are folded away team by team.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from okr.diagnostics import Severity
from okr.errors import shortened
from okr.model import ObjectiveType
from okr.plan_changes import KeyResultAdded, KeyResultDropped
from okr.views.findings_markdown import LONGEST_COMMENT, MOST_IN_VIEW, escaped
from okr.views.mermaid import flowchart
from okr.views.plan_voices import voice_of
from okr.views.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from okr.diagnostics import Diagnostic
    from okr.operations.assessing import KeyResultState, ObjectiveState
    from okr.operations.planning.check import OwnersPlan, Readiness
    from okr.operations.planning.summary import Continued, Succession, Summary
    from okr.references import Reference
    from okr.views.plan_voices import English

_LONGEST_TEXT = 300
_SHARES = {"chart": 0.18, "findings": 0.14, "questions": 0.1, "succession": 0.18}
"""Of the longest comment, how much each part may take; the plans at a glance get all that the others leave."""

_ROOM_FOR_HEADS = 1_000
_HEAVIEST = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def summary_markdown(found: Summary, folder: str) -> str:
    """The whole description, with a line break at the end.

    Args:
        found: the plans.
        folder: the workspace's root as seen from its repository's; empty where they are the same.
    """
    voice = voice_of(found.readiness)
    head = _head(found.readiness, voice, folder, voice.title())
    first = [head, *_about(found.readiness, voice)]  # what to look at, above all that there is
    rest = [_part(voice.alignment, _chart(found, voice))]
    if found.successions and found.readiness.before is not None:
        told = list(_successions(found, voice))
        rest.append(_part(voice.since(escaped(found.readiness.before.name)), "".join(told)))
    room = LONGEST_COMMENT - _ROOM_FOR_HEADS - sum(map(len, (*first, *rest)))
    return "\n".join(filter(None, [*first, _part(voice.glance, _glance(found, voice, room)), *rest]))


def readiness_markdown(found: Readiness, folder: str) -> str:
    """`okr plan check` as Markdown, with a line break at the end."""
    voice = voice_of(found)
    return "\n".join(filter(None, [_head(found, voice, folder, voice.is_ready()), *_about(found, voice)]))


def _head(found: Readiness, voice: English, folder: str, title: str) -> str:
    """A hidden line by which a comment is found again, the title and the verdict."""
    where = f": {quote(folder.encode('utf-8', 'surrogatepass'))}" if folder else ""
    days = f"{voice.day(found.frame.cycle.starts)} – {voice.day(found.frame.cycle.ends)}"
    return (
        f"<!-- okr plan{where} -->\n## {title}\n\n{escaped(found.frame.workspace)} · {days} · "
        f"{escaped(voice.time(found.frame))}\n\n**{escaped(voice.verdict())}**\n"
    )


def _part(title: str, text: str) -> str:
    return f"### {title}\n\n{text}" if text else ""


def _about(found: Readiness, voice: English) -> Iterator[str]:
    heaviest = sorted(found.diagnostics, key=lambda each: _HEAVIEST.index(each.severity))
    rows = (_finding(each, voice) for each in heaviest)
    yield _part(voice.findings, _table(_columns(voice.finding_columns), rows, "findings", "finding", voice))
    asked = (
        f"- {escaped(fact)} **{escaped(question)}**\n"
        for fact, question in map(voice.question, found.questions)
    )
    yield _part(voice.questions, _table("", asked, "questions", "question", voice))


def _columns(names: Iterable[str]) -> str:
    names = tuple(names)
    return f"| {' | '.join(names)} |\n|{' --- |' * len(names)}\n".replace("|  |", "| |")


def _table(head: str, rows: Iterable[str], part: str, noun: str, voice: English) -> str:
    """As many rows as fit, all but the first few folded away, and how many did not fit."""
    shown, left_out = _fitting(rows, int(LONGEST_COMMENT * _SHARES[part]) - len(head))
    if not shown and not left_out:
        return ""
    text = head + "".join(shown[:MOST_IN_VIEW])
    if folded := shown[MOST_IN_VIEW:]:
        text += f"\n{_folded(voice.more(len(folded), noun), head + ''.join(folded))}"
    return text + (f"\n{voice.left_out(left_out, noun)}\n" if left_out else "")


def _fitting(rows: Iterable[str], room: int) -> tuple[list[str], int]:
    """As many rows as there is room for, and how many there is none for."""
    shown: list[str] = []
    left_out = 0
    for row in rows:
        room -= len(row)
        if room < 0:
            left_out += 1
        else:
            shown.append(row)
    return shown, left_out


def _folded(title: str, text: str) -> str:
    return f"<details>\n<summary>{title}</summary>\n\n{text}\n</details>\n"


# At a glance


def _glance(found: Summary, voice: English, room: int) -> str:
    """Every plan in a table; many of them in one for each team that they are below, folded away."""
    head, states = _columns(voice.columns), {each.objective.reference: each for each in found.states}
    groups = found.readiness.groups
    parts: list[str] = []
    left_out = 0
    for above, plans in groups:
        rows = [row for plan in plans for row in _rows(plan, states, found.names, voice)]
        if len(groups) == 1:
            shown, left_out = _fitting(rows, room)
            parts.append(head + "".join(shown) if rows else "")
            continue
        title = f"<b>{_short(above.name if above else voice.others)}</b>{voice.colon}{escaped(voice.group(plans))}"
        shown, missed = _fitting(rows, room - len(title) - len(head))
        left_out += missed
        parts.append(_folded(title, head + "".join(shown)) if shown else f"{title}\n")
        room -= len(parts[-1])
    text = "\n".join(filter(None, parts))
    return text + (f"\n{voice.left_out(left_out, 'row')}\n" if left_out else "")


def _rows(
    plan: OwnersPlan, states: Mapping[Reference, ObjectiveState], names: Mapping[str, str], voice: English
) -> Iterator[str]:
    owner = f"**{_short(plan.owner.name)}**"
    if not plan.objectives:
        yield f"| {owner} | *{voice.no_plan}* | | |\n"
    for each in plan.objectives:
        objective = each.objective
        notes = [voice.committed] if objective.definition.type is ObjectiveType.COMMITTED else []
        notes.append(voice.carried(each.times_carried) if each.times_carried else voice.new)
        key_results = "<br>".join(
            _key_result(every, voice) for every in states[objective.reference].key_results
        )
        who = names.get(objective.accountable or "", objective.accountable or "")
        yield (
            f"| {owner} | {_short(objective.title)}<br>*{', '.join(notes)}* | {key_results} | {_short(who)} |\n"
        )
        owner = ""


def _key_result(state: KeyResultState, voice: English) -> str:
    return f"{_short(state.key_result.title)}{voice.colon}{_short(voice.metric(state))}"


# Alignment


def _chart(found: Summary, voice: English) -> str:
    """A chart; or, where that would be too large to read, how many objectives support each of a longer cycle."""
    if not found.states:
        return ""
    groups: dict[tuple[str, str], list[tuple[Reference, str]]] = {}
    for objective in (*found.above, *(each.objective for each in found.states)):
        reference = objective.reference
        groups.setdefault((reference.cycle, reference.owner), []).append((reference, objective.title))
    titled = [
        (f"{found.names[owner]} · {cycle}", objectives) for (cycle, owner), objectives in groups.items()
    ]
    room = int(LONGEST_COMMENT * _SHARES["chart"])
    chart = flowchart(titled, found.supports)
    if chart is not None and len(chart) <= room:
        return f"```mermaid\n{chart}```\n"
    counts = found.supporters
    lines = [
        f"- {_short(found.names[each.reference.owner])} · {escaped(each.reference.cycle)}{voice.colon}"
        f"{_short(each.title)}, {_supporters(counts[each.reference], voice)}\n"
        for each in found.above
    ]
    shown, left_out = _fitting(lines, room)
    more = f"\n{voice.left_out(left_out, 'line')}\n" if left_out else ""
    return f"{voice.too_many()}\n" + (f"\n{''.join(shown)}{more}" if shown else "")


def _supporters(count: int, voice: English) -> str:
    return voice.supporters(count) if count else f"**{voice.supporters(count)}**"


# Findings


def _finding(diagnostic: Diagnostic, voice: English) -> str:
    finding = diagnostic.finding
    where = escaped(f"{finding.path}:{finding.place.line}")
    what, hint = map(_short, voice.finding(diagnostic))
    return f"| {voice.severity(diagnostic.severity)} | {where} | {what} | {hint} |\n"


# Since the cycle before


def _successions(found: Summary, voice: English) -> Iterator[str]:
    lines: list[str] = []
    for each in found.successions:
        lines += _succession(each, voice)
    shown, left_out = _fitting(lines, int(LONGEST_COMMENT * _SHARES["succession"]))
    yield from shown
    if left_out:
        yield f"\n{voice.left_out(left_out, 'line')}\n"


def _succession(succession: Succession, voice: English) -> Iterator[str]:
    yield f"- **{_short(succession.owner.name)}**\n"
    for each in succession.continued:
        yield from _continued(each, voice)
    for objective in succession.new:
        yield f"  - {voice.new}{voice.colon}{_short(objective.title)}\n"
    for gone in succession.not_continued:
        yield f"  - {voice.gone(gone)}{voice.colon}{_short(gone.objective.title)} ({voice.score(gone.score)})\n"


def _continued(continued: Continued, voice: English) -> Iterator[str]:
    times = voice.carried(continued.times_carried)
    yield f"  - {times}{voice.colon}{_short(continued.objective.title)}\n"
    for each in continued.changes:
        told = isinstance(each, (KeyResultAdded, KeyResultDropped))
        about = f"{each.title}{voice.colon}" if each.reference.key_result and not told else ""
        yield f"    - {_short(about + voice.change(each))}\n"
    yield from (f"    - {_short(voice.key_result_finished(each.title))}\n" for each in continued.finished)


def _short(text: str) -> str:
    return escaped(shortened(printable(text), _LONGEST_TEXT))
