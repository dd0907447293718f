"""A report as Markdown: the whole cycle, or a digest of the week for a chat or an e-mail. Text shows as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from okr.operations.reviewing import Review
from okr.quantities import format_score
from okr.views import review as weekly
from okr.views.due import late
from okr.views.figures import (
    NOTHING,
    confidence,
    counted,
    short_day,
    standing_words,
    status_words,
    time_words,
)
from okr.views.findings_markdown import escaped
from okr.views.review_markdown import retrospective_markdown, review_markdown
from okr.views.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from okr.operations.assessing import KeyResultState, ObjectiveState
    from okr.operations.site import Site

_MOST = 5


def report_markdown(site: Site) -> str:
    """The whole cycle: every owner with every objective and key result, then the review."""
    frame = site.frame
    lines = [
        f"# {escaped(frame.workspace)} · {escaped(frame.cycle.name)}",
        "",
        f"{short_day(frame.as_of)} · {time_words(frame)}",
    ]
    for owner in site.overview.owners:
        lines += ["", f"## {escaped(owner.owner.name)}: {format_score(owner.score)}"]
        for state in owner.objectives:
            lines += ["", *_objective(state, site)]
    found = site.review
    told = review_markdown(found) if isinstance(found, Review) else retrospective_markdown(found)
    return "\n".join(lines) + "\n\n" + told.replace("\n## ", "\n### ").replace("# ", "## ", 1)


_MEANT = re.compile(r"[\\`*_\[\]<>#|~]|^[-+=]")
_MENTION = re.compile(r"@(?=\w)")
_ZERO_WIDTH = "\u200b"


def _chat(text: str) -> str:
    """A text for a chat or an e-mail: nothing in it is markup or calls anybody, and little of it looks other than written."""
    return _MENTION.sub(f"@{_ZERO_WIDTH}", _MEANT.sub(r"\\\g<0>", printable(text)))


def digest(site: Site) -> str:
    """The week in a few lines: scores, what moved, what is at risk, what is in the way, who is to check in.

    Of a cycle that is over, how it ended.
    """
    frame, found = site.frame, site.review
    scores = " · ".join(
        f"{_chat(owner.owner.name)} {format_score(owner.score)}" for owner in site.overview.owners
    )
    lines = [
        f"**{_chat(frame.workspace)} · {_chat(frame.cycle.name)}**, {short_day(frame.as_of)}, {time_words(frame)}"
    ]
    if scores:
        expected = f" (expected by today {format_score(frame.elapsed)})" if frame.running else ""
        lines += ["", f"{scores}{expected}"]
    if isinstance(found, Review):
        for title, items in _week(found):
            if items:
                left_out = len(items) - _MOST
                lines += ["", f"**{title}**", *(f"- {item}" for item in items[:_MOST])]
                lines += [f"- and {left_out} more"] if left_out > 0 else []
    else:
        hits = sum(each.hit for each in found.outcomes)
        lines += ["", f"{hits} of {counted(len(found.outcomes), 'key result')} hit what they aimed at."]
    return "\n".join(lines)


def _week(found: Review) -> Iterator[tuple[str, list[str]]]:
    yield (
        "Moved",
        [
            f"{_chat(each.state.key_result.title)}: {_chat(', '.join(weekly.movement(each, found)))}"
            for each in found.moved
        ],
    )
    yield (
        "At risk",
        [
            f"{status_words(each.assessment.status, over=False)}: {_chat(each.key_result.title)}"
            for each in found.attention
        ],
    )
    yield (
        "In the way",
        [
            f"{_chat(each.state.key_result.title)}: {_chat(each.checkin.record.definition.note or '')}"
            for each in found.blockers
        ],
    )
    yield (
        "Due",
        [
            f"{_chat(each.title)}, {_chat(found.due.names.get(each.person or '', each.person or 'nobody in particular'))}: {late(each)}"
            for each in found.due.due
        ],
    )


def _objective(state: ObjectiveState, site: Site) -> Iterator[str]:
    said = state.assessment
    yield f"### {escaped(state.objective.title)}"
    yield ""
    yield f"{status_words(said.status, over=site.frame.over)}, score {format_score(said.score)} (`{state.objective.reference}`)"
    yield ""
    yield "| Key result | Value | Score | Forecast | Confidence | Status | Last check-in |"
    yield "| --- | --- | --- | --- | --- | --- | --- |"
    yield from (_key_result(each, site) for each in state.key_results)


def _key_result(state: KeyResultState, site: Site) -> str:
    said = state.assessment
    cells = [
        escaped(state.key_result.title), escaped(standing_words(state, site.frame.language)), format_score(said.score),
        NOTHING if said.forecast is None else format_score(said.forecast.score),
        NOTHING if said.confidence is None else confidence(said.confidence),
        status_words(said.status, over=site.frame.over),
        NOTHING if said.last_checkin is None else short_day(said.last_checkin),
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"
