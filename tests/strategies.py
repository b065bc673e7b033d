"""Valid message objects and single faults, drawn from the schema files themselves: a new property is covered at once."""

import re
from typing import Any, NamedTuple

from hypothesis import strategies as st

from pnpc.line.grammar.schema import ASSERTIONS, Schema, load, resolve
from pnpc.line.grammar.switch import discriminator
from pnpc.text.path import Path

# What one character counts in each unit. No control characters, none that YAML refuses and JSON takes.
UNITS = {
    "utf16": {"a": 1, "日": 1, "é": 1, "🍎": 2, "👨‍👩‍👧": 8},
    "grapheme": {"a": 1, "日": 1, "e\u0301": 1, "🍎": 1, "👨‍👩‍👧": 1, "🇯🇵": 1, "ก็": 1},
    "codepoint": {"a": 1, "日": 1, "e\u0301": 2, "🍎": 1, "👨‍👩‍👧": 5},
    "": {"a": 1, "日": 1},
}
_PLAIN = st.characters(min_codepoint=0x20, max_codepoint=0x7E)
_DEPTH = 6  # objects inside objects: a message, its bubble, a block, and components in boxes three deep
_LEAVES = frozenset(("text", "separator", "filler", "icon", "image", "button"))


class Site(NamedTuple):
    """One value of a drawn document: where it stands, and the schema that it satisfies."""

    path: Path
    schema: Schema
    home: str


class Drawn(NamedTuple):
    """A valid document and every value in it."""

    value: Any
    sites: list[Site]


@st.composite
def messages(draw, *, plain: bool = False) -> Drawn:
    """A valid message object, of any type; `plain`: with texts whose code points are what LINE counts."""
    maker = _Maker(draw, plain=plain)
    value = maker.make(load("message-object"), "message-object", (), _DEPTH)
    return Drawn(value, maker.sites)


@st.composite
def containers(draw) -> Drawn:
    """A valid bubble or carousel."""
    maker = _Maker(draw, plain=False)
    schema, home = resolve("#/$defs/container", "flex")
    return Drawn(maker.make(schema, home, (), _DEPTH), maker.sites)


class _Maker:
    def __init__(self, draw, *, plain: bool) -> None:
        self.draw = draw
        self.plain = plain
        self.sites: list[Site] = []

    def make(self, schema: Schema, home: str, path: Path, depth: int) -> Any:
        if "$ref" in schema:
            return self.make(*resolve(schema["$ref"], home), path, depth)
        if discriminator(schema, ASSERTIONS):
            return self.make(self.choose(schema, depth)["then"], home, path, depth)
        self.sites.append(Site(path, schema, home))
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        return getattr(self, f"make_{self.draw(st.sampled_from(kinds))}")(schema, home, path, depth)

    def choose(self, schema: Schema, depth: int) -> Schema:
        """One of the types of an object; deep down one that holds no others."""
        branches = schema["allOf"]
        if depth == _DEPTH:
            branches = branches + [one for one in branches if one["if"]["properties"]["type"]["const"] == "flex"] * 8
        if depth <= 2:
            flat = [one for one in branches if one["if"]["properties"]["type"]["const"] in _LEAVES]
            branches = flat or branches
        chosen: Schema = self.draw(st.sampled_from(branches))
        return chosen

    def make_object(self, schema: Schema, home: str, path: Path, depth: int) -> dict[str, Any]:
        properties = schema.get("properties", {})
        required = list(schema.get("required", ()))
        free = sorted(key for key, one in properties.items() if key not in required and one is not False)
        chosen = self.draw(st.lists(st.sampled_from(free), max_size=4, unique=True)) if free else []
        made = {key: self.make(properties[key], home, (*path, key), depth - 1) for key in [*required, *chosen]}
        if "propertyNames" in schema:
            for key in self.draw(st.lists(st.sampled_from(["a", "B_1", "x" * 20]), max_size=2, unique=True)):
                made[key] = self.make(schema["additionalProperties"], home, (*path, key), depth - 1)
        return made

    def make_array(self, schema: Schema, home: str, path: Path, depth: int) -> list[Any]:
        least, most = schema.get("minItems", 0), schema.get("maxItems", 3)
        count = self.draw(st.integers(least, min(most, max(least, 3))))
        if depth == _DEPTH - 1:  # near the root, now and then as many as there may be
            count = self.draw(st.sampled_from([count] * 9 + [most]))
        return [self.make(schema["items"], home, (*path, index), depth) for index in range(count)]

    def make_string(self, schema: Schema, home: str, path: Path, depth: int) -> str:
        if "const" in schema or "enum" in schema:
            return self.draw(st.sampled_from(schema.get("enum") or [schema["const"]]))
        if "pattern" in schema:
            return self.draw(matching(schema))
        unit = UNITS["" if self.plain else schema.get("x-count", "")]
        least, most = schema.get("minLength", 0), schema.get("maxLength", 30)
        size = self.draw(st.sampled_from([max(least, 3), max(least, 3), least, most]))
        return self.draw(st.sampled_from([sized(letter, weight, min(size, most)) for letter, weight in unit.items()]))

    def make_integer(self, schema: Schema, home: str, path: Path, depth: int) -> int:
        return self.draw(st.integers(schema.get("minimum", -5), 2000))

    def make_number(self, schema: Schema, home: str, path: Path, depth: int) -> float:
        return self.draw(st.sampled_from([0, 35.6796, -139.5, 90]))

    def make_boolean(self, schema: Schema, home: str, path: Path, depth: int) -> bool:
        return self.draw(st.booleans())

    def make_null(self, schema: Schema, home: str, path: Path, depth: int) -> None:
        return None


