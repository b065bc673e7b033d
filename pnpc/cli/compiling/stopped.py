"""What ends a run of `pnpc compile` before its last row."""

from collections.abc import Sequence

from pnpc.text.finding import Diagnostic


class Stopped(Exception):
    """The run ended before its last row: its output must not pass for a whole one.

    `mistakes` are those of the table as a whole; mistakes of rows are reported elsewhere.
    """

    def __init__(self, mistakes: Sequence[Diagnostic] = ()) -> None:
        super().__init__()
        self.mistakes = mistakes
