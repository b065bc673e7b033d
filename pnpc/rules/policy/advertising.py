"""PNP701 advertising."""

from pnpc.rules.rule import Rule
from pnpc.rules.shared.content import advertising, advertising_at

RULE = Rule(
    code="PNP701",
    name="advertising",
    severity="warning",
    summary="A word reads as advertising.",
    why=(
        "LINE allows notification messages only if they are useful to the reader, and forbids advertising. The list of words "
        "is ours, in Japanese, Thai, Traditional Chinese and English, with reasons in `schemas/policy/`. A word may be right "
        "where it stands, so this is a warning. Values of expressions are checked with the examples of the variables, and "
        "when rows are compiled."
    ),
    source=(
        "https://developers.line.biz/en/docs/partner-docs/line-notification-messages/overview/; "
        "https://www.infobip.com/docs/line/compliance-guidelines"
    ),
    bad=(
        """\
body:
  items:
    - {itemKey: number_001_ja, content: «キャンペーン»のご案内}
    - {itemKey: name_010_ja, content: ｻﾏｰ«ｾｰﾙ»の«クーポン»}
""",
        """\
messages:
  - {type: text, text: "ซื้อวันนี้ รับ«โปรโมชั่น» 20«% OFF»"}
  - {type: text, text: «限時優惠»，«立即購買»}
""",
    ),
    good=(
        """\
body:
  items:
    - {itemKey: number_001_ja, content: クーポン利用 -500円}
    - {itemKey: name_010_ja, content: セールスエンジニア様向け小売・発売資料}
""",
        """\
messages:
  - {type: text, text: "Your wholesale order and its sales slip are ready: 12 points earned"}
""",
    ),
    check=advertising,
    values=advertising_at,
)
