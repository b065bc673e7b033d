"""One mistake, one message: of several findings about one node, only the one that says all of it is reported.

An image that must be removed need not have a better URL first, and a text in place of a list need not be a URL at all.
"""

from collections.abc import Callable

from pnpc import rules
from pnpc.text.finding import Finding, Place, Severity
from pnpc.text.source import Span
from pnpc.text.tree import Tree

# The value must be removed, so its place and its form do not matter.
_HAS_TO_GO = frozenset(
    ("recipient-in-spec", "image", "video", "audio", "imagemap", "template-image", "icon", "sticker", "coupon")
    + ("quick-reply-icon", "sender-icon")
)
# These are reported even so: `media-hosts` may allow an image, and then its form must be right.
_OF_THE_FORM = frozenset(("bad-value-format", "bad-uri", "bad-url", "doubtful-url"))
# The value is not allowed there, so its meaning does not matter.
_CANT_STAND = frozenset(("unknown-key", "wrong-type", "value-not-allowed", "unknown-type", "expression-not-allowed"))
# What fails for some data, and what fails for the examples: the second says where the first begins.
_OF_DATA = ("value-not-taken", "expression-failed")
# These compare with the layout that was reviewed, and are reported whatever else is wrong with it.
_OF_THE_REVIEW = frozenset(("unapproved-layout", "layout-drift", "filled-otherwise"))
# By the rule of a finding: the rules that make it needless. A reserved name is wrong whether it is used or not, and a list
# that is too short is wrong whatever the other lists contain.
_NEEDLESS_WITH = {"unused-variable": frozenset(("reserved-variable",)), "unequal-columns": frozenset(("part-count",))}

Located = tuple[Finding, Tree | None]
_Node = tuple[Span, object]
SeverityOf = Callable[[str], Severity]


def without_echoes(findings: list[Located], severity_of: SeverityOf) -> list[Located]:
    """The findings without those that another one about the same node makes needless.

    The other one must have at least the same severity (`severity_of` gives it by the rule's name). Findings of rules that
    are always on stay.
    """
    if len(findings) < 2:
        return findings
    at_node: dict[_Node, list[Finding]] = {}
    for finding, tree in findings:
        node = _node(finding, tree)
        if node is not None:
            at_node.setdefault(node, []).append(finding)
    return [
        (finding, tree)
        for finding, tree in findings
        if (node := _node(finding, tree)) is None
        or not any(_says_all(other, finding, severity_of) for other in at_node[node])
    ]


def _node(finding: Finding, tree: Tree | None) -> _Node | None:
    """The node that a finding is about; None if it is about characters of the text."""
    if isinstance(finding.where, Span) and finding.rule in _OF_DATA:
        return finding.where, None  # a condition
    if tree is None or not isinstance(finding.where, Place):
        return None
    path = finding.where.path
    return tree.span(Place(path)), path[-1:]


def _says_all(other: Finding, finding: Finding, severity_of: SeverityOf) -> bool:
    """Whether `other`, about the same node, leaves nothing for `finding` to say."""
    if other.rule == finding.rule or finding.rule in rules.ALWAYS_ON | _HAS_TO_GO | _OF_THE_REVIEW:
        return False
    if severity_of(other.rule) == "warning" and severity_of(finding.rule) == "error":
        return False
    if (finding.rule, other.rule) == _OF_DATA:
        return True
    if other.rule in _NEEDLESS_WITH.get(finding.rule, ()) or (
        other.rule in _HAS_TO_GO and finding.rule not in _OF_THE_FORM
    ):
        return True
    return other.rule in _CANT_STAND and finding.rule not in _CANT_STAND and _same_part(other, finding)


def _same_part(other: Finding, finding: Finding) -> bool:
    """Whether both findings are about the key or both about the value; a key that is not allowed includes its value."""
    assert isinstance(other.where, Place)
    assert isinstance(finding.where, Place)
    return other.where.part in ("key", finding.where.part)
