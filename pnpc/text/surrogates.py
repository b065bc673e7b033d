"""Text from outside that UTF-8 can't hold: JSON may escape half of a surrogate pair, and a header may have any bytes."""


def whole(text: str) -> str:
    """A text with U+FFFD in place of each half of a surrogate pair, so that it can be stored, shown and sent."""
    return text if text.isascii() else text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
