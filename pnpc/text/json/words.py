"""Values without quotes that JSON does not have: why, and what to write instead."""

from pnpc.text.lazy import regex
from pnpc.text.wording import NOTHING, Quote, Said, says

_LOOKS_LIKE_NUMBER = regex(r"[-+]?\.?[0-9]")
# The words of other languages for JSON's three words.
_WORDS = {
    "true": "true", "false": "false", "null": "null", "none": "null", "nil": "null", "undefined": "null",
    "yes": "true", "no": "false", "on": "true", "off": "false",
}  # fmt: skip
_NO_NUMBERS = frozenset(("nan", "-nan", "inf", "-inf", "infinity", "-infinity"))


def is_nearly_json(word: str) -> bool:
    """Whether a value without quotes looks like a number, or like one of JSON's three words."""
    return word.lower() in (*_WORDS, *_NO_NUMBERS) or _LOOKS_LIKE_NUMBER.match(word) is not None


def bare_value(word: str) -> tuple[Said, Said]:
    """What is wrong with a value without quotes, and what to write instead."""
    shown, lower = Quote(word), word.lower()
    if lower in _WORDS:
        also = NOTHING if lower == _WORDS[lower] else says(', or "{word}" if it is a text', word=shown)
        help = says("write `{instead}`{also}", instead=_WORDS[lower], also=also)
        return says("JSON does not have the word `{word}`", word=shown), help
    if lower in _NO_NUMBERS:
        return says("`{word}` is not a JSON number", word=shown), says("write a number, or leave the key out")
    if _LOOKS_LIKE_NUMBER.match(word):
        message = says("`{word}` is not a JSON number{fault}", word=shown, fault=_number_fault(word))
        return message, says('write "{word}" if it is a text', word=shown)
    # Only the help shows the word, not the message: in a file of data it may be a person's name.
    return says("a text needs double quotes"), says('write "{word}"', word=shown)


def _number_fault(word: str) -> Said:
    digits = word.lstrip("-+")
    if word.startswith("+"):
        return says(": it can't begin with `+`")
    if digits[:1] == "0" and digits[1:2].isdigit():
        return says(": it can't begin with `0`")
    if digits.startswith("."):
        return says(": a digit is missing before the decimal point")
    return says(": a digit is missing after the decimal point") if digits.endswith(".") else NOTHING
