"""What a reference that names nothing was to name: in another cycle, by its end, by its title, or by the like of it.

No rules here; each lookup is a walk over all plans, so that only so many are made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from okr.cycles import canonical_name
from okr.patterns import pattern
from okr.rules.lookup import did_you_mean
from okr.rules.plan_facts import plans_known

if TYPE_CHECKING:
    from okr.references import Reference
    from okr.workspace import Workspace

HOW = "write owner/objective or cycle/owner/objective, with /key-result behind it for a key result"

_MOST_LOOKED_UP = 100
"""Texts for which is looked; each costs a walk over all plans."""
_MOST_OFFERED = 3
_FOLDER, _ENDING = "okrs/", pattern(r"\.ya?ml$")
_SEPARATORS = pattern(r"\s*[/\\>:→.#]+\s*")
_BETWEEN = pattern(r"\s*[,;]\s*|\s+(?:and|et|&|\+)\s+")


class ReferenceHints:
    """Finds what may have been meant, for a bounded number of texts."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._known = plans_known(workspace)
        self._hints: dict[tuple[str, str], str] = {}

    def hint(self, text: str, own_cycle: str, meant: Reference | None = None) -> str:
        """What may have been meant by a text.

        Args:
            text: what the file says.
            own_cycle: the cycle of the plan that says it.
            meant: what it names, where it is a reference at all.
        """
        key = (text, own_cycle)
        if key not in self._hints and len(self._hints) < _MOST_LOOKED_UP:
            self._hints[key] = self._hint(text, own_cycle, meant)
        return self._hints.get(key, HOW)

    def _hint(self, text: str, own_cycle: str, meant: Reference | None) -> str:
        several = [part for part in _BETWEEN.split(text) if part]
        if len(several) > 1 and all("/" in part for part in several):
            return f"write each as an item of a list: `[{', '.join(several)}]`"
        same = self._same(text, own_cycle, meant)
        if same:
            return _offered(same)
        if meant is None:
            plans = [each for each in self._known.all() if each.cycle == own_cycle]
        else:
            plans = self._known.of(meant.cycle, meant.owner)
        wanted = str(meant) if meant else text
        things = (each for plan in plans or self._known.all() for each, _ in plan.references)
        return did_you_mean(wanted, lambda: map(str, things), otherwise=HOW)

    def _same(self, text: str, own_cycle: str, meant: Reference | None) -> list[str]:
        """What a text names but for its cycle, its beginning or its form; the nearest cycles first."""
        said = _SEPARATORS.sub("/", _ENDING.sub("", text.strip()).removeprefix(_FOLDER)).strip("/")
        first, _, rest = said.partition("/")
        cycle = canonical_name(first)
        if cycle in self._workspace.cycles and rest:
            said = f"{cycle}/{rest}"
        elif meant is not None:  # its cycle is one that is not there
            said = "/".join(str(meant).split("/")[1:])
        things = [(each, str(each), title) for plan in self._known.all() for each, title in plan.references]
        ways = (
            lambda _, name, __: name == said,
            lambda _, name, __: name.endswith(f"/{said}"),
            lambda each, _, __: meant is not None and each.segments[1:] == meant.segments[1:],
            lambda each, name, _: each.key_result is None and name.startswith(f"{said}/"),
            lambda _, __, title: title.strip().casefold() == text.strip().casefold(),
        )
        found = next((kept for way in ways if (kept := [each[0] for each in things if way(*each)])), [])
        return [str(each) for each in sorted(found, key=lambda each: self._distance(each.cycle, own_cycle))]

    def _distance(self, cycle: str, own_cycle: str) -> tuple[int, str]:
        """How far a cycle is from another: the same, one at the same time, any other."""
        own, other = (self._workspace.cycles[name].span for name in (own_cycle, cycle))
        overlaps = own is not None and other is not None and own.overlaps(other)
        return (0 if cycle == own_cycle else 1 if overlaps else 2), cycle


def _offered(found: list[str]) -> str:
    shown = found[:_MOST_OFFERED]
    listed = shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} or {shown[-1]}"
    return f"did you mean {listed}?"
