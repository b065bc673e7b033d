"""`pnpc check`: find mistakes, show them, fix them."""

from pnpc.text.lazy import patterns_at_first_use

with patterns_at_first_use():
    import pnpc.text.nodes  # noqa: F401 - it loads PyYAML

import os
import sys
from functools import partial
from typing import IO, Any, NamedTuple

import click

from pnpc.cli.common import CatalogOption, ConfigOption, IsolatedOption, heard, say, wants_color
from pnpc.cli.errors import CouldNotRun
from pnpc.project.config import Given
from pnpc.project.discovery import InputFile, find
from pnpc.project.files import MAX_BYTES, read
from pnpc.project.files import write as write_file
from pnpc.project.run import RunResult, check_all, check_bytes, check_file, gather, summed_up
from pnpc.project.workspace import FolderSettings, Workspace
from pnpc.report import FORMATS, render
from pnpc.report.full import left_out_line
from pnpc.report.report import Report
from pnpc.text.source import is_json

HELP = """Find mistakes in specs and request bodies.

PATHS are files and folders; the default is the current folder. In a folder every .yaml, .yml and .json file that git does
not ignore is checked; a file without a spec is passed over. A file that you name must be a spec, a request body, a message
object or a Flex container.

\b
Examples:
  pnpc check                                   everything below this folder
  pnpc check notifications/ --fail-on warning  warnings fail too
  pnpc check --fix                             apply the safe fixes
  pnpc check --diff                            show them as a diff instead
  pnpc check --format github --output sarif=pnpc.sarif
  cat spec.yaml | pnpc check - --stdin-filename notifications/spec.yaml

Exit codes: 0 clean, 1 findings at or above --fail-on, 2 could not run.
"""


class CheckOptions(NamedTuple):
    """What the command line asks of a run, by the names of click's parameters."""

    paths: tuple[str, ...]
    fix: bool
    diff: bool
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    fail_on: str | None
    exit_zero: bool
    format_: str
    output: tuple[str, ...]
    color: str
    stdin_filename: str
    force_exclude: bool
    skip_foreign: bool
    allow_empty: bool
    baseline: str | None
    write_baseline: bool
    jobs: int
    watch: bool
    catalogs: tuple[str, ...]
    config: str | None
    isolated: bool

    @property
    def given(self) -> Given:
        """The files that stand above the config."""
        return Given(self.catalogs, self.baseline)

    @property
    def stdin(self) -> InputFile | None:
        """Standard input under its name, if that is what is checked."""
        name = self.stdin_filename or "<stdin>"
        return InputFile(name, named=not self.skip_foreign) if self.paths == ("-",) else None


