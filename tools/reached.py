"""Which tests run a line of the code: the suite is run once under coverage.py, which notes it.

    python tools/reached.py FOLDER

writes `FOLDER/reached.db` for the project that the folder holds. `tools/mutants.py` asks it which tests can notice a
change. A line that runs when its module is loaded is noted for one test only, so it counts as run by all tests that run
anything of the file. What a test runs in another process is not noted.
"""

import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from coverage.numbits import numbits_to_nums

NAME = "reached.db"
_SETTINGS = """\
[run]
source = pnpc
relative_files = True
data_file = reached.db
"""
_SOME_FAILED = 1  # pytest's exit code
_QUESTION = """\
SELECT context, numbits FROM line_bits JOIN file ON file.id = file_id JOIN context ON context.id = context_id
WHERE path = ? AND context LIKE '%|run'"""


class Reached:
    """What coverage.py noted of one run of the suite."""

    def __init__(self, file: Path) -> None:
        """Open a file that `measure` wrote. Raises sqlite3.Error if it can't be read."""
        self._database = sqlite3.connect(file, check_same_thread=False)
        question = "SELECT context, sum(length(numbits)) FROM line_bits JOIN context ON id = context_id GROUP BY id"
        self._weights: dict[str, int] = dict(self._database.execute(question))

    def tests(self, file: str, lines: range, most: int) -> list[str]:
        """The tests that run one of these lines of a file, as `tests/test_x.py::test_y`, the closest first; then those that run
        other lines of it. As many as come to `most` cases of tests; an empty range stands for all lines of the file.

        Close are the tests that also run a line of the file which few run (they try its special cases), and those that run
        least of the code. Of many, half are of the first kind. The others may run the lines as well: what is remembered is
        worked out by one test, and used by later ones of its process.
        """
        ran = {context: set(numbits_to_nums(bits)) for context, bits in self._database.execute(_QUESTION, (file,))}
        known = Counter(line for its_lines in ran.values() for line in its_lines)
        reaching = [context for context, its_lines in ran.items() if not lines or not its_lines.isdisjoint(lines)]
        chosen: dict[str, None] = {}
        for contexts in (reaching, list(ran)):
            cases = Counter(map(_test, contexts))
            small = sorted(contexts, key=lambda context: (self._weights[context], context))
            special = sorted(small, key=lambda context: min(known[line] for line in ran[context]))
            for context in chain.from_iterable(zip(special, small, strict=True)):
                test = _test(context)
                if test not in chosen and cases[test] <= most:
                    chosen[test] = None
                    most -= cases[test]
        return list(chosen)


def _test(context: str) -> str:
    """`tests/test_x.py::test_y` of `tests/test_x.py::test_y[case]|run`."""
    return context.removesuffix("|run").partition("[")[0]


def measure(folder: Path, jobs: int) -> Path:
    """Run the suite of the project in a folder and write what it reaches; the file. Tests that fail are told, and serve for
    no change. Raises ValueError if the suite can't run."""
    settings = folder / "reached.ini"
    settings.write_text(_SETTINGS, encoding="utf-8")
    command = [
        sys.executable, "-m", "pytest", "-q", "-n", str(jobs), "-p", "no:cacheprovider", "--tb=short", "--cov=pnpc",
        f"--cov-config={settings}", "--cov-context=test", "--cov-report=", "tests",
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode not in (0, _SOME_FAILED):
        raise ValueError(f"the suite can't run:\n{done.stdout[-2000:]}")
    for line in done.stdout.splitlines():
        if line.startswith(("FAILED ", "ERROR ")):
            print(f"without any change: {line}", file=sys.stderr)
    return folder / NAME


def main(arguments: Sequence[str]) -> int:
    """Run it; the exit code."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        print(measure(Path(arguments[0]).absolute(), os.cpu_count() or 1))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
