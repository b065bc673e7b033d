"""What a push shows of itself while it runs: the bar on a terminal, a line now and then in a log, metrics for Prometheus."""

import asyncio
import time
from collections import Counter
from collections.abc import Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from pnpc.cli.common import say, speaks_json
from pnpc.cli.errors import CouldNotRun
from pnpc.cli.progress import Bar, is_terminal, progress
from pnpc.report import render
from pnpc.report.report import Report, Summary
from pnpc.text.finding import Diagnostic
from pnpc.text.source import Source

if TYPE_CHECKING:
    from pnpc.deliver.metrics import Metrics, PushMetrics
    from pnpc.deliver.sending.engine import Engine
    from pnpc.deliver.sending.outcomes import Observation, Outcome

_Result = TypeVar("_Result")
EVERY = 30.0  # seconds between two lines, unless a person says otherwise
_MINUTE = 60  # seconds
_LEAST = 0.001  # seconds, for a rate over no time


class ProgressLines:
    """Counts the messages of a push, and says every few seconds how many are done."""

    def __init__(self, total: int) -> None:
        """`total` messages are to be sent in this run."""
        self._total, self._done = total, 0
        self._began = self._last = time.monotonic()
        self._at_last = 0
        self._outcomes: Counter[str] = Counter()

    def add(self, kind: str) -> None:
        """Take an outcome into account."""
        self._outcomes[kind] += 1
        self._done += kind != "not_sent"

    @property
    def left(self) -> int:
        """Messages that are still to be sent."""
        return self._total - self._done

    async def tell(self, every: float) -> None:
        """Say it every few seconds, until cancelled."""
        while True:
            await asyncio.sleep(every)
            self.say()

    def say(self) -> None:
        """Say how many are done, how fast it goes, and when it will be over."""
        now = time.monotonic()
        rate = (self._done - self._at_last) / max(now - self._last, _LEAST)
        left = self.left
        mean = self._done / max(now - self._began, _LEAST)
        seconds = round(left / mean) if mean else None
        self._last, self._at_last = now, self._done
        counts = {kind: self._outcomes[kind] for kind in ("accepted", "refused", "unknown")}
        share = f"{self._done / self._total:.0%}" if self._total else "100%"
        ending = "" if seconds is None else f", {_time(seconds)} left"
        what = ", ".join(f"{count:,} {kind}" for kind, count in counts.items())
        text = f"{self._done:,} of {self._total:,} messages ({share}), {rate:,.0f} a second{ending}: {what}"
        say(
            f"{time.strftime('%H:%M:%SZ', time.gmtime())} {text}", "progress", done=self._done, total=self._total, rate=round(rate, 1),
            seconds_left=seconds, **counts,
        )  # fmt: skip


class Reporting(NamedTuple):
    """How a push reports: neither bar nor lines if it is `quiet`; seconds between two lines (0: none); the metrics that it
    fills."""

    quiet: bool = False
    every: float = EVERY
    metrics: "Metrics | None" = None

    @contextmanager
    def running(self, total: int) -> Iterator["Running"]:
        """For the time of a push that is to send `total` messages."""
        lines = ProgressLines(total)
        # Where a terminal is, there is a bar instead.
        every = 0.0 if self.quiet or is_terminal() else self.every
        with progress("messages", total, shown=not self.quiet) as bar:
            if self.metrics is None:
                yield Running(bar, lines, every, None)
                return
            yield Running(bar, lines, every, self.metrics.push(lambda: lines.left))


class Running:
    """What hears of a push that is running."""

    def __init__(self, bar: Bar, lines: ProgressLines, every: float, metrics: "PushMetrics | None") -> None:
        """A line is said `every` few seconds; 0: none is."""
        self._bar, self._lines, self._every, self._metrics = bar, lines, every, metrics

    def hear(self, seen: "Observation", outcome: "Outcome") -> None:
        """Take an outcome into account."""
        self._bar.add(outcome.kind != "not_sent", outcome.kind in ("refused", "unknown"))
        self._lines.add(outcome.kind)
        if self._metrics is not None:
            self._metrics.observe(seen, outcome)

    def watch(self, engine: "Engine") -> None:
        """Look at an engine that is about to begin."""
        if self._metrics is not None:
            self._metrics.watch(engine)

    async def told(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        """The result of some work, with a line now and then meanwhile."""
        if not self._every:
            return await work
        telling = asyncio.create_task(self._lines.tell(self._every))
        try:
            return await work
        finally:
            telling.cancel()


def say_refused(diagnostics: Sequence[Diagnostic], sources: Mapping[str, Source], *, color: bool) -> None:
    """The 400 answers of a run, at their places: one report for people, an object each for programs."""
    for diagnostic in diagnostics if speaks_json() else ():
        begin = diagnostic.range.start
        place = {"file": diagnostic.file, "line": begin.line, "column": begin.column}
        say(str(diagnostic.message), "refused-request", "error", code=diagnostic.code, **place)
    if diagnostics and not speaks_json():
        files = len({diagnostic.file for diagnostic in diagnostics})
        report = Report(tuple(diagnostics), Summary(files=files, errors=len(diagnostics), warnings=0), dict(sources))
        say(render("full", report, color=color).rstrip("\n"))


@contextmanager
def served(address: tuple[str, int] | None) -> Iterator["Metrics | None"]:
    """Metrics at an address, for as long as the block. Raises CouldNotRun where that can't be listened on."""
    if address is None:
        yield None
        return
    from pnpc.deliver.metrics import Metrics

    host, port = address
    try:
        metrics = Metrics(host, port)
    except OSError as error:
        raise CouldNotRun(f"can't serve metrics at {host}:{port}: {(error.strerror or str(error)).lower()}") from None
    except UnicodeError:  # no name of a host is so long, or has such characters
        raise CouldNotRun(f"can't serve metrics at {host}:{port}: no such host") from None
    with metrics:
        say(f"note: metrics at {metrics.url}", "metrics", url=metrics.url)
        yield metrics


def _time(seconds: int) -> str:
    """45 s, 12:30 or 2:05:00."""
    return f"{seconds} s" if seconds < _MINUTE else str(timedelta(seconds=seconds)).removeprefix("0:")
