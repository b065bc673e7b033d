"""Who is behind a recipient's digest: the magic phone numbers of `schemas/people.json`, a scenario's people, others."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from pnpc.data import read_json
from pnpc.line.service import consent_seconds, no_ones_digest


class Person(NamedTuple):
    """What becomes of a message: `failed` is answered with 422; else it comes `after` seconds, or never (None).

    `after` counts from the first message, for a person who has to agree first.
    """

    kind: str
    failed: bool
    after: float | None


class Magic(NamedTuple):
    """A phone number (E.164) that stands for a kind of person, and what that kind does, in words."""

    number: str
    country: str
    kind: str
    says: str


@lru_cache(maxsize=1)
def kinds() -> dict[str, Person]:
    """The kinds of people by name."""
    listed: dict[str, Any] = _data()["kinds"]
    return {name: Person(name, kind["answer"] == "failed", kind.get("after")) for name, kind in listed.items()}


def magic_numbers() -> Iterator[Magic]:
    """The documented phone numbers; they pass as valid, and as far as is known they are not in use."""
    for country, start in _data()["numbers"].items():
        for name, kind in _data()["kinds"].items():
            yield Magic(start + kind["number"], country, name, kind["says"])


class People:
    """Everybody, by digest; remembers who was asked to agree, and when."""

    def __init__(self, others: str, listed: Mapping[str, Person]) -> None:
        """`others` is the kind of all who are neither listed nor have a magic number."""
        self._listed = {**_by_digest(), **listed}
        self._others = kinds()[others]
        self._asked: dict[str, float] = {}

    def person(self, to: str) -> Person:
        """The person of a digest."""
        return self._listed.get(to, self._others)

    def due(self, to: str, now: float) -> float | None:
        """When a message that is accepted now reaches the person: now, once they agree, or never (None).

        A question without an answer within 24 hours lapses, with its messages.
        """
        after = self.person(to).after
        if after is None or after > consent_seconds():
            return None
        return max(now, self._asked.setdefault(to, now) + after) if after else now


@lru_cache(maxsize=1)
def _by_digest() -> dict[str, Person]:
    people = {sha256(magic.number.encode("ascii")).hexdigest(): kinds()[magic.kind] for magic in magic_numbers()}
    return {**people, no_ones_digest(): kinds()["unknown"]}  # whatever other people are


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    data: dict[str, Any] = read_json("schemas", "people.json")
    return data
