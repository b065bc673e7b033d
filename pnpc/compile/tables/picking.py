"""Some rows of a table, for trying a run: those of which an expression is true, or a sample.

The rows keep their numbers, and so their requests keep their ids: a trial and the whole run make the same of a row.
"""

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, NamedTuple

from pnpc.compile.tables.phones import scrub, scrubbed
from pnpc.compile.tables.recipients import Record, RecordFault
from pnpc.compile.tables.values import NotAValue, read
from pnpc.language.expressions.expression import Expression, ExpressionError
from pnpc.language.filling.jinja import CompiledText, RenderError, uses
from pnpc.text.suggest import did_you_mean, near
from pnpc.text.wording import says


class BadCondition(Exception):
    """A condition that can't be used: why, and the characters of it that are at fault."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end


def asks_for(text: str) -> frozenset[str]:
    """The columns that a condition names; empty for a condition that can't be read."""
    try:
        return frozenset(use.name for use in uses(Expression(text, 0, len(text))).names)
    except ExpressionError:
        return frozenset()


class Picked(NamedTuple):
    """What a condition made of rows: how many it saw, of how many it is true, and for how many it can't be evaluated;
    `given`: those that it gave, rows that can't be read among them. `unseen` are names that no row had."""

    seen: int = 0
    true: int = 0
    unsure: int = 0
    given: int = 0
    unseen: tuple[str, ...] = ()

    def and_those(self, later: "Picked") -> "Picked":
        """The counts of two tables."""
        if not self.seen or not later.seen:
            return self if self.seen else later
        return Picked(
            self.seen + later.seen,
            self.true + later.true,
            self.unsure + later.unsure,
            self.given + later.given,
            tuple(name for name in self.unseen if name in later.unseen),
        )

    def notes(self) -> Iterator[str]:
        """What people should know of a condition when all rows have been seen."""
        unsure = f", and can't be evaluated for {self.unsure:,}" if self.unsure else ""
        yield f"--where is true for {self.true:,} of {self.seen:,} rows{unsure}"
        for name in self.unseen:
            yield f"no row has `{scrub(name)}`, which --where asks for"


class RowCondition:
    """An expression over a row's columns. Declared variables have their types; all else is as the table has it.

    A column that a row does not have, or that is empty, is `none`, or the variable's default.
    """

    def __init__(self, text: str, declared: Mapping[str, Mapping[str, Any]], columns: tuple[str, ...] | None) -> None:
        """`declared` are the variables' schemas; `columns` is None where each record names its own (JSONL).

        Raises BadCondition.
        """
        self._declared = declared
        self._length = len(text)
        self._seen = self._true = self._unsure = self._given = 0  # rows
        try:
            self._text = CompiledText("{{" + text + "}}", "")
            uses_of = uses(Expression(text, 0, len(text) + 4))
        except ExpressionError as error:
            raise BadCondition(str(error.message), *self._inside(error.start, error.end)) from None
        used = [use for use in uses_of.names if use.name != "recipient"]
        for name, use in uses_of.attributes:
            if name == "recipient" and use.name != "index":
                message = f"a condition can use only `recipient.index`; found `{use.name}`"
                raise BadCondition(message, *self._inside(use.start, use.end))
        if columns is not None:
            known = {*columns, *declared}
            for use in used:
                if use.name not in known:
                    message = f"no column `{use.name}`{scrub(str(did_you_mean(near(use.name, known))))}"
                    raise BadCondition(message, *self._inside(use.start, use.end))
        self._names = list(dict.fromkeys(use.name for use in used))
        self._unseen = dict.fromkeys(name for name in self._names if columns is None and name not in declared)

    @property
    def picked(self) -> Picked:
        """What it made of the rows that it has seen."""
        return Picked(self._seen, self._true, self._unsure, self._given, tuple(self._unseen))

    def picks(self, records: Iterator[Record]) -> Iterator[Record]:
        """The records of which it is true, and with a fault those for which it can't be evaluated. Raises BadCondition if
        it is neither true nor false."""
        for record in records:
            self._seen += 1
            judged = self._judged(record)
            if judged is None:
                continue
            self._true += judged.fault is None
            self._unsure += judged.fault is not None
            self._given += 1
            yield judged

    def _judged(self, record: Record) -> Record | None:
        """A record if it is one to take."""
        if record.fault is not None:
            return record
        name = None
        try:
            data: dict[str, Any] = {"recipient": {"index": record.row}}
            for name in self._names:
                data[name] = self._value(record, name)
            name = None
            value = self._text.value(data)
        except (RenderError, NotAValue) as error:
            reason = says("`{name}` {fault}", name=name, fault=error.message) if name else error.message
            message = scrubbed(says("--where can't be evaluated: {reason}", reason=reason))
            return record._replace(fault=RecordFault(message, record.locate(name)))
        if not isinstance(value, bool):
            words = "neither true nor false: compare it with something, as in `plan == 'gold'`"
            raise BadCondition(words, 0, self._length)
        return record if value else None

    def _value(self, record: Record, name: str) -> Any:
        """A column's value, of the declared type. Raises NotAValue."""
        if name in record.values:
            self._unseen.pop(name, None)
        value = record.values.get(name)
        schema = self._declared.get(name)
        if record.written == "text":
            value = (read(value, schema["type"]) if schema else value) if value else None
        return schema.get("default") if value is None and schema else value

    def _inside(self, start: int, end: int) -> tuple[int, int]:
        """Characters of the text with its braces as those of the text."""
        return max(0, start - 2), max(1, min(end - 2, self._length))


def sampled(records: Iterator[Record], size: int, seed: int) -> tuple[list[Record], int]:
    """So many records, each as likely as any other, in the order of the table, and how many there were.

    Reads the table to its end and holds no more than the sample; the same seed gives the same rows.
    """
    chance = Random(seed)
    kept: list[Record] = []
    total = 0
    for total, record in enumerate(records, 1):
        if len(kept) < size:
            kept.append(record)
        elif (place := int(chance.random() * total)) < size:
            kept[place] = record
    return sorted(kept, key=lambda record: record.row), total
