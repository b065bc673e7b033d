"""JSON's equality: 1 is 1.0, and true is not 1."""

from typing import Any


def equal(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same value, as JSON Schema's `enum` and `const` see it."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    return bool(one == other)


def among(value: Any, values: list[Any]) -> bool:
    """Whether a value is one of a list."""
    return any(equal(value, one) for one in values)
