"""A spec made ready once, for a program that fills it many times."""

from collections.abc import Iterable, Mapping
from re import compile as regex
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from pnpc.check import engine
from pnpc.compile.plan import BadRow, CannotCompile, Plan, RowOutcome
from pnpc.compile.tables.recipients import Record
from pnpc.compile.targets import TARGETS, Payload, Target, make
from pnpc.compile.text import SpecErrors, plans_of
from pnpc.compile.units import Units
from pnpc.compile.warnings import Tally, Warnings
from pnpc.extras import require
from pnpc.library import settings as given
from pnpc.library.lines import LineMaker, Lines
from pnpc.library.settings import CatalogLike, ConfigLike, Fragments
from pnpc.line.grammar import allowance
from pnpc.text.finding import Diagnostic, Range
from pnpc.text.source import Position, Source

if TYPE_CHECKING:
    from pnpc.compile.fast.ways import MakePayload

_DATA = "<data>"  # how diagnostics call the values of a program
_DIGEST = regex(r"[0-9a-f]{64}")
_AT = Range(Position(1, 1), Position(1, 1))
_MOST_CAMPAIGNS = 16  # made ready at a time


class DataErrors(ValueError):
    """Data from which no payload is made; `diagnostics` holds every mistake in them. No message repeats a phone number."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        more = f" (and {len(diagnostics) - 1} more)" if len(diagnostics) > 1 else ""
        super().__init__(f"{diagnostics[0].message}{more}")
        self.diagnostics = diagnostics


def load(
    text: str,
    *,
    name: str = "<text>",
    country: str | None = None,
    config: ConfigLike | None = None,
    catalogs: Iterable[CatalogLike] = (),
    fragments: Fragments | None = None,
    target: str = "line",
    settings: Mapping[str, str] | None = None,
    campaign: str | None = None,
) -> "Spec":
    """Read and check the text of a spec, or of a request body, once. No file and no clock is read.

    `name` stands in diagnostics as the file. `country` (JP, TH, TW) is for a spec that names none.
    `config` has the keys of pnpc.toml: as a mapping (`tomllib.loads(…)`), or its text. Its keys about files and runs
    (`include`, `exclude`, `respect-gitignore`, `fail-on`, `baseline`, `journal`) change nothing here.
    `catalogs` are the contents of the team's own catalogs: texts (YAML or JSON) or mappings.
    `fragments` are the contents of files that `$include` names, by their names: paths with `/`, relative to where `name` is.
    `target` is `line` or `sinch`; `settings` are what it needs to know of an account, by their names in the config, and stand
    above those of `config`. `campaign` goes into each payload's `id`.

    Never raises for what the text holds: `Spec.check` tells, and `Spec.fill` refuses. Raises ConfigErrors for mistakes in
    the config or in a catalog, and ValueError for a country or a target that does not exist.

    >>> spec = load('''
    ... pnpc: 1
    ... name: hello
    ... country: JP
    ... variables: {order_id: {type: string, maxLength: 15, example: A1B2C3D4}}
    ... message:
    ...   templateKey: shipment_completed_ja
    ...   body: {items: [{itemKey: number_001_ja, content: "{{ order_id }}"}]}
    ... ''')
    >>> spec.check()
    []
    >>> spec.fill({"order_id": "X9"}, recipient="080-0000-1234").body["body"]["items"]
    [{'itemKey': 'number_001_ja', 'content': 'X9'}]
    """
    if target not in TARGETS:
        raise ValueError(f"no target {target!r}; there is {', '.join(TARGETS)}")
    found = given.read(name, country, config, catalogs, fragments)
    return Spec(Source(name, text), found, target, {**found.targets.get(target, {}), **(settings or {})}, campaign)


class _Ready(NamedTuple):
    """A plan of one campaign, and its fast way (None: it has none)."""

    plan: Plan
    fast: "MakePayload | None"


class Spec:
    """A text that was read and checked once; made by `load`.

    Threads may share it. Its first `fill` takes some 100 milliseconds more than the others, which make it ready.
    """

    def __init__(
        self, source: Source, found: given.Settings, target: str, settings: Mapping[str, str], campaign: str | None
    ) -> None:
        """Use `load`."""
        allowance.begin()
        self._settings = found
        self._checked = engine.check(source, found.context, found.levels, keep=True)
        self._target_name, self._target_settings = target, dict(settings)
        self._campaign = campaign
        self._target: Target | None = None
        self._ready: dict[str | None, _Ready] = {}
        self._makers: dict[tuple[str | None, str], LineMaker] = {}
        self._tally = Tally()
        self._units: Units | None = None
        self._lock = Lock()  # what is known of a message while it is judged is shared

    @property
    def name(self) -> str | None:
        """The spec's name; None for a request body, and for a text that has not one spec."""
        names = self._checked.names
        return names[0].name if len(names) == 1 else None

    @property
    def warnings(self) -> tuple[Warnings, ...]:
        """What is doubtful about payloads made so far: for each rule how many, and the first."""
        with self._lock:
            return tuple(self._tally)

    def check(self) -> list[Diagnostic]:
        """Every mistake in the text, in its order; empty if there is none. See `pnpc.check_text`."""
        return list(self._checked.diagnostics)

    def fill(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        recipient: str | Mapping[str, str] | None = None,
        index: int = 0,
        campaign: str | None = None,
    ) -> Payload:
        """One payload, as `pnpc compile` makes it: the same id, headers and body, byte for byte.

        `data` are values of the variables with the types that they declare (an int for an integer, …); names that no
        variable has are passed over. `recipient` is a phone number (E.164, or the country's national form) or the SHA-256
        digest of one (64 lower-case hex digits); or a mapping with one of the target's columns (`phone` or `to`; for Sinch
        `contact_id` or `identity`). It may also stand in `data`, as in a row of a table. Without one the payload has no
        recipient. `index` is `recipient.index` in expressions; `campaign` stands above the one of `load`.

        `fill()` without anything uses the examples of the variables. A request body comes out as it stands, and takes no data.
        `payload.line()` is the line of JSON that `pnpc push` and `Sender` take.

        Raises DataErrors for data that make no valid message, SpecErrors if the spec itself has errors, CannotCompile
        for a text that is not one spec or body that this target takes, ValueError for missing settings of the target,
        and MissingExtra without the libraries of `pnpc[compile]`.
        """
        with self._lock:
            ready = self._made_ready(self._campaign if campaign is None else campaign)
            if ready.plan.raw:
                return _as_it_stands(ready.plan, data, recipient)
            if data is None and recipient is None:
                return self._counted(ready.plan, _of_examples(ready.plan))
            values = _with_recipient(_mapping("data", data or {}), recipient, ready.plan.target)
            # An empty number is a mistake of the caller's data; no recipient at all is a wish.
            is_wanted = recipient is not None
            is_named = not is_wanted or any(values.get(column) for column in ready.plan.target.columns)
            payload = ready.fast(values, index, None) if ready.fast is not None and is_named else None
            if payload is not None:
                return self._counted(ready.plan, RowOutcome(payload))
            allowance.begin()
            ready.plan.begin()
            record = Record(_DATA, index, values, "json", lambda _column: _AT, needs_recipient=is_wanted)
            return self._counted(ready.plan, ready.plan.outcome(record))

    def lines(
        self,
        rows: Iterable[Mapping[str, Any]],
        *,
        first: int = 0,
        file: str = _DATA,
        line: int | None = None,
        campaign: str | None = None,
    ) -> Lines:
        """The lines of JSON that `pnpc compile` would write of a batch of rows: the same ids and bytes. Rows with mistakes make
        no line, and are in `bad` of what is returned.

        A row is a mapping of typed values, as Arrow, a database or JSON give them: dates may be dates, and decimals
        decimals. It names its recipient, and names that no variable has are passed over. `first` is the number of the
        first row (`recipient.index`): a part of a table must know how many rows are before it. `file` and `line` are its place,
        which stands in `origin` and in diagnostics (`orders.parquet:1`); without `line` it is `first + 1`. All of a batch is held
        in memory.

        Raises SpecErrors, CannotCompile (also for a request body, which takes no rows), ValueError and MissingExtra as `fill`.
        """
        with self._lock:
            campaign = self._campaign if campaign is None else campaign
            plan = self._made_ready(campaign).plan
            if plan.raw:
                raise CannotCompile("a request body is sent as it stands: it takes no rows")
            maker = self._makers.get((campaign, file))
            if maker is None:
                if len(self._makers) >= _MOST_CAMPAIGNS:
                    self._makers.clear()
                maker = self._makers[campaign, file] = LineMaker(plan, file)
            allowance.begin()
            return maker.lines(rows, first, first + 1 if line is None else line)

    def _made_ready(self, campaign: str | None) -> _Ready:
        ready = self._ready.get(campaign)
        if ready is None:
            if len(self._ready) >= _MOST_CAMPAIGNS:
                self._ready.clear()
            plan = self._plan(campaign)
            ready = self._ready[campaign] = _Ready(plan, None if plan.raw else plan.fast().payloads())
        return ready

    def _plan(self, campaign: str | None) -> Plan:
        errors = tuple(diagnostic for diagnostic in self._checked.diagnostics if diagnostic.severity == "error")
        if errors:
            raise SpecErrors(errors)
        require("pnpc.Spec.fill", "compile")
        if self._target is None:
            self._target = make(self._target_name, self._target_settings)
        notices = self._checked.notices
        if len(notices) != 1:
            raise CannotCompile(f"the text holds {len(notices)} specs or bodies: load each by itself")
        allowance.begin()
        (plan,) = plans_of(notices, self._settings.context, self._target, self._settings.levels, campaign)
        return plan

    def _counted(self, plan: Plan, outcome: RowOutcome) -> Payload:
        if isinstance(outcome.result, BadRow):
            raise DataErrors(outcome.result.diagnostics)
        self._tally.add(outcome.warnings)
        if plan.makes_units:
            self._units = self._units or Units([plan])
            self._tally.merge(self._units.of_payload(outcome.result))
        return outcome.result


