"""`okr checkin` without a reference: the weekly round at the prompt, from what is due to one commit.

Which question comes next is `operations/checkin/round.py`'s, the look `views/round.py`'s; here they are led through.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from okr.commands.answering import answering, uncommitted_checkins
from okr.commands.prompting import AtPrompt, asks_yes
from okr.commands.running import Left, at_terminal, invocation
from okr.dataclass import dataclass, replace
from okr.errors import OkrError, UsageError
from okr.operations.checkin.checking_in import RefusedError
from okr.operations.checkin.drafts import draft_place, drop_draft, load_draft, save_draft
from okr.operations.checkin.entries import now
from okr.operations.checkin.recording import recording
from okr.operations.checkin.round import Field, Item, answers_of, enter, entries, read, to_record
from okr.operations.checkin.round_items import OvertakenError, check_in_all, items_of, movement
from okr.operations.checkin.walking import Answer, Command, at_item, back, begin, command_of, skip, usable
from okr.operations.due import due_checkins
from okr.operations.identity import author, current_person
from okr.operations.selecting import select_owner

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from okr.model import Moment
    from okr.operations.checkin.checking_in import Opener, Recorded
    from okr.operations.checkin.drafts import DraftPlace
    from okr.operations.checkin.round import Round
    from okr.operations.due import DueList
    from okr.views.round import Prompter
    from okr.workspace import Workspace


@dataclass(frozen=True, slots=True)
class RoundOptions:
    """What the command line says of a round.

    Attributes:
        owner: whose check-ins, as typed; None for those of the person at the keyboard.
        everyone: everybody's check-ins.
        by: who says so; None for git's identity.
        moment: when it was so; None for now.
        cycle: the cycle, as typed; None for the current one.
        commit: whether what is recorded is committed.
        dry_run: say what would happen, and write nothing.
    """

    owner: str | None
    everyone: bool
    by: str | None
    moment: Moment | None
    cycle: str | None
    commit: bool
    dry_run: bool


@dataclass(frozen=True, slots=True)
class Setting:
    """What a round is about, whichever way it is held.

    Attributes:
        root: the workspace's root.
        opener: opens the workspace.
        options: what the command line says.
        workspace: the workspace as it is shown.
        due: what is due.
        items: the same, ready to be asked about.
        by: who says so; None where nobody knows.
        place: where what was entered is kept.
    """

    root: Path
    opener: Opener
    options: RoundOptions
    workspace: Workspace
    due: DueList
    items: tuple[Item, ...]
    by: str | None
    place: DraftPlace

    @property
    def moment(self) -> Moment:
        """When the check-ins are made."""
        return self.options.moment or now(invocation().as_of)

    def reopened(self) -> Setting:
        """The same round over the files as they are now."""
        workspace = self.opener()
        with answering(workspace):
            items = items_of(workspace, self.due)
        return replace(self, workspace=workspace, items=items)

    def keep(self, answers: dict[str, Answer]) -> None:
        """Keeps what was entered for the next time; a dry run keeps nothing."""
        if not self.options.dry_run:
            save_draft(self.place, {name: each.typed for name, each in answers.items()}, invocation().moment)

    def record(self, at: Round, moment: Moment) -> Recorded:
        """Records what was answered, in one commit."""
        said = to_record(self.workspace, at)
        given = self.options.moment is not None
        with recording(self.root, commit=self.options.commit) as session:
            result = check_in_all(
                session,
                self.opener,
                [at.items[place] for place, _ in said],
                entries(at, said, moment, self.by, moment_is_given=given),
                dry_run=self.options.dry_run,
                cycle=self.options.cycle,
            )
        if not self.options.dry_run:
            drop_draft(self.place)
        return result


def require_terminal() -> None:
    """Refuses to ask questions that nobody sees or answers.

    Raises:
        UsageError: stdin or stdout is no terminal.
    """
    if not at_terminal():
        raise UsageError(
            "The weekly round asks questions, and this is no terminal.",
            "Instead: `okr checkin REF VALUE` for one key result, `okr checkin --from FILE` for many, "
            "`okr checkin --editor` for a text form; `okr due` shows what is due.",
        )


def setting_of(root: Path, opener: Opener, options: RoundOptions) -> Setting | None:
    """What the round is about; None where nothing is due, which is then said.

    Raises:
        OkrError: nobody knows whose round it is, a file can't be read, or nothing could be committed now.
    """
    workspace = opener()
    with answering(workspace):
        person = None
        if options.owner is None and not options.everyone:
            person = current_person(workspace)
        due = due_checkins(workspace, cycle=options.cycle, owner=options.owner, person=person, spread=True)
        if not due.due:
            from okr.commands.answering import console
            from okr.views.due_text import why_nothing
            from okr.views.layout import show

            show(console(), why_nothing(console(), due))
            return None
        items = items_of(workspace, due)
    # Whatever keeps a check-in from being committed is better known before the questions than after them.
    with recording(root, commit=options.commit) as session:
        by = options.by or author(workspace, session.identity)
    place = draft_place("round", root, by, due.frame.cycle.name)
    return Setting(root, opener, options, workspace, due, items, by, place)


def kept_answers(setting: Setting) -> tuple[dict[str, Answer], str | None]:
    """What was entered last time and still fits, and a sentence about what does not; empty where there is none."""
    if setting.options.dry_run:
        return {}, None
    draft = load_draft(setting.place, invocation().moment)
    if draft is None:
        return {}, None
    known = {item.reference: item for item in setting.items}
    kept: dict[str, Answer] = {}
    passed: list[str] = []
    overtaken: list[str] = []
    for reference, texts in draft.answers.items():
        item = known.get(reference)
        if item is None:
            passed.append(setting.due.short(reference))
        elif item.due.last_checkin is not None and item.due.last_checkin > draft.at.date():
            overtaken.append(setting.due.short(reference))
        elif (good := _usable(setting.workspace, item, texts)) != Answer():
            kept[reference] = good
    said = [
        f"What you had entered for {', '.join(names)} is dropped: {why}."
        for names, why in (
            (passed, "no check-in is due there any more"),
            (overtaken, "there is a later check-in"),
        )
        if names
    ]
    return kept, " ".join(said) or None


def _usable(workspace: Workspace, item: Item, texts: Mapping[str, str]) -> Answer:
    return usable(item.fields, Answer(texts), lambda answer: read(workspace, item, answer))


def hold_round(root: Path, opener: Opener, options: RoundOptions) -> Recorded | None:
    """Walks through what is due and records it.

    Returns:
        What was recorded; None where nothing was due or entered.

    Raises:
        UsageError: there is no such owner, or this is no terminal.
        OkrError: it can't be held or recorded; what was entered is kept.
        Left: it was left with Ctrl-C; what was entered is kept.
    """
    if not at_terminal() and options.owner is not None:
        workspace = opener()
        with answering(workspace):  # who is asked for comes before how
            select_owner(workspace, options.owner)
    require_terminal()
    setting = setting_of(root, opener, options)
    if setting is None:
        return None
    from okr.commands.answering import console
    from okr.views import round as view

    if options.commit:
        offer_pending(root)
    prompter = view.Prompter(console())
    view.show_start(console(), setting.due, setting.by)
    walk = _Walk(setting, prompter)
    try:
        return walk.go()
    except KeyboardInterrupt:
        walk.left()
        raise Left from None


class _Walk(AtPrompt[Item]):
    """One person's way through a round."""

    def __init__(self, setting: Setting, prompter: Prompter) -> None:
        super().__init__(prompter, begin(setting.items), setting.place, keeps=not setting.options.dry_run)
        self.setting = setting

    def go(self) -> Recorded | None:
        """Asks everything, then records it; again where somebody was faster or something was refused."""
        from okr.views import round as view

        kept, passed = kept_answers(self.setting)
        if passed:
            view.show_note(self._console, passed)
        if kept:
            self.go_on_with(kept, " They come up again at the end.")
        while True:
            while not self.at.finished:
                self._ask()
                self.keep()
            said = to_record(self.setting.workspace, self.at)
            if not said:
                view.show_note(self._console, "Nothing was entered, so nothing is recorded.")
                drop_draft(self.setting.place)
                return None
            moment = self.setting.moment
            moves = [
                movement(self.setting.workspace, self.at.items[place], each, moment) for place, each in said
            ]
            view.show_summary(self._console, self.at, said, moves, self.setting.due)
            remedy = "Enter records, b goes back, Ctrl-C leaves and keeps what was entered."
            if self.goes_back(self._last_question(), view.keys_for(end=True), remedy):
                continue
            result = self._recorded(moment)
            if result is not None:
                return result

    def left(self) -> None:
        """Says what becomes of what was entered."""
        self.say_left("Nothing was recorded.", "okr checkin")

    def _ask(self) -> None:
        """One question, and what its answer leads to."""
        from okr.views import round as view

        at, due = self.at, self.setting.due
        language = due.frame.language
        if self._shown is not at.item:
            view.show_item(self._console, at, due)
            self._shown = at.item
        label, bracket = view.question(at, language)
        choices = at.item.choices if at.field is Field.VALUE else ()
        typed = self._prompter.ask(label, bracket, view.keys_for(), choices)
        try:
            match command_of(typed, answers_of(at)):
                case Command.SKIP:
                    self.at = skip(at)
                case Command.BACK:
                    self.at = back(at)
                case Command.HELP:
                    view.show_help(self._console, at, due)
                case None:
                    self.at = enter(self.setting.workspace, at, typed)
                    if at.field is Field.VALUE:
                        self._show_reading(at)
        except UsageError as error:
            self.wrong(error)

    def _show_reading(self, before: Round) -> None:
        from okr.views import round as view

        answer = self.at.answers[before.at]
        said = read(self.setting.workspace, before.item, answer)
        moved = movement(self.setting.workspace, before.item, said, self.setting.moment)
        view.show_reading(self._console, before.item, said, moved, self.setting.due.frame.language)

    def _last_question(self) -> str:
        options = self.setting.options
        if options.dry_run:
            return "Show what would happen?"
        return "Record in one commit?" if options.commit else "Record?"

    def _recorded(self, moment: Moment) -> Recorded | None:
        """Records it; None where there is more to ask first."""
        from okr.views import round as view

        try:
            return self.setting.record(self.at, moment)
        except OvertakenError as error:
            self.wrong(error)
            self.setting = self.setting.reopened()
            self.ask_again(self.setting.items, error.references)
        except RefusedError as error:
            said = to_record(self.setting.workspace, self.at)
            for each in error.refusals:
                view.show_wrong(self._console, each.message, each.remedy)
            first = next((each.entry for each in error.refusals if each.entry is not None), None)
            if first is None:
                self.left()
                raise
            self.at = at_item(self.at, said[first][0])
            self._shown = None
        except OkrError:
            self.left()
            raise
        return None


