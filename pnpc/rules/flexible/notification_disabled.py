"""PNP334 notification-disabled."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.rules.rule import Rule
from pnpc.text.document import Scalar
from pnpc.text.finding import Finding
from pnpc.text.members import members
from pnpc.text.values import BOOLEANS
from pnpc.text.wording import says


def check(notice: Notice, _context: Context) -> Iterator[Finding]:
    node = members(notice.tree.node(notice.base)).get("notificationDisabled")
    if isinstance(node, Scalar) and not node.style and BOOLEANS.get(node.value) is True:
        what = says("people would not be notified of this message; LINE's reference does not list this property here")
        yield Finding(notice.at("notificationDisabled"), what, says("remove it: the default is false"))


RULE = Rule(
    code="PNP334",
    name="notification-disabled",
    severity="warning",
    summary="A notification message has `notificationDisabled: true`.",
    why=(
        "LINE's OpenAPI file has this property for notification messages, LINE's reference does not, so it is not known "
        "whether it works. People should notice an important message."
    ),
    source="https://github.com/line/line-openapi/blob/main/messaging-api.yml",
    bad=(
        """\
messages:
  - {type: text, text: 発送しました}
notificationDisabled: «true»
""",
    ),
    check=check,
)
