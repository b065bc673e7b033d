"""Lists with directives, filled: which of their objects are there for a row, and how often."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from pnpc.compile.tables.phones import scrubbed
from pnpc.language.cases import parts
from pnpc.language.cases.parts import EntryPart
from pnpc.language.cases.truth import Formula, holds, questions
from pnpc.language.directives.steps import expression
from pnpc.language.expressions.expression import Expression
from pnpc.language.filling.jinja import RenderError, worked_out
from pnpc.text.document import Scalar
from pnpc.text.finding import Finding
from pnpc.text.path import Path, show
from pnpc.text.source import Source, Span
from pnpc.text.wording import NOTHING, Said, says
from pnpc.text.yaml.scalar import within

# Which entry of the list as written each entry of a filled list is, by the list's path in the body.
Moved = dict[str, tuple[int, ...]]
Data = Mapping[str, Any]
# The value of a place, what is wrong with it, and the names of the variables that it is made of.
Settled = tuple[Any, tuple[Finding, ...], frozenset[str]]


class Only(NamedTuple):
    """An `$if`, ready to be asked."""

    formula: Formula
    expression: Expression
    node: Scalar


class Repeat(NamedTuple):
    """A `$for`: its variable, and the steps to the array."""

    name: str
    steps: tuple[str, ...]
    where: Span


class ListEntry(NamedTuple):
    """An object of a list: its index as written, its directives, what it is made of."""

    written: int
    steps: tuple[Only | Repeat, ...]
    shape: Any


class ObjectList(NamedTuple):
    """A list with directives in it."""

    objects: tuple[ListEntry, ...]


class FillTrouble(NamedTuple):
    """What is wrong with a value or a directive for these data, and the variables that it depends on."""

    finding: Finding
    names: frozenset[str]


class Turn(NamedTuple):
    """The data of an object, and for which entry of which array it stands there; the variables that say so."""

    data: Data
    words: Said
    names: frozenset[str]


def steps(entry: EntryPart) -> tuple[Only | Repeat, ...]:
    """The directives of an entry, ready; all of them could be read."""
    return tuple(
        Repeat(step.name, step.steps, step.where)
        if isinstance(step, parts.Loop)
        else Only(step.formula, expression(step.text), step.node)
        for step in entry.steps
    )


class Filler:
    """Fills one body: `slot` gives the value of a place with expressions, and what is wrong with it.

    `troubles` and `moved` are there once it is filled.
    """

    def __init__(self, source: Source, slot: Callable[[Any, Data], Settled]) -> None:
        self.troubles: dict[FillTrouble, None] = {}
        self.moved: Moved = {}
        self._source = source
        self._slot = slot

    def fill(self, shape: Any, turn: Turn, path: Path) -> Any:
        """A shape for these data; `path` is where it will stand in the body."""
        if isinstance(shape, dict):
            return {name: self.fill(part, turn, (*path, name)) for name, part in shape.items()}
        if isinstance(shape, list):
            return [self.fill(part, turn, (*path, index)) for index, part in enumerate(shape)]
        if isinstance(shape, ObjectList):
            return self._list(shape, turn, path)
        if not isinstance(shape, tuple):
            return shape
        value, findings, names = self._slot(shape, turn.data)
        for finding in findings:
            self._note(finding, turn, names)
        return value

    def _list(self, shape: ObjectList, turn: Turn, path: Path) -> list[Any]:
        filled: list[Any] = []
        written: list[int] = []
        for entry in shape.objects:
            for inner in self._turns(entry.steps, turn):
                filled.append(self.fill(entry.shape, inner, (*path, len(filled))))
                written.append(entry.written)
        if written != [entry.written for entry in shape.objects]:
            self.moved[show(path)] = tuple(written)
        return filled

    def _turns(self, steps_: tuple[Only | Repeat, ...], turn: Turn) -> Iterator[Turn]:
        if not steps_:
            yield turn
        elif isinstance(steps_[0], Only):
            if self._holds(steps_[0], turn):
                yield from self._turns(steps_[1:], turn)
        else:
            for inner in self._entries(steps_[0], turn):
                yield from self._turns(steps_[1:], inner)

    def _holds(self, only: Only, turn: Turn) -> bool:
        try:
            with worked_out(only.expression):
                return holds(only.formula, lambda question: question.ask(turn.data))
        except RenderError as error:
            start, end = max(0, error.start), min(len(only.node.value), error.end)
            where = within(self._source, only.node, start, end)
            names = frozenset(ref[0] for question in questions(only.formula) for ref in question.refs)
            self._note(Finding(where, scrubbed(error.message), rule="expression-failed"), turn, names)
            return False

    def _entries(self, repeat: Repeat, turn: Turn) -> Iterator[Turn]:
        shown = ".".join(repeat.steps)
        value: Any = turn.data
        for step in repeat.steps:
            value = value.get(step) if isinstance(value, Mapping) else None
        if not isinstance(value, list):
            message = (
                says("`{name}` has no value here", name=shown)
                if value is None
                else says("`{name}` is not an array here", name=shown)
            )
            self._note(Finding(repeat.where, message, rule="expression-failed"), turn, frozenset((repeat.steps[0],)))
            return
        for index, item in enumerate(value):
            number = {"index0": index, "index": index + 1, "first": index == 0, "last": index == len(value) - 1}
            outer = says(", {outer}", outer=turn.words) if turn.words else NOTHING
            words = says("in entry {entry} of `{name}`{outer}", entry=index + 1, name=shown, outer=outer)
            yield Turn({**turn.data, repeat.name: item, "loop": number}, words, turn.names | {repeat.steps[0]})

    def _note(self, finding: Finding, turn: Turn, names: frozenset[str]) -> None:
        if turn.words:
            help = says("{where}; {help}", where=turn.words, help=finding.help) if finding.help else turn.words
            finding = finding._replace(help=help)
        self.troubles[FillTrouble(finding, names | turn.names)] = None
