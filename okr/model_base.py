"""What all kinds of files have in common: frozen, unknown keys refused, and read without pydantic where all is well.

A kind's annotations are its only description. Here they are read as a table of small functions, for values of just the
types that YAML gives; whatever is not of that form is pydantic's to judge (`model_checked.py`), and tests hold the two
to the same. Importing pydantic and building its models took half of what a short command takes.
"""

from __future__ import annotations

import re
import sys
from enum import StrEnum
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, ClassVar, Self, dataclass_transform

from okr.model_values import (
    ID_PATTERN,
    LONGEST_ID,
    read_day,
    read_id,
    read_moment,
    read_number,
    read_start,
    read_target,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

    Reading = Callable[[Any], Any]


class NotPlainError(ValueError):
    """A value is not of the form in which values are read here: whether it is wrong is for pydantic to say."""


class _Kind(type):
    """The class of all kinds."""

    @property
    def model_fields(cls) -> dict[str, FieldInfo]:
        """The fields of a kind as pydantic has them: what an editor offers, and what a schema says."""
        from okr.model_checked import checked  # pydantic is imported only where it is needed

        return checked(cls).model_fields


@dataclass_transform(kw_only_default=True, frozen_default=True)
class FileModel(metaclass=_Kind):
    """The base of everything a file may say.

    An instance holds what is said; what is not has its default from the class.
    """

    written_as: ClassVar[dict[str, str]] = {}
    """How a field is called in files, where that is no name for a field in Python."""
    _readings: ClassVar[tuple[dict[str, tuple[str, Reading]], frozenset[str]] | None] = None

    def __init__(self, **values: Any) -> None:  # noqa: ANN401 # each field has its own type
        """Takes what is said by the names of the fields.

        Raises:
            ValidationError: pydantic's; a value may not stand there, or one is missing.
        """
        names = type(self).written_as
        said = type(self).model_validate({names.get(name, name): each for name, each in values.items()})
        object.__setattr__(self, "__dict__", said.__dict__)

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The fields, in order."""
        return tuple(name for name, said in cls.__annotations__.items() if not said.startswith("ClassVar"))

    @classmethod
    def file_keys(cls) -> tuple[str, ...]:
        """The fields as files write them, in order."""
        return tuple(cls.written_as.get(name, name) for name in cls.names())

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Self | None:
        """What a mapping says, if all of it is plain and right; None where pydantic has to look at it."""
        readings, required = cls._readings or cls._prepare()
        said: dict[str, Any] = {}
        try:
            for key, value in data.items():
                name, reading = readings[key]
                said[name] = reading(value)
        except (KeyError, ValueError):
            return None
        return cls.of_plain(said) if required <= said.keys() else None

    @classmethod
    def model_validate(cls, data: object) -> Self:
        """What data say.

        Raises:
            ValidationError: pydantic's; it tells everything that is wrong.
        """
        if isinstance(data, cls):
            return data
        found = cls.read(data) if isinstance(data, dict) else None
        return found or cls.check(data)

    @classmethod
    def check(cls, data: object) -> Self:
        """What data say, as pydantic reads them.

        Raises:
            ValidationError: as `model_validate`.
        """
        return cls.of_checked(cls.checked().model_validate(data))

    @classmethod
    def checked(cls) -> type[BaseModel]:
        """The same kind as pydantic's model, built when first asked for."""
        from okr.model_checked import checked  # pydantic is imported only where it is needed

        return checked(cls)

    @classmethod
    def model_json_schema(cls, **options: Any) -> dict[str, Any]:  # noqa: ANN401 # pydantic's own options
        """The JSON Schema of the kind."""
        return cls.checked().model_json_schema(**options)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: Any) -> Any:  # noqa: ANN401 # pydantic's, not imported here
        """How pydantic reads this kind inside another one: as its own model of it, and back."""
        del source
        from okr.model_checked import schema_within  # as above

        return schema_within(cls, handler)

    @property
    def model_fields_set(self) -> set[str]:
        """The fields that are said, be it with their defaults."""
        return set(self.__dict__)

    def model_copy(self, *, update: Mapping[str, Any]) -> Self:
        """A copy with other values for some fields, which are not looked at."""
        return self.of_plain({**self.__dict__, **update})

    def model_dump(self) -> dict[str, Any]:
        """All fields, as JSON has them."""
        return {name: _dumped(getattr(self, name)) for name in self.names()}

    def __setattr__(self, name: str, value: object) -> None:
        """Nothing can be changed."""
        raise AttributeError(f"{type(self).__name__} is frozen: {name} can't be set")

    def __delattr__(self, name: str) -> None:
        """As above."""
        raise AttributeError(f"{type(self).__name__} is frozen: {name} can't be removed")

    def __eq__(self, other: object) -> bool:
        """Whether both are of one kind and say the same, be it by leaving out what is the default."""
        if type(self) is not type(other):
            return NotImplemented
        return self.__dict__ == other.__dict__ or self._values() == other._values()

    def __hash__(self) -> int:
        """Alike for what is equal."""
        return hash(self._values())

    def __repr__(self) -> str:
        """As it would be made."""
        said = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.names())
        return f"{type(self).__name__}({said})"

    def _values(self) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in self.names())

    @classmethod
    def of_plain(cls, said: dict[str, Any]) -> Self:
        """What is known to be right: the fields that are said, by name, each as reading gives it."""
        found = cls.__new__(cls)
        object.__setattr__(found, "__dict__", said)
        return found

    @classmethod
    def of_checked(cls, found: BaseModel) -> Self:
        """From pydantic's model of the kind, the parts of which are ours already."""
        return cls.of_plain(
            {name: getattr(found, name) for name in cls.names() if name in found.model_fields_set}
        )

    @classmethod
    def _prepare(cls) -> tuple[dict[str, tuple[str, Reading]], frozenset[str]]:
        module = sys.modules[cls.__module__].__dict__
        names = cls.names()
        cls._readings = (
            {
                cls.written_as.get(name, name): (name, _reading(cls.__annotations__[name], module))
                for name in names
            },
            frozenset(name for name in names if not hasattr(cls, name)),
        )
        return cls._readings


