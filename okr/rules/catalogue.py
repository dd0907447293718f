"""What a rule is, and the catalogue of all of them, found by looking through this folder.

A rule is one small function on one kind of thing (a file, a plan, an objective, a check-in …). It yields findings;
the catalogue gives them the rule's code, and `engine.py` the severity that the workspace wants.
"""

from __future__ import annotations

import importlib
import os
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from okr.contents import Log, Record
from okr.dataclass import dataclass
from okr.diagnostics import Severity
from okr.patterns import pattern

T = TypeVar("T")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from okr.diagnostics import Finding
    from okr.rules.earlier import Earlier
    from okr.workspace import Workspace

    Check = Callable[[T, Workspace], Iterator[Finding]]
    HistoryCheck = Callable[[T, Workspace, Earlier], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the catalogue.

    Attributes:
        code: `OKR` and three digits; the first says the family.
        name: lower-case words with hyphens.
        severity: what a finding weighs where the workspace does not say otherwise.
        subject: the kind of thing it looks at, one of the types in `SUBJECTS`.
        what: one sentence: what the rule asks for.
        why: why that matters, with its source in the method.
        remedy: how to mend what it finds.
        check: the function itself.
        timely: whether its findings come and go with the day, though no file changes.
        history: whether it compares with an earlier version of the workspace, and is silent where there is none.
        of_all: whether it asks what all plans or logs say, as `plan_facts.py` and `log_facts.py` have it: then it runs
            when these are known.
    """

    code: str
    name: str
    severity: Severity
    subject: type
    what: str
    why: str
    remedy: str
    check: Check[Any] | HistoryCheck[Any]
    timely: bool = False
    history: bool = False
    of_all: bool = False

    def findings(self, subject: object, workspace: Workspace, earlier: Earlier | None) -> Iterable[Finding]:
        """What it finds in a thing of its kind."""
        if not self.history:
            return self.check(subject, workspace)  # type: ignore[call-arg] # `rule` enters such functions only
        return () if earlier is None else self.check(subject, workspace, earlier)  # type: ignore[call-arg] # `history_rule`


MODULES_ON_LOGS = ("okr.rules.checkins", "okr.rules.logs")
"""All that have rules on logs or their lines."""

ON_TARGETS = frozenset(("OKR411", "OKR419", "OKR420", "OKR704"))
"""The rules on goals that look at which number a plainly measured key result is to get to."""
_MODULES_ON_TARGETS = (
    "okr.rules.following",
    "okr.rules.history_targets",
    "okr.rules.measurability",
    "okr.rules.wording",
)

_rules: dict[str, Rule] = {}

_PREFIX = pattern(r"(OKR\d{1,2})x{0,2}")


def rule(
    code: str,
    name: str,
    subject: type[T],
    *,
    why: str,
    remedy: str,
    severity: Severity = Severity.ERROR,
    timely: bool = False,
    of_all: bool = False,
) -> Callable[[Check[T]], Check[T]]:
    """Enters a function into the catalogue; its docstring's first line says what the rule asks for.

    Args:
        code: its code, never used for another rule, now or later.
        name: its name, likewise.
        subject: the kind of thing it looks at; it is called with each of them and the workspace.
        why: why it matters.
        remedy: how to mend what it finds; a finding's own hint goes before it.
        severity: what a finding weighs unless okr.yaml says otherwise.
        timely: whether its findings come and go with the day, though no file changes: then a comment that silences
            it is never called unused.
        of_all: whether it asks what all plans or logs say.
    """

    def enter(check: Check[T]) -> Check[T]:
        _rules[code] = Rule(
            code,
            name,
            severity,
            subject,
            _what(check),
            why,
            remedy,
            check,
            timely,
            of_all=of_all,
        )
        return check

    return enter


def history_rule(
    code: str,
    name: str,
    subject: type[T],
    *,
    why: str,
    remedy: str,
    severity: Severity = Severity.ERROR,
) -> Callable[[HistoryCheck[T]], HistoryCheck[T]]:
    """Enters a function that compares with an earlier version of the workspace; all else is as for `rule`.

    It is called with the thing, the workspace and the earlier one, and not at all where there is none. What it finds
    is gone once the change has become the past, so that a comment that silences it is never called unused.
    """

    def enter(check: HistoryCheck[T]) -> HistoryCheck[T]:
        _rules[code] = Rule(
            code, name, severity, subject, _what(check), why, remedy, check, timely=True, history=True
        )
        return check

    return enter


def _what(check: Callable[..., object]) -> str:
    return (check.__doc__ or "").strip().partition("\n")[0]


@cache
def catalogue() -> tuple[Rule, ...]:
    """Every rule, by code."""
    for folder in importlib.import_module("okr.rules").__path__:
        # Not by `pkgutil`, whose own import takes longer than some of these.
        for module, _, suffix in (name.partition(".") for name in sorted(os.listdir(folder))):  # noqa: PTH208 # names are enough
            if suffix in {"py", "pyc"} and module != "__init__":
                importlib.import_module(f"okr.rules.{module}")
    return tuple(_rules[code] for code in sorted(_rules))


@cache
def rules_on_logs() -> tuple[Rule, ...]:
    """The rules on logs and their lines, by code: what a check-in is judged by, without importing the others."""
    for name in MODULES_ON_LOGS:
        importlib.import_module(name)
    return tuple(_rules[code] for code in sorted(_rules) if _rules[code].subject in {Log, Record})


@cache
def rules_on_targets() -> tuple[Rule, ...]:
    """The rules on goals for which it matters that a target is moved, by code; without importing the others."""
    for name in _MODULES_ON_TARGETS:
        importlib.import_module(name)
    return tuple(_rules[code] for code in sorted(ON_TARGETS))


@cache
def rules_by_name() -> dict[str, Rule]:
    """Every rule by its code and by its name."""
    return {key: each for each in catalogue() for key in (each.code, each.name)}


@cache
def rules_meant(selector: str) -> tuple[Rule, ...]:
    """The rules that a code (`OKR203`), a name (`long-title`) or the beginning of codes (`OKR4`, `OKR4xx`) means.

    Returns:
        Them by code; none where the selector means nothing.
    """
    one = rules_by_name().get(selector)
    if one is not None:
        return (one,)
    start = prefix_of(selector)
    return () if start is None else tuple(each for each in catalogue() if each.code.startswith(start))


def prefix_of(selector: str) -> str | None:
    """What the codes begin with that a selector such as `OKR4`, `OKR4xx` or `OKR41` means; None for any other text."""
    matched = _PREFIX.fullmatch(selector)
    return matched[1] if matched else None


@cache
def selectors() -> tuple[str, ...]:
    """Whatever names one rule or a family of them: what is offered where a name is unknown."""
    families = sorted({each.code[:4] for each in catalogue()})
    return (*rules_by_name(), *families, *(f"{family}xx" for family in families))
