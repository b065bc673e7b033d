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
    all_objects = objects(notice, context)
    for template in all_objects.of("template", "buttons"):
        yield from _text(template, "buttons")
    for template in all_objects.of("template", "carousel"):
        for column in all_objects.below(template, "columns"):
            yield from _text(column, "column")


def _text(holder: Object, part: str) -> Iterator[Finding]:
    beside, text, limit = _beside(holder), holder.fixed("text"), limit_of(holder, part)
    if beside is None or text is None or len(text) <= limit:
        return
    from pnpc.line.grammar.units import graphemes  # needed only for a long text

    length = graphemes(text)
    if limit < length <= _without(part):  # the grammar reports a longer text
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
    """The limit of the text of a template or column, in visible characters; `part`: its name in the grammar (buttons, confirm, column)."""
    beside: dict[str, int] = limits()["templateText"]
    return beside[part] if part in beside and _beside(holder) is not None else _without(part)


def _beside(holder: Object) -> str | None:
    """The picture or title that makes the limit of a text smaller; None if there is none."""
    return next((name for name in ("thumbnailImageUrl", "title") if holder.has(name)), None)


def _without(part: str) -> int:
    """The limit of a text without a picture or title, from the grammar."""
    limit: int = load("template-object")["$defs"][part]["properties"]["text"]["maxLength"]
    return limit


RULE = Rule(
    code="PNP312",
    name="text-beside-title",
    severity="error",
    summary="The text of a template with an image or a title is too long.",
    why=(
        "LINE answers 400. With an image or a title the limit is 60 characters, without them 160 (buttons) or 120 (carousel). "
        "Visible characters are counted: 👨‍👩‍👧 counts 1."
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