def sized(letter: str, weight: int, size: int) -> str:
    """A text of exactly so many units, of one letter as far as it goes."""
    return letter * (size // weight) + "a" * (size % weight)


def matching(schema: Schema):
    """Texts of a pattern that are within the length."""
    pattern = re.compile(schema["pattern"].removesuffix("$") + (r"\Z" if schema["pattern"].endswith("$") else ""))
    least, most = schema.get("minLength", 0), schema.get("maxLength", 1000)
    return st.from_regex(pattern, alphabet=_PLAIN).filter(lambda text: least <= len(text) <= most)


class Fault(NamedTuple):
    """A change that breaks exactly one thing: what to put at a path (or to take away), where it is told, by which rule."""

    path: Path
    value: Any
    told: Path
    rule: str
    removes: bool = False


WRONG = {"string": {"a": 1}, "integer": "x", "number": "x", "boolean": "true", "array": {"a": 1}, "object": ["a"]}


def faults(site: Site, value: Any) -> list[Fault]:
    """Every single fault that a value of a document can have."""
    schema, path = site.schema, site.path
    kind = schema["type"] if isinstance(schema["type"], str) else schema["type"][0]
    rules: dict[str, str] = schema.get("x-rule", {})
    found = [Fault(path, WRONG[kind], path, "wrong-type")]
    if value is None:
        return []
    if kind == "object":
        found += _faults_of_object(schema, path)
    if kind == "array":
        found += _faults_of_array(schema, path, value)
    if kind == "string":
        found += _faults_of_text(schema, path)
    if "minimum" in schema:
        found.append(Fault(path, schema["minimum"] - 1, path, rules.get("minimum", "out-of-range")))
    return found


def _faults_of_object(schema: Schema, path: Path) -> list[Fault]:
    if "propertyNames" in schema:
        emoji = {"type": "emoji", "productId": "a", "emojiId": "b"}
        many = {f"k{number}": emoji for number in range(schema["maxProperties"] + 1)}
        named = Fault((*path, "!owe"), emoji, (*path, "!owe"), "bad-value-format")
        return [named, Fault(path, many, path, "part-count")]
    found = [Fault((*path, "qqqqqqqq"), 1, (*path, "qqqqqqqq"), "unknown-key")]
    return found + [Fault((*path, key), None, path, "missing-key", removes=True) for key in schema.get("required", ())]


def _faults_of_array(schema: Schema, path: Path, value: list[Any]) -> list[Fault]:
    found = []
    if "maxItems" in schema and value:
        most = schema["maxItems"]
        found.append(Fault(path, [value[0]] * (most + 1), (*path, most), "part-count"))
    if schema.get("minItems", 0) > 1:
        found.append(Fault(path, value[: schema["minItems"] - 1], path, "part-count"))
    return found


def _faults_of_text(schema: Schema, path: Path) -> list[Fault]:
    found = []
    rules: dict[str, str] = schema.get("x-rule", {})
    if "const" in schema:
        found.append(Fault(path, "qqqqqqqq", path, "unknown-type"))
    if "enum" in schema:
        found.append(Fault(path, "qqqqqqqq", path, "value-not-allowed"))
    if "pattern" in schema:
        found.append(Fault(path, "~no~", path, rules["pattern"]))
    if "maxLength" in schema:
        head = "https://" if "://" in schema.get("pattern", "") else ""
        size = schema["maxLength"] + 1 - len(head)
        letters = {"a": 1} if "pattern" in schema else UNITS[schema["x-count"]]
        found += [
            Fault(path, head + sized(letter, weight, size), path, rules["maxLength"])
            for letter, weight in letters.items()
        ]
    if schema.get("minLength"):
        found.append(Fault(path, "", path, rules["minLength"]))
    return found


def broken(document: Any, fault: Fault) -> Any:
    """A document with a fault put in; the document itself stays as it was."""
    return _put(document, fault.path, fault)


def _put(value: Any, path: Path, fault: Fault) -> Any:
    if not path:
        return fault.value
    if isinstance(value, list):
        return [_put(one, path[1:], fault) if index == path[0] else one for index, one in enumerate(value)]
    if len(path) == 1 and fault.removes:
        return {key: one for key, one in value.items() if key != path[0]}
    return {**value, path[0]: _put(value.get(path[0]), path[1:], fault)}


def at(document: Any, path: Path) -> Any:
    """The value at a path."""
    for step in path:
        document = document[step]
    return document
