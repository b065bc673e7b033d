"""Progress of long work: how many, how fast, how many mistakes; on a terminal only. The one door to tqdm."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

_PAUSE = 0.1  # seconds between two drawings


class Bar:
    """Counts work. Nothing is drawn more than ten times a second, and nothing at all without a terminal."""

    def __init__(self, drawn: Any = None) -> None:
        """`drawn` is tqdm's bar, or None if it is not shown."""
        self._drawn = drawn
        self._done = 0
        self._errors = 0
        self._next = 0.0

    def add(self, done: int, errors: int = 0) -> None:
        """`done` more are finished, with `errors` mistakes among them."""
        if self._drawn is None:
            return
        self._done += done
        self._errors += errors
        if (now := monotonic()) >= self._next:
            self._next = now + _PAUSE
            self.draw()

    def draw(self) -> None:
        """Show how things stand."""
        if self._drawn is not None:
            if self._errors:
                self._drawn.set_postfix_str(f"{self._errors:,} with mistakes", refresh=False)
            self._drawn.update(self._done)
            self._done = 0


@contextmanager
def progress(noun: str, total: int | None = None, *, shown: bool = True) -> Iterator[Bar]:
    """A bar for the work in the block, gone when it ends: `with progress("rows") as bar: bar.add(1)`.

    It is drawn on standard error if that is a terminal which can, and nothing else is written to it meanwhile: not
    where standard output is one too. `total` is how many there will be, None if it is not known.
    """
    if not shown or not _wanted():
        yield Bar()
        return
    from threading import RLock

    from tqdm import tqdm

    # Neither a watching thread nor a lock between processes: both are in the way of work that is done in several.
    tqdm.monitor_interval = 0
    tqdm.set_lock(RLock())
    with tqdm(
        total=total, unit=f" {noun}", unit_scale=True, file=sys.stderr, dynamic_ncols=True, leave=False,
        mininterval=0, miniters=0, smoothing=0.1,
    ) as drawn:  # fmt: skip
        bar = Bar(drawn)
        yield bar
        bar.draw()


def is_terminal() -> bool:
    """Whether standard error is a terminal that can draw."""
    return sys.stderr.isatty() and os.environ.get("TERM") != "dumb"


def _wanted() -> bool:
    return sys.stderr.isatty() and not sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
