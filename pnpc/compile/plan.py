"""A spec made ready: records go in, payloads come out, or what is wrong with a record."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from unicodedata import normalize

from pnpc import rules
from pnpc.check.engine import Level
from pnpc.compile import targets
from pnpc.compile.filled.message import FillableMessage
from pnpc.compile.reporter import Reporter
from pnpc.compile.tables import phones
from pnpc.compile.tables.mistake import Mistake
from pnpc.compile.tables.recipients import Record
from pnpc.compile.tables.records import Variables
from pnpc.compile.targets import LINE, Addressee, Payload, Recipient, Target
from pnpc.compile.warnings import Warned
from pnpc.language.directives.assembled import as_written
from pnpc.language.message.context import Context
from pnpc.language.message.notice import Field, Notice
from pnpc.language.variables.declared import NOBODY, declarations
from pnpc.language.variables.used_names import reads
from pnpc.line.limits import limits
from pnpc.text.finding import Diagnostic, Finding, Place, Range
from pnpc.text.source import readable
from pnpc.text.wording import NameList, Said, says

if TYPE_CHECKING:
    from pnpc.compile.fast.ways import FastWays


class BadRow(NamedTuple):
    """A record that makes no payload: every mistake in it, for one spec."""

    row: int
    diagnostics: tuple[Diagnostic, ...]


class RowOutcome(NamedTuple):
    """What a record becomes, and the warnings about it: of one that makes no payload only its mistakes are reported.

    `to` is the recipient of a payload, None where the record names none.
    """

    result: Payload | BadRow
    warnings: tuple[Warned, ...] = ()
    to: Recipient | None = None


class CannotCompile(Exception):
    """A text that can be checked but is not a request to a target: a single message object, a kind that it does not take."""


class Plan:
    """One spec, or one request body as it stands (`raw`), ready for any number of records.

    `diagnostics` holds what is wrong with the spec itself; with any of them nothing may be compiled. `columns` are
    the names that a table may have; `required` those that it must have, beside one that names a recipient. `notes`
    are facts for people: what the target leaves out, what is doubtful about recipients seen so far. `asks_for_recipient`:
    an expression may use the number of a row.
    """

    def __init__(
        self, notice: Notice, context: Context, target: Target = LINE, levels: Mapping[str, Level] | None = None,
        campaign: str | None = None,
    ) -> None:  # fmt: skip
        """`levels` are those of `pnpc.check.engine.check`; `campaign` is a name by which the same words to the same
        people are another message. Raises CannotCompile for a part of a request, and for what
        can't go to the target."""
        notice = as_written(notice, context)
        if notice.form in ("message", "container"):
            help = "put it under `message.messages` of a spec"
            raise CannotCompile(f"a single message object names no recipient and can't be compiled; {help}")
        if refusal := targets.refusal(target, notice):
            raise CannotCompile(refusal)
        self.file = notice.document.source.name
        self.name = notice.name.text if notice.name else None
        self.raw = not notice.is_spec
        self._notice = notice
        self.target = target
        # Typed, and taken from a name of a file on a Mac, the same kana come as other code points.
        self._campaign = None if campaign is None else normalize("NFC", campaign)
        self.notes = dict.fromkeys(target.notes(notice))
        self._country = context.country(notice)
        self._levels = levels or {}
        self._message = FillableMessage(notice, context, self._levels)
        findings = list(self._message.findings)
        declared: dict[str, dict[str, Any]] = {}
        for name, declaration in declarations(notice).items():
            if declaration.schema is None:
                message = says("the declaration of the variable `{name}` has mistakes", name=name)
                findings.append(Finding(Place(("variables", name), "key"), message, rule="bad-declaration"))
            else:
                declared[name] = declaration.schema
        self._variables = Variables(declared)
        self._reporter = Reporter(notice, declared)
        self.diagnostics = tuple(self._reporter.of_spec(finding) for finding in findings)
        self.columns = frozenset((*declared, *target.columns))
        self.asks_for_recipient = "recipient" in reads(notice, context).used
        self.required = tuple(self._variables.required())

    @property
    def declared(self) -> Mapping[str, Mapping[str, Any]]:
        """The variables' JSON Schemas, by name."""
        return self._variables.declared

    def type_of(self, column: str) -> str | None:
        """The type that the values of a column must have; None for a column that the spec does not know."""
        if column in self.target.columns:
            return "string"
        return str(self.declared[column]["type"]) if column in self.declared else None

    def require_recipient(self) -> None:
        """Raises CannotCompile for a request body without `to`: it can be checked, but not sent."""
        if self.raw and self._notice.to is None:
            raise CannotCompile("the request body has no `to`: add it, or make a spec of it with `pnpc import`")

    def as_it_stands(self) -> Payload:
        """The payload of a request body."""
        filled, _ = self._message.fill({})
        return targets.payload(self.target, self.origin(), None, filled)

    def examples(self) -> Record | tuple[Diagnostic, ...]:
        """A record of the variables' examples, for a look at the message; or what is wrong: those that have none."""
        tree = self._notice.tree
        nodes = {name: tree.node(("variables", name, "example")) for name in self._variables.declared}
        lacking = [name for name in self.required if nodes[name] is None]
        if lacking:
            return tuple(self._reporter.of_spec(_no_example(name)) for name in lacking)

        def locate(name: str | None) -> Range:
            return self._reporter.range(("variables", name, "example") if name else ())

        return Record(self.file, 0, nodes, "yaml", locate, needs_recipient=False)

    def lacking(self, columns: tuple[str, ...], file: str, where: Range) -> tuple[Diagnostic, ...]:
        """The columns that a table lacks, reported once for the table and not for each row."""
        mistakes = [
            Mistake("missing-column", _no_column((name,), columns), name, _map_help(name, columns))
            for name in self.required
            if name not in columns
        ]
        names = self.target.columns
        if not set(names) & set(columns):
            mistakes.append(Mistake("missing-column", _no_column(names, columns), None, _map_help(names[0], columns)))
        return tuple(self._reporter.of_row(mistake, file, where) for mistake in mistakes)

    def compile(self, record: Record) -> Payload | BadRow:
        """The payload for a record, or all the mistakes that stand in the way."""
        return self.outcome(record).result

    def outcome(self, record: Record, addressee: Addressee | None = None) -> RowOutcome:
        """The same, with what is doubtful about a payload; `addressee`, if the caller has worked it out already."""
        if record.fault is not None:
            mistake = Mistake("bad-table", record.fault.message, None)
            return RowOutcome(BadRow(record.row, (self._reporter.of_row(mistake, record.file, record.fault.range),)))
        addressee = addressee or self.addressee(record)
        to = addressee.to
        data, more = self._variables.read(record)
        mistakes = [*addressee.mistakes, *more]
        if to is None and not addressee.mistakes and record.needs_recipient:
            mistakes.insert(0, self._no_recipient())
        if mistakes:
            diagnostics = (
                self._reporter.of_row(mistake, record.file, record.locate(mistake.column)) for mistake in mistakes
            )
            return RowOutcome(BadRow(record.row, tuple(diagnostics)))
        doubts = [doubt for doubt in self._doubts(addressee, data) if self._level(doubt.rule) is not None]
        errors = [doubt for doubt in doubts if self._level(doubt.rule) == "error"]
        if errors:
            diagnostics = (
                self._reporter.of_row(mistake, record.file, record.locate(mistake.column)) for mistake in errors
            )
            return RowOutcome(
                BadRow(record.row, tuple(diagnostic._replace(severity="error") for diagnostic in diagnostics))
            )
        doubtful = [self._reporter.warned_of_data(doubt, record) for doubt in doubts]
        data["recipient"] = {"index": record.row, "to": to.value if to else NOBODY["to"]}
        filled, flaws = self._message.fill(data)
        wrong = [flaw for flaw in flaws if flaw.error]
        if wrong:
            return RowOutcome(BadRow(record.row, tuple(self._reporter.flaw(flaw, record) for flaw in wrong)))
        payload = targets.payload(self.target, self._origin(record), to, filled)
        return RowOutcome(payload, (*doubtful, *(self._reporter.warned(flaw, record) for flaw in flaws)), to)

    def _doubts(self, addressee: Addressee, data: Mapping[str, Any]) -> Iterator[Mistake]:
        """What is doubtful about the data; notes are kept for the end of the run."""
        yield from self._variables.doubts(data)
        for doubt in addressee.doubts:
            if doubt.rule:
                yield doubt
            else:
                self.notes[str(doubt.message)] = None

    def fast(self) -> "FastWays":
        """The ways past `compile` that are open to this spec, for who has many rows. `compile` is the judge."""
        from pnpc.compile.fast.ways import FastWays  # needed only where many rows take the fast way

        return FastWays(self._message, self._variables, self.target, self._country, self.origin())

    def begin(self) -> None:
        """Begin a run of its own: a value that was slow to judge before is no reason to refuse others now."""
        self._variables.begin()

    def origin(self) -> dict[str, str]:
        """The origin of the spec's payloads, but for the row."""
        named = {"name": self.name, "campaign": self._campaign}
        return {"spec": readable(self.file), **{key: name for key, name in named.items() if name is not None}}

    @property
    def is_steady(self) -> bool:
        """Whether a row's verdict depends on that row alone: no pattern of a variable can be given up for its slowness."""
        return self._variables.is_steady()

    def addressee(self, record: Record) -> Addressee:
        """What a record says of its recipient, as the target takes it."""
        return self.target.addressee(record, self._country)

    @property
    def takes_recipients(self) -> tuple[str, str | None]:
        """On what it hangs who is the recipient of a record: plans for which it is the same share the addressee."""
        return self.target.name, self._country

    def _no_recipient(self) -> Mistake:
        """In a table each row has a recipient."""
        names = self.target.columns
        message = says("neither {columns} has a value", columns=NameList(names, " nor "))
        return Mistake("missing-column", message, names[0])

    def _origin(self, record: Record) -> dict[str, str]:
        origin = self.origin()
        if record.needs_recipient:
            origin["row"] = f"{record.file}:{record.locate(None).start.line}"
        return origin

    @property
    def makes_units(self) -> bool:
        """Whether rows decide names of aggregation units, and the config wants to hear of too many."""
        return self._filled_unit() is not None and self._level("too-many-units") is not None

    def too_many_units(self) -> Diagnostic:
        """What is said of a run that uses more names of aggregation units than LINE counts."""
        unit = self._filled_unit()
        assert unit is not None
        message = says(
            "more than {limit:,} different names of aggregation units in this run; LINE counts {limit:,} a month",
            limit=limits()["aggregationUnits"]["month"],
        )
        finding = Finding(Place(unit.path), message, says("use a name of the campaign, or a variable with few values"))
        return self._reporter.of_spec(finding._replace(rule="too-many-units"))._replace(severity="warning")

    def _filled_unit(self) -> Field | None:
        return next((unit for unit in self._notice.units if not self.raw and "{{" in unit.text), None)

    def _level(self, rule: str) -> Level:
        return self._levels.get(rule, rules.get(rule).severity)


