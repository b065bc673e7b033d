"""The units in which texts are counted, and what each kind of character takes in them."""

from pnpc.line.grammar.patterns import clusters

# Kinds of characters, as bits; those beyond ASCII come last, in the order of their code points.
# SMS counts brackets and a tilde twice, and has no backtick (`pnpc.line.sms`).
WORD, MARK, TILDE, SIGN, BRACKET, TICK, BLANK, CONTROL, LATIN, WIDE, ASTRAL = (1 << bit for bit in range(11))
ANY = (1 << 11) - 1
UNRESERVED = WORD | MARK | TILDE  # stay as they are in a URL
VISIBLE = UNRESERVED | SIGN | BRACKET | TICK  # all of ASCII that is no blank
# The length of a character of each kind in UTF-16 units, and in characters after `urlencode` (RFC 3986: %XX for each byte of UTF-8).
COSTS = (
    (WORD, 1, 1),  # A-Z a-z 0-9 _
    (MARK, 1, 1),  # - .
    (TILDE, 1, 1),
    (SIGN, 1, 3),  # other visible ASCII: %XX
    (BRACKET, 1, 3),  # [ ] \ ^ { | }
    (TICK, 1, 3),
    (BLANK, 1, 3),
    (CONTROL, 1, 3),
    (LATIN, 1, 6),  # U+0080 to U+07FF: two bytes of UTF-8
    (WIDE, 1, 9),  # to U+FFFF: three
    (ASTRAL, 2, 12),  # beyond: four, and a surrogate pair
)
_ALONE = {"~": TILDE, "`": TICK}
ENCODED = {kind: encoded for kind, _, encoded in COSTS}


def utf16(text: str) -> int:
    """The length in UTF-16 code units, LINE's unit wherever its docs name no other; 😀 counts 2.

    Source: https://developers.line.biz/en/docs/messaging-api/text-character-count/
    """
    if text.isascii() or max(text) <= "\uffff":
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def graphemes(text: str) -> int:
    """The length in grapheme clusters, the docs' unit for texts of templates and actions; 👨‍👩‍👧 counts 1.

    Source: https://developers.line.biz/en/docs/messaging-api/text-character-count/
    """
    return len(text) if text.isascii() and "\r" not in text else clusters(text)


# The `x-count` of a text that is counted in parts of SMS (`pnpc.line.sms`).
IN_PARTS = "sms"
# By the value of `x-count`. A text never has more clusters than code points, so a limit for these limits both.
COUNTS = {"utf16": utf16, "grapheme": graphemes, "codepoint": len}


def longest_text() -> int:
    """The length, in UTF-16 units, of the longest text that LINE accepts anywhere."""
    from pnpc.line.grammar.schema import load  # needed only by what shortens a text

    limit: int = load("message-object")["$defs"]["text"]["properties"]["text"]["maxLength"]
    return limit


def kind_of(code: int) -> int:
    """The kind of a code point."""
    if code > 0x7E:
        return ASTRAL if code > 0xFFFF else WIDE if code > 0x7FF else LATIN if code > 0x7F else CONTROL
    character = chr(code)
    if character.isalnum() or character == "_":
        return WORD
    if code <= 0x20:
        return BLANK if code == 0x20 else CONTROL
    if character in "-.":
        return MARK
    return BRACKET if character in "[]\\^{|}" else _ALONE.get(character, SIGN)


def kinds_of(text: str) -> int:
    """The kinds of a text's characters."""
    if text.isalnum() and text.isascii():
        return WORD
    kinds = 0
    for character in set(text):
        kinds |= kind_of(ord(character))
    return kinds


def units_of(kinds: int) -> int:
    """The UTF-16 units of the largest character of these kinds."""
    return 2 if kinds & ASTRAL else 1 if kinds else 0


def encoded_of(kinds: int) -> int:
    """The characters that the largest character of these kinds takes after `urlencode`."""
    return max([size for kind, size in ENCODED.items() if kind & kinds], default=0)
