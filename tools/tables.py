"""Write the tables of docs/*.md from the schemas, between `<!-- table: NAME -->` and `<!-- end -->`.

`python tools/tables.py` writes them; a test says that they are current.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from re import DOTALL, Match
from re import compile as regex
from typing import Any

ROOT = Path(__file__).parent.parent
_TABLE = regex(r"(<!-- table: ([a-z]+)[^>]*-->\n).*?(<!-- end -->)", DOTALL)
_COUNTED = (("minLength", "maxLength", "characters"), ("minItems", "maxItems", "entries"), ("minimum", "maximum", ""))
_MORE = {"exclusiveMinimum": "more than {}", "pattern": "`{}`"}
_SAME = "What each entry may be, declared in the same way."
_COUNTRIES = ("JP", "TH", "TW")
# A filter as it is written in an expression, a value, and the words that may be given to it.
_FILTERS: tuple[tuple[str, Any, tuple[Any, ...], str], ...] = (
    ("date", "2024-08-10", (), "the same as `date('long')`"),
    ("date", "2024-08-10", ("full",), ""),
    ("date", "2024-08-10", ("medium",), ""),
    ("date", "2024-08-10", ("short",), ""),
    ("date", "2024-08-10", ("long-weekday",), "LINE's own way in Japan"),
    ("date", "2024-08-10", ("weekday",), ""),
    ("date", "2024-08-10", ("month-day",), ""),
    ("date", "2024-12-31T15:30:00Z", (), "the day that it is in the country then"),
    ("time", "14:30", (), "the same as `time('short')`; there are `'medium'`, `'long'`, `'full'` too"),
    ("time", "14:30", ("hm",), "24 hours everywhere"),
    ("time", "2024-12-31T15:30:00Z", ("hm",), "the time that it is in the country then"),
    ("number", 12000, (), ""),
    ("currency", 12000, (), "in the country's money"),
    ("currency", 12000, ("USD",), "in another, by its ISO 4217 code"),
    ("urlencode", "A/1 &", (), "a text made safe inside a URL"),
    ("truncate", "スープセット（冷凍）", (8,), "at most 8 UTF-16 units, the `…` included"),
    ("default", "", ("なし",), "another text where the value is empty"),
)


def filled(text: str) -> str:
    """A page with its tables as the schemas have them now."""

    def table(found: Match[str]) -> str:
        return found[1] + "\n".join(TABLES[found[2]]()) + "\n" + found[3]

    return _TABLE.sub(table, text)


def pages() -> list[Path]:
    """The pages that hold tables."""
    return [page for page in sorted((ROOT / "docs").glob("*.md")) if _TABLE.search(page.read_text(encoding="utf-8"))]


def _spec() -> Iterator[str]:
    spec = _schema("spec")
    del spec["properties"]["message"]  # it has a table of its own
    return _rows(_properties(spec, spec))


def _message() -> Iterator[str]:
    message = _schema("template-message")
    del message["properties"]["messages"]  # only there to be refused
    return _rows(_properties(message, message))


def _variable() -> Iterator[str]:
    variable = _schema("variable")
    return _rows(_properties(variable, {}, deep=False))


def _config() -> Iterator[str]:
    from pnpc.project.config_schema import whole

    config = whole()
    return _rows(_properties(config, config, deep=False))


def _people() -> Iterator[str]:
    people = _data("people")
    yield f"| person | {' | '.join(people['numbers'])} | |"
    yield "|---|---|---|---|---|"
    for name, one in people["kinds"].items():
        numbers = " | ".join(f"`{start}{one['number']}`" for start in people["numbers"].values())
        yield f"| `{name}` | {numbers} | {one['says']} |"


def _emulator() -> Iterator[str]:
    yield "| setting | default | whose | |"
    yield "|---|---|---|---|"
    for name, one in _schema("emulator-scenario")["$defs"]["settings"]["properties"].items():
        default = json.dumps(one["default"]) if "default" in one else ""
        shown = f"`{default}`" if default else ""
        yield f"| `{name}` | {shown} | {one['x-source']} | {one['description']} |"


def _faults() -> Iterator[str]:
    definitions = _schema("emulator-scenario")["$defs"]
    yield "| type | what goes wrong | keys |"
    yield "|---|---|---|"
    for name in definitions["fault"]["properties"]["type"]["enum"]:
        keys = ", ".join(f"`{key}`" for key in definitions[name]["properties"] if key not in ("type", "when", "times"))
        yield f"| `{name}` | {definitions[name]['description']} | {keys} |"


def _filters() -> Iterator[str]:
    from pnpc.language.filling.filters import MAKERS

    yield "| filter | of | for `JP` | for `TH` | for `TW` | |"
    yield "|---|---|---|---|---|---|"
    for name, value, words, note in _FILTERS:
        written = name + (f"({', '.join(map(repr, words))})" if words else "")
        results = [MAKERS[name](country)(value, *words) for country in _COUNTRIES]
        yield f"| `{written}` | {value} | {' | '.join(results)} | {note} |"


def _lengths() -> Iterator[str]:
    """The longest that each named format makes, in UTF-16 units, and a date or time that makes it."""
    from pnpc.language.expressions.expression import FORMATS
    from pnpc.language.filling.filters import MAKERS

    stored = json.loads((ROOT / "schemas" / "lengths.json").read_text(encoding="utf-8"))
    yield "| filter | " + " | ".join(f"`{country}`" for country in _COUNTRIES) + " |"
    yield "|---|" + "---|" * len(_COUNTRIES)
    for name, formats in FORMATS.items():
        for format_ in formats:
            cells = []
            for country in _COUNTRIES:
                found = stored[country][name][format_]
                longest = max((MAKERS[name](country)(one, format_) for one in found["reached"]), key=len)
                cells.append(f"{found['units']}: {longest}")
            yield f"| `{name}('{format_}')` | {' | '.join(cells)} |"


TABLES: dict[str, Callable[[], Iterator[str]]] = {
    "spec": _spec,
    "message": _message,
    "variable": _variable,
    "config": _config,
    "filters": _filters,
    "lengths": _lengths,
    "people": _people,
    "emulator": _emulator,
    "faults": _faults,
}


def _schema(name: str) -> dict[str, Any]:
    return _data(f"{name}.schema")


def _data(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "schemas" / f"{name}.json").read_text(encoding="utf-8"))
    return found


def _properties(
    schema: dict[str, Any], root: dict[str, Any], prefix: str = "", *, deep: bool = True
) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Each key's path, its schema, and whether it is required."""
    for key, found in schema.get("properties", {}).items():
        part = _resolved(found, root)
        yield prefix + key, part, key in schema.get("required", ())
        if deep:
            yield from _properties(part, root, f"{prefix}{key}.")
            yield from _properties(_resolved(part.get("items", {}), root), root, f"{prefix}{key}[].")


