"""The units in which LINE counts characters."""

from pnpc.spec.patterns import clusters


def utf16(text: str) -> int:
    """The length in UTF-16 code units: LINE's unit wherever its docs name no other; 😀 counts 2.

    Source: https://developers.line.biz/en/docs/messaging-api/text-character-count/
    """
    if text.isascii() or max(text) <= "\uffff":
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def graphemes(text: str) -> int:
    """The length in grapheme clusters: LINE's unit for labels, and for texts of templates and actions; 👨‍👩‍👧 counts 1.

    Source: https://developers.line.biz/en/docs/messaging-api/text-character-count/
    """
    return len(text) if text.isascii() and "\r" not in text else clusters(text)


# By the words of `x-count`.
COUNTS = {"utf16": utf16, "grapheme": graphemes}


def longest_text() -> int:
    """The longest text that LINE takes anywhere, in UTF-16 units."""
    from pnpc.spec.grammar.schema import load  # only what cuts a text asks

    found: int = load("message-object")["$defs"]["text"]["properties"]["text"]["maxLength"]
    return found
