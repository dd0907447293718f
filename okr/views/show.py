"""How `okr show` looks: one objective or key result with everything its plan and its log say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from okr.forecasting import RECENT
from okr.model import CycleState
from okr.quantities import format_change, format_number, format_score, plain_number
from okr.scoring import Disagreement, Status, band, disagreement
from okr.views.bars import bar
from okr.views.charts import chart
from okr.views.figures import (
    NOTHING,
    STYLES,
    age,
    confidence,
    metric_words,
    next_words,
    short_day,
    standing_words,
    status_words,
    type_words,
    value_words,
)
from okr.views.heading import heading
from okr.views.layout import GAP, SEPARATOR, beside, columns, fitted, indented, packed, show
from okr.views.plain import PlainConsole
from okr.views.terminal import cell, title_cell
from okr.views.text import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rich.console import Console

    from okr import model
    from okr.contents import CheckIn
    from okr.operations.assessing import KeyResultState
    from okr.operations.overview import Frame
    from okr.operations.showing import Entry, Link, Showing
    from okr.scoring import Assessment, Forecast, ObjectiveAssessment

_LABEL, _BAR = 14, 20
_MOST_ENTRIES = 12
_NOTE_FROM = 18
_NUMBERS = {"value", "change", "score", "conf."}
_CONTRADICTIONS = {
    Disagreement.HOPEFUL: "above what the trend foretells",
    Disagreement.DOUBTFUL: "below what the trend foretells",
}


def show_showing(console: Console, found: Showing) -> None:
    """Prints it."""
    show(console, lines_of(console, found))


def lines_of(console: Console, found: Showing, *, headed: bool = True) -> Iterator[Text]:
    """It as lines that fit the console; below workspace and cycle where it is to be headed by them."""
    if headed:
        yield from heading(console, found.frame, expected=False)
        yield Text()
    if found.key_result is None:
        yield from _objective(console, found)
    else:
        yield from _key_result(console, found, found.key_result)
    yield Text()
    yield from chart(console, found.course, found.frame.language, margin=GAP)
    listed = [*_checkins(console, found)]
    yield from [Text(), *listed] if listed else ()


def _objective(console: Console, found: Showing) -> Iterator[Text]:
    objective, said = found.objective.objective, found.objective.assessment
    definition = objective.definition
    yield from titled(console, objective.title, str(objective.reference), "objective")
    facts = [
        ("why", definition.why),
        ("type", type_words(definition.type)),
        ("accountable", who(found.people, objective.accountable)),
    ]
    yield from fact_lines(console, facts)
    yield from _standing(console, found, said)
    yield from _all_links(console, found)
    yield from fact_lines(console, _others(definition))
    yield Text()
    for state in found.objective.key_results:
        yield from _row(console, state, found)


def _key_result(console: Console, found: Showing, state: KeyResultState) -> Iterator[Text]:
    key_result, said, language = state.key_result, state.assessment, found.frame.language
    definition = key_result.definition
    yield from titled(console, key_result.title, str(key_result.reference), "key result")
    objective = found.objective.objective
    source = f", measured by the KPI {definition.kpi}" if definition.kpi is not None else ""
    facts: list[tuple[str, str | None]] = [
        ("objective", f"{objective.title} ({objective.reference})"),
        ("accountable", who(found.people, key_result.accountable)),
        ("metric", metric_words(state, language) + source),
        ("weight", _weight(definition.weight)),
    ]
    value = value_words(state, language)
    if said.last_checkin is not None:
        now = value if value is not None else "no value yet"
        facts.append(("now", f"{now} · {age(said.last_checkin, found.frame)}"))
    yield from fact_lines(console, facts)
    yield from _standing(console, found, said)
    if definition.grade is not None:
        reckoned = "" if found.reckoned is None else f", reckoned: {format_score(found.reckoned)}"
        counts = "" if found.frame.state is CycleState.CLOSED else ", counts once the cycle is closed"
        yield from fact_lines(
            console,
            [
                ("grade", f"{format_score(float(definition.grade))}{reckoned}{counts}"),
                ("reason", definition.grade_reason),
            ],
        )
    yield from _all_links(console, found)
    yield from fact_lines(console, _others(definition, objective.definition.next))
    plain = isinstance(console, PlainConsole)
    for place, each in enumerate(definition.initiatives):
        sign, style = ("✓", "green") if each.done else ("○", "")
        words = [title_cell(each.title)]
        words += [Text("done" if each.done else "not done")] if plain else []
        words += [cell(name, "dim") for name in (who(found.people, each.owner),) if name is not None]
        words += [cell(link, "dim") for link in (each.link,) if link is not None]
        line = Text.assemble("" if plain else (f"{sign} ", style), Text(SEPARATOR).join(words))
        yield from labelled(console, "initiatives" if plain or place == 0 else "", line)


def titled(console: Console, title: str, reference: str, kind: str) -> Iterator[Text]:
    """What is shown: its title, then its reference and what it is."""
    yield from indented(console, cell(title, "bold underline"))
    yield from packed(console, [cell(reference, "dim"), Text(kind, style="dim")])


def _standing(console: Console, found: Showing, said: Assessment | ObjectiveAssessment) -> Iterator[Text]:
    """Score, pace, forecast and status."""
    frame, style = found.frame, STYLES[said.status]
    marked = frame.elapsed if frame.running else None
    score = Text.assemble(
        bar(said.score, marked, _BAR, style),
        GAP,
        (format_score(said.score), "bold"),
        f" {band(said.score).value}",
    )
    yield from labelled(console, "score", score)
    if frame.running:
        pace = format_score(said.pace)
        sign = "+" if said.pace > 0 and not pace.startswith("0.00") else ""
        words = f"{format_score(said.expected)} by today, pace {sign}{pace}"
        yield from labelled(console, "expected", Text(words))
    if said.forecast is not None and not frame.over:
        yield from labelled(console, "forecast", Text(_forecast_words(found, said.forecast)))
    if said.confidence is not None:
        beside_forecast = disagreement(said.confidence, said.forecast)
        note = "" if beside_forecast is None or frame.over else f", {_CONTRADICTIONS[beside_forecast]}"
        yield from labelled(console, "confidence", Text(f"{confidence(said.confidence)}{note}"))
    yield from labelled(console, "status", Text(status_words(said.status, over=frame.over), style=style))


def _forecast_words(found: Showing, ahead: Forecast) -> str:
    """The forecast with its interval; of a key result also how few check-ins it goes by.

    Scores end at 1.00. An interval that lies beyond the target whole would read `1.00 to 1.00`, like a certainty.
    """
    words = f"{format_score(ahead.score)} at the end of the cycle"
    whole = ahead.low >= 1.0
    words += ", the most there is" if whole else f", {format_score(ahead.low)} to {format_score(ahead.high)}"
    measured = {
        each.checkin.record.definition.date.day
        for each in found.entries
        if each.checkin.retracted_by is None and each.checkin.record.definition.value is not None
    }
    if found.key_result is None or not 0 < len(measured) < RECENT:
        return words
    return f"{words}; by {counted(len(measured), 'check-in')}"


def _row(console: Console, state: KeyResultState, found: Showing) -> Iterator[Text]:
    said = state.assessment
    status = Text(status_words(said.status, over=found.frame.over), style=STYLES[said.status])
    status.pad_right(max(len(each) for each in Status) + 4 - status.cell_len)
    right = Text.assemble((format_score(said.score), "bold"), GAP, status)
    yield from beside(console, title_cell(state.key_result.title), right, first=GAP, rest=GAP)
    words = [state.key_result.definition.id, standing_words(state, found.frame.language)]
    yield from packed(console, [cell(word, "dim") for word in words], margin=GAP * 2)


def _all_links(console: Console, found: Showing) -> Iterator[Text]:
    yield from _links(console, "supports", found.supports)
    yield from fact_lines(console, [("supports", "nothing")] if found.alone else [])
    yield from _links(console, "supported by", found.supporters)
    yield from _links(console, "depends on", found.depends_on)


def _links(console: Console, label: str, links: Iterable[Link]) -> Iterator[Text]:
    for place, link in enumerate(links):
        named = place == 0 or isinstance(console, PlainConsole)  # who hears lines sees no column
        words = [title_cell(link.title)] if link.title is not None else []
        words.append(cell(link.written, "dim"))
        for state in (link.state, link.key_result):
            if state is not None:
                said = state.assessment
                words.append(
                    Text(
                        f"{format_score(said.score)} {status_words(said.status, over=link.over)}",
                        style=STYLES[said.status],
                    )
                )
        if link.title is None:
            words.append(Text("there is no such thing", style="red"))
        if link.through is not None:
            words.append(cell(f"through {link.through.key_result}", "dim"))
        yield from _labelled_parts(console, label if named else "", words)


def fact_lines(console: Console, facts: Iterable[tuple[str, str | None]]) -> Iterator[Text]:
    """What is known, each behind its label; what is not known is left out."""
    for label, words in facts:
        if words is not None:
            yield from labelled(console, label, cell(words))


def labelled(console: Console, label: str, words: Text) -> Iterator[Text]:
    """Words behind a label, folded beside it."""
    first = Text.assemble(GAP, (label.ljust(_LABEL), "dim"))
    yield from indented(console, words, first=first, rest=" " * first.cell_len)


def _labelled_parts(console: Console, label: str, parts: Sequence[Text]) -> Iterator[Text]:
    """Several words behind a label; no line ends within one of them that fits on one."""
    first = Text.assemble(GAP, (label.ljust(_LABEL), "dim"))
    margin = " " * first.cell_len
    for place, line in enumerate(packed(console, parts, margin=margin)):
        yield line if place else Text.assemble(first, line[len(margin) :])


def _others(
    definition: model.Objective | model.KeyResult, by_default: model.Next | None = None
) -> list[tuple[str, str | None]]:
    decided = definition.next or by_default
    return [
        ("tags", ", ".join(definition.tags) or None),
        ("formerly", ", ".join(definition.formerly) or None),
        ("learned", definition.learned),
        ("next", None if decided is None else next_words(decided)),
    ]


def who(people: Mapping[str, str], person: str | None) -> str | None:
    """A person or team by name and id; None for nobody."""
    if person is None:
        return None
    name = people.get(person, person)
    return name if name == person else f"{name} ({person})"


def _weight(weight: float) -> str | None:
    if weight == 0:
        return "0: a guardrail, watched and never scored"
    return None if weight == 1 else plain_number(weight)


def _checkins(console: Console, found: Showing) -> Iterator[Text]:
    """The table of check-ins; an objective's latest only."""
    entries = found.entries
    if found.key_result is None and len(entries) > _MOST_ENTRIES:
        entries = entries[-_MOST_ENTRIES:]
    back = sum(each.checkin.retracted_by is not None for each in found.entries)
    count = counted(len(found.entries), "check-in") + (f", {back} taken back" if back else "")
    shown = "" if len(entries) == len(found.entries) else f", the latest {len(entries)} of them here"
    if found.entries:
        yield Text(f"{count}{shown}", style="bold")
        yield from _table(console, entries, found)
    if found.later:
        yield from indented(
            console, Text(f"{counted(found.later, 'check-in')} of a later day left out.", style="dim")
        )


