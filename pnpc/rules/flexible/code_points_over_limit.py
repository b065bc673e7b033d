"""PNP340 code-points-over-limit."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.message.objects import Object, objects
from pnpc.line.grammar.schema import load
from pnpc.rules.flexible.text_beside_title import limit_of
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    all_objects = objects(notice, context)
    for template in all_objects.of("template"):
        if template.type in ("buttons", "confirm"):
            yield from _texts(template, template.type)
        for column in all_objects.below(template, "columns"):
            yield from _texts(column, "column")


def _texts(holder: Object, part: str) -> Iterator[Finding]:
    for name, limit in (("title", _of_title()), ("text", limit_of(holder, part))):
        text = holder.fixed(name)
        if text is None or len(text) <= limit:
            continue
        from pnpc.line.grammar.units import graphemes  # needed for long texts only

        if graphemes(text) <= limit:
            message = says(
                "`{name}` has {length} code points, limit {limit}: LINE's server may count these",
                name=name,
                length=len(text),
                limit=limit,
            )
            yield Finding(holder.at(name), message, says("LINE's docs count visible characters: so counted, it fits"))


def _of_title() -> int:
    limit: int = load("template-object")["$defs"]["title"]["maxLength"]
    return limit


RULE = Rule(
    code="PNP340",
    name="code-points-over-limit",
    severity="warning",
    summary="A title or text of a template has too many code points.",
    why=(
        "LINE's docs count visible characters: 👨‍👩‍👧‍👦 is one. LINE's server was seen to count code points (7 for this one) in "
        "the text of an action, where too many are an error. How it counts titles and texts of templates is not known. So "
        "this is a warning for texts that fit by the docs."
    ),
    source=(
        "https://developers.line.biz/en/docs/messaging-api/text-character-count/; "
        "a public report on LINE's validate endpoint (2026)"
    ),
    bad=(
        """\
messages:
  - type: template
    altText: ご予約の確認
    template:
      type: buttons
      title: «👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦👨‍👩‍👧‍👦»
      text: ご予約を承りました
      actions:
        - {type: uri, label: 地図, uri: "https://example.com/map"}
""",
    ),
    good=(
        """\
messages:
  - type: template
    altText: ご予約の確認
    template:
      type: buttons
      title: 👨‍👩‍👧‍👦ご家族でのご予約
      text: ご予約を承りました
      actions:
        - {type: uri, label: 地図, uri: "https://example.com/map"}
""",
    ),
    check=check,
)
