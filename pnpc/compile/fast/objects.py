"""The fast way for objects of JSON: their values as a table would have them as text, where that means the same."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

Row = TypeVar("Row")

# What an object of JSON becomes, with its index and its line; see `pnpc.compile.fast.line.Compile`.
CompileObject = Callable[[Mapping[str, Any], int, int], tuple[str, bytes] | None]

_BOOLEANS = {True: "true", False: "false"}
_LARGE = 10**30  # larger numbers go the slow way, which refuses those that Python does not write


def by_fields(
    compile_row: Callable[[list[str], int, int], Row | None], types: Mapping[str, str]
) -> Callable[[Mapping[str, Any], int, int], Row | None]:
    """The fast way for objects from that for rows whose columns are those of `types`, each with its declared type."""
    columns = tuple(types.items())

    def compile_object(values: Mapping[str, Any], index: int, line: int) -> Row | None:
        fields = []
        for name, type in columns:
            text = _text(values.get(name), type)
            if text is None:
                return None
            fields.append(text)
        return compile_row(fields, index, line)

    return compile_object


def _text(value: Any, type: str) -> str | None:
    """The text that is read as this value; None where there may be none: an empty text is a value, and an empty field not."""
    if value is None:
        return ""
    kind = value.__class__
    if kind is str and type == "string":
        return value or None
    if kind is int and type == "integer":
        return str(value) if -_LARGE < value < _LARGE else None
    return _BOOLEANS[value] if kind is bool and type == "boolean" else None
