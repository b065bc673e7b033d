"""A spec made ready: records go in, payloads come out, or what is wrong with a record."""

from collections.abc import Iterator
from re import compile as regex
from typing import Any, NamedTuple

from pnpc.check.engine import diagnose, range_of, told
from pnpc.compile import phones, targets
from pnpc.compile.message import Flaw, Message
from pnpc.compile.phones import BadPhone
from pnpc.compile.recipients import Record
from pnpc.compile.rows import Mistake, Variables
from pnpc.compile.targets import Payload
from pnpc.compile.values import from_node
from pnpc.spec.context import Context
from pnpc.spec.notice import Notice
from pnpc.spec.variables import declarations
from pnpc.text.finding import Diagnostic, Finding, Place, Range, Related
from pnpc.text.path import Path

RECIPIENT_COLUMNS = ("phone", "to")

_DIGEST = regex(r"[0-9a-f]{64}")
# What `recipient.to` is where there is no recipient: a digest in length and letters, and nobody's.
_NOBODY = "0" * 64


class BadRow(NamedTuple):
    """A record that makes no payload: every mistake in it, for one spec."""

    row: int
    diagnostics: tuple[Diagnostic, ...]


class CannotCompile(Exception):
    """A text that can be checked but is no request: a single message object, a bare Flex container."""


