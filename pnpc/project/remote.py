"""Files on object stores and other filesystems, by URLs (`s3://…`). The one door to fsspec, which comes with `pnpc[dask]`.

Addresses and credentials of a store are its library's affair: they come from the environment or from fsspec's own config.
"""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any
from urllib.parse import unquote

from pnpc.extras import missing
from pnpc.project.files import CouldNotRead, CouldNotWrite, shown
from pnpc.text.lazy import regex

# Two letters at least: `C:` is a drive. `simplecache::s3://…` is a chain of filesystems.
_URL = regex(r"[A-Za-z][A-Za-z0-9+.-]+(?:::[A-Za-z][A-Za-z0-9+.-]+)*://")
_FILE = "file://"
_BLOCK = 1 << 22  # bytes that are asked for at a time: a request to an object store takes some 50 milliseconds


def is_url(name: str) -> bool:
    """Whether a name is that of a file elsewhere."""
    return _URL.match(name) is not None


def plain(name: str) -> str:
    """A name without `file://`: such a file is one of this machine."""
    return unquote(name.removeprefix(_FILE)) if name.startswith(f"{_FILE}/") else name


def is_folder(name: str) -> bool:
    """Whether a URL means a folder, or a common beginning of names. Raises CouldNotRead."""
    with _told(name, CouldNotRead):
        filesystem, path = _filesystem(name)
        return bool(filesystem.isdir(path))


def files(name: str) -> list[str]:
    """The URLs of the files that a pattern matches, or that lie in a folder at any depth, sorted. Raises CouldNotRead."""
    with _told(name, CouldNotRead):
        filesystem, path = _filesystem(name)
        if any(sign in path for sign in "*?["):
            entries = filesystem.glob(path, detail=True)
        else:
            entries = filesystem.find(path, detail=True)
        return sorted(
            filesystem.unstrip_protocol(path) for path, entry in entries.items() if entry["type"] != "directory"
        )


def stream(name: str) -> io.RawIOBase:
    """A file's bytes. Raises CouldNotRead, now or while it is read."""
    return _Stream(name, seekable(name))


def seekable(name: str) -> IO[bytes]:
    """A file that is read from its end, as Parquet is. Raises CouldNotRead."""
    with _told(name, CouldNotRead):
        filesystem, path = _filesystem(name)
        file: IO[bytes] = filesystem.open(path, "rb", block_size=_BLOCK)
        return file


@contextmanager
def replacing(name: str) -> Iterator[IO[bytes]]:
    """A stream that becomes the file when the block ends, and nothing if it is left by an error: by the transaction of
    its filesystem, which on an object store is one upload. Raises CouldNotWrite, and what the block raises."""
    with _told(name, CouldNotWrite):
        filesystem, path = _filesystem(name)
        transaction = filesystem.transaction
        transaction.start()
        try:
            file = filesystem.open(path, "wb")
        except FileNotFoundError:  # a filesystem with folders; an object store would make a bucket of a misspelt name
            filesystem.makedirs(os.path.dirname(path), exist_ok=True)
            file = filesystem.open(path, "wb")
        if not hasattr(file, "commit"):  # it is written in place, whatever the transaction says
            file.close()
            raise CouldNotWrite(f"can't write {shown(name)}: its filesystem does not write files whole or not at all")
    is_whole = False
    try:
        yield file
        is_whole = True
    finally:
        with _told(name, CouldNotWrite):
            try:
                file.close()
            except BaseException:
                is_whole = False
                raise
            finally:
                transaction.complete(commit=is_whole)


def _filesystem(name: str) -> tuple[Any, str]:
    """The filesystem of a URL, and the path there. It is ours alone: a transaction holds for all that use a filesystem."""
    try:
        from fsspec.core import url_to_fs  # an extra that may be missing
    except ImportError:
        raise CouldNotRead(str(missing(shown(name), "fsspec", "dask"))) from None
    filesystem, path = url_to_fs(name, skip_instance_cache=True)
    return filesystem, path


@contextmanager
def _told(name: str, error_type: type[CouldNotRead] | type[CouldNotWrite]) -> Iterator[None]:
    """Each library has errors of its own: whatever it is, it becomes one line. A store's words can hold a signed URL, so
    they are cut at the first one."""
    verb = "read" if error_type is CouldNotRead else "write"
    try:
        yield
    except (CouldNotRead, CouldNotWrite):
        raise
    except FileNotFoundError:
        raise error_type(f"can't {verb} {shown(name)}: no such file or directory") from None
    except ImportError as error:
        raise error_type(f"can't {verb} {shown(name)}: {_missing(error)}") from None
    except Exception as error:
        lines = [line.strip() for line in str(error).splitlines() if line.strip()] or [type(error).__name__]
        raise error_type(f"can't {verb} {shown(name)}: {_SIGNED.split(lines[0])[0].rstrip(' :.,')}") from None


_SIGNED = regex(r"\S+://\S+\?")
_LIBRARY = regex(r"[Ii]nstall ['\"]?([A-Za-z0-9_.-]+)")


def _missing(error: ImportError) -> str:
    """What is said of a filesystem's library that is not installed; fsspec names it in its own words."""
    match = _LIBRARY.search(str(error))
    library = match[1] if match else error.name or ""
    if not library:
        return str(error)
    return f"it needs the library {library}: pip install {library}, also where the workers run"


class _Stream(io.RawIOBase):
    def __init__(self, name: str, file: IO[bytes]) -> None:
        self._name = name
        self._file = file

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer. Raises CouldNotRead."""
        with _told(self._name, CouldNotRead):
            data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        """Close the file as well."""
        super().close()
        self._file.close()
