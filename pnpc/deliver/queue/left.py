"""What is left in a queue where a worker finds nothing to take."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from pnpc.deliver.queue.broker import channel_of

# All that has not ended, in every queue: the same lines are sent in one place at a time.
UNFINISHED = """
SELECT id, queue_name, lock, status = 'doing' AS is_running, priority, CASE WHEN scheduled_at > now() THEN scheduled_at END AS until
FROM procrastinate_jobs WHERE task_name = %(task)s AND status IN ('todo', 'doing')
"""


class UnfinishedShard(NamedTuple):
    """A row of UNFINISHED. `until`: when its pause ends."""

    id: int
    queue_name: str
    lock: str | None
    is_running: bool
    priority: int
    until: datetime | None

    def stands_before(self, other: "UnfinishedShard") -> bool:
        """Whether it must end before another one with the same lines may be taken."""
        return self.id != other.id and (self.is_running or (-self.priority, self.id) < (-other.priority, other.id))


class LeftShards(NamedTuple):
    """Shards of a queue that have not ended: `running` ones of other workers; `paused` ones, the first of them `until` a time, with
    those that wait for the same lines; `free` ones; and those that wait for the same lines in the queues of other channels, `behind`
    them."""

    running: int
    paused: int
    until: datetime | None
    free: int
    blocked: int
    behind: tuple[str | None, ...]

    @property
    def will_come(self) -> bool:
        """Whether to wait for one of them: the worker that has it ends it, gives it back, or dies. A pause is not waited for: it may
        be long, and what was wrong may still be."""
        return bool(self.running or self.free)

    def __str__(self) -> str:
        """For people."""
        words = []
        if self.running:
            words.append(f"shards that other workers send: {self.running:,}")
        if self.paused and self.until is not None:
            words.append(
                f"shards that were given back: {self.paused:,}, the first until {self.until:%Y-%m-%d %H:%M:%SZ}"
            )
        if self.blocked:
            channels = " and ".join(
                "no channel" if channel is None else f"channel {channel}" for channel in self.behind
            )
            words.append(
                f"shards whose lines are queued for {channels}, too, and must be sent there first: {self.blocked:,}"
            )
        return "; ".join(words)


def left_of(shards: Sequence[UnfinishedShard], queue: str) -> LeftShards:
    """What is left of a queue, by all that has not ended."""
    same = defaultdict[str, list[UnfinishedShard]](list)
    for shard in shards:
        if shard.lock is not None:
            same[shard.lock].append(shard)
    running, free, blocked = 0, 0, 0
    pauses, behind = list[datetime](), set[str]()
    for shard in shards:
        if shard.queue_name != queue:
            continue
        before = [other for other in same.get(shard.lock or "", ()) if other.stands_before(shard)]
        others = {other.queue_name for other in before if other.queue_name != queue}
        own_pauses = [each.until for each in (shard, *before) if each.until is not None and each.queue_name == queue]
        if shard.is_running:
            running += 1
        elif shard.until is None and others:
            blocked += 1
            behind |= others
        elif own_pauses:
            pauses.append(max(own_pauses))
        else:
            free += 1
    channels = tuple(sorted(map(channel_of, behind), key=str))
    # What is free beside a running one may wait for it.
    return LeftShards(running, len(pauses), min(pauses, default=None), 0 if running else free, blocked, channels)
