"""PNP509 maybe-an-expression."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.rules.expressions.lookalikes import lookalikes, looks_at_texts
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for lookalike in lookalikes(notice, context):
        if not lookalike.sure:
            yield Finding(
                lookalike.where,
                says(
                    "`{written}` may be meant as an expression, but people would read it as it is written",
                    written=lookalike.written,
                ),
                lookalike.help,
            )


RULE = Rule(
    code="PNP509",
    name="maybe-an-expression",
    severity="warning",
    summary="A text has something that may be meant as an expression.",
    why=(
        "Other programs fill in `${name}` and `{name}`, pnpc does not, and no variable of that name is declared. In a request "
        "body nothing is filled in, so `{{ name }}` is reported there, too."
    ),
    source="the spec format of pnpc",
    bad=(
        """\
body:
  items:
    - {itemKey: number_001_ja, content: "«${order}»"}
    - {itemKey: name_010_ja, content: "«{name}»様"}
""",
        """\
templateKey: shipment_completed_ja
body:
  items:
    - {itemKey: name_010_ja, content: "{スープ} 100%、50%引き前 ｛冷凍｝"}
    - {itemKey: number_001_ja, content: "«{number}»"}
""",
    ),
    good=(
        """\
body:
  items:
    - {itemKey: name_010_ja, content: "{スープ} 100% [1] ｛冷凍｝ 5%"}
""",
    ),
    check=check,
    values=looks_at_texts,
)
