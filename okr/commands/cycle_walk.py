"""`okr cycle close` at a terminal: a walk through all that is to be graded, the review, a summary, one commit.

Which question comes next is `operations/closing/walk.py`'s, the look `views/closing_walk.py`'s; here they are led through.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.commands.answering import answering
from okr.commands.cycle_review import edit_review
from okr.commands.prompting import AtPrompt
from okr.commands.running import Left, invocation
from okr.dataclass import dataclass, replace
from okr.errors import OkrError, UsageError
from okr.operations.checkin.drafts import draft_place, drop_draft, load_draft
from okr.operations.checkin.round_items import OvertakenError
from okr.operations.checkin.walking import Answer, Command, back, begin, command_of, skip, usable
from okr.operations.closing.commit import close_cycle, ready_to_close
from okr.operations.closing.walk import Field, Item, enter, items_of, require_unchanged, verdict_of, verdicts
from okr.operations.committing import committing
from okr.operations.identity import author

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from okr.operations.checkin.checking_in import Opener
    from okr.operations.checkin.drafts import DraftPlace
    from okr.operations.closing.commit import Closed, Wish
    from okr.operations.closing.grading import Closing
    from okr.operations.closing.walk import ClosingWalk
    from okr.views.round import Prompter
    from okr.workspace import Workspace

_REVIEW = "review"
"""Where the review stands in what is kept, beside the references of the key results."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What is walked through.

    Attributes:
        root: the workspace's root.
        opener: opens the workspace.
        wish: which cycle, and what the command line says of it.
        closing: the cycle as it is shown.
        place: where what was entered is kept.
        editor: whether the review is written in an editor, without being asked.
        commit: whether it is committed.
        dry_run: say what would happen, and write nothing.
    """

    root: Path
    opener: Opener
    wish: Wish
    closing: Closing
    place: DraftPlace
    editor: bool
    commit: bool
    dry_run: bool

    def close(self, at: ClosingWalk, review: str | None, *, preview: bool) -> Closed:
        """Closes the cycle with what was answered, or says what that would come to.

        Raises:
            OvertakenError: check-ins were made meanwhile.
            OkrError: the cycle can't be closed any more, or git refused the commit.
        """

        def check(workspace: Workspace, closing: Closing) -> None:
            require_unchanged(at, items_of(workspace, closing))

        wish = self.wish if self.wish.review is not None else replace(self.wish, review=review)
        with committing(self.root, commit=self.commit, what="closing") as session:
            return close_cycle(session, self.opener, wish, verdicts(at), dry_run=preview, check=check)

    def renewed(self) -> tuple[Setting, tuple[Item, ...]]:
        """The same over the files as they are now."""
        return _set(
            self.root, self.opener, self.wish, editor=self.editor, commit=self.commit, dry_run=self.dry_run
        )


def ask_and_close(
    root: Path, opener: Opener, wish: Wish, *, editor: bool, commit: bool, dry_run: bool
) -> Closed:
    """Walks through a cycle's key results and closes it.

    Returns:
        What was closed, or would be.

    Raises:
        OkrError: the cycle can't be closed; what was entered is kept.
        Left: it was left with Ctrl-C; what was entered is kept.
    """
    from okr.commands.answering import console
    from okr.views import closing_walk as view
    from okr.views.round import Prompter

    setting, items = _set(root, opener, wish, editor=editor, commit=commit, dry_run=dry_run)
    prompter = Prompter(console())
    view.show_start(console(), setting.closing)
    walk = _Closing(setting, prompter, items)
    try:
        return walk.go()
    except KeyboardInterrupt:
        walk.left()
        raise Left from None
    except OkrError:
        walk.left()
        raise


def _set(
    root: Path, opener: Opener, wish: Wish, *, editor: bool, commit: bool, dry_run: bool
) -> tuple[Setting, tuple[Item, ...]]:
    # Whatever keeps the cycle from being closed is better known before the questions than after them.
    with committing(root, commit=commit, what="closing") as session:
        workspace = opener()
        with answering(workspace):
            closing = ready_to_close(session, workspace, wish)
            items = items_of(workspace, closing)
    place = draft_place("closing", root, author(workspace), closing.frame.cycle.name)
    return Setting(root, opener, wish, closing, place, editor, commit, dry_run), items


def _usable(item: Item, texts: Mapping[str, str]) -> Answer:
    return usable(Field, Answer(texts), lambda answer: verdict_of(item, answer))


class _Closing(AtPrompt[Item]):
    """One person's way through it."""

    def __init__(self, setting: Setting, prompter: Prompter, items: tuple[Item, ...]) -> None:
        super().__init__(prompter, begin(items), setting.place, keeps=not setting.dry_run)
        self.setting = setting
        self.review: str | None = None

    def go(self) -> Closed:
        """Asks everything, then closes the cycle; again where somebody was faster."""
        from okr.views import closing_walk as view

        self._resume()
        name = self.setting.closing.frame.cycle.name
        label = f"Close {name} in one commit?" if self.setting.commit else f"Close {name}?"
        remedy = "Enter closes it, b goes back, Ctrl-C leaves and keeps what was entered."
        while True:
            while not self.at.finished:
                self._ask()
                self.keep()
            if not self._reviewed():
                continue
            preview = self._closed(preview=True)
            if preview is None:
                continue
            view.show_summary(self._console, preview)
            if self.setting.dry_run:
                return preview
            if self.goes_back(label, view.END_KEYS, remedy):
                continue
            result = self._closed(preview=False)
            if result is not None:
                drop_draft(self.setting.place)
                return result

    def left(self) -> None:
        """Says what becomes of what was entered."""
        self.say_left("Nothing was changed.", f"okr cycle close {self.setting.closing.frame.cycle.name}")

    def entered(self) -> dict[str, Mapping[str, str]]:
        """What is worth keeping, the review included."""
        texts = super().entered()
        return {**texts, _REVIEW: {_REVIEW: self.review}} if self.review else texts

    def _resume(self) -> None:
        """Offers what was entered last time, as far as it still fits."""
        draft = None if self.setting.dry_run else load_draft(self.setting.place, invocation().moment)
        if draft is None:
            return
        known = {item.reference: item for item in self.at.items}
        kept = {
            reference: good
            for reference, texts in draft.answers.items()
            if reference in known and (good := _usable(known[reference], texts)) != Answer()
        }
        review = draft.answers.get(_REVIEW, {}).get(_REVIEW)
        if (kept or review) and self.go_on_with(kept):
            self.review = review

    def _ask(self) -> None:
        """One question, and what its answer leads to."""
        from okr.views import closing_walk as view

        at = self.at
        if self._shown is not at.item:
            view.show_item(self._console, at, self.setting.closing.frame)
            self._shown = at.item
        typed = self._prompter.ask(*view.question(at), view.KEYS, view.choices(at))
        try:
            match command_of(typed):
                case Command.SKIP:
                    self.at = skip(at)
                case Command.BACK:
                    self.at = back(at)
                case Command.HELP:
                    view.show_help(self._console, at)
                case None:
                    self.at = enter(at, typed)
                    view.show_understood(self._console, at, self.at)
        except UsageError as error:
            self.wrong(error)

    def _reviewed(self) -> bool:
        """Asks for the review, unless the command line gives it; False where there is a question to go back to."""
        from okr.views import closing_walk as view

        wish, closing = self.setting.wish, self.setting.closing
        if wish.review is not None:
            return True
        if self.setting.editor:
            self.review = edit_review(self.setting.root, closing, self.review or closing.review)
            self.keep()
            return True
        view.show_review(self._console, closing)
        while True:
            shown = self.review or closing.review
            typed = self._prompter.ask("Review", shown, view.REVIEW_KEYS).strip()
            if typed in {"?", "help"}:
                view.show_review_help(self._console)
            elif command_of(typed) is Command.BACK:
                self._shown = None
                self.at = back(self.at)
                return False
            elif typed in {"e", "editor"}:
                self.review = edit_review(self.setting.root, closing, shown)
                self.keep()
                return True
            else:
                self.review = typed or self.review
                self.keep()
                return True

    def _closed(self, *, preview: bool) -> Closed | None:
        """What it comes to; None where there is more to ask first."""
        try:
            return self.setting.close(self.at, self.review, preview=preview)
        except OvertakenError as error:
            self.wrong(error)
            self.setting, items = self.setting.renewed()
            self.ask_again(items, error.references)
        return None
