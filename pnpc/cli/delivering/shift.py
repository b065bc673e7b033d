"""What a worker does from its beginning to its end: shard after shard is pushed, and the queue hears how each ended."""

from time import sleep
from typing import TYPE_CHECKING

from pnpc.cli.common import count_of, say
from pnpc.cli.delivering.reporting import Reporting
from pnpc.cli.delivering.run import REFUSED, Pushing
from pnpc.cli.delivering.shard_push import push
from pnpc.cli.errors import LEFT, CouldNotRun
from pnpc.cli.signals import Ended, hear_signals, ignore_signals, missed_signal
from pnpc.deliver.queue.shards import BadShard, Shard, read
from pnpc.deliver.sending.outcomes import StopKind
from pnpc.project.files import CouldNotRead, shown

if TYPE_CHECKING:
    from pnpc.deliver.metrics import Metrics, WorkerMetrics
    from pnpc.deliver.queue.member import ShardOutcome, ShardVerdict
    from pnpc.deliver.queue.shards import GiveBackCause
    from pnpc.deliver.queue.worker import ShardWorker, TakenShard

_TRIES = 5  # of a shard whose messages can't be sent: then a person must look at it
# Seconds until a shard that was given back for trouble is taken again: twice as long each time.
_PAUSE, _LONGEST_PAUSE = 10, 600
_AGAIN = (1.0, 2.0, 4.0)  # seconds before each further push of a shard whose journal could not be reached just then
# What ends a push early for what is wrong, or over, with these messages: another worker would end so, too.
_OF_THE_SHARD: tuple[StopKind, ...] = ("deadline", "hours", "refusals")


class WorkerTrouble(Exception):
    """This worker can send no shard. Its text is one line for people."""


