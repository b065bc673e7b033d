"""The size of a Flex container as LINE may count it: bytes of compact JSON in UTF-8."""

from collections.abc import Mapping as Mapping_
from json import dumps
from typing import NamedTuple

from pnpc.language.expressions.expression import blotted
from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.message.objects import Object, Objects, objects
from pnpc.line.limits import limits
from pnpc.text.document import Mapping, Node, Scalar, Sequence
from pnpc.text.members import members
from pnpc.text.values import BOOLEANS, NULLS, NUMBER

Missing = Mapping_[int, list[tuple[Node, int]]]

_AROUND = 8  # bytes that a value can need in JSON but not in YAML: quotes, a colon, a comma, a `null`


class Size(NamedTuple):
    """A large container: its bytes without the values of expressions, LINE's `limit`, and from where it is `near` the limit.

    All in bytes. `certain` is False for a bubble in a carousel: LINE does not document whether its limit holds there.
    """

    container: Object
    bytes: int
    limit: int
    near: int
    certain: bool


def large(notice: Notice, context: Context) -> list[Size]:
    """The containers that are near their limit, or above it."""
    text = notice.document.source.text
    most = len(_encoded(text)) if notice.document.json else at_most(text)
    # With loops and fragments the message may be longer than its text.
    if notice.expansion is None and most <= limits()["flexBytes"]["bubble"]["near"]:
        return []
    return objects(notice, context).once(_large)


def at_most(text: str) -> float:
    """At least as many bytes as the JSON of a YAML text has: a quick bound, so that most texts need not be counted."""
    if "*" in text and "&" in text:
        return float("inf")  # an alias repeats what it names
    data = _encoded(text)
    values = 2 + _count(data, b"\n\r,[{")
    escaped = _count(data, b'"\t') + (4 * data.count(b"\\") if b"\\" in data else 0)
    return len(data) + _AROUND * values + escaped


def _count(data: bytes, signs: bytes) -> int:
    """How often these bytes occur, counted in one pass."""
    return len(data) - len(data.translate(None, signs))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _large(all_objects: Objects) -> list[Size]:
    containers = [container for container in all_objects.of("container") if container.type in ("bubble", "carousel")]
    missing = all_objects.notice.expansion.missing if all_objects.notice.expansion is not None else {}
    sizes = [_size(container, limits()["flexBytes"], missing) for container in containers]
    return [size for size in sizes if size.bytes > size.near]


def _size(container: Object, limits_: dict[str, dict[str, int]], missing: Missing) -> Size:
    limit = limits_[container.type]
    certain = container.parent is None or container.parent.role != "container"
    return Size(
        container, json_bytes(container.node, container.filled, missing), limit["limit"], limit["near"], certain
    )


def json_bytes(node: Node, filled: bool, missing: Missing) -> int:
    """The bytes of a node as compact JSON in UTF-8; if `filled`, expressions are not counted.

    `missing`: see `pnpc.language.cases.expansion.Expansion`.
    """
    if isinstance(node, Scalar):
        return _scalar(node, filled)
    parts: list[int] = []
    if isinstance(node, Mapping):
        pairs = members(node).items()  # JSON has no merge keys (`<<`): merged members are written out
        parts = [_text(name) + 1 + json_bytes(child, filled, missing) for name, child in pairs]
    elif isinstance(node, Sequence):
        parts = [json_bytes(child, filled, missing) for child in node.value]
    more = 0
    if id(node) in missing:
        known = {id(child): part for child, part in zip(node.value, parts, strict=True)}
        more = sum(left * (known[id(child)] + 1) for child, left in missing[id(node)])
    return 2 + sum(parts) + max(0, len(parts) - 1) + more


def _scalar(node: Scalar, filled: bool) -> int:
    value: str = node.value
    if not node.style and (value in NULLS or value in BOOLEANS or NUMBER.fullmatch(value)):
        return len(value or "null")
    return _text(blotted(value) if filled and "{{" in value else value)


def _text(value: str) -> int:
    if value.isascii() and value.isprintable() and '"' not in value and "\\" not in value:
        return len(value) + 2
    return len(_encoded(dumps(value, ensure_ascii=False)))
