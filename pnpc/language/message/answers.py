"""LINE's own 400 answers, as findings at the places in the YAML that they mean. LINE's wording is kept.

LINE names a place in four ways: `messages[0].text` from the request body; `/hero/url`, a JSON Pointer from the
`contents` of a Flex message; `template/columns/5/title` and `text` from a message object. In the last three, the
answer's top line says which message is meant: "A message (messages[0]) in the request body is invalid".
"""

from collections.abc import Iterator, Mapping
from re import ASCII
from re import compile as regex
from typing import Any

from pnpc.language.message.notice import Notice
from pnpc.text.document import Node, Scalar, Sequence
from pnpc.text.finding import Finding, Place
from pnpc.text.members import members
from pnpc.text.path import Path, parse, show
from pnpc.text.wording import Said, says

RULE = "line-refused"

_MESSAGE = regex(r"\(messages\[([0-9]{1,4})\]\)", ASCII)
_NAMED = regex(r"[Tt]he property, (\S{1,200}), in the request body is invalid")
_INDEX = regex(r"[0-9]{1,9}", ASCII)
# By the path of a list in the body that was sent: for each of its entries the index that it has in the list as written.
Moved = Mapping[str, tuple[int, ...]]
# What comes from a recipient's row, not from the YAML.
_OF_THE_ROW = frozenset(("to",))
_TAG = "deliveryTag"  # of a spec: a target may have it in the body


def locate(property: str, notice: Notice, message: int | None = None, moved: Moved | None = None) -> Place | None:
    """The place in the document that a `property` of LINE's answer names; if the document has no such place, the nearest above.

    `message`: the index of the message object in LINE's top line (see `message_of`), for notations that begin there; without
    it, the only message. `moved`: see Moved, and `pnpc.compile.filled.message.Filled`; the notice of a spec with directives must
    be the one as it is written (`as_written`), whose tree knows the places in fragments. None for `to`, which no document
    holds, and for a text that is not one of LINE's notations. Never raises.
    """
    if property in _OF_THE_ROW or not property.strip():
        return None
    if property == _TAG and notice.is_spec:
        return Place((_TAG,))
    if property.startswith("/"):
        steps_ = [_unescaped(step) for step in property[1:].split("/")]
        return _below(notice, _contents(notice, message, moved), steps_, moved)
    if "/" in property:
        return _below(notice, _message(notice, message, moved), property.split("/"), moved)
    try:
        steps = list(parse(property))
    except ValueError:
        return None
    if not steps:
        return None
    return _below(notice, *_begin(notice, steps, message, moved), moved)


def written(path: Path, moved: Moved) -> Path:
    """The path in the body as it is written, for a path in the body that was sent."""
    steps: Path = ()
    for at, step in enumerate(path):
        entries = moved.get(show(path[:at])) if isinstance(step, int) and moved else None
        steps = (
            *steps,
            entries[step] if entries is not None and isinstance(step, int) and step < len(entries) else step,
        )
    return steps


def message_of(answer: Mapping[str, Any]) -> int | None:
    """The index of the message object that the top line of an answer names, if it names one."""
    match = _MESSAGE.search(_text(answer, "message"))
    return int(match[1]) if match else None


def explain(
    answer: Mapping[str, Any], notice: Notice, moved: Moved | None = None, receiver: str = "LINE"
) -> list[Finding]:
    """A whole 400 body (decoded JSON) as findings of the rule `line-refused`, in LINE's order, without repetitions.

    An answer without details, or about the recipient, points at the message as a whole. Another `receiver` has put its
    answer into LINE's form. Never raises.
    """
    top = _text(answer, "message").replace("\xa0", " ").strip()
    message = message_of(answer)
    details = list(_details(answer))
    if not details:
        named = _NAMED.search(top)
        place = locate(named[1], notice, message, moved) if named else None
        if place is None:
            place = _below(notice, _message(notice, message, moved), [], moved)
        return [Finding(place, said_by(receiver, top), rule=RULE)]
    findings = [_finding(receiver, text, property, top, notice, message, moved) for text, property in details]
    return list(dict.fromkeys(findings))


