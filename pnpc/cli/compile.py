"""`pnpc compile`: specs and data to ready-to-send requests."""

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import click

from pnpc.check.engine import undecodable
from pnpc.cli.common import ConfigOption, IsolatedOption, say, wants_color
from pnpc.cli.compiling import Run, Stopped
from pnpc.cli.errors import CouldNotRun
from pnpc.compile.data import read_data
from pnpc.compile.formats import FORMATS
from pnpc.compile.plan import CannotCompile, Plan
from pnpc.compile.recipients import BadTable, Record, Table, lines, read_csv, read_jsonl
from pnpc.compile.targets import TARGETS
from pnpc.compile.text import SpecErrors, read_plans
from pnpc.project.discovery import Target
from pnpc.project.files import read, replacing, shown
from pnpc.project.run import check_bytes, gather
from pnpc.project.workspace import Workspace
from pnpc.report import render
from pnpc.report.report import Report, Summary
from pnpc.text.finding import Diagnostic
from pnpc.text.source import Source, Undecodable, decode

HELP = """Fill specs with data and write ready-to-send requests.

Without data a spec is filled from the examples of its variables: a look at the message, with nobody to send it to.
A request body (a file without `pnpc:`) comes out as it stands. A spec with errors compiles to nothing.

\b
Examples:
  pnpc compile shipment.yaml --format json
  pnpc compile shipment.yaml --data order.yaml --format curl
  pnpc compile shipment.yaml --recipients orders.csv -o shipment.jsonl
  jq -c .orders[] day.json | pnpc compile shipment.yaml --recipients - --recipients-format jsonl

A table of recipients has a column `phone` (national or with +) or `to` (already hashed), and one for each variable;
others are ignored. CSV is UTF-8 with a row of column names; an empty field takes the variable's default; lists and
mappings stand in it as JSON. In JSONL each line is one object. Expressions also see recipient.index, the number of the
row from 0, and recipient.to.

A row with mistakes is reported as FILE:ROW:COLUMN (the line on which the row starts; the character at which the field
does) and left out; the other rows are compiled, and the exit code is 1. No output holds a phone number.

Exit codes: 0 all compiled, 1 mistakes in a spec or in rows, 2 could not run.
"""
_BY_SUFFIX = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@click.command("compile", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("specs", nargs=-1, required=True, metavar="SPEC...", type=click.Path())
@click.option("--recipients", metavar="FILE", help="A table, .csv, .jsonl or .ndjson; `-` is standard input.")
@click.option(
    "--recipients-format", type=click.Choice(["csv", "jsonl"]), help="What --recipients is, whatever its name."
)
@click.option(
    "--data", metavar="FILE", help="The values of one message, YAML or JSON; may hold `phone` or `to`. `-` is stdin."
)
@click.option("--target", type=click.Choice(list(TARGETS)), default="line", show_default=True)
@click.option("--format", "format_", type=click.Choice(list(FORMATS)), default="jsonl", show_default=True)
@click.option(
    "-o", "--output", metavar="FILE", default="-", help="The file to write, whole or not at all; `-` is stdout."
)
@click.option(
    "--fail-fast", is_flag=True, help="Stop at the first row with mistakes; a file of -o is then not written."
)
@click.option("--allow-empty", is_flag=True, help="Exit with 0 where the table has no rows.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@ConfigOption
@IsolatedOption
def command(
    specs: tuple[str, ...],
    recipients: str | None,
    recipients_format: str | None,
    data: str | None,
    target: str,
    format_: str,
    output: str,
    fail_fast: bool,
    allow_empty: bool,
    color: str,
    config: str | None,
    isolated: bool,
) -> int:
    """Compile; gives the exit code."""
    _leave_nothing_behind()
    if recipients is not None and data is not None:
        raise CouldNotRun("--recipients and --data can't be used together")
    _refuse_overwriting(output, [*specs, recipients, data])
    colored = wants_color(sys.stderr, color)
    try:
        plans, sources = _read_specs(specs, Workspace(config, isolated), target)
        record = _read_data(data) if data is not None else None
    except SpecErrors as error:
        _show(error, colored)
        return 1
    run = Run(plans, sources, fail_fast=fail_fast)
    try:
        with _table(recipients, recipients_format) as table, _output(output) as stream:
            payloads = run.all(table, allow_empty=allow_empty) if table is not None else run.once(record)
            for text in FORMATS[format_](payloads):
                stream.write(text)
    except Stopped:
        pass
    except BadTable as error:
        run.bad_table(error, recipients or "")
    run.report(color=colored)
    return 1 if run.mistakes else 0


class _Wrong(SpecErrors):
    """Mistakes to be shown with the sources that they stand in."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...], sources: dict[str, Source]) -> None:
        super().__init__(diagnostics)
        self.sources = sources


def _leave_nothing_behind() -> None:
    """Let a half-written output, which holds people's data, be removed when we are told to end."""
    import signal

    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda number, _frame: sys.exit(128 + number))


def _read_specs(names: tuple[str, ...], workspace: Workspace, target: str) -> tuple[list[Plan], dict[str, Source]]:
    """The plans of all specs, which are checked first, and the texts of their files. Raises SpecErrors."""
    contents = {name: read(name) for name in names}
    checked = gather(
        [(Target(name, named=True), check_bytes(name, contents[name], workspace, named=True)) for name in names],
        workspace,
    )
    if any(one.severity == "error" for one in checked.diagnostics):
        raise _Wrong(tuple(checked.diagnostics), checked.sources)
    sources = {name: decode(name, content) for name, content in contents.items()}
    plans: list[Plan] = []
    for name, source in sources.items():
        try:
            plans += read_plans(source, workspace.context(name), target)
        except CannotCompile as error:
            raise CouldNotRun(f"{shown(name)}: {error}") from None
        except SpecErrors as error:
            raise _Wrong(error.diagnostics, sources) from None
    if not plans:
        raise CouldNotRun(f"no spec in {', '.join(map(shown, names))}")
    return plans, sources


def _read_data(name: str) -> Record:
    """The record of a data file. Raises SpecErrors, whose diagnostics are shown without the text of the file."""
    try:
        found = read_data(decode(shown(name), read(name)))
    except Undecodable as error:
        raise SpecErrors(undecodable(error).diagnostics) from None
    if found.record is None:
        raise SpecErrors(found.diagnostics)
    return found.record


def _show(error: SpecErrors, colored: bool) -> None:
    errors = sum(one.severity == "error" for one in error.diagnostics)
    files = len({one.file for one in error.diagnostics})
    summary = Summary(files=files, errors=errors, warnings=len(error.diagnostics) - errors)
    sources = error.sources if isinstance(error, _Wrong) else {}
    say(render("full", Report(error.diagnostics, summary, sources), color=colored).removesuffix("\n"))


@contextmanager
def _table(name: str | None, format: str | None) -> Iterator[Table | None]:
    """The table of recipients, open while it is read; None if there is none. Raises BadTable."""
    if name is None:
        yield None
        return
    kind = format or _BY_SUFFIX.get(os.path.splitext(name)[1].lower())
    if kind is None:
        what = "standard input" if name == "-" else shown(name)
        raise CouldNotRun(f"is {what} CSV or JSONL? say so with --recipients-format csv|jsonl")
    file = io.BufferedReader(io.FileIO(0 if name == "-" else name, closefd=name != "-"))
    with file:
        if file.peek(2)[:2] in _UTF_16:
            raise BadTable("the table is UTF-16; save it as UTF-8", 1)
        stream: IO[str] = io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline="")
        reader = read_csv if kind == "csv" else read_jsonl
        yield reader(lines(stream), shown(name))


@contextmanager
def _output(name: str) -> Iterator[IO[str]]:
    if name == "-":
        yield sys.stdout
    else:
        with replacing(name) as stream:
            yield stream


def _refuse_overwriting(output: str, inputs: list[str | None]) -> None:
    if sum(name == "-" for name in inputs) > 1:
        raise CouldNotRun("only one of the files can be `-`, standard input")
    if output != "-" and any(
        name and name != "-" and os.path.realpath(name) == os.path.realpath(output) for name in inputs
    ):
        raise CouldNotRun(f"{shown(output)} is read: -o must name another file")
