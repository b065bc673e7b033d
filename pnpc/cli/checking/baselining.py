"""`--baseline` and `--write-baseline`: known findings are not reported; those that are gone are."""

import os
from collections import Counter
from collections.abc import Mapping

from pnpc import rules
from pnpc.check.engine import Level, file_diagnostic
from pnpc.project import baseline as baselines
from pnpc.project.files import write as write_file
from pnpc.project.run import RunResult
from pnpc.project.workspace import Workspace
from pnpc.text.finding import Diagnostic, Range
from pnpc.text.source import Position
from pnpc.text.wording import Said, says

_START = Range(Position(1, 1), Position(1, 1))


def hold_back(
    result: RunResult, file: str, workspace: Workspace, levels: Mapping[str, Level], *, write: bool
) -> tuple[list[Diagnostic], int]:
    """The findings of a run that its baseline does not hold, and how many it does.

    `levels` are those of the config that names the baseline. With `write` the run's findings take the place of the
    entries that this run could meet; those of other files, of files that could not be read to their end, and of rules
    that are off stay. Certain media, and what keeps a file from being read, are never held. Raises CouldNotRead, OSError.
    """
    cut = {diagnostic.file for diagnostic in result.diagnostics if diagnostic.name in rules.UNREADABLE}

    def is_on(name: str, code: str) -> bool:
        return not rules.known(code) or workspace.levels(name).get(rules.names(code)[0], "") is not None

    listed = baselines.load(file) if os.path.lexists(file) or not write else Counter()
    held = Counter({key: count for key, count in listed.items() if baselines.can_hold(key[1])})
    others = baselines.of_others(held, [name for name in result.names if name not in cut], file, is_on)
    if write:
        kept = [
            diagnostic
            for diagnostic in result.diagnostics
            if baselines.can_hold(diagnostic.code) and diagnostic.file not in cut
        ]
        write_file(file, baselines.dump(kept, file, others).encode("utf-8", "backslashreplace"))
        return [
            diagnostic
            for diagnostic in result.diagnostics
            if diagnostic.file in cut or not baselines.can_hold(diagnostic.code)
        ], len(kept)
    new, left = baselines.split(result.diagnostics, held, file)
    if levels.get("stale-baseline", "") is not None:
        gone = (left - others).total()
        media = sum(count for (_, code, _), count in listed.items() if rules.known(code) and _is_medium(code))
        new += [
            file_diagnostic(
                "stale-baseline", message, file, _START, levels, help=says("shrink it with --write-baseline")
            )
            for message in ([_gone(gone)] if gone else []) + ([_media(media)] if media else [])
        ]
    return new, (held - left).total()


def _is_medium(code: str) -> bool:
    return rules.names(code)[0] in rules.CERTAIN_MEDIA


def _gone(count: int) -> Said:
    if count == 1:
        return says("1 finding of the baseline is gone")
    return says("{count:,} findings of the baseline are gone", count=count)


def _media(count: int) -> Said:
    what = (
        says("a picture, video or sound") if count == 1 else says("{count:,} pictures, videos or sounds", count=count)
    )
    return says("the baseline lists {what}: they are always errors and can't be put into a baseline", what=what)