def _finding(
    receiver: str, text: str, property: str, top: str, notice: Notice, message: int | None, moved: Moved | None
) -> Finding:
    place = locate(property, notice, message, moved)
    said = said_by(receiver, text or top)
    if place is None and property:
        said = says("{answer} (at `{property}`)", answer=said, property=property)
    begins = says("{receiver}'s answer begins: {top}", receiver=receiver, top=top) if top and text else None
    return Finding(place or _whole(notice), said, begins, rule=RULE)


def said_by(receiver: str, text: str) -> Said:
    """What a receiver said, for people."""
    if not text:
        return says("{receiver}: no reason given", receiver=receiver)
    return says("{receiver}: {answer}", receiver=receiver, answer=text)


def details(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The details of an answer, in LINE's form, that are objects."""
    listed = answer.get("details")
    return [detail for detail in listed if isinstance(detail, Mapping)] if isinstance(listed, list) else []


def _details(answer: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for detail in details(answer):
        yield _text(detail, "message").replace("\xa0", " ").strip(), _text(detail, "property")


def _text(answer: Mapping[str, Any], name: str) -> str:
    value = answer.get(name)
    return value if isinstance(value, str) else ""


def _begin(
    notice: Notice, steps: list[str | int], message: int | None, moved: Moved | None
) -> tuple[Path, list[str | int]]:
    """Where a notation with dots begins in what was sent, and its steps from there."""
    if notice.form in ("message", "container"):
        if steps[0] != "messages":
            return notice.base, steps
        inner = steps[2:]
        if notice.form == "container":  # the document is what stands under `contents`
            return notice.base, inner[1:] if inner[:1] == ["contents"] else []
        return notice.base, inner
    body = members(notice.tree.node(notice.base))
    # `text`, as LINE says of a textV2 message, begins at the message; so does any name that no request body has.
    if steps[0] not in body and steps[0] != "customAggregationUnits" and notice.kind == "flexible":
        return _message(notice, message, moved), steps
    return notice.base, steps


def _message(notice: Notice, message: int | None, moved: Moved | None) -> Path:
    """The path of a message object; that of the list where it is not known which object is meant."""
    if notice.form in ("message", "container") or notice.kind != "flexible":
        return notice.base
    path = (*notice.base, "messages")
    if message is None and len(_sent(notice, moved)) == 1:
        message = 0
    return path if message is None else (*path, message)


def _sent(notice: Notice, moved: Moved | None) -> list[Node]:
    """The message objects that were sent, as they are written."""
    node = notice.tree.node((*notice.base, "messages"))
    nodes: list[Node] = node.value if isinstance(node, Sequence) else []
    order = (moved or {}).get("messages")
    return nodes if order is None else [nodes[index] for index in order if index < len(nodes)]


def _contents(notice: Notice, message: int | None, moved: Moved | None) -> Path:
    """The path of a Flex message's `contents`; without a number, that of the only Flex message."""
    if notice.form == "container":
        return notice.base
    if message is None and notice.form in ("spec", "request"):
        message = _only_flex(_sent(notice, moved))
    path = _message(notice, message, moved)
    return path if path[-1:] == ("messages",) else (*path, "contents")


def _only_flex(nodes: list[Node]) -> int | None:
    types = [members(node).get("type") for node in nodes]
    flex = [index for index, type in enumerate(types) if isinstance(type, Scalar) and type.value == "flex"]
    return flex[0] if len(flex) == 1 else None


def _below(notice: Notice, start: Path, steps: "list[str] | list[str | int]", moved: Moved | None) -> Place:
    """The deepest place on the way from a path along steps, both as sent; a step is an index where a list stands."""
    sent, base = start, len(notice.base)
    path = (*notice.base, *written(sent[base:], moved or {}))
    for step in steps:
        node = notice.tree.node(path)
        index = int(step) if isinstance(node, Sequence) and isinstance(step, str) and _INDEX.fullmatch(step) else step
        sent = (*sent, index)
        path = (*notice.base, *written(sent[base:], moved or {}))
    nearest = notice.tree.find(path)
    return Place(nearest.path) if nearest is not None else Place(())


def _whole(notice: Notice) -> Place:
    """The message as a whole: its first key."""
    first = {"template": "templateKey", "flexible": "messages"}.get(notice.kind or "", "")
    path = (*notice.base, first)
    return Place(path, "key") if notice.tree.node(path) is not None else Place(notice.base, "key")


def _unescaped(step: str) -> str:
    """A step of a JSON Pointer (RFC 6901)."""
    return step.replace("~1", "/").replace("~0", "~")
