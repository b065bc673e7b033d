"""Which journal a command reads: the one that is named, or the project's."""

import os

from pnpc.cli.errors import CouldNotRun
from pnpc.project.files import shown
from pnpc.project.inside import is_database
from pnpc.project.journals import VARIABLE, journal_of, journals_in


def by_variable() -> str | None:
    """The journal that the environment names, for a command that takes several."""
    return os.environ.get(VARIABLE) or None


def chosen(journal: str | None) -> str:
    """The journal that is named, or the project's. Raises CouldNotRun where the project has none, ConfigError, CouldNotRead."""
    if journal:
        return journal
    name = journal_of()
    if not is_database(name) and not os.path.lexists(name):
        others = journals_in(os.path.dirname(name))
        there = f"; there is {', '.join(map(shown, others))}: name it with --journal" if others else ""
        raise CouldNotRun(f"no journal {shown(name)}: nothing was pushed from this project{there}")
    return name
