"""A spec filled with the values that it declares itself, and judged as `pnpc compile` judges a row's message."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from pnpc import rules
from pnpc.check.calm import doubt, may_be_large
from pnpc.check.failures import at_values, of_conditions, of_texts, with_values
from pnpc.check.filled import check_body
from pnpc.check.message import check_notice, grammar_of
from pnpc.check.reading import Located
from pnpc.check.samples import Sample, samples
from pnpc.check.ways import Failure, Slot, Way, ways_of
from pnpc.language.expressions.expression import ExpressionError
from pnpc.language.filling.jinja import CompiledText
from pnpc.language.message.context import Context
from pnpc.language.message.notice import SMS, TAG, Notice
from pnpc.line.grammar.allowance import current
from pnpc.line.grammar.compiler import compiled
from pnpc.line.grammar.run import Run
from pnpc.text.document import Mapping as MappingNode
from pnpc.text.document import Node, Scalar, Sequence
from pnpc.text.finding import Finding, Place, Where
from pnpc.text.members import members
from pnpc.text.path import Path
from pnpc.text.source import Span
from pnpc.text.tree import Tree
from pnpc.text.values import scalar_value
from pnpc.text.wording import Quote, says

_MOST_WAYS = 16  # to fill one text that are judged
_MOST_VALUES = 20_000  # of one message: aliases may repeat one value many times
_A_CHARACTER = 10  # steps of the allowance for each character of a message that is judged

# The proof reports every length and type that the data can cause, so also those that the examples cause.
_OF_THE_PROOF = frozenset(
    ("may-be-too-long", "length-not-bounded", "type-not-taken", "value-not-taken", "may-be-too-short", "not-worked-out")
)
_NOT_PROVED = frozenset(("pattern", "format", "enum", "const"))
_OF_URLS = frozenset(("bad-url", "bad-uri", "doubtful-url", "bad-value-format"))
# By the rule that reports a link as it is written: the rules that would report the same about the filled link.
_SAYS_IT = {
    "example-breaks-url": _OF_URLS,
    "not-encoded": frozenset(("doubtful-url",)),
    "not-an-expression": frozenset(("maybe-an-expression",)),
}

# A text with one of these mistakes can't be filled, so nothing else about it matters.
_CANT_BE_FILLED = frozenset(("expression-not-allowed", "expression-syntax", "undeclared-variable", "unknown-type"))


def of_examples(notice: Notice, context: Context, said: Iterable[Located]) -> Iterator[Finding]:
    """The findings about a spec filled with its own examples, defaults and listed values.

    `said` are the findings that were already reported; they are not repeated. For a spec with directives, `notice` must be
    the message that has every object once.
    """
    message = _Message(notice, context)
    reported = _Reported(notice.tree, said)
    for finding in message.failures():
        if reported.is_new(finding):
            yield finding
    for turn in range(message.turns()):
        body, tag, sms = message.filled(turn)
        if body is None or not current().take(len(json.dumps(body)) * _A_CHARACTER):
            return
        for finding in message.judged(body, tag, sms, turn):
            if reported.is_new(finding):
                yield finding


class _Reported:
    """The findings that were already reported, by place and rule."""

    def __init__(self, tree: Tree, said: Iterable[Located]) -> None:
        self._tree = tree
        self._rules: dict[Span, set[str]] = {}
        for finding, its_tree in said:
            self._rules.setdefault((its_tree or tree).span(_whole(finding.where)), set()).add(finding.rule)

    def is_new(self, finding: Finding) -> bool:
        """Whether no finding so far reports this mistake; from now on this one does."""
        known = self._rules.setdefault(self._tree.span(_whole(finding.where)), set())
        says_all = _CANT_BE_FILLED | (_OF_THE_PROOF if _is_proved(finding) else frozenset())
        if finding.rule == "expression-failed":
            says_all = _CANT_BE_FILLED | {"type-not-taken"}  # a warning of what may fail does not say that it does
        if finding.rule in known or not known.isdisjoint(says_all):
            return False
        if any(finding.rule in _SAYS_IT.get(rule, ()) for rule in known):
            return False
        known.add(finding.rule)
        return True


def _is_proved(finding: Finding) -> bool:
    """Whether the proof reports this kind of mistake: those of the grammar, except patterns, formats and fixed values."""
    if rules.judges_rows(finding.rule):
        return False
    return finding.broken is None or finding.broken.keyword not in _NOT_PROVED


def _whole(where: Where) -> Where:
    """A place without a range inside the text, because a filled text has other characters."""
    return Place(where.path) if isinstance(where, Place) else where


class _Message:
    """A message, the ways to fill each of its texts, and the findings about the filled message."""

    def __init__(self, notice: Notice, context: Context) -> None:
        self._notice = notice
        self._context = context
        self._samples = samples(notice, context)
        run = Run(json=notice.document.json, expressions=True, keep=True)
        assert notice.document.root is not None
        compiled(*grammar_of(notice))(notice.document.root, (), run)
        self._kept = run.kept or {}
        schemas = {demand.path: demand.schema for demand in run.demands}
        self._slots = {slot.path: slot for slot in self._read()}
        self._before: frozenset[tuple[str, Path]] | None = None
        self._failures: dict[Path, Failure] = {}
        self._first: dict[Path, Way] = {}
        self._doubtful: dict[Path, list[Way]] = {}
        for path, slot in self._slots.items():
            schema = schemas.get(path, {})
            doubts: set[object] = {None}
            for way in ways_of(slot, self._samples):
                if isinstance(way, Failure):
                    self._failures.setdefault(path, way)
                    continue
                self._first.setdefault(path, way)
                if (its_doubt := doubt(str(way.value), path, schema, notice)) not in doubts:
                    doubts.add(its_doubt)
                    self._doubtful.setdefault(path, []).append(way)
                    if len(doubts) > _MOST_WAYS:
                        break

    def failures(self) -> Iterator[Finding]:
        """What is said of the expressions that can't be worked out."""
        yield from of_texts(self._failures, self._notice)
        yield from of_conditions(self._notice, self._samples)

    def turns(self) -> int:
        """How often the message must be filled to try each doubtful way to fill one of its texts."""
        most = max(map(len, self._doubtful.values()), default=0)
        is_flexible = bool(self._first) and self._notice.kind == "flexible"
        return most or int(is_flexible and may_be_large(self._notice, self._context))

    def _read(self) -> Iterator[Slot]:
        for base in (self._notice.base, TAG, SMS):
            for path, node in _scalars(self._notice.tree.node(base), base):
                if "{{" not in node.value or id(node) not in self._kept:
                    continue
                try:
                    text = CompiledText(node.value, self._context.country(self._notice) or "")
                except ExpressionError:
                    continue  # the rule expression-syntax reports it
                expansion = self._notice.expansion
                steps = tuple(expansion.steps(path)) if expansion is not None else ()
                yield Slot(path, text, *self._kept[id(node)], steps)

    def filled(self, turn: int) -> tuple[Any, str | None, str | None]:
        """The body, the delivery tag and the fallback's text, each text filled in its doubtful way number `turn` (from 0), or else in its first
        way. The body is None if it is too large."""
        left = [_MOST_VALUES]
        body = self._body(self._notice.tree.node(self._notice.base), self._notice.base, turn, left)
        tag, sms = (way and way.value for way in (self._way(TAG, turn), self._way(SMS, turn)))
        return (body if left[0] > 0 and isinstance(body, dict) else None), tag, sms

    def _way(self, path: Path, turn: int) -> Way | None:
        doubtful = self._doubtful.get(path, ())
        return doubtful[turn] if turn < len(doubtful) else self._first.get(path)

    def _body(self, node: Node | None, path: Path, turn: int, left: list[int]) -> Any:
        left[0] -= 1
        if left[0] <= 0:
            return None
        if isinstance(node, MappingNode):
            return {name: self._body(child, (*path, name), turn, left) for name, child in members(node).items()}
        if isinstance(node, Sequence):
            return [self._body(child, (*path, index), turn, left) for index, child in enumerate(node.value)]
        if not isinstance(node, Scalar):
            return None
        way = self._way(path, turn)
        if way is not None:
            return way.value
        type_, _ = self._kept.get(id(node), ("string", None))
        return scalar_value(node) if type_ != "string" or self._notice.document.json else str(node.value)

    def judged(self, body: Any, tag: str | None, sms: str | None, turn: int) -> Iterator[Finding]:
        """The findings about a filled message, with the places and words for the spec."""
        for finding in check_body(body, tag, sms, self._notice, self._context):
            place = finding.where if isinstance(finding.where, Place) else Place(())
            path = place.path if place.path in (TAG, SMS) else (*self._notice.base, *place.path)
            yield from self._of_finding(finding, path, turn)
        for path, text in ((TAG, tag), (SMS, sms)):
            slot = self._slots.get(path)
            if slot is not None and text is not None:
                run = Run(json=False, expressions=False)
                slot.check(Scalar("", text, style='"'), path, run)
                for finding in run.findings:
                    yield from self._of_finding(finding, path, turn)

    def _of_finding(self, finding: Finding, path: Path, turn: int) -> Iterator[Finding]:
        if path in self._first:
            way = self._way(path, turn)
            if way is not None and (turn == 0 or turn < len(self._doubtful.get(path, ()))):
                yield _of_a_text(finding, path, way, self._notice)
        elif rules.judges_rows(finding.rule) and (finding.rule, path) not in self._unfilled():
            part = finding.where.part if isinstance(finding.where, Place) else "value"
            used = self._used_near(path, turn)
            if used is None:
                return
            message = says("{values}: {finding}", values=with_values(used), finding=finding.message)
            if not used:  # only what is known of every recipient
                message = says("filled in, {finding}", finding=finding.message)
            related = at_values(used, self._notice)
            yield finding._replace(where=Place(path, part), message=message, related=related, fix=None)

    def _unfilled(self) -> frozenset[tuple[str, Path]]:
        """What the rules say of the message before it is filled: with directives, objects stand together in it of which
        a message has one or the other."""
        if self._before is None:
            findings = check_notice(self._notice, self._context)
            self._before = frozenset(
                (finding.rule, finding.where.path) for finding in findings if isinstance(finding.where, Place)
            )
        return self._before

    def _used_near(self, path: Path, turn: int) -> dict[str, Sample] | None:
        """The values in the filled texts that stand nearest to a path; None where none of these is filled again in this
        turn, or where two are filled with different values of a variable."""
        used: dict[str, Sample] = {}
        is_new = False
        for place in self._nearest(path):
            way = self._way(place, turn)
            is_new = is_new or turn == 0 or turn < len(self._doubtful.get(place, ()))
            for name, sample in way.used.items() if way is not None else ():
                if used.setdefault(name, sample) is not sample:
                    return None
        return used if is_new else None

    def _nearest(self, path: Path) -> list[Path]:
        """The filled texts that have most steps in common with a path; with directives only those of an object around it,
        for objects stand together here of which a message has one or the other."""
        common = {place: _in_common(place, path) for place in self._first}
        if self._notice.expansion is not None:
            common = {place: count for place, count in common.items() if count == len(place) - 1}
        most = max(common.values(), default=0)
        return [place for place, count in common.items() if count == most]


