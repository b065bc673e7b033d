"""`pnpc worker`: sends the shards that `pnpc push --queue` has queued."""

import sys
from typing import TYPE_CHECKING

import click

from pnpc.cli.common import Finite, count_of, needs, say, wants_color
from pnpc.cli.delivering.options import JournalOption, LogFormatOption, MetricsOption, metrics_address
from pnpc.cli.delivering.push import DAY
from pnpc.cli.delivering.reporting import EVERY, Reporting, served
from pnpc.cli.delivering.run import REFUSED, Pushing
from pnpc.cli.delivering.shard_push import BadShard, push, shard_of
from pnpc.cli.errors import LEFT, CouldNotRun
from pnpc.cli.journals import chosen
from pnpc.cli.signals import Ended, hear_signals, ignore_signals, missed_signal
from pnpc.deliver.journal.records import JournalFailed
from pnpc.deliver.journal.soundness import NotAJournal
from pnpc.deliver.opening import silence
from pnpc.deliver.queue.shards import Shard
from pnpc.deliver.sending.breaker import SAME_REFUSAL
from pnpc.deliver.sending.credentials import CHANNEL
from pnpc.project.files import CouldNotRead, shown
from pnpc.project.inside import is_database

if TYPE_CHECKING:
    from pnpc.deliver.metrics import Metrics, WorkerMetrics
    from pnpc.deliver.queue.worker import ShardWorker, TakenShard

HELP = """Send the shards that `pnpc push --queue` has queued, on this machine, beside workers on others.

All workers share one journal in PostgreSQL, the rate of the channel, and the queue; each must be able to read the payload files
by the paths with which they were queued. A worker takes the shards of one channel: those that were queued with its --channel.
The access token is read from the environment, as `pnpc push` does. The shard of a
worker that died goes to another one, and what it had under way is unknown; a worker that was silent for so long that it
counts as dead sends nothing more.

\b
Examples:
  pnpc worker --journal postgresql://db/pnpc             send, and wait for more, until a signal comes
  pnpc worker --journal postgresql://db/pnpc --once      send what is queued, then end
  pnpc worker --journal postgresql://db/pnpc --channel shop      what `pnpc push --queue --channel shop` queued
  pnpc worker --log-format json --metrics 0.0.0.0:9464   for a log and for Prometheus (PNPC_JOURNAL names the journal)

SIGINT and SIGTERM stop sending, wait for pending answers and give the shard back; a second signal does not wait.

Exit codes: 0 all accepted, 2 could not run, 4 some were refused, 5 stopped with work left or with unknown outcomes.
"""
_TRIES = 5  # of a shard whose messages can't be sent: then a person must look at it
# Seconds until a shard that was given back for trouble is taken again: twice as long each time.
_PAUSE, _LONGEST_PAUSE = 10, 600


class WorkerTrouble(Exception):
    """This worker can send no shard. Its text is one line for people."""


