"""What the value of an expression or a variable can be: bounds for each kind of value."""

from collections.abc import Mapping
from functools import reduce
from typing import Any, Literal, NamedTuple

from pnpc.language.extents.extent import INFINITE, Extent, any_of, either, fixed, made_of
from pnpc.language.extents.number import Number, known, stored
from pnpc.language.extents.number import either as either_number
from pnpc.language.extents.number import printed as printed_number
from pnpc.line.grammar.units import ANY
from pnpc.text.wording import Said, joined_by_or, says

FREE = made_of(ANY, 0, INFINITE)


class Cause(NamedTuple):
    """Why a text has no bound: the variable (or a member of one) as an expression names it, and what to declare."""

    name: str
    lacks: str


class ExpressionFault(NamedTuple):
    """A mistake in an expression. `sure`: it fails for all data; else it fails for some data that are allowed."""

    sure: bool
    message: Said
    help: Said | None = None


Kind = Literal["list", "mapping", "number", "nothing", "text", "boolean"]
# How messages name them.
KINDS: dict[Kind, Said] = {
    "list": says("a list"), "mapping": says("a mapping"), "number": says("a number"), "nothing": says("nothing"),
    "text": says("text"), "boolean": says("true or false"),
}  # fmt: skip


def kinds_in_words(kinds: list[Kind]) -> Said:
    """Kinds of value as a message names them: `a number or text`."""
    return joined_by_or([KINDS[kind] for kind in kinds]) if kinds else KINDS["nothing"]


class Value(NamedTuple):
    """What a value can be: a text, a number, true or false, a list, an object, or nothing that can be shown.

    A part that is None or False is a kind that it never has. `format` is the text's declared format. `missing`: there may
    be no value. `entry` and `members` are the JSON Schemas of a list's entries (at least `entries` of them) and of an object's
    members (the `required` ones are always there). `unknown`: it may be anything. `lacks` is the keyword that its declaration
    needs to have a bound; `causes` are the names that lack one, once the value has been used by name.
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

    def kinds(self) -> list[Kind]:
        """The kinds of value that it may be, in the order of KINDS."""
        parts = (self.is_list, self.is_object, self.number, self.none, self.text, self.boolean)
        return [kind for kind, part in zip(KINDS, parts, strict=True) if part]


UNKNOWN = Value(text=FREE, number=Number(-INFINITE, INFINITE, "any"), boolean=True, none=True, missing=True,
                is_list=True, is_object=True, unknown=True)  # fmt: skip


def constant(value: object) -> Value:
    """The value of a literal."""
    if isinstance(value, bool):
        return Value(boolean=True)
    if isinstance(value, str):
        return Value(text=fixed(value))
    if isinstance(value, int | float):
        return Value(number=known((value,)))
    return Value(none=True) if value is None else UNKNOWN


def one_of(first: Value, second: Value) -> Value:
    """The value that is one of two."""
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
    """The extent of a value as a message shows it; None if it can't be shown."""
    text = value.text
    if value.number is None:
        return text
    digits = printed_number(value.number)
    return digits if text is None else either(text, digits)


def written(value: Value, *, stored_numbers: bool = False) -> Extent:
    """The extent of a value that a filter takes for a text, whatever it is: true is written `True`.

    With `stored_numbers`, numbers are written as Python's `str` does it: so `~` joins them.
    """
    extents = [value.text] if value.text is not None else []
    if value.number is not None:
        extents.append(stored(value.number) if stored_numbers else printed_number(value.number))
    if value.boolean:
        extents.append(any_of(("True", "False")))
    if value.none:
        extents.append(fixed("None"))
    if value.is_list or value.is_object or value.missing:
        return FREE
    return reduce(either, extents) if extents else FREE
