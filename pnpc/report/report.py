"""What a run found, as every format needs it."""

from collections.abc import Mapping
from typing import NamedTuple

from pnpc.text.finding import Diagnostic
from pnpc.text.source import Source


class Summary(NamedTuple):
    """What was counted: files that were checked, diagnostics by severity, and what is not among the diagnostics;
    `left_out` of the errors and warnings are counted only."""

    files: int
    errors: int
    warnings: int
    passed_over: int = 0
    baselined: int = 0
    suppressed: int = 0
    left_out: int = 0


class Report(NamedTuple):
    """Diagnostics in the order in which they are shown; `sources` holds the texts of their files, by file name.

    A file may be missing from `sources`: then nothing is shown that needs its text. `warnings_fail`: whether a warning
    makes the run fail, as an error does.
    """

    diagnostics: tuple[Diagnostic, ...]
    summary: Summary
    sources: Mapping[str, Source]
    warnings_fail: bool = False
