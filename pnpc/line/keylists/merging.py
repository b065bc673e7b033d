"""The rows of many pages merged: each key once, every contradiction reported."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from pnpc.line.catalog import KINDS, Catalog, KeyKind, near_keys

_COMPARED = ("label", "title", "description")


class Row(NamedTuple):
    """A key as a page has it: its fields, by their names in the catalog's format, and the file's name."""

    key: str
    kind: KeyKind
    fields: dict[str, str]
    file: str


class Merged(NamedTuple):
    """The entries of each kind by key, and the contradictions among the pages, each as a sentence for people."""

    entries: dict[KeyKind, dict[str, dict[str, Any]]]
    conflicts: list[str]


def merge(rows: Iterable[Row], before: dict[KeyKind, dict[str, dict[str, Any]]]) -> Merged:
    """Merge rows into what a catalog file had `before`. Where two rows differ about a key, the earlier one stays, and
    the difference is a conflict."""
    entries: dict[KeyKind, dict[str, dict[str, Any]]] = {kind: dict(before.get(kind, {})) for kind in KINDS}
    files: dict[tuple[str, str], str] = {}
    conflicts = []
    for row in rows:
        known = entries[row.kind].get(row.key, {})
        earlier = files.setdefault((row.kind, row.key), row.file)
        for name, text in row.fields.items():
            if known.get(name, text) != text:
                there = f"in {earlier}" if earlier != row.file else "before"
                conflicts.append(f"{row.file}: `{row.key}` has the {name} `{text}`, but `{known[name]}` {there}")
        entries[row.kind][row.key] = {**row.fields, **known}
    return Merged(entries, conflicts)


def doubts(merged: Merged, country: str, catalog: Catalog) -> Iterator[str]:
    """What a person should look at, as sentences: keys that differ from pnpc's own catalog, keys in two lists, and keys
    that are nearly the same."""
    for kind in KINDS:
        listing = catalog.country(country).listings[kind].keys
        for key, entry in merged.entries[kind].items():
            known = listing.get(key)
            if known is not None:
                for name in _COMPARED:
                    theirs = getattr(known, name)
                    if theirs and entry.get(name) and theirs != entry[name]:
                        yield f"`{key}`: the {name} is `{entry[name]}` here, but `{theirs}` in pnpc's catalog"
                if known.known == "refused":
                    yield f"`{key}`: LINE says that it does not exist ({known.source})"
            if entry.get("known") == "refused":
                yield f"`{key}`: LINE refused it{' on ' + entry['date'] if entry.get('date') else ''}; that stays as it is"
            others = [other for other in KINDS if other != kind and key in merged.entries[other]]
            if others and KINDS.index(kind) < KINDS.index(others[0]):
                yield f"`{key}` is in two lists, {kind} and {others[0]}"
        yield from _near(
            list(merged.entries[kind]), [key for key, known in listing.items() if known.known != "refused"]
        )


def _near(keys: list[str], known: list[str]) -> Iterator[str]:
    """Keys that are one typing mistake away from another key: each pair once."""
    pairs: set[frozenset[str]] = set()
    every = list(dict.fromkeys((*keys, *known)))
    for key in keys:
        for other in near_keys(key, every):
            if frozenset((key, other)) not in pairs:
                pairs.add(frozenset((key, other)))
                yield f"`{key}` is nearly `{other}`: is one of them misspelt?"
