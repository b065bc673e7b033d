"""The directives by name, and the quick look that tells whether a text holds any."""

from pnpc.text.lazy import regex

IF, FOR, INCLUDE = "$if", "$for", "$include"
NAMES = (IF, FOR, INCLUDE)

# A key that begins with `$`: LINE has none.
_KEY = regex(r"\$[\w-]*[\"']?[ \t]*:")


def found_in(text: str) -> bool:
    """Whether a text may hold a directive, rightly spelt or not. Most don't, and pay no more than this."""
    return "$" in text and _KEY.search(text) is not None
