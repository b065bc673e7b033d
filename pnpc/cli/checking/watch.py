"""`--watch`: run again whenever a file changes."""

import sys
from collections.abc import Callable, Sequence

import click

from pnpc.cli.common import needs, say


def watch(once: Callable[[], int], paths: Sequence[str]) -> int:
    """Run `once` now and after each change below `paths`, until Ctrl-C; gives the last exit code."""
    needs("watch")
    from watchfiles import watch as changes

    code = _guarded(once)
    try:
        for _ in changes(*paths, raise_interrupt=True):
            click.echo()
            code = _guarded(once)
    except KeyboardInterrupt:
        click.echo()
    return code


def _guarded(once: Callable[[], int]) -> int:
    """A half-written config or spec must not end the watch."""
    from pnpc.project.config import ConfigError
    from pnpc.project.files import CouldNotRead

    try:
        code = once()
        sys.stdout.flush()  # whoever watches sees it now
        return code
    except click.ClickException as error:
        error.show()
    except CouldNotRead as error:
        say(f"pnpc: {error}")
    except ConfigError as error:
        for diagnostic in error.diagnostics:
            say(f"pnpc: {diagnostic.file}:{diagnostic.range.start.line}: {diagnostic.message}")
    return 2
