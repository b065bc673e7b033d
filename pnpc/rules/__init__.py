"""The rules, in code order. A rule's file is loaded when the rule runs, is reported or is explained: start-up is short."""

from importlib import import_module
from typing import NamedTuple

from pnpc.rules.rule import Rule


class Listed(NamedTuple):
    """A rule as it stands in the list; `runs`: it has a check of its own, over the typed message."""

    code: str
    name: str
    runs: bool = False


ALL: tuple[Listed, ...] = (
    Listed("PNP001", "not-utf-8"),
    Listed("PNP002", "yaml-syntax"),
    Listed("PNP003", "tab"),
    Listed("PNP004", "duplicate-key"),
    Listed("PNP005", "unquoted-expression"),
    Listed("PNP006", "comment-cuts-text", runs=True),
    Listed("PNP007", "implicit-value"),
    Listed("PNP008", "input-too-large"),
    Listed("PNP009", "alias-cycle"),
    Listed("PNP010", "control-character"),
    Listed("PNP011", "yaml-tag"),
    Listed("PNP012", "line-separator", runs=True),
    Listed("PNP100", "not-a-spec"),
    Listed("PNP101", "unknown-key"),
    Listed("PNP102", "missing-key"),
    Listed("PNP103", "wrong-type"),
    Listed("PNP104", "value-not-allowed"),
    Listed("PNP105", "bad-format"),
    Listed("PNP106", "out-of-range"),
    Listed("PNP107", "duplicate-name"),
    Listed("PNP108", "both-kinds"),
    Listed("PNP109", "format-version"),
    Listed("PNP110", "no-country", runs=True),
    Listed("PNP111", "bad-name"),
    Listed("PNP201", "unknown-template", runs=True),
    Listed("PNP202", "unknown-item", runs=True),
    Listed("PNP203", "unknown-button", runs=True),
    Listed("PNP204", "duplicate-item", runs=True),
    Listed("PNP205", "duplicate-button", runs=True),
    Listed("PNP206", "content-too-long"),
    Listed("PNP207", "url-too-long"),
    Listed("PNP208", "too-many-items"),
    Listed("PNP209", "too-many-buttons"),
    Listed("PNP210", "recipient-digest"),
    Listed("PNP211", "aggregation-unit"),
    Listed("PNP212", "delivery-tag"),
    Listed("PNP213", "country-suffix", runs=True),
    Listed("PNP214", "other-country", runs=True),
    Listed("PNP215", "empty-content"),
    Listed("PNP216", "bad-url", runs=True),
    Listed("PNP217", "recipient-in-spec", runs=True),
    Listed("PNP218", "unlisted-key", runs=True),
    Listed("PNP219", "missing-recipient", runs=True),
    Listed("PNP300", "flexible-unchecked", runs=True),
    Listed("PNP501", "expression-syntax", runs=True),
    Listed("PNP502", "undeclared-variable", runs=True),
    Listed("PNP503", "unused-variable", runs=True),
    Listed("PNP504", "expression-not-allowed"),
    Listed("PNP505", "bad-example", runs=True),
    Listed("PNP506", "bad-declaration", runs=True),
    Listed("PNP507", "expression-failed"),
    Listed("PNP601", "bad-table"),
    Listed("PNP602", "missing-column"),
    Listed("PNP603", "bad-value"),
    Listed("PNP604", "bad-phone"),
    Listed("PNP605", "reserved-variable", runs=True),
    Listed("PNP801", "bad-config"),
    Listed("PNP802", "unused-suppression"),
    Listed("PNP803", "bad-suppression"),
    Listed("PNP804", "stale-baseline"),
)

_BY_NAME = {word: listed for listed in ALL for word in (listed.name, listed.code)}
_loaded: dict[str, Rule] = {}
_running: tuple[Rule, ...] = ()


def get(word: str) -> Rule:
    """The rule of a code (in any case) or a name. Raises KeyError."""
    listed = _BY_NAME.get(word) or _BY_NAME[word.upper()]
    if listed.name not in _loaded:
        _loaded[listed.name] = import_module(f"pnpc.rules.{listed.name.replace('-', '_')}").RULE
    return _loaded[listed.name]


def known(word: str) -> bool:
    """Whether a word is a rule's code (in any case) or name."""
    return word in _BY_NAME or word.upper() in _BY_NAME


def names(word: str) -> list[str]:
    """The names of the rules that a code, a name, or the start of a code (`PNP2`) stands for; empty if none."""
    if known(word):
        return [(_BY_NAME.get(word) or _BY_NAME[word.upper()]).name]
    upper = word.upper()
    return [listed.name for listed in ALL if len(upper) >= 3 and listed.code.startswith(upper)]


def words() -> list[str]:
    """Every code and name, for completion and for near names."""
    return list(_BY_NAME)


def running() -> tuple[Rule, ...]:
    """The rules that look at the typed message, in code order."""
    global _running
    if not _running:
        _running = tuple(get(listed.name) for listed in ALL if listed.runs)
    return _running
