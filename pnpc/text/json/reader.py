"""JSON read to the same nodes as YAML, with positions.

Python's `json` decides whether a text is JSON. If it is, no grammar is needed here: one regular expression gives one
member or entry at a time. If it is not, `pnpc.text.json.faults` finds the fault.
"""

import json
from typing import Any

from pnpc.text.document import (
    MAX_DEPTH,
    MAX_NODES,
    Document,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Unreadable,
    mark,
    refuse_large,
    start,
    too_deep,
)
from pnpc.text.finding import Finding
from pnpc.text.lazy import regex
from pnpc.text.source import Source, Span
from pnpc.text.wording import says

_TEXT = r'"([^"\\]*+(?:\\.[^"\\]*+)*+)"'
_SPACE = r"[ \t\n\r]*+"
# In valid JSON the commas can be skipped. The groups: a key (1) if there is one, then a text (2), an opening bracket (3),
# a closing bracket (4), or a number or word (5).
_PIECE = regex(rf"(?s:[ \t\n\r,]*+(?:{_TEXT}{_SPACE}:{_SPACE})?(?:{_TEXT}|([\[{{])|([\]}}])|([^\s,\[\]{{}}\":]++)))")
_TEXT_PIECE, _OPENS, _CLOSES = 2, 3, 4
_BRACKET = regex(r'(?s:"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\Z)|[\[{\]}])')
_HALF = regex(r"\\u[dD][89a-fA-F]")
_value_at = json.JSONDecoder().raw_decode
_RAW_HALF = regex("[\ud800-\udfff]")


def read(source: Source) -> Document:
    """The document of a JSON text; its root is None if the text is only white space. Raises Unreadable."""
    text = source.text
    refuse_large(source)
    if not text.strip(" \t\n\r"):
        return Document(source, 0, None, json=True)
    try:
        # Numbers stay text, as in YAML: a number of 5,000 digits is valid JSON, but Python refuses to read it.
        json.loads(text, parse_float=str, parse_int=str, parse_constant=_refuse_constant)
        sound = not _holds_half(text)
    except ValueError:
        sound = False
    except RecursionError:
        raise too_deep(_first_too_deep(text)) from None
    if not sound:
        from pnpc.text.json.faults import explain  # needed only for a broken text

        raise Unreadable(explain(source))
    if len(text) > 2 * MAX_NODES:
        _refuse_many(text)
    return Document(source, 0, _root(text), json=True)


def _refuse_constant(word: str) -> None:
    """Refuse NaN and Infinity, which Python's `json` accepts and JSON does not have."""
    raise ValueError(word)


def _holds_half(text: str) -> bool:
    """Whether a text has one half of a surrogate pair without the other: Python reads it, but it can't be sent as UTF-8."""
    if _HALF.search(text):
        from pnpc.text.json.faults import half_pair  # needed only for a text with such escapes

        if half_pair(text):
            return True
    return not text.isascii() and _RAW_HALF.search(text) is not None


def _first_too_deep(text: str) -> Span:
    """The first bracket that is too deep."""
    depth = 0
    for match in _BRACKET.finditer(text):
        bracket = match[0]
        depth += (bracket in "[{") - (bracket in "]}")
        if depth > MAX_DEPTH:
            return Span(*match.span())
    return Span(0, 0)


def _refuse_many(text: str) -> None:
    count = sum((piece[1] is not None) + (piece.lastindex != _CLOSES) for piece in _PIECE.finditer(text))
    if count > MAX_NODES:
        message = says("the file has {count:,} keys and values, limit {limit:,}", count=count, limit=MAX_NODES)
        raise Unreadable(Finding(Span(0, 0), message, rule="input-too-large"))


def _root(text: str) -> Node:
    """The root node of a text that is valid JSON."""
    roots: list[Any] = []
    into = roots  # the entries, or the pairs of keys and values, of the innermost open collection
    above: list[tuple[Node, list[Any]]] = []
    node: Node
    for piece in _PIECE.finditer(text):
        kind = piece.lastindex or 0
        first, last = piece.span(kind)
        if kind == _TEXT_PIECE:
            node = Scalar("", _decoded(text, piece[2], first), mark(first - 1), mark(last + 1), '"')
        elif kind == _OPENS:
            make = Mapping if text[first] == "{" else Sequence
            node = make("", [], mark(first), None, True)
        elif kind == _CLOSES:
            closed, into = above.pop()
            closed.end_mark = mark(last)
            continue
        else:
            node = Scalar("", piece[5], mark(first), mark(last), None)
        key = piece[1]
        if key is None:
            into.append(node)
        else:
            first, last = piece.span(1)
            name = Scalar("", _decoded(text, key, first), mark(first - 1), mark(last + 1), '"')
            into.append((name, node))
        if len(above) == MAX_DEPTH:
            raise too_deep(Span(start(node), start(node) + 1))
        if kind == _OPENS:
            above.append((node, into))
            into = node.value
    root: Node = roots[0]
    return root


def _decoded(text: str, raw: str, first: int) -> str:
    """A text without its escapes; `first` is the offset after its opening quote."""
    if "\\" not in raw:
        return raw
    value: str = _value_at(text, first - 1)[0]
    return value
