"""`pnpc status`: what became of every message of a journal."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from pnpc.cli.common import Finite, count_of, write
from pnpc.cli.delivering.options import JournalOption
from pnpc.cli.errors import CouldNotRun
from pnpc.cli.journals import chosen
from pnpc.compile.targets import DEFAULT
from pnpc.deliver.journal.timestamps import SECOND, iso, now
from pnpc.deliver.standing.statuses import REASONS as WORDS
from pnpc.deliver.standing.statuses import STANDINGS
from pnpc.project.files import shown
from pnpc.project.inside import is_database

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pnpc.deliver.journal.runs import PushRun
    from pnpc.deliver.queue.broker import QueuedShard
    from pnpc.deliver.standing.statuses import Receivers, View
    from pnpc.deliver.standing.summary import StatusSummary

HELP = """Show what became of every message: delivered, refused, unknown, …

Reads the journal, and changes nothing; also while a push is running. Whether a message was delivered is known only from
events (`pnpc listen`): if no receiver was running all the time, a missing event proves nothing, and the report says so.

\b
Examples:
  pnpc status                                      all that the project's journal knows
  pnpc status --run 12                             one push; pnpc journal list has their numbers
  pnpc status --since 2026-11-22 --export for-sms.csv
  pnpc status shipment.jsonl --export for-sms.csv  with the texts of the specs' `fallback`
  pnpc status --journal /var/lib/pnpc/shop.journal.db --format json --fail-on undelivered

