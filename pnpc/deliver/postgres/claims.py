"""Claims: what grants a message to one sender, in one statement, which can be asked again when its answer was lost.

Each claim carries a number, and is granted only if the last one that this run knows of is the last one in the database. So of
several whose answers were lost one at most was committed, and the number in the database says which.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any, NamedTuple

from pnpc.deliver.journal.records import (
    Claim,
    Intent,
    JournalAway,
    JournalFailed,
    JournalOutdated,
    RequestShape,
    Result,
)
from pnpc.deliver.journal.runs import NO_FILE, NewRun, topic_of
from pnpc.deliver.postgres.claim_statement import ASKED, CLAIM, INSTEAD_OF_GUESS, LATE_RESULTS, NOTED
from pnpc.deliver.postgres.connection import Database
from pnpc.deliver.postgres.run_lease import NOW, Lease, boot_clock, note_open

_MOST_LOOKS = 3  # at a number that is not the expected one, in one claim

_LEASE = "SELECT batch, over FROM leases WHERE run = ? AND holder = ?"
_SINCE = (
    "SELECT id, attempt, intent, message FROM intents JOIN ids USING (message) JOIN leases USING (run)"
    " WHERE run = ? AND holder = ? AND intent > ? ORDER BY intent"
)
_END = f"UPDATE leases SET over = {NOW} WHERE run = ? AND holder = ? AND over IS NULL RETURNING run, oldest"
_NOT_SENT = (
    "INSERT INTO results (intent, outcome, reason, at, took)"
    f" SELECT intent, 'not_sent', 'stopped', {NOW}, greatest(0, {NOW} - at) FROM intents JOIN leases USING (run)"
    " WHERE run = ? AND holder = ? AND intent = ANY(?)" + INSTEAD_OF_GUESS
)
_ADD_SHAPE = "INSERT INTO shapes (method, url, spec, keys) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_SHAPES = "SELECT shape, method, url, spec, keys FROM shapes"


class Claimant(NamedTuple):
    """Who claims: its lease, the address that it sends to, the journal's salt, and its run."""

    lease: Lease
    address: int
    salt: str
    run: NewRun


