"""PNP541 fallback-alphabet."""

from collections.abc import Iterator
from unicodedata import name as name_of

from pnpc.language.message.context import Context
from pnpc.language.message.notice import SMS, Notice
from pnpc.line import sms
from pnpc.rules.rule import Rule, Test
from pnpc.text.finding import Finding, Place
from pnpc.text.path import Path
from pnpc.text.wording import NOTHING, Said, says

# Different characters outside of GSM-7: with more of them the text is in another script, and UCS-2 is what it needs.
_MOST = 2


def check(notice: Notice, _context: Context) -> Iterator[Finding]:
    """Of a text with expressions nothing is said before it is filled: the examples fill it, and each row does."""
    assert notice.sms is not None
    text = notice.sms.text
    if (notice.is_spec and "{{" in text) or not is_costly(text):
        return
    others = _others(text)
    first = text.index(others[0])
    parts, fewer = sms.parts(text), _parts_in_gsm7(text, others)
    characters = (
        says("{first} and {other} are", first=_named(others[0]), other=_named(others[1]))
        if others[1:]
        else says("{first} is", first=_named(others[0]))
    )
    message = says(
        "{characters} not in the GSM-7 alphabet: the SMS takes {parts} parts instead of {fewer}",
        characters=characters,
        parts=parts,
        fewer=fewer,
    )
    yield Finding(Place(SMS, "value", (first, first + 1)), message, _help(others))


def _named(character: str) -> Said:
    return says(
        "`{character}` (U+{code:04X} {name})",
        character=character,
        code=ord(character),
        name=name_of(character, "without a name"),
    )


def _help(others: list[str]) -> Said:
    """What to write instead, where that is known of each."""
    known = [(character, sms.instead(character)) for character in others if sms.instead(character)]
    if not known:
        return says("leave it out, if the cost matters")
    (character, instead), *more = known
    also = says(", `{instead}` for `{character}`", instead=more[0][1], character=more[0][0]) if more else NOTHING
    return says("write `{instead}` for `{character}`{also}", instead=instead, character=character, also=also)


def is_costly(text: str) -> bool:
    """Whether a few characters cost a text more parts than it would take without them."""
    if sms.is_single(text) or sms.is_gsm7(text):
        return False
    others = _others(text)
    are_few = len(others) <= _MOST and 2 * sum(map(text.count, others)) < len(text)
    return are_few and sms.parts(text) > _parts_in_gsm7(text, others)


def _others(text: str) -> list[str]:
    """The characters that are not in GSM-7, each once, in their order."""
    known = sms.alphabet().characters
    return list(dict.fromkeys(character for character in text if character not in known))


def _parts_in_gsm7(text: str, others: list[str]) -> int:
    """The parts of a text whose characters outside of GSM-7 are replaced by what stands for them, or by one character."""
    for character in others:
        text = text.replace(character, sms.instead(character) or "?")
    return sms.parts(text)


def values(_notice: Notice, path: Path) -> Test | None:
    """Only the text of the fallback is sent as SMS."""
    return Test(is_costly, quick=True) if path == SMS else None


RULE = Rule(
    code="PNP541",
    name="fallback-alphabet",
    severity="warning",
    summary="One character makes the fallback's SMS cost more parts.",
    why=(
        "A part holds 160 characters of the GSM-7 alphabet. One other character, such as the `’` that a word processor "
        "writes, and the whole text is sent as UCS-2: 70 characters in one part, 67 in each of several."
    ),
    source="3GPP TS 23.038",
    bad=(
        """\
pnpc: 1
name: example
country: JP
message:
  templateKey: shipment_completed_ja
fallback:
  sms: "Your parcel has left the warehouse. We«’»ll tell you on which day it arrives. Thank you!"
  parts: 2
""",
    ),
    good=(
        """\
pnpc: 1
name: example
country: JP
message:
  templateKey: shipment_completed_ja
fallback:
  sms: "Your parcel has left the warehouse. We'll tell you on which day it arrives. Thank you!"
""",
        """\
pnpc: 1
name: example
country: JP
message:
  templateKey: shipment_completed_ja
fallback:
  sms: "We’ll tell you on which day it arrives."
""",
    ),
    check=check,
    values=values,
)
