"""What stands between the fields of CSV: the delimiters that are known by name, and what is said of another one."""

from collections.abc import Mapping
from re import compile as regex

from pnpc.compile.tables.chunks import BadTable

DELIMITERS: Mapping[str, str] = {"comma": ",", "tab": "\t", "semicolon": ";", "pipe": "|"}
# What an Asian keyboard makes of a delimiter.
_WIDE_SIGNS = {"，": "full-width comma", "；": "full-width semicolon", "、": "Japanese comma", "｜": "full-width bar"}
_IN_BRACKETS = regex(r"[(（][^)）]*[)）]")  # where such a sign may be a name's own


def refuse_other(header: str, line: int, delimiter: str) -> None:
    """Raise BadTable for a header, on a line, in which another delimiter stands more often than the table's own, or a
    full-width one stands alone."""
    counts = {name: header.count(other) for name, other in DELIMITERS.items() if other != delimiter}
    likeliest = max(counts, key=lambda name: counts[name])
    if header.count(delimiter) < counts[likeliest]:
        own = next(name for name, character in DELIMITERS.items() if character == delimiter)
        option = "leave --delimiter out" if likeliest == "comma" else f"use --delimiter {likeliest}"
        raise BadTable(f"the columns seem to be separated by a {likeliest}, not by a {own}", line, help=option)
    if delimiter not in header and (wide := _wide(_IN_BRACKETS.sub("", header))):
        message = f"the columns seem to be separated by `{wide}`, a {_WIDE_SIGNS[wide]}"
        raise BadTable(message, line, help="export the table again, with commas; a value that holds a comma is quoted")


def cause(row: str, more: int, delimiter: str) -> str:
    """What may be the cause of a row with `more` fields too many (or too few, below 0), as the end of a sentence."""
    if more > 0:
        return ": is there a comma inside a value without quotes?" if delimiter == "," else ""
    wide = _wide(row)
    return f": is `{wide}` meant as a separator?" if wide else ""


def _wide(text: str) -> str | None:
    """The full-width delimiter that a text has, if any."""
    return next((sign for sign in _WIDE_SIGNS if sign in text), None)
