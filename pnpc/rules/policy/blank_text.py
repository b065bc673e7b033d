"""PNP708 blank-text."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.rules.rule import Rule
from pnpc.rules.shared.blanks import blank, looks_at_contents
from pnpc.text.finding import Finding, Place
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for field in blank(notice, context):
        yield Finding(
            Place(field.path),
            says("`{name}` shows nothing: it holds only spaces or invisible characters", name=field.path[-1]),
        )


RULE = Rule(
    code="PNP708",
    name="blank-text",
    severity="warning",
    summary="A text has only spaces or invisible characters.",
    why=(
        "LINE may accept a text of spaces (also ideographic spaces) or of zero-width characters where it refuses an empty text, "
        "but people see a gap, or a button without a label. Leave the text out."
    ),
    source="pnpc's own judgement",
    bad=(
        """\
body:
  items:
    - {itemKey: name_010_ja, content: «"　"»}
""",
        """\
messages:
  - type: template
    altText: ご予約の確認
    template:
      type: carousel
      columns:
        - {text: «"  "», actions: [{type: uri, label: «"\\u200B"», uri: "https://example.com/map"}]}
""",
    ),
    good=(
        """\
body:
  items:
    - {itemKey: name_010_ja, content: スープ セット}
""",
    ),
    check=check,
    values=looks_at_contents,
)
