"""Years that no notification can mean, because they were counted in another calendar or mistyped."""

from collections.abc import Iterator, Mapping
from typing import Any

from pnpc.line.limits import limits
from pnpc.text.lazy import regex
from pnpc.text.path import Path
from pnpc.text.wording import NOTHING, Said, says

_DATED = ("date", "date-time")
_YEAR = regex(r"[0-9]{4}(?=-)")


def doubts(schema: Mapping[str, Any], value: Any, path: Path) -> Iterator[tuple[Path, Said]]:
    """The dates in a value of a variable whose year no notification can mean: where each stands, and what it looks like."""
    if isinstance(value, list) and isinstance(schema.get("items"), Mapping):
        for index, one in enumerate(value):
            yield from doubts(schema["items"], one, (*path, index))
    elif isinstance(value, Mapping) and isinstance(schema.get("properties"), Mapping):
        for name, one in value.items():
            yield from doubts(schema["properties"].get(name, {}), one, (*path, name))
    elif isinstance(value, str) and schema.get("format") in _DATED and (doubt := _said(value)):
        yield path, doubt


def can_be_meant(date: str) -> bool:
    """Whether a notification can mean the year of a date."""
    return not _said(date)


def _said(text: str) -> Said:
    """What is to be said of the year of a date; nothing if nothing is."""
    known = limits()["years"]
    least, most = known["least"], known["most"]
    year = _YEAR.match(text)
    if year is None or least <= int(year[0]) <= most:
        return NOTHING
    found = int(year[0])
    for name, calendar in known["calendars"].items():
        meant = found + calendar["add"]
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
