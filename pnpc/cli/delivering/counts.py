"""`pnpc counts`: how many messages LINE says that it delivered on a day, and what the journals say."""

import asyncio
import json
import os
from collections.abc import Iterator
from datetime import date, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import click

from pnpc.cli.common import address_of, needs, say, write
from pnpc.cli.errors import CouldNotRun
from pnpc.cli.journals import by_variable
from pnpc.line.service import api as line_api
from pnpc.project.journals import journal_of, one_address, resolved

if TYPE_CHECKING:
    from pnpc.deliver.standing.counting import Count, JournalCounts, NoAnswer

HELP = """Ask LINE how many messages it delivered on a day, and compare with the journals.

LINE counts days in UTC+9, and each kind of message separately, over all that the channel sent. The access token is read
from LINE_CHANNEL_ACCESS_TOKEN. Only delivered messages count; whether on the day they were sent or on the day they were
delivered, LINE does not say, so both are shown.

\b
Examples:
  pnpc counts                                      yesterday
  pnpc counts --date 20261120 --kind template
  pnpc counts --journal /var/lib/pnpc/shop.journal.db

Exit codes: 0 LINE answered, 2 it did not, or could not be asked.
"""
_MORE = "events that no receiver heard, or other messages of the channel"
_FEWER = "LINE may count them on another day, or later"


@click.command("counts", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--date", "day", default="yesterday", show_default=True, metavar="YYYYMMDD",
    help="The day in UTC+9: yyyymmdd, today or yesterday.",
)  # fmt: skip
@click.option("--kind", type=click.Choice(["template", "flexible", "both"]), default="both", show_default=True)
@click.option(
    "--journal",
    "journals",
    metavar="FILE|URL",
    multiple=True,
    help="Compare with this journal; by default the project's.",
)
@click.option(
    "--api-url", metavar="URL", default="https://api.line.me", show_default=True, help="Ask this host instead."
)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(day: str, kind: str, journals: tuple[str, ...], api_url: str, format_: str) -> int:
    """Ask and compare; gives the exit code."""
    needs("send")
    from pnpc.deliver.standing.counting import KINDS, ask

    chosen, api = _day(day), address_of(api_url)
    seen = _seen(journals or _of_project(one_address(api)), one_address(api), chosen)
    kinds = KINDS if kind == "both" else (kind,)
    answers = asyncio.run(ask(api, _token(), kinds, chosen))
    if format_ == "json":
        counts = [_json(asked, answer, seen) for asked, answer in answers.items()]
        write(
            json.dumps({"version": 1, "date": chosen.isoformat(), "counts": counts}, ensure_ascii=False, indent=2)
            + "\n"
        )
    else:
        write(_text(chosen, answers, seen))
    return 2 if _has_failed(answers) else 0


def _day(text: str) -> date:
    from pnpc.deliver.standing.counting import today

    if text in ("today", "yesterday"):
        return today() - timedelta(days=text == "yesterday")
    try:
        if len(text) in (len("yyyymmdd"), len("yyyy-mm-dd")) and "W" not in text:  # the form of weeks is as long
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise CouldNotRun(f"--date is yyyymmdd, today or yesterday; found {text}")


def _token() -> str:
    from pnpc.compile.targets.line import Line
    from pnpc.deliver.sending.credentials import NoCredentials, credentials

    try:
        return credentials(Line, os.environ).identity
    except NoCredentials as error:
        raise CouldNotRun(str(error)) from None


def _of_project(api: str) -> tuple[str, ...]:
    """The project's journal for an address, if it has one that knows of messages there."""
    from pnpc.deliver import opening
    from pnpc.deliver.journal.records import JournalFailed
    from pnpc.deliver.journal.soundness import NotAJournal

    name = by_variable() or journal_of(None if api == line_api() else api)
    try:
        with opening.read(name) as journal:
            return (name,) if any(run.api == api for run in journal.runs()) else ()
    except FileNotFoundError:
        return ()
    except (NotAJournal, JournalFailed) as error:
        raise CouldNotRun(str(error)) from None


