"""Which journal a command reads: the one that is named, or the project's."""

import click

from pnpc.project.config import Given
from pnpc.project.journals import journal_of
from pnpc.project.workspace import Workspace

JournalOption = click.option(
    "--journal", metavar="FILE", envvar="PNPC_JOURNAL", show_envvar=True,
    help="The journal; by default the config's, or pnpc.journal.db in the project's folder.",
)  # fmt: skip


def chosen(journal: str | None) -> str:
    """The journal that is named, or the project's. Raises ConfigError, CouldNotRead."""
    return journal or journal_of(Workspace(given=Given(journal=journal)), "", is_own=True)
