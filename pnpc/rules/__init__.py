"""The rules, in code order. A rule's file is loaded when the rule runs, is reported or is explained: start-up is short."""

from importlib import import_module

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.rules import gates
from pnpc.rules.gates import GATES, opened
from pnpc.rules.listing import ALL
from pnpc.rules.rule import Rule
from pnpc.text.wording import Said, says

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
        module = import_module(listed.module())
        if listed.file:
            _loaded.update((rule.name, rule) for rule in module.RULES)
        else:
            _loaded[listed.name] = module.RULE
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


def fixed(word: str, severity: str = "off") -> Said | None:
    """Why a word can't turn rules off, or give them another severity; None if it can.

    A word that stands for several rules, such as PNP4, can't if it can't for one of them.
    """
    listed = [rule for rule in ALL if rule.name in names(word)]
    certain = [rule for rule in listed if rule.name in CERTAIN_MEDIA]
    if severity == "error" or not certain:
        return None
    if len(listed) == 1:
        return says("`{word}` is always an error: pictures, videos and sounds are banned for certain", word=word)
    return says(
        "`{word}` includes {first} to {last}, which are always errors",
        word=word,
        first=certain[0].code,
        last=certain[-1].code,
    )


def fixed_help(word: str) -> Said:
    """The way out for who wrote a word that `fixed` refuses."""
    others = tuple(rule.code for rule in ALL if rule.name in names(word) and rule.name not in CERTAIN_MEDIA)
    if others:
        return says("name the others: {codes}", codes=others)
    return says("`media-hosts` in the config allows pictures that LINE itself supplies")


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
