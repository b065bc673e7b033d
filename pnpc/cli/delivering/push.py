"""`pnpc push`: requests to LINE, each of them once."""

import datetime
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import click

from pnpc.cli.common import CatalogOption, ConfigOption, Finite, IsolatedOption, needs, wants_color
from pnpc.cli.delivering.options import (
    ColorOption,
    FormatOption,
    JournalOption,
    LogFormatOption,
    MetricsOption,
    channel_option,
    metrics_address,
)
from pnpc.cli.delivering.push_table import compiled
from pnpc.cli.delivering.queueing import (
    SHARD,
    QueuePlan,
    demand_files,
    demand_queue,
    demand_shared,
    enqueue,
    rehearse,
)
from pnpc.cli.delivering.reporting import EVERY, Reporting, served
from pnpc.cli.delivering.run import Pushing, surveyed
from pnpc.cli.delivering.secrets import secret_of, tokens_of
from pnpc.cli.delivering.stages import (
    country_of_recipients,
    demand_payloads,
    listed_people,
    lists_of_people,
    sending_hours,
)
from pnpc.cli.errors import CouldNotRun
from pnpc.compile.targets import DEFAULT, TARGETS
from pnpc.deliver.sending.address import BadAddress, api_of
from pnpc.deliver.sending.artifact import Artifact
from pnpc.deliver.sending.credentials import variables
from pnpc.deliver.sending.engine import SendSettings
from pnpc.deliver.sending.options import SendOptions
from pnpc.deliver.sending.push import PushPlan
from pnpc.deliver.sending.rate import BadRate, chosen_rate
from pnpc.project.config import Given
from pnpc.project.files import shown
from pnpc.project.journals import journal_of, project_config
from pnpc.project.workspace import Workspace

DAY = 86_400  # seconds


def whose_secrets() -> str:
    """Which variables hold the secrets of each target, in words."""
    named = {target: " or ".join(variables(target)) for target in TARGETS.values()}
    words = [
        names if target.name == DEFAULT else f"for {target.receiver} from {names}" for target, names in named.items()
    ]
    return ", ".join(words)


HELP = f"""Send compiled requests, and never notify a person twice.

PAYLOADS is what `pnpc compile` writes (.jsonl, also .gz or .zst; `-` is standard input), one file or several; or a spec, with --recipients:
then it is compiled first. Every line is checked before the first is sent. The access token is read from {whose_secrets()}; it is never an argument.

\b
Examples:
  pnpc push shipment.jsonl --dry-run              what would be sent, and how long it takes
  pnpc push shipment.jsonl                        send; the same again sends what is left
  pnpc push shipment.jsonl reminder.jsonl.zst     several files in one run
  pnpc push shipment.jsonl --api-url http://127.0.0.1:8080      to the emulator
  pnpc push shipment.yaml --recipients orders.csv compile and send
  pnpc push shipment.jsonl --only testers.txt     to these people first
  pnpc push shipment.jsonl --hours 09:00-20:00    in these hours of the recipients' country
  pnpc push shipment.jsonl --resend-unknown       also what may have been sent already
  pnpc push out/*.jsonl.zst --queue --journal postgresql://db/pnpc      for the workers (pnpc worker)
  pnpc push shipment.jsonl --log-format json --metrics 127.0.0.1:9464      for a log and for Prometheus

The project's journal (pnpc.journal.db, or a database: postgresql://…) knows every message that was sent: it is not sent again, from
whatever file, copy or table it comes. The same words go to the same people again under another --campaign. A message whose answer was lost is
unknown: it may have been sent, so it is sent again only with --resend-unknown. SIGINT and SIGTERM stop sending and wait
for pending answers; a second signal does not wait.

Exit codes: 0 all accepted, 2 could not run, 4 some were refused, 5 stopped with work left or with unknown outcomes.
"""


