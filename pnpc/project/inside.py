"""The border of a project: what its files name is read and written inside it only.

A config, and a spec that includes another file, may come from a stranger (a pull request, a repository that was cloned to
look at it); what they name must not lead to the other files of whoever runs pnpc. What a person names on the command line
is theirs to choose.
"""

import os

from pnpc.text.lazy import regex

# Words that another system, or a shell, would take for a place outside: `~/x`, `C:\x`, `\\host\share`, `file:///x`.
_ELSEWHERE = regex(r"~|[A-Za-z]:[\\/]|\\\\|[a-z][a-z0-9+.-]*://")

_SCHEMES = ("postgresql://", "postgres://")
# Another scheme, or the words of libpq: meant as a database. As a file's name it would be a new journal, which knows nothing.
_OTHER_DATABASE = regex(
    r"[A-Za-z][A-Za-z0-9+.-]+:/|(?:[^=]*\s)?(?:host|hostaddr|port|dbname|user|password|service)\s*="
)


def is_inside(name: str, root: str) -> bool:
    """Whether a file lies in a folder, both as its name says and where its links lead; it need not be there."""
    return _is_below(os.path.abspath(name), os.path.abspath(root)) and _is_below(
        os.path.realpath(name), os.path.realpath(root)
    )


def leads_out(path: str, root: str) -> bool:
    """Whether a path, as a file of the project writes it (relative to `root`), leads out of the project."""
    return _ELSEWHERE.match(path) is not None or "\0" in path or not is_inside(os.path.join(root, path), root)


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(os.path.join(folder, ""))


def is_database(name: str) -> bool:
    """Whether a journal is in a database of PostgreSQL, and not in a file."""
    return name.startswith(_SCHEMES)


def is_other_database(name: str) -> bool:
    """Whether a journal is named as a database is, and not by a URL that we take."""
    return not is_database(name) and _OTHER_DATABASE.match(name) is not None