def _dumped(value: object) -> object:
    if isinstance(value, FileModel):
        return value.model_dump()
    if isinstance(value, tuple):
        return [_dumped(each) for each in value]
    if isinstance(value, dict):
        return {key: _dumped(each) for key, each in value.items()}
    return value.value if isinstance(value, StrEnum) else value


# Values of just the types that YAML gives, one function a type. All else is not plain, be it right or wrong.


def _reading(annotation: str, module: Mapping[str, Any]) -> Reading:
    """How a value is read whose type is written so."""
    if annotation in _READINGS:
        return _READINGS[annotation]
    for around, begins, ends in _AROUND:
        if annotation.startswith(begins) and annotation.endswith(ends):
            inner = annotation[len(begins) : len(annotation) - len(ends)]
            return partial(around, _reading(inner, module))
    if annotation.startswith("Literal["):
        words = annotation.removeprefix("Literal[").removesuffix("]").split(", ")
        return partial(_choice, {word.strip("\"'"): word.strip("\"'") for word in words})
    kind = module[annotation]
    return (
        partial(_choice, {each.value: each for each in kind})
        if issubclass(kind, StrEnum)
        else partial(_inner, kind)
    )


def _text(value: object) -> str:
    if type(value) is not str or not value or value.isspace() or not (value.isascii() or _is_whole(value)):
        raise NotPlainError
    return value


def _any_text(value: object) -> str:
    if type(value) is not str or not (value.isascii() or _is_whole(value)):
        raise NotPlainError
    return value


def _is_whole(text: str) -> bool:
    """Whether a text has no half of a character: pydantic takes none that has."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _id(value: object) -> str:
    if type(value) is str:
        if len(value) <= LONGEST_ID and _ID(value):
            return value
    elif type(value) is int:
        return read_id(value)
    raise NotPlainError


def _number(value: object) -> int | float:
    if type(value) is not int and type(value) is not float:
        raise NotPlainError
    return read_number(value)


def _start(value: object) -> object:
    return read_start(value) if type(value) is str else _number(value)


def _target(value: object) -> object:
    return read_target(value) if type(value) is str else _number(value)


def _within(least: float, most: float, value: object) -> int | float:
    number = _number(value)
    if not least <= number <= most:
        raise NotPlainError
    return number


def _whole_within(least: float, most: float, value: object) -> int:
    if type(value) is not int or not least <= value <= most:
        raise NotPlainError
    return value


def _flag(value: object) -> bool:
    if type(value) is not bool:
        raise NotPlainError
    return value


def _value(value: object) -> int | float | str | None:
    if value is None or type(value) is int or type(value) is float:
        number: int | float | None = value
        return number
    return _any_text(value)


def _day(value: object) -> object:
    if type(value) is not str:
        raise NotPlainError
    return read_day(value)


def _moment(value: object) -> object:
    if type(value) is not str:
        raise NotPlainError
    return known_moment(value)


_ID = re.compile(ID_PATTERN).fullmatch
known_moment = lru_cache(maxsize=8192)(read_moment)
"""Many lines name the same days: one object each."""


def _or_nothing(reading: Reading, value: object) -> object:
    return None if value is None else reading(value)


def _items(reading: Reading, value: object) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise NotPlainError
    return tuple([reading(each) for each in value])


def _items_or_one(reading: Reading, value: object) -> tuple[Any, ...]:
    return (reading(value),) if type(value) is str else _items(reading, value)


def _some(value: object) -> tuple[str, ...]:
    found = _items_or_one(_text, value)
    if not found:
        raise NotPlainError
    return found


def _pairs(reading: Reading, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise NotPlainError
    return {_any_text(key): reading(each) for key, each in value.items()}


def _choice(choices: Mapping[str, Any], value: object) -> object:
    if type(value) is not str:
        raise NotPlainError
    return choices[value]


def _inner(kind: type[FileModel], value: object) -> FileModel:
    found = kind.read(value) if isinstance(value, dict) else None
    if found is None:
        raise NotPlainError
    return found


_AROUND: tuple[tuple[Callable[[Reading, Any], Any], str, str], ...] = (
    (_or_nothing, "", " | None"),
    (_items, "tuple[", ", ...]"),
    (_pairs, "dict[str, ", "]"),
)
_ENDLESS = float("inf")
_READINGS: dict[str, Reading] = {
    "Text": _text,
    "Id": _id,
    "Number": _number,
    "Start": _start,
    "Target": _target,
    "Day": _day,
    "When": _moment,
    "References": partial(_items_or_one, _text),
    "Tags": partial(_items_or_one, _text),
    "FormerIds": partial(_items_or_one, _id),
    "Paths": _some,
    "Flag": _flag,
    "Month": partial(_whole_within, 1, 12),
    "DaysOfYear": partial(_whole_within, 1, 366),
    "Few": partial(_whole_within, 0, _ENDLESS),
    "Many": partial(_whole_within, 1, _ENDLESS),
    "Weight": partial(_within, 0, _ENDLESS),
    "Grade": partial(_within, 0, 1),
    "str": _any_text,
    "int | float | str | None": _value,
}
"""The types of `model_types.py` by name; all others are put together of them."""
