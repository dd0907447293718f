"""Data classes of okr's own making, beside those of the standard library."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from functools import cached_property
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar

import pytest

from okr import dataclass as ours

T = TypeVar("T")


def _family(dataclass: Any, field: Any) -> dict[str, Any]:
    """The same classes, by one maker or by the other."""

    @dataclass(frozen=True, slots=True)
    class Point:
        """A place."""

        dimensions: ClassVar[int] = 2
        x: float
        y: float = 0.0

        @property
        def far(self) -> float:
            return max(self.x, self.y)

    @dataclass(frozen=True, slots=True)
    class Named(Point, Generic[T]):
        name: str = "here"
        tags: list[str] = field(default_factory=list)

    @dataclass(frozen=True)
    class Loose:
        x: float
        names: dict[str, int] = field(default_factory=dict)

        @cached_property
        def twice(self) -> float:
            return 2 * self.x

    @dataclass(slots=True)
    class Counter:
        made: int = field(default=7, init=False)
        seen: int = 0

    @dataclass(slots=True, eq=False)
    class Itself:
        x: float

    @dataclass
    class Open:
        x: float
        seen: list[int] = field(default_factory=list)

        def __post_init__(self) -> None:
            self.more = self.x + 1

    @dataclass(frozen=True, slots=True)
    class Empty:
        pass

    @dataclass(frozen=True, slots=True)
    class Alike:
        x: float
        y: float = 0.0

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Alike) and other.x == self.x

        def __hash__(self) -> int:
            return hash(self.x)

    return {name: each for name, each in locals().items() if isinstance(each, type)}


OURS = _family(ours.dataclass, ours.field)
THEIRS = _family(dataclasses.dataclass, dataclasses.field)
CALLS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    ((), {}), ((1.5,), {}), ((1.5, 2.5), {}), ((), {"x": 1.5}), ((1.5,), {"y": 2.5}), ((1.5,), {"x": 2.5}),
    ((1.5, 2.5, "there", ["a"]), {}), ((1.5,), {"tags": ["b"]}), ((1.5,), {"names": {"a": 1}}), ((), {"z": 1}),
    ((1.5,), {"made": 1}), ((1, 2, 3, 4, 5), {}), ((float("nan"),), {}),
]  # fmt: skip


def _made(cls: Any, args: tuple[Any, ...], named: dict[str, Any]) -> Any:
    try:
        return cls(*args, **named)
    except TypeError as error:
        return str(error)


def _told(act: Any, *args: object, **named: object) -> object:
    try:
        return act(*args, **named)
    except (TypeError, AttributeError, ValueError) as error:
        return type(error), str(error)


@pytest.mark.parametrize("name", OURS)
def test_a_class_does_what_the_standard_librarys_does(name: str) -> None:
    mine, its = ([_made(each[name], *call) for call in CALLS] for each in (OURS, THEIRS))
    assert list(map(repr, mine)) == list(map(repr, its))
    for one, its_one in zip(mine, its, strict=True):
        assert [one == other for other in mine] == [its_one == other for other in its]
        if not isinstance(one, str):
            assert one != its_one
            assert list(map(repr, _changed(one, ours.replace))) == list(
                map(repr, _changed(its_one, dataclasses.replace))
            )


def _changed(made: Any, replace: Any) -> list[object]:
    """What comes of looking at one, changing and copying it."""
    fields = [each.name for each in dataclasses.fields(made)]
    found = [
        copy.deepcopy(made),
        dataclasses.asdict(made),
        dataclasses.astuple(made),
        _told(replace, made, x=4.5),
    ]
    if type(made).__name__ != "Itself":  # one is not the other: so say their ids
        found.append(_told(hash, made))
    for name in (*fields, "odd"):
        for act, more in ((setattr, (9,)), (delattr, ())):
            copied = copy.copy(made)
            # What the standard library says of a name that is no field is a mistake of its own.
            told = _told(act, copied, name, *more)
            found += [told if name in fields else isinstance(told, tuple), _told(repr, copied)]
    return found


@pytest.mark.parametrize("name", OURS)
def test_a_class_looks_as_the_standard_librarys_does(name: str) -> None:
    mine, its = OURS[name], THEIRS[name]
    parameters = [list(inspect.signature(each).parameters) for each in (mine, its)]
    assert parameters[0] == parameters[1]
    assert mine.__match_args__ == its.__match_args__
    assert getattr(mine, "__slots__", None) == getattr(its, "__slots__", None)
    assert mine.__dict__.keys() - {"__getstate__", "__setstate__"} >= its.__dict__.keys() - {
        "__dataclass_params__", "__getstate__", "__setstate__", "__replace__",
    }  # fmt: skip
    told = [
        [(f.name, f.default, f.default_factory, f.init) for f in dataclasses.fields(each)]
        for each in (mine, its)
    ]
    assert told[0] == told[1]
    assert dataclasses.is_dataclass(mine)


def test_what_is_made_once_is_not_shared() -> None:
    first, second = OURS["Named"](1.0), OURS["Named"](1.0)
    first.tags.append("mine")
    assert second.tags == []
    loose = OURS["Loose"](2.0)
    assert (loose.twice, loose.twice, OURS["Open"](2.0).more) == (4.0, 4.0, 3.0)


@ours.dataclass(frozen=True, slots=True)
class Sent:
    """What goes from one process to another."""

    name: str
    parts: tuple[int, ...] = ()


def test_what_is_sent_to_another_process_arrives() -> None:
    assert pickle.loads(pickle.dumps(Sent("a", (1, 2)))) == Sent("a", (1, 2))
    match Sent("b", (3,)):
        case Sent(name, parts):
            assert (name, parts) == ("b", (3,))


def test_a_class_is_not_compiled_before_it_is_used() -> None:
    made = _family(ours.dataclass, ours.field)["Point"]
    assert [type(made.__dict__[name]).__name__ for name in ("__init__", "__eq__", "__hash__")] == [
        "_Later"
    ] * 3
    assert made(1.0) == made(1.0)
    kinds = [type(made.__dict__[name]).__name__ for name in ("__init__", "__eq__", "__hash__")]
    assert kinds == ["function", "function", "_Later"]


class TheirPair(NamedTuple):
    """Two."""

    x: int
    y: list[int] | None = None

    @property
    def sum(self) -> int:
        return self.x + len(self.y or ())


class OurPair(ours.NamedTuple):
    """Two."""

    x: int
    y: list[int] | None = None

    @property
    def sum(self) -> int:
        return self.x + len(self.y or ())


def test_a_named_tuple_is_what_the_standard_librarys_is() -> None:
    told = []
    cls: Any
    for cls in (OurPair, TheirPair):
        made = [cls(1), cls(1, [2]), cls(y=[3], x=2)]
        assert [pickle.loads(pickle.dumps(each)) for each in made] == made
        assert {type(copy.deepcopy(each)) for each in made} == {cls}
        told.append([
            made, [each.sum for each in made], [each._asdict() for each in made], made[0]._replace(x=4),
            [repr(each).partition("(")[2] for each in made], cls._fields, cls._field_defaults, cls.__doc__,
            cls.__mro__[1:], list(inspect.signature(cls).parameters), cls.__module__, cls.__match_args__,
            _told(cls), _told(cls, 1, 2, 3), _told(cls, z=1), _told(setattr, made[0], "x", 2), list(cls.__annotations__),
        ])  # fmt: skip
    assert repr(told[0]).replace("OurPair", "TheirPair") == repr(told[1])
    assert OurPair.__qualname__ == "OurPair"
