"""A spec and a table pushed at once: compiled to a payload file first, whole, then pushed like any.

The same spec and row give the same message, so a run that was cut off goes on by compiling again: the journal knows which
messages were sent. The payload file is gone at the end, unless it is to be kept.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from pnpc.cli.errors import CouldNotRun
from pnpc.project.streams import stem


@contextmanager
def compiled(spec: str, recipients: str, options: list[str], *, keep: bool) -> Iterator[str]:
    """The payload file of a spec and a table, next to the table: orders.shipment.jsonl for orders.csv and shipment.yaml.

    `options` go to `pnpc compile`. Unless it is to be kept, it has the process's number in its name, and is removed at the
    end. Raises CouldNotRun where a row has a mistake.
    """
    if recipients == "-":
        raise CouldNotRun("a table from standard input must be compiled to a file first")
    base = f"{os.path.splitext(stem(recipients))[0]}.{os.path.splitext(os.path.basename(spec))[0]}"
    name = f"{base}.jsonl" if keep else f"{base}.{os.getpid()}.tmp.jsonl"
    try:
        _compile(spec, recipients, options, name)
        yield name
    finally:
        if not keep and os.path.exists(name):
            os.unlink(name)


def _compile(spec: str, recipients: str, options: list[str], output: str) -> None:
    """As `pnpc compile` does it, with all that it says."""
    from pnpc.cli.compiling.compile import command

    with command.make_context("pnpc compile", [spec, "--recipients", recipients, "-o", output, *options]) as context:
        code = command.invoke(context)
    if code:
        raise CouldNotRun("nothing was sent: compile without mistakes first, or leave bad rows out with its --errors")
