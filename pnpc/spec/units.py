"""The units in which LINE counts characters."""


def utf16(text: str) -> int:
    """The length in UTF-16 code units: LINE's unit wherever its docs name no other; 😀 counts 2.

    Source: https://developers.line.biz/en/docs/messaging-api/text-character-count/
    """
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
