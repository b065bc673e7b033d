"""The schema files, read once; `$ref` may point into other files. JSON Schema draft 2020-12, a closed set of keywords."""

import json
from collections.abc import Mapping
from typing import Any

from pnpc.data import read_text

Schema = dict[str, Any]

# All keywords that the checker understands. A test fails for a schema with any other keyword.
ASSERTIONS = frozenset(
    ("type", "properties", "required", "additionalProperties", "patternProperties", "propertyNames", "items")
    + ("minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "minLength", "maxLength", "pattern")
    + ("enum", "const", "minimum", "maximum", "exclusiveMinimum", "$ref", "allOf", "if", "then", "else")
)
ANNOTATIONS = frozenset(
    ("$schema", "$id", "$defs", "$comment", "title", "description", "markdownDescription", "examples", "default")
    + (
        "format",
        "deprecated",
        "x-count",
        "x-source",
        "x-since",
        "x-rule",
        "x-says",
        "x-expressions",
        "x-fixed-text",
        "x-instead",
    )
    + ("x-media", "x-deprecated")
)

# A part of a schema with this keyword has everything of the part that it names, except for the keys that it has itself.
# It is resolved when the file is read, so neither the checker nor an editor ever sees the keyword.
BASED_ON = "x-based-on"

_files: dict[str, Schema] = {}


def load(name: str) -> Schema:
    """The schema `schemas/<name>.schema.json`, with BASED_ON resolved; read once."""
    if name not in _files:
        text = read_text("schemas", f"{name}.schema.json")
        written = json.loads(text)
        _files[name] = _complete(written, name) if BASED_ON in text else written
    return _files[name]


def _complete(schema: Any, name: str) -> Any:
    """A schema with BASED_ON resolved in all its parts: the same object under Sinch's names has the same limits."""
    if isinstance(schema, list):
        return [_complete(part, name) for part in schema]
    if not isinstance(schema, dict):
        return schema
    own = {key: _complete(part, name) for key, part in schema.items() if key != BASED_ON}
    return {**resolve(schema[BASED_ON], name)[0], **own} if BASED_ON in schema else own


def listed(schema: Mapping[str, Any]) -> list[Any] | None:
    """The values that `const` or `enum` allows; None if the schema has neither."""
    if "const" in schema:
        return [schema["const"]]
    values = schema.get("enum")
    return values if isinstance(values, list) else None


def resolve(ref: str, name: str) -> tuple[Schema, str]:
    """The schema that `ref` names in the file `name`, and the name of the file in which it stands."""
    file, _, pointer = ref.partition("#")
    name = file.removesuffix(".schema.json") if file else name
    part: Any = load(name)
    for step in pointer.strip("/").split("/"):
        if step:
            part = part[step.replace("~1", "/").replace("~0", "~")]
    return part, name
