"""The approvals next to specs: `NAME.approved.json` in the spec's own folder."""

import os

from pnpc.project.own_files import data, is_there


def path_of(file: str, name: str) -> str:
    """Where the approval of the spec `name`, which stands in `file`, lies. Raises ValueError for no spec's name."""
    from pnpc.language.review.approval import file_name  # a run without flexible specs never asks

    base = file_name(name)
    if base is None:
        raise ValueError(f"`{name}` is not a name for a spec")
    return os.path.join(os.path.dirname(file), base)


def beside(file: str, name: str) -> bytes | None:
    """The bytes of a spec's approval; None if there is none. Raises CouldNotRead for one that can't be
    opened, and for a link that leads out of the folder."""
    path = path_of(file, name)
    return data(path) if os.path.lexists(path) and is_there(path, os.path.dirname(file)) else None
