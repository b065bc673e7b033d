"""The values of scalars: YAML 1.2's core types with JSON's spelling of numbers, where the grammar asks for more than text.

Source: https://yaml.org/spec/1.2.2/#103-core-schema
"""

from math import isfinite
from typing import Any

from pnpc.text.document import Mapping, Node, Scalar, Sequence
from pnpc.text.lazy import regex
from pnpc.text.members import members
from pnpc.text.wording import Said, says

INTEGER = regex(r"-?(?:0|[1-9][0-9]*)")
NUMBER = regex(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")
NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_LONGEST_INTEGER = 4_000  # characters: Python turns no more than 4,300 digits into a number
BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}

# Texts without quotes that YAML 1.1 readers (PyYAML, Ruby, older Go) turn into something else: words and numbers.
# Source: https://yaml.org/type/
_TRAP_WORDS = frozenset(["yes", "no", "on", "off", "true", "false", "y", "n"])
TRAP_STARTS = frozenset("yYnNtTfFoO0123456789-+.")
_NUMBER_STARTS = frozenset("0123456789-+.")
_TRAPS = (
    (regex(r"[-+]?0[0-7_]+"), says("an octal number")),
    (regex(r"[-+]?0(?:x[0-9a-fA-F_]+|b[01_]+|o[0-7]+)"), says("a number")),
    (regex(r"[-+]?[0-9]{1,3}(?::[0-5]?[0-9])+(?:\.[0-9]*)?"), says("a base-60 number")),
    (regex(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}.*)?"), says("a date")),
    (regex(r"[-+]?[0-9]+_[0-9_]*"), says("a number without its underscores")),
    (regex(r"\+[0-9]+|[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"), says("a number")),
    (regex(r"[-+]?[0-9]+[eE][-+]?[0-9]+|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)"), says("a number")),
)


_NOT_EXACT = 2**53  # from here on a float may differ from the number that was written


def whole(value: float) -> int | float:
    """A number without a fraction as an integer (7 for 7.0), if it is certain to be the number that was written."""
    return int(value) if value.is_integer() and abs(value) < _NOT_EXACT else value


def is_plain(scalar: Scalar) -> bool:
    """Whether a scalar has neither quotes nor a block header (`|`, `>`)."""
    return not scalar.style


def trap(text: str) -> Said | None:
    """What other YAML readers read instead of a text without quotes: `a date`, `an octal number`, …; None for text."""
    if not text or text[0] not in TRAP_STARTS:
        return None
    if text[0] not in _NUMBER_STARTS:
        is_word = text.lower() in _TRAP_WORDS and text in (text.lower(), text.capitalize(), text.upper())
        return says("a boolean") if is_word else None
    if not text.isascii():
        return None
    return next((meaning for pattern, meaning in _TRAPS if pattern.fullmatch(text)), None)


def construct(node: Node | None, *, text: bool = False) -> Any:
    """The Python value of a node: scalars as in `scalar_value`, or all of them as text with `text`.

    Of a key that is set twice the last value counts. Aliases are expanded (cycles were refused when the text was read).
    """
    if isinstance(node, Mapping):
        return {name: construct(value, text=text) for name, value in members(node).items()}
    if isinstance(node, Sequence):
        return [construct(item, text=text) for item in node.value]
    if not isinstance(node, Scalar):
        return None
    return node.value if text else scalar_value(node)


def scalar_value(scalar: Scalar) -> str | int | float | bool | None:
    """The value of a scalar. A number that Python or a float can't represent stays text."""
    value: str = scalar.value
    if not is_plain(scalar):
        return value
    if value in NULLS:
        return None
    if value in BOOLEANS:
        return BOOLEANS[value]
    if INTEGER.fullmatch(value):
        return int(value) if len(value) < _LONGEST_INTEGER else value
    # As with integers: a number that is too large stays text, and is a mistake wherever a number is required.
    return number if NUMBER.fullmatch(value) and isfinite(number := float(value)) else value