def _resolved(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = schema
    reference = schema.get("$ref", "")
    if reference == "fallback.schema.json":
        return _schema("fallback")
    if reference.startswith("#/"):
        found = root
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
    return found


def _rows(properties: Iterator[tuple[str, dict[str, Any], bool]]) -> Iterator[str]:
    yield "| key | type | limits | what it is |"
    yield "|---|---|---|---|"
    for path, schema, required in properties:
        kind = schema.get("type", "")
        limits = [*_limits(schema), *(_limits(schema.get("items", {})) if kind == "array" else ())]
        marked = f"`{path}`" + (" (required)" if required else "")
        default = f" Default: {json.dumps(schema['default'])}." if "default" in schema else ""
        told = schema.get("description", _SAME if "$ref" in schema else "") + default
        yield f"| {marked} | {kind} | {_cell(', '.join(limits))} | {_cell(told)} |"


def _limits(schema: dict[str, Any]) -> Iterator[str]:
    yield from (f"`{value}`" for value in schema.get("enum", [schema["const"]] if "const" in schema else ()))
    for least, most, unit in _COUNTED:
        if most in schema:
            yield f"{schema.get(least, 0)} to {schema[most]} {unit}".rstrip()
        elif least in schema:
            yield "not empty" if unit and schema[least] == 1 else f"at least {schema[least]} {unit}".rstrip()
    yield from (words.format(schema[key]) for key, words in _MORE.items() if key in schema)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    for one in pages():
        one.write_text(filled(one.read_text(encoding="utf-8")), encoding="utf-8")
