"""Options and manners that commands share."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from math import isfinite
from typing import IO, Any

import click

COMPLETION = "_PNPC_COMPLETE"  # the variable by which a shell asks for completions
ConfigOption = click.option(
    "--config", metavar="FILE", help="Use this config instead of the nearest pnpc.toml or pyproject.toml."
)
IsolatedOption = click.option("--isolated", is_flag=True, help="Use no config at all.")
CatalogOption = click.option(
    "--catalog", "catalogs", metavar="FILE", multiple=True,
    help="Add this catalog file, also from outside the project. May be repeated.",
)  # fmt: skip


class HostName(click.ParamType[str]):
    """The name or the number of a host: what the system can look up."""

    name = "text"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name as it was written."""
        try:
            value.encode("idna")
        except UnicodeError:
            self.fail(f"{value!a} can't be the name of a host", param, ctx)
        return value


class Finite(click.FloatRange):
    """A number in a range, and a number it is: `nan` lies in every range, and `inf` in an open one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        number: float = super().convert(value, param, ctx)
        return number if isfinite(number) else self.fail(f"{value} is not a finite number.", param, ctx)


def needs(extra: str) -> None:
    """Raise MissingExtra unless the libraries of an extra are there: before any work of the command is done."""
    from pnpc.extras import require

    command = click.get_current_context().info_name or ""
    require(f"pnpc {command.removeprefix('pnpc ')}", extra)


def address_of(url: str) -> str:
    """Scheme, host and port of an --api-url. Raises CouldNotRun for one that a token must not go to."""
    from pnpc.cli.errors import CouldNotRun
    from pnpc.deliver.sending.address import BadAddress, api_of

    try:
        return api_of(url)
    except BadAddress as error:
        raise CouldNotRun(str(error)) from None


def wants_color(stream: IO[Any], color: str = "auto") -> bool:
    """Whether to write colours: on a terminal, unless NO_COLOR is set; FORCE_COLOR and `--color` say otherwise."""
    if color != "auto":
        return color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def write(text: str) -> None:
    """Write to standard output, unchanged."""
    sys.stdout.write(text)


_SPEECH = {"form": "text"}  # how lines on standard error are written: text, or json


def speak(form: str) -> None:
    """From here on, lines on standard error are text for people, or objects for programs (`json`)."""
    _SPEECH["form"] = form


def speaks_json() -> bool:
    """Whether lines on standard error are objects."""
    return _SPEECH["form"] == "json"


def say(text: str, event: str = "note", level: str = "info", /, **data: Any) -> None:
    """A line on standard error; if it is closed, or its disk is full, the work goes on.

    As an object it has `time`, `level`, `event`, the data, and the text as `message`. A line without a text is for programs
    only: people see it in another way.
    """
    if speaks_json():
        text = _as_object(text, event, level, data)
    elif not text:
        return
    try:
        click.echo(text, err=True)
    except OSError:
        silence(sys.stderr)


def _as_object(text: str, event: str, level: str, data: dict[str, Any]) -> str:
    # A clean check says nothing here, and its start-up counts.
    import json
    from datetime import UTC, datetime

    time = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    said = text.removeprefix("pnpc: ").removeprefix("note: ")
    line = {"time": time, "level": level, "event": event, **data, **({"message": said} if said else {})}
    return json.dumps(line, ensure_ascii=False)


@contextmanager
def heard() -> Iterator[None]:
    """Output of this block may be lost: a closed pipe ends the output, not the command."""
    try:
        yield
    except BrokenPipeError:
        silence()


def silence(*streams: IO[Any]) -> None:
    """From here on, an output that can't be written to goes nowhere: nothing may be said of it at exit either."""
    for stream in streams or (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            devnull = os.open(os.devnull, os.O_WRONLY)
            os.dup2(devnull, stream.fileno())
            os.close(devnull)


def count_of(number: int, noun: str, plural: str = "") -> str:
    """A number and what it counts: `1 message`, `2,000 messages`; `plural`: where it is not made with an s."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
