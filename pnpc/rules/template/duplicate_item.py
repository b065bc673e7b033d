"""PNP204 duplicate-item."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Field, Notice
from pnpc.rules.rule import Rule, looks_at_nothing
from pnpc.text.finding import Finding, Place
from pnpc.text.wording import says


def check(notice: Notice, _context: Context) -> Iterator[Finding]:
    first: dict[str, Field] = {}
    # If the emphasized item also stands in the items, LINE's answer names the emphasized one: so it comes last here.
    emphasized = (notice.emphasized,) if notice.emphasized else ()
    for item in (*notice.items, *emphasized):
        if item.key is None or not item.key.text:
            continue
        earlier = first.setdefault(item.key.text, item.key)
        if earlier is not item.key:
            message = says("item `{key}` is already used in this message", key=item.key.text)
            yield Finding(Place(item.key.path), message, related=((Place(earlier.path), says("also used here")),))


RULE = Rule(
    code="PNP204",
    name="duplicate-item",
    severity="error",
    summary="An item stands twice in a message.",
    why=(
        "LINE answers 400, “Duplicate itemKey in items or between emphasizedItem and items are not allowed”, and sends "
        "nothing. The emphasized item counts, too."
    ),
    source="https://developers.line.biz/en/reference/line-notification-messages/",
    bad=(
        """\
body:
  emphasizedItem: {itemKey: «date_002_ja», content: 8月10日(土)}
  items:
    - {itemKey: date_002_ja, content: 8月11日(日)}
""",
        """\
body:
  items:
    - {itemKey: name_010_ja, content: スープセット}
    - {itemKey: «name_010_ja», content: パンセット}
""",
    ),
    good=(
        """\
body:
  emphasizedItem: {itemKey: date_002_ja, content: 8月10日(土)}
  items:
    - {itemKey: name_010_ja, content: スープセット}
""",
    ),
    check=check,
    values=looks_at_nothing,
)
