"""The catalog of LINE's keys: what is known, how it is known, and what may honestly be said of the rest."""

import os
from typing import Any, Literal, NamedTuple
from unicodedata import normalize

from pnpc.data import path, read_json
from pnpc.text.lazy import regex
from pnpc.text.suggest import is_slip, near

KeyKind = Literal["templates", "items", "buttons"]

KINDS: tuple[KeyKind, ...] = ("templates", "items", "buttons")
# LINE sends notification messages to phone numbers issued in these, and nowhere else.
COUNTRIES = ("JP", "TH", "TW")

_DIGITS = regex(r"[0-9]+")


class Entry(NamedTuple):
    """One key: `known` is documented, example, accepted, local or refused (LINE says that it does not exist)."""

    key: str
    kind: KeyKind
    country: str
    known: str
    label: str = ""
    title: str = ""
    description: str = ""
    example: str = ""
    source: str = ""
    date: str = ""
    note: str = ""


class Listing(NamedTuple):
    """The keys of one kind in one country; only if `complete` is an unlisted key surely wrong."""

    complete: bool
    total: int | None
    keys: dict[str, Entry]
    total_date: str = ""

    @property
    def held(self) -> int:
        """How many keys are known to exist."""
        return sum(entry.known != "refused" for entry in self.keys.values())


class Country(NamedTuple):
    """One country's listings, and the endings of its keys with how they are known."""

    code: str
    listings: dict[KeyKind, Listing]
    suffixes: dict[str, str]


Claim = Literal["refused", "unknown", "wrong-kind", "other-country", "unlisted", "suffix"]


class Doubt(NamedTuple):
    """What is wrong with a key: the claim, near keys, and the entry or country that the claim rests on."""

    claim: Claim
    near: tuple[str, ...] = ()
    entry: Entry | None = None
    other: str = ""


class Catalog:
    """All countries' keys, read when first asked for. `team` are the contents of the team's own catalog files."""

    def __init__(self, team: tuple[dict[str, Any], ...] = ()) -> None:
        self._team = team
        self._countries: dict[str, Country] = {}

    def country(self, code: str) -> Country:
        """The keys of JP, TH or TW."""
        if code not in self._countries:
            country = read(read_json("schemas", "catalog", f"{code.lower()}.json"))
            for content in self._team:
                if content.get("country") == code:
                    country = merge(country, read(content))
            self._countries[code] = country
        return self._countries[code]

    def doubt(self, key: str, kind: KeyKind, code: str | None) -> Doubt | None:
        """What speaks against a key in a country (or, with None, in all that we know); None if nothing does."""
        for country in (code,) if code else COUNTRIES:
            entry = self.country(country).listings[kind].keys.get(key)
            if entry is not None:
                return Doubt("refused", self._near(key, kind, country), entry) if entry.known == "refused" else None
        return self._unlisted(key, kind, code)

    def _unlisted(self, key: str, kind: KeyKind, code: str | None) -> Doubt | None:
        for country in (code,) if code else COUNTRIES:
            for other_kind in KINDS:
                entry = self.country(country).listings[other_kind].keys.get(key)
                if other_kind != kind and entry is not None and entry.known != "refused":
                    return Doubt("wrong-kind", self._near(key, kind, country), entry)
        if code is None:
            # Whether a list is complete is a question about one country; a slip of the pen is one in any.
            close = next((near for country in COUNTRIES if (near := self._near(key, kind, country))), ())
            return Doubt("unknown", close) if close else None
        for country in COUNTRIES:
            entry = self.country(country).listings[kind].keys.get(key)
            if country != code and entry is not None and entry.known != "refused":
                return Doubt("other-country", (), entry, country)
        close = self._near(key, kind, code)
        if close or self.country(code).listings[kind].complete:
            return Doubt("unknown", close)
        other = self._country_of_suffix(key, code)
        return Doubt("suffix", (), None, other) if other else Doubt("unlisted")

    def _near(self, key: str, kind: KeyKind, code: str) -> tuple[str, ...]:
        country = self.country(code)
        known = [entry.key for entry in country.listings[kind].keys.values() if entry.known != "refused"]
        if bare := [form for form in _without_ending(key, country) if form in known]:
            return tuple(bare)  # one of the few keys that have no ending
        return next((tuple(near) for form in _forms(key, country) if (near := near_keys(form, known, key))), ())

    def _country_of_suffix(self, key: str, code: str) -> str:
        if any(key.endswith(suffix) for suffix in self.country(code).suffixes):
            return ""
        found = (other for other in COUNTRIES if any(key.endswith(suffix) for suffix in self.country(other).suffixes))
        return next(found, "")


