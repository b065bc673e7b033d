"""The shards of a queue as `pnpc status` shows them."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pnpc.cli.common import count_of, say
from pnpc.cli.errors import CouldNotRun
from pnpc.cli.table import table
from pnpc.deliver.standing.statuses import QueuedLines
from pnpc.project.inside import is_database

if TYPE_CHECKING:
    from pnpc.deliver.queue.broker import QueuedShard

_STATES = ("queued", "running", "done", "failed")
_MOST = 25  # shards that are shown one by one


def queued_shards(journal: str) -> "Sequence[QueuedShard]":
    """The rows of the queue beside a journal; none for a journal in a file, and where they may not be read, which is said.
    Raises CouldNotRun, MissingExtra."""
    if not is_database(journal):
        return []
    from pnpc.deliver.queue.broker import QueueClosed, QueueFailed, listed

    try:
        return listed(journal)
    except QueueClosed as error:
        say(f"note: shards are not shown: {error.why}")
        return []
    except QueueFailed as error:
        raise CouldNotRun(str(error)) from None


def lines_of(shards: "Sequence[QueuedShard]") -> list[QueuedLines]:
    """What counts their messages."""
    known = [each.shard for each in shards if each.shard is not None]
    return [QueuedLines(shard.part.digest, shard.settings.api, shard.messages) for shard in known]


def as_json(shards: "Sequence[QueuedShard]") -> dict[str, Any]:
    """How many stand where, and each."""
    counts = Counter[str](each.state for each in shards)
    every = [{"shard": each.job, "state": each.state, **_facts(each)} for each in shards]
    return {**{state: counts[state] for state in _STATES}, "every": every}


def _facts(queued: "QueuedShard") -> dict[str, Any]:
    shard = queued.shard
    if shard is None:
        return {**dict.fromkeys(("file", "line", "lines", "messages", "channel")), "wrong": queued.wrong}
    part = shard.part
    return {
        "file": part.name, "line": part.first, "lines": shard.lines, "messages": shard.messages,
        "channel": shard.settings.channel, "wrong": queued.wrong or None,
    }  # fmt: skip


def as_text(shards: "Sequence[QueuedShard]") -> str:
    """A line that counts them, and those that are not done; nothing where there are none."""
    if not shards:
        return ""
    counts = Counter[str](each.state for each in shards)
    numbers = ", ".join(f"{counts[state]:,} {state}" for state in _STATES if counts[state])
    left = [each for each in reversed(shards) if each.state != "done"]
    rows = [(f"{each.job:>9,}", each.state, *_words(each)) for each in left[:_MOST]]
    shown = table(("    SHARD", "STATE", "", "LINES"), rows) if rows else ""
    more = f"and {len(left) - _MOST:,} other shards; --format json has all\n" if len(left) > _MOST else ""
    return f"\n{count_of(len(shards), 'shard')}: {numbers}\n{shown}{more}"


def _words(queued: "QueuedShard") -> tuple[str, str]:
    shard = queued.shard
    if shard is None:
        return "", queued.wrong
    why = f": {queued.wrong}" if queued.wrong else ""
    return count_of(shard.messages, "message"), f"{shard.name}{why}"
