"""The types of the keys of files, for pydantic: what it checks of a value, and what a JSON Schema says of it.

`model.py` names them; imported only where pydantic is needed, to say what is wrong or to make a schema.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from okr.model_values import (
    ID_PATTERN,
    LARGEST_NUMBER,
    LONGEST_ID,
    Moment,
    RelativeTarget,
    read_day,
    read_id,
    read_list,
    read_moment,
    read_number,
    read_start,
    read_target,
    read_text,
)

# What JSON Schema says of values that pydantic only knows to go through a function of ours. Where a pattern can't
# say all that the function checks, it allows more, never less.
_NUMBER_SHAPE = {"type": "number", "minimum": -int(LARGEST_NUMBER), "maximum": int(LARGEST_NUMBER)}
_SCORE_SHAPE = {"type": "number", "minimum": 0, "maximum": 1}
_TEXT_SHAPE = {"type": "string", "pattern": r"\S"}
_WRITTEN_ID = {"type": "string", "pattern": ID_PATTERN, "maxLength": LONGEST_ID}
_ID_SHAPE = {"anyOf": [_WRITTEN_ID, {"type": "integer", "minimum": 0}]}
_DAY_PATTERN = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_TIME_PATTERN = (
    r"[Tt ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?([Zz]|[+-][0-9]{2}:?[0-9]{2})"
)
_RELATIVE_SHAPE = {"type": "string", "pattern": r"^\s*[+\-\u2212]\s*[0-9]{1,12}([.,][0-9]{1,12})?\s*%\s*$"}


def _one_or_list(one: dict[str, object], item: dict[str, object], **limits: int) -> WithJsonSchema:
    return WithJsonSchema({"anyOf": [one, {"type": "array", "items": item, **limits}]})


Number = Annotated[int | float, BeforeValidator(read_number), WithJsonSchema(_NUMBER_SHAPE)]
Start = Annotated[
    int | float | Literal["unknown"],
    BeforeValidator(read_start),
    WithJsonSchema({"anyOf": [_NUMBER_SHAPE, {"const": "unknown"}]}),
]
Target = Annotated[
    int | float | RelativeTarget,
    BeforeValidator(read_target),
    WithJsonSchema({"anyOf": [_NUMBER_SHAPE, _RELATIVE_SHAPE]}),
]
Text = Annotated[str, BeforeValidator(read_text), WithJsonSchema(_TEXT_SHAPE)]
Id = Annotated[str, BeforeValidator(read_id), Field(pattern=ID_PATTERN), WithJsonSchema(_ID_SHAPE)]
Day = Annotated[
    date, BeforeValidator(read_day), WithJsonSchema({"type": "string", "pattern": f"^{_DAY_PATTERN}$"})
]
When = Annotated[
    Moment,
    BeforeValidator(read_moment),
    WithJsonSchema({"type": "string", "pattern": f"^{_DAY_PATTERN}({_TIME_PATTERN})?$"}),
]
References = Annotated[tuple[Text, ...], BeforeValidator(read_list), _one_or_list(_TEXT_SHAPE, _TEXT_SHAPE)]
Tags = References
FormerIds = Annotated[tuple[Id, ...], BeforeValidator(read_list), _one_or_list(_WRITTEN_ID, _ID_SHAPE)]
Paths = Annotated[References, Field(min_length=1), _one_or_list(_TEXT_SHAPE, _TEXT_SHAPE, minItems=1)]
Flag = Annotated[bool, Field(strict=True)]
Month = Annotated[int, Field(ge=1, le=12, strict=True)]
DaysOfYear = Annotated[int, Field(ge=1, le=366, strict=True)]
Few = Annotated[int, Field(ge=0, strict=True)]
Many = Annotated[int, Field(ge=1, strict=True)]
Weight = Annotated[Number, Field(ge=0), WithJsonSchema(_NUMBER_SHAPE | {"minimum": 0})]
Grade = Annotated[Number, Field(ge=0, le=1), WithJsonSchema(_SCORE_SHAPE)]
