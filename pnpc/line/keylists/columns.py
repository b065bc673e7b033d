"""What the columns of a key list hold, of which kind its keys are, and of which country."""

from collections.abc import Sequence
from typing import NamedTuple

from pnpc.line.catalog import COUNTRIES, KINDS, Catalog, KeyKind
from pnpc.line.keylists.sheet import NotAList, Sheet
from pnpc.line.keylists.words import FIELDS, field_of, kind_of_column, kinds_named
from pnpc.text.lazy import regex

_KEY = regex(r"[A-Za-z][A-Za-z0-9]*_[A-Za-z0-9_-]+")
_KEY_INSIDE = regex(r"(?<![\w@./:-])[A-Za-z][A-Za-z0-9]*_[A-Za-z0-9_-]*[A-Za-z0-9](?![\w@/:-])", 256)  # re.ASCII
# The forms of items that are known; the first are surely items, of the others LINE's docs have one as a template.
_SURELY_ITEMS = regex(r"(?:name|date|time_range|number|price)_[0-9]{3}(?:_[A-Za-z_-]+)?")
_NUMBERED = regex(r"[a-z_]+_[0-9]{3}(?:_[A-Za-z_-]+)?")
_MOST_NAMED, _SHOWN = 6, 30  # columns, and characters of each, that a message repeats
_MOST_BEFORE = 20  # rows above the row of names


class Columns(NamedTuple):
    """The fields of a table's columns (an empty text for an unused column), its rows below the row of names, and the
    names of the columns that hold something but are not used."""

    fields: list[str]
    rows: list[list[str]]
    unused: list[str]


def is_key(text: str) -> bool:
    """Whether a text looks like one of LINE's keys: ASCII words joined by `_`, the first one beginning with a letter."""
    return _KEY.fullmatch(text) is not None


def key_in(text: str) -> str | None:
    """The key in a cell, which may have other words (`name_013_ja copy`); None if it has none, or several."""
    if is_key(text):
        return text
    keys = set(_KEY_INSIDE.findall(text))
    return keys.pop() if len(keys) == 1 else None


def is_head(row: Sequence[str]) -> bool:
    """Whether a row holds column names, one of which means the key."""
    return "key" in map(field_of, row) and not any(is_key(text) for text in row)


def named(sheet: Sheet, wanted: list[str] | None) -> Columns | None:
    """The columns of a table. `wanted` are the fields that a person gave with --columns. None for a table without keys.

    Raises NotAList if keys are there but no column is known to hold them.
    """
    head = next((index for index, row in enumerate(sheet.rows[:_MOST_BEFORE]) if is_head(row)), None)
    rows = [row for row in sheet.rows[0 if head is None else head + 1 :] if not is_head(row)]
    if wanted is not None:
        return Columns(wanted, rows, [])
    if head is not None:
        return _columns(sheet.rows[head], rows)
    if any(is_key(text) for row in sheet.rows for text in row):
        names = [name for name in sheet.rows[0] if name]
        first = f" (the first row is {', '.join(f'`{name[:_SHOWN]}`' for name in names[:_MOST_NAMED])})"
        raise NotAList(f"no column is named `key`{first}; name the columns with --columns key,label,…")
    return None


def _columns(names: list[str], rows: list[list[str]]) -> Columns:
    """Of two columns for one field the first is used; with the same name they are one column, as of a head that spans both."""
    fields: list[str] = []
    unused: list[str] = []
    for index, name in enumerate(names):
        field = field_of(name)
        if field in fields and name != names[fields.index(field)]:
            field = ""
        fields.append(field)
        if name and not field and name not in unused and any(row[index : index + 1] > [""] for row in rows):
            unused.append(name)
    return Columns(fields, rows, unused)


def kind_of(sheet: Sheet, columns: Columns, keys: list[str], catalog: Catalog, given: KeyKind | None) -> KeyKind | None:
    """The kind of a table's keys: by its columns, by its tab or caption, by keys that are known, else by what a person
    gave, the heading above or the form of the keys. None if it is not clear.

    Raises NotAList if two of these say different things.
    """
    sure = dict(_surely(sheet, columns, keys, catalog))
    if len(sure) > 1 or (given and sure and given not in sure):
        reasons = "; ".join(f"{kind} by {reason}" for kind, reason in sure.items())
        other = f", but --kind says {given}" if given and given not in sure else "; add --kind" if not given else ""
        if other:
            raise NotAList(f"these keys are {reasons}{other}")
    if given:
        return given
    if sure:
        return next(iter(sure))
    heading = kinds_named(sheet.heading)
    if len(heading) == 1:
        return heading[0]
    if keys and all(_NUMBERED.fullmatch(key) for key in keys):
        return "items"
    return "templates" if "description" in columns.fields else None


def _surely(sheet: Sheet, columns: Columns, keys: list[str], catalog: Catalog) -> list[tuple[KeyKind, str]]:
    """The kinds that something shows for certain, and what it is."""
    sure: list[tuple[KeyKind, str]] = []
    for row in sheet.rows[:_MOST_BEFORE]:
        sure += [(kind, f"the column `{name}`") for name in row if (kind := kind_of_column(name)) is not None]
    if "title" in columns.fields:
        sure.append(("templates", "the column of titles"))
    panel = kinds_named(sheet.panel)
    if len(panel) == 1:
        sure.append((panel[0], f"the tab or caption `{sheet.panel}`"))
    listings = [(kind, catalog.country(code).listings[kind].keys) for code in COUNTRIES for kind in KINDS]
    for key in keys:
        sure += [
            (kind, f"the known key `{key}`")
            for kind, known in listings
            if key in known and known[key].known != "refused"
        ]
    if keys and all(_SURELY_ITEMS.fullmatch(key) for key in keys):
        sure.append(("items", "the form of the keys"))
    return sure[::-1]  # a dict of them keeps the reason that stands first


def country_of(keys: list[str], catalog: Catalog) -> str | None:
    """The country to which the keys belong, by their endings and by the catalog; None if there is none or several."""
    by_ending = {
        code for code in COUNTRIES for key in keys if any(key.endswith(end) for end in catalog.country(code).suffixes)
    }
    known = {
        code for code in COUNTRIES for kind in KINDS for key in keys if key in catalog.country(code).listings[kind].keys
    }
    countries = by_ending | known
    return countries.pop() if len(countries) == 1 else None


__all__ = ["FIELDS", "Columns", "country_of", "is_head", "is_key", "key_in", "kind_of", "named"]
