"""Compile for programs: a spec's text and values in, payloads and bad rows out."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pnpc.check import engine
from pnpc.check.engine import Level
from pnpc.compile.plan import BadRow, Plan, RowOutcome, outcomes
from pnpc.compile.tables.recipients import Record
from pnpc.compile.targets import LINE, TARGETS, Payload, Target, make
from pnpc.compile.units import Units
from pnpc.compile.warnings import Tally, Warnings
from pnpc.extras import require
from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.line.catalog import Catalog
from pnpc.line.grammar import allowance
from pnpc.text.finding import Diagnostic, Range
from pnpc.text.source import Position, Source

_DATA = "<data>"  # how diagnostics call the values of a program


class SpecErrors(Exception):
    """A spec with mistakes, from which nothing is compiled; `diagnostics` holds them."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(diagnostics[0].message)
        self.diagnostics = diagnostics


def plans_of(
    notices: Iterable[Notice], context: Context, target: Target = LINE, levels: Mapping[str, Level] | None = None,
    campaign: str | None = None,
) -> list[Plan]:  # fmt: skip
    """The specs and request bodies of a text that has been checked with these `levels`, each made ready.

    Raises SpecErrors, and CannotCompile for a single message object, a bare Flex container, and what can't go to the
    target.
    """
    plans = [Plan(notice, context, target, levels, campaign) for notice in notices]
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
    campaign: str | None = None,
) -> "Compiled":
    """Compile the specs of a text: for each recipient, or once with `data`, or once with the variables' examples.

    A recipient is a mapping of typed values (an int for an integer, …) with `phone`, a number in E.164 or in the
    country's national form, or `to`, its SHA-256 digest; for another target with a value at one of its `columns`. Recipients are read one at a time. Request bodies come out as they stand.

    `settings` are what the target needs, by their names in the config (`Target.settings`). `campaign` is a name that
    goes into each payload's `id`: with another one the same words to the same people are another message.

    `country` (JP, TH, TW) is for specs that name none. One result for each recipient and spec, in the order of the
    recipients; a recipient with mistakes gives a BadRow, whose diagnostics count recipients from line 1. What is
    doubtful about the others is counted in `warnings` of what is returned (see `Compiled`).
    Raises SpecErrors before anything is compiled, CannotCompile for a part of a request, a request body without
    `to`, and what can't go to the target, MissingExtra without the libraries of `pnpc[compile]`, and ValueError for an unknown target or one whose settings are missing.
    """
    allowance.begin()
    require("pnpc.compile_text", "compile")
    if target not in TARGETS:
        raise ValueError(f"no target {target!r}; there is {', '.join(TARGETS)}")
    way = make(target, settings or {})
    context = Context(Catalog(()), country)
    checked = engine.check(Source(name, text), context, {}, keep=True)
    errors = tuple(diagnostic for diagnostic in checked.diagnostics if diagnostic.severity == "error")
    if errors:
        raise SpecErrors(errors)
    plans = plans_of(checked.notices, context, way, campaign=campaign)
    for plan in plans:
        plan.require_recipient()
    return Compiled(plans, recipients, data)


class Compiled(Iterator[Payload | BadRow]):
    """The results of a text, one at a time, and `warnings` about those given so far."""

    def __init__(
        self, plans: list[Plan], recipients: Iterable[Mapping[str, Any]] | None, data: Mapping[str, Any] | None
    ) -> None:
        self._tally = Tally()
        self._units = Units(plans)
        self._raw = [plan.as_it_stands() for plan in plans if plan.raw]
        self._rows = _rows([plan for plan in plans if not plan.raw], recipients, data)
        self._results = self._all()

    def __next__(self) -> Payload | BadRow:
        return next(self._results)

    @property
    def warnings(self) -> tuple[Warnings, ...]:
        """For each rule that warns how many recipients it warns of, and the first of them, in the order of the codes."""
        return tuple(self._tally)

    def _all(self) -> Iterator[Payload | BadRow]:
        yield from self._raw
        for of_row in self._rows:
            self._tally.add(warned for outcome in of_row for warned in outcome.warnings)
            for outcome in of_row:
                if isinstance(outcome.result, Payload):
                    self._tally.merge(self._units.of_payload(outcome.result))
                yield outcome.result


def _rows(
    specs: list[Plan], recipients: Iterable[Mapping[str, Any]] | None, data: Mapping[str, Any] | None
) -> Iterator[list[RowOutcome]]:
    """What the specs make of each recipient, or of the data, or of their examples."""
    if recipients is None and data is None:
        taken = [(plan, plan.examples()) for plan in specs]
        yield [
            plan.outcome(examples) if isinstance(examples, Record) else RowOutcome(BadRow(0, examples))
            for plan, examples in taken
        ]
        return
    if recipients is None:
        yield outcomes(specs, Record(_DATA, 0, data or {}, "json", _line(1), needs_recipient=False))
        return
    ways = [way for plan in specs if (way := plan.fast().payloads()) is not None]
    for index, values in enumerate(recipients):
        made = [way(values, index, f"{_DATA}:{index + 1}") for way in ways] if len(ways) == len(specs) else [None]
        payloads = [payload for payload in made if payload is not None]
        if len(payloads) == len(made):
            yield [RowOutcome(payload) for payload in payloads]
        else:
            yield outcomes(specs, Record(_DATA, index, values, "json", _line(index + 1)))


def _line(number: int) -> Any:
    where = Range(Position(number, 1), Position(number, 1))
    return lambda _column: where
