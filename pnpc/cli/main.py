"""`pnpc`: the list of commands, each loaded when it is called, and what every command has in common."""

import gc

# Loading makes thousands of objects that all stay: looking through them for garbage is a tenth of a start.
gc.disable()

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from pnpc.text.lazy import claim_process, patterns_at_first_use

claim_process()
with patterns_at_first_use():  # they load `inspect`, `platform` and others, whose patterns hardly any command uses
    import json  # noqa: F401 - every command reads our data

    import click

from pnpc.about import VERSION
from pnpc.cli.common import COMPLETION, heard, say, silence, speak, speaks_json

# Objects made, and not yet freed, before the collector looks through them for cycles, of which we make next to none.
# With Python's own threshold it looks through the nodes of every text that is read, and the requests under way: a tenth
# of the time.
GARBAGE = 20_000

# name: (module, help). The order is the order of `pnpc --help`.
COMMANDS = {
    "check": ("checking.check", "Find mistakes in specs and request bodies."),
    "verify": ("asking.verify", "Ask LINE about specs, keys and the account; notifies no one."),
    "compile": ("compiling.compile", "Fill specs with data and write ready-to-send requests."),
    "push": ("delivering.push", "Send compiled requests, and never notify a person twice."),
    "worker": ("delivering.worker", "Send the shards that pushes have queued, on several machines."),
    "listen": ("delivering.listen", "Receive LINE's webhook: what has reached people."),
    "status": ("delivering.status", "Show what became of every message."),
    "journal": ("delivering.journal", "List pushes, look a message up, settle what is unknown."),
    "counts": ("delivering.counts", "Ask LINE how many messages it delivered, and compare."),
    "diff": ("compiling.diff", "Show what changed between two versions, and what breaks."),
    "doctor": ("asking.doctor", "Look whether all that a push needs is there."),
    "emulator": ("delivering.emulator", "Run an emulator of LINE's API on this machine."),
    "preview": ("compiling.preview", "Show messages as a web page, filled from the examples."),
    "new": ("project.new", "Write a starter spec for one of LINE's templates."),
    "init": ("project.init", "Set up a project: config, editor schema, a first spec."),
    "import": ("project.import_payload", "Turn a request body into a spec."),
    "approve": ("checking.approve", "Keep a flexible message's layout as it passed the review."),
    "catalog": ("catalog.catalog", "List, search and show LINE's known keys."),
    "rules": ("project.rules", "List the rules."),
    "explain": ("project.explain", "Explain a rule: why, source, examples."),
    "schema": ("project.schema", "Print a JSON Schema for editors and other tools."),
    "hash": ("project.hash", "Hash phone numbers the way LINE wants them."),
    "completion": ("project.completion", "Print the completion script of a shell."),
}
ALIASES = {"lint": "check"}

HELP = """A linter and compiler for LINE notification messages.

\b
Examples:
  pnpc check                            check every spec below this folder
  pnpc check --fix notifications/       fix what is safe to fix
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
        """Load a command by its name or alias; None for an unknown one."""
        name = ALIASES.get(cmd_name, cmd_name)
        if name not in COMMANDS:
            return None
        command: click.Command = import_module(f"pnpc.cli.{COMMANDS[name][0]}").command
        gc.freeze()
        gc.set_threshold(GARBAGE)
        gc.enable()
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click's, with a near name for an unknown command."""
        if args and args[0] not in COMMANDS and args[0] not in ALIASES and not args[0].startswith("-"):
            from pnpc.text.suggest import did_you_mean, near

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
    _open_streams()
    speak("text")
    code = 0  # of a command whose reader closed the pipe first
    try:
        code = _push(argv) if argv[:1] in (["push"], ["worker"]) else _invoke(argv)
        with heard():
            sys.stdout.flush()
    except BrokenPipeError:
        pass
    except (KeyboardInterrupt, click.Abort):
        code = 130
    except Exception as error:
        code = _code(error)
        with heard():
            _tell_program(error) if speaks_json() else _tell(error)
    silence()
    return code


def run() -> None:
    """The entry point of the `pnpc` command."""
    sys.exit(main(sys.argv[1:]))


