"""What stands between the fields of CSV: the delimiters that are known by name, and what is said of another one."""

from collections.abc import Mapping
from re import compile as regex

from pnpc.compile.tables.chunks import BadTable
from pnpc.text.wording import NOTHING, Said, says

DELIMITERS: Mapping[str, str] = {"comma": ",", "tab": "\t", "semicolon": ";", "pipe": "|"}
# What an Asian keyboard makes of a delimiter.
_WIDE_SIGNS = {
    "，": says("full-width comma"), "；": says("full-width semicolon"), "、": says("Japanese comma"),
    "｜": says("full-width bar"),
}  # fmt: skip
_IN_BRACKETS = regex(r"[(（][^)）]*[)）]")  # where such a sign may be a name's own


def refuse_other(header: str, line: int, delimiter: str) -> None:
    """Raise BadTable for a header, on a line, in which another delimiter stands more often than the table's own, or a
    full-width one stands alone."""
    counts = {name: header.count(other) for name, other in DELIMITERS.items() if other != delimiter}
    likeliest = max(counts, key=lambda name: counts[name])
    if header.count(delimiter) < counts[likeliest]:
        own = next(name for name, character in DELIMITERS.items() if character == delimiter)
        message = says(
            "the columns seem to be separated by a {likeliest}, not by a {own}", likeliest=likeliest, own=own
        )
        use = says("use --delimiter {delimiter}", delimiter=likeliest)
        raise BadTable(message, line, help=says("leave --delimiter out") if likeliest == "comma" else use)
    if delimiter not in header and (wide := _wide(_IN_BRACKETS.sub("", header))):
        name = _WIDE_SIGNS[wide]
        message = says("the columns seem to be separated by `{character}`, a {name}", character=wide, name=name)
        help = says("export the table again, with commas; a value that holds a comma is quoted")
        raise BadTable(message, line, help=help)


def cause(row: str, more: int, delimiter: str) -> Said:
    """What may be the cause of a row with `more` fields too many (or too few, below 0), as the end of a sentence."""
    if more > 0:
        return says(": is there a comma inside a value without quotes?") if delimiter == "," else NOTHING
    wide = _wide(row)
    return says(": is `{character}` meant as a separator?", character=wide) if wide else NOTHING


def _wide(text: str) -> str | None:
    """The full-width delimiter that a text has, if any."""
    return next((sign for sign in _WIDE_SIGNS if sign in text), None)
