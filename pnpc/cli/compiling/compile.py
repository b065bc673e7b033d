"""`pnpc compile`: specs and data to ready-to-send requests."""

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from pnpc.cli.common import needs, say, wants_color
from pnpc.cli.compiling.bad_rows import KeptRows
from pnpc.cli.compiling.gathered import AskedParts, asked_parts
from pnpc.cli.compiling.options import CompileOptions, options
from pnpc.cli.compiling.parts import PartsRun
from pnpc.cli.compiling.rows import feed
from pnpc.cli.compiling.run import CompileRun
from pnpc.cli.compiling.specs import read_record, read_specs, show
from pnpc.cli.compiling.stopped import Stopped
from pnpc.cli.errors import CouldNotRun
from pnpc.cli.grouped import Command
from pnpc.cli.progress import Bar, progress
from pnpc.cli.signals import leave_nothing_behind
from pnpc.compile.formats import FORMATS
from pnpc.compile.mistakes import table_mistake
from pnpc.compile.plan import CannotCompile, Plan
from pnpc.compile.tables.recipients import BadTable, Record, Table
from pnpc.compile.targets import Payload
from pnpc.compile.text import SpecErrors
from pnpc.project.files import is_same, shown
from pnpc.project.streams import open_out
from pnpc.project.workspace import Workspace
from pnpc.text.source import Source

if TYPE_CHECKING:
    from pnpc.cli.compiling.cluster import ClusterRun

HELP = """Fill specs with data and write ready-to-send requests.

Without data a spec is filled from the examples of its variables: a preview of the message, without a recipient.
A request body (a file without `pnpc:`) comes out as it stands. A spec with errors is not compiled.

\b
Examples:
  pnpc compile shipment.yaml --format json
  pnpc compile shipment.yaml --data order.yaml --format curl
  pnpc compile shipment.yaml --recipients orders.csv -o shipment.jsonl.zst
  pnpc compile shipment.yaml --recipients orders.csv --map phone=携帯 --encoding shift_jis
  pnpc compile shipment.yaml --recipients orders.parquet --where "total > 9999" --limit 5
  pnpc compile shipment.yaml --recipients orders.csv --errors bad.csv -o shipment.jsonl
  pnpc compile shipment.yaml --recipients 'parts/*.parquet' -o 'out/*.jsonl.zst'
  pnpc compile shipment.yaml --recipients 's3://shop/parts/*.parquet' -o s3://shop/out/ --cluster tcp://scheduler:8786
  pnpc compile --check notifications
  jq -c .orders[] day.json | pnpc compile shipment.yaml --recipients - --recipients-format jsonl

A table of recipients has a column `phone` (national or with +) or `to` (already hashed), and one for each variable;
others are ignored. It is CSV, JSON Lines or Parquet, plain or compressed (.gz, .zst). Expressions also see
recipient.index, the number of the row from 0, and recipient.to.

A row with mistakes is reported as FILE:ROW:COLUMN (the line on which the row starts; the character at which the field
does) and left out; the other rows are compiled, and the exit code is 1. No output holds a phone number.

With --check no request is written: each spec (also all specs in folders) is filled from its examples and compared with
`__payloads__/NAME.json` next to it, and differences are shown; --update writes these files.

Exit codes: 0 all compiled, 1 mistakes in a spec or in rows, or (--check) snapshots that differ, 2 could not run.
"""


