"""A message with its expressions: filled with a row's data, and measured again as the real text that people will read."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any, NamedTuple

from pnpc.check.engine import grammar_of
from pnpc.compile import whole
from pnpc.compile.phones import scrub
from pnpc.compile.structured import Filler, Listing, Moved, Object, Turn, steps
from pnpc.rules import get
from pnpc.spec.context import Context
from pnpc.spec.expression import ExpressionError
from pnpc.spec.grammar.compiler import compiled
from pnpc.spec.grammar.run import Check, Run
from pnpc.spec.grammar.schema import Schema, load, resolve
from pnpc.spec.language import RenderError, Text
from pnpc.spec.notice import Notice
from pnpc.spec.urls import faults, is_usual
from pnpc.text.finding import Finding, Place
from pnpc.text.members import members
from pnpc.text.nodes import Mapping as MappingNode
from pnpc.text.nodes import Node, Scalar, Sequence
from pnpc.text.path import Path
from pnpc.text.values import scalar_value

_MOST_KNOWN = 1_000


class Slot(NamedTuple):
    """A value with expressions, where it stands, and what the grammar asks of what it becomes (`type`, `check`).

    `known` remembers what it became for values that many rows share, such as dates.
    """

    path: Path
    text: Text
    type: str
    check: Check
    known: dict[Hashable, tuple[Any, tuple[Finding, ...]]]


class Filled(NamedTuple):
    """A request body without its recipient, its kind, and the delivery tag if the spec has one.

    `moved` tells of each list that directives changed, by its path in the body (`body.items`), which entry of the list
    as written each of its entries is.
    """

    kind: str
    body: dict[str, Any]
    tag: str | None
    moved: Mapping[str, tuple[int, ...]] = {}


class Flaw(NamedTuple):
    """A mistake of the filled text, at its place in the spec, and the variables that the text is made of."""

    finding: Finding
    names: frozenset[str]


Shape = str | int | float | bool | None | Slot | Listing | list["Shape"] | dict[str, "Shape"]


class Message:
    """A message made ready to be filled; `findings` holds the expressions that can't be read.

    A notice with directives is taken as it is written (see `pnpc.spec.structure.assembled`).
    """

    def __init__(self, notice: Notice, context: Context) -> None:
        self.findings: list[Finding] = list(_of_directives(notice))
        self._notice = notice
        self._context = context
        self._country = context.country(notice) or ""
        self._filled_in = False
        run = Run(json=notice.document.json, expressions=notice.is_spec, keep=True)
        assert notice.document.root is not None
        compiled(*grammar_of(notice))(notice.document.root, (), run)
        self._kept = run.kept or {}
        message = notice.tree.node(notice.base) if not self.findings else None
        self._shape = self._read(message, _order_of(notice), "template-message", notice.base)
        tag = notice.tree.node(notice.delivery_tag.path) if notice.delivery_tag else None
        self._tag = self._leaf(tag, ("deliveryTag",)) if isinstance(tag, Scalar) else None
        judged = notice.expansion is not None or (notice.kind == "flexible" and self._filled_in)
        self._whole = whole.Judge(notice, context) if judged else None

    def fill(self, data: Mapping[str, Any]) -> tuple[Filled, list[Flaw]]:
        """The request body for these data, and everything that is wrong with it; the body is whole only if nothing is."""
        flaws: list[Flaw] = []
        body, moved = self._body(data, flaws)
        assert isinstance(body, dict)
        tag = None
        if self._tag is not None:
            tag = self._fill(self._tag, data, flaws)
            assert isinstance(tag, str)
        if self._whole is not None and not flaws:
            names = frozenset(data)
            flaws = [
                Flaw(finding._replace(message=scrub(finding.message)), names) for finding in self._whole(body, moved)
            ]
        return Filled(self.kind, body, tag, moved), flaws

    def _body(self, data: Mapping[str, Any], flaws: list[Flaw]) -> tuple[Any, Moved]:
        if self._notice.expansion is None:
            return self._fill(self._shape, data, flaws), {}
        filler = Filler(self._notice.document.source, lambda slot, row: (*self._filled(slot, row), slot.text.names))
        body = filler.fill(self._shape, Turn(data, "", frozenset()), ())
        flaws += [Flaw(*trouble) for trouble in filler.troubles]
        return body, filler.moved

    @property
    def kind(self) -> str:
        """The kind of the message: `template` or `flexible`."""
        return self._notice.kind or "template"

    def outline(self) -> tuple["Shape", "Shape"] | None:
        """The body with its slots, and the tag; None where the slots alone do not decide whether the message is right."""
        return None if self._whole is not None else (self._shape, self._tag)

    def settle(self, slot: Slot, data: Mapping[str, Any]) -> Any:
        """What a slot becomes for these data; None where something is wrong with that."""
        value, findings = self._filled(slot, data)
        return None if findings else value

    def _read(self, node: Node | None, schema: Schema | bool, home: str, path: Path) -> Shape:
        """A node as values and slots; members in the order of the schema, which is that of LINE's docs."""
        while isinstance(schema, dict) and "$ref" in schema:
            schema, home = resolve(schema["$ref"], home)
        known = schema if isinstance(schema, dict) else {}
        if isinstance(node, MappingNode):
            found = members(node)
            below = known.get("properties", {})
            order = [name for name in below if name in found] + [name for name in found if name not in below]
            return {name: self._read(found[name], below.get(name, True), home, (*path, name)) for name in order}
        if isinstance(node, Sequence):
            item = known.get("items", True)
            if self._notice.expansion is not None and id(node) in self._notice.expansion.lists:
                return self._listing(node, item, home, path)
            return [self._read(one, item, home, (*path, index)) for index, one in enumerate(node.value)]
        return self._leaf(node, path) if isinstance(node, Scalar) else ""

    def _listing(self, node: Sequence, item: Schema | bool, home: str, path: Path) -> Listing:
        """A list with directives: in a notice as it is written each of its objects stands once."""
        assert self._notice.expansion is not None
        entries = self._notice.expansion.lists[id(node)].entries
        return Listing(
            tuple(
                Object(entry.written, steps(entry), self._read(one, item, home, (*path, index)))
                for index, (entry, one) in enumerate(zip(entries, node.value, strict=True))
            )
        )

    def _leaf(self, node: Scalar, path: Path) -> Shape:
        type_, check = self._kept.get(id(node), ("string", None))
        if check is None or not (self._notice.is_spec and "{{" in node.value):
            return scalar_value(node) if type_ != "string" or self._notice.document.json else str(node.value)
        try:
            self._filled_in = True
            return Slot(path, Text(node.value, self._country), type_, check, {})
        except ExpressionError as error:
            place = Place(path, "value", (error.start, error.end))
            self.findings.append(Finding(place, error.message, rule="expression-syntax"))
            return str(node.value)

    def _fill(self, shape: Shape, data: Mapping[str, Any], flaws: list[Flaw]) -> Any:
        if isinstance(shape, dict):
            return {name: self._fill(one, data, flaws) for name, one in shape.items()}
        if isinstance(shape, list):
            return [self._fill(one, data, flaws) for one in shape]
        if not isinstance(shape, Slot):
            return shape
        value, findings = self._filled(shape, data)
        flaws += [Flaw(finding, shape.text.names) for finding in findings]
        return value

    def _filled(self, slot: Slot, data: Mapping[str, Any]) -> tuple[Any, tuple[Finding, ...]]:
        values = [data.get(name) for name in slot.text.names]
        key = tuple((type(value), value) for value in values)
        if not all(isinstance(value, str | int | float) for value in values):
            return self._judged(slot, data)
        found = slot.known.get(key)
        if found is None:
            if len(slot.known) >= _MOST_KNOWN:
                slot.known.clear()
            found = slot.known[key] = self._judged(slot, data)
        return found

    def _judged(self, slot: Slot, data: Mapping[str, Any]) -> tuple[Any, tuple[Finding, ...]]:
        try:
            if slot.type == "string":
                text = slot.text.fill(data)
                return text, tuple(self._judge(slot, Scalar("", text, style='"')))
            value = slot.text.value(data)
            plain = Scalar("", str(value).lower() if isinstance(value, bool) else str(value), style="")
            return scalar_value(plain), tuple(self._judge(slot, plain))
        except RenderError as error:
            place = Place(slot.path, "value", (error.start, error.end))
            return "", (Finding(place, scrub(error.message), rule="expression-failed"),)

    def _judge(self, slot: Slot, filled: Scalar) -> Iterator[Finding]:
        """The grammar's findings about a real value, in LINE's unit, and the rule about buttons' URLs."""
        run = Run(json=False, expressions=False)
        slot.check(filled, slot.path, run)
        for finding in run.findings:
            if finding.rule != "implicit-value":
                yield finding._replace(message=scrub(finding.message))
        if (
            self._notice.kind == "template"
            and slot.path[-1] == "url"
            and not run.findings
            and not is_usual(filled.value)
        ):
            for fault in faults(filled.value):
                if fault.kind == "broken":
                    yield Finding(Place(slot.path), scrub(fault.message), fault.help, rule="bad-url")


def _of_directives(notice: Notice) -> Iterator[Finding]:
    """The errors of a spec's directives: turned off or held back, they are in the way of its messages all the same."""
    found = notice.expansion.structure if notice.expansion is not None else None
    for finding, tree in found.findings if found is not None else ():
        if get(finding.rule).severity == "error":
            yield finding._replace(where=tree.span(finding.where), related=())


def _order_of(notice: Notice) -> Schema | bool:
    """The schema whose order of members a body takes; of the flexible kind each keeps its own."""
    return load("template-message") if notice.kind == "template" else True
