"""What is said to a person: a wording as it stands in the code, and the named values in it.

The words are made only where somebody reads them, so that whoever needs a value takes it from `values`, and never out of
a text. `tools/wordings.py` lists all wordings.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

from pnpc.text.path import Path

MOST_SHOWN = 40  # characters of a value, a key or a name that a message repeats


class Subject:
    """The thing at a path as a message names it: `` `items[0]` ``, or `the document`."""

    __slots__ = ("path",)

    def __init__(self, path: Path) -> None:
        self.path = path

    def __str__(self) -> str:
        return f"`{self.name()}`" if self.path else "the document"

    def name(self) -> str:
        """The name alone: `items[0]`; of the document the empty text."""
        if not self.path or isinstance(self.path[-1], str):
            return str(self.path[-1]) if self.path else ""
        name = next((step for step in reversed(self.path) if isinstance(step, str)), "")
        return f"{name}[{self.path[-1]}]"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Subject) and self.name() == other.name()

    def __hash__(self) -> int:
        return hash(self.name())


class Quote:
    """A text of somebody else's: a message repeats no more than its beginning."""

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
    """Names as a message lists them: `` `a`, `b` or `c` ``; `last` stands before the last one, `mark` around each."""

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
    """A wording with fields (`{limit}`) and the value of each; its words are `str` of it.

    A tuple stands in the words with commas between. A value that is `Said` itself is a part that has its own values; of a
    tuple of parts, which may have values of the same names, only the words are used.
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
        """The values as JSON has them, those of its parts among them; where names are the same, the outer one."""
        data: dict[str, Any] = {}
        for value in self.values.values():
            if isinstance(value, Said):
                data |= value.data()
        for name, value in self.values.items():
            if not _parts(value):
                data[name] = _plain(value)
        return data

    def kind(self) -> tuple[object, ...]:
        """The same for the same mistake: the wording, and its values but for numbers and the indices of lists."""
        return (self.wording, *(_kind(value) for value in self.values.values()))

    def changed(self, change: "Callable[[Datum], Datum]") -> "Said":
        """The same with `change` made to each value, those of its parts among them."""
        return Said(self.wording, {name: _changed(value, change) for name, value in self.values.items()})

    def but(self, **values: "Datum") -> "Said":
        """The same with other values."""
        return Said(self.wording, self.values | values)


Datum: TypeAlias = "str | int | float | tuple[str, ...] | tuple[Said, ...] | Subject | Quote | NameList | Said"


NOTHING = Said("", {})  # a part of a message that is not there


def says(wording: str, /, **values: Datum) -> Said:
    """A wording, which is one literal, with a value for each of its fields."""
    return Said(wording, values)


def together(parts: Sequence[Said]) -> Said:
    """Parts of a message with commas between them, and `and` before the last one; NOTHING if there are none."""
    if len(parts) < 2:
        return says("{parts}", parts=tuple(parts)) if parts else NOTHING
    return says("{parts} and {last}", parts=tuple(parts[:-1]), last=tuple(parts[-1:]))


def as_written(text: str) -> Said:
    """Words without values that stand elsewhere: in a schema, a table of nouns, another program's message."""
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
    if isinstance(value, float) and not -1e308 <= value <= 1e308:  # JSON has no word for infinity
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
