"""The catalog of LINE's keys: which are known, how they are known, and what can be said about any other key."""

import os
from typing import Any, Literal, NamedTuple
from unicodedata import normalize

from pnpc.data import path, read_json
from pnpc.text.lazy import regex
from pnpc.text.suggest import is_slip, near

KeyKind = Literal["templates", "items", "buttons"]

KINDS: tuple[KeyKind, ...] = ("templates", "items", "buttons")
# By the name of the property of a request that holds a key.
KIND_OF_PROPERTY: dict[str, KeyKind] = {"templateKey": "templates", "itemKey": "items", "buttonKey": "buttons"}
# LINE sends notification messages only to phone numbers issued in these.
COUNTRIES = ("JP", "TH", "TW")

_DIGITS = regex(r"[0-9]+")
_PAGE = regex(r"https://\S+")  # a source that is a page and nothing else


# The claims that a key exists: of several, the one that stands first here is shown.
EXISTS = ("documented", "verified", "accepted", "example", "local")
# Claims that rest on LINE's answers, each of which has a day.
ANSWERED = ("verified", "accepted", "refused")
# Claims that rest on LINE's table or on its answer: such a key needs no other answer, and only such a claim, of a later day,
# overrules a refusal.
CONFIRMED = ("documented", "verified", "accepted")
_TEXTS = ("label", "title", "description", "example")


class CatalogKey(NamedTuple):
    """One key; `known` says how it is known: one of EXISTS, or `refused` by LINE.

    `source` is a page or a person, `date` the day (yyyy-mm-dd) on which it was read, or on which LINE answered the
    `account` (its name). `others` is what other catalogs say of the same key.
    """

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
    account: str = ""
    others: tuple["CatalogKey", ...] = ()

    @property
    def claim(self) -> str:
        """How the key is known, and since when: `verified 2026-11-28`."""
        return f"{self.known} {self.date}".rstrip()

    @property
    def was_answered(self) -> bool:
        """Whether LINE refused the key in an answer to a request; otherwise a page of its docs, or a person, says so."""
        return self.known == "refused" and bool(self.account or (self.date and not _PAGE.fullmatch(self.source)))


class Listing(NamedTuple):
    """The keys of one kind in one country. Only if the list is `complete` is a key that it lacks certainly wrong.

    `total` is how many keys LINE's page says there are, and `total_date` the day of that page.
    """

    complete: bool
    total: int | None
    keys: dict[str, CatalogKey]
    total_date: str = ""

    @property
    def held(self) -> int:
        """How many keys are known to exist."""
        return sum(entry.known != "refused" for entry in self.keys.values())


class CountryKeys(NamedTuple):
    """One country's listings, and the endings of its keys (such as `_ja`), each with how it is known."""

    code: str
    listings: dict[KeyKind, Listing]
    suffixes: dict[str, str]


Claim = Literal["refused", "unknown", "wrong-kind", "other-country", "unlisted", "suffix"]


class KeyDoubt(NamedTuple):
    """What is wrong with a key: the claim, near keys, and the catalog's key or the country that the claim rests on."""

    claim: Claim
    near: tuple[str, ...] = ()
    entry: CatalogKey | None = None
    other: str = ""


class Catalog:
    """The keys of all countries, each country read when first needed. `team`: the contents of the team's catalog files."""

    def __init__(self, team: tuple[dict[str, Any], ...] = ()) -> None:
        self._team = team
        self._countries: dict[str, CountryKeys] = {}

    def country(self, code: str) -> CountryKeys:
        """The keys of one of COUNTRIES."""
        if code not in self._countries:
            country = read(read_json("schemas", "catalog", f"{code.lower()}.json"))
            for content in self._team:
                if content.get("country") == code:
                    country = merge(country, read(content))
            self._countries[code] = country
        return self._countries[code]

    def doubt(self, key: str, kind: KeyKind, code: str | None) -> KeyDoubt | None:
        """What is wrong with a key in a country (with None: in every country that we know); None if nothing is."""
        refused: CatalogKey | None = None
        for country in (code,) if code else COUNTRIES:
            entry = self.country(country).listings[kind].keys.get(key)
            if entry is not None and entry.known != "refused":
                return None
            refused = refused or entry
        if refused is not None:
            return KeyDoubt("refused", self._near(key, kind, refused.country), refused)
        return self._unlisted(key, kind, code)

    def _unlisted(self, key: str, kind: KeyKind, code: str | None) -> KeyDoubt | None:
        for country in (code,) if code else COUNTRIES:
            for other_kind in KINDS:
                entry = self.country(country).listings[other_kind].keys.get(key)
                if other_kind != kind and entry is not None and entry.known != "refused":
                    return KeyDoubt("wrong-kind", self._near(key, kind, country), entry)
        if code is None:
            # Without a country no list can be called complete, but a typing mistake is one in any country.
            close = next((near for country in COUNTRIES if (near := self._near(key, kind, country))), ())
            return KeyDoubt("unknown", close) if close else None
        for country in COUNTRIES:
            entry = self.country(country).listings[kind].keys.get(key)
            if country != code and entry is not None and entry.known != "refused":
                return KeyDoubt("other-country", (), entry, country)
        close = self._near(key, kind, code)
        if close or self.country(code).listings[kind].complete:
            return KeyDoubt("unknown", close)
        other = self._country_of_suffix(key, code)
        return KeyDoubt("suffix", (), None, other) if other else KeyDoubt("unlisted")

    def _near(self, key: str, kind: KeyKind, code: str) -> tuple[str, ...]:
        country = self.country(code)
        known = [entry.key for entry in country.listings[kind].keys.values() if entry.known != "refused"]
        if bare := [form for form in _without_ending(key, country) if form in known]:
            return tuple(bare)  # one of the few keys that have no ending
        return next((tuple(near) for form in _forms(key, country) if (near := near_keys(form, known, key))), ())

    def _country_of_suffix(self, key: str, code: str) -> str:
        if any(key.endswith(suffix) for suffix in self.country(code).suffixes):
            return ""
        others = (other for other in COUNTRIES if any(key.endswith(suffix) for suffix in self.country(other).suffixes))
        return next(others, "")


