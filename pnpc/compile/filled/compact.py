"""JSON on one line, without a blank that it does not need, and without a character at which a reader may break it."""

import json
from json.encoder import encode_basestring
from re import compile as regex

# JSON allows these unescaped; some readers break a line at them.
_LINE_BREAK = regex("[\u2028\u2029\x85]")
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def compact(value: object) -> str:
    """A value as JSON."""
    return _escaped(_ENCODER.encode(value))


def quoted(text: str) -> str:
    """A text as JSON, in its quotes: what `compact` makes of it, sooner."""
    made = encode_basestring(text)
    return made if text.isprintable() else _escaped(made)


def _escaped(text: str) -> str:
    return _LINE_BREAK.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text) if _LINE_BREAK.search(text) else text
