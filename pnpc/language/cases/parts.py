"""A message with its directives read: what is always there, what is there where a condition holds, what is repeated."""

from collections.abc import Callable
from collections.abc import Mapping as AnyMapping
from typing import Any, NamedTuple

from pnpc.language.cases.truth import Formula
from pnpc.text.document import Mapping, Node, Scalar, Sequence
from pnpc.text.finding import Where
from pnpc.text.joined import JoinedFile
from pnpc.text.source import Span
from pnpc.text.wording import Said

# A value that expressions can name, the same wherever it is named: `("order", "lines", "[]", "price")`.
Key = tuple[str, ...]
EACH = "[]"

# The directives as they are written.
IF, FOR, INCLUDE = "$if", "$for", "$include"
DIRECTIVES = (IF, FOR, INCLUDE)


class Known(NamedTuple):
    """What a name stands for: which value that is, and its JSON Schema (empty: nothing is known)."""

    key: Key
    schema: dict[str, Any]


class Loop(NamedTuple):
    """A `$for`: the name of its variable, the steps to the array (`order.lines`), and what is declared of the array.

    `key` is that of the array, so that two loops over it have equally many entries; `most` is None without `maxItems`.
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
    """An `$if`: its expression as written, its formula, and where it stands."""

    text: str
    formula: Formula
    node: Scalar
    where: Span


Step = Loop | Condition


class Site(NamedTuple):
    """An `$include`: the fragment's file, and where its name stands."""

    file: JoinedFile
    where: Span


class Fragment(NamedTuple):
    """A file that a spec includes: its name as messages show it, an identity that is equal if two names mean the same file, its bytes."""

    name: str
    identity: str
    data: bytes


class NoFragment(Exception):
    """A file that can't be included; its text says why, `help` what to do, `related` where the fault is."""

    def __init__(self, message: Said, help: Said | None = None, related: tuple[tuple[Where, Said], ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.help = help
        self.related = related


# From the name of a file and a path written in it to the file that the path means. Raises NoFragment.
Fragments = Callable[[str, str], Fragment]


class Plain(NamedTuple):
    """A node that holds no directive."""

    node: Node


class Members(NamedTuple):
    """A mapping without its directives; each member's key and what stands under it."""

    node: Mapping
    members: "tuple[tuple[Node, Part], ...]"


class EntryPart(NamedTuple):
    """An entry of a list: its index as written, how often it stands there (its steps, the outer first), and what it is."""

    written: int
    steps: tuple[Step, ...]
    part: "Part"


class Entries(NamedTuple):
    """A list with directives in it."""

    node: Sequence
    entries: tuple[EntryPart, ...]


class Included(NamedTuple):
    """The contents of a fragment, and where it is included."""

    part: "Plain | Members | Included"
    site: Site


Part = Plain | Members | Entries | Included

KnownNames = AnyMapping[str, Known]


def inside(names: KnownNames, loop: Loop) -> dict[str, Known]:
    """The names that may be used inside a loop, beside those around it."""
    item, number = loop.names[loop.name], loop.names["loop"]
    return {**names, loop.name: Known((*loop.key, EACH), item), "loop": Known(("loop",), number)}


def value(steps: tuple[str, ...], names: KnownNames) -> Known | None:
    """What steps from a name lead to; None for a name or a member that is not declared."""
    known = names.get(steps[0])
    for step in steps[1:]:
        if known is None:
            return None
        members = known.schema.get("properties") if isinstance(known.schema.get("properties"), dict) else None
        if members is None or step not in members:
            return Known((*known.key, step), {}) if not _is_closed(known.schema) else None
        known = Known((*known.key, step), members[step])
    return known


def _is_closed(schema: AnyMapping[str, Any]) -> bool:
    """Whether all the members that a value may have are declared."""
    return bool(schema.get("properties")) or schema.get("type", "object") != "object"


def declaration_path(key: Key) -> tuple[str, ...]:
    """The path of a value's declaration in the spec."""
    path: tuple[str, ...] = ("variables", key[0])
    for step in key[1:]:
        path = (*path, "items") if step == EACH else (*path, "properties", step)
    return path
