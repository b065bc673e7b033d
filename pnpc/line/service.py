"""LINE's service as its docs describe it, from `schemas/service.json` (with sources): endpoints, rate, days and times."""

from functools import lru_cache
from typing import Any, NamedTuple

from pnpc.data import read_json


class Endpoint(NamedTuple):
    """One endpoint. `accepted` is the HTTP status of an accepted message (0: it sends none), `schema` its body's grammar."""

    name: str
    method: str
    path: str
    accepted: int = 0
    schema: str = ""

    @property
    def sends(self) -> bool:
        """Whether it sends a message; otherwise it counts messages."""
        return bool(self.schema)

    @property
    def kind(self) -> str:
        """`template` or `flexible`."""
        return self.name.partition("-")[0]


@lru_cache(maxsize=1)
def _service() -> dict[str, Any]:
    data: dict[str, Any] = read_json("schemas", "service.json")
    return data


def api() -> str:
    """Scheme and host of all endpoints."""
    url: str = _service()["api"]
    return url


@lru_cache(maxsize=1)
def endpoints() -> dict[str, Endpoint]:
    """The four endpoints by name: template, flexible, template-count, flexible-count."""
    listed: dict[str, Any] = _service()["endpoints"]
    return {name: Endpoint(name, **fields) for name, fields in listed.items() if isinstance(fields, dict)}


def requests_per_second() -> int:
    """How many requests a second each endpoint accepts from one channel."""
    rate: int = _service()["rate"]["perSecond"]
    return rate


def consent_seconds() -> int:
    """Seconds in which a person may agree to receive notification messages; after that LINE deletes the message."""
    seconds: int = _service()["consent"]["seconds"]
    return seconds


def time_zones() -> dict[str, int]:
    """The time of each country, in hours from UTC."""
    zones: dict[str, int] = _service()["zones"]["offsets"]
    return zones


def counting() -> tuple[int, str]:
    """The offset from UTC, in hours, of the days by which LINE counts, and the first day (yyyyMMdd) that has a count."""
    counts = _service()["counts"]
    return counts["offset"], counts["first"]
