"""Fragments on the disk: files of the project, and none outside it."""

import os
import stat

from pnpc.language.cases.parts import Fragment, NoFragment
from pnpc.project import config
from pnpc.project.files import MAX_BYTES, CouldNotRead, read, shown
from pnpc.project.inside import is_inside
from pnpc.text.wording import NOTHING, Said, as_written, says


def beside(file: str, path: str) -> Fragment:
    """The file that `path`, written in `file`, means: relative to that file, inside its project. Raises NoFragment."""
    if "\0" in path or os.path.isabs(path) or "://" in path:
        raise NoFragment(says("`{path}` must be a path relative to the file that includes it", path=path))
    name = os.path.normpath(os.path.join(os.path.dirname(file), path))
    root = root_of(file)
    real = os.path.realpath(name)
    if not is_inside(name, root):
        folder = shown(os.path.abspath(root))
        help = says("a fragment must be in the project of its spec, {folder}", folder=folder)
        raise NoFragment(says("`{path}` leads out of the project", path=path), help)
    try:
        if not stat.S_ISREG(os.stat(real).st_mode):
            raise NoFragment(says("`{path}` is not a file", path=path))
        data = read(real)
    except FileNotFoundError:
        raise NoFragment(
            says("there is no file `{path}`{meant}", path=path, meant=_near(name, path)),
            says("looked for {file}", file=shown(name)),
        ) from None
    except (OSError, CouldNotRead) as error:
        reason = getattr(error, "strerror", None) or "it can't be opened"
        raise NoFragment(says("can't read `{path}`: {reason}", path=path, reason=as_written(reason.lower()))) from None
    if len(data) > MAX_BYTES:
        raise NoFragment(says("`{path}` has more than {limit:,} bytes", path=path, limit=MAX_BYTES))
    return Fragment(name, real, data)


def root_of(file: str) -> str:
    """The folder of a file's project: the nearest one that holds a config or a `.git`, else the file's own."""
    own = folder = os.path.dirname(os.path.abspath(file))
    while not (config.inside(folder) or os.path.lexists(os.path.join(folder, ".git"))):
        parent = os.path.dirname(folder)
        if parent == folder:
            return own
        folder = parent
    return folder


def _near(name: str, path: str) -> Said:
    """A file of the same folder whose name is nearly the one that was meant."""
    from pnpc.text.suggest import did_you_mean, near  # rapidfuzz: only for a missing fragment

    try:
        names = [entry.name for entry in os.scandir(os.path.dirname(name) or ".") if entry.is_file()]
    except OSError:
        return NOTHING
    close = near(os.path.basename(name), names)
    return did_you_mean([os.path.join(os.path.dirname(path), name) for name in close])
