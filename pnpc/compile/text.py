"""Compile for programs: a spec's text and values in, payloads and bad rows out."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pnpc.check import engine
from pnpc.check.engine import Level
from pnpc.compile.plan import BadRow, Plan
from pnpc.compile.recipients import Record
from pnpc.compile.targets import LINE, TARGETS, Payload, Target, make
from pnpc.spec import notice
from pnpc.spec.catalog import Catalog
from pnpc.spec.context import Context
from pnpc.text.finding import Diagnostic, Range
from pnpc.text.nodes import compose
from pnpc.text.source import Position, Source


class SpecErrors(Exception):
    """A spec with mistakes, from which nothing is compiled; `diagnostics` tells them."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(diagnostics[0].message)
        self.diagnostics = diagnostics


def read_plans(
    source: Source, context: Context, target: Target = LINE, levels: Mapping[str, Level] | None = None
) -> list[Plan]:
    """The specs and request bodies of a source that has been checked with these `levels`, each made ready.

    Raises SpecErrors, and CannotCompile for a single message object, a bare Flex container, and what can't go to the
    target.
    """
    documents = [one for one in compose(source) if notice.form_of(one.root, named=True)]
    plans = [Plan(notice.read(one), context, target, levels) for one in documents]
    wrong = tuple(diagnostic for plan in plans for diagnostic in plan.diagnostics)
    if wrong:
        raise SpecErrors(wrong)
    return plans


def compile_text(
    text: str,
    *,
    recipients: Iterable[Mapping[str, Any]] | None = None,
    data: Mapping[str, Any] | None = None,
    country: str | None = None,
    name: str = "<text>",
    target: str = "line",
    settings: Mapping[str, str] | None = None,
) -> Iterator[Payload | BadRow]:
    """Compile the specs of a text: for each recipient, or once with `data`, or once with the variables' examples.

    A recipient is a mapping of typed values (an int for an integer, …) with `phone`, a number in E.164 or in the
    country's national form, or `to`, its SHA-256 digest; for the target `sinch` with `contact_id` or `identity`, which
    are passed on as they are. Recipients are read one at a time. Request bodies come out as they stand.

    `settings` are what the target needs, by their names in the config: for `sinch` app-id, project-id and region.

    `country` (JP, TH, TW) is for specs that name none. One result for each recipient and spec, in the order of the
    recipients; a recipient with mistakes gives a BadRow, whose diagnostics count recipients from line 1.
    Raises SpecErrors before anything is compiled, CannotCompile for a part of a request and for what can't go to the
    target, and ValueError for an unknown target or one whose settings are missing.
    """
    if target not in TARGETS:
        raise ValueError(f"no target {target!r}; there is {', '.join(TARGETS)}")
    way = make(target, settings or {})
    source = Source(name, text)
    context = Context(Catalog(()), country)
    errors = tuple(one for one in engine.check(source, context, {}).diagnostics if one.severity == "error")
    if errors:
        raise SpecErrors(errors)
    plans = read_plans(source, context, way)
    return _compile(plans, recipients, data)


def _compile(
    plans: list[Plan], recipients: Iterable[Mapping[str, Any]] | None, data: Mapping[str, Any] | None
) -> Iterator[Payload | BadRow]:
    raw = [plan for plan in plans if plan.raw]
    yield from (plan.as_it_stands(index) for index, plan in enumerate(raw))
    specs = [plan for plan in plans if not plan.raw]
    if recipients is None and data is None:
        for plan in specs:
            examples = plan.examples()
            yield plan.compile(examples) if isinstance(examples, Record) else BadRow(0, examples)
        return
    for index, values in enumerate(recipients if recipients is not None else [data or {}]):
        record = Record("<data>", index, values, "json", _line(index + 1), needs_recipient=recipients is not None)
        yield from (plan.compile(record) for plan in specs)


def _line(number: int) -> Any:
    where = Range(Position(number, 1), Position(number, 1))
    return lambda _column: where