def _table(console: Console, entries: tuple[Entry, ...], found: Showing) -> Iterator[Text]:
    named = ("key result",) if found.key_result is None else ()
    rows = []
    for entry in entries:
        style = said_style(entry.checkin)
        score = NOTHING if entry.score is None else format_score(entry.score)
        rows.append(
            said_cells(entry.checkin, entry.previous, found.frame)
            | {
                "key result": cell(entry.key_result.key_result.definition.id, style),
                "score": Text(score, style=style),
            }
        )
    yield from table(console, ("date", *named, "value", "change", "score", "conf.", "by", "note"), rows)


def table(console: Console, headings: Sequence[str], rows: Sequence[Mapping[str, Text]]) -> Iterator[Text]:
    """Check-ins as a table that fits: empty columns left out, notes below where too little room is left.

    To a screen reader each cell is said with its heading.

    Args:
        console: its width is the table's.
        headings: the columns; `note`, the last, is the one that gives way.
        rows: the cells by heading.
    """
    if isinstance(console, PlainConsole):
        for row in rows:
            said = (f"{name} {row[name].plain}" for name in headings if row[name].plain not in {"", NOTHING})
            yield Text(f"{GAP}{GAP.join(said)}")
        return
    kept = [name for name in headings if any(row[name].plain not in {"", NOTHING} for row in rows)]
    head = {name: Text(name, style="dim") for name in kept}
    widths = [max(row[name].cell_len for row in (head, *rows)) for name in kept]
    right = {place for place, name in enumerate(kept) if name in _NUMBERS}
    room = console.width - len(GAP) * len(kept)
    note = kept[-1] == "note"
    below = note and sum(widths[:-1]) > room - _NOTE_FROM
    if below:
        widths = fitted(widths[:-1], room)
    elif note:
        widths[-1] = min(widths[-1], room - sum(widths[:-1]))
    else:
        widths = fitted(widths, room)
    for row in (head, *rows):
        cells = [row[name] for name in kept]
        shown = cells[:-1] if below else cells
        for line in columns(console, shown, widths, right=right):
            yield Text.assemble(GAP, line)
        if below and row is not head and cells[-1]:
            yield from indented(console, cells[-1], first=GAP * 3, rest=GAP * 3)


