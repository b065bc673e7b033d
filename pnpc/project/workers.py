"""Work on a stream of items in several processes: the results in the order of the items, a few of them held at a time."""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain, cycle, islice
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

_AHEAD = 3  # items that a worker is given before its first result is taken

Item = TypeVar("Item")
Result = TypeVar("Result")


class WorkerDied(Exception):
    """A worker ended before its work was done; its text is one line for people."""


def processors() -> int:
    """How many processors we may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_order(work: Callable[[Item], Result], items: Iterator[Item], jobs: int = 0) -> Iterator[tuple[Item, Result]]:
    """Each item with its result; `jobs` processes, 0 for one a processor, never more than there are items at the start.

    `work` and what it refers to is inherited by the workers; items and results are sent. A single item is worked on
    here, and so are all where a process can't be forked. Raises what `work` raises, what `items` raises (after the
    results of those before), and WorkerDied.
    """
    broken: list[Exception] = []
    items = _until_broken(items, broken)
    wanted = (jobs or processors()) if hasattr(os, "fork") else 1
    first = list(islice(items, wanted))
    rest = chain(first, items)
    if len(first) < 2:
        yield from ((item, work(item)) for item in rest)
    else:
        workers: list[_Worker] = []
        try:
            for _ in first:
                workers.append(_start(work))
            yield from _dealt(workers, rest)
        finally:
            for worker in workers:
                worker.end()
    if broken:
        raise broken[0]


def _until_broken(items: Iterator[Item], broken: list[Exception]) -> Iterator[Item]:
    try:
        yield from items
    except Exception as error:
        broken.append(error)


def _dealt(workers: "list[_Worker]", items: Iterator[Item]) -> Iterator[tuple[Item, Any]]:
    """Items are dealt to the workers in turn, and results taken from them in the same turn."""
    waiting: deque[tuple[Item, _Worker]] = deque()
    for worker, item in zip(cycle(workers), items, strict=False):
        worker.give(item)
        waiting.append((item, worker))
        if len(waiting) == _AHEAD * len(workers):
            given, giver = waiting.popleft()
            yield given, giver.take()
    for given, giver in waiting:
        yield given, giver.take()


class _Worker(NamedTuple):
    process: "BaseProcess"
    tasks: "Connection"
    results: "Connection"

    def give(self, item: object) -> None:
        try:
            self.tasks.send(item)
        except OSError:
            raise self._died() from None

    def take(self) -> Any:
        try:
            failed, result = self.results.recv()
        except (EOFError, OSError):
            raise self._died() from None
        if failed:
            raise result
        return result

    def _died(self) -> WorkerDied:
        self.process.join()
        code = self.process.exitcode or 0
        name = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return WorkerDied(f"a worker process ended by {name} before its work was done; --jobs 1 works without them")

    def end(self) -> None:
        self.process.terminate()
        self.process.join()
        self.process.close()
        self.tasks.close()
        self.results.close()


def _start(work: Callable[[Any], Any]) -> _Worker:
    from multiprocessing import get_context  # 16 ms that a small run does not pay

    context = get_context("fork")
    theirs_in, tasks = context.Pipe(duplex=False)
    results, theirs_out = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(work, theirs_in, theirs_out, tasks, results), daemon=True)
    process.start()
    theirs_in.close()
    theirs_out.close()
    return _Worker(process, tasks, results)


def _serve(
    work: Callable[[Any], Any], tasks: "Connection", results: "Connection", given: "Connection", taken: "Connection"
) -> None:
    """A worker's life. It ends with the pipe from the parent, so that none outlives a parent that was killed."""
    from queue import SimpleQueue
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal tells all of us; the parent ends the others
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    given.close()
    taken.close()
    queue: SimpleQueue[Any] = SimpleQueue()

    def receive() -> None:
        # The parent never waits for a worker to take an item: it might be waiting for the parent to take a result.
        try:
            while True:
                queue.put((tasks.recv(),))
        except (EOFError, OSError):
            queue.put(None)

    Thread(target=receive, daemon=True).start()
    try:
        while (task := queue.get()) is not None:
            results.send(_done(work, task[0]))
    except OSError:
        pass  # the parent has gone


def _done(work: Callable[[Any], Any], item: Any) -> tuple[bool, Any]:
    try:
        return False, work(item)
    except Exception as error:
        return True, error