def offer_pending(root: Path) -> None:
    """Offers, at a terminal, to commit check-ins that were recorded but not committed.

    Nothing goes on without it: the next commit of the same log would take them along.

    Args:
        root: the workspace's root.

    Raises:
        OkrError: the offer was declined, or git refused the commit.
        Left: Ctrl-C instead of an answer.
    """
    found = uncommitted_checkins(root)
    if not found:
        return
    from okr.commands.answering import console
    from okr.views import round as view
    from okr.views.pending import declined, pending_words

    view.show_note(console(), pending_words(found))
    try:
        wanted = asks_yes(view.Prompter(console()), f"Commit {'it' if len(found) == 1 else 'them'} now?")
    except view.EndOfAnswers:
        wanted = False
    except KeyboardInterrupt:
        sys.stderr.write("Nothing was recorded.\n")
        raise Left from None
    if not wanted:
        raise OkrError(*declined(found))
    commit_pending_now(root)


def commit_pending_now(root: Path) -> None:
    """`okr checkin --commit-pending`: commits what was recorded but not committed, and nothing else.

    Raises:
        OkrError: there is nothing to commit to, or git refused.
    """
    from okr.operations.checkin.pending import commit_pending
    from okr.views.round_end import show_pending_committed

    with recording(root, commit=True) as session:
        found, made = commit_pending(session)
    show_pending_committed(found, made, color=invocation().color)
