"""Days and times, read from the data and shown in the country's time zone; and a value of the data as a message repeats it."""

import datetime
from functools import lru_cache
from typing import Any

from pnpc.language.expressions.expression import NoValue
from pnpc.language.filling.locales import COUNTRIES
from pnpc.text.lazy import regex
from pnpc.text.wording import MOST_SHOWN, Said, says

# The hour 24: Python reads it as midnight from version 3.14 on, and we refuse it with every version.
_TIME_AT_24 = regex(r"[Tt]?24")
_MOMENT_AT_24 = regex(r".{7,10}[^\d-]24")
_ANY_DAY = datetime.date(2000, 1, 1)


@lru_cache(maxsize=8)
def zone(country: str) -> datetime.timezone:
    """The time zone of a country, which has no summer time."""
    return datetime.timezone(datetime.timedelta(hours=COUNTRIES[country].hours))


def day(value: Any, country: str) -> datetime.date:
    """A date as ISO 8601 writes it, or the day of an RFC 3339 date-time in the country. Raises NoValue."""
    try:
        return datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        return _moment(value, country, says("a date such as 2024-08-10")).date()


def time(value: Any, country: str) -> datetime.time:
    """A local time such as 14:30; one with a zone, and a date-time, is turned into the country's time. Raises NoValue."""
    try:
        moment = datetime.time.fromisoformat("" if _TIME_AT_24.match(value) else value)
    except (TypeError, ValueError):
        return _moment(value, country, says("a time such as 14:30")).time()
    if moment.tzinfo is None:
        return moment
    return datetime.datetime.combine(_ANY_DAY, moment).astimezone(zone(country)).time()


def _moment(value: Any, country: str, wanted: Said) -> datetime.datetime:
    try:
        moment = datetime.datetime.fromisoformat("" if _MOMENT_AT_24.match(value) else value.upper())
        if moment.tzinfo is not None:
            return moment.astimezone(zone(country))
    except (AttributeError, TypeError, ValueError, OverflowError):
        pass
    message = says(
        "{value} is not {wanted}, or a date-time such as 2024-08-10T14:30:00+09:00", value=excerpt(value), wanted=wanted
    )
    raise NoValue(message) from None


def excerpt(value: Any) -> Said:
    """A value as a message repeats it: the beginning of a text, a number; of a list or a mapping only what it is."""
    if isinstance(value, list | dict):
        return says("a list") if isinstance(value, list) else says("a mapping")
    if isinstance(value, str) and len(value) > MOST_SHOWN:
        return says("{value}", value=repr(value[:MOST_SHOWN] + "…"))
    try:
        return says("{value}", value=repr(value))
    except ValueError:  # Python writes no integer of more than some thousand digits
        return says("a number of thousands of digits")