@click.command("compile", cls=Command, help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("specs", nargs=-1, metavar="SPEC...", type=click.Path())
@options
def command(**given: Any) -> int:
    """Compile; gives the exit code."""
    needs("compile")
    asked = CompileOptions(**given)
    if asked.check or asked.update:
        return _snapshots(asked)
    if not asked.specs:
        raise click.UsageError("name a spec")
    leave_nothing_behind()
    _refuse(asked)
    colored = wants_color(sys.stderr, asked.color)
    workspace = asked.workspace()
    try:
        if asked.cluster is not None:
            from pnpc.cli.compiling.cluster import keep_fragments

            keep_fragments(asked.specs, workspace)
        plans, sources = read_specs(asked.specs, workspace, asked.target, asked.campaign)
        record = read_record(asked.data) if asked.data is not None else None
    except SpecErrors as error:
        show(error, color=colored)
        return 1
    for plan in plans:
        try:
            plan.require_recipient()
        except CannotCompile as error:
            raise CouldNotRun(f"{shown(plan.file)}: {error}") from None
    return _run(asked, plans, sources, record, workspace, colored=colored)


def _snapshots(asked: CompileOptions) -> int:
    """Compare the stored snapshots, or bring them up to date."""
    from pnpc.cli.compiling.snapshots import run

    if asked.recipients or asked.data or asked.output != "-" or any(asked.of_tables()):
        raise CouldNotRun("--check and --update fill specs from their examples and write no payloads")
    workspace = asked.workspace()
    return run(asked.specs, workspace, write=asked.update, color=asked.color, allow_empty=asked.allow_empty)


def _run(
    asked: CompileOptions,
    plans: list[Plan],
    sources: dict[str, Source],
    record: Record | None,
    workspace: Workspace,
    *,
    colored: bool,
) -> int:
    kept = KeptRows(asked.errors)
    parts = asked_parts(asked)
    if parts is not None:
        parts.refuse_bodies(plans)
    notes: list[str] = []
    with progress("rows", asked.limit, shown=not asked.no_progress and asked.recipients is not None) as bar:
        run = CompileRun(
            plans, sources, fail_fast=asked.fail_fast,
            observe=(lambda rows, _payloads, bad: bar.add(rows, bad)) if asked.cluster is None else None,
            bad=kept.add if asked.errors else None,
        )  # fmt: skip
        try:
            if asked.recipients is None:
                _write(asked, run.once(record))
            elif parts is not None:
                in_parts = _in_parts(asked, plans, parts, run, kept, bar, workspace)
                in_parts.compile()
                notes += in_parts.notes()
            else:
                with feed(asked, plans) as (table, notes_of_rows), kept.open(table.columns, table.file, run.summary):
                    _write_table(asked, run, table)
                    notes += notes_of_rows()
        except (Stopped, BadTable) as error:
            if isinstance(error, BadTable):
                mistakes = [table_mistake(error, shown(asked.recipients or ""))]  # it could not be opened
                run.bad_table(mistakes)
                kept.bad_table(mistakes, run.summary)
            if asked.output != "-" and (os.path.isfile(asked.output) or not os.path.exists(asked.output)):
                notes.append(f"the run ended before its last row: {shown(asked.output)} was not written")
    for note in notes:
        say(f"note: {note}")
    run.report(color=colored)
    return 1 if run.mistakes else 0


def _in_parts(
    asked: CompileOptions, plans: list[Plan], parts: AskedParts, run: CompileRun, kept: KeptRows, bar: Bar,
    workspace: Workspace,
) -> "PartsRun | ClusterRun":  # fmt: skip
    """Parts here, one after the other, or on a cluster."""
    if asked.cluster is None:
        return PartsRun(asked, plans, parts, run, kept)
    from pnpc.cli.compiling.cluster import ClusterRun, spec_texts

    return ClusterRun(asked, plans, spec_texts(run.sources, workspace, asked), parts, run, kept, bar)


def _write(asked: CompileOptions, payloads: Iterator[Payload]) -> None:
    with open_out(asked.output) as stream:
        for text in FORMATS[asked.format_](payloads):
            stream.write(text)


def _write_table(asked: CompileOptions, run: CompileRun, table: Table) -> None:
    try:
        if asked.format_ != "jsonl" or table.chunks is None:
            _write(asked, run.all(table, allow_empty=asked.allow_empty))
            return
        with open_out(asked.output) as stream:
            for lines in run.lines(table, allow_empty=asked.allow_empty, jobs=asked.jobs):
                stream.buffer.write(lines)
    except BadTable as error:  # counted before the file of bad rows ends with the counts
        mistakes = [table_mistake(error, table.file)]
        run.bad_table(mistakes)
        raise Stopped(mistakes) from None


def _refuse(asked: CompileOptions) -> None:
    """Refuse what can't be meant. Raises CouldNotRun."""
    if asked.recipients is not None and asked.data is not None:
        raise CouldNotRun("--recipients and --data can't be used together")
    if asked.recipients is None and (idle := next(asked.of_tables(), None)):
        raise CouldNotRun(f"{idle} needs a table; add --recipients FILE")
    inputs = [name for name in (*asked.specs, asked.recipients, asked.data) if name]
    if asked.cluster is not None:
        from pnpc.cli.compiling.cluster import refuse

        refuse(asked)
    if inputs.count("-") > 1:
        raise CouldNotRun("only one of the files can be `-`, standard input")
    if asked.errors == "-":
        raise CouldNotRun("--errors must name a file")
    for option, name, others in (("-o", asked.output, inputs), ("--errors", asked.errors, [*inputs, asked.output])):
        if name and name != "-" and any(is_same(name, other) for other in others):
            raise CouldNotRun(f"{shown(name)} is used already: {option} must name another file")
