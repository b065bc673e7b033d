"""Values of a message that a row fills in, and the shape of the message around them."""

from collections.abc import Hashable
from typing import Any, NamedTuple

from pnpc.compile.filled.structured import ObjectList
from pnpc.language.filling.jinja import CompiledText
from pnpc.line.grammar.run import Check
from pnpc.rules.rule import Test
from pnpc.text.finding import Finding
from pnpc.text.path import Path


class ValueSlot(NamedTuple):
    """A value with expressions, where it stands, and what the grammar asks of what it becomes (`type`, `check`).

    `tests` tell whether a rule may have something to say of what it becomes; None where only the judge can tell.
    `known` remembers what it became for values that many rows share, such as dates.
    """

    path: Path
    text: CompiledText
    type: str
    check: Check
    tests: tuple[Test, ...] | None
    known: dict[Hashable, "Became"]

    def is_doubtful(self, text: str) -> bool:
        """Whether a rule may have something to say of what it has become."""
        return self.tests is None or any(test.is_doubtful(text) for test in self.tests)


class Became(NamedTuple):
    """What a slot has become, what is wrong with that, and whether the judge must see it."""

    value: Any
    findings: tuple[Finding, ...]
    doubtful: bool


Shape = str | int | float | bool | None | ValueSlot | ObjectList | list["Shape"] | dict[str, "Shape"]


def shape_at(shape: Shape, path: Path) -> Shape:
    """The part of a shape at a path as it is written; the nearest one above it where there is none."""
    for step in path:
        if isinstance(shape, ObjectList):
            shape = next((entry.shape for entry in shape.objects if entry.written == step), shape)
        elif isinstance(shape, dict) and step in shape:
            shape = shape[str(step)]
        elif isinstance(shape, list) and isinstance(step, int) and step < len(shape):
            shape = shape[step]
        else:
            break
    return shape


def names_of(shape: Shape) -> frozenset[str]:
    """The variables that a part of a message is made of."""
    if isinstance(shape, ValueSlot):
        return shape.text.names
    below = [entry.shape for entry in shape.objects] if isinstance(shape, ObjectList) else shape
    below = list(below.values()) if isinstance(below, dict) else below
    return frozenset().union(*map(names_of, below)) if isinstance(below, list) else frozenset()
