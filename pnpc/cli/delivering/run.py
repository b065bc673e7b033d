"""One run of `pnpc push`: what is said before, during and after it."""

import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from http import HTTPStatus

import click

from pnpc.cli.common import count_of, say, write
from pnpc.cli.delivering.before import intention, say_before, say_closed, say_held, say_only
from pnpc.cli.delivering.outdated import note_what_was_lost
from pnpc.cli.delivering.reporting import Reporting, Running, say_refused
from pnpc.cli.errors import LEFT, CouldNotRun
from pnpc.cli.signals import ignore_signals
from pnpc.deliver import opening
from pnpc.deliver.journal.any_journal import AnyJournal
from pnpc.deliver.journal.owner import Owned
from pnpc.deliver.journal.records import Counts, JournalFailed, JournalOutdated
from pnpc.deliver.journal.soundness import NotAJournal
from pnpc.deliver.journal.timestamps import now
from pnpc.deliver.payload_files import BadPayloads, Changed, FilePart
from pnpc.deliver.sending.artifact import Artifact, survey
from pnpc.deliver.sending.attempts import Attempt
from pnpc.deliver.sending.engine import Engine, SendSettings, of_journal
from pnpc.deliver.sending.judge import answer_of
from pnpc.deliver.sending.lines import LineStates, look_up
from pnpc.deliver.sending.options import SendOptions
from pnpc.deliver.sending.outcomes import Observation, Outcome, StopReason, in_words
from pnpc.deliver.sending.push import PushPlan, deliver
from pnpc.deliver.sending.redact import redacted
from pnpc.deliver.sending.refusals import Refusals
from pnpc.project.files import CouldNotRead, shown
from pnpc.project.workspace import Workspace

REFUSED = 4  # the exit code where nothing is left, and some were refused


@contextmanager
def surveyed(names: Sequence[str | FilePart]) -> Iterator[Artifact]:
    """Payload files, or parts of them, whose every line can be sent. Raises CouldNotRun if some can't, and prints the first of them."""
    try:
        with survey(*names) as artifact:
            yield artifact
    except BadPayloads as error:
        for place, reason in error.first:
            say(f"{place}: {reason}")
        more = f" ({error.count:,} lines)" if error.count > len(error.first) else ""
        files = ", ".join(dict.fromkeys(shown(name if isinstance(name, str) else name.name) for name in names))
        raise CouldNotRun(f"nothing was sent: not every line of {files} can be{more}") from None
    except Changed as error:
        raise CouldNotRun(str(error)) from None