def compile_records(plans: list[Plan], records: Iterator[Record]) -> Iterator[tuple[Record, list[RowOutcome]]]:
    """What every plan makes of each record: a table is read once, however many specs there are."""
    for record in records:
        yield record, outcomes(plans, record)


def outcomes(plans: Sequence[Plan], record: Record) -> list[RowOutcome]:
    """What every plan makes of a record; its recipient is worked out once."""
    if len(plans) == 1 or record.fault is not None:
        return [plan.outcome(record) for plan in plans]
    shared = {plan.takes_recipients: plan for plan in plans}
    addressees = {key: plan.addressee(record) for key, plan in shared.items()}
    return [plan.outcome(record, addressees[plan.takes_recipients]) for plan in plans]


def _no_column(names: tuple[str, ...], columns: tuple[str, ...]) -> Said:
    from pnpc.text.suggest import did_you_mean, near  # rapidfuzz: only for a missing column

    meant = did_you_mean(list(map(phones.scrub, near(names[0], list(columns)))))
    return says("no column {columns}{meant}", columns=NameList(names), meant=meant)


def _map_help(name: str, columns: tuple[str, ...]) -> Said:
    from pnpc.text.suggest import near  # rapidfuzz: only for a missing column

    close = near(name, list(columns))
    column = phones.scrub(close[0]) if close else "COLUMN"
    option = shlex.quote(f"{name}={column}")
    return says("rename the column that holds it to `{name}`, or add --map {option}", name=name, option=option)


def _no_example(name: str) -> Finding:
    message = says("`{name}` has neither an example nor a default to fill the message with", name=name)
    help = says("add an `example`, or give data with --data or --recipients")
    return Finding(Place(("variables", name), "key"), message, help, rule="missing-column")
