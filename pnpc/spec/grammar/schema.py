"""The schema files: read once, `$ref` resolved across files. Draft 2020-12, a closed set of keywords."""

from collections.abc import Mapping
from typing import Any

from pnpc.data import read_json

Schema = dict[str, Any]

# Everything the checker understands. A schema with another keyword is a mistake of ours; a test says so.
ASSERTIONS = frozenset(
    ("type", "properties", "required", "additionalProperties", "patternProperties", "propertyNames", "items")
    + ("minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "minLength", "maxLength", "pattern")
    + ("enum", "const", "minimum", "maximum", "exclusiveMinimum", "$ref", "allOf", "if", "then", "else")
)
ANNOTATIONS = frozenset(
    ("$schema", "$id", "$defs", "$comment", "title", "description", "markdownDescription", "examples", "default")
    + ("format", "deprecated", "x-count", "x-source", "x-since", "x-rule", "x-says", "x-expressions", "x-fixed-text")
    + ("x-media", "x-deprecated")
)

_files: dict[str, Schema] = {}


def load(name: str) -> Schema:
    """The schema `schemas/<name>.schema.json`, as written."""
    if name not in _files:
        _files[name] = read_json("schemas", f"{name}.schema.json")
    return _files[name]


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