class Pushing:
    """What the command says of one payload file and its journal."""

    def __init__(
        self, artifact: Artifact, journal: str, reporting: Reporting, *, as_json: bool, sends: bool = True
    ) -> None:
        """`sends`: this process does, and not one that takes the messages from a queue."""
        self._artifact = artifact
        self._reporting = reporting
        self._journal = journal
        self._as_json, self._sends = as_json, sends
        self._refusals = Refusals(artifact.place)
        self._last_word = ""
        self._has_said = False  # what was sent before
        self._is_outdated = False  # the journal has lost what this run wrote
        self._engine: Engine | None = None
        self.stopped: StopReason | None = None
        self.left: int | None = None  # messages that still have to be sent after a run that did not end early
        self.held = 0  # messages whose recipients were sent the same in other words
        self.last_run = 0  # the last one that the journal knew when it was `foreseen` how the messages stand

    def rehearse(
        self, settings: SendSettings, options: SendOptions, would: str = "would send", **numbers: int
    ) -> int:  # fmt: skip
        """Tell what a run would do. Opens no connection to the target, and writes nothing. `would`: how the line begins; `numbers`
        are for JSON, beside the counts. Raises CouldNotRun where a run would."""
        states = self.foreseen(settings, options)
        counts = states.counts()
        going = states.going(resend_unknown=options.resend_unknown)
        is_over = bool(going) and say_closed(settings)
        if not self._as_json:
            what = intention(self._artifact, going, settings) if going and not is_over else "nothing"
            write(f"{_summary(counts, 0)}\n{would} {what}\n")
        self._count(counts, 0, **numbers)
        return 0

    def ask(self, settings: SendSettings, options: SendOptions, question: str = "Send?") -> None:
        """On a terminal, let a person agree before other people get messages, who hears first what was sent before.

        Nothing is written until then. Raises CouldNotRun.
        """
        if settings.api not in self._artifact.apis or not (sys.stdin.isatty() and sys.stderr.isatty()):
            return
        states = self.foreseen(settings, options)
        self._has_said = True
        if going := states.going(resend_unknown=options.resend_unknown):
            say(intention(self._artifact, going, settings))
            say_closed(settings)
            if not click.confirm(question, err=True):
                raise CouldNotRun("nothing was sent")

    def run(self, plan: PushPlan, options: SendOptions, workspace: Workspace, *, color: bool) -> int:
        """Send, and tell what became of it. Gives the exit code; raises CouldNotRun."""
        try:
            with self._writable() as journal:
                states = self._look_up(plan.settings, journal, options)
                if not self._has_said:
                    say_before(self._artifact, journal, states)
                    say_only(states, options.only)
                if options.resend_unknown:  # what a silent sender has under way is granted to no other
                    journal.wait_for_silent(say)
                left = journal.begin(plan.run()._replace(send_changed=options.send_changed), now())
                if left:
                    who = "a sender gives no sign of life" if journal.is_remote else "the last run was cut off"
                    say(f"note: {who}: {count_of(left, 'message')} may or may not have been sent by it")
                self._started(plan, states)
                stopped = self._deliver(journal, plan, states)
                ignore_signals()
                self._refused(workspace, color=color)
                if stopped is not None:
                    self._stopped(stopped)
                # What could not be written is not known, nor what another sender did: what the journal holds counts.
                if stopped is None and not states.going(resend_unknown=False):
                    self.left = 0
                elif stopped is None or stopped.kind in ("away", "journal"):
                    before, states = states, self._look_up(plan.settings, journal, options)
                    states.sent = before.sent
                    if self._is_outdated:
                        note_what_was_lost(journal, plan, before, states)
                        states = self._look_up(plan.settings, journal, options)
                        states.sent = before.sent
                    self.left = before.left(states)
                    if states.held > before.held:
                        say_held(states.held - before.held, "by another sender meanwhile")
                self.held = states.held
                counts = states.counts()
                with suppress(JournalFailed):  # a run without an end is one that was killed
                    journal.end(counts, states.sent, now())
                self._tell(journal, states)
                say_only(states, options.only)
        except (Owned, NotAJournal) as error:
            raise CouldNotRun(str(error)) from None
        except JournalFailed as error:  # it can't be read, so it is not known what was sent
            self._stopped(of_journal(error))
            return LEFT
        if counts.unknown or counts.remaining:
            return LEFT
        return REFUSED if counts.refused else 0

    # --- before ---

    def foreseen(self, settings: SendSettings, options: SendOptions) -> LineStates:
        """Where each line stands, with what a person hears of it; nothing is written. Raises CouldNotRun."""
        with self._readable() as journal:
            self.last_run = max((run.run for run in journal.runs()), default=0) if journal else 0
            states = self._look_up(settings, journal, options)
            say_before(self._artifact, journal, states)
            say_only(states, options.only)
        return states

    @contextmanager
    def _readable(self) -> Iterator[AnyJournal | None]:
        """The journal as it is, for reading only; None if there is none yet."""
        try:
            opening.demand_place(self._journal)
            if opening.is_sending(self._journal):
                name = opening.shown_name(self._journal)
                say(f"note: another pnpc process is using {name}: what it sends is not counted here")
            if opening.is_missing(self._journal):
                yield None
                return
            with opening.read(self._journal) as journal:
                if self._sends:
                    journal.demand_rights("send")
                yield journal
        except (NotAJournal, JournalFailed) as error:
            raise CouldNotRun(str(error)) from None

    @contextmanager
    def _writable(self) -> Iterator[AnyJournal]:
        """The journal, taken up for this run. Raises Owned, NotAJournal, CouldNotRun."""
        with ExitStack() as stack:
            try:
                journal = stack.enter_context(opening.to_send(self._journal))
            except JournalFailed as error:
                raise CouldNotRun(str(error)) from None
            if not journal.runs():
                name = opening.shown_name(self._journal)
                say(f"note: the journal {name} is new: nothing is known of earlier pushes", "new-journal")
            yield journal

    def _look_up(self, settings: SendSettings, journal: AnyJournal | None, options: SendOptions) -> LineStates:
        """Where each line stands before the run. Raises CouldNotRun."""
        try:
            return look_up(
                self._artifact, settings.api, journal,
                send_changed=options.send_changed, only=options.only, until_run=options.until_run,
            )  # fmt: skip
        except (Changed, CouldNotRead, OSError) as error:
            raise CouldNotRun(str(error)) from None

    # --- during ---

    def _started(self, plan: PushPlan, states: LineStates) -> None:
        going = states.going(resend_unknown=plan.resend_unknown)
        settings, artifact = plan.settings, self._artifact
        facts = {"file": artifact.name, "target": artifact.target, "api": settings.api, "messages": artifact.messages}
        say("", "started", **facts, to_send=going, rate=settings.rate)

    def _deliver(self, journal: AnyJournal, plan: PushPlan, states: LineStates) -> StopReason | None:
        """Why the run ended early; None if it did not."""
        limiters = opening.limiters(journal, plan.settings.rate)
        with self._reporting.running(states.going(resend_unknown=plan.resend_unknown)) as running:
            hear = partial(self._hear, running)
            work = deliver(journal, limiters, plan, states, hear, _stopping, partial(self._watch, running))
            try:
                return asyncio.run(running.told(work))
            except JournalFailed as error:
                self._is_outdated = isinstance(error, JournalOutdated)
                return self._failed(of_journal(error))
            except (Changed, CouldNotRead, OSError) as error:
                return self._failed(StopReason("payloads", str(error)))

    def _watch(self, running: Running, engine: Engine) -> None:
        self._engine = engine
        running.watch(engine)

    def _failed(self, why: StopReason) -> StopReason:
        """Why a run failed; a signal that it heard is not forgotten."""
        stopped = None if self._engine is None else self._engine.stopped
        return why if stopped is None else why._replace(signal=stopped.signal)

    def _hear(self, running: Running, attempt: Attempt, seen: Observation, outcome: Outcome) -> None:
        running.hear(seen, outcome)
        if seen.status == HTTPStatus.BAD_REQUEST:
            self._refusals.add(attempt.message, seen.body)
        if outcome.kind != "accepted":
            said = answer_of(seen.body, attempt.message.kind).get("message") or seen.detail
            self._last_word = redacted(str(said)) or self._last_word

    # --- after ---

    def _refused(self, workspace: Workspace, *, color: bool) -> None:
        diagnostics, sources = self._refusals.diagnostics(workspace)
        say_refused(diagnostics, sources, color=color)
        if self._refusals.more:
            say(f"{count_of(self._refusals.more, 'message')} more refused in other ways")

    def _stopped(self, why: StopReason) -> None:
        if self.stopped is not None and self.stopped[:2] == why[:2]:  # the journal is still away
            return
        self.stopped = why
        word = f" ({self._last_word})" if self._last_word and why.kind != "signal" else ""
        words = why.words(self._artifact.kind.receiver)
        say(f"stopped: {words}{word}", "stopped", "warning", kind=why.kind, reason=why.text)

    def _tell(self, journal: AnyJournal, states: LineStates) -> None:
        counts = states.counts()
        if not self._as_json:
            write(f"{_summary(counts, states.sent)}\n")
            for reason, number in journal.refusals():
                write(f"  {number:,} refused: {in_words(reason, self._artifact.kind.receiver)}\n")
        if counts.unknown:
            say(
                f"{count_of(counts.unknown, 'message')} may or may not have been sent; to send again: --resend-unknown",
                "unknown", "warning", messages=counts.unknown,
            )  # fmt: skip
        if states.going(resend_unknown=False) and not self._refusals and not self._is_outdated:
            say("run the same command again to send what remains", "remaining", messages=counts.remaining)
        say("", "finished", **counts._asdict(), sent_now=states.sent)
        self._count(counts, states.sent)

    def _count(self, counts: Counts, sent: int, **numbers: int) -> None:
        if self._as_json:
            write(json.dumps({**counts._asdict(), "sent_now": sent, **numbers}, separators=(",", ":")) + "\n")


def _stopping(text: str) -> None:
    say(text, "stopping", "warning")


def _summary(counts: Counts, sent: int) -> str:
    parts = ", ".join(f"{number:,} {name}" for name, number in counts._asdict().items())
    return f"{count_of(sum(counts), 'message')}: {sent:,} sent now; {parts}"
