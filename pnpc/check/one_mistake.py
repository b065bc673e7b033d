"""One mistake, one message: of what is found at one node, that is told which says all of it.

A picture that has to go need not stand elsewhere first, and a text where a list belongs is no URL either.
"""

from collections.abc import Callable

from pnpc import rules
from pnpc.text.finding import Finding, Place, Severity
from pnpc.text.source import Span
from pnpc.text.tree import Tree

# What stands there has to go: where it stands, and as what, does not matter.
_HAS_TO_GO = frozenset(
    ("recipient-in-spec", "image", "video", "audio", "imagemap", "template-image", "icon", "sticker", "coupon")
    + ("quick-reply-icon", "sender-icon")
)
# Its form is a mistake of its own: `media-hosts` may let a picture through, and then it must be right.
_OF_THE_FORM = frozenset(("bad-value-format", "bad-uri", "bad-url", "doubtful-url"))
# What stands there can't: what it would mean, if it could, does not matter.
_CANT_STAND = frozenset(("unknown-key", "wrong-type", "value-not-allowed", "unknown-type", "expression-not-allowed"))
# They compare with the layout that was reviewed, whatever else is wrong with it.
_OF_THE_REVIEW = frozenset(("unapproved-layout", "layout-drift", "filled-otherwise"))
# A name that is wrong whoever uses it, and a list that is too short whatever the others hold.
_BESIDE = {"unused-variable": frozenset(("reserved-variable",)), "unequal-columns": frozenset(("part-count",))}

Located = tuple[Finding, Tree | None]
_Node = tuple[Span, object]
SeverityOf = Callable[[str], Severity]


def without_echoes(findings: list[Located], severity_of: SeverityOf) -> list[Located]:
    """The findings without those that another one at the same node makes needless.

    That one is as grave, by `severity_of` of the rules' names; what is always told stays.
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
    if other.rule in _BESIDE.get(finding.rule, ()) or (other.rule in _HAS_TO_GO and finding.rule not in _OF_THE_FORM):
        return True
    return other.rule in _CANT_STAND and finding.rule not in _CANT_STAND and _same_part(other, finding)


def _same_part(other: Finding, finding: Finding) -> bool:
    """Whether both are about the key or both about the value; a key that can't stand takes its value along."""
    assert isinstance(other.where, Place)
    assert isinstance(finding.where, Place)
    return other.where.part in ("key", finding.where.part)
