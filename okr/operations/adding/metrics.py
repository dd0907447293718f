"""A key result's metric as options of the command line say it → the keys that a plan writes.

Only the spelling: whether it makes a metric, and a sound one, is for the rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okr.dataclass import dataclass
from okr.errors import UsageError
from okr.quantities import plain_number, read_quantity

if TYPE_CHECKING:
    from okr.quantities import Language, Number

_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric as typed.

    Attributes:
        start: `--from`: a number or `unknown`.
        target: `--to`: a number, or a change of the baseline such as `+30%`; so are `commit` and `stretch`.
        milestones: each `NAME=SCORE`.
    """

    kpi: str | None = None
    unit: str | None = None
    start: str | None = None
    commit: str | None = None
    target: str | None = None
    stretch: str | None = None
    at_least: str | None = None
    at_most: str | None = None
    milestones: tuple[str, ...] = ()
    weight: str | None = None

    @property
    def says_something(self) -> bool:
        """Whether it says how a key result is measured."""
        return any((self.kpi, self.target, self.at_least, self.at_most, self.milestones))


def metric_of(typed: Metric, language: Language) -> dict[str, Any]:
    """The keys of a plan that mean what was typed, in the order in which plans write them.

    Raises:
        UsageError: a number or a milestone can't be read; the message names the option.
    """
    numbers = _Numbers(language)
    values: dict[str, Any] = {"kpi": typed.kpi, "unit": typed.unit}
    values["from"] = typed.start if typed.start == "unknown" else numbers.read("--from", typed.start)
    values["commit"] = numbers.read("--commit", typed.commit, relative=True)
    values["to"] = numbers.read("--to", typed.target, relative=True)
    values["stretch"] = numbers.read("--stretch", typed.stretch, relative=True)
    values["at_least"] = numbers.read("--at-least", typed.at_least)
    values["at_most"] = numbers.read("--at-most", typed.at_most)
    if numbers.percent and typed.kpi is None:
        if typed.unit not in {None, "%"}:
            raise UsageError(
                f"{numbers.percent} is in %, but --unit says “{typed.unit}”", "leave out one of the two"
            )
        values["unit"] = "%"
    values["milestones"] = _ladder(typed.milestones, language)
    values["weight"] = numbers.read("--weight", typed.weight)
    return {key: value for key, value in values.items() if value is not None}


class _Numbers:
    """Reads numbers, and remembers which option was the first to be typed with %."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.percent: str | None = None

    def read(self, option: str, typed: str | None, *, relative: bool = False) -> Number | str | None:
        if typed is None:
            return None
        try:
            quantity = read_quantity(typed, self.language)
        except UsageError as error:
            raise UsageError(f"{option}: {error.message}", error.remedy) from None
        if quantity.change and quantity.percent and relative:
            return f"{'-' if quantity.amount < 0 else '+'}{plain_number(abs(quantity.amount))}%"
        if quantity.change and (quantity.percent or quantity.amount > 0):
            remedy = "write the number itself, without a sign"
            if relative:
                remedy += ", or a share of the baseline, such as +30%"
            elif quantity.amount < 0:
                remedy = f"write ={typed.strip()} for a number below zero"
            raise UsageError(f"{option}: “{typed.strip()[:40]}” is a change, not a number", remedy)
        if quantity.percent:
            self.percent = self.percent or option
        return quantity.amount


def _ladder(typed: tuple[str, ...], language: Language) -> dict[str, float] | None:
    ladder: dict[str, float] = {}
    for each in typed:
        name, sign, score = each.rpartition("=")
        name = name.strip()
        if not sign or not name:
            raise UsageError(
                f"--milestone: “{each[:60]}” has no score",
                "write NAME=SCORE, such as --milestone signed=0.3 --milestone live=1.0",
            )
        if name in ladder:
            raise UsageError(f"--milestone: “{name[:60]}” is there twice", "name each milestone once")
        try:
            quantity = read_quantity(score, language)
        except UsageError as error:
            raise UsageError(
                f"--milestone {name[:60]}: {error.message}", "write a score from 0 to 1"
            ) from None
        ladder[name] = quantity.amount / _PERCENT if quantity.percent else float(quantity.amount)
    return ladder or None
