"""What a push says before it sends: what was sent before, what stands in several places, who is left out, what is closed."""

from datetime import timedelta
from time import time
from typing import NamedTuple

from pnpc.cli.common import count_of, say
from pnpc.deliver.journal.any_journal import AnyJournal
from pnpc.deliver.journal.timestamps import SECOND, iso
from pnpc.deliver.sending.artifact import Artifact
from pnpc.deliver.sending.engine import SendSettings
from pnpc.deliver.sending.lines import LineStates
from pnpc.deliver.sending.only import OnlyThese
from pnpc.project.files import shown

_STATES = ("delivered", "accepted", "refused", "unknown")
_SAID_IN_SECONDS = 99  # a longer time is shown as hours and minutes
_MOST_RUNS = 3  # earlier runs, or pairs of files, that are named one by one


def intention(artifact: Artifact, messages: int, settings: SendSettings) -> str:
    """What a push would send, where to, and how long that takes: 90 seconds, 2:05:00."""
    where = " and ".join(f"{settings.api}{path}" for path in artifact.paths) or "no host"
    seconds = max(1, round(messages / settings.rate))
    duration = count_of(seconds, "second") if seconds < _SAID_IN_SECONDS else str(timedelta(seconds=seconds))
    return f"{count_of(messages, 'message')} to {where}, at most {settings.rate:,} a second: about {duration}"


def say_before(artifact: Artifact, journal: AnyJournal | None, states: LineStates) -> None:
    """Why less is sent than the file holds."""
    for empty in [file for file in artifact.files if not file.lines]:
        say(f"note: {shown(empty.name)} is empty")
    runs = {run.run: run for run in journal.runs()} if journal is not None and states.before else {}
    for number, at in sorted(states.last.items())[-_MOST_RUNS:]:
        tried = {state: states.before[number, state] for state in _STATES if states.before[number, state]}
        what = ", ".join(f"{count:,} {state}" for state, count in tried.items())
        verb = "may have been sent" if tried.keys() == {"unknown"} else "sent"
        number_of = count_of(sum(tried.values()), "message")
        file = runs[number].file
        note = f"note: {number_of} {verb} before, on {iso(at)} with {file}: {what}"
        say(note, "sent-before", at=iso(at), file=file, **tried)
    if len(states.last) > _MOST_RUNS:
        say(f"note: messages of {len(states.last) - _MOST_RUNS:,} earlier runs were sent before, too")
    if any(state in ("accepted", "delivered") for _, state in states.before):
        say(
            "note: what was accepted or refused is not sent again; to send the same again: compile with --campaign NAME"
        )
    if states.repeated:
        repeated = count_of(states.repeated, "line")
        say(
            f"note: {repeated} with the message of an earlier line: each message is sent once",
            "repeated",
            lines=states.repeated,
        )
        _say_across(artifact)
    if states.held:
        say_held(states.held, "before, or is sent from an earlier file" if len(artifact.files) > 1 else "before")
    if artifact.shared_tags:
        shared = count_of(artifact.shared_tags, "message")
        say(f"note: {shared} with the delivery tag of another: an event can't tell them apart")


def say_held(messages: int, when: str) -> None:
    """Which messages are not sent because their recipients were sent the same in other words."""
    held = count_of(messages, "message")
    why = f"with a delivery tag that the recipient was sent {when}, in other words: not sent; to send: --send-changed"
    say(f"note: {held} {why}", "held", messages=messages)


def say_only(states: LineStates, only: OnlyThese | None) -> None:
    """Who is not sent to now."""
    if only is not None:
        people = count_of(len(only.people), "number")
        out = count_of(states.out, "message")
        note = f"note: only to {shown(only.file)} ({people}): {out} to others held back, and counted as remaining"
        say(note, "only", people=len(only.people), held_back=states.out)


def _say_across(artifact: Artifact) -> None:
    """Which files hold the same messages: for each two of them how many, and the first with both its places."""
    pairs: dict[tuple[str, str], list[int]] = {}
    for line, first in artifact.repeats.items():
        pair = (artifact.place(first).file, artifact.place(line).file)
        if pair[0] != pair[1]:
            pairs.setdefault(pair, []).append(line)
    for (_, name), lines in list(pairs.items())[:_MOST_RUNS]:
        earlier = artifact.place(artifact.repeats[lines[0]])
        more = f" (and {len(lines) - 1:,} more of {shown(name)})" if len(lines) > 1 else ""
        say(f"note: {artifact.place(lines[0])} is the message of {earlier}{more}")
    if len(pairs) > _MOST_RUNS:
        say(f"note: {len(pairs) - _MOST_RUNS:,} more pairs of files hold the same messages, too")


class Closed(NamedTuple):
    """Why nothing would be sent just now, and whether a push would end instead of waiting."""

    why: str
    ends: bool


def closed(settings: SendSettings) -> Closed | None:
    """What is in the way of sending just now; None if nothing is."""
    now = time()
    if settings.not_after is not None and now >= settings.not_after:
        over = iso(round(settings.not_after * SECOND))
        return Closed(f"the time of --not-after is over ({over}): a push would stop at once", ends=True)
    if settings.hours is not None and not settings.hours.is_open(now):
        outside = settings.hours.outside
        if too_late := settings.hours.too_late(now, settings.not_after):
            return Closed(f"{too_late}: a push would stop at once", ends=True)
        return Closed(f"{settings.hours.closed(now)}: a push would {outside}", ends=outside == "stop")
    return None


def say_closed(settings: SendSettings) -> bool:
    """Say what is in the way of sending just now; whether a push would end for it."""
    obstacle = closed(settings)
    if obstacle is not None:
        say(f"note: {obstacle.why}")
    return obstacle is not None and obstacle.ends
