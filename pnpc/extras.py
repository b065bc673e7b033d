"""The extras: which libraries come with which part of pnpc, and one line that names what is missing.

`pip install pnpc` is what a hook needs. pyproject.toml has the same lists, with versions; a test compares them.
"""

from importlib.util import find_spec

# The libraries of each extra, by the names under which they are imported.
LIBRARIES = {
    "compile": ("jsonschema", "phonenumbers", "zstandard", "tqdm"),
    "send": ("aiohttp", "zstandard", "tqdm", "prometheus_client"),
    "parquet": ("pyarrow",),
    "watch": ("watchfiles",),
    "postgres": ("psycopg", "procrastinate"),
    "dask": ("distributed", "fsspec"),
}


class MissingExtra(ImportError):
    """A part of pnpc that is not installed. Its text is one line, with what installs it."""


def require(who: str, extra: str) -> None:
    """Raise MissingExtra if a library of an extra can't be imported; `who` needs it: `pnpc compile`."""
    for library in LIBRARIES[extra]:
        if not _is_there(library):
            raise missing(who, library, extra)


def missing(who: str, library: str, extra: str) -> MissingExtra:
    """What is said of a library that is missing."""
    return MissingExtra(f"{who} needs {library}: pip install 'pnpc[{extra}]'", name=library)


def extra_of(library: str | None) -> str | None:
    """The extra that a library comes with; None for any other module."""
    name = (library or "").partition(".")[0]
    return next((extra for extra, libraries in LIBRARIES.items() if name in libraries), None)


def _is_there(library: str) -> bool:
    try:
        return find_spec(library) is not None
    except ImportError:
        return False
