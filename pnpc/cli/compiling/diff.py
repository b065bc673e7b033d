"""`pnpc diff`: what changed between two versions of specs, for whoever reads the messages and whoever gives the data."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from re import compile as regex
from typing import Any

import click

from pnpc.cli.common import CatalogOption, ConfigOption, IsolatedOption, heard, needs, wants_color
from pnpc.cli.errors import CouldNotRun
from pnpc.cli.signals import leave_nothing_behind
from pnpc.compile.diff.formats import FORMATS, render
from pnpc.project.config import Given
from pnpc.project.revisions import Side, is_revision, merge_base, of_revision, on_disk, specs
from pnpc.project.workspace import Workspace

HELP = """Show what changed between two versions of specs, and which changes are breaking.

OLD and NEW are files, folders or git revisions. With one revision, it is compared with the files as they are now. A word
that is a file or folder here means that file or folder. PATHS limit what is compared; the default is the current folder.

For the caller, who gives the data: variables that are new, gone, renamed, or allow other values; keys, names, the
country, the delivery tag. For the reader: the texts of the examples, before and after.

A change is breaking if something that worked with OLD may fail, or mean something else, with NEW. A declaration is
called harmless only if it certainly allows every value that the old one did. Specs are paired by name, then by file.

\b
Examples:
  pnpc diff main                            main against the files as they are
  pnpc diff origin/main...HEAD              what a branch changed since it left main
  pnpc diff v1.2..HEAD -- notifications     two revisions, one folder
  pnpc diff old.yaml new.yaml               two files
  pnpc diff main --format markdown          for a comment in a pull request

Exit codes: 0 nothing breaking, 1 breaking changes, 2 could not run.
"""
_RANGE = regex(r"(?P<old>.*?)(?P<dots>\.{2,3})(?P<new>[^.].*|)")
_PATHS = "pnpc.diff.paths"


class _Diff(click.Command):
    """A command whose words after `--` are paths."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put what stands after `--` aside: click would not tell it from the rest."""
        at = args.index("--") if "--" in args else len(args)
        ctx.meta[_PATHS] = tuple(args[at + 1 :])
        return super().parse_args(ctx, args[:at])


@click.command("diff", cls=_Diff, help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("versions", nargs=-1, required=True, metavar="OLD [NEW] [-- PATHS...]")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="text", show_default=True)
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@CatalogOption
@ConfigOption
@IsolatedOption
@click.pass_context
def command(context: click.Context, /, versions: tuple[str, ...], format_: str, color: str, **given: Any) -> int:
    """Compare; gives the exit code."""
    needs("compile")
    from pnpc.compile.diff.compare import compare

    leave_nothing_behind()
    with _sides(versions, context.meta[_PATHS]) as (old, new):
        if not old.paths and not new.paths:
            raise CouldNotRun("no file of that name in either version")
        # Each side under its own config: a revision brings the one that it had.
        files = Given(given["catalogs"])
        read = [specs(side, Workspace(given["config"], given["isolated"], given=files)) for side in (old, new)]
        if not any(read):
            raise CouldNotRun("no spec found in either version")
        sections = compare(*read)
    with heard():
        sys.stdout.write(render(format_, sections, color=format_ == "text" and wants_color(sys.stdout, color)))
        sys.stdout.flush()
    return 1 if any(row.change.breaking for section in sections for row in section.changes) else 0


@contextmanager
def _sides(versions: Sequence[str], paths: Sequence[str]) -> Iterator[tuple[Side, Side]]:
    """What the words of the command line mean, ready to be read while the block lasts. Raises CouldNotRun."""
    if len(versions) > 2:
        raise CouldNotRun(f"give OLD and NEW only; found {len(versions)} (paths go after `--`)")
    old, new = _range(versions[0]) if len(versions) == 1 else (versions[0], versions[1])
    if new is not None and not paths and os.path.lexists(old) and os.path.lexists(new):
        if os.path.isdir(old) != os.path.isdir(new):
            raise CouldNotRun("OLD and NEW must be two files, or two folders")
        yield on_disk([old], alone=True), on_disk([new], alone=True)
        return
    chosen = list(paths or _as_paths(old, new) or (".",))
    with _side(old, chosen) as older, _side(new, chosen) as other:
        yield older, other


def _range(word: str) -> tuple[str, str | None]:
    """A single word: a revision, or two with `..` or `...` between them."""
    revisions = _RANGE.fullmatch(word)
    if revisions is not None and not is_revision(word):
        old, new = revisions["old"] or "HEAD", revisions["new"] or "HEAD"
        return (merge_base(old, new) if revisions["dots"] == "..." else old), new
    if os.path.lexists(word) and not is_revision(word):
        raise CouldNotRun(f"nothing to compare `{word}` with; add a second file or folder, or a git revision")
    return word, None


def _as_paths(old: str, new: str | None) -> list[str]:
    """A file or folder beside a revision: it is looked at in both."""
    return [word for word in (old, new) if word is not None and os.path.lexists(word) and not is_revision(word)]


@contextmanager
def _side(word: str | None, paths: list[str]) -> Iterator[Side]:
    if word is None or word in paths:
        yield on_disk([path for path in paths if os.path.lexists(path)], alone=False)
    else:
        with of_revision(word, paths) as side:
            yield side
