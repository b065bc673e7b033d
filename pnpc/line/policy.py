"""LINE's content policy applied to words and hosts, from the data of `schemas/policy/`, where the sources stand."""

from functools import lru_cache
from typing import Any, NamedTuple
from unicodedata import combining, normalize

from pnpc.data import read_json
from pnpc.text.wording import Said, says

LANGUAGES = ("ja", "th", "zh-hant", "en")

_CURLY = (("’", "'"), ("‘", "'"), ("\n", " "), ("\t", " "), ("\r", " "))
_HALF_MARKS = (
    "\uff9e\uff9f"  # the voice marks of half-width katakana: Unicode calls them letters, people read them as marks
)


class Word(NamedTuple):
    """A word that advertises; `folded` and the phrases in `exceptions`, where it does not, are as `fold` makes them."""

    text: str
    folded: str
    means: str
    reason: str
    exceptions: tuple[str, ...]


class Hit(NamedTuple):
    """A word in a text, from the code point `start` up to (without) `end`."""

    word: Word
    start: int
    end: int


def fold(text: str) -> str:
    """A text for comparison: full-width and half-width forms are the same, lower case, one kind of space and apostrophe."""
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
    """The folded words by their first character: most texts hold none of them, and then reasons need not be read."""
    by_first: dict[str, list[str]] = {}
    for data in _read():
        for listed in data["words"]:
            word = fold(listed["word"])
            by_first.setdefault(word[0], []).append(word)
    return by_first


@lru_cache(maxsize=1)
def words() -> dict[str, list[Word]]:
    """All languages' words, by the first character of their folded form."""
    by_first: dict[str, list[Word]] = {}
    for data in _read():
        for listed in data["words"]:
            reason = data["reasons"][listed["reason"]]
            exceptions = tuple(fold(phrase) for phrase in listed.get("except", ()))
            word = Word(listed["word"], fold(listed["word"]), listed.get("means", ""), reason, exceptions)
            by_first.setdefault(word.folded[0], []).append(word)
    return by_first


def may_advertise(texts: list[str]) -> bool:
    """Whether one of the texts may hold a word that advertises; `advertising` decides it."""
    text = fold("\n".join(texts))
    listed = _folded()
    return any(word in text for first in listed.keys() & set(text) for word in listed[first])


def advertising(text: str) -> list[Hit]:
    """The words in a text that advertise, each once, in the order of the text; where several overlap, the longest."""
    folded = fold(text)
    listed = words()
    ranges = []
    for first in listed.keys() & set(folded):
        for word in listed[first]:
            at = _find(folded, word)
            if at >= 0:
                ranges.append((at, at + len(word.folded), word))
    ranges.sort(key=lambda hit: (hit[0], -hit[1]))
    hits: list[Hit] = []
    end = 0
    for start, stop, word in ranges:
        if start >= end:
            hits.append(Hit(word, *_original(text, folded, start, stop)))
            end = stop
    return hits


def _find(text: str, word: Word) -> int:
    """The first offset at which a word stands as a whole word and in none of its exceptions; -1 if there is none."""
    at = text.find(word.folded)
    while at >= 0:
        end = at + len(word.folded)
        if not _inside_a_word(text, at, end) and not any(_covers(text, phrase, at, end) for phrase in word.exceptions):
            return at
        at = text.find(word.folded, at + 1)
    return -1


def _inside_a_word(text: str, start: int, end: int) -> bool:
    """Whether the range is only a part of a Latin word; Japanese, Thai and Chinese do not show where words end."""
    before = start > 0 and _is_latin(text[start]) and _is_latin(text[start - 1])
    return before or (end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end]))


def _is_latin(letter: str) -> bool:
    return letter.isascii() and letter.isalnum()


def _covers(text: str, phrase: str, start: int, end: int) -> bool:
    at = text.find(phrase, max(0, end - len(phrase)), start + len(phrase))
    return at >= 0 and at <= start and at + len(phrase) >= end


def _original(text: str, folded: str, start: int, end: int) -> tuple[int, int]:
    """The range of a text from which a range of its folded form was made."""
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
    """Hosts, keys and currency words from `schemas/policy/facts.json`."""

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
    """The facts about hosts, keys and currencies; read once."""
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
def doubtful_host(host: str) -> tuple[str, Said] | None:
    """What is wrong with a host: the rule that reports it, and what the host is; None if nothing is."""
    known = facts()
    labels = host.split(".")
    ends = {".".join(labels[index:]) for index in range(len(labels))}
    if host[:1].isdigit() or host.startswith("["):
        if _is_private(host):
            return "test-host", says("an address of a private network")
        if host.startswith("["):
            return None
    if len(labels) == 1 or host in known.hosts or not ends.isdisjoint(known.suffixes):
        return "test-host", says("a host that does not exist on the internet")
    if not ends.isdisjoint(known.tunnels):
        return "test-host", says("a tunnel to a private machine, or a service that records requests")
    if host not in known.not_shorteners and not ends.isdisjoint(known.shorteners):
        return "short-link", says("a service that shortens links")
    environment = _environment(labels)
    return ("test-host", says("a test system by its name (`{label}`)", label=environment)) if environment else None


def _environment(labels: list[str]) -> str:
    """The label before a host's registered domain that names an environment, such as `staging`; empty if there is none."""
    known = facts()
    own = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in known.second_levels else 2
    for label in labels[:-own]:
        if label in known.labels or not known.parts.isdisjoint(label.split("-")):
            return label
    return ""


def _is_private(host: str) -> bool:
    from ipaddress import ip_address, ip_network  # takes 5 ms, and only an IP address needs it

    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return False
    return any(address in ip_network(network) for network in facts().networks)


def is_personal(name: str) -> bool:
    """Whether the name of a query key or of a variable says that it holds personal data."""
    plain = name.casefold().replace("-", "_")
    return plain.replace("_", "") in facts().personal or plain.rpartition("_")[2] in facts().personal_ends
