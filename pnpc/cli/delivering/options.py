"""Options that several commands have: the journal, and the address of the metrics."""

import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

from pnpc.cli.common import speak
from pnpc.cli.errors import CouldNotRun
from pnpc.deliver.sending.credentials import CHANNEL
from pnpc.project.journals import VARIABLE, named_journal

_Command = TypeVar("_Command", bound=Callable[..., Any])

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
FormatOption = click.option(
    "--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="What standard output says of a push, or of a worker's shard: lines for people, or one JSON object.",
)  # fmt: skip
ColorOption = click.option(
    "--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True,
    help="Colors where standard error shows refused requests at their place.",
)  # fmt: skip
MetricsOption = click.option(
    "--metrics", metavar="HOST:PORT", help="Serve metrics for Prometheus at http://HOST:PORT/metrics meanwhile."
)


def channel_option(help: str) -> Callable[[_Command], _Command]:
    """The name of the channel that sends."""
    return click.option("--channel", metavar="NAME", envvar=CHANNEL, show_envvar=True, help=help)


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