def _in_common(place: Path, path: Path) -> int:
    return next((at for at, (step, other) in enumerate(zip(place, path, strict=False)) if step != other), len(path))


def _of_a_text(finding: Finding, path: Path, way: Way, notice: Notice) -> Finding:
    message = says(
        "{values} this becomes `{filled}`: {finding}",
        values=with_values(way.used),
        filled=_shown(way.value),
        finding=finding.message,
    )
    return finding._replace(where=Place(path), message=message, related=at_values(way.used, notice), fix=None)


def _shown(value: Any) -> Quote:
    text = value if isinstance(value, str) else json.dumps(value)
    return Quote(text if text.isprintable() or not text.strip() else repr(text)[1:-1])


def _scalars(node: Node | None, path: Path) -> Iterator[tuple[Path, Scalar]]:
    """The scalars of a message with their paths, at most those among the first _MOST_VALUES nodes."""
    stack: list[tuple[Path, Node | None]] = [(path, node)]
    left = _MOST_VALUES
    while stack and left:
        left -= 1
        at, child = stack.pop()
        if isinstance(child, Scalar):
            yield at, child
        elif isinstance(child, MappingNode):
            stack += [((*at, name), below) for name, below in members(child).items()]
        elif isinstance(child, Sequence):
            stack += [((*at, index), below) for index, below in enumerate(child.value)]
