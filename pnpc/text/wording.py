"""Messages for people: a wording, which is a literal in the code, and its named values.

The text is made only where it is shown. Code that needs a value takes it from `values` and never out of a text.
`tools/wordings.py` lists all wordings.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

from pnpc.text.path import Path

MOST_SHOWN = 40  # characters of a value, a key or a name that a message repeats


class Subject:
    """A path as the subject of a message: `` `items[0]` ``, or `the document` for the root."""

    __slots__ = ("path",)

    def __init__(self, path: Path) -> None:
        self.path = path

    def __str__(self) -> str:
        return f"`{self.name()}`" if self.path else "the document"

    def name(self) -> str:
        """The name without backticks: `items[0]`; the empty text for the document."""
        if not self.path or isinstance(self.path[-1], str):
            return str(self.path[-1]) if self.path else ""
        name = next((step for step in reversed(self.path) if isinstance(step, str)), "")
        return f"{name}[{self.path[-1]}]"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Subject) and self.name() == other.name()

    def __hash__(self) -> int:
        return hash(self.name())


class Quote:
    """A text from the user's file, of which a message repeats at most MOST_SHOWN characters."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return self.text if len(self.text) <= MOST_SHOWN else f"{self.text[:MOST_SHOWN]}…"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Quote) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)


class NameList:
    """A list of names in a message: `` `a`, `b` or `c` ``; `last` is put before the last name, `mark` around each."""

    __slots__ = ("last", "mark", "names")

    def __init__(self, names: Iterable[str], last: str = " or ", mark: str = "`") -> None:
        self.names = tuple(names)
        self.last = last
        self.mark = mark

    def __str__(self) -> str:
        *shown, end = (f"{self.mark}{name}{self.mark}" for name in self.names)
        return f"{', '.join(shown)}{self.last}{end}" if shown else end

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NameList) and self.names == other.names

    def __hash__(self) -> int:
        return hash(self.names)


class Said:
    """A wording with fields (`{limit}`), and a value for each; `str` gives the text.

    A tuple is shown with commas. A value that is itself a `Said` is a part of the message with values of its own; of a
    tuple of parts, which may have values of the same names, only the text is used.
    """

    __slots__ = ("values", "wording")

    def __init__(self, wording: str, values: "dict[str, Datum]") -> None:
        self.wording = wording
        self.values = values

    def __str__(self) -> str:
        return self.wording.format_map(
            {
                name: ", ".join(map(str, value)) if isinstance(value, tuple) else value
                for name, value in self.values.items()
            }
        )

    def __bool__(self) -> bool:
        return bool(self.wording)

    def __repr__(self) -> str:
        return f"Said({str(self)!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Said) and self.wording == other.wording and self.values == other.values

    def __hash__(self) -> int:
        return hash((self.wording, tuple(self.values.values())))

    def data(self) -> dict[str, Any]:
        """The values as JSON has them, with those of its parts; of two with the same name, the outer one."""
        data: dict[str, Any] = {}
        for value in self.values.values():
            if isinstance(value, Said):
                data |= value.data()
        for name, value in self.values.items():
            if not _parts(value):
                data[name] = _plain(value)
        return data

    def kind(self) -> tuple[object, ...]:
        """A key that is equal for messages about the same mistake: the wording and its values, without numbers and without
        the indices of lists."""
        return (self.wording, *(_kind(value) for value in self.values.values()))

    def changed(self, change: "Callable[[Datum], Datum]") -> "Said":
        """The same wording with `change` applied to each value, also to those of its parts."""
        return Said(self.wording, {name: _changed(value, change) for name, value in self.values.items()})

    def but(self, **values: "Datum") -> "Said":
        """The same wording with some values replaced."""
        return Said(self.wording, self.values | values)


Datum: TypeAlias = "str | int | float | tuple[str, ...] | tuple[Said, ...] | Subject | Quote | NameList | Said"


NOTHING = Said("", {})  # a part of a message that is not there


def says(wording: str, /, **values: Datum) -> Said:
    """A message: a wording, which must be one literal, and a value for each of its fields."""
    return Said(wording, values)


def joined_by_and(parts: Sequence[Said]) -> Said:
    """Parts of a message with commas between them, and `and` before the last one; NOTHING if there are none."""
    if len(parts) < 2:
        return says("{parts}", parts=tuple(parts)) if parts else NOTHING
    return says("{parts} and {last}", parts=tuple(parts[:-1]), last=tuple(parts[-1:]))


def joined_by_or(parts: Sequence[Said]) -> Said:
    """The same with `or` before the last one."""
    if len(parts) < 2:
        return joined_by_and(parts)
    return says("{parts} or {last}", parts=tuple(parts[:-1]), last=tuple(parts[-1:]))


def as_written(text: str) -> Said:
    """A message without values, whose text comes from elsewhere: a schema, or another program. `tests/test_wordings.py`
    lists where this is used."""
    return Said(text.replace("{", "{{").replace("}", "}}"), {})


def _parts(value: Datum) -> tuple[Said, ...]:
    """The parts of a message that a value is; none for a value that is data."""
    values = value if isinstance(value, tuple) else (value,)
    return tuple(part for part in values if isinstance(part, Said))


def _changed(value: Datum, change: "Callable[[Datum], Datum]") -> Datum:
    parts = _parts(value)
    if not parts:
        return change(value)
    changed = tuple(part.changed(change) for part in parts)
    return changed if isinstance(value, tuple) else changed[0]


def _plain(value: Datum) -> Any:
    if isinstance(value, Subject):
        return value.name()
    if isinstance(value, Quote):
        return value.text
    if isinstance(value, NameList):
        return list(value.names)
    if isinstance(value, float) and not -1e308 <= value <= 1e308:  # JSON has no infinity
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def _kind(value: Datum) -> object:
    if isinstance(value, Said):
        return value.kind()
    if isinstance(value, Subject):
        return value.path[-1:] if value.path and isinstance(value.path[-1], str) else value.name().partition("[")[0]
    if isinstance(value, tuple):
        return tuple(map(_kind, value))
    return None if isinstance(value, int | float) else value
