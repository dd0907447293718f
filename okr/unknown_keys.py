"""Keys that a file's kind does not know: which one was meant, where it belongs, or what else made a text into a key."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from okr.key_words import folded, key_called, stands_in_logs
from okr.model import FileModel, Initiative, KeyResult, Objective, Plan, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from okr.documents import LocatedMapping

_NEAR, _PERHAPS = 0.8, 0.6
_STUCK = re.compile(r"(?P<key>[\w-]+):(?P<value>\S.*)")
_DIGITS = re.compile(r"\d+")
_THOUSAND = 3
_LONGEST_SHOWN = 60
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
    by_fold = {folded(known): known for known in free}
    same = by_fold.get(folded(word)) or next(iter(get_close_matches(word, free, n=1, cutoff=_NEAR)), None)
    holder = _model_at(model, path)
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


def slip_in_braces(holder: LocatedMapping, key: str, known: Sequence[str]) -> Slip | None:
    """What made a text into a key without a value: a `,` in a number or a text, or a `:` without its space."""
    if not holder.flow or not _has_no_value(holder, key):
        return None
    stuck = _STUCK.fullmatch(key)
    if stuck is not None and stuck["key"] in known:
        return _stuck_colon(holder, key, stuck, known)
    names = list(holder.keys_at)
    position = names.index(key)
    before = position - 1
    while before >= 0 and names[before] not in known and _has_no_value(holder, names[before]):
        before -= 1
    if before < 0 or names[before] not in known:
        return None
    if before < position - 1:
        return Slip()
    run = [key]
    for name in names[position + 1 :]:
        if name in known or not _has_no_value(holder, name):
            break
        run.append(name)
    message = f"a `,` ends `{names[before]}` here, so that {quoted(key)} is taken for a key"
    return Slip(message, _joined(names[before], holder.get(names[before]), run), (names[before],))


def keys_at(model: type[FileModel], path: Sequence[str | int]) -> list[str]:
    """The keys that the mapping at a path may have, by the model's own fields."""
    holder = _model_at(model, path)
    return [] if holder is None else [field.alias or name for name, field in holder.model_fields.items()]


def _has_no_value(holder: LocatedMapping, key: str) -> bool:
    place = holder.values_at[key]
    return key in holder and holder[key] is None and place[:2] == place[2:]


def _stuck_colon(holder: LocatedMapping, key: str, stuck: re.Match[str], known: Sequence[str]) -> Slip:
    first = next(
        name
        for name in holder.keys_at
        if (found := _STUCK.fullmatch(name)) is not None and found["key"] in known
    )
    if first != key:
        return Slip(whole=True)
    message = f"no space behind the colon of `{stuck['key']}`"
    return Slip(message, f"write `{_short(stuck['key'] + ': ' + stuck['value'])}`", whole=True)


def _joined(name: str, value: object, run: Sequence[str]) -> str:
    """How to write a value that commas have cut in pieces."""
    if isinstance(value, (int, float)) and all(_DIGITS.fullmatch(each) for each in run):
        if all(len(each) == _THOUSAND for each in run):
            return f"write {value}{''.join(run)}, without separators"
        if len(run) == 1 and isinstance(value, int):
            return f"write {value}.{run[0]}, with a point"
    text = ", ".join((str(value), *run))
    return f'put the {name} in quotes: `{name}: "{_short(text)}"`'


def _where_it_belongs(word: str, model: type[FileModel], holder: type[FileModel] | None) -> str | None:
    """What other part of the file knows a key of this name."""
    if holder is None:
        return None
    for other in _all_models(model):
        if other is not holder and other in _HOLDERS and word in _fields(other):
            return _HOLDERS[other]
    return None


def _fields(model: type[FileModel]) -> Mapping[str, Any]:
    return {field.alias or name: field for name, field in model.model_fields.items()}


def _model_at(model: type[FileModel], path: Sequence[str | int]) -> type[FileModel] | None:
    here = model
    for step in path:
        if isinstance(step, str):
            field = _fields(here).get(step)
            inner = next(_models_in(field.annotation), None) if field else None
            if inner is None:
                return None
            here = inner
    return here


def _all_models(model: type[FileModel]) -> Iterator[type[FileModel]]:
    yield model
    for field in model.model_fields.values():
        for inner in _models_in(field.annotation):
            yield from _all_models(inner)


def _models_in(annotation: Any) -> Iterator[type[FileModel]]:  # noqa: ANN401 # annotations have no common type
    if isinstance(annotation, type) and issubclass(annotation, FileModel):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _models_in(argument)


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
