"""Keys that a file's kind does not know: which one was meant, where it belongs, or what else made a text into a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from okr.dataclass import dataclass
from okr.errors import shortened
from okr.key_words import folded, key_called, stands_in_logs
from okr.model import FileModel, Initiative, KeyResult, Objective, Plan, quoted
from okr.patterns import pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from okr.documents import LocatedMapping

_NEAR, _PERHAPS = 0.8, 0.6
_STUCK = pattern(r"(?P<key>[\w-]+):(?P<value>\S.*)")
_DIGITS = pattern(r"\d+")
_THOUSAND = 3
_LONGEST_SHOWN = 60
_MOST_JOINED = 20
_HOLDERS: dict[type[FileModel], str] = {
    Plan: "to the plan itself, not to one of its parts",
    Objective: "to an objective",
    KeyResult: "to a key result",
    Initiative: "to an initiative",
}


@dataclass(frozen=True, slots=True)
class Slip:
    """What made a text within braces into a key.

    Attributes:
        message: what is wrong; empty where an earlier finding says so.
        hint: how to mend it.
        spoilt: keys beside it whose values are not what was meant.
        whole: whether nothing of the mapping can be relied on.
    """

    message: str = ""
    hint: str | None = None
    spoilt: tuple[str, ...] = ()
    whole: bool = False


def for_unknown_key(
    word: str, free: Sequence[str], model: type[FileModel], path: Sequence[str | int]
) -> tuple[str | None, str]:
    """Which key was meant, if that can be told, and a hint.

    Args:
        word: the key as written.
        free: the keys that may stand there and do not yet.
        model: what the file is to be.
        path: the way to the mapping that the key stands in.
    """
    from difflib import get_close_matches

    by_fold = {folded(known): known for known in free}
    same = by_fold.get(folded(word)) or next(iter(get_close_matches(word, free, n=1, cutoff=_NEAR)), None)
    holder = model_at(model, path)
    owner = None if same else _where_it_belongs(word, model, holder)
    if owner is not None:
        return None, f"`{word}` belongs {owner}"
    if holder in {Objective, KeyResult} and stands_in_logs(word):
        return None, "how things stand is said by check-ins, in the log: `okr checkin` adds one"
    meant = (
        same
        or key_called(word, free)
        or next(iter(get_close_matches(word, free, n=1, cutoff=_PERHAPS)), None)
    )
    if meant is not None:
        return meant, f"did you mean `{meant}`?"
    return None, f"known here: {', '.join(sorted(keys_at(model, path)))}"


def slips_in_braces(holder: LocatedMapping, known: Collection[str]) -> dict[str, Slip]:
    """What made texts into keys without a value: a `,` in a number or a text, or a `:` without its space.

    Args:
        holder: a mapping; only one in braces has such slips.
        known: the keys that it may have.

    Returns:
        The slip of each such key; of several with one cause the first tells all.
    """
    slips: dict[str, Slip] = {}
    runs: dict[str, list[str]] = {}
    before: str | None = None  # the known key whose value these texts may have been cut from
    stuck_above = False
    for key in holder.keys_at if holder.flow else ():
        stuck = _STUCK.fullmatch(key)
        if key in known:
            before = key
        elif not _has_no_value(holder, key):
            before = None
        elif stuck is not None and stuck["key"] in known:
            slips[key] = Slip(whole=True) if stuck_above else _stuck_colon(stuck)
            stuck_above = True
        elif before is not None:
            runs.setdefault(before, []).append(key)
    for name, run in runs.items():
        message = f"a `,` ends `{name}` here, so that {quoted(run[0])} is taken for a key"
        slips |= dict.fromkeys(run, Slip())
        slips[run[0]] = Slip(message, _joined(name, holder.get(name), run), (name,))
    return slips


def keys_at(model: type[FileModel], path: Sequence[str | int]) -> list[str]:
    """The keys that the mapping at a path may have, by the model's own fields."""
    holder = model_at(model, path)
    return [] if holder is None else [*holder.file_keys()]


def _has_no_value(holder: LocatedMapping, key: str) -> bool:
    place = holder.values_at[key]
    return key in holder and holder[key] is None and place[:2] == place[2:]


def _stuck_colon(stuck: re.Match[str]) -> Slip:
    message = f"no space behind the colon of `{stuck['key']}`"
    return Slip(
        message, f"write `{shortened(stuck['key'] + ': ' + stuck['value'], _LONGEST_SHOWN)}`", whole=True
    )


def _joined(name: str, value: object, run: Sequence[str]) -> str:
    """How to write a value that commas have cut in pieces."""
    if isinstance(value, (int, float)) and all(_DIGITS.fullmatch(each) for each in run):
        if all(len(each) == _THOUSAND for each in run):
            return f"write {value}{''.join(run)}, without separators"
        if len(run) == 1 and isinstance(value, int):
            return f"write {value}.{run[0]}, with a point"
    text = ", ".join((str(value), *run[:_MOST_JOINED]))
    return f'put the {name} in quotes: `{name}: "{shortened(text, _LONGEST_SHOWN)}"`'


def _where_it_belongs(word: str, model: type[FileModel], holder: type[FileModel] | None) -> str | None:
    """What other part of the file knows a key of this name."""
    if holder is None:
        return None
    for other in _all_models(model):
        if other is not holder and other in _HOLDERS and word in fields_of(other):
            return _HOLDERS[other]
    return None


def fields_of(model: type[FileModel]) -> Mapping[str, Any]:
    """The fields of a model by their keys."""
    return {field.alias or name: field for name, field in model.model_fields.items()}


def model_at(model: type[FileModel], path: Sequence[str | int]) -> type[FileModel] | None:
    """The model of the mapping to which some steps lead; None where a model knows none of them."""
    here = model
    for step in path:
        if isinstance(step, str):
            field = fields_of(here).get(step)
            inner = next(models_in(field.annotation), None) if field else None
            if inner is None:
                return None
            here = inner
    return here


def _all_models(model: type[FileModel]) -> Iterator[type[FileModel]]:
    yield model
    for field in model.model_fields.values():
        for inner in models_in(field.annotation):
            yield from _all_models(inner)


def models_in(annotation: Any) -> Iterator[type[FileModel]]:  # noqa: ANN401 # annotations have no common type
    """The models that an annotation names."""
    if isinstance(annotation, type) and issubclass(annotation, FileModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from models_in(argument)
