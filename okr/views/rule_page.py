"""A rule on the terminal: what it asks for, why, how to mend what it finds, a bad and a good example, how to silence it.

The same as its page in docs/rules, from the same source; and as JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from okr.rules.example_files import examples_of
from okr.rules.severities import can_be_silenced
from okr.views.findings_text import GUTTER, WIDEST_PROSE
from okr.views.layout import folded
from okr.views.rule_pages import COMPARES, how_to_silence
from okr.views.text import SEVERITY_STYLES, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rich.console import Console

    from okr.diagnostics import Severity
    from okr.rules.catalogue import Rule
    from okr.rules.example_files import Example

_TAB, _TAB_AS_SHOWN = "\t", "→   "


def show_rule(console: Console, rule: Rule, here: Severity | None) -> None:
    """Prints a rule.

    Args:
        console: where to.
        rule: the rule.
        here: its severity in the workspace one is in; None outside of any.
    """
    for line in _lines(console, rule, here):
        console.print(line, soft_wrap=True)


def rules_json(rules: Iterable[Rule], here: Mapping[str, Severity] | None) -> dict[str, Any]:
    """The answer of `okr explain --json` and, without examples, of `okr rules --json`."""
    return {"schema": 1, "rules": [rule_entry(rule, here) | {"examples": _examples(rule)} for rule in rules]}


def rule_entry(rule: Rule, here: Mapping[str, Severity] | None) -> dict[str, Any]:
    """A rule without its examples; `severity_here` is null outside a workspace."""
    return {
        "rule": rule.code,
        "name": rule.name,
        "severity": rule.severity.value,
        "severity_here": None if here is None else here[rule.code].value,
        "fixed": not can_be_silenced(rule),
        "history": rule.history,
        "what": rule.what,
        "why": rule.why,
        "remedy": rule.remedy,
    }


def _lines(console: Console, rule: Rule, here: Severity | None) -> Iterator[Text]:
    yield Text.assemble((f"{rule.code} {rule.name}", "bold"))
    yield from _prose(console, rule.what)
    yield Text()
    yield Text.assemble("  severity: ", *_severity(rule, here))
    if rule.history:
        yield from _labelled(console, "compares", COMPARES)
    for label, text in (("why", rule.why), ("fix", rule.remedy), ("silence", " ".join(how_to_silence(rule)))):
        yield from _labelled(console, label, text)
    examples = examples_of(rule.code)
    if examples is not None:
        for title, example in (("Found:", examples.bad), ("Fine:", examples.good)):
            yield Text()
            yield Text(title, "bold")
            yield from example_lines(example)


def _severity(rule: Rule, here: Severity | None) -> list[str | tuple[str, str]]:
    own = (rule.severity.value, SEVERITY_STYLES.get(rule.severity, ""))
    if here is None or here is rule.severity:
        return [own]
    return [(here.value, SEVERITY_STYLES.get(here, "")), " in this workspace, ", own, " by default"]


def _prose(console: Console, text: str) -> Iterator[Text]:
    yield from folded(console, Text(text), min(console.width, WIDEST_PROSE))


def _labelled(console: Console, label: str, text: str) -> Iterator[Text]:
    margin = len(label) + 4
    for number, line in enumerate(folded(console, Text(text), min(console.width, WIDEST_PROSE) - margin)):
        yield Text.assemble((f"  {label}: ", GUTTER) if number == 0 else " " * margin, line)


def example_lines(example: Example) -> Iterator[Text]:
    """An example's files under their names."""
    if example.before:
        yield Text("  committed first", GUTTER)
        yield from _files(example.before)
        yield Text("  changed to", GUTTER)
    yield from _files(example.files)
    for path, target in example.links.items():
        yield Text.assemble((f"  {path}", GUTTER), f" is a symbolic link to {target}")


def _files(files: Mapping[str, str]) -> Iterator[Text]:
    for path, text in files.items():
        yield Text(f"  {path}", GUTTER)
        for line in text.removesuffix("\n").split("\n"):
            yield Text(f"    {_TAB_AS_SHOWN.join(map(printable, line.split(_TAB)))}".rstrip())


def _examples(rule: Rule) -> dict[str, Any] | None:
    found = examples_of(rule.code)
    return None if found is None else {"bad": _as_json(found.bad), "good": _as_json(found.good)}


def _as_json(example: Example) -> dict[str, Any]:
    return {"files": dict(example.files), "links": dict(example.links), "before": dict(example.before)}
