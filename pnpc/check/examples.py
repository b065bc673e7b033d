"""The texts of a spec, filled with the values that it declares itself, and judged as `pnpc compile` judges those of a row."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pnpc import rules
from pnpc.check.engine import Located, grammar_of
from pnpc.check.filled import TAG, check_body
from pnpc.check.samples import RECIPIENT, Sample, Samples, choices, samples
from pnpc.spec.allowance import current
from pnpc.spec.context import Context
from pnpc.spec.expression import ExpressionError
from pnpc.spec.grammar.compiler import compiled
from pnpc.spec.grammar.run import Check, Run
from pnpc.spec.language import RenderError, Text, worked_out
from pnpc.spec.notice import Notice
from pnpc.spec.structure.conditions import expression
from pnpc.spec.structure.parts import Condition, Loop, Step
from pnpc.spec.structure.truth import holds, questions
from pnpc.text.finding import MOST_SHOWN, Finding, Place, Where
from pnpc.text.members import members
from pnpc.text.nodes import Mapping as MappingNode
from pnpc.text.nodes import Node, Scalar, Sequence
from pnpc.text.path import Path
from pnpc.text.source import Span
from pnpc.text.tree import Tree
from pnpc.text.values import scalar_value

_MOST_WAYS = 16  # that one text is filled in
_MOST_TRIED = 256  # data that are tried for one text
_MOST_ROUNDS = 16  # of a loop
_MOST_VALUES = 20_000  # of a message: aliases may write one out many times
_A_CHARACTER = 10  # steps of the allowance that judging a message takes

# The proof has told of every length and type that the data can make, so also of that which the examples make.
_OF_THE_PROOF = frozenset(
    ("may-be-too-long", "length-not-bounded", "type-not-taken", "value-not-taken", "may-be-too-short", "not-worked-out")
)
_NOT_PROVED = frozenset(("pattern", "format", "enum", "const"))
_OF_URLS = frozenset(("bad-url", "bad-uri", "doubtful-url", "bad-value-format"))
# What has been told of the link as it is written says the same.
_SAYS_IT = {
    "example-breaks-url": _OF_URLS,
    "not-encoded": frozenset(("doubtful-url",)),
    "not-an-expression": frozenset(("maybe-an-expression",)),
}

# What can't be filled in at all: what it would be does not matter.
_CANT_BE_FILLED = frozenset(("expression-not-allowed", "expression-syntax", "undeclared-variable", "unknown-type"))


class Slot(NamedTuple):
    """A value with expressions: where it stands, what the grammar asks of it, and the directives that it stands under."""

    path: Path
    text: Text
    type: str
    check: Check
    steps: tuple[Step, ...]


class Way(NamedTuple):
    """What a slot becomes, and the samples that make it so."""

    value: Any
    used: Mapping[str, Sample]


def of_examples(notice: Notice, context: Context, said: Iterable[Located]) -> Iterator[Finding]:
    """What the rules say of the texts of a spec once they are filled with its own examples, defaults and listed values.

    `said` is what has been said of the spec: that is not said again. Of a message with directives `notice` is the one
    that has every object once.
    """
    message = _Message(notice, context)
    if not message.ways:
        return
    told = _Told(notice.tree, said)
    for turn in range(max(map(len, message.ways.values()))):
        body, tag = message.filled(turn)
        if body is None or not current().take(len(json.dumps(body)) * _A_CHARACTER):
            return
        for finding in message.judged(body, tag, turn):
            if told.is_new(finding):
                yield finding


class _Told:
    """What has been said, by rule and place."""

    def __init__(self, tree: Tree, said: Iterable[Located]) -> None:
        self._tree = tree
        self._rules: dict[Span, set[str]] = {}
        for finding, its_tree in said:
            self._rules.setdefault((its_tree or tree).span(_whole(finding.where)), set()).add(finding.rule)

    def is_new(self, finding: Finding) -> bool:
        """Whether nothing has been said that says this; from now on it has."""
        known = self._rules.setdefault(self._tree.span(_whole(finding.where)), set())
        says_all = _CANT_BE_FILLED | (_OF_THE_PROOF if _is_proved(finding) else frozenset())
        if finding.rule in known or not known.isdisjoint(says_all):
            return False
        if any(finding.rule in _SAYS_IT.get(rule, ()) for rule in known):
            return False
        known.add(finding.rule)
        return True


def _is_proved(finding: Finding) -> bool:
    """Whether the proof tells of such a mistake: those of the grammar but for patterns, formats and lists of values."""
    if rules.judges_rows(finding.rule):
        return False
    return finding.broken is None or finding.broken.keyword not in _NOT_PROVED


def _whole(where: Where) -> Where:
    """A place without the characters inside a text: a filled text has others."""
    return Place(where.path) if isinstance(where, Place) else where


class _Message:
    """A message, the ways to fill each of its texts, and what the rules say of it then."""

    def __init__(self, notice: Notice, context: Context) -> None:
        self._notice = notice
        self._context = context
        self._samples = samples(notice, context)
        run = Run(json=notice.document.json, expressions=True, keep=True)
        assert notice.document.root is not None
        compiled(*grammar_of(notice))(notice.document.root, (), run)
        self._kept = run.kept or {}
        self._slots = {slot.path: slot for slot in self._read()}
        self.ways = {path: ways for path, slot in self._slots.items() if (ways := list(_ways(slot, self._samples)))}

    def _read(self) -> Iterator[Slot]:
        for base in (self._notice.base, TAG):
            for path, node in _scalars(self._notice.tree.node(base), base):
                if "{{" not in node.value or id(node) not in self._kept:
                    continue
                try:
                    text = Text(node.value, self._context.country(self._notice) or "")
                except ExpressionError:
                    continue  # told by expression-syntax
                expansion = self._notice.expansion
                steps = tuple(expansion.steps(path)) if expansion is not None else ()
                yield Slot(path, text, *self._kept[id(node)], steps)

    def filled(self, turn: int) -> tuple[Any, str | None]:
        """The body and the tag with each text filled in its `turn`th way, or its first; no body if it is too large."""
        left = [_MOST_VALUES]
        body = self._body(self._notice.tree.node(self._notice.base), self._notice.base, turn, left)
        tag = self._way(TAG, turn)
        return (body if left[0] > 0 and isinstance(body, dict) else None), tag.value if tag is not None else None

    def _way(self, path: Path, turn: int) -> Way | None:
        ways = self.ways.get(path)
        return None if ways is None else ways[turn] if turn < len(ways) else ways[0]

    def _body(self, node: Node | None, path: Path, turn: int, left: list[int]) -> Any:
        left[0] -= 1
        if left[0] <= 0:
            return None
        if isinstance(node, MappingNode):
            return {name: self._body(one, (*path, name), turn, left) for name, one in members(node).items()}
        if isinstance(node, Sequence):
            return [self._body(one, (*path, index), turn, left) for index, one in enumerate(node.value)]
        if not isinstance(node, Scalar):
            return None
        way = self._way(path, turn)
        if way is not None:
            return way.value
        type_, _ = self._kept.get(id(node), ("string", None))
        return scalar_value(node) if type_ != "string" or self._notice.document.json else str(node.value)

    def judged(self, body: Any, tag: str | None, turn: int) -> Iterator[Finding]:
        """What is said of a filled message, as it is told of the spec."""
        for finding in check_body(body, tag, self._notice, self._context):
            place = finding.where if isinstance(finding.where, Place) else Place(())
            path = place.path if place.path == TAG else (*self._notice.base, *place.path)
            yield from self._told(finding, path, turn)
        slot = self._slots.get(TAG)
        if slot is not None and tag is not None:
            run = Run(json=False, expressions=False)
            slot.check(Scalar("", tag, style='"'), TAG, run)
            for finding in run.findings:
                yield from self._told(finding, TAG, turn)

    def _told(self, finding: Finding, path: Path, turn: int) -> Iterator[Finding]:
        ways = self.ways.get(path)
        if ways is not None:
            if turn < len(ways):
                yield _of_a_text(finding, path, ways[turn], self._notice)
        elif (
            turn == 0
            and rules.judges_rows(finding.rule)
            and self._notice.expansion is None
            and any(one[: len(path)] == path for one in self.ways)
        ):
            # With directives objects stand together here of which a message has one or the other.
            yield finding._replace(
                where=Place(path), message=f"with the examples, {finding.message}", related=(), fix=None
            )


def _of_a_text(finding: Finding, path: Path, way: Way, notice: Notice) -> Finding:
    used = list(way.used.items())
    related: tuple[tuple[Where, str], ...] = tuple(
        (Place(sample.path), "this value") for name, sample in used if name in notice.variables
    )
    message = f"{_with(way)} this becomes `{_shown(way.value)}`: {finding.message}"
    return finding._replace(where=Place(path), message=message, related=related, fix=None)


def _with(way: Way) -> str:
    names: dict[str, list[str]] = {}
    for name, sample in way.used.items():
        names.setdefault(sample.words, []).append(f"`{name}`")
    words = [f"{its_words} {' and '.join(some)}" for its_words, some in names.items()]
    return f"with {' and '.join(words)}" if words else "filled in,"


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    text = text if text.isprintable() or not text.strip() else repr(text)[1:-1]
    return f"{text[:MOST_SHOWN]}…" if len(text) > MOST_SHOWN else text


def _scalars(node: Node | None, path: Path) -> Iterator[tuple[Path, Scalar]]:
    """The scalars of a message; of one that aliases write out too often, the first."""
    stack: list[tuple[Path, Node | None]] = [(path, node)]
    left = _MOST_VALUES
    while stack and left:
        left -= 1
        at, one = stack.pop()
        if isinstance(one, Scalar):
            yield at, one
        elif isinstance(one, MappingNode):
            stack += [((*at, name), below) for name, below in members(one).items()]
        elif isinstance(one, Sequence):
            stack += [((*at, index), below) for index, below in enumerate(one.value)]


def _ways(slot: Slot, known: Samples) -> Iterator[Way]:
    """The different values that a slot becomes, for the data for which it is there."""
    loops = {step.name: step.steps[0] for step in slot.steps if isinstance(step, Loop)}
    asked = frozenset(_roots(slot.steps))
    names = frozenset(loops.get(name, name) for name in slot.text.names) | frozenset(loops.values())
    seen: set[tuple[type, Any]] = set()
    tried = 0
    for chosen in choices(known, names, asked):
        data: dict[str, Any] = {name: sample.value for name, sample in chosen.items()}
        for turn in _turns(slot.steps, {**data, "recipient": RECIPIENT}):
            tried += 1
            if tried > _MOST_TRIED or len(seen) >= _MOST_WAYS:
                return
            try:
                value = slot.text.fill(turn) if slot.type == "string" else _plain(slot.text.value(turn))
            except RenderError:
                continue  # a mistake that other rules tell, or a variable without a value
            if (type(value), value) not in seen:
                seen.add((type(value), value))
                used = {name: chosen[name] for name in sorted(names) if name in chosen}
                yield Way(value, used)


def _plain(value: Any) -> Any:
    """A number or a boolean as compile sends it."""
    return scalar_value(Scalar("", str(value).lower() if isinstance(value, bool) else str(value), style=""))


def _roots(steps: Iterable[Step]) -> Iterator[str]:
    for step in steps:
        if isinstance(step, Condition):
            yield from (ref[0] for question in questions(step.formula) for ref in question.refs)


def _turns(steps: tuple[Step, ...], data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The data of an object under these directives, once for each time that it is there."""
    if not steps:
        yield data
    elif isinstance(steps[0], Condition):
        if _holds(steps[0], data):
            yield from _turns(steps[1:], data)
    else:
        entries = _entries(steps[0], data)
        for index, one in enumerate(entries[:_MOST_ROUNDS]):
            number = {"index0": index, "index": index + 1, "first": index == 0, "last": index == len(entries) - 1}
            yield from _turns(steps[1:], {**data, steps[0].name: one, "loop": number})


def _holds(condition: Condition, data: Mapping[str, Any]) -> bool:
    try:
        with worked_out(expression(condition.text)):
            return holds(condition.formula, lambda question: question.ask(data))
    except RenderError:
        return False


def _entries(loop: Loop, data: Mapping[str, Any]) -> list[Any]:
    value: Any = data
    for step in loop.steps:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value if isinstance(value, list) else []
