"""A walk through questions at the prompt: what the weekly round and the closing of a cycle have in common there.

Which question comes next is `operations/checkin/walking.py`'s, the look the views'; what is shown, kept and recorded, the walk's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic

from okr.commands.running import invocation
from okr.dataclass import replace
from okr.errors import OkrError, shortened
from okr.operations.checkin.drafts import drop_draft, save_draft
from okr.operations.checkin.walking import Command, ItemT, answered, at_item, back, begin, command_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from okr.operations.checkin.drafts import DraftPlace
    from okr.operations.checkin.walking import Answer, Walk
    from okr.views.round import Prompter

_YES = {"", "y", "yes"}
_NO = {"n", "no"}
_LONGEST_QUOTE = 40


class AtPrompt(Generic[ItemT]):
    """One person's way through a walk, at the prompt.

    Attributes:
        at: where they are.
    """

    def __init__(self, prompter: Prompter, at: Walk[ItemT], place: DraftPlace, *, keeps: bool) -> None:
        """Begins it.

        Args:
            prompter: asks.
            at: where the walk begins.
            place: where what is entered is kept for the next time.
            keeps: whether it is.
        """
        from okr.commands.answering import console

        self.at = at
        self._prompter = prompter
        self._console = console()
        self._place = place
        self._keeps = keeps
        self._shown: ItemT | None = None

    def entered(self) -> dict[str, Mapping[str, str]]:
        """What is worth keeping, as a draft holds it."""
        return {reference: answer.typed for reference, answer in answered(self.at).items()}

    def keep(self) -> None:
        """Keeps what was entered so far; where that can't be done, it is said once."""
        if self._keeps:
            try:
                save_draft(self._place, self.entered(), invocation().moment)
            except OkrError as error:
                self._keeps = False
                self.wrong(error)

    def say_left(self, what: str, again: str) -> None:
        """Says what becomes of what was entered.

        Args:
            what: what was not done.
            again: the command that offers it again.
        """
        from okr.views.round import show_note
        from okr.views.terminal import stderr

        if self._keeps and self.entered():
            count = _counted(len(answered(self.at)))
            what += f" What you entered for {count} is kept: the next `{again}` offers it again."
        show_note(stderr(color=invocation().color), what)

    def go_on_with(self, kept: Mapping[str, Answer], hint: str = "") -> bool:
        """Whether to go on with what was entered last time; what nobody wants is dropped."""
        from okr.views.round import show_note

        count = _counted(len(kept))
        show_note(self._console, f"You entered answers for {count} that were not recorded.{hint}")
        wanted = asks_yes(self._prompter, "Go on with them?")
        if wanted:
            self.at = begin(self.at.items, kept)
        else:
            drop_draft(self._place)
        return wanted

    def goes_back(self, label: str, keys: str, remedy: str) -> bool:
        """Whether the summary is not what they want; only Enter goes on.

        Args:
            label: what is asked.
            keys: what may be pressed.
            remedy: the same, where something else was.
        """
        from okr.views.round import show_wrong

        while True:
            typed = self._prompter.ask(label, None, keys).strip().casefold()
            if command_of(typed) is Command.BACK:
                self._shown = None
                self.at = back(self.at)
                return True
            if typed in _YES:
                return False
            show_wrong(self._console, remedy, None)

    def ask_again(self, items: tuple[ItemT, ...], references: Iterable[str]) -> None:
        """Goes to the first of what has changed meanwhile, among all things as they are now."""
        places = {item.reference: place for place, item in enumerate(items)}
        first = min(places[reference] for reference in references)
        self.at = at_item(replace(self.at, items=items), first)
        self._shown = None

    def wrong(self, error: OkrError) -> None:
        """Says why something can't be done or taken."""
        from okr.views.round import show_wrong

        show_wrong(self._console, error.message, error.remedy)


def asks_yes(prompter: Prompter, label: str) -> bool:
    """Whether the answer to a question is yes, which Enter says."""
    while True:
        typed = prompter.ask(label, "Y/n", "y or Enter for yes · n for no").strip()
        if typed.casefold() in _YES:
            return True
        if typed.casefold() in _NO:
            return False
        from okr.commands.answering import console
        from okr.views.round import show_wrong

        show_wrong(console(), f"“{shortened(typed, _LONGEST_QUOTE)}” is neither y nor n.", "Enter means y.")


def _counted(number: int) -> str:
    return "1 key result" if number == 1 else f"{number} key results"
