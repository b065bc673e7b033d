"""Which journal a command reads: the one that is named, or the project's."""

import os

import click

from pnpc.cli.errors import CouldNotRun
from pnpc.project.files import shown
from pnpc.project.journals import journal_of, journals_in


def _named(_context: click.Context, _parameter: click.Parameter, name: str | None) -> str | None:
    """The name as it is. An empty one is a variable that is not set: another journal would not know what was sent."""
    if name == "":
        raise click.BadParameter("the name is empty")
    return name


JournalOption = click.option(
    "--journal", metavar="FILE", envvar="PNPC_JOURNAL", show_envvar=True, callback=_named,
    help="The journal; by default the config's, or pnpc.journal.db in the project's folder.",
)  # fmt: skip


def chosen(journal: str | None) -> str:
    """The journal that is named, or the project's. Raises CouldNotRun where the project has none, ConfigError, CouldNotRead."""
    if journal:
        return journal
    name = journal_of()
    if not os.path.lexists(name):
        others = journals_in(os.path.dirname(name))
        there = f"; there is {', '.join(map(shown, others))}: name it with --journal" if others else ""
        raise CouldNotRun(f"no journal {shown(name)}: nothing was pushed from this project{there}")
    return name
