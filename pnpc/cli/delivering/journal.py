"""`pnpc journal`: the memory of all that was sent, looked at and cared for."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

import click

from pnpc.cli.common import count_of, say, write
from pnpc.cli.delivering.options import JournalOption
from pnpc.cli.errors import CouldNotRun
from pnpc.cli.journals import chosen
from pnpc.deliver.journal.timestamps import iso, now
from pnpc.project.files import shown
from pnpc.project.inside import is_database

if TYPE_CHECKING:
    from pnpc.deliver.journal.any_journal import AnyJournal
    from pnpc.deliver.journal.care import ShownAttempt, Unknown
    from pnpc.deliver.journal.runs import PushRun

HELP = """List the pushes of a journal, look a message up, settle what is unknown, forget what names people.

\b
Examples:
  pnpc journal create postgresql://me@db.example/shop      a journal that several machines share
  pnpc journal list
  pnpc journal show shipment-A1B2C3D4              a delivery tag, a row (orders.csv:12), or an id
  pnpc journal settle shipment-A1B2C3D4 --as sent --reason "the customer has it"
  pnpc journal hold shipment.jsonl                 after the journal was restored from a backup
  pnpc journal purge --older-than 90
"""
_HELP_OPTIONS = {"help_option_names": ["-h", "--help"]}
_FORMAT = click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
_OUTCOMES: dict[str, Literal["accepted", "not_sent"]] = {"sent": "accepted", "not-sent": "not_sent"}


@click.group("journal", help=HELP, context_settings=_HELP_OPTIONS)
def command() -> None:
    """The group of journal commands."""


@command.command("create", context_settings=_HELP_OPTIONS)
@click.argument("url")
def create(url: str) -> None:
    """Make a journal in a database of PostgreSQL, at a URL such as postgresql://me@db.example/shop. Nothing is changed if it is there.

    A push makes no journal there: one that is missing may have been lost, and would know of nothing that was sent. A journal
    in a file is made by the first push.

    \b
    Examples:
      pnpc journal create postgresql://me@db.example/shop
    """
    from pnpc.deliver import opening
    from pnpc.deliver.journal.records import JournalFailed
    from pnpc.deliver.journal.soundness import NotAJournal

    if not is_database(url):
        raise click.UsageError("name a database by its URL: postgresql://USER@HOST/DATABASE")
    try:
        is_new = opening.create(url)
    except (NotAJournal, JournalFailed) as error:
        raise CouldNotRun(str(error)) from None
    name = opening.shown_name(url)
    say(f"made the journal {name}" if is_new else f"the journal {name} is there already")


@command.command("list", context_settings=_HELP_OPTIONS)
@JournalOption
@_FORMAT
def list_runs(journal: str | None, format_: str) -> None:
    """List all pushes: when, from which file, to where, and what they left.

    \b
    Examples:
      pnpc journal list
      pnpc journal list --format json
    """
    with _readable(journal) as opened:
        runs = opened.runs()
    if format_ == "json":
        write(json.dumps({"version": 1, "runs": [_as_json(run) for run in runs]}, ensure_ascii=False, indent=2) + "\n")
        return
    from pnpc.cli.table import table

    rows = [(f"{run.run:>3}", iso(run.at), run.file, run.api, f"{run.lines:>9,}", _left(run)) for run in runs]
    write(table(("RUN", "BEGAN", "FILE", "TO", " MESSAGES", "LEFT"), rows))


@command.command("show", context_settings=_HELP_OPTIONS)
@click.argument("message")
@JournalOption
@_FORMAT
def show(message: str, journal: str | None, format_: str) -> int:
    """Show every attempt of a MESSAGE: named by its delivery tag, its row (FILE:LINE), the beginning of its id, or its name at the target (message_id).

    \b
    Examples:
      pnpc journal show shipment-A1B2C3D4
      pnpc journal show orders.csv:12
      pnpc journal show 8b880cdb --format json

    Exit codes: 0 found, 1 the journal has no such message, 2 could not run.
    """
    from pnpc.deliver.journal.care import find

    with _readable(journal) as opened:
        attempts = list(find(opened, message))
    if format_ == "json":
        times = [{**tried._asdict(), "at": iso(tried.at), "delivered": _time(tried.delivered)} for tried in attempts]
        write(json.dumps(times, ensure_ascii=False, indent=2) + "\n")
    else:
        write("\n".join(map(_described, attempts)))
    if not attempts:
        say(f"no message {message}: a delivery tag, a row (FILE:LINE), or at least 8 characters of an id")
    return 0 if attempts else 1


@command.command("settle", context_settings=_HELP_OPTIONS)
@click.argument("messages", nargs=-1, metavar="MESSAGE...")
@click.option("--run", "number", type=click.IntRange(1), metavar="N", help="All unknown messages of a push.")
@click.option("--as", "outcome", type=click.Choice(list(_OUTCOMES)), required=True, help="What you found out.")
@click.option("--reason", required=True, metavar="TEXT", help="How you know. It is kept.")
@JournalOption
def settle(messages: tuple[str, ...], number: int | None, outcome: str, reason: str, journal: str | None) -> int:
    """Say what became of messages whose answer was lost: `sent`, or `not-sent`, which the next push sends again.

    \b
    Examples:
      pnpc journal settle shipment-A1B2C3D4 --as sent --reason "seen on the customer's phone"
      pnpc journal settle --run 12 --as not-sent --reason "LINE's count of that day is 0"

    Exit codes: 0 done, 1 nothing is unknown, 2 could not run.
    """
    from pnpc.deliver.journal import care

    if bool(messages) == (number is not None):
        raise click.UsageError("name messages, or a push with --run")
    with _writable(journal) as opened:
        opened.wait_for_silent(say)
        if number is not None:
            unknown = care.unknown_of_run(opened, number)
        else:
            unknown = [attempt for word in messages for attempt in _unknown_of_one(opened, word)]
        care.settle(opened, unknown, _OUTCOMES[outcome], reason, now())
    say(f"{count_of(len(unknown), 'attempt')} settled as {outcome}" if unknown else "nothing unknown is named so")
    return 0 if unknown else 1


def _unknown_of_one(journal: "AnyJournal", word: str) -> "list[Unknown]":
    """The lost attempts of the one message that a word names. Raises CouldNotRun where it names several: a row of a table
    that is written again each day, or a tag that many share."""
    from pnpc.deliver.journal.care import unknown_of

    unknown = unknown_of(journal, word)
    if (messages := len({attempt.message for attempt in unknown})) > 1:
        raise CouldNotRun(f"{word} names {messages:,} messages; name one by its id (pnpc journal show {word})")
    return unknown


@command.command("purge", context_settings=_HELP_OPTIONS)
@click.option(
    "--older-than", "days", type=click.IntRange(1), metavar="DAYS", required=True, help="Since the last attempt."
)
@JournalOption
def purge(days: int, journal: str | None) -> None:
    """Forget tags, rows, LINE's words, request ids and events of old messages. That they were sent is never forgotten.

    What is unknown stays whole until it is settled. Copies and backups of the file are not changed.

    \b
    Examples:
      pnpc journal purge --older-than 90
    """
    from pnpc.deliver.journal import care

    with _writable(journal) as opened:
        number = care.purge(opened, days, now())
    say(f"{count_of(number, 'attempt')} forgotten: {days} days old or more")


@command.command("hold", context_settings=_HELP_OPTIONS)
@click.argument("payloads", nargs=-1, required=True, metavar="PAYLOADS...", type=click.Path())
@click.option("--api-url", metavar="URL", help="They were sent to this host instead.")
@JournalOption
def hold(payloads: tuple[str, ...], api_url: str | None, journal: str | None) -> None:
    """Hold what may have been sent though the journal does not know: after it was restored from a backup.

    Every message of the payload files that the journal would send is unknown from then on: it is not sent again, until an
    event shows what became of it, you settle it, or you push with --resend-unknown. Nothing is sent.

    \b
    Examples:
      pnpc journal hold shipment.jsonl                 what was pushed since the backup was made
    """
    from pnpc.cli.delivering.push import api_for
    from pnpc.cli.delivering.run import surveyed
    from pnpc.deliver.holding import hold as hold_all

    with surveyed(payloads) as artifact, _writable(journal) as opened:
        number = hold_all(artifact, api_for(artifact, api_url), opened, now())
    say(f"{count_of(number, 'message')} held: they may or may not have been sent")


@contextmanager
def _readable(named: str | None) -> "Iterator[AnyJournal]":
    from pnpc.deliver import opening
    from pnpc.deliver.journal.records import JournalFailed
    from pnpc.deliver.journal.soundness import NotAJournal

    try:
        with opening.read(chosen(named)) as journal, journal.snapshot():
            yield journal
    except (NotAJournal, JournalFailed) as error:
        raise CouldNotRun(str(error)) from None


@contextmanager
def _writable(named: str | None) -> "Iterator[AnyJournal]":
    """The journal: a file while no push and no sender is using it. A request of theirs that is under way has no result yet, and
    what they are about to send again is unknown, too: to settle either is to send a message twice. A database keeps both apart."""
    from pnpc.deliver import opening
    from pnpc.deliver.journal.owner import Owned
    from pnpc.deliver.journal.records import JournalFailed
    from pnpc.deliver.journal.soundness import NotAJournal

    name = chosen(named)
    if not is_database(name) and not os.path.exists(name):
        raise CouldNotRun(f"no journal {shown(name)}")
    try:
        with opening.to_care(name) as journal:
            yield journal
    except Owned as error:
        raise CouldNotRun(f"{error}: close it first") from None
    except (NotAJournal, JournalFailed) as error:
        raise CouldNotRun(str(error)) from None


def _as_json(run: "PushRun") -> dict[str, Any]:
    return {
        "run": run.run, "at": iso(run.at), "file": run.file, "target": run.target, "api": run.api, "channel": run.channel,
        "messages": run.lines, "remaining": run.remaining, "unknown": run.unknown,
    }  # fmt: skip


def _left(run: "PushRun") -> str:
    """What a push left to be done."""
    if run.remaining is None:
        return "cut off, or running"
    left = [f"{run.remaining:,} to send"] if run.remaining else []
    left += [f"{run.unknown:,} unknown"] if run.unknown else []
    return ", ".join(left) or "nothing"


def _described(tried: "ShownAttempt") -> str:
    """An attempt in a few lines."""
    from pnpc.compile.targets import receiver
    from pnpc.deliver.standing.summary import words

    says = words(tried.answer, tried.target) if tried.outcome != "accepted" else None
    lines = [f"{tried.id}  run {tried.run}, attempt {tried.attempt}, {iso(tried.at)}: {tried.outcome}"]
    why = " ".join(str(part) for part in (tried.status, tried.reason) if part)
    facts = {
        "tag": tried.tag, "row": tried.row, "line": str(tried.line), "why": why if tried.outcome != "accepted" else "",
        f"{receiver(tried.target)} says": says, "request id": tried.request_id, "message id": tried.message_id,
        "delivered": _time(tried.delivered), "reported": tried.reported,
    }  # fmt: skip
    return "\n".join([*lines, *(f"  {name}: {value}" for name, value in facts.items() if value)]) + "\n"


def _time(at: int | None) -> str | None:
    return None if at is None else iso(at)
