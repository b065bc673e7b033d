"""Days and times: read from the data, shown in the country's time zone, with the patterns that CLDR has for them."""

import datetime
from functools import lru_cache
from typing import Any

from pnpc.spec.locales import BUDDHIST_YEARS, COUNTRIES, LOCALES
from pnpc.text.lazy import regex

_YEAR = regex(r"(?:G+ ?)?(y+)")
# CLDR's skeletons behind the names that are not its own: which fields are shown, in the country's order.
_SKELETONS = {"month-day": "MMMd", "weekday": "MMMEd", "long-weekday": "yMMMEd", "hm": "Hm"}
_ANY_DAY = datetime.date(2000, 1, 1)


class Zone(datetime.tzinfo):
    """A country's time zone: a fixed offset, and the name (`key`) by which Babel knows what people call it."""

    def __init__(self, key: str, hours: int) -> None:
        self.key = key
        self._offset = datetime.timedelta(hours=hours)

    def utcoffset(self, _when: datetime.datetime | None) -> datetime.timedelta:
        """What the zone is ahead of UTC."""
        return self._offset

    def dst(self, _when: datetime.datetime | None) -> datetime.timedelta:
        """Nothing: there is no summer time."""
        return datetime.timedelta(0)

    def tzname(self, _when: datetime.datetime | None) -> str:
        """The zone's name in the database of time zones."""
        return self.key


@lru_cache(maxsize=8)
def zone(country: str) -> Zone:
    """The time zone of a country."""
    return Zone(COUNTRIES[country].zone, COUNTRIES[country].hours)


def day(value: Any, country: str) -> datetime.date:
    """A date as ISO 8601 writes it, or the day of an RFC 3339 date-time in the country. Raises ValueError."""
    try:
        return datetime.date.fromisoformat(value)
    except (TypeError, ValueError):
        return _moment(value, country, "a date such as 2024-08-10").date()


def time(value: Any, country: str) -> datetime.time:
    """A time such as 14:30, as the country's clocks show it: so is one with a zone, or a date-time. Raises ValueError."""
    try:
        found = datetime.time.fromisoformat(value)
    except (TypeError, ValueError):
        return _moment(value, country, "a time such as 14:30").time()
    if found.tzinfo is None:
        return found
    return datetime.datetime.combine(_ANY_DAY, found).astimezone(zone(country)).time()


def _moment(value: Any, country: str, wanted: str) -> datetime.datetime:
    try:
        found = datetime.datetime.fromisoformat(value.upper() if isinstance(value, str) else value)
        if found.tzinfo is not None:
            return found.astimezone(zone(country))
    except (TypeError, ValueError, OverflowError):
        pass
    raise ValueError(f"{value!r} is not {wanted}, or a date-time such as 2024-08-10T14:30:00+09:00") from None


def date_pattern(country: str, format: str, year: int) -> str:
    """The pattern of a named format, for a date of this year: in Thailand the year is Buddhist, which Babel can't count."""
    pattern = _date_pattern(country, format)
    if country != "TH":
        return pattern
    buddhist = str(year + BUDDHIST_YEARS)
    return _YEAR.sub(lambda found: f"'{buddhist[-2:] if found[1] == 'yy' else buddhist}'", pattern)


@lru_cache(maxsize=64)
def _date_pattern(country: str, format: str) -> str:
    found = _locale(country).date_formats.get(format)
    return str(found.pattern) if found is not None else _skeleton(country, format)


@lru_cache(maxsize=64)
def time_pattern(country: str, format: str) -> str:
    """The pattern of a named format of times."""
    found = _locale(country).time_formats.get(format)
    return str(found.pattern) if found is not None else _skeleton(country, format)


def _skeleton(country: str, format: str) -> str:
    return str(_locale(country).datetime_skeletons[_SKELETONS[format]].pattern)


def _locale(country: str) -> Any:
    from babel import Locale

    return Locale.parse(LOCALES[country])
