"""The rules, in code order. A rule's file is loaded when the rule runs, is reported or is explained: start-up is short."""

from importlib import import_module
from typing import NamedTuple

from pnpc.rules import gates
from pnpc.rules.gates import GATES, opened
from pnpc.rules.rule import Rule
from pnpc.spec.context import Context
from pnpc.spec.notice import Notice


class Listed(NamedTuple):
    """A rule as it stands in the list; `gate`: it has a check of its own, which runs where this gate is open."""

    code: str
    name: str
    gate: str = ""


ALL: tuple[Listed, ...] = (
    Listed("PNP001", "not-utf-8"),
    Listed("PNP002", "yaml-syntax"),
    Listed("PNP003", "tab"),
    Listed("PNP004", "duplicate-key"),
    Listed("PNP005", "unquoted-expression"),
    Listed("PNP006", "comment-cuts-text", "cut text"),
    Listed("PNP007", "implicit-value"),
    Listed("PNP008", "input-too-large"),
    Listed("PNP009", "alias-cycle"),
    Listed("PNP010", "control-character"),
    Listed("PNP011", "yaml-tag"),
    Listed("PNP012", "line-separator", "separators"),
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
    Listed("PNP110", "no-country", "always"),
    Listed("PNP111", "bad-name"),
    Listed("PNP112", "json-syntax"),
    Listed("PNP116", "not-in-sinch-models"),
    Listed("PNP201", "unknown-template", "keys"),
    Listed("PNP202", "unknown-item", "keys"),
    Listed("PNP203", "unknown-button", "keys"),
    Listed("PNP204", "duplicate-item", "repeated keys"),
    Listed("PNP205", "duplicate-button", "repeated keys"),
    Listed("PNP206", "content-too-long"),
    Listed("PNP207", "url-too-long"),
    Listed("PNP208", "too-many-items"),
    Listed("PNP209", "too-many-buttons"),
    Listed("PNP210", "recipient-digest"),
    Listed("PNP211", "aggregation-unit"),
    Listed("PNP212", "delivery-tag"),
    Listed("PNP213", "country-suffix", "keys"),
    Listed("PNP214", "other-country", "keys"),
    Listed("PNP215", "empty-content"),
    Listed("PNP216", "bad-url", "URLs"),
    Listed("PNP217", "recipient-in-spec", "recipient"),
    Listed("PNP218", "unlisted-key", "keys"),
    Listed("PNP220", "many-units", "filled units"),
    Listed("PNP301", "unknown-type"),
    Listed("PNP302", "text-too-long"),
    Listed("PNP303", "part-count"),
    Listed("PNP304", "bad-value-format"),
    Listed("PNP305", "null-value"),
    Listed("PNP306", "empty-text"),
    Listed("PNP310", "misplaced-component", "components"),
    Listed("PNP311", "unequal-columns", "column templates"),
    Listed("PNP312", "text-beside-title", "templates"),
    Listed("PNP313", "text-missing", "Flex texts"),
    Listed("PNP314", "ignored-text", "Flex texts"),
    Listed("PNP315", "bad-substitution", "braces"),
    Listed("PNP316", "unused-substitution", "braces"),
    Listed("PNP317", "emoji-index", "LINE emoji"),
    Listed("PNP318", "picker-dates", "pickers"),
    Listed("PNP319", "picker-start", "pickers"),
    Listed("PNP320", "bad-uri", "URLs"),
    Listed("PNP321", "app-scheme", "URLs"),
    Listed("PNP322", "flex-too-large", "large Flex"),
    Listed("PNP323", "flex-nearly-too-large", "large Flex"),
    Listed("PNP324", "mixed-bubble-sizes", "Flex carousels"),
    Listed("PNP325", "hidden-quick-reply", "flexible"),
    Listed("PNP326", "not-for-notifications", "flexible"),
    Listed("PNP327", "deprecated", "flexible"),
    Listed("PNP328", "no-effect", "flexible"),
    Listed("PNP329", "newline-without-wrap", "Flex texts"),
    Listed("PNP330", "empty-bubble", "bubbles"),
    Listed("PNP331", "absolute-first", "components"),
    Listed("PNP332", "too-many-in-message", "flexible"),
    Listed("PNP333", "postback-text", "postbacks"),
    Listed("PNP334", "notification-disabled", "flexible"),
    Listed("PNP335", "bad-approval", "review"),
    Listed("PNP336", "unapproved-layout", "review"),
    Listed("PNP337", "layout-drift", "review"),
    Listed("PNP338", "filled-otherwise", "review"),
    Listed("PNP340", "code-points-over-limit", "templates"),
    Listed("PNP401", "image", "media"),
    Listed("PNP402", "video", "media"),
    Listed("PNP403", "audio", "media"),
    Listed("PNP404", "imagemap", "media"),
    Listed("PNP405", "template-image", "media"),
    Listed("PNP406", "icon", "media"),
    Listed("PNP407", "unknown-media", "media"),
    Listed("PNP408", "quick-reply-icon", "media"),
    Listed("PNP409", "sender-icon", "media"),
    Listed("PNP410", "sticker", "media"),
    Listed("PNP411", "coupon", "media"),
    Listed("PNP412", "line-emoji", "media"),
    Listed("PNP413", "link-preview", "links in chats"),
    Listed("PNP414", "media-link", "links to media"),
    Listed("PNP415", "location-map", "media"),
    Listed("PNP416", "asks-for-media", "media"),
    Listed("PNP501", "expression-syntax", "expressions"),
    Listed("PNP502", "undeclared-variable", "expressions"),
    Listed("PNP503", "unused-variable", "idle variables"),
    Listed("PNP504", "expression-not-allowed"),
    Listed("PNP505", "bad-example", "variables"),
    Listed("PNP506", "bad-declaration", "wrong declarations"),
    Listed("PNP507", "expression-failed"),
    Listed("PNP508", "not-an-expression", "lookalikes"),
    Listed("PNP509", "maybe-an-expression", "lookalikes"),
    Listed("PNP510", "not-encoded", "filled URLs"),
    Listed("PNP511", "example-breaks-url", "filled URLs"),
    Listed("PNP520", "misplaced-directive"),
    Listed("PNP521", "unknown-directive"),
    Listed("PNP522", "bad-condition"),
    Listed("PNP523", "bad-loop"),
    Listed("PNP524", "loop-over-no-array"),
    Listed("PNP525", "loop-variable-taken"),
    Listed("PNP526", "unbounded-loop"),
    Listed("PNP527", "bad-include"),
    Listed("PNP528", "include-cycle"),
    Listed("PNP529", "beside-include"),
    Listed("PNP530", "may-be-too-long", "doubtful lengths"),
    Listed("PNP531", "length-not-bounded", "doubtful lengths"),
    Listed("PNP532", "type-not-taken", "doubtful lengths"),
    Listed("PNP533", "value-not-taken", "doubtful lengths"),
    Listed("PNP534", "may-be-too-short", "doubtful lengths"),
    Listed("PNP535", "not-worked-out"),
    Listed("PNP601", "bad-table"),
    Listed("PNP602", "missing-column"),
    Listed("PNP603", "bad-value"),
    Listed("PNP604", "bad-phone"),
    Listed("PNP605", "reserved-variable", "reserved variables"),
    Listed("PNP606", "unlikely-year", "dated variables"),
    Listed("PNP607", "doubtful-number"),
    Listed("PNP608", "too-many-units"),
    Listed("PNP701", "advertising", "advertising"),
    Listed("PNP702", "insecure-link", "doubtful links"),
    Listed("PNP703", "test-host", "doubtful links"),
    Listed("PNP704", "short-link", "doubtful links"),
    Listed("PNP705", "personal-data-in-link", "doubtful links"),
    Listed("PNP706", "amount-without-currency", "bare amounts"),
    Listed("PNP707", "doubtful-url", "URLs"),
    Listed("PNP708", "blank-text", "blank texts"),
    Listed("PNP801", "bad-config"),
    Listed("PNP802", "unused-suppression"),
    Listed("PNP803", "bad-suppression"),
    Listed("PNP804", "stale-baseline"),
    Listed("PNP901", "line-refused"),
)

