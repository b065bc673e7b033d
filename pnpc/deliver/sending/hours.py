"""The hours of the day in which messages may leave, in the time of the recipients' country."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal, NamedTuple

from pnpc.line.service import time_zones

_RANGE = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])", re.ASCII)
_HOUR = 60  # minutes
_DAY = 24 * _HOUR


class BadHours(ValueError):
    """A text that is no clear range of hours. Its text is one line for people."""


class SendingHours(NamedTuple):
    """From `begin` until before `end`, in minutes of a country's day; `end` is below `begin` where the night lies between
    them. `outside` says what to do at other times."""

    text: str
    begin: int
    end: int
    country: str
    outside: Literal["wait", "stop"] = "wait"

    @property
    def zone(self) -> timezone:
        """The time of the country. None of them has a summer time."""
        return timezone(timedelta(hours=time_zones()[self.country]))

    def is_open(self, at: float) -> bool:
        """Whether messages may leave at a time (seconds since 1970)."""
        local = datetime.fromtimestamp(at, self.zone)
        minute = local.hour * _HOUR + local.minute
        if self.begin < self.end:
            return self.begin <= minute < self.end
        return minute >= self.begin or minute < self.end

    def opens(self, at: float) -> float:
        """When messages may leave next, at a time outside these hours: seconds since 1970."""
        local = datetime.fromtimestamp(at, self.zone)
        opening = local.replace(hour=self.begin // _HOUR, minute=self.begin % _HOUR, second=0, microsecond=0)
        if opening <= local:
            opening += timedelta(days=1)
        return opening.astimezone(UTC).timestamp()

    def too_late(self, at: float, end: float | None) -> str | None:
        """What is said outside these hours where nothing may leave before `end`, if there is one: why nothing ever will."""
        if end is None or self.opens(at) < end:
            return None
        return f"{self.closed(at)}, and --not-after is before that"

    def closed(self, at: float) -> str:
        """What is said outside these hours."""
        opening = datetime.fromtimestamp(self.opens(at), self.zone)
        return (
            f"outside {self} (it is {datetime.fromtimestamp(at, self.zone):%H:%M} there; next {opening:%Y-%m-%d %H:%M})"
        )

    def __str__(self) -> str:
        return f"{self.text} in {self.country} (UTC+{time_zones()[self.country]})"


def hours_of(text: str, country: str, outside: Literal["wait", "stop"] = "wait") -> SendingHours:
    """The hours that a text names, as 09:00-20:00; 22:00-02:00 goes over midnight, and a day may end at 24:00.

    Raises BadHours.
    """
    if country not in time_zones():
        raise BadHours(f"--hours needs the recipients' country; {country or 'none'} is not known")
    named = _RANGE.fullmatch(text)
    if named is None:
        raise BadHours(f"--hours must be like 09:00-20:00; found {text!r}")
    begin, end = (int(hour) * _HOUR + int(minute) for hour, minute in (named.group(1, 2), named.group(3, 4)))
    if begin >= _DAY or end > _DAY:
        raise BadHours(f"--hours must lie between 00:00 and 24:00; found {text!r}")
    if begin == end % _DAY and (begin or end != _DAY):
        raise BadHours(f"--hours must not begin and end at the same time; found {text!r}: leave it out to send all day")
    return SendingHours(text, begin, end, country, outside)
