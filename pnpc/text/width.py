"""The width of texts on a terminal, in cells: kanji and emoji take two. Only this module imports wcwidth.

wcwidth is imported in the functions: only what is shown to people is measured, and a clean check shows nothing.
"""

from collections.abc import Iterable


def graphemes(text: str) -> Iterable[str]:
    """The grapheme clusters of a text, which a reader sees as single characters. Source: Unicode, UAX #29."""
    from wcwidth import iter_graphemes  # needed only for what is shown

    return iter_graphemes(text)


def cells(text: str) -> int:
    """The width of a line in cells; control characters take none."""
    if text.isascii() and text.isprintable():
        return len(text)
    from wcwidth import wcswidth, wcwidth  # needed only for what is shown

    whole = wcswidth(text)
    return whole if whole >= 0 else sum(max(0, wcwidth(character)) for character in text)


def padded(text: str, width: int) -> str:
    """A text with spaces appended up to `width` cells; a wider text is returned unchanged."""
    return text + " " * max(0, width - cells(text))
