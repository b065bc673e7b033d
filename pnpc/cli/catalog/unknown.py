"""`pnpc catalog list --unknown`: the keys of a project's messages that LINE has not confirmed."""

import json
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from pnpc.cli.common import count_of, say
from pnpc.cli.errors import CouldNotRun
from pnpc.line.catalog import CONFIRMED, COUNTRIES, KINDS, Catalog, CatalogKey, KeyKind
from pnpc.report.clean import visible

if TYPE_CHECKING:
    from pnpc.language.message.context import Context
    from pnpc.language.message.notice import Field, Notice
    from pnpc.project.discovery import InputFile

_MOST_PLACES = 3  # of a key, in the table


class KeyPlace(NamedTuple):
    """Where a key is written; line and column from 1."""

    file: str
    line: int
    column: int


class UsedKey(NamedTuple):
    """A key of messages for one country (None: neither the message nor the catalog says which); `entry` is what the catalog has of it.

    `places` are where it is written, in fragments too; `files` are those of the messages.
    """

    key: str
    kind: KeyKind
    country: str | None
    is_filled: bool  # an expression makes it, so that no one key can be looked up
    entry: CatalogKey | None
    places: list[KeyPlace]
    files: list[str]

    @property
    def is_confirmed(self) -> bool:
        """Whether LINE's table or an answer of LINE has it."""
        return not self.is_filled and self.entry is not None and self.entry.known in CONFIRMED


class Keys(NamedTuple):
    """The keys of all files, how many files there are, and the files that can't be read to their end, with the reason."""

    used: list[UsedKey]
    files: int
    unread: dict[str, str]


def show(
    paths: Sequence[str], kind: KeyKind | None, country: str | None, format_: str, catalogs: tuple[str, ...]
) -> None:
    """Print the keys that are not confirmed. Raises CouldNotRun if there is no message in the paths."""
    keys = read(paths, catalogs)
    if not keys.files:
        raise CouldNotRun(f"no spec found in {', '.join(map(visible, paths))}")
    used = [key for key in keys.used if key.kind == (kind or key.kind) and key.country == (country or key.country)]
    for name, reason in keys.unread.items():
        say(f"note: {visible(name)} has keys that are not listed: {visible(reason)}; see `pnpc check`")
    from pnpc.cli.common import write

    write(_json(used, keys) if format_ == "json" else _text(used))


def read(paths: Sequence[str], catalogs: tuple[str, ...]) -> Keys:
    """The keys of all messages in files and folders, in the order of the lists."""
    from pnpc.project.config import Given
    from pnpc.project.discovery import find
    from pnpc.project.workspace import Workspace

    workspace = Workspace(given=Given(catalogs))
    used: dict[tuple[str, KeyKind, str | None, bool], UsedKey] = {}
    unread: dict[str, str] = {}
    files = 0
    for target in find(paths, workspace):
        notices = _notices(target, unread)
        files += bool(notices) or target.name in unread
        for notice in notices:
            _take(notice, workspace.context(target.name), used, unread)
    order = {kind: index for index, kind in enumerate(KINDS)}
    keys = sorted(used.values(), key=lambda key: (key.country or "", order[key.kind], key.key))
    return Keys(keys, files, unread)


def _notices(target: "InputFile", unread: dict[str, str]) -> "list[Notice]":
    """The messages of a file; what is not one of ours is passed over, as `pnpc check` does."""
    from pnpc.language.message import notice as notices
    from pnpc.line.looks import looks_ours, may_be_ours, undecodable_looks_ours
    from pnpc.project.files import read as bytes_of
    from pnpc.text.document import Document, Unreadable
    from pnpc.text.nodes import compose
    from pnpc.text.source import Undecodable, decode

    data = bytes_of(target.name)
    if not target.named and not may_be_ours(data):
        return []
    documents: list[Document] = []
    try:
        source = decode(target.name, data)
    except Undecodable as error:
        if target.named or undecodable_looks_ours(target.name, data):
            unread[target.name] = str(error.reason)
        return []
    try:
        documents.extend(compose(source))
    except Unreadable as error:
        if target.named or looks_ours(target.name, source.text):
            unread[target.name] = str(error.finding.message)
    forms = [(document, notices.form_of(document.root, named=target.named)) for document in documents]
    return [notices.read(document, form) for document, form in forms if form is not None]


def _take(notice: "Notice", context: "Context", used: dict[Any, UsedKey], unread: dict[str, str]) -> None:
    from pnpc.language.directives.assembled import as_written, structure_of
    from pnpc.text.finding import Place

    whole = as_written(notice, context)
    structure = structure_of(whole)
    if structure is not None and structure.broken:
        unread[notice.document.source.name] = str(structure.findings[0][0].message)
    country = context.country(notice)
    source = whole.document.source
    for kind, field in whole.catalog_keys:
        if field.text:
            file, span = source.home(whole.tree.span(Place(field.path)))
            at = file.position(span.start)
            key = _key(kind, field, country, notice, context.catalog)
            known = used.setdefault((key.key, kind, key.country, key.is_filled), key)
            if source.name not in known.files:
                known.files.append(source.name)
            place = KeyPlace(file.name, at.line, at.column)
            if place not in known.places:  # a fragment that several specs include, or an alias
                known.places.append(place)