# A text that can't be read must never pass for a clean one: these can be neither turned off nor suppressed.
UNREADABLE = frozenset(
    (
        "not-utf-8",
        "yaml-syntax",
        "json-syntax",
        "tab",
        "input-too-large",
        "alias-cycle",
        "control-character",
        "yaml-tag",
    )
)
# LINE's policy bans these for certain, and its API may answer 200 all the same: nothing turns them off, lowers them or
# suppresses them. `media-hosts` in the config is the only way past them.
CERTAIN_MEDIA = frozenset(("image", "video", "audio", "imagemap", "template-image", "icon", "unknown-media"))
ALWAYS_ON = UNREADABLE | CERTAIN_MEDIA
# No comment in a file suppresses these: the last five are about comments, or about more than one file.
NOT_SUPPRESSED = ALWAYS_ON | {
    "bad-suppression",
    "unused-suppression",
    "duplicate-name",
    "stale-baseline",
    "bad-config",
}

_BY_NAME = {word: listed for listed in ALL for word in (listed.name, listed.code)}
_loaded: dict[str, Rule] = {}
_behind: dict[tuple[str, ...], tuple[Rule, ...]] = {}


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


def fixed(word: str, severity: str = "off") -> str | None:
    """Why a word can't turn rules off, or give them another severity; None if it can.

    A word that stands for several rules, such as PNP4, can't if it can't for one of them.
    """
    listed = [rule for rule in ALL if rule.name in names(word)]
    certain = [rule for rule in listed if rule.name in CERTAIN_MEDIA]
    if severity == "error" or not certain:
        return None
    if len(listed) == 1:
        return f"`{word}` is always an error: pictures, videos and sounds are banned for certain"
    return f"`{word}` includes {certain[0].code} to {certain[-1].code}, which are always errors"


