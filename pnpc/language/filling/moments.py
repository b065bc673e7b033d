"""Days and times, read from the data and shown in the country's time zone."""

import datetime
from functools import lru_cache
from typing import Any

from pnpc.language.filling.excerpt import excerpt
from pnpc.language.filling.locales import COUNTRIES
from pnpc.text.lazy import regex

# The hour 24, which Python reads as midnight from its version 3.14 on: no version of ours takes it.
_TIME_AT_24 = regex(r"[Tt]?24")
_MOMENT_AT_24 = regex(r".{7,10}[^\d-]24")
_ANY_DAY = datetime.date(2000, 1, 1)


@lru_cache(maxsize=8)
def zone(country: str) -> datetime.timezone:
    """The time zone of a country, which has no summer time."""
    return datetime.timezone(datetime.timedelta(hours=COUNTRIES[country].hours))


def day(value: Any, country: str) -> datetime.date:
    """A date as ISO 8601 writes it, or the day of an RFC 3339 date-time in the country. Raises ValueError."""
    try:
        return datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        return _moment(value, country, "a date such as 2024-08-10").date()


def time(value: Any, country: str) -> datetime.time:
    """A time such as 14:30, as the country's clocks show it: so is one with a zone, or a date-time. Raises ValueError."""
    try:
        found = datetime.time.fromisoformat("" if _TIME_AT_24.match(value) else value)
    except (TypeError, ValueError):
        return _moment(value, country, "a time such as 14:30").time()
    if found.tzinfo is None:
        return found
    return datetime.datetime.combine(_ANY_DAY, found).astimezone(zone(country)).time()


def _moment(value: Any, country: str, wanted: str) -> datetime.datetime:
    try:
        found = datetime.datetime.fromisoformat("" if _MOMENT_AT_24.match(value) else value.upper())
        if found.tzinfo is not None:
            return found.astimezone(zone(country))
    except (AttributeError, TypeError, ValueError, OverflowError):
        pass
    raise ValueError(f"{excerpt(value)} is not {wanted}, or a date-time such as 2024-08-10T14:30:00+09:00") from None
