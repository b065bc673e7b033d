"""Whether a variable's new declaration allows every value that its old one did, judged keyword by keyword.

The judgement is sound: a keyword counts as harmless only if the old declaration implies it. What can't be decided, such as
whether one pattern allows all that another does, counts as refusing.
"""

from collections.abc import Iterator, Mapping
from math import ceil, floor, isinf
from typing import Any, NamedTuple

from pnpc.compile.diff.meets import meets
from pnpc.line.grammar.run import same
from pnpc.line.grammar.schema import listed
from pnpc.text.path import Path

ABSENT = object()  # no such keyword: `None` would be a value
ANNOTATIONS = frozenset(("title", "description", "example", "examples", "default"))
_ANY = ("enum", "const")
_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_OF_TYPE = {
    "string": ("minLength", "maxLength", "pattern", "format"),
    "integer": _NUMBERS,
    "number": _NUMBERS,
    "array": ("minItems", "maxItems", "uniqueItems", "items"),
    "object": ("properties", "required", "additionalProperties"),
    "boolean": (),
}
_KNOWN = frozenset(("type", *_ANY, *(name for names in _OF_TYPE.values() for name in names)))

Schema = Mapping[str, Any]


class Bound(NamedTuple):
    """A keyword of a declaration that differs, at its path inside it; `before` and `after` may be ABSENT.

    `refuses`: whether a value that was allowed may be refused now.
    """

    path: Path
    before: Any
    after: Any
    refuses: bool


def compare(old: Schema, new: Schema, at: Path = ()) -> Iterator[Bound]:
    """The keywords in which two declarations differ; none of them refuses only if all values of `old` are allowed by `new`."""
    before, after = old.get("type"), new.get("type")
    if not _type_allows(before, after):
        yield Bound((*at, "type"), before, after, refuses=True)
        return
    if before != after:
        yield Bound((*at, "type"), before, after, refuses=False)
    for name in _keywords(old, new):
        yield from _keyword(name, old, new, at)


def _keywords(old: Schema, new: Schema) -> list[str]:
    """The keywords that matter to a value of the type, in the order in which they stand."""
    relevant = (*_ANY, *_OF_TYPE.get(str(new.get("type")), _KNOWN))
    names = dict.fromkeys((*new, *old))
    return [name for name in names if name in relevant or not (name in _KNOWN or is_annotation(name))]


def is_annotation(name: str) -> bool:
    """Whether a keyword says nothing about which values are allowed."""
    return name in ANNOTATIONS or name.startswith("x-")


def _type_allows(old: Any, new: Any) -> bool:
    return bool(old == new) or (old == "integer" and new == "number")


def _keyword(name: str, old: Schema, new: Schema, at: Path) -> Iterator[Bound]:
    before, after = old.get(name, ABSENT), new.get(name, ABSENT)
    if name == "items" and isinstance(before, Mapping) and isinstance(after, Mapping):
        yield from compare(before, after, (*at, "items"))
    elif name == "properties":
        yield from _properties(old, new, at)
    elif name == "additionalProperties":
        if before is not after:
            yield Bound((*at, name), before, after, after is False)
    elif before is ABSENT or after is ABSENT or not _same(before, after):
        yield Bound((*at, name), before, after, after is not ABSENT and not _implied(name, after, old))


def _same(before: Any, after: Any) -> bool:
    """2 and 2.0 are the same number, but validators divide by them differently."""
    return same(before, after) and isinstance(before, float) == isinstance(after, float)


def _properties(old: Schema, new: Schema, at: Path) -> Iterator[Bound]:
    """The members of an object: each of the old ones must still be allowed, with all of its values."""
    before, after = old.get("properties", {}), new.get("properties", {})
    for name in dict.fromkeys((*after, *before)):
        path = (*at, "properties", name)
        if name in before and name in after:
            yield from compare(before[name], after[name], path)
        elif name in after:
            # Where it was not named it could be anything, unless nothing but the named ones could be there.
            yield Bound(path, ABSENT, after[name], old.get("additionalProperties") is not False)
        else:
            yield Bound(path, before[name], ABSENT, new.get("additionalProperties") is False)


def _implied(name: str, after: Any, old: Schema) -> bool:
    """Whether every value that `old` allows meets the keyword `name` with the value `after`."""
    values = listed(old)
    if values is not None and all(meets(name, after, value) for value in values):
        return True
    if name in ("maxLength", "maxItems"):
        return bool(old.get(name, float("inf")) <= after)
    if name in ("minLength", "minItems"):
        return bool(old.get(name, 0) >= after)
    if name == "required":
        return all(name in old.get("required", ()) for name in after)
    if name == "uniqueItems":
        return after is False or bool(old.get("maxItems", 2) <= 1)
    if name == "items":
        return old.get("maxItems") == 0
    if name == "multipleOf":
        return _divides(after, old)
    return name in _NUMBERS and _within(name, after, old)


def _divides(after: Any, old: Schema) -> bool:
    """Only whole numbers: with fractions the division itself is not exact."""
    before = 1 if old.get("type") == "integer" and "multipleOf" not in old else old.get("multipleOf")
    return isinstance(before, int) and isinstance(after, int) and after > 0 and before % after == 0


def _within(name: str, after: Any, old: Schema) -> bool:
    """Whether the old range lies inside the bound."""
    upper = name.endswith("aximum")
    ends = _ends(old, -1 if upper else 1)
    if not ends:
        return False
    value, strict = max(ends)
    after = -after if upper else after
    return bool(value > after or (value == after and (strict or not name.startswith("exclusive"))))


def _ends(schema: Schema, sign: int) -> list[tuple[Any, bool]]:
    """The lower ends of a range (of its mirror image where `sign` is -1), and whether they are outside it."""
    names = ("minimum", "exclusiveMinimum") if sign > 0 else ("maximum", "exclusiveMaximum")
    ends = [(sign * schema[name], name.startswith("exclusive")) for name in names if name in schema]
    if schema.get("type") != "integer":
        return ends
    return [
        (value, strict) if isinf(value) else (floor(value) + 1 if strict else ceil(value), False)
        for value, strict in ends
    ]


def allows_all(old: Schema, new: Schema) -> bool:
    """Whether every value that `old` allows is surely allowed by `new`."""
    return not any(bound.refuses for bound in compare(old, new))
