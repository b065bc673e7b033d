"""The one door for files of ours that are read whole: config, catalog, baseline, snapshot, approval, scenario, data.

Whatever such a file holds, it becomes a text or a value, or CouldNotRead says in one line what is wrong with it.
Nothing that the file holds is repeated in that line.
"""

import os
from typing import Any

from pnpc.project.files import MAX_BYTES, CouldNotRead, read, shown
from pnpc.project.inside import is_inside
from pnpc.text.source import Source, Undecodable, decode


def data(name: str) -> bytes:
    """A file's bytes. Raises CouldNotRead, also for more than MAX_BYTES."""
    content = read(name)
    if len(content) > MAX_BYTES:
        raise CouldNotRead(f"can't read {shown(name)}: it has more than {MAX_BYTES:,} bytes")
    return content


def source(name: str, called: str | None = None) -> Source:
    """A file's text, under the name by which diagnostics call it. Raises CouldNotRead."""
    try:
        return decode(called if called is not None else name, data(name))
    except Undecodable as error:
        raise CouldNotRead(f"can't read {shown(name)}: {error.reason}") from None


def json_value(name: str) -> Any:
    """The value of a file of JSON, read strictly (see `pnpc.text.json.strict`). Raises CouldNotRead."""
    from pnpc.text.json import strict as strict_json  # a run over specs alone reads no JSON

    try:
        return strict_json.read(data(name))
    except strict_json.NotJSON as error:
        raise CouldNotRead(f"can't read {shown(name)}: {error}") from None


def is_there(name: str, folder: str) -> bool:
    """Whether a file that we keep in the folder of a spec is there. Raises CouldNotRead for a link that leads out of it:
    whoever wrote the spec may have put that there for us to read, or to write, something else."""
    if os.path.dirname(name) == folder and not os.path.islink(name):
        return os.path.lexists(name)  # only a link can lead out of the folder itself
    if not is_inside(name, folder or "."):
        raise CouldNotRead(f"{shown(name)} leads out of its folder by a link; put a file there instead")
    return os.path.lexists(name)