@click.command("worker", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@JournalOption
@click.option(
    "--channel", metavar="NAME", envvar=CHANNEL, show_envvar=True,
    help="Take only the shards that were queued with this --channel; without it, only those queued without one.",
)  # fmt: skip
@click.option("--once", is_flag=True, help="End when the queue is empty; by default, wait for more.")
@click.option("-q", "--quiet", is_flag=True, help="Show neither a progress bar nor progress lines.")
@click.option(
    "--progress", type=Finite(0, DAY), default=EVERY, show_default=True, metavar="SECONDS", envvar="PNPC_PROGRESS",
    show_envvar=True, help="Without a terminal, say every few seconds how far it is; 0: never.",
)  # fmt: skip
@LogFormatOption
@MetricsOption
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
def command(
    journal: str | None,
    channel: str | None,
    once: bool,
    quiet: bool,
    progress: float,
    metrics: str | None,
    format_: str,
    color: str,
) -> int:
    """Work; gives the exit code."""
    needs("send")
    needs("postgres")
    from pnpc.deliver.queue.broker import QueueFailed
    from pnpc.deliver.queue.worker import ShardLost, ShardWorker

    name = chosen(journal)
    if not is_database(name):
        raise CouldNotRun(f"a worker needs a journal that workers share: --journal postgresql://…; found {shown(name)}")
    patience = _patience(name)
    with served(None if metrics is None else metrics_address(metrics)) as measured:
        reporting = Reporting(quiet, progress, measured)
        try:
            with ShardWorker(name, patience, channel, waits=not once) as worker:
                shift = _Shift(name, worker, reporting, as_json=format_ == "json", color=wants_color(sys.stderr, color))
                return shift.run(patience, channel)
        except QueueFailed as error:
            raise CouldNotRun(str(error)) from None
        except ShardLost:
            why = "this worker was silent for so long that it counts as dead: another one has its shard"
            say(f"stopped: {why}", "stopped", "warning", reason=why)
            return LEFT


def _patience(journal: str) -> float:
    """Seconds without a sign of life after which a worker counts as dead: the journal says so. Raises CouldNotRun."""
    try:
        return silence(journal)
    except (NotAJournal, JournalFailed) as error:
        raise CouldNotRun(str(error)) from None


class _Shift:
    """What one worker does until it ends."""

    def __init__(
        self, journal: str, worker: "ShardWorker", reporting: Reporting, *, as_json: bool, color: bool
    ) -> None:
        self._journal, self._worker, self._reporting = journal, worker, reporting
        self._as_json, self._color = as_json, color
        self._codes: set[int] = set()
        self._metrics = _measured(reporting.metrics)

    def run(self, patience: float, channel: str | None) -> int:
        """Take shards until there are none, a signal comes, or this worker can send none; gives the exit code."""
        try:
            of = "" if channel is None else f" of {shown(channel)}"
            say(f"waiting for shards{of}; silent for {patience:g} seconds counts as dead", "waiting", patience=patience)
            while (taken := self._worker.take()) is not None:
                self._work(taken)
                _hear()
        except Ended as error:
            say(f"stopped by {error}", "stopped", "warning", reason=f"stopped by {error}")
        except WorkerTrouble as error:
            say(f"stopped: this worker ends: {error}", "stopped", "error", reason=str(error))
        return next((code for code in (LEFT, REFUSED) if code in self._codes), 0)

    def _work(self, taken: "TakenShard") -> None:
        """Send a shard, and tell the queue. Raises WorkerTrouble where this worker can send none, Ended after a signal, ShardLost."""
        from pnpc.deliver.queue.worker import ShardLost

        name = f"shard {taken.job}"
        shard = None
        try:
            try:
                shard = shard_of(taken.said)
                name = f"{name}, {shard.name}"
                say(f"{name}: {count_of(shard.messages, 'message')}", "shard", shard=taken.job, messages=shard.messages)
                code, pushing = push(shard, self._journal, self._reporting, as_json=self._as_json, color=self._color)
            except BadShard as error:
                self._note(taken, name, "failed", str(error))
            except (CouldNotRun, CouldNotRead, OSError) as error:
                self._give_back(taken, name, str(error))
            except Ended as error:
                self._note(taken, name, "given-back", f"stopped by {error}")
                raise
            else:
                self._judge(taken, name, code, pushing)
        except ShardLost:
            if shard is not None:
                self._queue_again(shard, name)
            raise

    def _judge(self, taken: "TakenShard", name: str, code: int, pushing: Pushing) -> None:
        """What the end of a push means for its shard."""
        stopped = pushing.stopped
        if stopped is None:
            self._codes.add(code)
            self._end(taken, name, pushing.left or 0, pushing.held)
        elif stopped.startswith("stopped by "):
            self._note(taken, name, "given-back", stopped)
            raise Ended(stopped.removeprefix("stopped by "))
        elif _is_of_the_shard(stopped):
            self._note(taken, name, "failed", stopped)
        else:
            self._give_back(taken, name, stopped)

    def _end(self, taken: "TakenShard", name: str, left: int, held: int) -> None:
        """A push has tried all messages of a shard: it is done if none is left, and none is held, about which a person must say more."""
        why = f"{count_of(left, 'message')} left that certainly were not sent, or that another sender has under way"
        if not left and held:
            whose = f"{count_of(held, 'message')} held, whose recipients were sent the same in other words"
            self._note(taken, name, "failed", f"{whose}; to send: queue the file again with --send-changed")
        elif not left:
            self._note(taken, name, "done", "")
        elif taken.troubles + 1 < _TRIES:
            self._note(taken, name, "given-back", why, _pause(taken.troubles), for_trouble=True)
        else:
            self._note(taken, name, "failed", f"{why}, {_TRIES} times")

    def _give_back(self, taken: "TakenShard", name: str, why: str) -> None:
        """What is wrong is wrong with this worker, or with what it needs: the shard stays, however often. Raises WorkerTrouble."""
        self._note(taken, name, "given-back", why, _pause(taken.attempts))
        raise WorkerTrouble(why)

    def _queue_again(self, shard: Shard, name: str) -> None:
        """Another worker has the shard, and may end it before anybody knows what this one has not sent. What was sent is not sent again."""
        from pnpc.deliver.queue.broker import QueueFailed, enqueue

        try:
            enqueue(self._journal, [shard])
        except QueueFailed as error:
            say(f"{name}: {error}: queue its file again", "shard-lost", "error", reason=str(error))

    def _note(
        self, taken: "TakenShard", name: str, outcome: str, why: str, pause: int = 0, *, for_trouble: bool = False
    ) -> None:
        """Tell the queue, the log and the metrics what became of a shard. Raises ShardLost."""
        ignore_signals()  # half of a word to the queue would keep it waiting
        self._worker.demand(taken)
        if outcome == "done":
            taken.done()
        elif outcome == "failed":
            taken.failed(why)
        else:
            taken.give_back(pause, for_trouble=for_trouble)
        if outcome != "done":
            self._codes.add(LEFT)
            level = "error" if outcome == "failed" else "warning"
            say(f"{name}: {outcome.replace('-', ' ')}: {why}", f"shard-{outcome}", level, shard=taken.job, reason=why)
        if self._metrics is not None:
            self._metrics.add(outcome)


def _pause(before: int) -> int:
    """Seconds until a shard may be taken again that was given back some times before."""
    return int(min(_PAUSE * 2 ** min(before, 10), _LONGEST_PAUSE))


def _hear() -> None:
    """Hear signals again. Raises Ended if one came meanwhile."""
    missed = missed_signal()
    hear_signals()
    if missed is not None:
        raise Ended(missed)


def _measured(metrics: "Metrics | None") -> "WorkerMetrics | None":
    if metrics is None:
        return None
    from pnpc.deliver.metrics import WorkerMetrics

    return WorkerMetrics(metrics)


def _is_of_the_shard(why: str) -> bool:
    """Whether a push ended early for what is wrong, or over, with these messages: another worker would end so, too."""
    return why == SAME_REFUSAL or why.startswith(("the time of --not-after", "outside "))
