"""How many messages of a sender stand where. A message that many callers ask for is one."""

from collections import Counter

from pnpc.deliver.journal.records import Counts
from pnpc.library.outcome import SendOutcome

_FINAL = frozenset(("accepted", "delivered", "refused"))


class MessageTally:
    """Counts messages by their last state. Only those that may still change are kept by their ids: a sender may live for
    months. Messages that were accepted or refused before this sender are not among its own."""

    def __init__(self) -> None:
        self._final: Counter[str] = Counter()
        self._open: dict[str, str] = {}  # states by id

    def note(self, outcome: SendOutcome) -> None:
        """Take an outcome into account."""
        was_open = self._open.pop(outcome.id, None) is not None
        if outcome.state not in _FINAL:
            self._open[outcome.id] = outcome.state
        elif outcome.sent_now or was_open:
            self._final[outcome.state] += 1

    def counts(self) -> Counts:
        """For the end of the run in the journal."""
        final, still = self._final, Counter(self._open.values())
        return Counts(
            final["accepted"] + final["delivered"],
            final["refused"],
            still["unknown"],
            still["not_sent"] + still["held"],
        )