Exit codes: 0 done, 1 there are messages that --fail-on names, 2 could not run.
"""
_EXPORTED = ("refused", "undelivered")
_INCLUDED = ("unknown", "unconfirmed", "waiting")
_FAILING = ("refused", "undelivered", "unconfirmed", "unknown", "planned")
_MOST_REASONS = 25  # lines of reasons in the table
_HOUR = 3_600_000  # milliseconds


@click.command("status", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("payloads", nargs=-1, metavar="[PAYLOADS]...", type=click.Path())
@JournalOption
@click.option(
    "--run", "number", type=click.IntRange(1), metavar="N", help="Only the messages that this push tried last."
)
@click.option(
    "--since", metavar="DAY|TIME",
    help="Only the messages that were tried last from then on: 2026-11-22 (in UTC), or 2026-11-22T21:00+09:00.",
)  # fmt: skip
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--export", metavar="FILE",
    help="Write refused and undelivered messages as CSV, with your own row numbers; with PAYLOADS also the fallback's texts.",
)  # fmt: skip
@click.option("--include", type=click.Choice(_INCLUDED), multiple=True, help="Export these, too.")
@click.option(
    "--grace", type=Finite(0, 168), default=2, show_default=True, metavar="HOURS",
    help="How long to wait for an event after the 24 hours in which LINE delivers.",
)  # fmt: skip
@click.option("--fail-on", type=click.Choice(_FAILING), multiple=True, help="Exit with 1 if there are such messages.")
def command(
    payloads: tuple[str, ...], journal: str | None, number: int | None, since: str | None, format_: str, export: str | None,
    include: tuple[str, ...], grace: float, fail_on: tuple[str, ...],
) -> int:  # fmt: skip
    """Tell; gives the exit code."""
    from pnpc.cli.delivering.queued import lines_of, queued_shards
    from pnpc.deliver import opening
    from pnpc.deliver.journal.records import JournalFailed
    from pnpc.deliver.journal.soundness import NotAJournal
    from pnpc.deliver.standing.statuses import View, messages, receivers, remaining
    from pnpc.deliver.standing.summary import StatusSummary

    name, first = chosen(journal), 0 if since is None else _moment(since)
    if include and export is None:
        raise CouldNotRun("--include is for --export")
    if payloads and export is None:
        raise CouldNotRun("payload files are read for the texts of --export: add --export FILE")
    summary = StatusSummary()
    try:
        view = View(now(), round(grace * _HOUR), opening.is_sending(name))
        with opening.read(name) as opened, opened.snapshot():
            shards = queued_shards(name) if number is None else []
            every = [run for run in opened.runs() if number in (None, run.run)]
            runs = [run for run in every if run.at >= first]
            if number is not None and not every:
                raise CouldNotRun(f"{opening.shown_name(name)} has no run {number}; `pnpc journal list` shows them")
            if export is not None:
                from pnpc.cli.delivering import export as exporting

                wanted = {*_EXPORTED, *include}
                exporting.export(export, lambda: messages(opened, view, number, first), wanted, payloads, summary)
            else:
                for message in messages(opened, view, number, first):
                    summary.add(message)
            known = receivers(opened)
            summary.finish(remaining(opened, number, first, lines_of(shards)))
    except (NotAJournal, JournalFailed) as error:
        raise CouldNotRun(str(error)) from None
    name = opened.name
    if format_ == "json":
        write(
            json.dumps(_json(name, runs, view, summary, known) | _shards_json(shards), ensure_ascii=False, indent=2)
            + "\n"
        )
    else:
        write(_text(name, runs, summary) + _shards_text(shards))
    return 1 if any(summary.counts[state] for state in fail_on) else 0


def _moment(text: str) -> int:
    """Milliseconds since 1970 of a day in UTC, or of a time with its offset."""
    try:
        time = None if "W" in text else datetime.fromisoformat(text)  # a week is as long as a day
    except ValueError:
        time = None
    if time is not None and len(text) == len("yyyy-mm-dd"):
        time = time.replace(tzinfo=UTC)
    if time is None or time.tzinfo is None:
        raise CouldNotRun(
            "--since must be a day like 2026-11-22, or a time with its offset like 2026-11-22T21:00+09:00"
        )
    return round(time.timestamp() * SECOND)


def _json(
    name: str, runs: "list[PushRun]", view: "View", summary: "StatusSummary", known: "Receivers"
) -> dict[str, Any]:
    """What docs/status.md describes."""
    reasons = [
        {
            "state": reason.standing, "reason": reason.reason, "status": reason.status, "says": reason.says,
            "count": count,
            "request_ids": summary.request_ids[reason],
            "message_ids": summary.message_ids[reason],
        }
        for reason, count in summary.reasons.most_common()
    ]  # fmt: skip
    return {
        "version": 1,
        "journal": name,
        "runs": [
            {
                "run": run.run,
                "at": iso(run.at),
                "file": run.file,
                "target": run.target,
                "api": run.api,
                "messages": run.lines,
            }
            for run in runs
        ],
        "messages": sum(summary.counts.values()),
        "counts": summary.counts,
        "attempts": summary.attempts,
        "tried_again": summary.again,
        "first": None if summary.first is None else iso(summary.first),
        "last": None if summary.last is None else iso(summary.last),
        "pushing": view.is_sending,
        "reasons": reasons,
        "receivers": {
            "there": [[iso(begin), iso(end)] for begin, end in known.there],
            "heard": None if known.heard is None else iso(known.heard),
        },
    }


def _shards_json(shards: "Sequence[QueuedShard]") -> dict[str, Any]:
    from pnpc.cli.delivering.queued import as_json

    return {"shards": as_json(shards)} if shards else {}


def _shards_text(shards: "Sequence[QueuedShard]") -> str:
    from pnpc.cli.delivering.queued import as_text

    return as_text(shards)


def _text(name: str, runs: "list[PushRun]", summary: "StatusSummary") -> str:
    """The table for people."""
    from pnpc.cli.table import table
    from pnpc.compile.targets import receiver

    receivers = " or ".join(dict.fromkeys(receiver(run.target) for run in runs)) or receiver(DEFAULT)
    head = f"{name if is_database(name) else shown(name)}: {_named(runs)}"
    if summary.first is not None and summary.last is not None:
        head += f", sent from {iso(summary.first)} to {iso(summary.last)}"
    rows = [
        (f"{count:>9,}", state, STANDINGS[state].format(receiver=receivers))
        for state, count in summary.counts.items()
        if count or state == "delivered"
    ]
    parts = [head + "\n", table(("MESSAGES", "STATE", ""), rows)]
    if summary.again:
        parts.append(f"{summary.again:,} of them were tried more than once, {summary.attempts:,} attempts in all\n")
    if summary.reasons:
        parts.append("\n" + _reasons(summary, receivers))
    return "".join(parts)


def _named(runs: "list[PushRun]") -> str:
    """Which runs they are: one by its file, several by their number."""
    where = " and ".join(dict.fromkeys(run.api for run in runs))
    if len(runs) == 1:
        return f"run {runs[0].run}, {runs[0].file}, {count_of(runs[0].lines, 'message')} to {where}"
    return f"{len(runs):,} runs to {where}" if runs else "no runs"


def _reasons(summary: "StatusSummary", receiver: str) -> str:
    from pnpc.cli.table import table

    rows = [
        (
            f"{count:>9,}", reason.standing, " ".join(str(part) for part in (reason.status, reason.reason) if part),
            reason.says or WORDS.get(reason.reason or "", "") or _why(reason.reason, receiver),
            next(iter(summary.request_ids[reason] or summary.message_ids[reason]), ""),
        )
        for reason, count in summary.reasons.most_common(_MOST_REASONS)
    ]  # fmt: skip
    id = "REQUEST OR MESSAGE ID, SUCH AS" if any(summary.message_ids.values()) else "REQUEST ID, SUCH AS"
    left = len(summary.reasons) - len(rows)
    more = f"and {left:,} other reasons; --format json has more\n" if left else ""
    return table(("MESSAGES", "STATE", "REASON", "WHY", id), rows) + more


def _why(reason: str | None, receiver: str) -> str:
    from pnpc.deliver.sending.outcomes import REASONS

    return REASONS.get(reason or "", "").format(receiver=receiver)
