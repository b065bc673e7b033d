"""JSON read to the same nodes as YAML, with positions. Python's own `json` says whether a text is JSON at all.

A text that it takes needs no grammar here: one regular expression gives a member or an entry at a time. A text that it
refuses goes to `pnpc.text.json.faults`, which finds the place and the words.
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
# In JSON that is sound a comma tells nothing: a key (1) if there is one, then a text (2), a bracket that opens (3) or
# closes (4), or a number or word (5).
_PIECE = regex(rf"(?s:[ \t\n\r,]*+(?:{_TEXT}{_SPACE}:{_SPACE})?(?:{_TEXT}|([\[{{])|([\]}}])|([^\s,\[\]{{}}\":]++)))")
_TEXT_PIECE, _OPENS, _CLOSES = 2, 3, 4
_BRACKET = regex(r'(?s:"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\Z)|[\[{\]}])')
_HALF = regex(r"\\u[dD][89a-fA-F]")
_value_at = json.JSONDecoder().raw_decode
_RAW_HALF = regex("[\ud800-\udfff]")


def read(source: Source) -> Document:
    """The document of a JSON text; its root is None if the text is blank. Raises Unreadable."""
    text = source.text
    refuse_large(source)
    if not text.strip(" \t\n\r"):
        return Document(source, 0, None, json=True)
    try:
        # Numbers stay text, as in YAML: one of 5,000 digits is no fault of the file.
        json.loads(text, parse_float=str, parse_int=str, parse_constant=_refuse_constant)
        sound = not _holds_half(text)
    except ValueError:
        sound = False
    except RecursionError:
        raise too_deep(_first_too_deep(text)) from None
    if not sound:
        from pnpc.text.json.faults import explain  # most texts are sound

        raise Unreadable(explain(source))
    if len(text) > 2 * MAX_NODES:
        _refuse_many(text)
    return Document(source, 0, _root(text), json=True)


def _refuse_constant(word: str) -> None:
    """NaN and Infinity, which Python reads and JSON has not."""
    raise ValueError(word)


def _holds_half(text: str) -> bool:
    """Whether a text holds one half of a surrogate pair without the other, which Python reads and nobody can send."""
    if _HALF.search(text):
        from pnpc.text.json.faults import half_pair  # most texts have no such escapes

        return half_pair(text)
    return not text.isascii() and _RAW_HALF.search(text) is not None


def _first_too_deep(text: str) -> Span:
    """The first bracket that stands too deep."""
    depth = 0
    for found in _BRACKET.finditer(text):
        bracket = found[0]
        depth += (bracket in "[{") - (bracket in "]}")
        if depth > MAX_DEPTH:
            return Span(*found.span())
    return Span(0, 0)


def _refuse_many(text: str) -> None:
    count = sum((piece[1] is not None) + (piece.lastindex != _CLOSES) for piece in _PIECE.finditer(text))
    if count > MAX_NODES:
        message = says("the file has {count:,} keys and values, limit {limit:,}", count=count, limit=MAX_NODES)
        raise Unreadable(Finding(Span(0, 0), message, rule="input-too-large"))


def _root(text: str) -> Node:
    """The nodes of a text that is JSON."""
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
    """What a text between quotes says: `first` is the offset behind its opening quote."""
    if "\\" not in raw:
        return raw
    value: str = _value_at(text, first - 1)[0]
    return value
