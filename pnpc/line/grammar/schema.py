"""The schema files: read once, `$ref` resolved across files. Draft 2020-12, a closed set of keywords."""

import json
from collections.abc import Mapping
from typing import Any

from pnpc.data import read_text

Schema = dict[str, Any]

# Everything the checker understands. A schema with another keyword is a mistake of ours; a test says so.
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

# A part of a schema that names another by this says all that the other says, but for what it says itself. It is worked
# out when the file is read: neither the checker nor an editor meets it.
BASED_ON = "x-based-on"

_files: dict[str, Schema] = {}


def load(name: str) -> Schema:
    """The schema `schemas/<name>.schema.json`; where it is based on other schemas, with what those say."""
    if name not in _files:
        text = read_text("schemas", f"{name}.schema.json")
        written = json.loads(text)
        _files[name] = _complete(written, name) if BASED_ON in text else written
    return _files[name]


def _complete(schema: Any, name: str) -> Any:
    """A schema with its parts that are based on others worked out: one object under other names has the same limits."""
    if isinstance(schema, list):
        return [_complete(part, name) for part in schema]
    if not isinstance(schema, dict):
        return schema
    own = {key: _complete(part, name) for key, part in schema.items() if key != BASED_ON}
    return {**resolve(schema[BASED_ON], name)[0], **own} if BASED_ON in schema else own


def listed(schema: Mapping[str, Any]) -> list[Any] | None:
    """The values that `const` or `enum` allow; None without either."""
    if "const" in schema:
        return [schema["const"]]
    values = schema.get("enum")
    return values if isinstance(values, list) else None


def resolve(ref: str, name: str) -> tuple[Schema, str]:
    """The schema that `ref` names, seen from the file `name`; and the file that it stands in."""
    file, _, pointer = ref.partition("#")
    name = file.removesuffix(".schema.json") if file else name
    found: Any = load(name)
    for step in pointer.strip("/").split("/"):
        if step:
            found = found[step.replace("~1", "/").replace("~0", "~")]
    return found, name
