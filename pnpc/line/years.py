"""Years that no notification can mean: they belong to another calendar or are mistyped."""

from collections.abc import Iterator, Mapping
from typing import Any

from pnpc.line.limits import limits
from pnpc.text.lazy import regex
from pnpc.text.path import Path
from pnpc.text.wording import NOTHING, Said, says

_DATED = ("date", "date-time")
_YEAR = regex(r"[0-9]{4}(?=-)")


def doubts(schema: Mapping[str, Any], value: Any, path: Path) -> Iterator[tuple[Path, Said]]:
    """The dates in a variable's value (given its schema and its path) whose year no notification can mean.

    Yields the path of each and the message about it, which follows a subject: `has the year …`.
    """
    if isinstance(value, list) and isinstance(schema.get("items"), Mapping):
        for index, entry in enumerate(value):
            yield from doubts(schema["items"], entry, (*path, index))
    elif isinstance(value, Mapping) and isinstance(schema.get("properties"), Mapping):
        for name, member in value.items():
            yield from doubts(schema["properties"].get(name, {}), member, (*path, name))
    elif isinstance(value, str) and schema.get("format") in _DATED and (doubt := _doubt(value)):
        yield path, doubt


def can_be_meant(date: str) -> bool:
    """Whether a notification can mean the year of a date (`yyyy-…`); also true for a text that does not begin so."""
    return not _doubt(date)


def _doubt(text: str) -> Said:
    """The message about the year of a date, or NOTHING."""
    known = limits()["years"]
    least, most = known["least"], known["most"]
    year = _YEAR.match(text)
    if year is None or least <= int(year[0]) <= most:
        return NOTHING
    written = int(year[0])
    for name, calendar in known["calendars"].items():
        meant = written + calendar["add"]
        if calendar["least"] <= meant <= calendar["most"]:
            return says(
                "has the year {year}, which looks like a {calendar} year; did you mean {meant}?",
                year=year[0],
                calendar=name,
                meant=meant,
            )
    return says(
        "has the year {year}, which no notification can mean ({least} to {most})", year=year[0], least=least, most=most
    )