def _push(argv: Sequence[str]) -> int:
    """A push, which a signal ends in order from its first moment on: before anything is sent, too."""
    from pnpc.cli.errors import LEFT
    from pnpc.cli.signals import Ended, ended_by_signals

    try:
        with ended_by_signals():
            return _invoke(argv)
    except Ended as error:
        say(f"stopped by {error}: nothing was sent", "stopped", "warning", reason=f"stopped by {error}")
        return LEFT


def _invoke(argv: Sequence[str]) -> int:
    """Not click's `main`, which makes exit code 1 of a closed pipe: here a command's own code stands."""
    if instruction := os.environ.get(COMPLETION):
        from click.shell_completion import shell_complete

        return shell_complete(cli, {}, "pnpc", COMPLETION, instruction)
    _refuse_empty(argv)
    with cli.make_context("pnpc", list(argv)) as context:
        result = cli.invoke(context)
    return result if isinstance(result, int) else 0


def _refuse_empty(argv: Sequence[str]) -> None:
    """An empty word is a variable of the shell that is not set: `--only "$TESTERS"` would be no list, and send to everybody."""
    for before, word in zip(("", *argv), argv, strict=False):
        name, sign, value = word.partition("=")
        if word == "" or (name.startswith("--") and sign and not value):
            from pnpc.cli.errors import CouldNotRun

            option = name or before
            what = f"the value of {option}" if option.startswith("-") else "an argument"
            raise CouldNotRun(f"{what} is empty: is a variable of the shell not set?")


def _code(error: Exception) -> int:
    if isinstance(error, click.exceptions.Exit | click.ClickException):
        return error.exit_code
    from pnpc.project.config import ConfigError
    from pnpc.project.files import CouldNotRead

    return 2 if isinstance(error, ConfigError | CouldNotRead | OSError) or _missing(error) else 101


def _missing(error: Exception) -> str:
    """What is said of a part of pnpc that is not installed; empty for any other error."""
    from pnpc.extras import MissingExtra, extra_of, missing

    if isinstance(error, ModuleNotFoundError) and (extra := extra_of(error.name)):
        return str(missing("pnpc", str(error.name).partition(".")[0], extra))
    return str(error) if isinstance(error, MissingExtra) else ""


def _tell(error: Exception) -> None:
    """Say on standard error why a command ended, unless it has said so itself."""
    from pnpc.project.config import ConfigError
    from pnpc.project.files import CouldNotRead

    if isinstance(error, click.ClickException):
        error.show()
    elif isinstance(error, ConfigError):
        from pnpc.report import render
        from pnpc.report.report import Report, Summary

        summary = Summary(files=1, errors=len(error.diagnostics), warnings=0)
        click.echo(render("full", Report(tuple(error.diagnostics), summary, error.sources)), err=True, nl=False)
    elif isinstance(error, CouldNotRead | OSError):
        click.echo(f"pnpc: {_one_line(error)}", err=True)
    elif said := _missing(error):
        click.echo(said, err=True)
    elif not isinstance(error, click.exceptions.Exit):
        _bug(error)


def _tell_program(error: Exception) -> None:
    """The same as one object, whatever a person would see."""
    from contextlib import redirect_stderr
    from io import StringIO

    with redirect_stderr(StringIO()) as written:
        _tell(error)
    if text := written.getvalue().strip():
        say(text, "could-not-run", "error")


def _one_line(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        name = f"can't open {error.filename}: " if error.filename else ""
        return f"{name}{error.strerror.lower()}"
    return " ".join(str(error).split())


def _bug(error: Exception) -> None:
    if os.environ.get("PNPC_TRACEBACK"):
        import traceback

        traceback.print_exception(error)
    click.echo(f"pnpc: this is a bug in pnpc {VERSION}: {type(error).__name__}: {_one_line(error)}", err=True)
    click.echo("pnpc: please report it with the file that shows it; PNPC_TRACEBACK=1 prints more", err=True)


def _open_streams() -> None:
    """Messages hold kanji: UTF-8 whatever the locale says; what can't be encoded is shown as an escape.

    A stream that the caller closed is replaced by one that is discarded, or is empty; else the next file that is opened would
    take its place.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - open to the end
    streams: list[Any] = [sys.stdout, sys.stderr]
    for stream in streams:
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
