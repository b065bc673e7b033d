"""A quick look at the characters of a text: how deep it may be, and whether its nodes must be walked."""

from re import MULTILINE

from pnpc.text.lazy import regex

# A text with fewer openers, and without a line that is indented more, can't be deeper than MAX_DEPTH.
_SHALLOW_OPENERS = 50
_DEEP_LINE = regex(r"^[ \-?]{64}", MULTILINE)
_TAGGED = regex(r"(?:^|[\s,\[{:?-])!", MULTILINE)


def openers_of(text: str) -> int:
    """An upper limit for the levels of a text that begin without a new line of deeper indentation."""
    count = text.count
    brackets = count("[") + count("{")
    return brackets + count("- ") + count("? ") + ((count("-\t") + count("?\t")) if "\t" in text else 0)


def needs_survey(text: str, openers: int) -> bool:
    """Whether a document of this text could be deep, have tags or use aliases; most can't, and need no walk."""
    return (
        openers > _SHALLOW_OPENERS
        or ("&" in text and "*" in text)
        or ("!" in text and _TAGGED.search(text) is not None)
        or ("        " in text and _DEEP_LINE.search(text) is not None)
    )
