"""What a text can hold, by a look at its characters: how deep it may be, and whether its nodes must be walked."""

from re import MULTILINE

from pnpc.text.lazy import regex

# Whatever has fewer opening brackets, and no line that starts deeper, cannot be deeper than `pnpc.text.nodes` reads.
_SHALLOW_OPENERS = 50
_DEEP_LINE = regex(r"^[ \-?]{64}", MULTILINE)
_TAGGED = regex(r"(?:^|[\s,\[{:?-])!", MULTILINE)


def openers_of(text: str) -> int:
    """At least as many as a text can have levels that open without a line of their own, deeper indented."""
    count = text.count
    brackets = count("[") + count("{")
    return brackets + count("- ") + count("? ") + ((count("-\t") + count("?\t")) if "\t" in text else 0)


def needs_survey(text: str, openers: int) -> bool:
    """Whether a document of this text could be deep, tagged, or use aliases; most can't, and skip the walk."""
    return (
        openers > _SHALLOW_OPENERS
        or ("&" in text and "*" in text)
        or ("!" in text and _TAGGED.search(text) is not None)
        or ("        " in text and _DEEP_LINE.search(text) is not None)
    )
