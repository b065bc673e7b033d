"""LINE's service as its docs describe it, from `schemas/service.json` (with sources): endpoints, rate, days and times."""

from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from pnpc.data import read_json


class Endpoint(NamedTuple):
    """One endpoint. `accepted` is the HTTP status of an accepted message (0: it sends none), `schema` the grammar of its body
    (empty: nothing in a body is looked at)."""

    name: str
    method: str
    path: str
    accepted: int = 0
    schema: str = ""

    @property
    def sends(self) -> bool:
        """Whether it sends a message; otherwise it answers a question."""
        return bool(self.accepted)

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
    return _endpoints("endpoints")


@lru_cache(maxsize=1)
def questions() -> dict[str, Endpoint]:
    """What a channel may ask without sending a message, by name: validate, bot-info, quota, quota-consumption,
    webhook-endpoint, webhook-test."""
    return _endpoints("questions")


def _endpoints(group: str) -> dict[str, Endpoint]:
    listed: dict[str, Any] = _service()[group]
    return {name: Endpoint(name, **fields) for name, fields in listed.items() if isinstance(fields, dict)}


def no_ones_digest() -> str:
    """A recipient that no person can be: the SHA-256 of a text that no phone number is (64 lower-case hex digits)."""
    text: str = _service()["impossible"]["text"]
    return sha256(text.encode("ascii")).hexdigest()


def impossible_keys() -> dict[str, str]:
    """By kind (templates, items, buttons) a key that LINE can't have, in the form of its own."""
    keys: dict[str, str] = _service()["impossible"]["keys"]
    return keys


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