class Claimer:
    """The claims of one run. For one thread at a time."""

    def __init__(self, database: Database, claimant: Claimant, first: int) -> None:
        """`first`: the lowest number that an intent of the run may have."""
        self._database = database
        self._claimant = claimant
        self._lease = claimant.lease
        self._befores = [before for before, _ in claimant.run.files]
        self._batch = self._tried = 0  # the last claim that is known to be committed, and the last that was asked for
        self._unanswered: set[int] = set()  # claims whose answer was lost
        self._last = first - 1  # the highest intent that was granted
        self._open: set[int] = set()  # intents without a result
        self._owed: Sequence[Result] = ()  # results that could not be written when they were brought last
        self._uncollected: dict[tuple[str, int], Intent] = {}  # of a claim whose answer was lost, by id and attempt
        self._shapes: dict[RequestShape, int] = {}

    def claim(self, claims: Sequence[Claim], results: Sequence[Result]) -> list[Intent | None]:
        """See `pnpc.deliver.sending.protocols.Claims`."""
        self._owed = results
        intents = self._claim(claims, results)
        self._owed = ()
        return intents

    def _claim(self, claims: Sequence[Claim], results: Sequence[Result]) -> list[Intent | None]:
        if self._lease.is_lost():
            return self._late(claims, results)
        shapes = self._shape_columns(claims)
        for _ in range(_MOST_LOOKS):
            asked = [claim for claim in claims if (claim.id, claim.attempt) not in self._uncollected]
            rows = self._ask(asked, shapes, results)
            if rows:
                return self._granted(claims, rows, results)
            self._look()
            if self._lease.is_lost():
                return self._late(claims, results)
        raise JournalAway(f"the journal {self._database.name} is away: other statements of this run are under way")

    def end(self) -> None:
        """End the run; may be called again where the server was away. Raises JournalFailed.

        What was granted without our knowing was certainly not sent. Results that could not be written are tried once more, and all
        else that has no result is unknown.
        """
        lease = self._lease
        with self._database.transaction():
            # From here on no claim of ours is granted: one whose answer was lost is committed by now, or never will be.
            ended = self._database.rows(_END, (lease.run, lease.holder))
            if self._unanswered:
                self._collect()
            if self._uncollected:
                intents = [intent.intent for intent in self._uncollected.values()]
                self._database.rows(_NOT_SENT, (lease.run, lease.holder, intents))
            self._note_late(self._owed)
            note_open(self._database, ended)

    def _ask(
        self, asked: Sequence[Claim], shapes: dict[RequestShape, int], results: Sequence[Result]
    ) -> list[tuple[Any, ...]]:
        """Claim. Nothing if the number in the database is another one, or the lease is lost; else one row at least."""
        self._tried += 1
        number = self._tried
        oldest = min(self._open.difference(result.intent for result in results), default=self._last + 1)
        salt = self._claimant.salt
        rows = [
            (claim.id, None if claim.subject is None else topic_of(salt, claim.subject), claim.message, claim.attempt,
             claim.line, claim.tag, claim.row, shapes[claim.shape], claim.at, self._file(claim))
            for claim in asked
        ]  # fmt: skip
        lease = self._lease
        values = [lease.run, lease.holder, lease.milliseconds, self._batch, number, oldest, self._claimant.address]
        asked_at = boot_clock()
        self._unanswered.add(number)
        try:
            answer = self._database.rows(CLAIM, [*values, *_columns(rows, ASKED), *_columns(results, NOTED)])
        except JournalAway:
            raise
        except JournalFailed:
            self._unanswered.discard(number)
            raise
        self._unanswered.discard(number)
        if answer:
            # An earlier claim that comes late finds another number, and is not granted.
            self._unanswered.clear()
            self._batch = number
            lease.renewed(asked_at)
        return answer

    def _file(self, claim: Claim) -> str | None:
        """The digest of the payload file of a message that must not go where the same was sent in other words; None for one that may."""
        run = self._claimant.run
        if run.send_changed or claim.subject is None:
            return None
        at = bisect_left(self._befores, claim.line) - 1
        return run.files[at][1] if at >= 0 else NO_FILE

    def _granted(
        self, claims: Sequence[Claim], rows: list[tuple[Any, ...]], results: Sequence[Result]
    ) -> list[Intent | None]:
        new = {id: Intent(intent, message) for intent, message, id in rows if id is not None}
        further = {
            message: Intent(intent, message) for intent, message, id in rows if id is None and intent is not None
        }
        intents: list[Intent | None] = []
        for claim in claims:
            # Each is given away once, also if a batch names a message twice.
            intent = self._uncollected.pop((claim.id, claim.attempt), None)
            if intent is None:
                intent = new.pop(claim.id, None) if claim.message is None else further.pop(claim.message, None)
            intents.append(intent)
        self._open.difference_update(result.intent for result in results)
        self._note_open([intent for intent in intents if intent is not None])
        return intents

    def _note_open(self, intents: Sequence[Intent]) -> None:
        self._open.update(intent.intent for intent in intents)
        self._last = max([self._last, *(intent.intent for intent in intents)])

    def _look(self) -> None:
        """Why a claim was not granted. Raises JournalFailed where nothing more can be."""
        batch, over = self._known()
        if over is not None:
            self._lease.lose()
        if batch in self._unanswered:
            self._collect()
            self._batch = batch
            self._unanswered.clear()

    def _collect(self) -> None:
        """Learn what was granted in a claim whose answer was lost."""
        granted = self._database.rows(_SINCE, (self._lease.run, self._lease.holder, self._last))
        self._uncollected |= {(id, attempt): Intent(intent, message) for id, attempt, intent, message in granted}
        self._note_open(list(self._uncollected.values()))

    def _known(self) -> tuple[int, int | None]:
        """The last claim of the run that the database knows, and when the run was over (None: it is not). Raises JournalOutdated."""
        row = next(iter(self._database.rows(_LEASE, (self._lease.run, self._lease.holder))), None)
        if row is not None and row[0] >= self._batch:
            return row[0], row[1]
        raise JournalOutdated(
            f"the journal {self._database.name} has lost what this run wrote: it was restored from a backup, or a copy took over that"
            " was behind; nothing more is sent"
        )

    def _late(self, claims: Sequence[Claim], results: Sequence[Result]) -> list[Intent | None]:
        """Of a run that was fenced: only what became of its requests is still wanted."""
        lease = self._lease
        self._known()
        self._note_late(results)
        if claims:
            raise JournalFailed(
                f"run {lease.run} counts as dead: its process was silent for longer than {lease.milliseconds / 1000:g} seconds,"
                " or ended the run; nothing more is sent by it"
            )
        return []

    def _note_late(self, results: Sequence[Result]) -> None:
        """Note what became of requests of a run that may be over."""
        if results:
            values = [self._lease.run, self._lease.holder, *_columns(results, NOTED)]
            self._database.rows(LATE_RESULTS, values)

    def _shape_columns(self, claims: Sequence[Claim]) -> dict[RequestShape, int]:
        """The numbers of the shapes of claims."""
        missing = {claim.shape for claim in claims} - self._shapes.keys()
        if missing:
            for shape in sorted(missing, key=repr):
                self._database.rows(_ADD_SHAPE, shape)
            self._shapes = {RequestShape(*rest): number for number, *rest in self._database.rows(_SHAPES)}
        return self._shapes


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    """The columns of a table."""
    return [list(column) for column in zip(*rows, strict=True)] or [[] for _ in range(width)]
