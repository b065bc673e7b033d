"""Dates and times as a country writes them, by the patterns and names of CLDR in `schemas/locales.json`.

A pattern is text with fields, such as `y年M月d日(E)`: a run of one letter of A to Z is a field, other characters and what
stands in single quotes are text. The fields are those of Unicode's UTS #35 that the three countries' patterns have.
"""

import datetime
from collections.abc import Callable
from functools import lru_cache

from pnpc.language.filling.locales import BUDDHIST_YEARS, written_in
from pnpc.text.lazy import regex

_FIELD = regex(r"'((?:[^']|'')*)'|(([A-Za-z])\3*)|([^A-Za-z']+)")
_NOON = 12  # the hour

Write = Callable[[datetime.datetime, str], str]
# What each field makes of a moment in a country.
FIELDS: dict[str, Write] = {
    "y": lambda moment, country: str(_year(moment, country)),
    "yy": lambda moment, country: f"{_year(moment, country):02}"[-2:],
    "M": lambda moment, _: str(moment.month),
    "MM": lambda moment, _: f"{moment.month:02}",
    "MMM": lambda moment, country: _name(country, "MMM", moment.month - 1),
    "MMMM": lambda moment, country: _name(country, "MMMM", moment.month - 1),
    "d": lambda moment, _: str(moment.day),
    "dd": lambda moment, _: f"{moment.day:02}",
    "E": lambda moment, country: _name(country, "E", moment.weekday()),
    "EEEE": lambda moment, country: _name(country, "EEEE", moment.weekday()),
    "B": lambda moment, country: _period(moment, country),
    "h": lambda moment, _: str(moment.hour % _NOON or _NOON),
    "H": lambda moment, _: str(moment.hour),
    "HH": lambda moment, _: f"{moment.hour:02}",
    "mm": lambda moment, _: f"{moment.minute:02}",
    "ss": lambda moment, _: f"{moment.second:02}",
    "z": lambda _, country: str(written_in(country)["zone"]["z"]),
    "zzzz": lambda _, country: str(written_in(country)["zone"]["zzzz"]),
}


def date_text(country: str, format: str, day: datetime.date) -> str:
    """A day in a named format. Raises KeyError for an unknown format."""
    return _written(country, "date", format, datetime.datetime.combine(day, datetime.time()))


def time_text(country: str, format: str, time: datetime.time) -> str:
    """A local time in a named format. Raises KeyError for an unknown format."""
    return _written(country, "time", format, datetime.datetime.combine(datetime.date.min, time))


def _written(country: str, kind: str, format: str, moment: datetime.datetime) -> str:
    pattern = written_in(country)[kind][format]
    return "".join([part if isinstance(part, str) else part(moment, country) for part in parts_of(pattern)])


@lru_cache(maxsize=128)
def parts_of(pattern: str) -> tuple[str | Write, ...]:
    """A pattern's texts and fields, in order. Raises KeyError for a field that no country has."""
    parts: list[str | Write] = []
    for quoted, field, _letter, text in _FIELD.findall(pattern):
        parts.append(FIELDS[field] if field else text or quoted.replace("''", "'") or "'")
    return tuple(parts)


def _year(moment: datetime.datetime, country: str) -> int:
    return moment.year + BUDDHIST_YEARS if country == "TH" else moment.year


def _name(country: str, names: str, index: int) -> str:
    return str(written_in(country)["names"][names][index])


def _period(moment: datetime.datetime, country: str) -> str:
    """The part of the day, such as 下午: the name of exactly this second, such as midnight, or of the last part that has begun."""
    periods = written_in(country)["periods"]
    second = datetime.timedelta(hours=moment.hour, minutes=moment.minute, seconds=moment.second).seconds
    begun = [name for start, name in periods["from"].items() if int(start) <= second]
    return str(periods["at"].get(str(second), begun[-1]))
