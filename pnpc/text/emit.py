"""Nodes written as YAML that all readers understand the same way: what some of them would change is quoted."""

from collections.abc import Callable, Iterator
from json import dumps

from pnpc.text.document import Mapping, Node, Scalar, Sequence
from pnpc.text.lazy import regex
from pnpc.text.members import members
from pnpc.text.values import BOOLEANS, NULLS, NUMBER, trap

WIDTH = 110  # characters; a longer mapping is written with one key a line

# Begins with a letter and has no character that is syntax anywhere, not even in a flow collection.
_PLAIN = regex(r"[^\W\d_](?:[\w（）・、。ー〜～／.()/-]|(?<=[^\s]) (?=[\w（(]))*")
# Line breaks for some readers only, and characters that YAML allows only as escapes.
_HIDDEN = regex("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")

Change = Callable[[str], str]


def emit(node: Node, indent: int, change: Change) -> Iterator[str]:
    """The lines of a node, indented by `indent` spaces; `change` may replace each text. Merged keys (`<<`) are written
    where they are merged."""
    indentation = " " * indent
    if isinstance(node, Mapping) and node.value:
        for name, value in members(node).items():
            yield from _entry(f"{indentation}{text(name)}:", value, indent, change)
    elif isinstance(node, Sequence) and node.value:
        for entry in node.value:
            inner = list(emit(entry, indent + 2, change))
            short = _flow(entry, change)
            if short is not None and indent + 2 + len(short) <= WIDTH:
                yield f"{indentation}- {short}"
            else:
                yield f"{indentation}- {inner[0].lstrip()}"
                yield from inner[1:]
    else:
        yield indentation + (_flow(node, change) or "null")


def _entry(head: str, value: Node, indent: int, change: Change) -> Iterator[str]:
    short = _flow(value, change)
    if short is not None and (not isinstance(value, Mapping) or len(head) + 1 + len(short) <= WIDTH):
        yield f"{head} {short}"
    else:
        yield head
        yield from emit(value, indent + 2, change)


def _flow(node: Node, change: Change) -> str | None:
    """A scalar, an empty collection, or a mapping of scalars as one line; None for anything else."""
    if isinstance(node, Mapping):
        parts = [(name, _flow(value, change)) for name, value in members(node).items() if isinstance(value, Scalar)]
        if len(parts) < len(members(node)):
            return None
        return "{" + ", ".join(f"{text(name)}: {value}" for name, value in parts) + "}"
    if isinstance(node, Sequence):
        return None if node.value else "[]"
    if not isinstance(node, Scalar):
        return None
    value: str = node.value
    if not node.style and (value in NULLS or value in BOOLEANS or NUMBER.fullmatch(value)):
        return value or "null"
    return text(change(value))


def text(value: str) -> str:
    """A text as a YAML scalar: without quotes if all readers agree that it is this text, otherwise in double quotes."""
    if _PLAIN.fullmatch(value) and trap(value) is None and value not in BOOLEANS and value not in NULLS:
        return value
    return _HIDDEN.sub(lambda match: f"\\u{ord(match[0]):04x}", dumps(value, ensure_ascii=False))