def _forms(key: str, country: Country) -> list[str]:
    """A key in plain characters; and with its country's ending added, or taken away where it stands twice."""
    plain = normalize("NFKC", key).casefold()
    added = [plain + suffix for suffix in country.suffixes if not plain.endswith(suffix)]
    taken = [plain.removesuffix(suffix) for suffix in country.suffixes if plain.endswith(suffix * 2)]
    return [plain, *taken, *added]


def _without_ending(key: str, country: Country) -> list[str]:
    plain = normalize("NFKC", key).casefold()
    return [plain.removesuffix(suffix) for suffix in country.suffixes if plain.endswith(suffix)]


def near_keys(key: str, known: list[str], written: str | None = None) -> list[str]:
    """Known keys that `key` is likely a slip of; `written`: how it stands in the file, if that is not `key`.

    Keys are numbered (`name_010_ja`, `name_011_ja`), and of most numbers we know nothing: so only keys with the
    same numbers count as near, however they are padded, and letters are compared without them.
    """
    numbers, letters = _parts(key)
    same: dict[str, list[str]] = {}
    for one in known:
        its_numbers, its_letters = _parts(one)
        if its_numbers == numbers and one != (written or key):
            same.setdefault(its_letters, []).append(one)
    slips = [word for word in near(letters, same) if is_slip(letters, word)]
    return (same.get(letters) or [one for word in slips for one in same[word]])[:3]


def _parts(key: str) -> tuple[list[int], str]:
    # Python refuses to turn more than 4,300 digits into a number; no key has ten.
    numbers = [int(digits[:10]) for digits in _DIGITS.findall(key)]
    return numbers, _DIGITS.sub("", key).lower().replace("-", "_")


def read(content: dict[str, Any]) -> Country:
    """A catalog file's content, already checked against `catalog.schema.json`, as values."""
    listings = {kind: _listing(content, kind) for kind in KINDS}
    suffixes = {one["suffix"]: one["known"] for one in content.get("suffixes", [])}
    return Country(content["country"], listings, suffixes)


def _listing(content: dict[str, Any], kind: KeyKind) -> Listing:
    listed = content.get(kind, {})
    shared = {
        "known": content.get("known", "local"),
        "source": content.get("source", ""),
        "date": content.get("date", ""),
    }
    keys = {
        key: Entry(key=key, kind=kind, country=content["country"], **{**shared, **(entry or {})})
        for key, entry in listed.get("keys", {}).items()
    }
    return Listing(bool(listed.get("complete", False)), listed.get("total"), keys, listed.get("total_date", ""))


def merge(country: Country, team: Country) -> Country:
    """A country with a team's entries laid over it; a list is complete if either says so."""
    listings = {
        kind: Listing(
            country.listings[kind].complete or team.listings[kind].complete,
            country.listings[kind].total or team.listings[kind].total,
            {**country.listings[kind].keys, **team.listings[kind].keys},
            country.listings[kind].total_date or team.listings[kind].total_date,
        )
        for kind in KINDS
    }
    return Country(country.code, listings, {**country.suffixes, **team.suffixes})


def built_in_files() -> list[str]:
    """The names of the catalog files that come with pnpc."""
    folder = path("schemas", "catalog")
    return sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".json"))
