"""`pnpc listen`: receive LINE's webhook and callbacks of other targets, and keep what they say in the journals."""

import asyncio
import os
import re
import sys
import time
from typing import TYPE_CHECKING

import click

from pnpc.cli.common import HostName, needs, say, write
from pnpc.cli.delivering.options import LogFormatOption, MetricsOption, metrics_address
from pnpc.cli.delivering.reporting import served
from pnpc.cli.delivering.server import stop_signal, tell_of_trouble
from pnpc.cli.errors import CouldNotRun
from pnpc.compile.targets import TARGETS

if TYPE_CHECKING:
    from pnpc.deliver.metrics import Metrics
    from pnpc.deliver.webhooks.event_writer import EventWriter
    from pnpc.deliver.webhooks.receiver import Address, Receiver, Secrets


def _callback_secrets() -> list[tuple[str, str]]:
    """The targets that report deliveries by a callback, each with the variable of its secret."""
    callbacks = [(target.receiver, target.callback()) for target in TARGETS.values()]
    return [(receiver, callback.secret) for receiver, callback in callbacks if callback is not None]


HELP = """Receive LINE's webhook, and delivery reports of other targets: what says which messages have reached a person.

Prints its URL, then serves until SIGINT or SIGTERM. Each event goes to the journal that has its delivery tag: of all in
the project's folder, or of those that --journal names. It may be repeated, and may name files that push has not made yet,
or a folder with all its *.journal.db. A post is answered with 200 when its events are on the disk. The secrets that posts
are signed with are read from LINE_CHANNEL_SECRET{callbacks}; one of them is enough.

LINE posts to HTTPS only: put a proxy with a certificate in front (docs/status.md).

\b
Examples:
  pnpc listen                                      the project's journals
  pnpc listen --journal journals/ --port 8000 --path /line/webhook

Exit codes: 0 stopped, 2 could not run.
""".replace("{callbacks}", "".join(f", and for {receiver} from {name}" for receiver, name in _callback_secrets()))
_SECRET = "LINE_CHANNEL_SECRET"  # the name of a variable
_PATH = re.compile(r"/[\w.~%!$&'()*+,;=:@/-]*", re.ASCII)  # what may stand in a path of a URL (RFC 3986)
_NO_WEBHOOK = ("too-large", "too-slow", "cut-off", "not-json")
_REPORT = 10.0  # seconds between two lines about what came


