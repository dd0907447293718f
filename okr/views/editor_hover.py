"""What an editor shows beside the cursor: a goal with its score, its trend and what was last said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.contents import KeyResult
from okr.operations.editor.hover import (
    KeyFacts,
    KeyResultFacts,
    KpiFacts,
    ObjectiveFacts,
    OwnerFacts,
    RuleFacts,
)
from okr.quantities import format_amount, format_score
from okr.views.editor_markdown import Writer
from okr.views.figures import age, confidence, outlook_words, short_day, standing_words, status_words
from okr.views.sparkline import sparkline
from okr.views.text import counted

if TYPE_CHECKING:
    from okr.contents import CheckIn, Objective
    from okr.operations.editor.hover import Facts
    from okr.operations.overview import Frame
    from okr.scoring import Assessment, ObjectiveAssessment

_WIDEST = 24


def hover_text(facts: Facts, *, markdown: bool) -> str:
    """The facts as text.

    Args:
        facts: what is known.
        markdown: whether the editor shows Markdown; else it is plain text.
    """
    writer = Writer(markdown=markdown)
    match facts:
        case ObjectiveFacts():
            _objective(writer, facts)
        case KeyResultFacts():
            _key_result(writer, facts)
        case OwnerFacts():
            _owner(writer, facts)
        case KpiFacts():
            _kpi(writer, facts)
        case KeyFacts():
            writer.add(writer.code(facts.key), writer.text(facts.text))
            if facts.choices:
                writer.add(f"One of {', '.join(map(writer.code, facts.choices))}.")
        case RuleFacts():
            writer.add(writer.strong(f"{facts.rule.code} {facts.rule.name}"), facts.rule.severity.value)
            for sentence in (facts.rule.what, facts.rule.why, facts.rule.remedy):
                writer.add(writer.text(sentence))
    return writer.whole()


def _objective(writer: Writer, facts: ObjectiveFacts) -> None:
    objective, state, frame = facts.objective, facts.state, facts.frame
    _head(writer, objective, facts.accountable)
    if state is None or frame is None:
        return
    writer.add(*_standing(state.assessment, frame))
    lines = []
    for each in state.key_results:
        status = status_words(each.assessment.status, over=frame.over)
        standing = writer.text(standing_words(each, frame.language))
        title = writer.text(each.key_result.title)
        lines.append(f"{format_score(each.assessment.score)} {status}: {title}, {standing}")
    writer.add_list(lines)
    above = f"supports: {', '.join(map(writer.text, facts.supports))}" if facts.supports else None
    below = f"supported by {counted(facts.supporters, 'objective')}" if facts.supporters else None
    writer.add(above, below)
    _said(writer, "Last said", facts.last, frame, about=facts.about)


def _key_result(writer: Writer, facts: KeyResultFacts) -> None:
    state, frame = facts.state, facts.frame
    _head(writer, facts.key_result, facts.accountable)
    if state is None or frame is None:
        return
    writer.add(writer.text(standing_words(state, frame.language)))
    writer.add(*_standing(state.assessment, frame), *outlook_words(state.assessment))
    if facts.values:
        drawn = sparkline(facts.values, _WIDEST)
        writer.add(drawn, counted(len(facts.values), "value"), age(state.assessment.last_checkin, frame))
    _said(writer, "Last said", facts.last, frame)
    if facts.noted is not facts.last:
        _said(writer, "Last note", facts.noted, frame)


def _head(writer: Writer, found: Objective | KeyResult, name: str | None) -> None:
    writer.add(writer.strong(found.title))
    kind = "key result" if isinstance(found, KeyResult) else "objective"
    accountable = f"accountable: {writer.text(name or found.accountable)}" if found.accountable else None
    writer.add(kind, writer.code(found.reference), accountable)


def _standing(said: Assessment | ObjectiveAssessment, frame: Frame) -> list[str]:
    parts = [f"score {format_score(said.score)}", status_words(said.status, over=frame.over)]
    return [*parts, f"expected by today {format_score(said.expected)}"] if frame.running else parts


def _said(
    writer: Writer, lead: str, checkin: CheckIn | None, frame: Frame, *, about: str | None = None
) -> None:
    """What a check-in said, in the words of whoever made it."""
    if checkin is None:
        return
    said = checkin.record.definition
    of = f" of {writer.code(about)}" if about else ""
    by = f" by {writer.text(said.by)}" if said.by else ""
    sure = "" if said.confidence is None else f", confidence {confidence(float(said.confidence))}"
    note = f": “{writer.text(said.note)}”" if said.note else ""
    writer.add(f"{lead}{of} on {short_day(said.date.day, beside=frame.cycle.ends)}{by}{sure}{note}")


def _owner(writer: Writer, facts: OwnerFacts) -> None:
    writer.add(writer.strong(facts.owner.name))
    lead = f"led by {writer.text(facts.lead)}" if facts.lead else None
    above = f"in {writer.text(facts.above)}" if facts.above else None
    kind = "in no org.yaml" if facts.owner.kind == "unknown" else facts.owner.kind
    writer.add(kind, writer.code(facts.owner.id), above, lead)
    if facts.state is not None:
        count = counted(len(facts.state.objectives), "objective")
        writer.add(f"{facts.frame.cycle.name}: {count}, score {format_score(facts.state.score)}")
        writer.add_list(
            [
                f"{format_score(each.assessment.score)} "
                f"{status_words(each.assessment.status, over=facts.frame.over)}: {writer.text(each.objective.title)}"
                for each in facts.state.objectives
            ]
        )


def _kpi(writer: Writer, facts: KpiFacts) -> None:
    writer.add(writer.strong(facts.kpi.name))
    writer.add(
        "KPI",
        writer.code(facts.kpi.id),
        f"owner: {writer.text(facts.kpi.owner)}" if facts.kpi.owner else None,
    )
    writer.add(writer.text(facts.kpi.why) if facts.kpi.why else None)
    if facts.values:
        latest = writer.text(format_amount(facts.values[-1], facts.kpi.unit, facts.frame.language))
        writer.add(latest, sparkline(facts.values, _WIDEST), counted(len(facts.values), "measurement"))
    _said(writer, "Last said", facts.last, facts.frame)
