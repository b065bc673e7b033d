"""What LINE's content policy means word by word and host by host: the data of `schemas/policy/`, made ready."""

from functools import lru_cache
from typing import Any, NamedTuple
from unicodedata import combining, normalize

from pnpc.data import read_json

LANGUAGES = ("ja", "th", "zh-hant", "en")

_CURLY = (("’", "'"), ("‘", "'"), ("\n", " "), ("\t", " "), ("\r", " "))
_HALF_MARKS = "\uff9e\uff9f"  # the voice marks of half-width katakana: letters to Unicode, marks to a reader


class Word(NamedTuple):
    """A word of advertising; `folded` and `exceptions` as `fold` makes them."""

    text: str
    folded: str
    means: str
    reason: str
    exceptions: tuple[str, ...]


class Hit(NamedTuple):
    """A word found at characters of a text."""

    word: Word
    start: int
    end: int


def fold(text: str) -> str:
    """A text with full-width and half-width forms made one, in lower case, blanks and apostrophes of one kind."""
    plain = text if text.isascii() else normalize("NFKC", text)
    folded = plain.casefold()
    for odd, usual in _CURLY:  # a chain of replacements is several times as fast as a table
        folded = folded.replace(odd, usual)
    return folded


@lru_cache(maxsize=1)
def _read() -> list[dict[str, Any]]:
    return [read_json("schemas", "policy", f"{language}.json") for language in LANGUAGES]


@lru_cache(maxsize=1)
def _folded() -> dict[str, list[str]]:
    """What is looked for, by its first character: most texts hold none of it, and then no more need be known."""
    found: dict[str, list[str]] = {}
    for data in _read():
        for one in data["words"]:
            word = fold(one["word"])
            found.setdefault(word[0], []).append(word)
    return found


@lru_cache(maxsize=1)
def words() -> dict[str, list[Word]]:
    """All languages' words, by the first character of what is looked for."""
    found: dict[str, list[Word]] = {}
    for data in _read():
        for one in data["words"]:
            reason = data["reasons"][one["reason"]]
            exceptions = tuple(fold(phrase) for phrase in one.get("except", ()))
            word = Word(one["word"], fold(one["word"]), one.get("means", ""), reason, exceptions)
            found.setdefault(word.folded[0], []).append(word)
    return found


def may_advertise(texts: list[str]) -> bool:
    """Whether one of the texts may hold a word of advertising: `advertising` tells for certain."""
    text = fold("\n".join(texts))
    listed = _folded()
    return any(word in text for first in listed.keys() & set(text) for word in listed[first])


def advertising(text: str) -> list[Hit]:
    """The words of advertising in a text, each once, in the order of the text; of overlapping ones the longest."""
    folded = fold(text)
    listed = words()
    found = []
    for first in listed.keys() & set(folded):
        for word in listed[first]:
            at = _find(folded, word)
            if at >= 0:
                found.append((at, at + len(word.folded), word))
    found.sort(key=lambda one: (one[0], -one[1]))
    hits: list[Hit] = []
    end = 0
    for start, stop, word in found:
        if start >= end:
            hits.append(Hit(word, *_original(text, folded, start, stop)))
            end = stop
    return hits


def _find(text: str, word: Word) -> int:
    """Where a word stands as a word, in no phrase that is excepted; -1 if nowhere."""
    at = text.find(word.folded)
    while at >= 0:
        end = at + len(word.folded)
        if not _inside_a_word(text, at, end) and not any(_covers(text, phrase, at, end) for phrase in word.exceptions):
            return at
        at = text.find(word.folded, at + 1)
    return -1


def _inside_a_word(text: str, start: int, end: int) -> bool:
    """Whether Latin letters go on at either end: only there does a script show where words end."""
    before = start > 0 and _is_latin(text[start]) and _is_latin(text[start - 1])
    return before or (end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end]))


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def _covers(text: str, phrase: str, start: int, end: int) -> bool:
    at = text.find(phrase, max(0, end - len(phrase)), start + len(phrase))
    return at >= 0 and at <= start and at + len(phrase) >= end


