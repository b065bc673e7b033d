"""A spec for a template that only a catalog knows: its texts, and items and buttons whose labels share words with it."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from string import Template
from typing import NamedTuple

from pnpc.data import read_text
from pnpc.line.catalog import Catalog, CatalogKey, CountryKeys, KeyKind
from pnpc.report.clean import visible
from pnpc.text.emit import text as yaml_text

_MOST_ITEMS = 3  # that are chosen by their labels; LINE takes 15
_MOST_BUTTONS = 2  # as many as LINE takes
# A word of more labels than this number, and than this share of all, says nothing of a template.
_COMMON, _COMMON_SHARE = 4, 0.2
_AS_RARE = 1.25  # times as many labels as the rarest word: hardly less telling
_TAG = (16, 100)  # characters of a delivery tag
_LONGEST_ID = 40  # characters
_WIDE = re.compile(r"[\u3400-\u9fff\u30a1-\u30fa\u30fcー]{2,}")  # kanji, katakana: two signs make a word
_WIDE_WORD, _WORD = 2, 5  # signs that two texts must share: of these, of any other script
_OTHER = re.compile(r"[^\W\d_\u3040-\u30ff\u3400-\u9fff]+(?:[\u0e30-\u0e4e]|[^\W\d_\u3040-\u30ff\u3400-\u9fff])*")
_NO_NAME = re.compile(r"[^a-z0-9]+")


class FrameKeys(NamedTuple):
    """The items and buttons of a frame, and whether a person named them."""

    items: list[CatalogKey]
    buttons: list[CatalogKey]
    is_asked: bool


def chosen(template: CatalogKey, catalog: Catalog) -> FrameKeys:
    """The items and buttons whose labels share a word with what the template says: the rarest one that any label shares."""
    country = catalog.country(template.country)
    counts = _counts(country)
    entries = sum(len(listing.keys) for listing in country.listings.values())
    words = _words(f"{template.label} {template.title} {template.description}")
    words = {word for word in words if counts[word] <= max(_COMMON, entries * _COMMON_SHARE)}
    items, buttons = (_sharing(words, country, kind) for kind in ("items", "buttons"))
    rarest = min((counts[word] for _, shared in (*items, *buttons) for word in shared), default=0)
    close = [
        [entry for entry, shared in entries if any(counts[word] <= max(_COMMON, rarest * _AS_RARE) for word in shared)]
        for entries in (items, buttons)
    ]
    return FrameKeys(close[0][:_MOST_ITEMS], close[1][:_MOST_BUTTONS], is_asked=False)


def _sharing(words: set[str], country: CountryKeys, kind: KeyKind) -> list[tuple[CatalogKey, set[str]]]:
    """The keys whose labels share some of the words, and which these are; those that share most of them first."""
    entries = [entry for entry in country.listings[kind].keys.values() if entry.known != "refused"]
    shared = [(entry, words & _words(entry.label)) for entry in entries]
    return sorted(((entry, both) for entry, both in shared if both), key=lambda pair: -len(pair[1]))


def _counts(country: CountryKeys) -> Counter[str]:
    """In how many labels and titles each word stands."""
    return Counter(
        word
        for listing in country.listings.values()
        for entry in listing.keys.values()
        for word in _words(f"{entry.label} {entry.title}")
    )


def _words(text: str) -> set[str]:
    """Pieces of a text that are long enough to mean something."""
    folded = text.casefold()
    pieces = [(run, _WIDE_WORD) for run in _WIDE.findall(folded)] + [(run, _WORD) for run in _OTHER.findall(folded)]
    return {run[at : at + size] for run, size in pieces for at in range(len(run) - size + 1)}


def frame(template: CatalogKey, chosen: FrameKeys, endings: Iterable[str], name: str | None = None) -> str:
    """The text of a spec for a template."""
    ends = tuple(endings)
    called = name or _NO_NAME.sub("-", _bare(template.key, ends).lower()).strip("-")
    tag = called[: _TAG[1] - _LONGEST_ID - 1]
    shortest = max(8, _TAG[0] - len(tag) - 1)
    title = template.label or template.title
    return Template(read_text("templates", "frame.yaml")).substitute(
        key=template.key,
        title=visible(title) if title else "No label is known",
        known=visible(_known(template)),
        chosen=_choice(chosen),
        name=yaml_text(called),
        country=template.country,
        description=f"description: {yaml_text(title)}" if title else "# description: when you send it",
        shortest=shortest,
        example="A1B2C3D4E5F6G7H8"[: max(shortest, 8)],
        variables="\n".join(_variables(chosen.items, ends)) or "  # One for each value of a recipient.",
        body=_body([_item(entry, ends) for entry in chosen.items], [_button(entry) for entry in chosen.buttons]),
        tag=tag,
    )


def _known(entry: CatalogKey) -> str:
    """What people read, and how the key is known."""
    texts = " / ".join(text for text in (entry.title, entry.description) if text)
    reads = f"It reads “{texts}”. " if texts else ""
    account = f" by the account {entry.account}" if entry.account else ""
    return f"{reads}Known as: {entry.claim}{account}."


def _choice(chosen: FrameKeys) -> str:
    if chosen.is_asked:
        return "Items and buttons are those that you named."
    if chosen.items or chosen.buttons:
        return "Items and buttons are here because their labels share words with the template's; others may fit better."
    return "No label of an item or a button shares a word with it."


def _bare(key: str, endings: Sequence[str]) -> str:
    """A key without its country's ending."""
    return next((key.removesuffix(ending) for ending in sorted(endings, key=len)[::-1] if key.endswith(ending)), key)


