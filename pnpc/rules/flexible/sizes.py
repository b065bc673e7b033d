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

_AROUND = 8  # bytes of JSON that a value of YAML can lack: quotes, a colon, a comma, a `null` that is not written


class Size(NamedTuple):
    """A large container: its bytes at least (what expressions become is not counted), and LINE's limit.

    `certain` is False for a bubble inside a carousel: whether its own limit holds there is not documented.
    """

    container: Object
    bytes: int
    limit: int
    near: int
    certain: bool


def large(notice: Notice, context: Context) -> list[Size]:
    """The containers near or above their limit."""
    text = notice.document.source.text
    most = len(_encoded(text)) if notice.document.json else at_most(text)
    # What loops and fragments come to may be longer than the text.
    if notice.expansion is None and most <= limits()["flexBytes"]["bubble"]["near"]:
        return []
    return objects(notice, context).once(_large)


def at_most(text: str) -> float:
    """More bytes than the JSON of a YAML text can have: most are so small that none of their values need be counted."""
    if "*" in text and "&" in text:
        return float("inf")  # an alias repeats what it names
    data = _encoded(text)
    values = 2 + _count(data, b"\n\r,[{")
    escaped = _count(data, b'"\t') + (4 * data.count(b"\\") if b"\\" in data else 0)
    return len(data) + _AROUND * values + escaped


def _count(data: bytes, signs: bytes) -> int:
    """How many of these bytes there are, found in one pass."""
    return len(data) - len(data.translate(None, signs))


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _large(found: Objects) -> list[Size]:
    containers = [one for one in found.of("container") if one.type in ("bubble", "carousel")]
    missing = found.notice.expansion.missing if found.notice.expansion is not None else {}
    sizes = [_size(one, limits()["flexBytes"], missing) for one in containers]
    return [one for one in sizes if one.bytes > one.near]


def _size(container: Object, limits_: dict[str, dict[str, int]], missing: Missing) -> Size:
    limit = limits_[container.type]
    certain = container.parent is None or container.parent.role != "container"
    return Size(
        container, json_bytes(container.node, container.filled, missing), limit["limit"], limit["near"], certain
    )


def json_bytes(node: Node, filled: bool, missing: Missing) -> int:
    """The bytes of a node as compact JSON in UTF-8; with `filled` an expression counts nothing.

    `missing`: see `pnpc.language.cases.expansion.Expansion`.
    """
    if isinstance(node, Scalar):
        return _scalar(node, filled)
    parts: list[int] = []
    if isinstance(node, Mapping):
        below = members(node).items()  # merged ones (`<<`) are written out in JSON
        parts = [_text(name) + 1 + json_bytes(one, filled, missing) for name, one in below]
    elif isinstance(node, Sequence):
        parts = [json_bytes(one, filled, missing) for one in node.value]
    more = 0
    if id(node) in missing:
        known = {id(one): part for one, part in zip(node.value, parts, strict=True)}
        more = sum(left * (known[id(one)] + 1) for one, left in missing[id(node)])
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