def _forms(key: str, country: CountryKeys) -> list[str]:
    """A key in plain characters; also with its country's ending added, or removed where it stands twice."""
    plain = normalize("NFKC", key).casefold()
    added = [plain + suffix for suffix in country.suffixes if not plain.endswith(suffix)]
    taken = [plain.removesuffix(suffix) for suffix in country.suffixes if plain.endswith(suffix * 2)]
    return [plain, *taken, *added]


def _without_ending(key: str, country: CountryKeys) -> list[str]:
    plain = normalize("NFKC", key).casefold()
    return [plain.removesuffix(suffix) for suffix in country.suffixes if plain.endswith(suffix)]


def near_keys(key: str, known: list[str], written: str | None = None) -> list[str]:
    """At most three known keys that `key` is likely misspelt for; `written`: how it stands in the file, if not as `key`.

    Keys are numbered (`name_010_ja`, `name_011_ja`), and most numbers are not known to us: so only keys with the same
    numbers count as near, with or without leading zeros, and letters are compared without the numbers.
    """
    numbers, letters = _parts(key)
    same_numbers: dict[str, list[str]] = {}  # by the letters
    for candidate in known:
        its_numbers, its_letters = _parts(candidate)
        if its_numbers == numbers and candidate != (written or key):
            same_numbers.setdefault(its_letters, []).append(candidate)
    slips = [word for word in near(letters, same_numbers) if is_slip(letters, word)]
    return (same_numbers.get(letters) or [candidate for word in slips for candidate in same_numbers[word]])[:3]


def _parts(key: str) -> tuple[list[int], str]:
    # Python refuses to turn more than 4,300 digits into a number; no key has more than ten.
    numbers = [int(digits[:10]) for digits in _DIGITS.findall(key)]
    return numbers, _DIGITS.sub("", key).lower().replace("-", "_")


def read(content: dict[str, Any]) -> CountryKeys:
    """The keys in a catalog file's content, which must have been checked against `catalog.schema.json`."""
    listings = {kind: _listing(content, kind) for kind in KINDS}
    suffixes = {suffix["suffix"]: suffix["known"] for suffix in content.get("suffixes", [])}
    return CountryKeys(content["country"], listings, suffixes)


def _listing(content: dict[str, Any], kind: KeyKind) -> Listing:
    listed = content.get(kind, {})
    shared = {
        "known": content.get("known", "local"),
        "source": content.get("source", ""),
        "date": content.get("date", ""),
    }
    keys = {
        key: CatalogKey(key=key, kind=kind, country=content["country"], **{**shared, **(entry or {})})
        for key, entry in listed.get("keys", {}).items()
    }
    return Listing(bool(listed.get("complete", False)), listed.get("total"), keys, listed.get("total_date", ""))


def merge(country: CountryKeys, team: CountryKeys) -> CountryKeys:
    """A country's keys joined with a team's: of each key the claim that stands, and the texts that the team gives it."""
    listings = {kind: _merged(country.listings[kind], team.listings[kind]) for kind in KINDS}
    return CountryKeys(country.code, listings, {**country.suffixes, **team.suffixes})


def _merged(listing: Listing, team: Listing) -> Listing:
    keys = dict(listing.keys)
    for key, entry in team.keys.items():
        keys[key] = _joined(keys[key], entry) if key in keys else entry
    is_newer = team.total is not None and (listing.total is None or team.total_date >= listing.total_date)
    counted = team if is_newer else listing
    complete = any(part.complete and not _outgrown(part, counted, keys) for part in (listing, team))
    return Listing(complete, counted.total, keys, counted.total_date)


def _outgrown(listing: Listing, counted: Listing, keys: dict[str, CatalogKey]) -> bool:
    """Whether LINE has said, after the day of a complete list, that there are more keys than we have."""
    if listing.total is None or counted.total is None or counted.total_date <= listing.total_date:
        return False
    listed = sum(any(claim.known != "refused" for claim in (entry, *entry.others)) for entry in keys.values())
    return counted.total > listed


def _joined(entry: CatalogKey, added: CatalogKey) -> CatalogKey:
    """What two catalogs say of one key: the claim that stands, with every text that is known; a later text wins."""
    claims = [entry._replace(others=()), *entry.others, added]
    standing = _standing(claims)
    exists = standing.known != "refused"
    texts = {name: getattr(added, name) or getattr(entry, name) for name in _TEXTS}
    notes = [claim.note for claim in (standing, *claims) if claim.note and (claim.known != "refused") == exists]
    others = tuple(claim for claim in claims if claim is not standing)
    return standing._replace(**texts, note=notes[0] if notes else "", others=others)


def _standing(claims: list[CatalogKey]) -> CatalogKey:
    """A refusal stands until LINE says otherwise on a later day; of claims that the key exists, the strongest counts."""
    refusals = [claim for claim in claims if claim.known == "refused"]
    positive = [claim for claim in claims if claim.known != "refused"]
    if refusals:
        refusal = max(refusals, key=lambda claim: claim.date)
        positive = [claim for claim in positive if claim.known in CONFIRMED and claim.date > refusal.date]
        if not positive:
            return refusal
    return max(positive, key=lambda claim: (-EXISTS.index(claim.known), claim.date))


def built_in_files() -> list[str]:
    """The paths of the catalog files that come with pnpc."""
    folder = path("schemas", "catalog")
    return sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".json"))
