"""The rules, in code order. To start fast, a rule's file is loaded only when the rule runs, is reported or explained."""

from importlib import import_module

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.rules import gates
from pnpc.rules.gates import GATES, opened
from pnpc.rules.listing import ALL
from pnpc.rules.rule import Rule
from pnpc.text.wording import Said, says

# A file that can't be read must never pass as clean: these rules can't be turned off or suppressed.
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
# LINE's policy bans these, but its API may still answer 200: these rules can't be turned off, lowered or suppressed. Only
# `media-hosts` in the config lets pictures through.
CERTAIN_MEDIA = frozenset(("image", "video", "audio", "imagemap", "template-image", "icon", "unknown-media"))
ALWAYS_ON = UNREADABLE | CERTAIN_MEDIA
# No comment in a file can suppress these: the last five are about comments, or about more than one file.
NOT_SUPPRESSED = ALWAYS_ON | {
    "bad-suppression",
    "unused-suppression",
    "duplicate-name",
    "stale-baseline",
    "bad-config",
}

_LEAST_PREFIX = 3  # letters of a code that may stand for all rules that begin with them: `PNP`
_BY_NAME = {word: listed for listed in ALL for word in (listed.name, listed.code)}
_loaded: dict[str, Rule] = {}
_behind: dict[tuple[str, ...], tuple[Rule, ...]] = {}


def get(word: str) -> Rule:
    """The rule with this code (in any case) or name. Raises KeyError."""
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
    """The names of the rules that a code, a name or the start of a code (`PNP2`) means; empty if there are none."""
    if known(word):
        return [(_BY_NAME.get(word) or _BY_NAME[word.upper()]).name]
    upper = word.upper()
    return [listed.name for listed in ALL if len(upper) >= _LEAST_PREFIX and listed.code.startswith(upper)]


def fixed(word: str, severity: str = "off") -> Said | None:
    """Why the rules that a word means can't be turned off, or get this severity; None if they can.

    A word for several rules, such as PNP4, is refused if one of its rules can't be changed.
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
    """What to write instead of a word that `fixed` refuses."""
    others = tuple(rule.code for rule in ALL if rule.name in names(word) and rule.name not in CERTAIN_MEDIA)
    if others:
        return says("name the others: {codes}", codes=others)
    return says("`media-hosts` in the config allows pictures that LINE itself supplies")


def words() -> list[str]:
    """All codes and names, for completion and for similar names."""
    return list(_BY_NAME)


def behind(gate: str, notice: Notice, context: Context) -> tuple[Rule, ...]:
    """The rules behind one gate; none if it is closed for this message."""
    if not GATES[gate](notice, context):
        return ()
    return tuple(get(listed.name) for listed in ALL if listed.gate == gate)


def running(notice: Notice, context: Context) -> tuple[Rule, ...]:
    """The rules that may find something in a message, in code order."""
    return _all_behind(opened(notice, context))


def judging(notice: Notice, context: Context) -> tuple[Rule, ...]:
    """The same for a message filled from a row: a request body, so the rules about specs are left out."""
    return _all_behind(gates.opened_by_values(notice, context))


def of_values(notice: Notice) -> tuple[Rule, ...]:
    """The rules that may find something in the values that rows fill into a message of this kind; gates are not asked."""
    return _all_behind(tuple(name for name in gates.of_values(notice) if name != gates.FALLBACK))


def of_fallback() -> tuple[Rule, ...]:
    """The rules that look at the text of a fallback."""
    return _all_behind(gates.OF_FALLBACK)


def judges_rows(name: str) -> bool:
    """Whether a rule, given by its name, judges the values of rows."""
    gate = _BY_NAME[name].gate
    return bool(gate) and gate not in gates.OF_SPECS


def _all_behind(names: tuple[str, ...]) -> tuple[Rule, ...]:
    if names not in _behind:
        _behind[names] = tuple(get(listed.name) for listed in ALL if listed.gate in names)
    return _behind[names]
