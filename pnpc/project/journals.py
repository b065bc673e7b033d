"""Where a project's journal is: found again by the next push, whatever the payload file is called."""

import os
from urllib.parse import urlsplit

from pnpc.project.workspace import Workspace

SUFFIX = ".journal.db"


def journal_of(workspace: Workspace, api: str, *, is_own: bool) -> str:
    """The journal of messages that are sent to an address: the config's, or a file in the project's folder.

    A project's folder is that of the config which holds for the present folder; else the nearest one above with a `.git`;
    else the present folder. `is_own`: the address is the target's own; messages to any other one, such as an emulator, have
    a journal of their own beside it.
    """
    config = workspace.settings("").config
    named = config.journal if config.journal is not None else f"{_folder(config.file and config.root)}pnpc{SUFFIX}"
    if is_own:
        return named
    parts = urlsplit(api)
    host = "-".join(filter(None, ((parts.hostname or "").replace(":", "_"), str(parts.port or ""))))
    return f"{named.removesuffix(SUFFIX)}.{host}{SUFFIX}"


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