class Plan:
    """One spec, or one request body as it stands (`raw`), ready for any number of records.

    `diagnostics` holds what is wrong with the spec itself; with any of them nothing may be compiled. `columns` are
    the names that a table may have; `required` those that it must have, beside one of RECIPIENT_COLUMNS.
    """

    def __init__(self, notice: Notice, context: Context, target: str = "line") -> None:
        """Raises CannotCompile for a part of a request, KeyError for an unknown target."""
        if notice.form in ("message", "container"):
            help = "put it under `message.messages` of a spec"
            raise CannotCompile(f"a single message object names no recipient and can't be compiled; {help}")
        self.file = notice.document.source.name
        self.name = notice.name.text if notice.name else None
        self.raw = not notice.is_spec
        self._notice = notice
        self._target = targets.TARGETS[target].name
        self._country = context.country(notice)
        self._message = Message(notice, context)
        findings = list(self._message.findings)
        declared: dict[str, dict[str, Any]] = {}
        for name, one in declarations(notice).items():
            if one.schema is None:
                message = f"the variable `{name}` is not soundly declared"
                findings.append(Finding(Place(("variables", name), "key"), message, rule="bad-declaration"))
            else:
                declared[name] = one.schema
        self._variables = Variables(declared)
        self.diagnostics = tuple(self._diagnostic(finding) for finding in findings)
        self.columns = frozenset((*declared, *RECIPIENT_COLUMNS))
        self.required = tuple(self._variables.required())

    def as_it_stands(self, index: int = 0) -> Payload:
        """The payload of a request body, the `index`th of a run."""
        filled, _ = self._message.fill({})
        return targets.payload(self._target, None, index, None, filled)

    def examples(self) -> Record | tuple[Diagnostic, ...]:
        """A record of the variables' examples, for a look at the message; or what is wrong: those that have none."""
        tree = self._notice.tree
        nodes = {name: tree.node(("variables", name, "example")) for name in self._variables.declared}
        lacking = [name for name in self.required if nodes[name] is None]
        if lacking:
            return tuple(self._diagnostic(_no_example(name)) for name in lacking)

        def locate(name: str | None) -> Range:
            return self._range(("variables", name, "example") if name else ())

        return Record(self.file, 0, nodes, "yaml", locate, needs_recipient=False)

    def lacking(self, columns: tuple[str, ...], file: str, where: Range) -> tuple[Diagnostic, ...]:
        """The columns that a table lacks, told once for the table and not for each row."""
        mistakes = [
            Mistake("missing-column", f"no column `{name}`{_near(name, columns)}", name)
            for name in self.required
            if name not in columns
        ]
        if not set(RECIPIENT_COLUMNS) & set(columns):
            message = f"no column `phone` or `to`{_near('phone', columns)}"
            mistakes.append(Mistake("missing-column", message, None))
        return tuple(self._told(mistake, file, where) for mistake in mistakes)

    def compile(self, record: Record) -> Payload | BadRow:
        """The payload for a record, or all the mistakes that stand in the way."""
        if record.fault is not None:
            mistake = Mistake("bad-table", record.fault.message, None)
            return BadRow(record.row, (self._told(mistake, record.file, record.fault.range),))
        to, mistakes = self.recipient(record)
        data, more = self._variables.read(record)
        if mistakes or more:
            found = (self._told(one, record.file, record.locate(one.column)) for one in [*mistakes, *more])
            return BadRow(record.row, tuple(found))
        data["recipient"] = {"index": record.row, "to": to or _NOBODY}
        filled, flaws = self._message.fill(data)
        if flaws:
            return BadRow(record.row, tuple(self._flaw(flaw, record) for flaw in flaws))
        return targets.payload(self._target, self.name, record.row, to, filled)

    def recipient(self, record: Record) -> tuple[str | None, list[Mistake]]:
        """The digest of a record's recipient; None if it names none, which is a mistake in a table."""
        mistakes: list[Mistake] = []
        found = [_text(record, column, mistakes) for column in RECIPIENT_COLUMNS]
        phone, to = found
        if mistakes:
            return None, mistakes
        if to is not None and _DIGEST.fullmatch(to) is None:
            help = "put a phone number into a column `phone`; `pnpc hash` makes digests"
            mistakes.append(
                Mistake("recipient-digest", "`to` must be a SHA-256 digest, 64 lower-case hex digits", "to", help)
            )
        if phone is not None:
            try:
                made = phones.recipient(phone, self._country)
            except BadPhone as error:
                mistakes.append(Mistake("bad-phone", error.message, "phone", error.help))
            else:
                if to is not None and not mistakes and made != to:
                    mistakes.append(Mistake("bad-phone", "`phone` and `to` are not of one number", "to"))
                to = made
        if phone is None and to is None and record.needs_recipient:
            mistakes.append(Mistake("missing-column", "neither `phone` nor `to` has a value", "phone"))
        return to, mistakes

    def _told(self, mistake: Mistake, file: str, where: Range) -> Diagnostic:
        """A mistake of the data as a diagnostic in the data's file, with the declaration beside it."""
        related: tuple[Related, ...] = ()
        if mistake.column in self._variables.declared and file != self.file:
            place = self._range(("variables", mistake.column or ""), key=True)
            related = (Related(self.file, place, "declared here"),)
        return told(mistake.rule, mistake.message, file, where, {}, help=mistake.help, related=related)

    def _flaw(self, flaw: Flaw, record: Record) -> Diagnostic:
        """A mistake of the filled text: in the spec, with the row that shows it beside it."""
        shown = self._diagnostic(flaw.finding)
        if record.file == self.file:
            return shown
        column = next((name for name in record.values if name in flaw.names), None)
        return shown._replace(related=(*shown.related, Related(record.file, record.locate(column), "with this data")))

    def _diagnostic(self, finding: Finding) -> Diagnostic:
        tree = self._notice.tree
        return diagnose(self._notice.document.source, finding, tree, {})

    def _range(self, path: Path, *, key: bool = False) -> Range:
        span = self._notice.tree.span(Place(path, "key" if key else "value"))
        return range_of(self._notice.document.source, span)


def compile_records(plans: list[Plan], records: Iterator[Record]) -> Iterator[tuple[Record, list[Payload | BadRow]]]:
    """What every plan makes of each record: a table is read once, however many specs there are."""
    for record in records:
        yield record, [plan.compile(record) for plan in plans]


def _text(record: Record, column: str, mistakes: list[Mistake]) -> str | None:
    """A recipient's column as text; None where the record has no value in it."""
    value = record.values.get(column)
    if record.written == "yaml":
        value = from_node(value, "string")
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return value
    help = "a number would lose its leading zero or +"
    rule = "bad-phone" if column == "phone" else "recipient-digest"
    mistakes.append(Mistake(rule, f"`{column}` must be text, in quotes", column, help))
    return None


def _near(name: str, columns: tuple[str, ...]) -> str:
    from pnpc.spec.suggest import did_you_mean, near

    return phones.scrub(did_you_mean(near(name, list(columns))))


def _no_example(name: str) -> Finding:
    message = f"`{name}` has neither an example nor a default to fill the message with"
    help = "add an `example`, or give data with --data or --recipients"
    return Finding(Place(("variables", name), "key"), message, help, rule="missing-column")
