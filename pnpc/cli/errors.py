"""What ends a command before its work: one clear line on standard error, exit code 2."""

from typing import IO, Any

import click

LEFT = 5  # the exit code of a push with work left, or with unknown outcomes


class CouldNotRun(click.ClickException):
    """The command could not run: usage, config, an unreadable file, nothing to do."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the one line."""
        click.echo(f"pnpc: {self.message}", file=file, err=file is None)
