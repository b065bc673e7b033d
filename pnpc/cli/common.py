"""Options and manners that commands share."""

import os
import sys
from typing import IO, Any

import click

ConfigOption = click.option(
    "--config", metavar="FILE", help="Use this config instead of the nearest pnpc.toml or pyproject.toml."
)
IsolatedOption = click.option("--isolated", is_flag=True, help="Use no config at all.")


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
