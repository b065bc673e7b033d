"""PNP312 text-beside-title."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.message.objects import Object, objects
from pnpc.line.grammar.schema import load
from pnpc.line.limits import limits
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    found = objects(notice, context)
    for template in found.of("template", "buttons"):
        yield from _text(template, "buttons")
    for template in found.of("template", "carousel"):
        for column in found.below(template, "columns"):
            yield from _text(column, "column")


def _text(holder: Object, part: str) -> Iterator[Finding]:
    beside, text, limit = _beside(holder), holder.fixed("text"), limit_of(holder, part)
    if beside is None or text is None or len(text) <= limit:
        return
    from pnpc.line.grammar.units import graphemes

    length = graphemes(text)
    if limit < length <= _without(part):  # longer than that, it is too long anywhere, as the grammar has said
        yield Finding(
            holder.at("text"),
            says(
                "`text` has {length} characters, limit {limit} beside `{beside}`",
                length=length,
                limit=limit,
                beside=beside,
            ),
        )


def limit_of(holder: Object, part: str) -> int:
    """The limit of the text of a template or column; `part` names it in the grammar: buttons, confirm, column."""
    beside: dict[str, int] = limits()["templateText"]
    return beside[part] if part in beside and _beside(holder) is not None else _without(part)


def _beside(holder: Object) -> str | None:
    """The picture or title that makes a text's limit smaller."""
    return next((name for name in ("thumbnailImageUrl", "title") if holder.has(name)), None)


def _without(part: str) -> int:
    """The limit of a text that stands alone: the grammar's."""
    limit: int = load("template-object")["$defs"][part]["properties"]["text"]["maxLength"]
    return limit


RULE = Rule(
    code="PNP312",
    name="text-beside-title",
    severity="error",
    summary="The text of a template with an image or a title may have 60 characters only.",
    why=(
        "Without them it may have 160 (buttons) or 120 (carousel); LINE answers 400 to more. Characters are counted "
        "as people see them: 👨‍👩‍👧 counts 1."
    ),
    source=(
        "https://developers.line.biz/en/reference/messaging-api/#buttons; "
        "https://developers.line.biz/en/reference/messaging-api/#column-object-for-carousel"
    ),
    bad=(
        """\
messages:
  - type: template
    altText: ご予約の確認
    template:
      type: buttons
      title: ご予約
      text: «8月10日のご予約を承りました。ご来店の際は、この画面を受付の係の者にお見せください。お車でお越しの場合は、店舗の裏の駐車場をご利用ください。»
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
      text: 8月10日のご予約を承りました。ご来店の際は、この画面を受付の係の者にお見せください。お車でお越しの場合は、店舗の裏の駐車場をご利用ください。
      actions:
        - {type: uri, label: 地図, uri: "https://example.com/map"}
""",
    ),
    check=check,
)
