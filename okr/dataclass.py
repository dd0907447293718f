"""Data classes and named tuples as the standard library makes them, but so that one costs next to nothing before it is used.

Writing and compiling the methods of a data class takes a third of a millisecond, and a short command imports two hundred
of which it uses a few. Here each method is written when it is first looked up; `dataclasses.fields` works as ever. Of a
named tuple's annotations `typing` compiles each one, and the first of a process takes a millisecond; here they stay text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    # To whoever reads the code, types included, these are the data classes that everybody knows.
    from collections.abc import Callable, Iterable
    from dataclasses import dataclass, field, replace
    from typing import NamedTuple

__all__ = ["NamedTuple", "dataclass", "field", "replace"]

_FIELDS = "__dataclass_fields__"
_MISSING: Any = object()


class _Field:
    """What is said of a field besides its type."""

    __slots__ = ("default", "factory", "init")

    def __init__(self, default: object, factory: Callable[[], object] | None, *, init: bool) -> None:
        self.default = default
        self.factory = factory
        self.init = init


_PLAIN = _Field(_MISSING, None, init=True)


class _Fields:
    """The fields of a class by name, its bases' before its own; `dataclasses` finds its own form of them here."""

    __slots__ = ("by_name", "frozen")

    def __init__(self, by_name: dict[str, _Field], *, frozen: bool) -> None:
        self.by_name = by_name
        self.frozen = frozen

    def __get__(self, _: object, owner: type) -> dict[str, Any]:
        import dataclasses

        said: dict[str, Any] = {"__annotations__": dict.fromkeys(self.by_name, "object")}
        for name, each in self.by_name.items():
            if each.factory is not None:
                said[name] = dataclasses.field(default_factory=each.factory, init=each.init)
            elif each.default is not _MISSING:
                said[name] = dataclasses.field(default=each.default, init=each.init)
        alike: Any = dataclasses.dataclass(type(owner.__name__, (), said))
        found: dict[str, Any] = alike.__dataclass_fields__
        return found


class _Later:
    """A method that is written and compiled when it is first looked up, and stands in its class from then on."""

    __slots__ = ("name", "write")

    def __init__(self, name: str, write: Callable[[type, dict[str, Any]], str]) -> None:
        self.name = name
        self.write = write

    def __get__(self, instance: object, owner: type) -> Any:  # noqa: ANN401 # a function, or one bound to the instance
        cls = next(each for each in owner.__mro__ if each.__dict__.get(self.name) is self)
        known: dict[str, Any] = {"__name__": cls.__module__}
        text = self.write(cls, known)
        exec(text, known)  # noqa: S102 # made of nothing but the names of fields
        method = known[self.name]
        method.__qualname__ = f"{cls.__qualname__}.{self.name}"
        setattr(cls, self.name, method)
        return method if instance is None else method.__get__(instance, owner)


def _fields_of(cls: type) -> _Fields:
    found: _Fields = next(each.__dict__[_FIELDS] for each in cls.__mro__ if _FIELDS in each.__dict__)
    return found


# What is written later


def _write_init(cls: type, known: dict[str, Any]) -> str:
    fields = _fields_of(cls)
    parameters, body = ["self"], []
    known["missing__"] = _MISSING
    for name, each in fields.by_name.items():
        parameter = value = name
        if each.factory is not None:
            known[f"made_{name}__"] = each.factory
            parameter = f"{name}=missing__"
            value = f"made_{name}__() if {name} is missing__ else {name}" if each.init else f"made_{name}__()"
        elif each.default is not _MISSING:
            known[f"default_{name}__"] = each.default
            parameter = f"{name}=default_{name}__"
            value = name if each.init else f"default_{name}__"
        if each.init:
            parameters.append(parameter)
        body.append(_set(cls, name, value, known) if fields.frozen else f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    return f"def __init__({', '.join(parameters)}):\n " + "\n ".join(body or ["pass"])


def _set(cls: type, name: str, value: str, known: dict[str, Any]) -> str:
    slot: Any = getattr(cls, name, None)
    if type(slot).__name__ == "member_descriptor":  # faster than to look for it each time
        known[f"set_{name}__"] = slot.__set__
        return f"set_{name}__(self, {value})"
    known["set__"] = object.__setattr__
    return f"set__(self, {name!r}, {value})"


def _write_eq(cls: type, _: dict[str, Any]) -> str:
    fields = _fields_of(cls).by_name
    return (
        "def __eq__(self, other):\n"
        " if other.__class__ is self.__class__:\n"
        f"  return {_tuple('self', fields)} == {_tuple('other', fields)}\n"
        " return NotImplemented"
    )


def _write_hash(cls: type, _: dict[str, Any]) -> str:
    return f"def __hash__(self):\n return hash({_tuple('self', _fields_of(cls).by_name)})"


def _tuple(of: str, names: Iterable[str]) -> str:
    return f"({''.join(f'{of}.{name}, ' for name in names)})"


_INIT = _Later("__init__", _write_init)
_EQ = _Later("__eq__", _write_eq)
_HASH = _Later("__hash__", _write_hash)


# What all classes share


def _repr(self: object) -> str:
    fields = _fields_of(type(self)).by_name
    return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in fields)})"


