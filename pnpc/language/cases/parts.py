"""A message with its directives read: what stands always, what stands where a condition holds, what stands many times."""

from typing import Any, NamedTuple

from pnpc.language.cases.truth import Formula
from pnpc.text.document import Mapping, Node, Scalar, Sequence
from pnpc.text.joined import JoinedFile as File
from pnpc.text.source import Span

# A value that expressions can name, wherever it is named: `("order", "lines", "[]", "price")`.
Key = tuple[str, ...]
EACH = "[]"


class Known(NamedTuple):
    """What a name stands for: which value that is, and its JSON Schema (empty: nothing is known)."""

    key: Key
    schema: dict[str, Any]


class Loop(NamedTuple):
    """A `$for`: the name of its variable, the steps to the array (`order.lines`), and what is declared of the array.

    `key` is the array's own, so that two loops over it have as many entries; `most` is None where no `maxItems` says.
    """

    name: str
    steps: tuple[str, ...]
    key: Key
    item: dict[str, Any]
    least: int
    most: int | None
    node: Scalar
    where: Span

    @property
    def names(self) -> dict[str, dict[str, Any]]:
        """The schemas of the names that may be used inside the loop, and only there."""
        last: dict[str, Any] = {} if self.most is None else {"maximum": max(0, self.most - 1)}
        count: dict[str, Any] = {} if self.most is None else {"maximum": max(1, self.most)}
        number = {
            "index0": {"type": "integer", "minimum": 0, **last},
            "index": {"type": "integer", "minimum": 1, **count},
            "first": {"type": "boolean"},
            "last": {"type": "boolean"},
        }
        loop = {"type": "object", "properties": number, "required": [*number], "additionalProperties": False}
        return {self.name: self.item, "loop": loop}


class Condition(NamedTuple):
    """An `$if`: its expression as written, its truth in terms of what is declared, and where it stands."""

    text: str
    formula: Formula
    node: Scalar
    where: Span


Step = Loop | Condition


class Site(NamedTuple):
    """An `$include`: the fragment's file, and where its name stands."""

    file: File
    where: Span


class Plain(NamedTuple):
    """A node that holds no directive."""

    node: Node


class Members(NamedTuple):
    """A mapping, its directives taken off; each member's key and what stands under it."""

    node: Mapping
    members: "tuple[tuple[Node, Part], ...]"


class Entry(NamedTuple):
    """An entry of a list: its index as written, how often it stands there (its steps, the outer first), and what it is."""

    written: int
    steps: tuple[Step, ...]
    part: "Part"


class Entries(NamedTuple):
    """A list with directives in it."""

    node: Sequence
    entries: tuple[Entry, ...]


class Included(NamedTuple):
    """What stands in a fragment, and where it is included."""

    part: "Plain | Members | Included"
    site: Site


Part = Plain | Members | Entries | Included
