"""Where a project's journal is: found again by the next push, whatever the payload file is called."""

import os
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from pnpc.project.config import Config, Given
from pnpc.project.inside import is_database, is_other_database
from pnpc.project.workspace import Workspace

SUFFIX = ".journal.db"
VARIABLE = "PNPC_JOURNAL"
_THIS_MACHINE = re.compile(r"(https?://)(?:localhost|\[::1\])(?=:|$)")


def named_journal(name: str | None, environment: Mapping[str, str]) -> str | None:
    """The journal that a person or a program names, or else the variable PNPC_JOURNAL; None if neither does.

    Raises ValueError for what is meant as a database in another way, and for an empty name: it comes from a variable that is not set where it should be, and another journal
    would not know what was sent.
    """
    if name is None and environment.get(VARIABLE) == "":
        raise ValueError(f"{VARIABLE} is empty: give it the name of a journal, or remove the variable")
    if name == "":
        raise ValueError("the name is empty")
    name = environment.get(VARIABLE) if name is None else name
    if name is not None and is_other_database(name):  # not repeated: it may hold a password
        raise ValueError("the journal is neither a file nor a URL of PostgreSQL: write postgresql://HOST/DATABASE")
    return name


def resolved(name: str) -> str:
    """The one name of a journal that may be named in several ways."""
    return name if is_database(name) else os.path.realpath(name)


def journal_of(api: str | None = None) -> str:
    """The project's journal: the config's, or a file in the project's folder. Raises ConfigError, CouldNotRead.

    A project's folder is that of the config which holds for the present folder; else the nearest one above with a `.git`;
    else the present folder. `api` is an address that is not the target's own, such as an emulator's: messages to it have a
    journal of their own beside it; in PostgreSQL they are in the same one, which keeps addresses apart.
    """
    config = project_config()
    named = config.journal if config.journal is not None else f"{_folder(config.file and config.root)}pnpc{SUFFIX}"
    if api is None or is_database(named):
        return named
    parts = urlsplit(one_address(api))
    host = "-".join(filter(None, ((parts.hostname or "").replace(":", "_"), str(parts.port or ""))))
    return f"{named.removesuffix(SUFFIX)}.{host}{SUFFIX}"


def project_config(given: Given | None = None) -> Config:
    """The config of the present folder: it says what belongs to the project, its journal and its list of people. `given` are
    files of the command line, in whose place the config's are not looked at.

    Raises ConfigError, CouldNotRead.
    """
    return Workspace(given=given or Given()).settings("").config


def one_address(api: str) -> str:
    """The name under which a journal keeps an address: scheme, host and port, and this machine by one of its names."""
    return _THIS_MACHINE.sub(r"\g<1>127.0.0.1", api)


def journals_in(folder: str) -> list[str]:
    """The journals of a folder by their names; the empty name is the present folder."""
    return sorted(os.path.join(folder, name) for name in os.listdir(folder or ".") if name.endswith(SUFFIX))


def _folder(root: str | None) -> str:
    """The project's folder, with the slash behind it; empty for the present one."""
    here = os.getcwd()
    folder = root or here
    while root is None and not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return ""
        folder = parent
    return "" if folder == here else os.path.join(folder, "")
