"""Findings, which have a symbolic place, and diagnostics, which are made from them and have lines and columns."""

from typing import Any, Literal, NamedTuple

from pnpc.text.lazy import regex
from pnpc.text.path import Path
from pnpc.text.source import Position, Span
from pnpc.text.wording import MOST_SHOWN, Said

Severity = Literal["error", "warning"]
_MOST_QUOTED = 350  # characters between two backticks; our own words are shorter, but a user's text may fill a file
_MOST = 2_500  # characters of a message
_QUOTED = regex(rf"[^`]{{{_MOST_QUOTED + 1},}}")


def brief(message: str) -> str:
    """A message in which long quoted texts are cut, and which is cut itself if it is still too long."""
    if len(message) <= _MOST_QUOTED:
        return message
    short = _QUOTED.sub(lambda quoted: f"{quoted[0][:MOST_SHOWN]}…", message)
    return short if len(short) <= _MOST else f"{short[:_MOST]}…"


class MessageData(dict[str, Any]):
    """The values of a message by their names, as JSON has them. They never change, and so can have a hash."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(self))


NO_DATA = MessageData()


class Place(NamedTuple):
    """A symbolic place, which needs no text: a path, the key or the value there, and a range inside a scalar.

    `within` counts code points of the decoded scalar (escapes resolved, lines folded).
    """

    path: Path
    part: Literal["value", "key"] = "value"
    within: tuple[int, int] | None = None


Where = Place | Span


class Edit(NamedTuple):
    """Replace the text at `where` by `text`.

    `reads` is the key or value that a reader sees there afterwards; None if a comment is removed.
    """

    where: Where
    text: str
    reads: str | None = None


class Fix(NamedTuple):
    """A way to repair a text; it is `safe` if it may be applied without asking.

    A safe fix never changes the meaning. docs/ci.md defines this, and `pnpc.check.fixes` verifies it.
    """

    title: Said
    edits: tuple[Edit, ...]
    safe: bool = True


class BrokenKeyword(NamedTuple):
    """The keyword of the grammar that a value breaks, and its bounds (None: none).

    `names` are the values of an `enum`, the key that is missing for `required`, or the name that `pattern` refuses.
    """

    keyword: str
    least: float | None = None
    most: float | None = None
    names: tuple[str, ...] = ()


class Finding(NamedTuple):
    """A mistake that a rule, the grammar or a parser reports, at a place that has no line and column yet.

    `rule` is the rule's name. `broken` is set for findings of the grammar, so that others can word them differently.
    """

    where: Where
    message: Said
    help: Said | None = None
    related: tuple[tuple[Where, Said], ...] = ()
    fix: Fix | None = None
    rule: str = ""
    broken: BrokenKeyword | None = None


class Range(NamedTuple):
    """The lines and columns of a diagnostic; `end` is the position after its last character."""

    start: Position
    end: Position


class Related(NamedTuple):
    """Another place that helps to understand a diagnostic."""

    file: str
    range: Range
    message: str


class Diagnostic(NamedTuple):
    """A finding as people and machines read it: `range` in lines and columns, `span` in code points of the file.

    `data` are the values in the message by their names, as JSON has them.
    """

    code: str
    name: str
    severity: Severity
    message: str
    file: str
    path: str
    range: Range
    span: Span
    related: tuple[Related, ...] = ()
    help: str | None = None
    fix: Fix | None = None
    data: MessageData = NO_DATA
