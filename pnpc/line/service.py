"""What LINE's docs tell of its side, from `schemas/service.json`: the calls, their rate, days and times."""

from functools import lru_cache
from typing import Any, NamedTuple

from pnpc.data import read_json


class Endpoint(NamedTuple):
    """One of LINE's calls. `accepted` is the status of a message that is taken, `schema` the grammar of its body."""

    name: str
    method: str
    path: str
    accepted: int = 0
    schema: str = ""

    @property
    def sends(self) -> bool:
        """Whether it sends a message; else it counts them."""
        return bool(self.schema)

    @property
    def kind(self) -> str:
        """`template` or `flexible`."""
        return self.name.partition("-")[0]


@lru_cache(maxsize=1)
def _service() -> dict[str, Any]:
    found: dict[str, Any] = read_json("schemas", "service.json")
    return found


def api() -> str:
    """Scheme and host of all calls."""
    found: str = _service()["api"]
    return found


@lru_cache(maxsize=1)
def endpoints() -> dict[str, Endpoint]:
    """The four calls by name: template, flexible, template-count, flexible-count."""
    listed: dict[str, Any] = _service()["endpoints"]
    return {name: Endpoint(name, **one) for name, one in listed.items() if isinstance(one, dict)}


def requests_per_second() -> int:
    """How many requests a second each call takes of a channel."""
    found: int = _service()["rate"]["perSecond"]
    return found


def consent_seconds() -> int:
    """Seconds in which a person may agree to notification messages; then the message is deleted."""
    found: int = _service()["consent"]["seconds"]
    return found


def counting() -> tuple[int, str]:
    """Hours from UTC at which days are counted, and the first day (yyyyMMdd) that has a count."""
    counts = _service()["counts"]
    return counts["offset"], counts["first"]
