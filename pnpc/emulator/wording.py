"""What check finds in a request body, said as LINE says it: the words, and the notation of the `property`.

LINE has two families of answers. The first comes from reading the request and names places by dots
(`messages[0].text`); the second looks at the content of a message and names them by slashes: in Flex a JSON Pointer
from `contents`, in a template message from the message (`template/columns/5/title`). `pnpc.language.message.answers` reads them.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from pnpc.emulator.answers import Answer, Detail, whole, wordings
from pnpc.language.message.notice import Notice
from pnpc.text.document import Scalar
from pnpc.text.finding import BrokenKeyword, Finding, Place
from pnpc.text.path import Path, show

# A value of the wrong type, or a property that is not known, ends the reading of a request.
_UNREADABLE = ("type", "additionalProperties")
# Rules whose patterns LINE has words of its own for, and where these stand.
_OF_PATTERNS = {"aggregation-unit": "units", "bad-substitution": "substitution"}


class _Said(NamedTuple):
    """A finding in LINE's words; `message` is the index of the message object whose content it is about, if it is."""

    path: Path
    broken: BrokenKeyword | None
    detail: Detail
    message: int | None


def refusal(findings: Sequence[Finding], notice: Notice) -> Answer | None:
    """LINE's 400 to a body with these findings, in the order of the text; None where there are none."""
    said = [_said(finding, notice) for finding in sorted(findings, key=lambda finding: notice.tree.span(finding.where))]
    read = [refused for refused in said if refused.message is None]
    for refused in read:
        if refused.broken is not None and refused.broken.keyword in _UNREADABLE and refused.detail.property != "to":
            position = notice.tree.source.position(notice.tree.span(Place(refused.path)).start)
            return whole("property", property=refused.detail.property, line=position.line, column=position.column)
    if read:
        details = _once(read)
        return whole("bean", details, count=len(details))
    for refused in said:
        same = [other for other in said if other.message == refused.message]
        return whole("content", _once(same), index=refused.message)
    return None


def _once(said: Sequence[_Said]) -> list[Detail]:
    return list(dict.fromkeys(refused.detail for refused in said))


def _said(finding: Finding, notice: Notice) -> _Said:
    path = _path(finding, notice)
    message, property = _property(path, notice, finding.rule)
    rule: dict[str, Any] = wordings()["rules"].get(finding.rule, {})
    if "property" in rule:
        message, property = None, rule["property"]
    says = rule.get("says") or _words(finding, "bean" if message is None else "content")
    node = notice.tree.node(path)
    broken = finding.broken or BrokenKeyword("")
    words = {
        "value": node.value if isinstance(node, Scalar) else "",
        "least": broken.least or 0,
        "most": broken.most,
        "names": ", ".join(broken.names),
    }
    return _Said(path, None if "property" in rule else finding.broken, Detail(says.format(**words), property), message)


def _words(finding: Finding, family: str) -> str:
    """What is said of a broken keyword; units of aggregation and keys in braces have words of their own."""
    keyword = finding.broken.keyword if finding.broken else ""
    own = _OF_PATTERNS.get(finding.rule) if keyword == "pattern" else None
    if own is not None:
        says: str = wordings()[own]["says"]
    else:
        words = wordings()["keywords"][family]
        says = (words.get(keyword) or words[""])["says"]
    return says


def _path(finding: Finding, notice: Notice) -> Path:
    """The path of what LINE names: a missing key by its own name, too long a list as a whole."""
    where = finding.where
    path = where.path if isinstance(where, Place) else notice.tree.path_at(where.start)
    broken = finding.broken
    if broken is not None and broken.keyword == "required":
        return (*path, *broken.names)
    if broken is not None and broken.keyword == "maxItems":
        return path[:-1]
    return path


def _property(path: Path, notice: Notice, rule: str) -> tuple[int | None, str]:
    """Which message's content a path is in (None: it is the request's own), and the path in LINE's notation."""
    if notice.kind != "flexible" or len(path) < len(("messages", 0, "text")) or path[0] != "messages":
        return None, show(path)
    _, index, name, *below = path
    if not isinstance(index, int):
        return None, show(path)
    kind = notice.tree.node(("messages", index, "type"))
    kind = kind.value if isinstance(kind, Scalar) else None
    if kind == "flex" and name == "contents" and (below or rule == "flex-too-large"):
        return index, "/" + "/".join(_escaped(step) for step in below)
    if kind == "template" and name == "template" and below:
        return index, "/".join(str(step) for step in (name, *below))
    if kind == "textV2" and name == "text" and rule == "bad-substitution":
        return index, "text"
    return None, show(path)


def _escaped(step: str | int) -> str:
    """A step of a JSON Pointer (RFC 6901)."""
    return str(step).replace("~", "~0").replace("/", "~1")
