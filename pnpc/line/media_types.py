"""What counts as a medium: `schemas/media.json`, made ready."""

from functools import lru_cache
from typing import Any, NamedTuple
from unicodedata import normalize

from pnpc.data import read_json
from pnpc.text.path import Path


class Kinds(NamedTuple):
    """`media.json`, made ready: rules and words by folded type, by place and name; what each property name holds.

    `plain` are the names whose value matters only if it is a URL, `lists` those that touch on media by being there.
    `idle` are the types, as LINE writes them, that neither show nor touch on a medium, and `holds` what the properties of their objects hold.
    """

    types: dict[str, tuple[str, str]]
    places: dict[Path, dict[str, tuple[str, str]]]
    doubtful: dict[tuple[str, str | None], tuple[str, bool]]
    names: dict[str, str]
    plain: frozenset[str]
    lists: frozenset[str]
    media_names: frozenset[str]
    harmless: frozenset[str]
    idle: frozenset[str]
    holds: dict[str, str]
    supplied: frozenset[str]
    actions: frozenset[str]
    endings: frozenset[str]


@lru_cache(maxsize=1)
def kinds() -> Kinds:
    """What counts as a medium, from `schemas/media.json`."""
    data: dict[str, Any] = read_json("schemas", "media.json")
    places: dict[Path, dict[str, tuple[str, str]]] = {}
    for one in data["places"]:
        places.setdefault(tuple(one["at"].split(".")), {})[one["name"]] = (one["rule"], one["shows"])
    listed = data["names"]
    names = {name: kind for kind in ("media", "links", "read", "free", "actions", "other") for name in listed[kind]}
    doubtful = {(one["name"], one.get("value")): (one["rule"], one["where"] == "message") for one in data["doubtful"]}
    plain = frozenset(listed["other"]) - {"type"} - {one["name"] for one in data["doubtful"]}
    harmless = frozenset(fold(name) for name in data["harmless"])
    return Kinds(
        types={fold(name): (one["rule"], one["shows"]) for name, one in data["types"].items()},
        places=places,
        doubtful=doubtful,
        names=names,
        plain=plain,
        lists=frozenset(one["name"] for one in data["doubtful"] if "value" not in one),
        media_names=frozenset(fold(name) for name in listed["media"]),
        harmless=harmless,
        idle=frozenset(type for type in data["harmless"] if ("type", type) not in doubtful),
        holds={**names, **dict.fromkeys((*plain, "type"), "plain")},
        supplied=frozenset(data["supplied"]),
        actions=frozenset(listed["actions"]),
        endings=frozenset(data["endings"]),
    )


@lru_cache(maxsize=1024)
def fold(name: str) -> str:
    """A type or a name without what a hurried writer or a lenient reader may change: case, width, blanks, `-`, `_`."""
    return "".join(letter for letter in normalize("NFKC", name).casefold() if letter.isalnum())