def _of_examples(plan: Plan) -> RowOutcome:
    examples = plan.examples()
    return plan.outcome(examples) if isinstance(examples, Record) else RowOutcome(BadRow(0, examples))


def _as_it_stands(plan: Plan, data: Mapping[str, Any] | None, recipient: object) -> Payload:
    if data or recipient is not None:
        raise CannotCompile("a request body is sent as it stands: it takes no data; `pnpc import` makes a spec of it")
    plan.require_recipient()
    return plan.as_it_stands()


def _mapping(name: str, value: Any) -> Mapping[str, Any]:
    """A value that a caller gives, if it is a mapping. Raises TypeError."""
    if not isinstance(value, Mapping):
        raise TypeError(f"{name}= takes a mapping; found {type(value).__name__}")
    return value


def _with_recipient(
    data: Mapping[str, Any], recipient: str | Mapping[str, str] | None, target: Target
) -> Mapping[str, Any]:
    """The values of a row that names this recipient."""
    if recipient is None:
        return data
    if isinstance(recipient, str):
        if "phone" not in target.columns:
            names = " or ".join(f"{{{column!r}: …}}" for column in target.columns)
            raise ValueError(f"{target.receiver} tells recipients apart by more than a number: give recipient={names}")
        recipient = {"to" if _DIGEST.fullmatch(recipient) else "phone": recipient}
    recipient = _mapping("recipient", recipient)
    unknown = [str(name) for name in recipient if name not in target.columns]
    if unknown or not recipient:
        raise ValueError(f"recipient= takes {' or '.join(target.columns)}; found {', '.join(unknown) or 'nothing'}")
    return {**data, **recipient}
