"""What counts as media: `schemas/media.json`, prepared for look-ups."""

from functools import lru_cache
from typing import Any, NamedTuple
from unicodedata import normalize

from pnpc.data import read_json
from pnpc.text.path import Path


class MediaFacts(NamedTuple):
    """`media.json`, prepared for look-ups. Types and names in `types`, `media_names` and `harmless` are as `fold` makes them.

    `types` and `places` (by path, then by property) give the rule and what is shown; `doubtful`, by property and value
    (None: any value), the rule and whether it applies to the whole message only. `names` says what a property holds.
    `plain` are the properties whose value matters only if it is a URL, `lists` those that concern media by being present.
    `idle` are LINE's types that neither show nor concern media; `holds` says what the properties of such objects hold.
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
def media_facts() -> MediaFacts:
    """What counts as media, from `schemas/media.json`; read once."""
    data: dict[str, Any] = read_json("schemas", "media.json")
    places: dict[Path, dict[str, tuple[str, str]]] = {}
    for place in data["places"]:
        places.setdefault(tuple(place["at"].split(".")), {})[place["name"]] = (place["rule"], place["shows"])
    listed = data["names"]
    names = {name: kind for kind in ("media", "links", "read", "free", "actions", "other") for name in listed[kind]}
    doubtful = {
        (doubt["name"], doubt.get("value")): (doubt["rule"], doubt["where"] == "message") for doubt in data["doubtful"]
    }
    plain = frozenset(listed["other"]) - {"type"} - {doubt["name"] for doubt in data["doubtful"]}
    harmless = frozenset(fold(name) for name in data["harmless"])
    return MediaFacts(
        types={fold(name): (type_["rule"], type_["shows"]) for name, type_ in data["types"].items()},
        places=places,
        doubtful=doubtful,
        names=names,
        plain=plain,
        lists=frozenset(doubt["name"] for doubt in data["doubtful"] if "value" not in doubt),
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
    """A type or name reduced to its letters and digits, in lower case and half width: `Image-Map` gives `imagemap`."""
    return "".join(letter for letter in normalize("NFKC", name).casefold() if letter.isalnum())
