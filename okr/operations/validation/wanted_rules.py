"""Which rules a command line asks for: `--select` and `--ignore`, by code, name or the beginning of codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.errors import UsageError
from okr.model import quoted
from okr.rules.catalogue import catalogue, rules_by_name, rules_meant, selectors
from okr.rules.lookup import did_you_mean
from okr.rules.severities import can_be_silenced

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from okr.rules.catalogue import Rule


def wanted_codes(selected: Sequence[str], ignored: Sequence[str]) -> frozenset[str]:
    """The codes of the rules that are reported on.

    Rules on files that can't be read are always among them: without those files there is no answer.

    Args:
        selected: what `--select` says, each of it one selector or several between commas; nothing for all rules.
        ignored: what `--ignore` says, likewise; it goes before `--select`.

    Raises:
        UsageError: one of them means no rule, or one that can't be ignored.
    """
    kept = {rule.code for rule in (_meant(selected, "--select") if selected else catalogue())}
    for rule in _meant(ignored, "--ignore"):
        kept.discard(rule.code)
    return frozenset(kept | {rule.code for rule in catalogue() if not can_be_silenced(rule)})


def rules_called(text: str, option: str = "") -> tuple[Rule, ...]:
    """The rules that somebody means, in capitals or not.

    Raises:
        UsageError: there is no such rule; the nearest are offered.
    """
    by_case = {selector.casefold(): selector for selector in selectors()}
    meant = rules_meant(by_case.get(text.casefold(), text)) or rules_meant(
        text[:3].upper() + text[3:].lower()
    )
    if not meant:
        before = f"{option}: " if option else ""
        hint = did_you_mean(text, rules_by_name, otherwise="`okr rules` lists all")
        raise UsageError(f"{before}there is no rule {quoted(text)}", hint)
    return meant


def _meant(said: Iterable[str], option: str) -> list[Rule]:
    found: list[Rule] = []
    for text in (part.strip() for each in said for part in each.split(",")):
        if text:
            meant = rules_called(text, option)
            if option == "--ignore" and not any(map(can_be_silenced, meant)):
                raise UsageError(
                    f"--ignore: {text} can't be ignored",
                    "a file that can't be read is an error of the whole answer",
                )
            found += meant
    return found
