"""PNP315 bad-substitution."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.message.objects import Object, objects
from pnpc.rules.flexible.braces import Brace, key_says, read
from pnpc.rules.rule import Rule
from pnpc.text.finding import BrokenKeyword, Finding, Place
from pnpc.text.members import members
from pnpc.text.suggest import did_you_mean, near
from pnpc.text.wording import as_written, says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for message in objects(notice, context).of("message", "textV2"):
        for brace in read(message):
            yield from _brace(message, brace)


def _brace(message: Object, brace: Brace) -> Iterator[Finding]:
    place = Place((*message.path, "text"), "value", (brace.start, brace.end))
    if brace.key is None:
        pair = says("`{{` is never closed") if brace.text == "{" else says("`}}` was never opened")
        literal = "{{ '" + 2 * brace.text + "' }}" if message.filled else 2 * brace.text
        yield Finding(place, pair, says("write `{literal}` for a brace that people should read", literal=literal))
    elif not brace.sound:
        wrong_key = says("`{key}` {wanted}", key=brace.key, wanted=as_written(key_says()))
        yield Finding(place, wrong_key, broken=BrokenKeyword("pattern", names=(brace.key,)))
    else:
        known = list(members(message.members.get("substitution")))
        if brace.key not in known:
            close = did_you_mean(near(brace.key, known))
            yield Finding(place, says("`substitution` has no `{key}`{close}", key=brace.key, close=close))


RULE = Rule(
    code="PNP315",
    name="bad-substitution",
    severity="error",
    summary="A `{key}` in a textV2 text has no entry in `substitution`, or a brace is wrong.",
    why=(
        "LINE answers 400 to a key without an entry, to a key with other characters, and to a single brace. A brace that "
        "people should read is written twice. In a spec, `{{` always begins one of pnpc's expressions: there write the brace "
        "as `{{ '{{' }}` or `{{ '}}' }}`. In a request body, `{{` and `}}` are LINE's braces."
    ),
    source="https://developers.line.biz/en/reference/messaging-api/#text-message-v2",
    bad=(
        """\
messages:
  - type: textV2
    text: 発送しました«{smile}» またのご利用を«}» {owe}
    substitution:
      owe: {type: emoji, productId: 5ac1bfd5040ab15980c9b435, emojiId: "001"}  # pnpc: ignore[PNP412] the review took it
  - type: textV2
    text: "«{!owe}»"
""",
    ),
    good=(
        """\
messages:
  - type: textV2
    text: 番号は {{ '{{' }}12{{ '}}' }} です
""",
    ),
    check=check,
)