@click.command("check", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("paths", nargs=-1, metavar="[PATHS]...", type=click.Path())
@click.option("--fix", is_flag=True, help="Apply the safe fixes, then report what is left.")
@click.option("--diff", is_flag=True, help="Show the safe fixes as a diff; change nothing.")
@click.option(
    "--select", multiple=True, metavar="RULES", help="Only these rules (codes, names, PNP2), comma-separated."
)
@click.option("--ignore", multiple=True, metavar="RULES", help="Not these rules.")
@click.option("--fail-on", type=click.Choice(["error", "warning", "never"]), help="Exit with 1 from this severity on.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 even if there are findings.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="full", show_default=True)
@click.option(
    "--output", multiple=True, metavar="FORMAT=FILE", help="Also write this format to a file. May be repeated."
)
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@click.option(
    "--stdin-filename", metavar="NAME", default="", help="The file name for `-`, used for the config and the report."
)
@click.option("--force-exclude", is_flag=True, help="Pass over excluded files even if they are named (for pre-commit).")
@click.option("--skip-foreign", is_flag=True, help="Pass over named files that hold no spec (for pre-commit).")
@click.option("--allow-empty", is_flag=True, help="Exit with 0 if there is no spec to check.")
@click.option("--baseline", metavar="FILE", help="Do not report the findings that this file records.")
@click.option("--write-baseline", is_flag=True, help="Record the findings in the baseline file.")
@click.option(
    "--jobs", type=click.IntRange(0, 64), default=0, help="Processes; 0 chooses the number.", show_default=True
)
@click.option("--watch", is_flag=True, help="Check again whenever a file changes; end with Ctrl-C.")
@CatalogOption
@ConfigOption
@IsolatedOption
def command(**given: Any) -> int:
    """Run the check; gives the exit code."""
    options = CheckOptions(**given)
    options = options._replace(paths=options.paths or (".",))
    for asked in options.output:
        _output(asked)  # a misspelt one ends the run before it begins
    _refuse_mixes(options)
    if options.watch:
        from pnpc.cli.checking.watch import watch

        return watch(partial(_once, options), _watched(options))
    return _once(options)


def _watched(options: CheckOptions) -> list[str]:
    """The paths of a run, and the projects of its specs that include fragments, which may stand elsewhere."""
    from pnpc.project.config import ConfigError
    from pnpc.project.files import CouldNotRead
    from pnpc.project.fragments import root_of

    try:
        workspace = Workspace(options.config, options.isolated, given=options.given)
        names = [target.name for target in _targets(options, workspace) if b"$include" in read(target.name)]
    except (ConfigError, CouldNotRead):  # the first run reports it
        names = []
    return list(dict.fromkeys([*options.paths, *map(root_of, names)]))


def _once(options: CheckOptions) -> int:
    """One run: fix, check, report; gives the exit code."""
    select, ignore = _words(options.select), _ignored(options.ignore)
    workspace = Workspace(options.config, options.isolated, select, ignore, options.given)
    if options.fix or options.diff:
        from pnpc.cli.checking import fixing

        if options.stdin is not None:
            return _fix_stdin(options, options.stdin, workspace)
        changed = fixing.fix_files(_targets(options, workspace), workspace, diff=options.diff)
        if options.diff:
            return 1 if changed and not options.exit_zero else 0
    if options.stdin is not None:
        result = _of_stdin(options.stdin, read("-"), workspace)
    else:
        result = check_all(_targets(options, workspace), workspace, options.jobs)
    return _finish(options, result, workspace, sys.stdout)


def _of_stdin(target: InputFile, data: bytes, workspace: Workspace) -> RunResult:
    return gather([(target, check_bytes(target.name, data, workspace, named=target.named))], workspace)


def _fix_stdin(options: CheckOptions, target: InputFile, workspace: Workspace) -> int:
    """The fixed text, or the diff, goes to standard output; the report of what is left to standard error."""
    from pnpc.cli.checking import fixing

    data = read("-")
    if options.diff:
        changed = fixing.diff_bytes(target, data, workspace)
        return 1 if changed and not options.exit_zero else 0
    if len(data) > MAX_BYTES:
        raise CouldNotRun(f"can't fix more than {MAX_BYTES:,} bytes: the rest would be lost")
    fixed = fixing.fix_bytes(target, data, workspace)
    with heard():
        sys.stdout.buffer.write(fixed)
        sys.stdout.flush()
    return _finish(options, _of_stdin(target, fixed, workspace), workspace, sys.stderr)


def _finish(options: CheckOptions, result: RunResult, workspace: Workspace, stream: IO[str]) -> int:
    """Write the reports; gives the exit code, which stands whether or not somebody reads them."""
    if result.files == 0 and not options.allow_empty:
        raise CouldNotRun(_nothing(options, result))
    settings = workspace.settings(_first(options))
    report = _report(options, result, settings, workspace)
    for name, file in map(_output, options.output):
        write_file(file, render(name, report).encode("utf-8", "backslashreplace"))
    with heard():
        stream.write(render(options.format_, report, color=_colored(options, stream)))
    if report.summary.left_out and options.format_ != "full":
        say(left_out_line(report.summary))
    if options.exit_zero:
        return 0
    return _exit_code(report, _fail_on(options, settings))


def _fail_on(options: CheckOptions, settings: FolderSettings) -> str:
    return options.fail_on or settings.config.fail_on


def _colored(options: CheckOptions, stream: IO[str]) -> bool:
    return options.format_ == "full" and wants_color(stream, options.color)


def _words(listed: tuple[str, ...]) -> list[str]:
    """Rules of the command line, each of them one that exists."""
    from pnpc import rules

    words = [word.strip() for text in listed for word in text.split(",") if word.strip()]
    for word in words:
        if not rules.names(word):
            from pnpc.text.suggest import did_you_mean, near

            raise CouldNotRun(f"no rule `{word}`{did_you_mean(near(word, rules.words()))}")
    return words


def _ignored(listed: tuple[str, ...]) -> list[str]:
    """Rules of the command line that are to be turned off, each of them one that can be."""
    from pnpc import rules

    words = _words(listed)
    for word in words:
        if (reason := rules.fixed(word)) is not None:
            raise CouldNotRun(f"--ignore: {reason}; {rules.fixed_help(word)}")
    return words


def _output(text: str) -> tuple[str, str]:
    name, separator, file = text.partition("=")
    if not separator or name not in FORMATS or not file:
        raise CouldNotRun(f"--output takes FORMAT=FILE, a format being one of {', '.join(FORMATS)}; found `{text}`")
    return name, file


def _refuse_mixes(options: CheckOptions) -> None:
    if "-" in options.paths and len(options.paths) > 1:
        raise CouldNotRun("`-` (standard input) can't be mixed with other paths")
    if options.watch and (options.stdin or options.fix or options.diff):
        raise CouldNotRun("--watch can't be used with `-`, --fix or --diff")
    if options.watch and (options.output or options.write_baseline):
        # What a run writes would start the next one.
        raise CouldNotRun("--watch can't be used with --output or --write-baseline")


def _first(options: CheckOptions) -> str:
    """The file or folder whose config gives `fail-on` and the baseline for the whole run."""
    first = options.stdin_filename or "x" if options.stdin else options.paths[0]
    return os.path.join(first, "x") if os.path.isdir(first) else first


def _targets(options: CheckOptions, workspace: Workspace) -> list[InputFile]:
    targets = list(find(options.paths, workspace, force_exclude=options.force_exclude))
    written = {os.path.realpath(_output(asked)[1]) for asked in options.output}
    for kept in (options.config, options.baseline):
        if kept is not None and os.path.realpath(kept) in written:
            raise CouldNotRun(f"--output would overwrite {kept}, which is read")
    for target in targets if written else ():
        # A report of the last run may lie in the folder.
        if os.path.realpath(target.name) in written and (target.named or _is_ours(target, workspace)):
            raise CouldNotRun(f"--output would overwrite {target.name}, which is to be checked")
    return [target._replace(named=False) if options.skip_foreign else target for target in targets]


def _is_ours(target: InputFile, workspace: Workspace) -> bool:
    """Whether a person wrote a file: all YAML, and JSON that holds a spec or a request body."""
    return not is_json(target.name) or check_file(target, workspace).checked.is_ours


def _nothing(options: CheckOptions, result: RunResult) -> str:
    shown = ", ".join(options.paths)
    files = "1 file" if result.passed_over == 1 else f"{result.passed_over} files"
    passed = f" ({files} passed over)" if result.passed_over else ""
    return f"no spec found in {shown}{passed}; if that is right, add --allow-empty"


def _report(options: CheckOptions, result: RunResult, settings: FolderSettings, workspace: Workspace) -> Report:
    """The report of a run under its baseline, which is written first if that is asked for."""
    diagnostics, held = result.diagnostics, 0
    baseline = options.baseline or settings.config.baseline
    if options.write_baseline and baseline is None:
        raise CouldNotRun("--write-baseline needs --baseline FILE, or `baseline` in the config")
    if baseline is not None:
        from pnpc.cli.checking.baselining import hold_back

        diagnostics, held = hold_back(result, baseline, workspace, settings.levels, write=options.write_baseline)
    shown, summary = summed_up(result, diagnostics, held)
    warnings_fail = _fail_on(options, settings) == "warning"
    if shown:
        from pnpc.report.repeated import shortened  # a clean run tells nothing

        shown = shortened(shown)
    return Report(tuple(shown), summary, result.sources, warnings_fail)


def _exit_code(report: Report, fail_on: str) -> int:
    failing = report.summary.errors + (report.summary.warnings if fail_on == "warning" else 0)
    return 1 if failing and fail_on != "never" else 0