def fixed_help(word: str) -> str:
    """The way out for who wrote a word that `fixed` refuses."""
    others = [rule.code for rule in ALL if rule.name in names(word) and rule.name not in CERTAIN_MEDIA]
    hosts = "`media-hosts` in the config allows pictures that LINE itself supplies"
    return f"name the others: {', '.join(others)}" if others else hosts


def words() -> list[str]:
    """Every code and name, for completion and for near names."""
    return list(_BY_NAME)


def behind(gate: str, notice: Notice, context: Context) -> tuple[Rule, ...]:
    """The rules behind one gate, if it is open for a message."""
    if not GATES[gate](notice, context):
        return ()
    return tuple(get(listed.name) for listed in ALL if listed.gate == gate)


def running(notice: Notice, context: Context) -> tuple[Rule, ...]:
    """The rules that may have something to say of a message, in code order."""
    return _all_behind(opened(notice, context))


def judging(notice: Notice, context: Context) -> tuple[Rule, ...]:
    """The same of a message that a row has filled: a request body, of which no rule about specs is asked."""
    return _all_behind(gates.opened_by_values(notice, context))


def of_values(notice: Notice) -> tuple[Rule, ...]:
    """The rules that may have something to say of what rows fill in, in a message of this kind, whatever its gates say."""
    return _all_behind(gates.of_values(notice))


def judges_rows(name: str) -> bool:
    """Whether a rule, by its name, is asked of what rows fill in."""
    gate = _BY_NAME[name].gate
    return bool(gate) and gate not in gates.OF_SPECS


def _all_behind(names: tuple[str, ...]) -> tuple[Rule, ...]:
    if names not in _behind:
        _behind[names] = tuple(get(listed.name) for listed in ALL if listed.gate in names)
    return _behind[names]
