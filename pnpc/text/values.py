"""What a scalar means: text until the grammar asks for more (YAML 1.2's core types, JSON's spelling)."""

from math import isfinite
from typing import Any

from pnpc.text.document import Mapping, Node, Scalar, Sequence
from pnpc.text.lazy import regex
from pnpc.text.members import members

INTEGER = regex(r"-?(?:0|[1-9][0-9]*)")
NUMBER = regex(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
NULLS = frozenset(("", "~", "null", "Null", "NULL"))
BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}

# Plain texts that YAML 1.1 readers (PyYAML, Ruby, older Go) turn into something else: words, and shapes of numbers.
_TRAP_WORDS = frozenset(["yes", "no", "on", "off", "true", "false", "y", "n"])
TRAP_STARTS = frozenset("yYnNtTfFoO0123456789-+.")
_NUMBER_STARTS = frozenset("0123456789-+.")
_TRAPS = (
    (regex(r"[-+]?0[0-7_]+"), "an octal number"),
    (regex(r"[-+]?0(?:x[0-9a-fA-F_]+|b[01_]+|o[0-7]+)"), "a number"),
    (regex(r"[-+]?[0-9]{1,3}(?::[0-5]?[0-9])+(?:\.[0-9]*)?"), "a base-60 number"),
    (regex(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}.*)?"), "a date"),
    (regex(r"[-+]?[0-9]+_[0-9_]*"), "a number without its underscores"),
    (regex(r"\+[0-9]+|[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"), "a number"),
    (regex(r"[-+]?[0-9]+[eE][-+]?[0-9]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"), "a number"),
)


_NOT_EXACT = 2**53  # from here on a float may be another number than the one that was written


def whole(value: float) -> int | float:
    """A number without a fraction as the whole number that it is, 7 for 7.0, if it is surely the one that was written."""
    return int(value) if value.is_integer() and abs(value) < _NOT_EXACT else value


def is_plain(scalar: Scalar) -> bool:
    """Whether a scalar stands without quotes and without a block header."""
    return not scalar.style


def trap(text: str) -> str | None:
    """What other YAML readers make of a plain text that is text here: `a date`, `an octal number`, …; None if text."""
    if not text or text[0] not in TRAP_STARTS:
        return None
    if text[0] not in _NUMBER_STARTS:
        is_word = text.lower() in _TRAP_WORDS and text in (text.lower(), text.capitalize(), text.upper())
        return "a boolean" if is_word else None
    if not text.isascii():
        return None
    return next((meaning for pattern, meaning in _TRAPS if pattern.fullmatch(text)), None)


def construct(node: Node | None, *, text: bool = False) -> Any:
    """The Python value of a node: plain scalars by YAML 1.2's core types, or all as text with `text`.

    Duplicate keys keep their last value; aliases are written out (a cycle was refused when the text was read).
    """
    if isinstance(node, Mapping):
        return {name: construct(value, text=text) for name, value in members(node).items()}
    if isinstance(node, Sequence):
        return [construct(item, text=text) for item in node.value]
    if not isinstance(node, Scalar):
        return None
    return node.value if text else scalar_value(node)


def scalar_value(scalar: Scalar) -> str | int | float | bool | None:
    """The value of one scalar by YAML 1.2's core types with JSON's spelling of numbers."""
    value: str = scalar.value
    if not is_plain(scalar):
        return value
    if value in NULLS:
        return None
    if value in BOOLEANS:
        return BOOLEANS[value]
    if INTEGER.fullmatch(value):
        return int(value) if len(value) < 4000 else value
    # As with whole numbers: one that no float holds stays text, and is a mistake wherever a number is wanted.
    return number if NUMBER.fullmatch(value) and isfinite(number := float(value)) else value
