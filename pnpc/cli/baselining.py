"""`--baseline` and `--write-baseline`: what a team has put off is held back, and what is done is told."""

import os
from collections import Counter
from collections.abc import Mapping

from pnpc import rules
from pnpc.check.engine import Level, told
from pnpc.project import baseline as baselines
from pnpc.project.files import write as write_file
from pnpc.project.run import RunResult
from pnpc.project.workspace import Workspace
from pnpc.text.finding import Diagnostic, Range
from pnpc.text.source import Position

_START = Range(Position(1, 1), Position(1, 1))


def hold_back(
    result: RunResult, file: str, workspace: Workspace, levels: Mapping[str, Level], *, write: bool
) -> tuple[list[Diagnostic], int]:
    """The findings of a run that its baseline does not hold, and how many it does.

    `levels` are those of the config that names the baseline. With `write` the run's findings take the place of the
    entries that this run could meet; those of other files and of rules that are off stay. Raises CouldNotRead, OSError.
    """

    def is_on(name: str, code: str) -> bool:
        return not rules.known(code) or workspace.levels(name).get(rules.names(code)[0], "") is not None

    held = baselines.load(file) if os.path.lexists(file) or not write else Counter()
    others = baselines.of_others(held, result.names, file, is_on)
    if write:
        write_file(file, baselines.dump(result.diagnostics, file, others).encode("utf-8", "backslashreplace"))
        return [], len(result.diagnostics)
    new, left = baselines.split(result.diagnostics, held, file)
    gone = (left - others).total()
    if gone and levels.get("stale-baseline", "") is not None:
        new.append(told("stale-baseline", _gone(gone), file, _START, levels, help="shrink it with --write-baseline"))
    return new, (held - left).total()


def _gone(count: int) -> str:
    return "1 finding of the baseline is gone" if count == 1 else f"{count:,} findings of the baseline are gone"
