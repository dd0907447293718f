"""The terminal side of the weekly round: what is shown of a key result, the prompts, and the summary.

Which question comes next `operations/checkin/round.py` decides; prompt_toolkit is used here and nowhere else.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.application import get_app
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.history import DummyHistory
from prompt_toolkit.output import create_output
from prompt_toolkit.output.vt100 import Vt100_Output
from prompt_toolkit.styles import Style
from rich.cells import cell_len
from rich.text import Text

from okr.errors import shortened
from okr.operations.checkin.round import Field
from okr.operations.checkin.walking import LEAVE_OUT
from okr.quantities import format_course, format_score
from okr.views.bars import bar
from okr.views.due import late
from okr.views.errors import sentence
from okr.views.figures import confidence, short_day
from okr.views.layout import GAP, beside, indented, packed, show
from okr.views.round_chart import small_chart
from okr.views.round_words import amount, asks, last_words
from okr.views.terminal import cell, title_cell
from okr.views.text import counted, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from prompt_toolkit.formatted_text import StyleAndTextTuples
    from rich.console import Console

    from okr.operations.checkin.round import Item, Round, Said
    from okr.operations.checkin.round_items import Movement
    from okr.operations.due import DueList
    from okr.quantities import Language

_KEYS = "s skips · b goes back · ? explains"
_END_KEYS = "Enter records · b goes back"
_BAR = 20
_LONGEST_BRACKET = 40
_ROOM_TO_TYPE = 16
_MENU = 5


class EndOfAnswers(KeyboardInterrupt):
    """Ctrl-D: nobody answers any more. Leaves a question as Ctrl-C does, where nothing else is made of it."""


class Prompter:
    """Asks for one line at a time, with completion where there are choices."""

    def __init__(self, console: Console) -> None:
        self._console = console
        output = create_output(sys.stdout)
        if isinstance(output, Vt100_Output):
            # Asking the terminal where its cursor is costs time, and some answer into the next program.
            output.enable_cpr = False
        style = {"rprompt": ""}
        if not console.no_color:
            style = {"rprompt": "ansibrightblack", "bracket": "ansibrightblack", "label": "bold"}
        self._session: PromptSession[str] = PromptSession(
            history=DummyHistory(), output=output, style=Style.from_dict(style), enable_suspend=True
        )

    def ask(self, label: str, bracket: str | None, keys: str, choices: Sequence[str] = ()) -> str:
        """What is typed behind a label; what stands in brackets is what Enter means.

        Args:
            label: what is asked for.
            bracket: what is kept; None for no brackets.
            keys: what else may be typed; shown at the right while there is room.
            choices: what is completed.

        Raises:
            KeyboardInterrupt: Ctrl-C.
            EndOfAnswers: Ctrl-D with nothing typed.
        """
        shown = "" if bracket is None else f" [{shortened(printable(bracket), _LONGEST_BRACKET)}]"
        message: StyleAndTextTuples = [
            ("class:label", f"{GAP}{label}"),
            ("class:bracket", shown),
            ("", " " if label.endswith("?") else ": "),
        ]
        room = self._console.width - sum(cell_len(part[1]) for part in message)
        hint = keys if cell_len(keys) + _ROOM_TO_TYPE <= room else ""
        try:
            typed = self._session.prompt(
                message,
                completer=WordCompleter(list(choices), ignore_case=True, sentence=True),
                complete_while_typing=bool(choices),
                reserve_space_for_menu=min(len(choices), _MENU),
                rprompt=lambda: "" if get_app().is_done else hint,
            )
        except EOFError:
            raise EndOfAnswers from None
        return " ".join(typed.splitlines())


def question(at: Round, language: Language) -> tuple[str, str | None]:
    """The label of the field that is asked, and what Enter keeps."""
    item, typed = at.item, at.answer.of(at.field)
    label = at.field.value.capitalize()
    if typed:
        return label, "left out" if typed == LEAVE_OUT else typed
    last = item.subject.last
    match at.field:
        case Field.VALUE:
            return label, None if last is None else amount(last, item.subject.unit, language)
        case Field.CONFIDENCE:
            stated = item.last_confidence
            return label, None if stated is None else confidence(stated)
        case _:
            return label, None


def keys_for(*, end: bool = False) -> str:
    """What may be pressed at a question, or at the end."""
    return _END_KEYS if end else _KEYS


def show_start(console: Console, due: DueList, by: str | None) -> None:
    """Which round this is."""
    frame = due.frame
    whose = due.person or due.owner
    of_whom = "" if whose is None else f" of {due.names.get(whose, whose)}"
    by_whom = f", by {by}" if by is not None and by != whose else ""
    title = Text.assemble(cell(f"{frame.workspace} · {frame.cycle.name}", "bold"))
    lines = [*beside(console, title, Text(short_day(frame.as_of), style="dim"))]
    count = counted(len(due.due), "check-in")
    lines += indented(console, cell(f"{count}{of_whom} due{by_whom}."))
    lines += indented(
        console, Text("Enter keeps what stands in brackets; Ctrl-C leaves and keeps what was entered.", "dim")
    )
    show(console, lines)


def show_item(console: Console, at: Round, due: DueList) -> None:
    """The key result that is asked about: title, chart, what was said last, where it stands."""
    show(console, _header(console, at, due))


def _header(console: Console, at: Round, due: DueList) -> Iterator[Text]:
    item, frame = at.item, due.frame
    language = frame.language
    yield Text()
    place = f"{at.at + 1} of {len(at.items)}"
    lateness = late(item.due)
    rule = "─" * max(3, console.width - len(place) - len(lateness) - 2)
    yield Text.assemble(
        (place, "bold"), " ", (rule, "dim"), " ", (lateness, "yellow" if item.due.days_late else "dim")
    )
    yield from indented(console, title_cell(item.subject.title, "bold"))
    words = [cell(due.short(item.reference), "dim"), cell(asks(item, language), "dim")]
    yield from packed(console, words)
    chart = list(small_chart(console, item.course, language, margin=GAP))
    if chart:
        yield from chart
    yield from indented(console, cell(last_words(item, language, frame.cycle.ends)), first=GAP, rest=GAP)
    state = item.subject.own_state
    if state is None:
        return
    said = state.assessment
    figures = [Text(f"score {format_score(said.score)}"), Text(f"expected {format_score(said.expected)}")]
    if said.forecast is not None:
        figures.append(Text(f"forecast {format_score(said.forecast.score)}"))
    drawn = bar(said.score, said.expected, _BAR, "cyan")
    yield from packed(console, [drawn, *figures], margin=GAP, separator=GAP)


def show_reading(console: Console, item: Item, said: Said, moved: Movement, language: Language) -> None:
    """How a value was understood, and what it would move."""
    if said.value is None:
        return
    words = [cell(format_course(item.subject.last, said.value, item.subject.unit, language))]
    words += _score_words(moved)
    show(console, packed(console, words, margin=GAP * 2))


def _score_words(moved: Movement) -> list[Text]:
    if moved.score_before is None or moved.score_after is None:
        return []
    before, after = format_score(moved.score_before), format_score(moved.score_after)
    return [Text(f"score {before} → {after}" if before != after else f"score {after}")]


def show_wrong(console: Console, message: str, remedy: str | None) -> None:
    """Why an answer can't be taken; it is asked for again below."""
    words = cell(sentence(message), "red")
    if remedy:
        words = Text.assemble(words, " ", cell(sentence(remedy)))
    show(console, indented(console, words, first=GAP * 2, rest=GAP * 2))


