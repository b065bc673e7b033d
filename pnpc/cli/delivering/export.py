"""The file that `pnpc status --export` writes: who was not reached, for another way to them."""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pnpc.cli.common import count_of, say
from pnpc.cli.errors import CouldNotRun
from pnpc.deliver.journal.timestamps import iso
from pnpc.deliver.standing.statuses import REASONS
from pnpc.project.files import is_same, shown

if TYPE_CHECKING:
    from pnpc.deliver.standing.fallbacks import Fallback
    from pnpc.deliver.standing.statuses import TriedMessage
    from pnpc.deliver.standing.summary import StatusSummary

COLUMNS = ("row", "line", "id", "state", "reason", "status", "when", "request_id", "says", "message_id")
# What the payload files add: the text of the fallback, and the digest by which a team finds the number in its own table.
FROM_PAYLOADS = ("sms", "to")

Messages = Callable[[], Iterator["TriedMessage"]]


def export(
    name: str, messages: Messages, wanted: set[str], payloads: Sequence[str], summary: "StatusSummary"
) -> None:  # fmt: skip
    """Write the messages that stand as `wanted`, and add up all of them. Raises CouldNotRun, CouldNotRead, OSError."""
    from pnpc.deliver.standing import fallbacks

    if any(is_same(name, payload) for payload in payloads if payload != "-"):
        raise CouldNotRun(f"{shown(name)} is a payload file: --export must name another file")
    known: dict[str, Fallback] | None = None
    if payloads:
        try:
            known = fallbacks.read(payloads, {message.id for message in messages() if message.standing in wanted})
        except fallbacks.BadPayloadLine as error:
            raise CouldNotRun(str(error)) from None
    written, unreached, texts = 0, 0, 0
    with _table(name, COLUMNS if known is None else (*COLUMNS, *FROM_PAYLOADS)) as table:
        for message in messages():
            summary.add(message)
            if message.standing not in wanted:
                continue
            sms, to = (known or {}).get(message.id) or ("", "")
            is_unreached = fallbacks.not_reached(message)
            sms = sms if is_unreached else ""
            table.writerow((*_row(message), *(() if known is None else (sms, to))))
            written += 1
            unreached += is_unreached
            texts += bool(sms)
    _tell(name, written, unreached, None if known is None else texts)


def _tell(name: str, written: int, unreached: int, texts: int | None) -> None:
    with_text = "" if texts is None else f", {texts:,} with a text for an SMS"
    say(f"{count_of(written, 'message')} in {name}{with_text}")
    if texts is None and unreached:
        say("note: no payload file is named, so there are no texts for an SMS: pnpc status PAYLOADS --export FILE")
    elif texts is not None and texts < unreached:
        lack = "has" if unreached - texts == 1 else "have"
        say(
            f"note: {unreached - texts:,} of {count_of(unreached, 'message')} that did not reach their person {lack} no text: "
            "no named payload file has the message, or its spec has no `fallback`"
        )


@contextmanager
def _table(name: str, columns: Sequence[str]) -> Iterator[Any]:
    """A CSV file that is there when it is whole, or not at all; a device or a pipe gets the rows as they come."""
    from pnpc.project.files import replacing

    with replacing(name, private=True) as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(columns)
        yield table


def _row(message: "TriedMessage") -> tuple[object, ...]:
    from pnpc.deliver.standing.summary import words

    says = message.why or REASONS.get(message.reason or "", "")
    if message.standing == "refused":
        says = words(message.answer, message.target) or ""
    when = iso(message.answered or message.at)
    return (
        message.row, message.line, message.id, message.standing, message.reason, message.status, when,
        message.request_id, says, message.message_id,
    )  # fmt: skip
