"""Events that come one by one, kept many at a time: each post is answered when its events are on the disk.

LINE takes any answer after two seconds for a failure, and does not repeat a post unless redelivery is switched on: an
event that was answered and then lost would be lost for ever. One commit for all that came in a few milliseconds makes
the answer both safe and fast.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from pnpc.deliver.journal.records import Event, JournalFailed
from pnpc.deliver.webhooks.inbox import EventCounts, Failure, Inbox

_GATHER = 0.002  # seconds in which events gather for one commit
_SIGN = 10.0  # seconds between two signs of life in the journals
_MOST_HELD = 100_000  # events held in memory while their journals can't be written
_AGAIN = 1.0  # seconds between two tries to keep those

Tell = Callable[[str], None]


class EventWriter:
    """Keeps events in an inbox, in a thread of its own. `start` it, and `stop` it to drain what came."""

    def __init__(self, inbox: Inbox, now: Callable[[], int], tell: Tell) -> None:
        """`now` gives milliseconds since 1970; `tell` takes a line for people."""
        self._inbox, self._now, self._tell = inbox, now, tell
        self._thread = ThreadPoolExecutor(1, "journals")
        self._waiting: list[tuple[Sequence[Event], asyncio.Future[bool]]] = []
        self._came = asyncio.Event()
        self._held: list[Event] = []
        self._tried = 0.0
        self._tasks: list[asyncio.Task[None]] = []
        self._failing = False
        self.heard: int | None = None  # when LINE's last post came
        self.total = EventCounts()
        self.on_commit: Callable[[float], None] | None = None  # hears how long each round took, in seconds

    @property
    def held(self) -> int:
        """Events that wait in memory, because their journal can't be written."""
        return len(self._held)

    @property
    def journals(self) -> int:
        """Journals that are open."""
        return self._inbox.journals

    async def start(self) -> None:
        """Open the journals that are there, and begin. Raises JournalFailed, OSError."""
        await self._in_thread(self._inbox.look, self._now())
        self._tasks = [asyncio.create_task(self._commit_all()), asyncio.create_task(self._sign_all())]

    async def keep(self, events: Sequence[Event]) -> bool:
        """Keep events; True when they are on the disk, False if they could not be written."""
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((events, done))
        self._came.set()
        return await done

    async def broken(self) -> None:
        """Wait for what must not happen: that the work below ends by itself. Raises what ended it."""
        await asyncio.gather(*self._tasks)

    async def stop(self) -> None:
        """Keep what came, note a last sign of life, and close the journals."""
        while (self._waiting or self._came.is_set()) and not self._tasks[0].done():
            await asyncio.sleep(_GATHER)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._in_thread(self._sign)  # after a commit that was under way
        if self._held:
            self._tell(f"{len(self._held):,} events are lost: their journals could not be written")
        await self._in_thread(self._inbox.close)
        self._thread.shutdown()

    async def _commit_all(self) -> None:
        while True:
            await self._came.wait()
            await asyncio.sleep(_GATHER)
            batch, self._waiting = self._waiting, []
            events = [event for some, _ in batch for event in some]
            left = await asyncio.shield(self._in_thread(self._commit, events))
            for some, done in batch:
                if not done.done():  # the one who asked may have gone
                    done.set_result(left.isdisjoint(some))
            if not self._waiting:
                self._came.clear()

    async def _sign_all(self) -> None:
        while True:
            await asyncio.sleep(_SIGN)
            await self._in_thread(self._sign)

    async def _in_thread(self, work: Callable[..., Any], *values: object) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *values)

    def _commit(self, events: list[Event], *, again: bool = False) -> set[Event]:
        """Keep events, and now and then, or `again`, those that could not be kept before; which of all are left."""
        waiting = self._held
        if again or time.monotonic() - self._tried > _AGAIN:
            events, waiting, self._tried = [*self._held, *events], [], time.monotonic()
        began = time.perf_counter()
        kept, left, error = self._inbox.keep(events, self._now())
        if self.on_commit is not None:
            self.on_commit(time.perf_counter() - began)
        self._held = [*waiting, *left][-_MOST_HELD:]
        self.total = EventCounts(*(count + other for count, other in zip(self.total, kept, strict=True)))
        if error is not None:
            self._fail(error)
        elif not self._held:
            self._failing = False
        return set(left)

    def _sign(self) -> None:
        if self._held:
            self._commit([], again=True)
        try:
            self._inbox.alive(self._now(), self.heard)
        except (JournalFailed, OSError) as error:
            self._fail(error)

    def _fail(self, error: Failure) -> None:
        """Say it once, until it goes well again."""
        if not self._failing:
            self._failing = True
            self._tell(f"{error}; its events are held in memory, and LINE gets no 200 for them")