def _original(text: str, folded: str, start: int, end: int) -> tuple[int, int]:
    """The characters of a text that a range of its folded form was made of."""
    if len(text) == len(folded):
        return start, end
    first = last = at = made = 0
    while made < end:
        following = at + 1
        while following < len(text) and (combining(text[following]) or text[following] in _HALF_MARKS):
            following += 1
        if made <= start:
            first = at
        made += len(fold(text[at:following]))
        at = last = following
    return first, last


class Facts(NamedTuple):
    """Hosts, keys and currency words: `schemas/policy/facts.json`, made ready."""

    hosts: frozenset[str]
    suffixes: frozenset[str]
    tunnels: frozenset[str]
    shorteners: frozenset[str]
    not_shorteners: frozenset[str]
    labels: frozenset[str]
    parts: frozenset[str]
    second_levels: frozenset[str]
    networks: tuple[str, ...]
    personal: frozenset[str]
    personal_ends: frozenset[str]
    personal_expressions: frozenset[str]
    amounts: tuple[str, ...]
    currencies: tuple[str, ...]
    currency_filters: frozenset[str]


@lru_cache(maxsize=1)
def facts() -> Facts:
    """What is known of hosts, keys and currencies; read once."""
    data: dict[str, Any] = read_json("schemas", "policy", "facts.json")
    hosts, personal, amounts = data["test-hosts"], data["personal"], data["amounts"]
    return Facts(
        hosts=frozenset(hosts["names"]),
        suffixes=frozenset(hosts["suffixes"]),
        tunnels=frozenset(hosts["tunnels"]),
        shorteners=frozenset(data["shorteners"]["domains"]),
        not_shorteners=frozenset(data["shorteners"]["not"]),
        labels=frozenset(hosts["labels"]),
        parts=frozenset(hosts["parts"]),
        second_levels=frozenset(hosts["second-levels"]),
        networks=tuple(hosts["networks"]),
        personal=frozenset(personal["keys"]),
        personal_ends=frozenset(personal["ends"]),
        personal_expressions=frozenset(personal["expressions"]),
        amounts=tuple(amounts["items"]),
        currencies=tuple(fold(word) for word in amounts["currencies"]),
        currency_filters=frozenset(amounts["filters"]),
    )


@lru_cache(maxsize=4096)
def doubtful_host(host: str) -> tuple[str, str] | None:
    """What is wrong with a host: the rule that says so, and what the host is; None if nothing is known against it."""
    known = facts()
    labels = host.split(".")
    ends = {".".join(labels[index:]) for index in range(len(labels))}
    if host[:1].isdigit() or host.startswith("["):
        if _is_private(host):
            return "test-host", "an address of a private network"
        if host.startswith("["):
            return None
    if len(labels) == 1 or host in known.hosts or not ends.isdisjoint(known.suffixes):
        return "test-host", "a host that the internet does not know"
    if not ends.isdisjoint(known.tunnels):
        return "test-host", "a way to somebody's own machine or to a recorder of requests"
    if host not in known.not_shorteners and not ends.isdisjoint(known.shorteners):
        return "short-link", "a service that shortens links"
    environment = _environment(labels)
    return ("test-host", f"by its name (`{environment}`) a test system") if environment else None


def _environment(labels: list[str]) -> str:
    """The label before a host's own domain that names an environment, or the empty text."""
    known = facts()
    own = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in known.second_levels else 2
    for label in labels[:-own]:
        if label in known.labels or not known.parts.isdisjoint(label.split("-")):
            return label
    return ""


def _is_private(host: str) -> bool:
    from ipaddress import ip_address, ip_network  # 5 ms that only an address pays

    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return False
    return any(address in ip_network(network) for network in facts().networks)


def is_personal(name: str) -> bool:
    """Whether a key of a query, or a variable, carries what is known of a person, by its name."""
    plain = name.casefold().replace("-", "_")
    return plain.replace("_", "") in facts().personal or plain.rpartition("_")[2] in facts().personal_ends
