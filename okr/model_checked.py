"""The kinds of files as pydantic's models: what says where something is wrong, and makes the JSON Schemas.

Made from the same annotations as `model_base.py` reads, and only when they are needed.
"""

from __future__ import annotations

import sys
import types
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

from pydantic import BaseModel, ConfigDict, Field
from pydantic_core import core_schema

from okr import model_types

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler


class _Checked(BaseModel):
    """The base of all of them: frozen, and unknown keys are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True, arbitrary_types_allowed=True)


@cache
def checked(kind: Any) -> type[BaseModel]:  # noqa: ANN401 # a kind of file, which stands on a floor above
    """A kind of file as a model of pydantic's, of the same name."""
    known = {**sys.modules[kind.__module__].__dict__, **vars(model_types)}
    own = type(
        kind.__name__, (), {"__annotations__": {name: kind.__annotations__[name] for name in kind.names()}}
    )
    hints = get_type_hints(own, globalns=known, localns=known, include_extras=True)
    said: dict[str, Any] = {
        "__module__": kind.__module__,
        "__qualname__": kind.__qualname__,
        "__doc__": kind.__doc__,
    }
    annotations: dict[str, Any] = {}
    for name in kind.names():
        written = kind.written_as.get(name)
        annotations[name] = hints[name] if written is None else Annotated[hints[name], Field(alias=written)]
        if hasattr(kind, name):
            said[name] = getattr(kind, name)
    said["__annotations__"] = annotations
    return types.new_class(kind.__name__, (_Checked,), exec_body=lambda body: body.update(said))


def schema_within(kind: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:  # noqa: ANN401 # as above
    """How pydantic reads a kind as a part of another: as its model, then turned into ours."""
    return core_schema.no_info_wrap_validator_function(
        lambda value, read: value if isinstance(value, kind) else kind.of_checked(read(value)),
        handler.generate_schema(checked(kind)),
        serialization=core_schema.plain_serializer_function_ser_schema(lambda found: found.model_dump()),
    )
