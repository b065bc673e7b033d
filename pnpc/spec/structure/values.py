"""The values of a variable that conditions can tell apart: all that are listed, or some around what it is compared with."""

from collections.abc import Iterable, Mapping
from itertools import pairwise
from math import ceil, floor
from typing import Any

from pnpc.spec.grammar.run import comparable
from pnpc.spec.grammar.schema import listed

# Behind a text: the next one in order. No text holds it, for YAML can't.
NEXT = "\0"
_FARTHEST = 2**53  # beyond it floats are no whole numbers for sure


def distinct(schema: Mapping[str, Any]) -> list[Any]:
    """All values that a schema allows, each once; empty where they are not listed."""
    values = listed(schema)
    if values is not None:
        return list({comparable(value): value for value in values}.values())
    return [True, False] if schema.get("type") == "boolean" else []


def around(schema: Mapping[str, Any], points: Iterable[Any]) -> list[Any]:
    """Values of a schema such that each value there is compares with all points as one of them does.

    Some may be none that the schema allows. Empty where nothing can be said.
    """
    kind = schema.get("type")
    if kind == "string":
        return _texts(schema, [point for point in points if isinstance(point, str)])
    if kind in ("integer", "number"):
        numbers = [point for point in points if isinstance(point, int | float)]
        return _numbers(schema, numbers, whole=kind == "integer")
    return []


def _texts(schema: Mapping[str, Any], points: list[str]) -> list[Any]:
    most = schema.get("maxLength", _FARTHEST)
    texts = [point for point in points if point and len(point) <= most]
    empty = [] if schema.get("minLength") else [""]
    return [*dict.fromkeys((*texts, *(point + NEXT for point in points), NEXT, *empty))]


def _numbers(schema: Mapping[str, Any], points: list[int | float], *, whole: bool) -> list[Any]:
    least = max(schema.get("minimum", -_FARTHEST), schema.get("exclusiveMinimum", -_FARTHEST))
    most = min(schema.get("maximum", _FARTHEST), schema.get("exclusiveMaximum", _FARTHEST))
    known = sorted({0, *points, least, most})
    if known[0] < -_FARTHEST or known[-1] > _FARTHEST:
        return []
    if whole:
        near = {one for point in known for one in (floor(point) - 1, floor(point), ceil(point), ceil(point) + 1)}
    else:
        near = {*known, *((one + other) / 2 for one, other in pairwise(known))}
    return sorted(one for one in near if least <= one <= most)
