"""Work on a cluster of Dask. The one door to distributed, which comes with `pnpc[dask]`.

Dask may do a task again, when a worker has died, or twice at the same time. That changes nothing: a task writes one file,
whole, with bytes that its inputs decide. The names of tasks hold no name of a file.
"""

import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from threading import Thread
from typing import Any, Self, TypeVar

from pnpc.about import VERSION
from pnpc.extras import missing
from pnpc.project.parts.job import Job
from pnpc.project.parts.work import clean

_PATIENCE = 10  # seconds that a scheduler has to answer, and workers to say what they are

Result = TypeVar("Result")


class ClusterError(Exception):
    """A cluster that can't be worked on; its text is one line for people."""


class Cluster:
    """A scheduler and its workers, as a context: what was not finished when it ends is cancelled."""

    def __init__(self, address: str) -> None:
        """Raises ClusterError if no scheduler answers, and MissingExtra without the library."""
        try:
            import distributed.client  # noqa: F401  # an extra that may be missing; it makes the names of its logs
        except ImportError:
            raise missing("pnpc compile --cluster", "distributed", "dask") from None
        self._address = address
        self._futures: list[Any] = []
        self._folders: list[str] = []
        for name in [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]:
            logging.getLogger(name).setLevel(logging.CRITICAL)  # it says of each lost connection what we say once
        self._client = _connected(address)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._futures:
            self._client.cancel(self._futures, force=True)
        if self._folders:
            # At once and on every worker: it is their disk, perhaps, and what they still work on has nothing to become.
            _within(_PATIENCE, lambda: self._client.run(clean, self._folders, self._run, on_error="ignore"))
        self._client.close(_PATIENCE)

    def workers(self) -> int:
        """How many workers there are. Raises ClusterError for one with another pnpc, or without."""
        versions: dict[str, object] = {}
        _within(_PATIENCE, lambda: versions.update(self._client.run(version, "pnpc", on_error="return")))
        for worker, theirs in sorted(versions.items()):
            if theirs != VERSION:
                has = f"has pnpc {theirs}" if isinstance(theirs, str) else "has no pnpc"
                raise ClusterError(
                    f"the worker {worker} {has}, and this is {VERSION}: install the same version on both"
                )
        return len(versions)

    def work(
        self, job: Job, task: Callable[..., Result], name: str, given: Sequence[tuple[int, ...]]
    ) -> Iterator[tuple[int, Result]]:
        """What `task(job, *numbers)` gives for all that are given, as it is done: the place in `given`, and the result.

        Raises ClusterError.
        """
        from distributed import KilledWorker, as_completed  # an extra that may be missing

        self._run, self._folders = job.run, job.outputs.folders(job.parts)
        # A task of its own: where the worker that holds it dies, it is made again. Dask takes the words of a key before the
        # first number for a group, and spreads a group of tasks over all workers only if few others come before it: so the
        # job's own task is of another group. Else all parts go to the one worker that holds the job.
        shared = self._client.submit(_same, job, key=f"pnpc-job-{name}-0-{job.run}", pure=False)
        # Few parts are no group to Dask: they go where the job is, so it is on all workers.
        _within(_PATIENCE, lambda: self._client.replicate([shared]))
        futures = {
            self._client.submit(task, shared, *numbers, key=f"pnpc-{name}-0-{job.run}-{at}", pure=False): at
            for at, numbers in enumerate(given)
        }
        self._futures = [shared, *futures]
        for future in as_completed(futures, loop=self._client.loop):
            try:
                result = future.result()
            except KilledWorker:
                part = job.parts[given[futures[future]][0]].name
                raise ClusterError(
                    f"{part}: every worker that compiled it died; has it enough memory? `dask worker` says more"
                ) from None
            except Exception as error:
                if future.status in ("cancelled", "lost"):
                    raise ClusterError(f"the Dask scheduler at {self._address} went away") from None
                raise ClusterError(f"a worker failed: {_line(error)}") from None
            yield futures[future], result
            future.release()
        self._futures = []


def _connected(address: str) -> Any:
    """A client of a scheduler. Raises ClusterError if none answers, or something that is no scheduler."""
    from distributed import Client  # an extra that may be missing

    class Quiet(Client):
        def __del__(self) -> None:
            """`Cluster` closes it; one that never was connected has nothing to close, and fails at that."""

    made: list[Any] = []

    def connect() -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of other versions of its own libraries
                made.append(Quiet(address, timeout=_PATIENCE, set_as_default=False))  # type: ignore[no-untyped-call]
        except Exception as error:
            made.append(error)

    # Its time limit is for the connection: what answers, and is no scheduler, would be waited for for ever.
    thread = Thread(target=connect, daemon=True)
    thread.start()
    thread.join(2 * _PATIENCE)
    client = made[0] if made else TimeoutError("something answers, and not as a scheduler does")
    if isinstance(client, Exception):
        raise ClusterError(f"no Dask scheduler answers at {address}: {_line(client)}")
    return client


def _same(job: Job) -> Job:
    return job


def _line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0].rstrip(".") if lines else type(error).__name__


def _within(seconds: float, work: Callable[[], object]) -> None:
    """Do something that no worker may hold up, such as one that was stopped."""

    def quiet() -> None:
        try:
            work()
        except Exception:
            logging.getLogger(__name__).debug("asking the workers", exc_info=True)

    thread = Thread(target=quiet, daemon=True)
    thread.start()
    thread.join(seconds)
