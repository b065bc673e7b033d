"""Options that several commands have: the journal, and the address of the metrics."""

import os

import click

from pnpc.cli.common import speak
from pnpc.cli.errors import CouldNotRun
from pnpc.project.journals import VARIABLE, named_journal

_LAST_PORT = 65_535  # of TCP


def _named(_context: click.Context, _parameter: click.Parameter, name: str | None) -> str | None:
    """See `named_journal`; click takes an empty variable for one that is not set."""
    try:
        return named_journal(name, os.environ)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _speaking(_context: click.Context, _parameter: click.Parameter, form: str) -> str:
    speak(form)
    return form


# Eager: also what is wrong with another option is then said in this form.
LogFormatOption = click.option(
    "--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True, envvar="PNPC_LOG_FORMAT",
    show_envvar=True, is_eager=True, expose_value=False, callback=_speaking,
    help="Lines on standard error: text, or one JSON object each (docs/running.md).",
)  # fmt: skip
MetricsOption = click.option(
    "--metrics", metavar="HOST:PORT", help="Serve metrics for Prometheus at http://HOST:PORT/metrics meanwhile."
)


def metrics_address(text: str) -> tuple[str, int]:
    """Host and port of `--metrics`. Raises CouldNotRun."""
    host, colon, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not (colon and host and port.isdecimal() and port.isascii() and int(port) <= _LAST_PORT):
        raise CouldNotRun(f"--metrics must be a host and a port, like 127.0.0.1:9464; found {text}")
    return host, int(port)


JournalOption = click.option(
    "--journal", metavar="FILE|URL", envvar=VARIABLE, show_envvar=True, callback=_named,
    help="The journal, a file or postgresql://…; by default the config's, or pnpc.journal.db in the project's folder.",
)  # fmt: skip
