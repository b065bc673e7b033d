"""PNP508 not-an-expression."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.rules.expressions.lookalikes import lookalikes, looks_at_texts
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for lookalike in lookalikes(notice, context):
        if lookalike.sure:
            yield Finding(
                lookalike.where,
                says(
                    "`{written}` is not an expression: people would see it as it is written", written=lookalike.written
                ),
                lookalike.help,
            )


RULE = Rule(
    code="PNP508",
    name="not-an-expression",
    severity="error",
    summary="A text has something that other programs fill in, but pnpc does not.",
    why=(
        "Only `{{ name }}` is an expression. `{% if … %}`, `{# … #}`, `<%= name %>`, full-width `｛｛ name ｝｝`, and `${name}`, "
        "`{name}`, `#{name}`, `[[name]]` or `%name%` with the name of a declared variable are plain text: people would read "
        "them. In the text of a textV2 message braces are LINE's own, and are not reported."
    ),
    source="the spec format of pnpc",
    bad=(
        """\
pnpc: 1
name: example
country: JP
variables:
  code: {type: string, maxLength: 5, example: A1}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: number_001_ja, content: "«{% if code %}»{{ code }}«{% endif %}»«{# note #}»"}
      - {itemKey: name_010_ja, content: "«${code}» «<%= code %>» «｛｛ code ｝｝» «{code}» «%code%»"}
""",
    ),
    good=(
        """\
pnpc: 1
name: example
country: JP
variables:
  code: {type: string, maxLength: 5, example: A1}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: number_001_ja, content: "{{ code }}"}
""",
    ),
    check=check,
    values=looks_at_texts,
)