def _variable(key: str, endings: Sequence[str]) -> str:
    """A name for the content of an item; one of several words is never a word of the expression language."""
    bare = _bare(key, endings)
    return (bare if "_" in bare else key).replace("-", "_").lower()


def _variables(items: Sequence[CatalogKey], endings: Sequence[str]) -> Iterator[str]:
    for entry in items:
        example = (entry.example or entry.label or "text")[:_LONGEST_ID]
        yield f"  # {visible(entry.label or entry.key)}"
        if _is_date(entry):
            yield f'  {_variable(entry.key, endings)}: {{type: string, format: date, example: "2026-12-24"}}'
        else:
            declared = f"{{type: string, minLength: 1, maxLength: 100, example: {yaml_text(example)}}}"
            yield f"  {_variable(entry.key, endings)}: {declared}"


def _is_date(entry: CatalogKey) -> bool:
    """Whether LINE's docs show a date in items of this form: those of Japan do."""
    return entry.country == "JP" and entry.key.startswith("date_")


def _item(entry: CatalogKey, endings: Sequence[str]) -> str:
    filter_ = " | date('long')" if _is_date(entry) else ""
    return f'{{itemKey: {entry.key}, content: "{{{{ {_variable(entry.key, endings)}{filter_} }}}}"}}'


def _button(entry: CatalogKey) -> str:
    label = f"  # {visible(entry.label)}" if entry.label else ""
    return f'{{buttonKey: {entry.key}, url: "https://example.com/{{{{ id | urlencode }}}}"}}{label}'


def _body(items: list[str], buttons: list[str]) -> str:
    """The body, with a comment for each list that is empty."""
    hints = ["# One item may be shown large, at the top, with at most 15 characters:"]
    hints.append('# emphasizedItem: {itemKey: …, content: "…"}')
    lists = {"items": items, "buttons": buttons}
    hints += [
        f"# {name}: `pnpc catalog list {name}` shows those that are known." for name, ours in lists.items() if not ours
    ]
    lines = [line for name, ours in lists.items() if ours for line in (f"{name}:", *(f"  - {entry}" for entry in ours))]
    if not lines:
        return "\n".join([*(f"  {hint}" for hint in hints), "  body: {}"])
    return "\n".join(["  body:", *(f"    {line}" for line in (*hints, *lines))])
