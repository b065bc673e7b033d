"""PNP506 bad-declaration."""

from collections.abc import Iterator
from re import compile as regex
from re import error as RegexError

from pnpc.rules.rule import Rule
from pnpc.spec.context import Context
from pnpc.spec.notice import Notice
from pnpc.text.finding import Finding, Place
from pnpc.text.nodes import Scalar
from pnpc.text.values import scalar_value

_PAIRS = (("minLength", "maxLength"), ("minimum", "maximum"), ("minItems", "maxItems"))


def check(notice: Notice, _context: Context) -> Iterator[Finding]:
    for name in notice.variables:
        path = ("variables", name)
        pattern = notice.tree.node((*path, "pattern"))
        if isinstance(pattern, Scalar):
            try:
                regex(pattern.value)
            except (RegexError, RecursionError, OverflowError) as error:
                yield Finding(Place((*path, "pattern")), f"`pattern` of `{name}` is no regular expression: {error}")
        for least, most in _PAIRS:
            low, high = (_number(notice, (*path, key)) for key in (least, most))
            if low is not None and high is not None and low > high:
                related = ((Place((*path, most)), f"`{most}` stands here"),)
                yield Finding(Place((*path, least)), f"`{least}` of `{name}` is above `{most}`", related=related)


def _number(notice: Notice, path: tuple[str, ...]) -> float | None:
    node = notice.tree.node(path)
    value = scalar_value(node) if isinstance(node, Scalar) else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


RULE = Rule(
    code="PNP506",
    name="bad-declaration",
    severity="error",
    summary="A variable's declaration that can't be meant.",
    why=(
        'A pattern that is no regular expression, a least length above the greatest, or a minimum above the '
        'maximum, would refuse every row.'
    ),
    source="the spec format of pnpc; https://json-schema.org/draft/2020-12",
    bad=(
        """\
pnpc: 1
name: example
country: JP
variables:
  slot: {type: string, pattern: «"[A-Z"»}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: time_range_001_ja, content: "{{ slot }}"}
""",
    ),
    good=(
        """\
pnpc: 1
name: example
country: JP
variables:
  slot: {type: string, maxLength: 20, example: 午前中}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: time_range_001_ja, content: "{{ slot }}"}
""",
    ),
    check=check,
)
