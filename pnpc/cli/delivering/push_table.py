"""A spec and a table pushed at once: compiled to a payload file next to the table first, whole, then pushed like any.

The journal is bound to what is sent, so there must be something to be bound to: the same spec and table give the same
payload file, and a run that was cut off goes on. The file stays until everything is accepted or refused.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from filecmp import cmp

from pnpc.cli.errors import CouldNotRun
from pnpc.project.files import shown
from pnpc.project.streams import stem


class CompiledTable:
    """The payload file of a push; `done` may be called when nothing of it is left to be sent."""

    def __init__(self, name: str, journal_stem: str) -> None:
        self.name = name
        self.journal = f"{journal_stem}.journal.db"
        self._done = False

    def done(self) -> None:
        """Nothing is left: the file may go."""
        self._done = True

    def finish(self, *, keep: bool) -> None:
        """Remove the file if it has done its work."""
        if self._done and not keep and os.path.exists(self.name):
            os.unlink(self.name)


@contextmanager
def compiled(spec: str, recipients: str, options: list[str], *, keep: bool, only_look: bool) -> Iterator[CompiledTable]:
    """The payload file of a spec and a table: orders.shipment.jsonl next to orders.csv for shipment.yaml.

    `options` go to `pnpc compile`. With `only_look` it has another name, and is gone at the end whatever happens.
    Raises CouldNotRun where a row has a mistake, and for a file of an earlier run that holds something else.
    """
    if recipients == "-":
        raise CouldNotRun("a table from standard input must be compiled to a file first")
    base = f"{os.path.splitext(stem(recipients))[0]}.{os.path.splitext(os.path.basename(spec))[0]}"
    name, fresh = f"{base}.jsonl", f"{base}.{os.getpid()}.tmp.jsonl"
    try:
        _compile(spec, recipients, options, fresh)
        if only_look:
            yield CompiledTable(fresh, base)
            return
        if os.path.exists(name) and not cmp(name, fresh, shallow=False):
            word = "what is compiled now is not what it holds"
            raise CouldNotRun(
                f"{shown(name)} belongs to a push that is not finished, and {word}; push or remove that file"
            )
        os.replace(fresh, name)
    finally:
        if os.path.exists(fresh):
            os.unlink(fresh)
    kept = CompiledTable(name, base)
    try:
        yield kept
    finally:
        kept.finish(keep=keep)


def _compile(spec: str, recipients: str, options: list[str], output: str) -> None:
    """As `pnpc compile` does it, with all that it says."""
    from pnpc.cli.compiling.compile import command

    with command.make_context("compile", [spec, "--recipients", recipients, "-o", output, *options]) as context:
        code = command.invoke(context)
    if code:
        raise CouldNotRun("nothing was sent: compile without mistakes first, or leave bad rows out with its --errors")
