"""`pnpc check`: find mistakes, show them, mend them."""

import sys
from typing import NamedTuple

import click

from pnpc.cli.common import ConfigOption, IsolatedOption, wants_color, write
from pnpc.cli.errors import CouldNotRun
from pnpc.project.discovery import Target, find
from pnpc.project.files import read
from pnpc.project.run import RunResult, check_all, check_bytes, gather
from pnpc.project.workspace import Workspace
from pnpc.report import FORMATS, render
from pnpc.report.report import Report, Summary
from pnpc.text.finding import Diagnostic

HELP = """Find mistakes in specs and request bodies.

PATHS are files and folders; without any, the folder where you are. In a folder every .yaml, .yml and .json file is
looked at that is not ignored by git, and passed over if it holds no spec. A file that you name must be one, or a request
body, a message object or a Flex container.

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


class Options(NamedTuple):
    """What the command line asks of a run."""

    paths: tuple[str, ...]
    stdin_filename: str
    force_exclude: bool
    skip_foreign: bool
    jobs: int


@click.command("check", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("paths", nargs=-1, metavar="[PATHS]...", type=click.Path())
@click.option("--fix", is_flag=True, help="Apply the safe fixes, then report what is left.")
@click.option("--diff", is_flag=True, help="Show the safe fixes as a diff; change nothing.")
@click.option(
    "--select", multiple=True, metavar="RULES", help="Only these rules (codes, names, PNP2), comma-separated."
)
@click.option("--ignore", multiple=True, metavar="RULES", help="Not these rules.")
@click.option("--fail-on", type=click.Choice(["error", "warning", "never"]), help="Exit with 1 from this severity on.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="full", show_default=True)
@click.option("--output", multiple=True, metavar="FORMAT=FILE", help="Write a format into a file as well; repeatable.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@click.option(
    "--stdin-filename", metavar="NAME", default="", help="The name of what `-` reads: for the config and the report."
)
@click.option("--force-exclude", is_flag=True, help="Pass over excluded files even if they are named (for pre-commit).")
@click.option("--skip-foreign", is_flag=True, help="Pass over named files that hold no spec (for pre-commit).")
@click.option("--allow-empty", is_flag=True, help="Exit with 0 where there is no spec to check.")
@click.option("--baseline", metavar="FILE", help="Hold back the findings that this file records.")
@click.option("--write-baseline", is_flag=True, help="Record all findings in the baseline file, then exit with 0.")
@click.option(
    "--jobs", type=click.IntRange(0, 64), default=0, help="Processes; 0 takes as many as pay.", show_default=True
)
@click.option("--watch", is_flag=True, help="Check again whenever a file changes; end with Ctrl-C.")
@ConfigOption
@IsolatedOption
def command(
    paths: tuple[str, ...],
    fix: bool,
    diff: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str | None,
    exit_zero: bool,
    format_: str,
    output: tuple[str, ...],
    color: str,
    stdin_filename: str,
    force_exclude: bool,
    skip_foreign: bool,
    allow_empty: bool,
    baseline: str | None,
    write_baseline: bool,
    jobs: int,
    watch: bool,
    config: str | None,
    isolated: bool,
) -> int:
    """Run the check; gives the exit code."""
    outputs = [_output(one) for one in output]
    options = Options(paths or (".",), stdin_filename, force_exclude, skip_foreign, jobs)
    _refuse_mixes(options, fix=fix or diff, watch=watch)

    def once() -> int:
        workspace = Workspace(config, isolated, _words(select), _words(ignore))
        if fix or diff:
            shown = _fix(options, workspace, diff=diff)
            if shown is not None:
                return shown if not exit_zero else 0
        result = _run(options, workspace)
        if result.files == 0 and not allow_empty:
            raise CouldNotRun(_nothing(options, result))
        settings = workspace.settings(_first(options)).config
        held, report = _report(result, baseline or settings.baseline, write_baseline)
        for name, file in outputs:
            with open(file, "w", encoding="utf-8", errors="backslashreplace", newline="\n") as stream:
                stream.write(render(name, report))
        write(render(format_, report, color=format_ == "full" and wants_color(sys.stdout, color)))
        return 0 if exit_zero or held else _exit_code(report, fail_on or settings.fail_on)

    if watch:
        from pnpc.cli.watch import watch as run_again

        return run_again(once, options.paths)
    return once()


def _words(listed: tuple[str, ...]) -> list[str]:
    """Rules of the command line, each of them one that exists."""
    from pnpc import rules

    words = [word.strip() for one in listed for word in one.split(",") if word.strip()]
    for word in words:
        if not rules.names(word):
            from pnpc.spec.suggest import did_you_mean, near

            raise CouldNotRun(f"no rule `{word}`{did_you_mean(near(word, rules.words()))}")
    return words


def _output(text: str) -> tuple[str, str]:
    name, separator, file = text.partition("=")
    if not separator or name not in FORMATS or not file:
        raise CouldNotRun(f"--output takes FORMAT=FILE, a format being one of {', '.join(FORMATS)}; found `{text}`")
    return name, file


def _refuse_mixes(options: Options, *, fix: bool, watch: bool) -> None:
    if "-" in options.paths and len(options.paths) > 1:
        raise CouldNotRun("`-` (standard input) can't be mixed with other paths")
    if watch and ("-" in options.paths or fix):
        raise CouldNotRun("--watch can't be used with `-`, --fix or --diff")


def _first(options: Options) -> str:
    """The file or folder whose config gives `fail-on` and the baseline for the whole run."""
    import os

    first = options.stdin_filename or "x" if options.paths == ("-",) else options.paths[0]
    return os.path.join(first, "x") if os.path.isdir(first) else first


def _targets(options: Options, workspace: Workspace) -> list[Target]:
    found = find(options.paths, workspace, force_exclude=options.force_exclude)
    return [target._replace(named=False) if options.skip_foreign else target for target in found]


def _run(options: Options, workspace: Workspace) -> RunResult:
    if options.paths != ("-",):
        return check_all(_targets(options, workspace), workspace, options.jobs)
    target = Target(options.stdin_filename or "<stdin>", named=not options.skip_foreign)
    return gather([(target, check_bytes(target.name, read("-"), workspace, named=target.named))], workspace)


def _nothing(options: Options, result: RunResult) -> str:
    shown = ", ".join(options.paths)
    passed = f" ({result.passed_over} files passed over)" if result.passed_over else ""
    return f"no spec found in {shown}{passed}; --allow-empty makes this no error"


def _report(result: RunResult, baseline: str | None, write_baseline: bool) -> tuple[bool, Report]:
    """The report of a run under its baseline; and whether the baseline was written from it just now."""
    diagnostics, held, stale = result.diagnostics, 0, 0
    if write_baseline or baseline:
        from pnpc.project import baseline as baselines
        from pnpc.project.files import write as write_file

        if baseline is None:
            raise CouldNotRun("--write-baseline needs --baseline FILE, or `baseline` in the config")
        if write_baseline:
            write_file(baseline, baselines.dump(diagnostics, baseline).encode("utf-8", "backslashreplace"))
        diagnostics, held, stale = baselines.split(diagnostics, baselines.load(baseline), baseline)
        if stale:
            diagnostics.append(_stale(baseline, stale))
    errors = sum(one.severity == "error" for one in diagnostics)
    summary = Summary(
        files=result.files,
        errors=errors,
        warnings=len(diagnostics) - errors,
        passed_over=result.passed_over,
        baselined=held,
        suppressed=result.suppressed,
    )
    return write_baseline, Report(tuple(diagnostics), summary, result.sources)


def _stale(baseline: str, count: int) -> Diagnostic:
    from pnpc.text.finding import Range
    from pnpc.text.source import Position, Span

    start = Position(1, 1)
    return Diagnostic(
        code="PNP804",
        name="stale-baseline",
        severity="warning",
        message=f"{count} findings of the baseline are gone",
        file=baseline,
        path="",
        range=Range(start, start),
        span=Span(0, 0),
        help="shrink it with --write-baseline",
    )


def _exit_code(report: Report, fail_on: str) -> int:
    failing = report.summary.errors + (report.summary.warnings if fail_on == "warning" else 0)
    return 1 if failing and fail_on != "never" else 0


def _fix(options: Options, workspace: Workspace, *, diff: bool) -> int | None:
    """Mend the files. Gives an exit code where nothing is to be reported after it: a diff, or standard input."""
    from pnpc.cli.fixing import fix_files, fix_stdin

    if options.paths == ("-",):
        return fix_stdin(options.stdin_filename or "<stdin>", workspace, diff=diff)
    changed = fix_files(_targets(options, workspace), workspace, diff=diff)
    return (1 if changed else 0) if diff else None