def show_note(console: Console, text: str) -> None:
    """A sentence of okr's own."""
    show(console, indented(console, cell(text)))


def show_help(console: Console, at: Round, due: DueList) -> None:
    """What may be typed, and what the metric means."""
    for line in help_lines(at, due):
        show(console, indented(console, cell(line), first=GAP * 2, rest=GAP * 2))


def help_lines(at: Round, due: DueList) -> Iterator[str]:
    """What may be typed at the question that is asked, in sentences."""
    item, language = at.item, due.frame.language
    _, kept = question(at, language)
    left_out = "Enter leaves it out."
    match at.field:
        case Field.VALUE:
            yield from _value_help(item, language)
            keeps = f"Enter keeps {kept}: it is checked in once more, as of today." if kept else left_out
        case Field.CONFIDENCE:
            yield (
                f"How sure you are that the target will be reached by {short_day(due.frame.cycle.ends)}, from "
                "0 to 1: 0.7 or 70%. It never changes the score."
            )
            keeps = f"Enter says {kept} once more." if kept else left_out
        case _:
            yield "What is behind it, in one line; it is kept in the log and in the commit's message."
            keeps = f"Enter keeps “{shortened(kept, _LONGEST_BRACKET)}”." if kept else left_out
    yield f"{keeps} {LEAVE_OUT} leaves the {at.field.value} out."
    yield (
        "s skips this key result, b goes one question back, Ctrl-C leaves and keeps what was entered for the next "
        "time. Nothing is written before the end, and then in one commit."
    )


def _value_help(item: Item, language: Language) -> Iterator[str]:
    """What a value may be, and what the score makes of it."""
    state = item.subject.own_state
    if state is None:
        yield "The KPI as measured now: 61000, 61k, 1.2M, or a change such as +500. Every key result that draws on it moves."
        return
    definition = state.key_result.definition
    metric = asks(item, language)
    if item.choices:
        yield f"The milestone that is reached by now: {', '.join(item.choices)}. Tab completes it."
        yield f"Its score is fixed in the plan: {metric}."
        return
    yield "The value as of now: 61000, 61k, 1.2M, 45%, or a change of the last one such as +500 or -500 (=-500 is the value itself)."
    if definition.has_bounds:
        yield f"Asked for: {metric}. The score is the share of days on which it was so."
    else:
        yield f"Asked for: {metric}. The score is the share of that way."


def show_summary(
    console: Console, at: Round, said: Iterable[tuple[int, Said]], moves: Iterable[Movement], due: DueList
) -> None:
    """What will be recorded: value, change and score of each; and what was skipped."""
    show(console, _summary(console, at, list(said), list(moves), due))


def _summary(
    console: Console, at: Round, said: list[tuple[int, Said]], moves: list[Movement], due: DueList
) -> Iterator[Text]:
    language = due.frame.language
    yield Text()
    title = f"{counted(len(said), 'check-in')} to record"
    yield Text.assemble((title, "bold"), " ", ("─" * max(3, console.width - len(title) - 1), "dim"))
    for (place, each), moved in zip(said, moves, strict=True):
        item = at.items[place]
        yield from indented(console, title_cell(item.subject.title), first=GAP, rest=GAP)
        words = []
        if each.value is not None:
            words.append(cell(format_course(item.subject.last, each.value, item.subject.unit, language)))
        words += _score_words(moved) if each.value is not None else []
        if each.confidence is not None:
            words.append(Text(f"confidence {confidence(each.confidence)}"))
        yield from packed(console, words, margin=GAP * 3)
        if each.note:
            yield from indented(console, cell(each.note, "dim"), first=GAP * 3, rest=GAP * 3)
    taken = {place for place, _ in said}
    left = [
        cell(due.short(item.reference), "dim") for place, item in enumerate(at.items) if place not in taken
    ]
    if left:
        yield Text(f"{GAP}Skipped:", style="dim")
        yield from packed(console, left, margin=GAP * 3)
