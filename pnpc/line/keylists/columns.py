"""What the columns of a key list hold, by their names on LINE's page and in other lists."""

from pnpc.line.catalog import COUNTRIES, KINDS, Catalog, KeyKind
from pnpc.line.keylists.sheet import NotAList, Sheet
from pnpc.text.lazy import regex

FIELDS = ("key", "label", "title", "description", "example", "note")
_KEY = regex(r"[A-Za-z][A-Za-z0-9]*_[A-Za-z0-9_-]+")
_NUMBERED = regex(r"[a-z_]+_[0-9]{3}(?:_[A-Za-z_-]+)?")
_NAMES = {
    "key": ("key", "templatekey", "itemkey", "buttonkey", "キー"),
    "label": ("label", "name", "text", "ラベル", "名前", "名称", "テキスト"),
    "title": ("title", "タイトル"),
    "description": ("description", "概要", "説明"),
    "example": ("example", "例"),
    "note": ("note", "備考"),
}  # fmt: skip
_FIELD_OF = {name: field for field, names in _NAMES.items() for name in names}
_KIND_OF: dict[str, KeyKind] = {"templatekey": "templates", "itemkey": "items", "buttonkey": "buttons"}
_HEADINGS: dict[KeyKind, tuple[str, ...]] = {
    "templates": ("template", "テンプレート"),
    "items": ("item", "アイテム"),
    "buttons": ("button", "ボタン"),
}


def is_key(text: str) -> bool:
    """Whether a text looks like one of LINE's keys: ASCII words joined by `_`, the first one beginning with a letter."""
    return _KEY.fullmatch(text) is not None


def is_head(row: list[str]) -> bool:
    """Whether a row holds column names, one of which means the key."""
    return "key" in [_FIELD_OF.get(_plain(name)) for name in row]


def named(sheet: Sheet, wanted: list[str] | None) -> tuple[list[str], list[list[str]]] | None:
    """The fields of a table's columns (an empty text for an unused column), and its rows without the row of names.

    `wanted` are the fields that a person gave with --columns. None for a table without keys. Raises NotAList if keys
    are there but no column is known to hold them.
    """
    first = sheet.rows[0] if sheet.rows else []
    if wanted is not None:
        return wanted, sheet.rows[1:] if is_head(first) else sheet.rows
    if is_head(first):
        return [_FIELD_OF.get(_plain(name), "") for name in first], sheet.rows[1:]
    if any(is_key(text) for row in sheet.rows for text in row):
        raise NotAList("no column is named `key`; name the columns with --columns key,label,…")
    return None


def kind_of(sheet: Sheet, fields: list[str], keys: list[str]) -> KeyKind | None:
    """The kind of a table's keys, by its columns, else the heading above it, else the keys; None if it is not clear."""
    for name in sheet.rows[0]:
        if _plain(name) in _KIND_OF:
            return _KIND_OF[_plain(name)]
    if "title" in fields or "description" in fields:
        return "templates"
    heading = sheet.heading.casefold()
    named_kinds = [kind for kind, words in _HEADINGS.items() if any(word in heading for word in words)]
    if len(named_kinds) == 1:
        return named_kinds[0]
    if keys and all(_NUMBERED.fullmatch(key) for key in keys):
        return "items"
    return None


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


def _plain(name: str) -> str:
    return name.casefold().replace(" ", "").replace("_", "").strip("`*")
