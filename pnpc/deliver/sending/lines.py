"""Where each line of a payload file stands: by what the journal knows of its message, and by what a run adds to that.

A line takes one byte of memory; only what is out of the ordinary (tried before, the same message as an earlier line, in
other words than before) takes more.
"""

from collections import Counter
from collections.abc import Mapping
from itertools import groupby, islice

from pnpc.compile.tables.seen import Seen, key
from pnpc.deliver.journal.records import Counts, KnownMessage
from pnpc.deliver.payload_files import BLOCK
from pnpc.deliver.sending.artifact import Artifact
from pnpc.deliver.sending.only import OnlyThese
from pnpc.deliver.sending.options import is_planned
from pnpc.deliver.sending.protocols import Memory

# The states of a line, as bytes. A line that is blank, or that repeats another, has none. The last two are of people who are
# not sent to now, or of messages that were sent again already.
_NONE, _PLANNED, _ACCEPTED, _REFUSED, _UNKNOWN, _HELD, _OUT, _UNKNOWN_OUT = range(8)
_CODES = {
    "planned": _PLANNED, "accepted": _ACCEPTED, "delivered": _ACCEPTED, "refused": _REFUSED, "unknown": _UNKNOWN,
}  # fmt: skip
_LEFT_OUT = {_PLANNED: _OUT, _UNKNOWN: _UNKNOWN_OUT}


class LineStates:
    """The lines of one payload file. `repeated` are lines with the message of an earlier line, which is sent once; `held`
    those whose delivery tag this recipient was sent before in other words, or is to be sent from an earlier file; `out` those of people who are not on the list of
    `--only`, and would be sent otherwise; `before` counts messages that were tried, by run
    and state, each with the last time."""

    def __init__(self, repeats: Mapping[int, int]) -> None:
        """`repeats` are those of the file (see `Artifact`)."""
        self.before: Counter[tuple[int, str]] = Counter()
        self.last: dict[int, int] = {}
        self.held = 0
        self.out = 0
        self.sent = 0
        self._states = bytearray()
        self._known: dict[int, KnownMessage] = {}
        self._repeats = repeats

    @property
    def repeated(self) -> int:
        """Lines with the message of an earlier line."""
        return len(self._repeats)

    def wanted(self, line: int, *, resend_unknown: bool) -> bool:
        """Whether a line is to be sent."""
        state = self._states[line] if line < len(self._states) else _NONE
        return state == _PLANNED or (state == _UNKNOWN and resend_unknown)

    def known(self, line: int) -> KnownMessage | None:
        """What earlier runs came to, of a line that may be sent."""
        return self._known.get(line)

    def note(self, line: int, outcome: str) -> None:
        """Take the outcome of an attempt into account: accepted, refused, unknown or not_sent."""
        if outcome != "not_sent":
            self._states[line] = _CODES[outcome]
            self.sent += 1

    def going(self, *, resend_unknown: bool) -> int:
        """How many messages are to be sent, each once."""
        return self._states.count(_PLANNED) + (self._states.count(_UNKNOWN) if resend_unknown else 0)

    def left(self, now: "LineStates") -> int:
        """How many messages a run of these states did not send, and no other sender has sent by `now`, looked up after it. What is
        unknown by now counts: another sender may have it under way, and may still come to know that it was not sent."""
        pairs = Counter(zip(self._states, now.states(), strict=True))
        return pairs[_PLANNED, _PLANNED] + pairs[_PLANNED, _UNKNOWN] + pairs[_PLANNED, _UNKNOWN_OUT]

    def lost(self, now: "LineStates") -> dict[int, str]:
        """The lines of messages that a run of these states sent, or may have sent, and of which the journal knows nothing `now`; each
        with accepted or unknown."""
        names = {_ACCEPTED: "accepted", _UNKNOWN: "unknown", _UNKNOWN_OUT: "unknown"}
        pairs = enumerate(zip(self._states, now.states(), strict=True))
        return {line: names[before] for line, (before, after) in pairs if after == _PLANNED and before in names}

    def states(self) -> bytes:
        """A byte for the state of each line."""
        return bytes(self._states)

    def counts(self) -> Counts:
        """How many lines stand where."""
        numbers = Counter(self._states)
        for first in self._repeats.values():
            numbers[self._states[first]] += 1
        remaining = numbers[_PLANNED] + numbers[_HELD] + numbers[_OUT]
        return Counts(numbers[_ACCEPTED], numbers[_REFUSED], numbers[_UNKNOWN] + numbers[_UNKNOWN_OUT], remaining)

    def leave_out(self, line: int) -> None:
        """Do not send a line now: its person is not on the list, or it was sent again already."""
        state = self._states[line]
        if state in _LEFT_OUT:
            self._states[line] = _LEFT_OUT[state]
            self.out += state == _PLANNED

    def add(self, line: int, known: KnownMessage | None, *, is_held: bool) -> None:
        """A line as it stands before the run."""
        self._states.extend(bytes(line + 1 - len(self._states)))
        code = _CODES[known.state] if known is not None else _PLANNED
        self._states[line] = _HELD if code == _PLANNED and is_held else code
        self.held += code == _PLANNED and is_held
        if known is None:
            return
        if code in (_PLANNED, _UNKNOWN):
            self._known[line] = known
        if code != _PLANNED:
            self.before[known.run, known.state] += 1
            self.last[known.run] = max(known.at, self.last.get(known.run, 0))


