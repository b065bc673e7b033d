"""How many cells a text takes where every cell is equally wide: kanji and emoji take two. The only door to wcwidth."""

from collections.abc import Iterable


def graphemes(text: str) -> Iterable[str]:
    """A text in what a reader sees as single characters (UAX #29 clusters)."""
    from wcwidth import iter_graphemes

    return iter_graphemes(text)


def cells(text: str) -> int:
    """The width of one line's text on a terminal; control characters count nothing."""
    if text.isascii() and text.isprintable():
        return len(text)
    # Imported here: only what is shown to people is measured, and a clean check shows nothing.
    from wcwidth import wcswidth, wcwidth

    whole = wcswidth(text)
    return whole if whole >= 0 else sum(max(0, wcwidth(character)) for character in text)


def padded(text: str, width: int) -> str:
    """A text filled up with spaces to `width` cells; a wider one stays as it is."""
    return text + " " * max(0, width - cells(text))
