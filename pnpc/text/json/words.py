"""A value without quotes that JSON does not have: why, and what to write."""

from pnpc.text.finding import MOST_SHOWN
from pnpc.text.lazy import regex

_LOOKS_LIKE_NUMBER = regex(r"[-+]?\.?[0-9]")
# What other languages write for JSON's three words.
_WORDS = {
    "true": "true", "false": "false", "null": "null", "none": "null", "nil": "null", "undefined": "null",
    "yes": "true", "no": "false", "on": "true", "off": "false",
}  # fmt: skip
_NO_NUMBERS = frozenset(("nan", "-nan", "inf", "-inf", "infinity", "-infinity"))


def is_nearly_json(word: str) -> bool:
    """Whether a value without quotes looks like a number, or like one of JSON's three words."""
    return word.lower() in (*_WORDS, *_NO_NUMBERS) or _LOOKS_LIKE_NUMBER.match(word) is not None


def bare_value(word: str) -> tuple[str, str]:
    """What is wrong with a value without quotes, and what to write."""
    shown = word if len(word) <= MOST_SHOWN else f"{word[:MOST_SHOWN]}…"
    lower = word.lower()
    if lower in _WORDS:
        also = "" if lower == _WORDS[lower] else f', or "{shown}" if it is a text'
        return f"`{shown}` is not a word of JSON", f"write `{_WORDS[lower]}`{also}"
    if lower in _NO_NUMBERS:
        return f"`{shown}` is not a number in JSON", "write a number, or leave the key out"
    if _LOOKS_LIKE_NUMBER.match(word):
        return f"`{shown}` is not a number in JSON{_number_fault(word)}", f'write "{shown}" if it is a text'
    # The help may show it, not the message: it may be a person's name in a file of data.
    return "a text needs double quotes", f'write "{shown}"'


def _number_fault(word: str) -> str:
    digits = word.lstrip("-+")
    if word.startswith("+"):
        return ": it can't begin with `+`"
    if digits[:1] == "0" and digits[1:2].isdigit():
        return ": it can't begin with `0`"
    if digits.startswith("."):
        return ": a digit is missing before the point"
    return ": a digit is missing behind the point" if digits.endswith(".") else ""