@click.command("listen", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--journal", "journals", metavar="FILE|URL", multiple=True,
    help="A journal (a file or postgresql://…), or a folder; by default PNPC_JOURNAL, or the folder of the project's journal.",
)  # fmt: skip
@click.option("--host", type=HostName(), default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 chooses a free port.")
@click.option("--path", default="/webhook", show_default=True, help="The path that LINE posts to.")
@click.option("-v", "--verbose", is_flag=True, help="Log the id and tag of each event.")
@LogFormatOption
@MetricsOption
def command(journals: tuple[str, ...], host: str, port: int, path: str, verbose: bool, metrics: str | None) -> int:
    """Serve; gives the exit code."""
    needs("send")
    from pnpc.deliver.journal.records import JournalFailed
    from pnpc.deliver.webhooks.receiver import LOG, Address

    secrets = _secrets()
    if _PATH.fullmatch(path) is None:
        raise CouldNotRun(f"--path must be a path such as /webhook; found {path}")
    journals = journals or _of_project()
    _look_at(journals)
    tell_of_trouble(LOG)
    try:
        with served(None if metrics is None else metrics_address(metrics)) as measured:
            asyncio.run(_listen(secrets, journals, Address(host, port, path), measured, verbose=verbose))
    except JournalFailed as error:
        raise CouldNotRun(str(error)) from None
    return 0


def _secrets() -> "Secrets":
    """What posts are signed with, from the environment. Raises CouldNotRun where there is nothing."""
    from pnpc.deliver.webhooks.receiver import Secrets

    callbacks = {}
    for target in TARGETS.values():
        callback = target.callback()
        if callback is not None and (secret := os.environ.get(callback.secret, "").strip()):
            callbacks[callback.header] = (callback, secret)
    line = os.environ.get(_SECRET, "").strip() or None
    if line is None and not callbacks:
        others = "".join(f"; for {receiver} it is {name}" for receiver, name in _callback_secrets())
        raise CouldNotRun(
            f"{_SECRET} is not set: without the channel secret nothing shows that a post is LINE's{others}"
        )
    return Secrets(line, callbacks)


def _of_project() -> tuple[str, ...]:
    """The journal of the environment, or else the project's, and the folder it is in: of that all count that end as ours do."""
    from pnpc.project.inside import is_database
    from pnpc.project.journals import SUFFIX, journal_of

    if named := os.environ.get("PNPC_JOURNAL"):
        return (named,)
    journal = journal_of()
    if is_database(journal):
        return (journal,)
    folder = os.path.dirname(journal) or "."
    return (folder,) if journal.endswith(SUFFIX) else (journal, folder)


def _look_at(names: tuple[str, ...]) -> None:
    """Say which journals do not exist yet; refuse files that are not journals."""
    from pnpc.deliver import opening
    from pnpc.deliver.journal.records import JournalFailed
    from pnpc.deliver.journal.soundness import NotAJournal
    from pnpc.project.inside import is_database

    for name in names:
        if os.path.isdir(name):
            continue
        if not is_database(name) and not _is_file(name):
            continue
        try:
            with opening.open_beside(name) as journal:
                journal.demand_rights("listen")
        except (NotAJournal, JournalFailed) as error:
            raise CouldNotRun(str(error)) from None


def _is_file(name: str) -> bool:
    """Whether a file is there yet; said if it is not. Raises CouldNotRun for what can be no file."""
    if not name or (os.path.exists(name) and not os.path.isfile(name)):
        raise CouldNotRun(f"--journal must be a file or a folder; found {name or 'nothing'}")
    if not os.path.isdir(os.path.dirname(os.path.abspath(name))):
        raise CouldNotRun(f"can't find the folder of {name}")
    if not os.path.exists(name):
        say(f"pnpc: {name} does not exist yet; it is used as soon as a push makes it", "no-journal-yet")
        return False
    return True


async def _listen(
    secrets: "Secrets", journals: tuple[str, ...], address: "Address", metrics: "Metrics | None", *, verbose: bool
) -> None:
    from pnpc.deliver.journal.timestamps import now
    from pnpc.deliver.webhooks.event_writer import EventWriter
    from pnpc.deliver.webhooks.inbox import Inbox
    from pnpc.deliver.webhooks.receiver import Receiver, serve

    stop = stop_signal()
    writer = EventWriter(Inbox(journals, now(), _tell, hears_line=secrets.line is not None), now, _tell)
    receiver = Receiver(secrets, writer, now, _tell, _see if verbose else _pass_over)
    if metrics is not None:
        from pnpc.deliver.metrics import ListenMetrics

        ListenMetrics(metrics, receiver, writer)
    reports = asyncio.create_task(_report(receiver, writer))
    try:
        await serve(receiver, writer, address, stop, _began)
    finally:
        reports.cancel()
    said = ", ".join(f"{words} {count:,}" for words, count in _lines(receiver, writer).items())
    say(f"pnpc: {said or 'nothing came'}", "finished", **_counts(receiver, writer))


async def _report(receiver: "Receiver", writer: "EventWriter") -> None:
    """Say every few seconds what has come in all, if it is more than before."""
    written: dict[str, int] = {}
    while True:
        await asyncio.sleep(_REPORT)
        if (lines := _lines(receiver, writer)) != written:
            written = lines
            said = ", ".join(f"{words} {count:,}" for words, count in lines.items())
            say(f"{time.strftime('%H:%M:%SZ', time.gmtime())} {said}", "received", **_counts(receiver, writer))


def _counts(receiver: "Receiver", writer: "EventWriter") -> dict[str, int]:
    """What has come, for programs: by names that docs/running.md describes."""
    posts = {f"posts_{outcome.replace('-', '_')}": count for outcome, count in receiver.posts.items()}
    return {**writer.total._asdict(), "others": receiver.others, **posts}


def _lines(receiver: "Receiver", writer: "EventWriter") -> dict[str, int]:
    """What has come, in words and numbers; no tags, for they may hold order numbers."""
    total, posts = writer.total, receiver.posts
    counts = (
        (total.new, "deliveries"),
        (total.duplicates, "duplicates"),
        (total.strangers, "of no journal"),
        (total.shared, "of several journals (no proof)"),
        (receiver.others, "other events"),
        (posts["unsigned"] + posts["wrongly-signed"], "posts not properly signed"),
        (sum(posts[kind] for kind in _NO_WEBHOOK), "posts that are not a webhook"),
        (posts["not-kept"], "posts not kept"),
    )
    return {words: count for count, words in counts if count}


def _began(url: str) -> None:
    say("", "listening", url=url)
    write(f"{url}\n")
    sys.stdout.flush()


def _tell(line: str) -> None:
    say(f"pnpc: {line}", "trouble", "warning")


def _see(id: str, tag: str) -> None:
    say(f"{id} {tag}", "event", id=id, tag=tag)


def _pass_over(_id: str, _tag: str) -> None:
    pass
