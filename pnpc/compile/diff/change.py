"""A change between two versions of a spec, as a reader of a pull request sees it."""

from typing import Any, Literal, NamedTuple

from pnpc.compile.diff.bounds import ABSENT
from pnpc.text.finding import Place, Range

Audience = Literal["caller", "reader"]


class Change(NamedTuple):
    """What changed, who is affected, and whether what worked with the old version may fail with the new one.

    `kind` is a word for programs, such as `variable-required`; `what` names the thing, `message` says what became of
    it. `before` and `after` are JSON values, ABSENT where there is none; `old` and `new` the places in the two
    documents, None in one that has nothing of it.
    """

    kind: str
    audience: Audience
    breaking: bool
    what: str
    message: str
    before: Any = ABSENT
    after: Any = ABSENT
    old: Place | None = None
    new: Place | None = None


class Spot(NamedTuple):
    """A place in a file, as people know its name."""

    file: str
    range: Range


class PlacedChange(NamedTuple):
    """A change with its places in the two files; None in one that has nothing of it."""

    change: Change
    old: Spot | None
    new: Spot | None


class Section(NamedTuple):
    """A spec in which something changed; `notes` tell what could not be compared."""

    name: str
    changes: tuple[PlacedChange, ...]
    notes: tuple[str, ...] = ()