class WorkerShift:
    """What one worker does until it ends."""

    def __init__(
        self, journal: str, worker: "ShardWorker", reporting: Reporting, *, as_json: bool, color: bool
    ) -> None:
        self._journal, self._worker, self._reporting = journal, worker, reporting
        self._as_json, self._color = as_json, color
        self._codes: set[int] = set()
        self._has_taken = False
        self._metrics = _measured(reporting.metrics)

    def run(self, patience: float, channel: str | None, *, once: bool) -> int:
        """Take shards until there are none, a signal comes, or this worker can send none; gives the exit code. Raises QueueFailed
        where the queue could not be used from the beginning, ShardLost."""
        from pnpc.deliver.queue.broker import QueueFailed

        try:
            of = "" if channel is None else f" of {shown(channel)}"
            say(f"waiting for shards{of}; silent for {patience:g} seconds counts as dead", "waiting", patience=patience)
            self._take_all()
        except Ended as error:
            say(f"stopped by {error}", "stopped", "warning", reason=f"stopped by {error}")
            self._codes |= {LEFT} if once else set()
        except WorkerTrouble as error:
            say(f"stopped: this worker ends: {error}", "stopped", "error", reason=str(error))
        except QueueFailed as error:
            if not self._has_taken:
                raise
            self._codes.add(LEFT)
            say(f"stopped: {error}", "stopped", "error", reason=str(error))
        finally:
            ignore_signals()  # the queue hears that this worker leaves, for some seconds at most
        return next((code for code in (LEFT, REFUSED) if code in self._codes), 0)

    def _take_all(self) -> None:
        """Raises Ended, WorkerTrouble, QueueFailed, ShardLost."""
        while (taken := self._worker.take()) is not None:
            self._has_taken = True
            self._work(taken)
            _hear()
        if left := str(self._worker.left or ""):
            self._codes.add(LEFT)
            say(f"stopped: not all is sent: {left}", "stopped", "warning", reason=left)

    def _work(self, taken: "TakenShard") -> None:
        """Send a shard, and tell the queue. Raises WorkerTrouble where this worker can send none, Ended after a signal, QueueFailed,
        ShardLost."""
        from pnpc.deliver.queue.member import ShardLost

        name = f"shard {taken.number}"
        shard = None
        try:
            try:
                shard = read(taken.said)
                name = f"{name}, {shard.name}"
                text = f"{name}: {count_of(shard.messages, 'message')}"
                say(text, "shard", shard=taken.number, messages=shard.messages)
                code, pushing = self._push(shard)
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

    def _push(self, shard: Shard) -> tuple[int, Pushing]:
        """Send a shard; again, where the journal could not be reached just then: the same push once more sends what is left. Raises
        BadShard, CouldNotRun, CouldNotRead, OSError, Ended."""
        for pause in (*_AGAIN, None):
            code, pushing = push(shard, self._journal, self._reporting, as_json=self._as_json, color=self._color)
            stopped = pushing.stopped
            if pause is None or stopped is None or stopped.kind != "away" or stopped.signal:
                break
            _hear()
            sleep(pause)
        return code, pushing

    def _judge(self, taken: "TakenShard", name: str, code: int, pushing: Pushing) -> None:
        """What the end of a push means for its shard."""
        stopped = pushing.stopped
        if stopped is None:
            self._codes.add(code)
            self._end(taken, name, pushing.left or 0, pushing.held)
        elif stopped.kind == "signal" or (stopped.kind == "away" and stopped.signal):
            self._note(taken, name, "given-back", stopped.text)
        elif stopped.kind in _OF_THE_SHARD:
            self._note(taken, name, "failed", stopped.text)
        else:
            self._give_back(taken, name, stopped.text)
        if stopped is not None and stopped.signal:
            raise Ended(stopped.signal)

    def _end(self, taken: "TakenShard", name: str, left: int, held: int) -> None:
        """A push has tried all messages of a shard: it is done if none is left, and none is held, about which a person must say more."""
        why = f"{count_of(left, 'message')} left that certainly were not sent, or that another sender has under way"
        if not left and held:
            whose = f"{count_of(held, 'message')} held, whose recipients were sent the same in other words"
            self._note(taken, name, "failed", f"{whose}; to send: queue the file again with --send-changed")
        elif not left:
            self._note(taken, name, "done", "")
        elif taken.given_back.left + 1 < _TRIES:
            self._note(taken, name, "given-back", why, _pause(taken.given_back.left), "left")
        else:
            self._note(taken, name, "failed", f"{why}, {_TRIES} times")

    def _give_back(self, taken: "TakenShard", name: str, why: str) -> None:
        """What is wrong is wrong with this worker, or with what it needs: the shard stays, however often. Raises WorkerTrouble."""
        self._note(taken, name, "given-back", why, _pause(taken.given_back.trouble), "trouble")
        raise WorkerTrouble(why)

    def _queue_again(self, shard: Shard, name: str) -> None:
        """Another worker has the shard, and may end it before anybody knows what this one has not sent. What was sent is not sent again."""
        from pnpc.deliver.queue.broker import QueueFailed, enqueue

        try:
            enqueue(self._journal, [shard])
        except QueueFailed as error:
            say(f"{name}: {error}: queue its file again", "shard-lost", "error", reason=str(error))

    def _note(
        self, taken: "TakenShard", name: str, outcome: "ShardOutcome", why: str, pause: int = 0,
        cause: "GiveBackCause" = "stopped",
    ) -> None:  # fmt: skip
        """Tell the queue, the log and the metrics what became of a shard. Raises QueueFailed, ShardLost."""
        from pnpc.deliver.queue.member import ShardVerdict

        ignore_signals()  # half of a word to the queue would keep it waiting
        self._settle(taken, name, ShardVerdict(outcome, pause, cause))
        if outcome != "done":
            self._codes.add(LEFT)
            level = "error" if outcome == "failed" else "warning"
            say(
                f"{name}: {outcome.replace('-', ' ')}: {why}", f"shard-{outcome}", level, shard=taken.number, reason=why
            )
        if self._metrics is not None:
            self._metrics.add(outcome)

    def _settle(self, taken: "TakenShard", name: str, verdict: "ShardVerdict") -> None:
        """Tell the queue what became of a shard. Raises QueueFailed, ShardLost."""
        from pnpc.deliver.queue.broker import QueueFailed

        try:
            self._worker.settle(taken, verdict, lambda: missed_signal() is not None)
        except QueueFailed as error:
            what = verdict.outcome.replace("-", " ")
            say(
                f"{name}: {what}, and the queue does not know it: when this worker counts as dead, another one takes the shard, and"
                " sends what was not sent",
                "shard-lost", "warning", shard=taken.number, reason=str(error),
            )  # fmt: skip
            raise


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
