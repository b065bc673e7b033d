"""The rows of many pages put together: the same key once, every contradiction told."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from pnpc.line.catalog import KINDS, Catalog, KeyKind, near_keys

_COMPARED = ("label", "title", "description")


class Row(NamedTuple):
    """A key as a page has it: what is said of it, by the names of the catalog's format, and the file."""

    key: str
    kind: KeyKind
    fields: dict[str, str]
    file: str


class Merged(NamedTuple):
    """The entries of each kind by key, and the contradictions among the pages, each in words."""

    entries: dict[KeyKind, dict[str, dict[str, Any]]]
    conflicts: list[str]


def merge(rows: Iterable[Row], before: dict[KeyKind, dict[str, dict[str, Any]]]) -> Merged:
    """Put rows together, upon what a catalog file held `before`. What two say otherwise of a key is a conflict."""
    entries: dict[KeyKind, dict[str, dict[str, Any]]] = {kind: dict(before.get(kind, {})) for kind in KINDS}
    files: dict[tuple[str, str], str] = {}
    conflicts = []
    for row in rows:
        known = entries[row.kind].get(row.key, {})
        earlier = files.setdefault((row.kind, row.key), row.file)
        for name, text in row.fields.items():
            if known.get(name, text) != text:
                there = f"in {earlier}" if earlier != row.file else "before"
                conflicts.append(f"{row.file}: `{row.key}` has the {name} `{text}`, and `{known[name]}` {there}")
        entries[row.kind][row.key] = {**row.fields, **known}
    return Merged(entries, conflicts)


def doubts(merged: Merged, country: str, catalog: Catalog) -> Iterator[str]:
    """What a person should look at: keys that pnpc's own catalog knows otherwise, keys of two kinds, near duplicates."""
    for kind in KINDS:
        listing = catalog.country(country).listings[kind].keys
        for key, entry in merged.entries[kind].items():
            known = listing.get(key)
            if known is not None:
                for name in _COMPARED:
                    theirs = getattr(known, name)
                    if theirs and entry.get(name) and theirs != entry[name]:
                        yield f"`{key}`: the {name} is `{entry[name]}` here, `{theirs}` in pnpc's catalog"
                if known.known == "refused":
                    yield f"`{key}`: LINE says that it does not exist ({known.source})"
            others = [other for other in KINDS if other != kind and key in merged.entries[other]]
            if others and KINDS.index(kind) < KINDS.index(others[0]):
                yield f"`{key}` stands in two lists, {kind} and {others[0]}"
        yield from _near(list(merged.entries[kind]), [key for key, one in listing.items() if one.known != "refused"])


def _near(keys: list[str], known: list[str]) -> Iterator[str]:
    """Keys that are one slip from another: each pair once."""
    told: set[frozenset[str]] = set()
    every = list(dict.fromkeys((*keys, *known)))
    for key in keys:
        for other in near_keys(key, every):
            if frozenset((key, other)) not in told:
                told.add(frozenset((key, other)))
                yield f"`{key}` is nearly `{other}`: is one of them a slip?"
