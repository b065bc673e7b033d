"""The units in which LINE counts characters."""

from pnpc.line.grammar.patterns import clusters


def utf16(text: str) -> int:
    """The length in UTF-16 code units: LINE's unit wherever its docs name no other; 😀 counts 2.

    Source: https://developers.line.biz/en/docs/messaging-api/text-character-count/
    """
    if text.isascii() or max(text) <= "\uffff":
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def graphemes(text: str) -> int:
    """The length in grapheme clusters: the docs' unit for texts of templates and actions; 👨‍👩‍👧 counts 1.

    Source: https://developers.line.biz/en/docs/messaging-api/text-character-count/
    """
    return len(text) if text.isascii() and "\r" not in text else clusters(text)


# By the words of `x-count`. A text never has more clusters than code points: who bounds these, bounds both.
COUNTS = {"utf16": utf16, "grapheme": graphemes, "codepoint": len}


def longest_text() -> int:
    """The longest text that LINE takes anywhere, in UTF-16 units."""
    from pnpc.line.grammar.schema import load  # only what cuts a text asks

    found: int = load("message-object")["$defs"]["text"]["properties"]["text"]["maxLength"]
    return found
