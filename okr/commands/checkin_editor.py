"""`okr checkin --editor`: the weekly round as a text form in the user's own editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from okr.commands.answering import note_uncommitted
from okr.commands.checkin_round import kept_answers, setting_of
from okr.commands.editing import EditorFailed, edited
from okr.errors import OkrError, UsageError
from okr.operations.checkin.checking_in import RefusedError
from okr.operations.checkin.drafts import drop_draft
from okr.operations.checkin.round import Field, read, to_record
from okr.operations.checkin.round_items import OvertakenError
from okr.operations.checkin.walking import Answer, Walk

if TYPE_CHECKING:
    from pathlib import Path

    from okr.commands.checkin_round import RoundOptions, Setting
    from okr.operations.checkin.checking_in import Opener, Recorded
    from okr.operations.checkin.round import Round
    from okr.views.round_form import Form, Problem

_FORM = "CHECKINS.txt"


def edit_round(root: Path, opener: Opener, options: RoundOptions) -> Recorded | None:
    """Opens the form, as often as it takes, and records what was written.

    Returns:
        What was recorded; None where nothing was due or written.

    Raises:
        OkrError: the editor failed, the form was closed with errors in it, or it can't be recorded; what was
            written is kept.
    """
    setting = setting_of(root, opener, options)
    if setting is None:
        return None
    from okr.views.errors import tell
    from okr.views.round_form import faults, marked, parse, render

    if options.commit:
        note_uncommitted(root)
    kept, passed = kept_answers(setting)
    if passed:
        tell([passed])
    text = render(setting.due, setting.items, kept)
    problems: tuple[Problem, ...] = ()
    while True:
        shown = marked(text, problems) if problems else text
        text = _edited(setting, shown)
        form = parse(text, setting.items, setting.due)
        setting.keep({name: each for name, each in form.answers.items() if each != Answer()})
        if problems and text == shown:
            raise OkrError(
                "\n".join(("The form was closed unchanged, with errors in it:", *faults(shown))),
                "Nothing was recorded. What you wrote is kept: `okr checkin --editor` opens it again.",
            )
        problems = (*form.problems, *_unreadable(setting, form))
        if problems:
            continue
        at = _round_of(setting, form)
        if not to_record(setting.workspace, at):
            drop_draft(setting.place)
            typer.echo("Nothing was entered, so nothing is recorded.")
            return None
        try:
            return setting.record(at, setting.moment)
        except OvertakenError as error:
            setting = setting.reopened()
            text = render(setting.due, setting.items, form.answers)
            form = parse(text, setting.items, setting.due)
            problems = tuple(_at(form, name, error.message) for name in error.references)
        except RefusedError as error:
            problems = _refused(setting, form, at, error)


def _round_of(setting: Setting, form: Form) -> Round:
    """The form as a finished round: what is empty is left out, not kept."""
    answers = tuple(form.answers.get(item.reference, Answer(skipped=True)) for item in setting.items)
    return Walk(setting.items, answers, len(setting.items))


def _unreadable(setting: Setting, form: Form) -> tuple[Problem, ...]:
    """What can't be read as an answer, each at its line."""
    from okr.views.errors import in_one
    from okr.views.round_form import Problem

    found: list[Problem] = []
    for item in setting.items:
        answer = form.answers.get(item.reference, Answer())
        said = []
        for field in item.fields:
            try:
                said.append(read(setting.workspace, item, Answer().with_field(field, answer.of(field))))
            except UsageError as error:
                line = form.lines[item.reference, field]
                found.append(Problem(line, in_one(error.message, error.remedy)))
        alone = (
            answer.of(Field.NOTE)
            and len(said) == len(item.fields)
            and not any(each.is_checkin for each in said)
        )
        if alone:
            message = "A note alone is no check-in: it needs a value or a confidence; = keeps the last one."
            found.append(Problem(form.lines[item.reference, Field.NOTE], message))
    return tuple(found)


def _refused(setting: Setting, form: Form, at: Round, error: RefusedError) -> tuple[Problem, ...]:
    """What the rules refuse, each above its block."""
    from okr.views.errors import in_one

    said = to_record(setting.workspace, at)
    if any(each.entry is None for each in error.refusals):
        raise error
    return tuple(
        _at(form, at.items[said[each.entry][0]].reference, in_one(each.message, each.remedy))
        for each in error.refusals
        if each.entry is not None
    )


def _at(form: Form, reference: str, message: str) -> Problem:
    from okr.views.round_form import Problem

    return Problem(form.lines.get((reference, None), 1), message)


def _edited(setting: Setting, text: str) -> str:
    """The form as the editor leaves it.

    Raises:
        OkrError: the editor can't be run or ends with an error, or its file can't be read; what it has saved
            is kept.
    """
    try:
        return edited(setting.root, _FORM, text)
    except EditorFailed as error:
        _keep(setting, error.saved)
        raise


def _keep(setting: Setting, text: str) -> None:
    from okr.views.round_form import parse

    answers = parse(text, setting.items, setting.due).answers
    setting.keep({name: each for name, each in answers.items() if each != Answer()})