def _key(kind: KeyKind, field: "Field", country: str | None, notice: "Notice", catalog: Catalog) -> UsedKey:
    if notice.is_spec and "{{" in field.text:
        return UsedKey(field.text, kind, country, True, None, [], [])
    entries = (
        catalog.country(code).listings[kind].keys.get(field.text) for code in ([country] if country else COUNTRIES)
    )
    entry = next((entry for entry in entries if entry is not None), None)
    return UsedKey(field.text, kind, country or (entry.country if entry else None), False, entry, [], [])


def _json(used: list[UsedKey], keys: Keys) -> str:
    listed = [_in_json(key) for key in used if not key.is_confirmed and not key.is_filled]
    filled = [_in_json(key) for key in used if key.is_filled]
    content = {
        "version": 1, "files": keys.files, "keys": len(used), "unknown": listed, "untellable": filled,
        "known": dict(_counts(used)), "unread": keys.unread,
    }  # fmt: skip
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _in_json(key: UsedKey) -> dict[str, Any]:
    entry = key.entry
    known = {name: getattr(entry, name) for name in ("date", "account", "label") if entry and getattr(entry, name)}
    named = {"key": key.key, "kind": key.kind, "country": key.country}
    if not key.is_filled:
        named["known"] = entry.known if entry else None
    return {**named, **known, "places": [place._asdict() for place in key.places]}


def _counts(used: list[UsedKey]) -> list[tuple[str, int]]:
    """How many keys are confirmed in which way."""
    return Counter(key.entry.known for key in used if key.entry is not None and key.is_confirmed).most_common()


def _text(used: list[UsedKey]) -> str:
    from pnpc.cli.table import table

    open_keys = [key for key in used if not key.is_confirmed]
    rows = [
        (visible(key.key), key.kind.removesuffix("s"), key.country or "-", _known(key), _places(key.places))
        for key in open_keys
    ]
    shown = table(("KEY", "KIND", "COUNTRY", "KNOWN", "USED IN"), rows) + "\n" if rows else ""
    return shown + "".join(f"{line}\n" for line in (*_sums(used, open_keys), *_next(open_keys)))


def _known(key: UsedKey) -> str:
    if key.is_filled:
        return "cannot tell: an expression fills it"
    if key.entry is None:
        return "not in a catalog"
    return key.entry.claim if key.entry.known == "refused" else key.entry.known


def _places(places: list[KeyPlace]) -> str:
    shown = [f"{visible(place.file)}:{place.line}" for place in places[:_MOST_PLACES]]
    more = len(places) - _MOST_PLACES
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _sums(used: list[UsedKey], open_keys: list[UsedKey]) -> Iterator[str]:
    filled = sum(key.is_filled for key in open_keys)
    asked, unknown = len(used) - filled, len(open_keys) - filled
    how = ", ".join(f"{number} {known}" for known, number in _counts(used))
    yield f"{count_of(asked, 'key')}: {unknown} not confirmed by LINE" + (f"; {how}" if how else "")
    if filled:
        yield f"{count_of(filled, 'key')} filled by an expression: write the key itself, so that it can be looked up"


def _next(open_keys: list[UsedKey]) -> Iterator[str]:
    """What to do about keys that are not confirmed, a line for each country."""
    refused = [key for key in open_keys if key.entry is not None and key.entry.known == "refused"]
    if refused:
        yield f"{count_of(len(refused), 'key')} refused by LINE: `pnpc check` shows where, and what may be meant"
    asked = [key for key in open_keys if not key.is_filled and key not in refused]
    for country in dict.fromkeys(key.country for key in asked):
        if country is None:
            yield "next: say whose keys they are, with `country` in pnpc.toml or in the spec"
            continue
        named = " ".join(map(_argument, _enough([key for key in asked if key.country == country])))
        yield f"next: pnpc verify {named} --learn catalogs/verified-{country.lower()}.json"
    if any(key.country for key in asked):
        yield "      (asks LINE about these keys, and notifies no person), or compare them with LINE's page"


def _enough(keys: list[UsedKey]) -> list[str]:
    """Files of messages that have all these keys between them; of many with the same keys one is enough."""
    files: list[str] = []
    for key in keys:
        if not any(file in files for file in key.files):
            files.append(key.files[0])
    return files


def _argument(name: str) -> str:
    from shlex import quote

    return quote(visible(os.path.relpath(name) if os.path.isabs(name) else name))