@click.command("push", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("payloads", metavar="PAYLOADS...|SPEC", nargs=-1, required=True, type=click.Path())
@click.option("--recipients", metavar="FILE", help="A table: PAYLOADS is then a spec, which is compiled with it first.")
@click.option("--recipients-format", metavar="FORMAT", help="The format of the table; see pnpc compile.")
@click.option(
    "--target",
    type=click.Choice(list(TARGETS)),
    default=DEFAULT,
    show_default=True,
    help="The target that a spec is compiled for.",
)
@click.option("--keep", is_flag=True, help="Keep the payload file that a spec was compiled to.")
@click.option(
    "--campaign", metavar="NAME", help="A name for a spec's messages: with another one, the same words go out again."
)
@JournalOption
@click.option("--api-url", metavar="URL", help="Send to this host instead: the emulator. Scheme, host and port.")
@click.option(
    "--rate",
    type=click.IntRange(min=1),
    metavar="N",
    help="Requests a second, at most; by default LINE's limit, or the target's.",
)
@click.option(
    "--concurrency", type=click.IntRange(1, 10_000), default=200, show_default=True, metavar="N",
    help="Requests under way at once, at most.",
)  # fmt: skip
@click.option("--resend-unknown", is_flag=True, help="Send again what may have been sent already.")
@click.option(
    "--send-changed", is_flag=True,
    help="Send also what has a delivery tag that the same person was sent before, in other words.",
)  # fmt: skip
@click.option(
    "--not-after",
    metavar="TIME",
    help="Send nothing from this time on: 2026-11-22T21:00+09:00, with its offset from UTC.",
)
@click.option(
    "--hours", metavar="09:00-20:00",
    help="Send only in these hours of the recipients' country; 22:00-02:00 goes over midnight.",
)  # fmt: skip
@click.option(
    "--outside", type=click.Choice(["wait", "stop"]), default="wait", show_default=True,
    help="What to do outside --hours.",
)  # fmt: skip
@click.option(
    "--only", metavar="FILE", type=click.Path(),
    help="Send only to these people: a phone number or digest a line. Default: the config's `only`.",
)  # fmt: skip
@channel_option(
    "A name for the channel that sends: the journal recognizes it when tokens change; with --queue, for its workers only."
)
@click.option("-q", "--quiet", is_flag=True, help="Show neither a progress bar nor progress lines.")
@click.option(
    "--progress", type=Finite(0, DAY), default=EVERY, show_default=True, metavar="SECONDS", envvar="PNPC_PROGRESS",
    show_envvar=True, help="Without a terminal, say every few seconds how far it is; 0: never.",
)  # fmt: skip
@LogFormatOption
@MetricsOption
@click.option(
    "--queue", is_flag=True, help="Send nothing here: queue the files for `pnpc worker`. Needs a journal in PostgreSQL."
)
@click.option(
    "--shard-lines", type=click.IntRange(min=1), default=SHARD, show_default=True, metavar="N",
    help="With --queue: lines that one worker takes at once; rounded up to thousands.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Check the file and show what would be sent; needs no token.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation on a terminal.")
@click.option("--allow-empty", is_flag=True, help="Exit with 0 if the file has no lines.")
@FormatOption
@ColorOption
@CatalogOption
@ConfigOption
@IsolatedOption
def command(
    payloads: tuple[str, ...],
    recipients: str | None,
    recipients_format: str | None,
    target: str,
    keep: bool,
    campaign: str | None,
    journal: str | None,
    api_url: str | None,
    rate: int | None,
    concurrency: int,
    resend_unknown: bool,
    send_changed: bool,
    not_after: str | None,
    hours: str | None,
    outside: Literal["wait", "stop"],
    only: str | None,
    channel: str | None,
    quiet: bool,
    progress: float,
    metrics: str | None,
    queue: bool,
    shard_lines: int,
    dry_run: bool,
    yes: bool,
    allow_empty: bool,
    format_: str,
    color: str,
    catalogs: tuple[str, ...],
    config: str | None,
    isolated: bool,
) -> int:
    """Push; gives the exit code."""
    needs("send")
    if queue:
        demand_queue(payloads, recipients, channel)
    end = _time(not_after) if not_after else None
    given = Given(catalogs, journal=journal)
    workspace = Workspace(config, isolated, given=given)
    with (
        _payloads(payloads, recipients, recipients_format, target, campaign, catalogs, config, isolated, keep) as names,
        surveyed(names) as artifact,
        served(None if dry_run or metrics is None else metrics_address(metrics)) as measured,
    ):
        if recipients is not None:
            artifact = artifact._replace(name=f"{payloads[0]} and {recipients}")
        if not artifact.messages and not allow_empty:
            raise CouldNotRun(f"no messages in {', '.join(map(shown, payloads))}; if that is right, add --allow-empty")
        api = api_for(artifact, api_url)
        settings = SendSettings(api, _rate(artifact, rate, api), concurrency, end)
        # --config and --isolated are about compiling: memory and list are the project's, whatever a run is compiled with.
        configs = (workspace.settings("").config, project_config(given))
        if hours is not None:
            settings = settings._replace(hours=sending_hours(hours, artifact, configs, outside))
        lists, country = lists_of_people(only, configs), country_of_recipients(artifact, configs)
        memory = journal or journal_of(None if settings.api in artifact.apis else settings.api)
        if queue:
            demand_shared(memory)
            demand_files(lists)
        options = SendOptions(resend_unknown, send_changed, listed_people(lists, artifact.kind, country))
        plan = QueuePlan(artifact, settings, options, lists, country, channel, shard_lines)
        pushing = Pushing(
            artifact, memory, Reporting(quiet, progress, measured), as_json=format_ == "json", sends=not queue
        )
        if dry_run or not artifact.messages:
            return rehearse(pushing, plan) if queue else pushing.rehearse(settings, options)
        if not yes:
            pushing.ask(settings, options, "Queue for the workers?" if queue else "Send?")
        if queue:
            return enqueue(pushing, plan, memory, as_json=format_ == "json")
        secret = secret_of(artifact.kind)
        tokens = tokens_of(secret, None if settings.api in artifact.apis else settings.api)
        push_plan = PushPlan(artifact, secret, settings, channel, resend_unknown, tokens=tokens)
        return pushing.run(push_plan, options, workspace, color=wants_color(sys.stderr, color))


@contextmanager
def _payloads(
    names: tuple[str, ...], recipients: str | None, format: str | None, target: str, campaign: str | None,
    catalogs: tuple[str, ...], config: str | None, isolated: bool, keep: bool,
) -> Iterator[tuple[str, ...]]:  # fmt: skip
    """The payload files: those that are named, or what a spec and a table are compiled to."""
    if recipients is None:
        demand_payloads(names)
        if campaign is not None:
            raise CouldNotRun("--campaign is for a spec; payloads have the campaign that they were compiled with")
        yield names
        return
    if len(names) > 1:
        raise CouldNotRun("--recipients is for one spec; compile several, then push their payloads together")
    options = ["--target", target, "--allow-empty", *(["--recipients-format", format] if format else [])]
    options += ["--campaign", campaign] if campaign is not None else []
    options += [word for catalog in catalogs for word in ("--catalog", catalog)]
    options += [*(["--config", config] if config else []), *(["--isolated"] if isolated else [])]
    with compiled(names[0], recipients, options, keep=keep) as file:
        yield (file,)


def _time(text: str) -> float:
    """Seconds since 1970 of a time with its offset: the machine's own time zone is often not the one that people mean."""
    try:
        time = datetime.datetime.fromisoformat(text)
    except ValueError:
        time = None
    if time is not None and time.tzinfo is not None and time.timestamp() >= 0:
        return time.timestamp()
    raise CouldNotRun("--not-after must be a time with its offset from UTC, like 2026-11-22T21:00+09:00")


def api_for(artifact: Artifact, url: str | None) -> str:
    """The address that payloads go to: one that is named, or their own. Raises CouldNotRun."""
    try:
        return api_of(url) if url is not None else next(iter(artifact.apis), "")
    except BadAddress as error:
        raise CouldNotRun(str(error)) from None


def _rate(artifact: Artifact, rate: int | None, api: str) -> int:
    try:
        return chosen_rate(artifact.kind, rate, is_own=api in artifact.apis)
    except BadRate as error:
        raise CouldNotRun(f"--{error}") from None
