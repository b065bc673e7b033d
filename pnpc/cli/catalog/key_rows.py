"""The rows of the files that `pnpc catalog import` is given: which files these are, and what stands in them."""

import os
from collections.abc import Iterator
from re import compile as regex
from typing import TYPE_CHECKING, NamedTuple

from pnpc.cli.common import say
from pnpc.cli.errors import CouldNotRun
from pnpc.line.catalog import COUNTRIES, Catalog, KeyKind
from pnpc.line.keylists import columns
from pnpc.line.keylists.merging import Row
from pnpc.line.keylists.pager import Pager
from pnpc.line.keylists.reading import sheets
from pnpc.line.keylists.sheet import NoList, NotAList, Sheet
from pnpc.project.discovery import InputFile
from pnpc.report.clean import visible

if TYPE_CHECKING:
    from pnpc.line.keylists.saved import SavedText

ENDINGS = (".html", ".htm", ".xhtml", ".mhtml", ".mht", ".webarchive", ".md", ".markdown", ".csv", ".tsv", ".txt")
_NAMED = 5  # files of a folder that are named when they are skipped
_NUMBER = regex(r"([0-9]+)")


class KeyRows(NamedTuple):
    """What the files hold: rows, what the pages say of the number of rows of each kind, rows that hold no key, and what else
    a person should know."""

    rows: list[Row]
    pagers: dict[KeyKind, list[Pager]]
    passed_over: list[str]
    notes: list[str]


class AskedRows(NamedTuple):
    """What the command line says of the files."""

    kind: KeyKind | None
    country: str | None
    fields: list[str] | None
    form: str | None
    encoding: str | None


def files_of(paths: tuple[str, ...]) -> list[InputFile]:
    """The files of the command line: in a folder those with an ending that pages and tables have."""
    files: dict[str, InputFile] = {}
    others: list[str] = []
    for path in paths:
        if os.path.isdir(path):
            for name in _inside(path):
                if name.lower().endswith(ENDINGS):
                    files.setdefault(os.path.realpath(name), InputFile(name, named=False))
                else:
                    others.append(name)
        elif path != "-" and not os.path.lexists(path) and any(sign in path for sign in "*?["):
            for name in _matching(path):
                files[os.path.realpath(name)] = InputFile(name, named=True)
        else:
            files[path if path == "-" else os.path.realpath(path)] = InputFile(path, named=True)
    if others:
        shown = ", ".join(others[:_NAMED]) + (f" and {len(others) - _NAMED} more" if len(others) > _NAMED else "")
        say(visible(f"note: not pages or tables by their names, and skipped: {shown}"))
    if not files:
        raise CouldNotRun(f"no page or table in {', '.join(paths)}: no file that ends in {', '.join(ENDINGS)}")
    return list(files.values())


def _inside(folder: str) -> list[str]:
    """The files below a folder; the parts of a page that a browser saves beside it (`page_files/`) are passed over."""
    names: list[str] = []
    for place, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and not name.endswith(("_files", ".files"))]
        names += [os.path.join(place, name) for name in files if name[0] != "."]
    return sorted(names, key=_in_order)


def _matching(pattern: str) -> list[str]:
    from pnpc.project.globs import TooMuch, files

    root, rest = ("/", pattern.lstrip("/")) if os.path.isabs(pattern) else (".", pattern)
    try:
        names = files(root, rest)
    except TooMuch:
        raise CouldNotRun(f"`{pattern}` makes pnpc look at too many files") from None
    if not names:
        raise CouldNotRun(f"no file matches `{pattern}`")
    return sorted((os.path.normpath(name) for name in names), key=_in_order)


def _in_order(name: str) -> list[tuple[int, str]]:
    """Names in the order of their numbers: page2 before page10."""
    return [(int(part[:9]), "") if part.isdecimal() else (-1, part) for part in _NUMBER.split(name)]


def country_of_project() -> str | None:
    """The country in the project's config, which need not be ready: catalogs that it names may not be there yet."""
    from pnpc.project.config import ConfigError
    from pnpc.project.files import CouldNotRead
    from pnpc.project.workspace import Workspace

    try:
        return Workspace().settings(os.path.join(os.getcwd(), "spec.yaml")).config.country
    except (ConfigError, CouldNotRead):
        return None


def read(files: list[InputFile], wanted: AskedRows, catalog: Catalog) -> KeyRows:
    """The rows of some files. A file of a folder without a list is noted; one that was named, or has a list that can't be
    read, raises CouldNotRun."""
    from pnpc.project.files import shown

    endings = tuple(end for code in COUNTRIES for end in catalog.country(code).suffixes)
    key_rows = KeyRows([], {}, [], [])
    for file in files:
        name, before = shown(file.name), len(key_rows.rows)
        try:
            for text in _texts(file.name, wanted):
                form = wanted.form or ("html" if text.is_page else None)
                for sheet in sheets(text.text, file.name, form, endings):
                    _take(sheet, name, wanted, catalog, key_rows)
        except NotAList as error:
            if file.named or not isinstance(error, NoList):
                raise CouldNotRun(f"{name}: {error}") from None
            key_rows.notes.append(f"{name} was skipped: {error}")
            continue
        if len(key_rows.rows) == before:
            if file.named:
                raise CouldNotRun(f"no keys found in {name}")
            key_rows.notes.append(f"{name} was skipped: no keys in it")
    if not key_rows.rows:
        raise CouldNotRun("; ".join(key_rows.notes))
    return key_rows


def _texts(file: str, wanted: AskedRows) -> "list[SavedText]":
    from pnpc.line.keylists.saved import texts
    from pnpc.project import own_files

    return texts(own_files.data(file), wanted.encoding, wanted.country or country_of_project())


def _take(sheet: Sheet, file: str, wanted: AskedRows, catalog: Catalog, key_rows: KeyRows) -> None:
    """The rows of one table."""
    named = columns.named(sheet, wanted.fields)
    if named is None:
        return
    rows = [_row(named.fields, row) for row in named.rows]
    keys = [row["key"] for row in rows if "key" in row]
    kind = columns.kind_of(sheet, named, keys, catalog, wanted.kind)
    if not keys and sheet.is_data:
        return
    if keys and kind is None:
        raise NotAList("cannot tell whether these are keys of templates, items or buttons; add --kind")
    for row, written in zip(rows, named.rows, strict=True):
        if kind is not None and (key := row.pop("key", "")):
            key_rows.rows.append(Row(key, kind, row, file))
        elif any(written):
            key_rows.passed_over.append(f"{file}: " + " | ".join(dict.fromkeys(written)))
    if kind is not None and sheet.pager is not None:
        key_rows.pagers.setdefault(kind, []).append(sheet.pager)
    key_rows.notes.extend(_of_sheet(sheet, file, named.unused, len(keys), kind))


def _row(fields: list[str], cells: list[str]) -> dict[str, str]:
    """A row's texts by field; `key` only if the cell holds one."""
    row: dict[str, str] = {}
    for name, text in zip(fields, cells, strict=False):
        if name and text:
            row.setdefault(name, text)
    key = columns.key_in(row.pop("key", ""))
    return {"key": key, **row} if key else row


def _of_sheet(sheet: Sheet, file: str, unused: list[str], keys: int, kind: KeyKind | None) -> Iterator[str]:
    if unused and keys:
        yield f"{file}: columns that are not used: {', '.join(f'`{name}`' for name in unused)} (--columns names them)"
    if sheet.is_data and keys:
        yield f"{file}: {keys} of the {kind} are from the page's data, not from what it shows"
