"""A message with its expressions: filled with a row's data, and measured again as the real text that people will read."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pnpc.check.engine import Level
from pnpc.check.message import grammar_of
from pnpc.compile.filled.judge import Judge, of_directives
from pnpc.compile.filled.slots import Became, Shape, ValueSlot, names_of, shape_at
from pnpc.compile.filled.structured import Filler, ListEntry, Moved, ObjectList, Turn, steps
from pnpc.compile.tables.phones import scrubbed
from pnpc.language.expressions.expression import ExpressionError
from pnpc.language.filling.jinja import CompiledText, RenderError
from pnpc.language.message.context import Context
from pnpc.language.message.notice import SMS, TAG, Notice
from pnpc.line.grammar.compiler import compiled
from pnpc.line.grammar.run import Run
from pnpc.line.grammar.schema import Schema, load, resolve
from pnpc.rules.rule import Test
from pnpc.text.document import Mapping as MappingNode
from pnpc.text.document import Node, Scalar, Sequence
from pnpc.text.finding import Finding, Place
from pnpc.text.members import members
from pnpc.text.path import Path
from pnpc.text.values import scalar_value
from pnpc.text.wording import NOTHING

_MOST_KNOWN = 1_000  # values of a slot that are remembered
# Without a value there is nothing to send, whatever the config says of the rule.
_CANT_BE_FILLED = frozenset(("expression-failed",))


class Filled(NamedTuple):
    """A request body without its recipient, its kind, the delivery tag and the text of the fallback if the spec has them.

    `moved` says for each list that directives changed, by its path in the body (`body.items`), which entry of the list
    as written each of its entries is.
    """

    kind: str
    body: dict[str, Any]
    tag: str | None
    moved: Mapping[str, tuple[int, ...]] = {}
    sms: str | None = None


class Flaw(NamedTuple):
    """What is said of a filled text, at its place in the spec, and the variables that the text is made of.

    An `error` refuses the row; anything else is a warning.
    """

    finding: Finding
    names: frozenset[str]
    error: bool = True


class FillableMessage:
    """A message made ready to be filled; `findings` holds the expressions that can't be read.

    A notice with directives is taken as it is written (see `pnpc.language.directives.assembled`).
    """

    def __init__(self, notice: Notice, context: Context, levels: Mapping[str, Level]) -> None:
        self.findings: list[Finding] = list(of_directives(notice))
        self._notice = notice
        self._country = context.country(notice) or ""
        self._judge = Judge(notice, context, levels)
        self._filled_in = False
        run = Run(json=notice.document.json, expressions=notice.is_spec, keep=True)
        assert notice.document.root is not None
        compiled(*grammar_of(notice))(notice.document.root, (), run)
        self._kept = run.kept or {}
        # What values become in these can break rules that no single value breaks.
        self._judged_whole = notice.expansion is not None or notice.kind == "flexible"
        message = notice.tree.node(notice.base) if not self.findings else None
        self._shape = self._read(message, _order_of(notice), "template-message", notice.base)
        tag = notice.tree.node(notice.delivery_tag.path) if notice.delivery_tag else None
        self._tag = self._leaf(tag, TAG) if isinstance(tag, Scalar) else None
        self._sms = self._fallback(notice)

    def fill(self, data: Mapping[str, Any]) -> tuple[Filled, list[Flaw]]:
        """The request body for these data, and what is wrong with it; the body is whole only if nothing is an error."""
        flaws: list[Flaw] = []
        doubts: list[ValueSlot] = []
        body, moved = self._body(data, flaws, doubts)
        assert isinstance(body, dict)
        tag = None
        if self._tag is not None:
            tag = self._fill(self._tag, data, flaws, doubts)
            assert isinstance(tag, str)
        sms = None
        if self._sms is not None:
            sms = self._fill(self._sms, data, flaws, doubts)
            assert isinstance(sms, str)
        filled = Filled(self.kind, body, tag, moved, sms)
        whole = doubts or (self._filled_in and self._judged_whole)
        if whole and not any(flaw.finding.rule in _CANT_BE_FILLED for flaw in flaws):
            said = {_said(flaw) for flaw in flaws}
            flaws += [flaw for flaw in self._judged(filled) if _said(flaw) not in said]
        return filled, flaws

    def _body(self, data: Mapping[str, Any], flaws: list[Flaw], doubts: list[ValueSlot]) -> tuple[Any, Moved]:
        if self._notice.expansion is None:
            return self._fill(self._shape, data, flaws, doubts), {}
        filler = Filler(self._notice.document.source, self._in_turn)
        body = filler.fill(self._shape, Turn(data, NOTHING, frozenset()), ())
        flaws += [flaw for trouble in filler.troubles for flaw in self._flaws((trouble.finding,), trouble.names)]
        return body, filler.moved

    def _in_turn(self, slot: ValueSlot, data: Mapping[str, Any]) -> tuple[Any, tuple[Finding, ...], frozenset[str]]:
        settled = self._filled(slot, data)
        return settled.value, settled.findings, slot.text.names

    def _judged(self, filled: Filled) -> Iterator[Flaw]:
        """What the rules say of the filled message."""
        base = len(self._notice.base)
        for finding, severity in self._judge.judge(filled.body, filled.tag, filled.sms, filled.moved):
            assert isinstance(finding.where, Place)
            path = finding.where.path
            beside = {TAG: self._tag, SMS: self._sms}
            names = names_of(beside[path] if path in beside else shape_at(self._shape, path[base:]))
            yield Flaw(finding._replace(message=scrubbed(finding.message)), names, severity == "error")

    def _flaws(self, findings: Iterable[Finding], names: frozenset[str]) -> Iterator[Flaw]:
        """What the config and the comments leave of findings about one place."""
        for finding in findings:
            if finding.rule in _CANT_BE_FILLED or not isinstance(finding.where, Place):
                yield Flaw(finding, names)
            elif (verdict := self._judge.verdict(finding)) is not None:
                yield Flaw(verdict.finding, names, verdict.severity == "error")

    @property
    def kind(self) -> str:
        """The kind of the message: `template` or `flexible`."""
        return self._notice.kind or "template"

    def outline(self) -> tuple["Shape", "Shape", "Shape"] | None:
        """The body with its slots, the tag, and the fallback's text; None where the slots alone do not decide whether the
        message is right."""
        return None if self._filled_in and self._judged_whole else (self._shape, self._tag, self._sms)

    def settle(self, slot: ValueSlot, data: Mapping[str, Any]) -> Any:
        """What a slot becomes for these data; None where something may be said of that."""
        settled = self._filled(slot, data)
        return None if settled.findings or settled.doubtful else settled.value

    def _read(self, node: Node | None, schema: Schema | bool, home: str, path: Path) -> Shape:
        """A node as values and slots; members in the order of the schema, which is that of LINE's docs."""
        while isinstance(schema, dict) and "$ref" in schema:
            schema, home = resolve(schema["$ref"], home)
        known = schema if isinstance(schema, dict) else {}
        if isinstance(node, MappingNode):
            written = members(node)
            below = known.get("properties", {})
            order = [name for name in below if name in written] + [name for name in written if name not in below]
            return {name: self._read(written[name], below.get(name, True), home, (*path, name)) for name in order}
        if isinstance(node, Sequence):
            item = known.get("items", True)
            if self._notice.expansion is not None and id(node) in self._notice.expansion.lists:
                return self._listing(node, item, home, path)
            return [self._read(entry, item, home, (*path, index)) for index, entry in enumerate(node.value)]
        return self._leaf(node, path) if isinstance(node, Scalar) else ""

    def _listing(self, node: Sequence, item: Schema | bool, home: str, path: Path) -> ObjectList:
        """A list with directives: in a notice as it is written each of its objects stands once."""
        assert self._notice.expansion is not None
        entries = self._notice.expansion.lists[id(node)].entries
        return ObjectList(
            tuple(
                ListEntry(entry.written, steps(entry), self._read(value, item, home, (*path, index)))
                for index, (entry, value) in enumerate(zip(entries, node.value, strict=True))
            )
        )

    def _fallback(self, notice: Notice) -> Shape:
        """The text of the fallback: no other value of the message has to agree with it, whatever its kind."""
        node = notice.tree.node(SMS) if notice.sms is not None else None
        if not isinstance(node, Scalar):
            return None
        return self._slot(node, SMS, self._judge.tests(SMS)) if "{{" in node.value else str(node.value)

    def _leaf(self, node: Scalar, path: Path) -> Shape:
        type_, check = self._kept.get(id(node), ("string", None))
        if check is None or not (self._notice.is_spec and "{{" in node.value):
            return scalar_value(node) if type_ != "string" or self._notice.document.json else str(node.value)
        self._filled_in = True
        return self._slot(node, path, () if self._judged_whole else self._judge.tests(path))

    def _slot(self, node: Scalar, path: Path, tests: tuple[Test, ...] | None) -> Shape:
        type_, check = self._kept[id(node)]
        try:
            text = CompiledText(node.value, self._country)
        except ExpressionError as error:
            place = Place(path, "value", (error.start, error.end))
            self.findings.append(Finding(place, error.message, rule="expression-syntax"))
            return str(node.value)
        return ValueSlot(path, text, type_, check, tests, {})

    def _fill(self, shape: Shape, data: Mapping[str, Any], flaws: list[Flaw], doubts: list[ValueSlot]) -> Any:
        if isinstance(shape, dict):
            return {name: self._fill(part, data, flaws, doubts) for name, part in shape.items()}
        if isinstance(shape, list):
            return [self._fill(part, data, flaws, doubts) for part in shape]
        if not isinstance(shape, ValueSlot):
            return shape
        value, findings, doubtful = self._filled(shape, data)
        flaws += self._flaws(findings, shape.text.names)
        if doubtful:
            doubts.append(shape)
        return value

    def _filled(self, slot: ValueSlot, data: Mapping[str, Any]) -> Became:
        values = [data.get(name) for name in slot.text.names]
        key = tuple((type(value), value) for value in values)
        if not all(isinstance(value, str | int | float) for value in values):
            return self._settled(slot, data)
        settled = slot.known.get(key)
        if settled is None:
            if len(slot.known) >= _MOST_KNOWN:
                slot.known.clear()
            settled = slot.known[key] = self._settled(slot, data)
        return settled

    def _settled(self, slot: ValueSlot, data: Mapping[str, Any]) -> Became:
        try:
            if slot.type == "string":
                text = slot.text.fill(data)
                findings = tuple(_measured(slot, Scalar("", text, style='"')))
                return Became(text, findings, bool(findings) or slot.is_doubtful(text))
            value = slot.text.value(data)
            plain = Scalar("", str(value).lower() if isinstance(value, bool) else str(value), style="")
            findings = tuple(_measured(slot, plain))
            return Became(scalar_value(plain), findings, bool(findings) or slot.is_doubtful(plain.value))
        except RenderError as error:
            place = Place(slot.path, "value", (error.start, error.end))
            return Became("", (Finding(place, scrubbed(error.message), rule="expression-failed"),), doubtful=True)


def _said(flaw: Flaw) -> tuple[str, object]:
    """Of a rule and a place one thing is said."""
    where = flaw.finding.where
    return flaw.finding.rule, where.path if isinstance(where, Place) else where


def _measured(slot: ValueSlot, filled: Scalar) -> Iterator[Finding]:
    """The grammar's findings about a real value, in LINE's unit."""
    run = Run(json=False, expressions=False)
    slot.check(filled, slot.path, run)
    for finding in run.findings:
        if finding.rule != "implicit-value":
            yield finding._replace(message=scrubbed(finding.message))


def _order_of(notice: Notice) -> Schema | bool:
    """The schema whose order of members a body takes; of the flexible kind each keeps its own."""
    return load("template-message") if notice.kind == "template" else True
