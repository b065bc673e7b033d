"""What ends a run of `pnpc compile` before its last row."""

from collections.abc import Sequence

from pnpc.check.engine import file_diagnostic
from pnpc.compile.tables.recipients import BadTable
from pnpc.text.finding import Diagnostic


class Stopped(Exception):
    """The run ended before its last row: its output must not pass for a whole one.

    `mistakes` are those of the table as a whole; mistakes of rows are reported elsewhere.
    """

    def __init__(self, mistakes: Sequence[Diagnostic] = ()) -> None:
        super().__init__()
        self.mistakes = mistakes


def table_mistake(error: BadTable, file: str) -> Diagnostic:
    """What is wrong with a table that can't be read on."""
    return file_diagnostic("bad-table", error.message, file, error.range, {}, help=error.help)