def _seen(names: tuple[str, ...], api: str, day: date) -> "dict[str, JournalCounts] | None":
    """What all the journals saw, by kind; None without any."""
    from pnpc.deliver import opening
    from pnpc.deliver.journal.records import JournalFailed
    from pnpc.deliver.journal.soundness import NotAJournal
    from pnpc.deliver.standing.counting import KINDS, JournalCounts, seen

    total = dict.fromkeys(KINDS, JournalCounts(0, 0, 0, 0))
    for name in dict.fromkeys(resolved(journal) for journal in names):
        try:
            with opening.read(name) as journal, journal.snapshot():
                if all(run.api != api for run in journal.runs()):
                    raise CouldNotRun(f"{journal.name} knows nothing of messages to {api}, which this command asks")
                of_journal = seen(journal, day, api)
        except (NotAJournal, JournalFailed) as error:
            raise CouldNotRun(str(error)) from None
        for kind in KINDS:
            total[kind] = JournalCounts(
                *(before + other for before, other in zip(total[kind], of_journal[kind], strict=True))
            )
    return total if names else None


def _has_failed(answers: "dict[str, Count | NoAnswer]") -> bool:
    """Whether a number is missing; an account that may not use one of the kinds has no messages of that kind."""
    from pnpc.deliver.standing.counting import NoAnswer, Refused

    failed = [answer for answer in answers.values() if isinstance(answer, NoAnswer)]
    forbidden = [answer for answer in failed if isinstance(answer, Refused) and answer.status == HTTPStatus.FORBIDDEN]
    return len(failed) > len(forbidden) or len(forbidden) == len(answers)


def _json(kind: str, answer: "Count | NoAnswer", seen: "dict[str, JournalCounts] | None") -> dict[str, Any]:
    """What docs/status.md describes."""
    from pnpc.deliver.standing.counting import NoAnswer

    counted: dict[str, Any] = {"kind": kind, "status": None, "success": None, "error": None}
    counted |= {"error": str(answer)} if isinstance(answer, NoAnswer) else answer._asdict()
    return {**counted, "journals": None if seen is None else seen[kind]._asdict()}


def _text(day: date, answers: "dict[str, Count | NoAnswer]", seen: "dict[str, JournalCounts] | None") -> str:
    """The table for people; failures go to standard error."""
    from pnpc.cli.table import table
    from pnpc.deliver.standing.counting import NoAnswer

    rows, lines = [], []
    for kind, answer in answers.items():
        if isinstance(answer, NoAnswer):
            say(f"pnpc: {kind}: {answer}")
            continue
        rows.append((kind, answer.status, "" if answer.success is None else f"{answer.success:>9,}"))
        if seen is not None:
            lines += [f"{kind}: {line}\n" for line in _compared(answer.success, seen[kind])]
    head = f"{day.isoformat()}, a day in UTC+9\n"
    return head + (table(("KIND", "STATUS", "DELIVERED"), rows) if rows else "") + "".join(lines)


def _compared(success: int | None, seen: "JournalCounts") -> Iterator[str]:
    """What the journals say of a kind, and how LINE's number differs."""
    yield f"the journals saw {seen.delivered:,} delivered on that day"
    if seen.accepted:
        yield (
            f"of {seen.accepted:,} that LINE accepted on that day, they saw {seen.accepted_delivered:,} delivered until now, "
            f"and nothing of {seen.open:,}"
        )
    if success is None:
        return
    more = success - seen.delivered
    if not more:
        yield "LINE counts as many"
    elif success == seen.accepted_delivered:
        yield "LINE counts as many as it accepted on that day and delivered until now"
    elif more > 0:
        yield f"LINE counts {more:,} more: {_MORE}"
    else:
        yield f"LINE counts {-more:,} fewer: {_FEWER}"
