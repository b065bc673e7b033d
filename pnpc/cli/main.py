"""`pnpc`: the list of commands, each loaded when it is called, and what every command has in common."""

import gc

# Loading makes thousands of objects that all stay: looking through them for garbage is a tenth of a start.
gc.disable()

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import click

from pnpc.about import VERSION

# name: (module, help). The order is the order of `pnpc --help`.
COMMANDS = {
    "check": ("check", "Find mistakes in specs and request bodies."),
    "compile": ("compile", "Fill specs with data and write ready-to-send requests."),
    "new": ("new", "Write a starter spec for one of LINE's templates."),
    "init": ("init", "Set up a project: config, editor schema, a first spec."),
    "import": ("importing", "Turn a request body into a spec."),
    "approve": ("approve", "Keep a flexible message's layout as it passed the review."),
    "catalog": ("catalog", "List, search and show LINE's known keys."),
    "rules": ("rules", "List the rules."),
    "explain": ("explain", "Explain a rule: why, source, examples."),
    "schema": ("schema", "Print a JSON Schema for editors and other tools."),
    "hash": ("hash", "Hash phone numbers the way LINE wants them."),
    "completion": ("completion", "Print the completion script of a shell."),
}
ALIASES = {"lint": "check"}

HELP = """A linter and compiler for LINE notification messages.

\b
Examples:
  pnpc check                            check every spec below this folder
  pnpc check --fix notifications/       mend what can safely be mended
  pnpc compile shipment.yaml --recipients orders.csv -o out.jsonl
  pnpc explain PNP204                   why a rule is there

Exit codes: 0 clean, 1 mistakes found, 2 could not run, 101 a bug in pnpc.
"""


class LazyGroup(click.Group):
    """A group that knows its commands' names and helps without loading them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names of the commands."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load a command by its name or alias; None if there is none."""
        name = ALIASES.get(cmd_name, cmd_name)
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"pnpc.cli.{COMMANDS[name][0]}").command
        gc.freeze()
        gc.enable()
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's, with a near name for an unknown command."""
        if args and args[0] not in COMMANDS and args[0] not in ALIASES and not args[0].startswith("-"):
            from pnpc.spec.suggest import did_you_mean, near

            ctx.fail(f"no command `{args[0]}`{did_you_mean(near(args[0], [*COMMANDS, *ALIASES]))}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The list of commands, without loading one."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help) for name, (_, help) in COMMANDS.items()])


@click.command("pnpc", cls=LazyGroup, help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, message="pnpc %(version)s")
def cli() -> None:
    """The root command."""


def main(argv: Sequence[str]) -> int:
    """Run one command line (without the program's name) and give its exit code. Prints; raises nothing."""
    _speak_utf8()
    try:
        # Not click's standalone mode, which turns a closed pipe into exit code 1 without a word of its own.
        result = cli.main(list(argv), prog_name="pnpc", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except BrokenPipeError:
        return _closed_pipe()
    except (KeyboardInterrupt, click.Abort):
        return 130
    except Exception as error:
        return _could_not_run(error)


def run() -> None:
    """The entry point of the `pnpc` command."""
    code = main(sys.argv[1:])
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _closed_pipe()
    sys.exit(code)


def _could_not_run(error: Exception) -> int:
    from pnpc.project.config import ConfigError
    from pnpc.project.files import CouldNotRead

    if isinstance(error, ConfigError):
        from pnpc.report import render
        from pnpc.report.report import Report, Summary

        count = len(error.diagnostics)
        summary = Summary(files=1, errors=count, warnings=0)
        click.echo(render("full", Report(tuple(error.diagnostics), summary, error.sources)), err=True, nl=False)
        return 2
    if isinstance(error, CouldNotRead | OSError):
        click.echo(f"pnpc: {_one_line(error)}", err=True)
        return 2
    return _bug(error)


def _one_line(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        name = f"can't open {error.filename}: " if error.filename else ""
        return f"{name}{error.strerror.lower()}"
    return " ".join(str(error).split())


def _bug(error: Exception) -> int:
    if os.environ.get("PNPC_TRACEBACK"):
        import traceback

        traceback.print_exception(error)
    click.echo(f"pnpc: this is a bug in pnpc {VERSION}: {type(error).__name__}: {_one_line(error)}", err=True)
    click.echo("pnpc: please report it with the file that shows it; PNPC_TRACEBACK=1 prints more", err=True)
    return 101


def _closed_pipe() -> int:
    """Whoever read our output has gone: nothing to say, and nothing may be said at exit either."""
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, sys.stdout.fileno())
    return 0


def _speak_utf8() -> None:
    """Messages hold kanji: UTF-8 whatever the locale says; what can't be encoded is shown as an escape."""
    streams: list[Any] = [sys.stdout, sys.stderr]
    for stream in streams:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
