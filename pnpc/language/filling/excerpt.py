"""A value of the data as a message repeats it."""

from typing import Any

from pnpc.text.wording import MOST_SHOWN


def excerpt(value: Any) -> str:
    """Of a text no more than its beginning, of a list or a mapping what it is, of a number no more than Python writes."""
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "a mapping"
    if isinstance(value, str) and len(value) > MOST_SHOWN:
        return repr(value[:MOST_SHOWN] + "…")
    try:
        return repr(value)
    except ValueError:  # Python writes no integer of more than some thousand digits
        return "a number of thousands of digits"
