"""Work on a stream of items in several processes: the results in the order of the items, a few of them held at a time."""

import os
import pickle
import signal
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain, cycle, islice
from typing import IO, TYPE_CHECKING, Any, NamedTuple, TypeVar

if TYPE_CHECKING:
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
    tasks: IO[bytes]
    results: IO[bytes]

    def give(self, item: object) -> None:
        try:
            _send(self.tasks, item)
        except OSError:
            raise self._died() from None

    def take(self) -> Any:
        try:
            failed, result = pickle.load(self.results)
        except (EOFError, OSError, pickle.UnpicklingError):
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
        with suppress(OSError):  # what was to be sent to one that has gone
            self.tasks.close()
        self.results.close()


def _send(stream: IO[bytes], value: object) -> None:
    """Bytes of some size go to the pipe, and come from it, without a copy: a Connection's way costs twice the time."""
    pickle.dump(value, stream, pickle.HIGHEST_PROTOCOL)
    stream.flush()


def _start(work: Callable[[Any], Any]) -> _Worker:
    from multiprocessing import get_context  # 16 ms that a small run does not pay

    theirs_in, tasks = _pipe()
    results, theirs_out = _pipe()
    ours, theirs = (tasks, results), (theirs_in, theirs_out)
    process = get_context("fork").Process(target=_serve, args=(work, *theirs, ours), daemon=True)
    with warnings.catch_warnings():
        # Python warns of a fork beside other threads, which pyarrow has. A worker runs our own code only.
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    for end in theirs:
        end.close()
    return _Worker(process, *ours)


def _pipe() -> tuple[IO[bytes], IO[bytes]]:
    read, write = os.pipe()
    return os.fdopen(read, "rb"), os.fdopen(write, "wb")


def _serve(
    work: Callable[[Any], Any], tasks: IO[bytes], results: IO[bytes], parents: tuple[IO[bytes], IO[bytes]]
) -> None:
    """A worker's life. It ends with the pipe from the parent, so that none outlives a parent that was killed."""
    from queue import SimpleQueue  # only a worker process needs these two
    from threading import Thread

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal tells all of us; the parent ends the others
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for end in parents:
        end.close()
    queue: SimpleQueue[Any] = SimpleQueue()

    def receive() -> None:
        # The parent never waits for a worker to take an item: it might be waiting for the parent to take a result.
        try:
            while True:
                queue.put((pickle.load(tasks),))
        except (EOFError, OSError, pickle.UnpicklingError):
            queue.put(None)

    Thread(target=receive, daemon=True).start()
    try:
        while (task := queue.get()) is not None:
            _send(results, _done(work, task[0]))
    except OSError:
        pass  # the parent has gone


def _done(work: Callable[[Any], Any], item: Any) -> tuple[bool, Any]:
    try:
        return False, work(item)
    except Exception as error:
        return True, error
