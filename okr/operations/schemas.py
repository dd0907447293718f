"""JSON Schemas of the files, made from the models: what editors complete and check while one types.

They say what each file by itself may say, its shape. Whether it makes sense beside the others is for the rules.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema

from okr import model
from okr.errors import OkrError, UsageError
from okr.files import is_taken, read_regular_file, replace_file
from okr.operations.schema_texts import EXAMPLES, TEXTS

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic_core import core_schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"

KINDS: dict[str, type[model.FileModel]] = {
    "plan": model.Plan,
    "log": model.LogRecord,
    "org": model.Org,
    "settings": model.Settings,
    "kpis": model.Kpis,
    "cycle": model.CycleFacts,
}
"""The kinds of file, each with the model of the file, or of one line of it for a log."""

_LOG_DESCRIPTION = (
    "checkins/<cycle>/<owner>.yaml and checkins/kpis.yaml: the check-ins, one a line; it only grows."
)
_LARGEST_SCHEMA = 1_000_000
"""Bytes; ours have a hundredth of it, so whatever is larger is no schema of ours."""


def schema_of(kind: str) -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a kind of file, keys in an order that never changes.

    Raises:
        UsageError: there is no such kind.
    """
    if kind not in KINDS:
        raise UsageError(f"there is no kind of file “{kind[:60]}”", f"the kinds are {', '.join(KINDS)}")
    made = KINDS[kind].model_json_schema(schema_generator=_Generator)
    definitions = made.pop("$defs", {})
    title, description = made.pop("title"), made.pop("description", "")
    if kind == "log":
        definitions["LogRecord"] = {"title": title, "description": description, **made}
        description = _LOG_DESCRIPTION
        made = {"type": "array", "items": {"$ref": "#/$defs/LogRecord"}}
    if "required" not in made:
        made["type"] = [made["type"], "null"]  # an empty file says nothing, and nothing has to be said
    whole = {"$schema": DIALECT, "$id": identifier(kind), "title": f"okr: {kind}", "description": description}
    return whole | made | ({"$defs": dict(sorted(definitions.items()))} if definitions else {})


def schema_text(kind: str) -> bytes:
    """The schema of a kind of file as the content of a file of its own."""
    return (json.dumps(schema_of(kind), indent=2) + "\n").encode()


def identifier(kind: str) -> str:
    """The `$id` of a kind's schema: a name and no address, for nothing is ever fetched."""
    return f"urn:okr:schema:{kind}"


def write_schemas(folder: Path, kinds: tuple[str, ...]) -> tuple[Path, ...]:
    """Writes schemas as `<kind>.json` into a folder, made if it is missing; earlier ones are replaced.

    Returns:
        The files, all of which hold the schemas now.

    Raises:
        UsageError: there is no such kind.
        OkrError: a file of that name is no schema of okr's, or can't be read or written.
    """
    texts = {folder / f"{kind}.json": schema_text(kind) for kind in kinds}
    standing = {path: _standing(path) for path in texts}
    for path, text in texts.items():
        if standing[path] != text:
            replace_file(path, text, expected=standing[path])
    return tuple(texts)


def _standing(path: Path) -> bytes | None:
    """What a file holds that is to be replaced; None where there is none."""
    if not is_taken(path):
        return None
    content = read_regular_file(path, root=path.parent, limit=_LARGEST_SCHEMA)
    try:
        found = json.loads(content)
    except ValueError:
        found = None
    if not (isinstance(found, dict) and found.get("$id") == identifier(path.stem)):
        raise OkrError(f"{path} is there already, and is no schema of okr's", "name another folder")
    return content


class _Generator(GenerateJsonSchema):
    """Adds what each key means; leaves out titles made from keys, and defaults that only say that nothing is there."""

    def model_schema(self, schema: core_schema.ModelSchema) -> dict[str, Any]:
        """A model's schema, with a description and examples of each of its keys."""
        made = super().model_schema(schema)
        name = schema["cls"].__name__
        for key, what in made["properties"].items():
            what["description"] = TEXTS[name][key]
            if key in EXAMPLES.get(name, {}):
                what["examples"] = EXAMPLES[name][key]
        return made

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> dict[str, Any]:
        """A value that may be left out; the default is told where it is a value."""
        made = super().default_schema(schema)
        if made.get("default") in (None, [], {}):
            made.pop("default", None)
        return made

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401 # three unrelated types of pydantic's
        """Never: a title such as “At Least” only repeats the key."""
        del schema
        return False
