"""What an expression, or a variable, can be: for each kind of value its bounds."""

from collections.abc import Mapping
from functools import reduce
from typing import Any, NamedTuple

from pnpc.language.extents.extent import INFINITE, Extent, any_of, either, fixed, made_of
from pnpc.language.extents.number import Number, known, stored
from pnpc.language.extents.number import either as either_number
from pnpc.language.extents.number import printed as printed_number
from pnpc.line.grammar.units import ANY
from pnpc.text.wording import Said

FREE = made_of(ANY, 0, INFINITE)


class Cause(NamedTuple):
    """Why a text has no bound: the variable (or a member of one) as an expression names it, and what to declare."""

    name: str
    lacks: str


class Fault(NamedTuple):
    """A mistake in an expression. `sure`: it fails whatever the data are; else it fails for data that are allowed."""

    sure: bool
    message: Said
    help: Said | None = None


class Value(NamedTuple):
    """What a value can be: a text, a number, true or false, a list, an object, or nothing that can be shown.

    A part that is None or False is a kind that it never is. `format` is the text's declared format. `missing`: it may
    not be there at all. `entry` and `members` are the JSON Schemas of a list's entries, of which there are `entries` at
    least, and of an object's members, of which the `required` are always there. `unknown`: it may be anything. `lacks` names the keyword without which
    it has no bound; `causes` tells whose they are, once the value has been used by name.
    """

    text: Extent | None = None
    number: Number | None = None
    boolean: bool = False
    none: bool = False
    missing: bool = False
    is_list: bool = False
    is_object: bool = False
    unknown: bool = False
    format: str = ""
    entry: "Mapping[str, Any] | None" = None
    entries: int = 0
    members: "Mapping[str, Any] | None" = None
    required: frozenset[str] = frozenset()
    lacks: str = ""
    causes: tuple[Cause, ...] = ()

    def kinds(self) -> set[str]:
        """The kinds of value that it may be, as messages name them."""
        pairs = (
            ("text", self.text), ("a number", self.number), ("true or false", self.boolean), ("nothing", self.none),
            ("a list", self.is_list), ("a mapping", self.is_object),
        )  # fmt: skip
        return {noun for noun, part in pairs if part}


UNKNOWN = Value(text=FREE, number=Number(-INFINITE, INFINITE, "any"), boolean=True, none=True, missing=True,
                is_list=True, is_object=True, unknown=True)  # fmt: skip


def constant(value: object) -> Value:
    """A literal."""
    if isinstance(value, bool):
        return Value(boolean=True)
    if isinstance(value, str):
        return Value(text=fixed(value))
    if isinstance(value, int | float):
        return Value(number=known((value,)))
    return Value(none=True) if value is None else UNKNOWN


def one_of(first: Value, second: Value) -> Value:
    """One value or the other."""
    if first == second:
        return first
    text = first.text or second.text
    if first.text is not None and second.text is not None:
        text = either(first.text, second.text)
    number = first.number or second.number
    if first.number is not None and second.number is not None:
        number = either_number(first.number, second.number)
    same_entry, same_members = first.entry == second.entry, first.members == second.members
    return Value(
        text, number, first.boolean or second.boolean, first.none or second.none, first.missing or second.missing,
        first.is_list or second.is_list, first.is_object or second.is_object, first.unknown or second.unknown,
        first.format if first.format == second.format else "",
        first.entry if same_entry else None, min(first.entries, second.entries), first.members if same_members else None,
        first.required & second.required, "", first.causes + second.causes,
    )  # fmt: skip


def printed(value: Value) -> Extent | None:
    """The extent of a value as it is printed in a message; None if it never can be."""
    text = value.text
    if value.number is None:
        return text
    digits = printed_number(value.number)
    return digits if text is None else either(text, digits)


def written(value: Value, *, stored_numbers: bool = False) -> Extent:
    """The extent of a value that a filter takes for a text, whatever it is: true is written `True`.

    With `stored_numbers` the numbers are as Python stores them, which is how `~` joins them.
    """
    found = [value.text] if value.text is not None else []
    if value.number is not None:
        found.append(stored(value.number) if stored_numbers else printed_number(value.number))
    if value.boolean:
        found.append(any_of(("True", "False")))
    if value.none:
        found.append(fixed("None"))
    if value.is_list or value.is_object or value.missing:
        return FREE
    return reduce(either, found) if found else FREE
