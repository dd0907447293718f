"""How good the forecast is: synthetic quarters of six kinds, each forecast from a part of its check-ins.

For each kind and each share of the quarter that has passed it prints how often the forecast's 80 % interval held the
final score, how wide it was, and the mean error beside those of "last value" (nothing more will come) and "straight line" (as
much a day as since the first day). A second table compares how many of the latest check-ins the trend goes through.
Usage: python bench/forecasts.py [--quarters 500] [--seed 1]
"""

from __future__ import annotations

import argparse
import math
import random
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from okr.forecasting import RECENT, trend_forecast
from okr.measures import Forecast, clamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

DAYS = 92
WEEK = 7
MOMENTS = (0.25, 0.5, 0.75)
Points = list[tuple[int, float]]
RECENTS = (1, 2, 3, 4, 5, 8, 30)


@dataclass(frozen=True)
class Quarter:
    """One key result's quarter: progress by days passed, weekly, with the baseline first and the end last."""

    kind: str
    points: Points

    @property
    def end(self) -> float:
        """The final score."""
        return clamp(self.points[-1][1])


def steady(draw: random.Random) -> Callable[[float], float]:
    """As much each day; where it ends differs."""
    end = draw.uniform(0.1, 1.2)
    return lambda share: end * share


def late(draw: random.Random) -> Callable[[float], float]:
    """Little at first, most of it towards the end."""
    end, power = draw.uniform(0.3, 1.2), draw.uniform(1.6, 3.0)
    return lambda share: end * share**power


def s_shaped(draw: random.Random) -> Callable[[float], float]:
    """A slow start, a steep middle, and saturation."""
    end, middle, steepness = draw.uniform(0.3, 1.1), draw.uniform(0.35, 0.65), draw.uniform(7, 14)

    def raw(share: float) -> float:
        return 1 / (1 + math.exp(-steepness * (share - middle)))

    low, high = raw(0), raw(1)
    return lambda share: end * (raw(share) - low) / (high - low)


def stuck(draw: random.Random) -> Callable[[float], float]:
    """It goes well until something is in the way, and then no further."""
    slope, until = draw.uniform(0.5, 1.3), draw.uniform(0.2, 0.7)
    return lambda share: slope * min(share, until)


def stepwise(draw: random.Random) -> Callable[[float], float]:
    """A few jumps, on days that nobody can foretell."""
    count = draw.randint(2, 5)
    days = sorted(draw.random() for _ in range(count))
    heights = [draw.uniform(0.1, 0.4) for _ in days]
    return lambda share: sum(height for day, height in zip(days, heights, strict=True) if day <= share)


KINDS = {
    "steady": (steady, 0.01), "noisy": (steady, 0.07), "late": (late, 0.015),
    "S-shaped": (s_shaped, 0.015), "stuck": (stuck, 0.01), "stepwise": (stepwise, 0.0),
}  # fmt: skip
"""For each kind what draws its course, and how far a measurement lies off it, as a standard deviation."""


def quarters(count: int, seed: int) -> Iterator[Quarter]:
    """As many quarters of each kind; some teams skip a check-in now and then."""
    draw = random.Random(seed)
    for kind, (course, noise) in KINDS.items():
        for _ in range(count):
            path, first, skips = course(draw), draw.randint(3, 9), draw.choice((0.0, 0.0, 0.2))
            days = [day for day in range(first, DAYS, WEEK) if day == first or draw.random() >= skips]
            points = [(0, 0.0)] + [(day, path(day / DAYS) + draw.gauss(0, noise)) for day in days]
            yield Quarter(kind, [*points, (DAYS, path(1.0) + draw.gauss(0, noise))])


def ours(points: Sequence[tuple[int, float]], recent: int = RECENT) -> Forecast:
    """The forecast that okr shows, or one through another number of check-ins."""
    first, later = points[0], points[1:]
    return trend_forecast([first, *later[-recent:]], DAYS, clamp)


def last_value(points: Sequence[tuple[int, float]]) -> Forecast:
    """Nothing more will come."""
    score = clamp(points[-1][1])
    return Forecast(score, score, score)


def straight_line(points: Sequence[tuple[int, float]]) -> Forecast:
    """As much a day as since the first day."""
    day, progress = points[-1]
    score = clamp(progress * DAYS / day)
    return Forecast(score, score, score)


@dataclass(frozen=True)
class Result:
    """How a method did on one quarter from one moment."""

    held: bool
    width: float
    error: float


def main() -> None:
    """Draws the quarters and prints both tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quarters", type=int, default=500, help="of each kind")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    drawn = list(quarters(asked.quarters, asked.seed))
    print(
        f"{len(drawn)} quarters of {len(KINDS)} kinds, seed {asked.seed}; errors are of scores, 0.0 to 1.0\n"
    )
    print("| quarter | passed | interval held | its width | error | last value | straight line |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    methods = {"ours": ours, "last": last_value, "line": straight_line}
    found = {name: results(drawn, method) for name, method in methods.items()}
    for kind in (*KINDS, "all"):
        for moment in (*MOMENTS, "any"):
            mine, last, line = (found[name][kind, moment] for name in methods)
            passed = moment if isinstance(moment, str) else f"{moment:.0%}"
            print(
                f"| {kind} | {passed} | {share(mine):.0%} | {mean(each.width for each in mine):.2f} "
                f"| {error(mine):.3f} | {error(last):.3f} | {error(line):.3f} |"
            )
    print("\n| check-ins in the trend | interval held | its width | error |\n| --- | --- | --- | --- |")
    for recent in RECENTS:
        mine = results(drawn, lambda points, recent=recent: ours(points, recent))["all", "any"]
        print(
            f"| {recent} | {share(mine):.0%} | {mean(each.width for each in mine):.2f} | {error(mine):.4f} |"
        )


def results(
    drawn: Sequence[Quarter], method: Callable[[Sequence[tuple[int, float]]], Forecast]
) -> dict[tuple[str, float | str], list[Result]]:
    """What a method foretold beside what came, by kind and moment; "all" and "any" hold them all."""
    found: defaultdict[tuple[str, float | str], list[Result]] = defaultdict(list)
    for quarter in drawn:
        for moment in MOMENTS:
            known = [point for point in quarter.points if point[0] <= moment * DAYS]
            foretold = method(known)
            held = foretold.low - 1e-9 <= quarter.end <= foretold.high + 1e-9
            result = Result(held, foretold.high - foretold.low, abs(foretold.score - quarter.end))
            for kind in (quarter.kind, "all"):
                found[kind, moment].append(result)
                found[kind, "any"].append(result)
    return found


def share(found: Sequence[Result]) -> float:
    """How often the interval held."""
    return sum(each.held for each in found) / len(found)


def error(found: Sequence[Result]) -> float:
    """The mean error of the score."""
    return mean(each.error for each in found)


def mean(values: Iterable[float]) -> float:
    """The mean of at least one value."""
    known = list(values)
    return math.fsum(known) / len(known)


if __name__ == "__main__":
    main()