def said_style(checkin: CheckIn) -> str:
    """How a check-in looks that counts, and one that was taken back."""
    return "" if checkin.retracted_by is None else "strike dim"


def said_cells(checkin: CheckIn, previous: float | None, frame: Frame) -> dict[str, Text]:
    """What a log's line says, as cells by heading.

    Args:
        checkin: the check-in.
        previous: the number before it that counts; None for no change to tell of.
        frame: the language, and the year that dates leave out.
    """
    said, back = checkin.record.definition, checkin.retracted_by
    language, style = frame.language, said_style(checkin)
    value = NOTHING
    if said.value is not None:
        value = said.value if isinstance(said.value, str) else format_number(said.value, language)
    note = cell(said.note or "", style)
    if back is not None:
        why = back.definition.note
        taken = f"taken back on {short_day(back.definition.date.day, beside=frame.cycle.ends)}"
        note = Text.assemble(
            cell(taken + (f": {why}" if why else "")), *((" (", note, ")") if said.note else ())
        )
    change = ""
    if previous is not None and said.value is not None and not isinstance(said.value, str):
        change = format_change(previous, said.value, language)
    return {
        "date": cell(short_day(said.date.day, beside=frame.cycle.ends), style),
        "value": cell(value, style),
        "change": cell(change, style),
        "conf.": Text(
            NOTHING if said.confidence is None else confidence(float(said.confidence)), style=style
        ),
        "by": cell(said.by or "", style),
        "note": note,
    }