def look_up(
    artifact: Artifact,
    api: str,
    memory: Memory | None,
    *,
    send_changed: bool,
    only: OnlyThese | None = None,
    until_run: int | None = None,
) -> LineStates:
    """Where the lines of files stand before a run that sends them to an address. `only`, `until_run`: see SendOptions. Raises
    OSError, and what the memory raises."""
    states, earlier = LineStates(artifact.repeats), _EarlierFiles()
    names = (name for name in artifact.names() if name.line not in artifact.repeats)
    for file, names_of_file in groupby(names, lambda name: artifact.file_of(name.line)):
        earlier.begin_file()
        while block := list(islice(names_of_file, BLOCK)):
            known = {} if memory is None else memory.known(artifact.target, api, [name.id for name in block])
            held: set[str] = set()
            if not send_changed:
                planned = {name.id: name.subject for name in block if name.subject and is_planned(known.get(name.id))}
                if memory is not None:
                    held = memory.sent_in_other_words(artifact.target, api, planned, file.digest)
                if len(artifact.files) > 1:
                    held |= {id for id, subject in planned.items() if id not in held and earlier.have(subject)}
            for name in block:
                states.add(name.line, known.get(name.id), is_held=name.id in held)
                is_out = only is not None and name.person not in only.people
                if is_out or _is_tried_since(known.get(name.id), until_run):
                    states.leave_out(name.line)
    return states


def _is_tried_since(known: KnownMessage | None, run: int | None) -> bool:
    """Whether a message is unknown by what a run after some run tried."""
    return known is not None and run is not None and known.state == "unknown" and known.run > run


class _EarlierFiles:
    """What the messages that are to be sent from the files before the present one are about. A second message about the same
    is in other words, for a repeated one is not asked about."""

    def __init__(self) -> None:
        self._all, self._of_file, self._held = Seen(), Seen(), set[str]()

    def begin_file(self) -> None:
        """Go on to the next file: what one file says of the same in two ways is meant."""
        self._of_file = Seen()

    def have(self, subject: str) -> bool:
        """Whether an earlier file has a message about something; it is remembered."""
        digest = (key(subject),)
        is_new, is_first_here = not self._all.add(digest).count, not self._of_file.add(digest).count
        if not is_new and is_first_here:
            self._held.add(subject)
        return subject in self._held
