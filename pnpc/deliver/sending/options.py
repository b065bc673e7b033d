"""What whoever sends says of messages that were, or may have been, sent before, and of the people who are sent to."""

from typing import NamedTuple

from pnpc.deliver.journal.records import KnownMessage
from pnpc.deliver.sending.only import OnlyThese


class SendOptions(NamedTuple):
    """Send the unknown ones again; send those, too, whose delivery tag the recipient was sent in other words. And to which
    people only (None: to everybody). `until_run`: of the unknown ones only those that no later run has tried (None: all)."""

    resend_unknown: bool = False
    send_changed: bool = False
    only: OnlyThese | None = None
    until_run: int | None = None

    def wants(self, known: KnownMessage | None) -> bool:
        """Whether a message is to be sent by what a journal knows of it (None: nothing)."""
        return is_planned(known) or (self.resend_unknown and known is not None and known.state == "unknown")


def is_planned(known: KnownMessage | None) -> bool:
    """Whether a message is still to be sent: never tried, or every attempt certainly sent nothing."""
    return known is None or known.state == "planned"
