"""What is wrong, said with a symbolic place (a finding), and the same for a reader (a diagnostic)."""

from typing import Any, Literal, NamedTuple

from pnpc.text.lazy import regex
from pnpc.text.path import Path
from pnpc.text.source import Position, Span
from pnpc.text.wording import MOST_SHOWN, Said

Severity = Literal["error", "warning"]
_MOST_QUOTED = 350  # characters between two backticks: none of our own words are as many, and a file may be one text
_MOST = 2_500  # characters of a message
_QUOTED = regex(rf"[^`]{{{_MOST_QUOTED + 1},}}")


def brief(message: str) -> str:
    """A message that repeats no more of a text than a reader looks at, whatever a rule puts into it."""
    if len(message) <= _MOST_QUOTED:
        return message
    short = _QUOTED.sub(lambda quoted: f"{quoted[0][:MOST_SHOWN]}…", message)
    return short if len(short) <= _MOST else f"{short[:_MOST]}…"


class MessageData(dict[str, Any]):
    """The values of a message by their names, as JSON has them. Nobody changes them, so that they have a hash."""

    def __hash__(self) -> int:  # type: ignore[override]
        return hash(tuple(self))


NO_DATA = MessageData()


class Place(NamedTuple):
    """An address that needs no text: a path, its key or its value, and a range inside a scalar.

    `within` counts characters of the scalar as decoded (escapes resolved, folds done).
    """

    path: Path
    part: Literal["value", "key"] = "value"
    within: tuple[int, int] | None = None


Where = Place | Span


class Edit(NamedTuple):
    """Replace what stands at `where` by `text`.

    `reads` is what the key or value there reads as afterwards; None if it is a comment that goes.
    """

    where: Where
    text: str
    reads: str | None = None


class Fix(NamedTuple):
    """A way to repair a text: `safe` if it may be applied unasked.

    A safe fix never changes meaning; docs/ci.md says what that takes, `pnpc.check.fixes` verifies it.
    """

    title: Said
    edits: tuple[Edit, ...]
    safe: bool = True


class Broken(NamedTuple):
    """The keyword of the grammar that a value breaks, and what it asks: bounds (None: open), allowed values, a name.

    `names` are the values of an `enum`, or the key that `required` misses.
    """

    keyword: str
    least: float | None = None
    most: float | None = None
    names: tuple[str, ...] = ()


class Finding(NamedTuple):
    """What a rule, the grammar or a parser says: a claim at a place, not yet at a line and column.

    `broken` tells those of the grammar apart: whoever words them otherwise than we do needs its bounds.
    """

    where: Where
    message: Said
    help: Said | None = None
    related: tuple[tuple[Where, Said], ...] = ()
    fix: Fix | None = None
    rule: str = ""
    broken: Broken | None = None


class Range(NamedTuple):
    """Where a diagnostic stands; `end` is the position after its last character."""

    start: Position
    end: Position


class Related(NamedTuple):
    """A second place that helps to understand the first."""

    file: str
    range: Range
    message: str


class Diagnostic(NamedTuple):
    """A finding as people and machines read it: `range` in lines and columns, `span` in characters of the source.

    `data` are the values that stand in the message, by their names, as JSON has them.
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
