"""All rules as a table: code, name, severity here and by default, and what each asks for; and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from okr.views.layout import folded
from okr.views.rule_page import rule_entry
from okr.views.rule_pages import FAMILIES
from okr.views.text import SEVERITY_STYLES, counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rich.console import Console

    from okr.diagnostics import Severity
    from okr.rules.catalogue import Rule

_MARGIN = 9


def show_rules(console: Console, rules: Sequence[Rule], here: Mapping[str, Severity] | None) -> None:
    """Prints the rules by family.

    Args:
        console: where to.
        rules: the rules, by code.
        here: their severities in the workspace one is in, by code; None outside of any.
    """
    for start, title in FAMILIES.items():
        family = [rule for rule in rules if rule.code.startswith(start)]
        if family:
            console.print(Text(f"{start}xx  {title}", "bold"))
        for rule in family:
            for line in _lines(console, rule, None if here is None else here[rule.code]):
                console.print(line, soft_wrap=True)
        if family:
            console.print()
    console.print(
        Text(f"{counted(len(rules), 'rule')}; `okr explain CODE` shows one with its examples."),
        soft_wrap=True,
    )


def rules_as_json(rules: Sequence[Rule], here: Mapping[str, Severity] | None) -> dict[str, Any]:
    """The answer of `okr rules --json`."""
    return {"schema": 1, "rules": [rule_entry(rule, here) for rule in rules]}


def _lines(console: Console, rule: Rule, here: Severity | None) -> Iterator[Text]:
    shown = rule.severity if here is None else here
    head = Text.assemble(f"{rule.code}  {rule.name}  ", (shown.value, SEVERITY_STYLES.get(shown, "dim")))
    if shown is not rule.severity:
        head.append(f" here, {rule.severity.value} by default")
    yield head
    for line in folded(console, Text(rule.what), console.width - _MARGIN):
        yield Text.assemble(" " * _MARGIN, line)
