"""`pnpc worker`: sends the shards that `pnpc push --queue` has queued."""

import sys

import click

from pnpc.cli.common import Finite, needs, say, wants_color
from pnpc.cli.delivering.options import (
    ColorOption,
    FormatOption,
    JournalOption,
    LogFormatOption,
    MetricsOption,
    channel_option,
    metrics_address,
)
from pnpc.cli.delivering.push import DAY, whose_secrets
from pnpc.cli.delivering.queueing import demand_channel
from pnpc.cli.delivering.reporting import EVERY, Reporting, served
from pnpc.cli.delivering.shift import WorkerShift
from pnpc.cli.errors import LEFT, CouldNotRun
from pnpc.cli.journals import chosen
from pnpc.deliver.journal.records import JournalFailed
from pnpc.deliver.journal.soundness import NotAJournal
from pnpc.deliver.opening import silence
from pnpc.project.files import shown
from pnpc.project.inside import is_database

HELP = f"""Send the shards that `pnpc push --queue` has queued, on this machine, beside workers on others.

All workers share one journal in PostgreSQL, the rate of the channel, and the queue; each must be able to read the payload files
by the paths with which they were queued. A worker takes the shards of one channel: those that were queued with its --channel.
The access token is read from {whose_secrets()}; it is never an argument. The shard of a worker that died goes to another one, and
what it had under way is unknown; a worker that was silent for so long that it counts as dead sends nothing more.

\b
Examples:
  pnpc worker --journal postgresql://db/pnpc             send, and wait for more, until a signal comes
  pnpc worker --journal postgresql://db/pnpc --once      send what is queued, then end: for cron, or a Job of Kubernetes
  pnpc worker --journal postgresql://db/pnpc --channel shop      what `pnpc push --queue --channel shop` queued
  pnpc worker --log-format json --metrics 0.0.0.0:9464   for a log and for Prometheus (PNPC_JOURNAL names the journal)

With --once it waits for the shards that other workers are sending, and takes over those of workers that die. SIGINT and
SIGTERM stop sending, wait for pending answers and give the shard back; a second signal does not wait.

Exit codes: 0 all accepted (with --once: and no shard of the channel is left), 2 could not run, 4 some were refused, 5 stopped with
work left or with unknown outcomes (the same command later sends what is left).
"""


@click.command("worker", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@JournalOption
@channel_option("Take only the shards that were queued with this --channel; without it, only those queued without one.")
@click.option(
    "--once", is_flag=True,
    help="End when no shard is queued or running; with exit code 5 where some can't be taken yet. By default, wait for more.",
)  # fmt: skip
@click.option("-q", "--quiet", is_flag=True, help="Show neither a progress bar nor progress lines.")
@click.option(
    "--progress", type=Finite(0, DAY), default=EVERY, show_default=True, metavar="SECONDS", envvar="PNPC_PROGRESS",
    show_envvar=True, help="Without a terminal, say every few seconds how far it is; 0: never.",
)  # fmt: skip
@LogFormatOption
@MetricsOption
@FormatOption
@ColorOption
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
    from pnpc.deliver.queue.member import ShardLost
    from pnpc.deliver.queue.worker import ShardWorker

    demand_channel(channel)
    name = chosen(journal)
    if not is_database(name):
        raise CouldNotRun(f"a worker needs a journal that workers share: --journal postgresql://…; found {shown(name)}")
    patience = _patience(name)
    with served(None if metrics is None else metrics_address(metrics)) as measured:
        reporting = Reporting(quiet, progress, measured)
        try:
            with ShardWorker(name, patience, channel, _say_waiting, waits=not once) as worker:
                shift = WorkerShift(
                    name, worker, reporting, as_json=format_ == "json", color=wants_color(sys.stderr, color)
                )
                return shift.run(patience, channel, once=once)
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


def _say_waiting(text: str) -> None:
    say(text, "waiting", "warning")
