"""A message with its expressions: filled with a row's data, and measured again as the real text that people will read."""

from collections.abc import Hashable, Iterator, Mapping
from typing import Any, NamedTuple

from pnpc.compile.phones import scrub
from pnpc.rules import get
from pnpc.spec.context import Context
from pnpc.spec.expression import ExpressionError
from pnpc.spec.grammar.compiler import compile_schema
from pnpc.spec.grammar.run import Check, Run
from pnpc.spec.grammar.schema import Schema, load, resolve
from pnpc.spec.language import RenderError, Text
from pnpc.spec.notice import Button, Field, Notice, members
from pnpc.text.finding import Finding, Place
from pnpc.text.nodes import Mapping as MappingNode
from pnpc.text.nodes import Node, Scalar, Sequence
from pnpc.text.path import Path

_MOST_KNOWN = 1_000


class Slot(NamedTuple):
    """A text with expressions, where it stands, and what the grammar asks of the text that it becomes.

    `known` remembers what it became for values that many rows share, such as dates.
    """

    path: Path
    text: Text
    check: Check
    known: dict[Hashable, tuple[str, tuple[Finding, ...]]]


class Filled(NamedTuple):
    """A request body without its recipient, and the delivery tag if the spec has one."""

    body: dict[str, Any]
    tag: str | None


class Flaw(NamedTuple):
    """A mistake of the filled text, at its place in the spec, and the variables that the text is made of."""

    finding: Finding
    names: frozenset[str]


Shape = str | Slot | list["Shape"] | dict[str, "Shape"]


class Message:
    """A message made ready to be filled; `findings` holds the expressions that can't be read."""

    def __init__(self, notice: Notice, context: Context) -> None:
        self.findings: list[Finding] = []
        self._notice = notice
        self._context = context
        self._country = context.country(notice) or ""
        root = notice.tree.node(notice.base)
        self._shape = self._read(root, load("template-message"), "template-message", notice.base)
        self._tag: Shape | None = None
        if notice.delivery_tag is not None:
            schema = load("spec")["properties"]["deliveryTag"]
            tag = notice.delivery_tag
            self._tag = self._slot(tag.text, schema, "spec", tag.path)

    def fill(self, data: Mapping[str, Any]) -> tuple[Filled, list[Flaw]]:
        """The request body for these data, and everything that is wrong with it; the body is whole only if nothing is."""
        flaws: list[Flaw] = []
        body = self._fill(self._shape, data, flaws)
        assert isinstance(body, dict)
        tag = None
        if self._tag is not None:
            tag = self._fill(self._tag, data, flaws)
            assert isinstance(tag, str)
        return Filled(body, tag), flaws

    def _read(self, node: Node | None, schema: Schema | bool, home: str, path: Path) -> Shape:
        """A node as values and slots; members in the order of the schema, which is that of LINE's docs."""
        while isinstance(schema, dict) and "$ref" in schema:
            schema, home = resolve(schema["$ref"], home)
        known = schema if isinstance(schema, dict) else {}
        if isinstance(node, MappingNode):
            found = {name: value for name, value in members(node).items() if name != "<<"}
            below = known.get("properties", {})
            order = [name for name in below if name in found] + [name for name in found if name not in below]
            return {name: self._read(found[name], below.get(name, True), home, (*path, name)) for name in order}
        if isinstance(node, Sequence):
            item = known.get("items", True)
            return [self._read(one, item, home, (*path, index)) for index, one in enumerate(node.value)]
        text = node.value if isinstance(node, Scalar) else ""
        return self._slot(text, known, home, path)

    def _slot(self, text: str, schema: Schema, home: str, path: Path) -> Shape:
        if "{{" not in text or not self._notice.is_spec:
            return text
        try:
            return Slot(path, Text(text, self._country), compile_schema(schema, home), {})
        except ExpressionError as error:
            place = Place(path, "value", (error.start, error.end))
            self.findings.append(Finding(place, error.message, rule="expression-syntax"))
            return text

    def _fill(self, shape: Shape, data: Mapping[str, Any], flaws: list[Flaw]) -> Any:
        if isinstance(shape, str):
            return shape
        if isinstance(shape, dict):
            return {name: self._fill(one, data, flaws) for name, one in shape.items()}
        if not isinstance(shape, Slot):
            return [self._fill(one, data, flaws) for one in shape]
        text, findings = self._filled(shape, data)
        flaws += [Flaw(finding, shape.text.names) for finding in findings]
        return text

    def _filled(self, slot: Slot, data: Mapping[str, Any]) -> tuple[str, tuple[Finding, ...]]:
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

    def _judged(self, slot: Slot, data: Mapping[str, Any]) -> tuple[str, tuple[Finding, ...]]:
        try:
            text = slot.text.fill(data)
        except RenderError as error:
            place = Place(slot.path, "value", (error.start, error.end))
            return "", (Finding(place, scrub(error.message), rule="expression-failed"),)
        return text, tuple(self._judge(slot, text))

    def _judge(self, slot: Slot, text: str) -> Iterator[Finding]:
        """The grammar's findings about a real text, in LINE's unit, and the rule about URLs."""
        run = Run(json=False, expressions=False)
        slot.check(Scalar("", text, style='"'), slot.path, run)
        for finding in run.findings:
            yield finding._replace(message=scrub(finding.message))
        if slot.path[-1] == "url" and not run.findings:
            rule = get("bad-url")
            assert rule.check is not None
            button = Button(slot.path[:-1], None, Field(text, slot.path))
            for finding in rule.check(self._notice._replace(is_spec=False, buttons=(button,)), self._context):
                yield finding._replace(rule=rule.name)
