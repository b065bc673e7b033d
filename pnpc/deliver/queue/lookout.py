"""Which running shards are of dead workers: a worker is dead when the server's clock says that it was silent for the time of
patience, and a looker has seen the same sign of life for as long by its own clock, in looks that follow each other closely. So a
database that was away makes none dead, nor does a looker that was stopped."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

_GAP = 0.5  # of the time of patience, between two looks: after a longer one perhaps no worker could give a sign

RUNNING = """
SELECT job.id AS job, job.attempts, job.worker_id AS worker, worker.last_heartbeat AS sign, job.args,
       coalesce(worker.last_heartbeat < now() - make_interval(secs => %(patience)s), TRUE) AS is_over
FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
WHERE job.status = 'doing' AND job.task_name = %(task)s
"""


class HeldShard(NamedTuple):
    """A running shard and who has it: as long as all of that is the same, no other worker has had it. `worker`: None for one that is
    no longer in the list; `sign`: its last sign of life, None where any will do."""

    job: int
    attempts: int
    worker: int | None
    sign: datetime | None = None


class ShardLookout:
    """Finds the shards of dead workers, by looks at all that are running."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._seen: dict[HeldShard, float] = {}  # when each was seen first
        self._last = 0.0  # when it looked last

    def forget(self) -> None:
        """A look failed: all have the whole time to come back."""
        self._seen = {}

    def dead(self, running: Iterable[tuple[HeldShard, bool]], began: float, ended: float) -> set[HeldShard]:
        """The shards of dead workers, after a look: each shard with whether its worker was silent by the server's clock, and when the
        look began and ended (seconds)."""
        before = self._seen if began - self._last <= self._patience * _GAP else {}
        self._last = ended
        signs = dict(running)
        self._seen = {held: before.get(held, ended) for held in signs}
        return {held for held, since in self._seen.items() if signs[held] and began - since >= self._patience}