def _refuse_to_set(_self: object, name: str, _value: object) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _refuse_to_delete(_self: object, name: str) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _get_state(self: object) -> list[object]:
    return [getattr(self, name) for name in _fields_of(type(self)).by_name]


def _set_state(self: object, state: list[object]) -> None:
    for name, value in zip(_fields_of(type(self)).by_name, state, strict=True):
        object.__setattr__(self, name, value)


_FROZEN = {"__setattr__": _refuse_to_set, "__delattr__": _refuse_to_delete}
_FROZEN_SLOTS = {"__getstate__": _get_state, "__setstate__": _set_state}


def _made(cls: type, *, frozen: bool, slots: bool, eq: bool) -> type:
    own = _own_fields(cls)
    inherited: dict[str, _Field] = {}
    for base in reversed(cls.__mro__[1:]):
        inherited |= base.__dict__[_FIELDS].by_name if _FIELDS in base.__dict__ else {}
    fields = inherited | own
    said = {name: value for name, value in cls.__dict__.items() if name not in own}
    if "__eq__" in said and said.get("__hash__", True) is None:
        del said["__hash__"]  # Python's own, for a class that has one and not the other
    methods = _methods(frozen=frozen, slots=slots, eq=eq)
    methods[_FIELDS] = _Fields(fields, frozen=frozen)
    methods["__match_args__"] = tuple(name for name, each in fields.items() if each.init)
    if slots:
        for name in ("__dict__", "__weakref__"):
            said.pop(name, None)
        methods |= said
        methods["__qualname__"] = cls.__qualname__
        methods["__slots__"] = tuple(name for name in own if name not in inherited)
        return type(cls)(cls.__name__, cls.__bases__, methods)
    methods |= {name: each.default for name, each in own.items() if each.default is not _MISSING}
    for name in methods.keys() - said.keys():
        setattr(cls, name, methods[name])
    for name in own.keys() & cls.__dict__.keys() - methods.keys():
        delattr(cls, name)  # what says how it is made
    return cls


def _own_fields(cls: type) -> dict[str, _Field]:
    found = {}
    for name, annotation in cls.__annotations__.items():
        if not annotation.startswith("ClassVar"):
            value = cls.__dict__.get(name, _PLAIN)
            found[name] = value if isinstance(value, _Field) else _Field(value, None, init=True)
    return found


def _methods(*, frozen: bool, slots: bool, eq: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"__init__": _INIT, "__repr__": _repr}
    if eq:
        found |= {"__eq__": _EQ, "__hash__": _HASH if frozen else None}
    if frozen:
        found |= _FROZEN
        found |= _FROZEN_SLOTS if slots else {}
    return found


if not TYPE_CHECKING:
    # ruff: noqa: ANN001, ANN003, ANN201, ANN204 # their types are those of the standard library's, imported above

    def dataclass(cls=None, /, *, frozen=False, slots=False, eq=True):
        """Makes a data class; as in `dataclasses`, as far as okr needs it."""
        if cls is None:
            return lambda cls: _made(cls, frozen=frozen, slots=slots, eq=eq)
        return _made(cls, frozen=frozen, slots=slots, eq=eq)

    def field(*, default=_MISSING, default_factory=None, init=True):
        """A field with more to it than its type; as in `dataclasses`, as far as okr needs it."""
        return _Field(default, default_factory, init=init)

    def replace(instance, /, **changes):
        """The same with other values for some fields."""
        cls = type(instance)
        for name, each in _fields_of(cls).by_name.items():
            if each.init and name not in changes:
                changes[name] = getattr(instance, name)
        return cls(**changes)

    class _NamedTupleMaker(type):
        """Makes a named tuple of what a class that derives from `NamedTuple` says."""

        def __new__(cls, name, _bases, said):
            from collections import namedtuple

            fields = said.pop("__annotations__", {})
            defaults = [said.pop(each) for each in fields if each in said]
            made = namedtuple(name, fields, defaults=defaults, module=said["__module__"])  # noqa: PYI024 # this is how `typing` makes them
            made.__annotations__ = fields
            for each, value in said.items():
                setattr(made, each, value)
            return made

    NamedTuple = type.__new__(_NamedTupleMaker, "NamedTuple", (), {})
