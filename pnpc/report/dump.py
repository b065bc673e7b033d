"""JSON that any reader takes: UTF-8 can encode it, no line of it is broken, no character of it moves others."""

import json
from typing import Any

from pnpc.text.lazy import regex
from pnpc.text.source import readable

# JSON leaves these unescaped, but a terminal obeys them, and some readers of lines split at them.
_UNRULY = regex(r"[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
# Escaped they would be JSON by the letter, yet strict parsers then refuse the whole report.
_LONE = regex(r"[\ud800-\udfff]")


def dump(value: Any, indent: int | None = None) -> str:
    """The JSON text of a value, without a final newline. Lone surrogates that do not stand for bytes become U+FFFD."""
    text = readable(json.dumps(value, ensure_ascii=False, indent=indent))
    return _UNRULY.sub(lambda sign: f"\\u{ord(sign[0]):04x}", _LONE.sub("\ufffd", text))
