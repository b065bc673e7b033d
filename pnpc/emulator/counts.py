"""The answer to how many messages were delivered on a day."""

from datetime import datetime
from re import ASCII
from re import compile as regex

from pnpc.emulator.answers import Answer, counted, whole
from pnpc.emulator.clock import day
from pnpc.emulator.ledger import Ledger
from pnpc.line.service import counting

_DATE = regex(r"[0-9]{8}", ASCII)


def count(ledger: Ledger, now: float, channel: str, kind: str, date: str) -> Answer:
    """The count of a channel's messages of a kind (template, flexible) on a day, `yyyyMMdd` in UTC+9.

    A day is ready when it is over; what lies before LINE's first day is out of service.
    """
    if not _is_date(date):
        return whole("date")
    _, first = counting()
    if date < first:
        return counted("out_of_service")
    if date >= day(now):
        return counted("unready")
    return counted("ready", ledger.delivered_on(channel, kind, date))


def _is_date(date: str) -> bool:
    if _DATE.fullmatch(date) is None:
        return False
    try:
        datetime.strptime(date, "%Y%m%d")  # noqa: DTZ007 - a day, not a moment
    except ValueError:
        return False
    return True
