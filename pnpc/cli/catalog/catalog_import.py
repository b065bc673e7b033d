"""`pnpc catalog import`: lists of keys that a person saved from LINE's page become a catalog file of the team."""

import json
import os
from collections.abc import Iterator
from re import compile as regex
from typing import Any, NamedTuple

import click

from pnpc.cli.common import say
from pnpc.cli.errors import CouldNotRun
from pnpc.line.catalog import COUNTRIES, KINDS, Catalog, KeyKind
from pnpc.line.keylists import columns
from pnpc.line.keylists.merging import Merged, Row, doubts, merge
from pnpc.line.keylists.reading import FORMS, NotAList, Sheet, sheets
from pnpc.report.clean import visible

HELP = """Make a catalog file of lists that you saved from LINE's page.

FILES are HTML pages, Markdown, CSV, TSV, or text pasted from a browser; `-` is standard input. LINE's page shows ten rows
at a time: give all pages at once, or one after the other with the same -o, which adds to the file. Columns
are recognized by their names (Key, Name or Text, Title, Description), the kind by the columns and the heading above.

The same key twice is written once. If two pages say different things of it, nothing is written, and the exit code is 1.

\b
Examples:
  pnpc catalog import page*.html -o catalog.json
  pnpc catalog import items.csv --kind items --country TH -o catalog-th.json
  pnpc catalog import templates.md --known documented --date 2026-11-20 \\
      --source https://developers.line.biz/ja/docs/partner-docs/line-notification-messages/template/

Name the file in pnpc.toml: catalogs = ["catalog.json"].
"""
_DATE = regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NAMED = 5  # rows without a key that are named


class KeyRows(NamedTuple):
    """What the files hold: rows, how many rows of each kind the page says there are, and rows that hold no key."""

    rows: list[Row]
    totals: dict[KeyKind, int]
    passed_over: list[str]


@click.command("import", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("files", nargs=-1, required=True, type=click.Path(allow_dash=True))
@click.option(
    "-o", "--output", metavar="FILE", default="-", help="The catalog file, JSON. An existing file is added to."
)
@click.option(
    "--country", type=click.Choice(COUNTRIES), help="The country of the keys. Default: read from their endings."
)
@click.option(
    "--kind", type=click.Choice(KINDS), help="What the keys are for. Default: read from columns and headings."
)
@click.option(
    "--columns", "names", metavar="NAMES", help="What the columns are: key,label,title,description,example,note."
)
@click.option(
    "--form", type=click.Choice(FORMS), help="The format of the files. Default: guessed from name and content."
)
@click.option("--known", type=click.Choice(["local", "documented"]), default="local", show_default=True)
@click.option("--source", metavar="TEXT", help="The page they were read from: its URL.")
@click.option("--date", metavar="YYYY-MM-DD", help="When they were read.")
def import_keys(
    files: tuple[str, ...],
    output: str,
    country: str | None,
    kind: KeyKind | None,
    names: str | None,
    form: str | None,
    known: str,
    source: str | None,
    date: str | None,
) -> int:
    """Write the catalog file; gives the exit code."""
    if known == "documented" and not (source and date):
        raise CouldNotRun("--known documented needs --source and --date: where and when LINE's table was read")
    if date is not None and _DATE.fullmatch(date) is None:
        raise CouldNotRun(f"--date `{date}` is not a date of the form YYYY-MM-DD")
    key_rows = _read(files, kind, _fields(names), form)
    catalog = Catalog()
    code = country or columns.country_of([row.key for row in key_rows.rows], catalog)
    if code is None:
        raise CouldNotRun("cannot tell the country from these keys; add --country JP|TH|TW")
    before = catalog_in(output, code)
    merged = merge(key_rows.rows, {name: before.get(name, {}).get("keys", {}) for name in KINDS})
    if merged.conflicts:
        for conflict in merged.conflicts:
            say(visible(conflict))
        say(f"pnpc: nothing was written: {len(merged.conflicts)} contradictions")
        return 1
    head = {"known": known, "source": source, "date": date}
    content = _content(code, head, merged, key_rows, before)
    _put(output, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    for note in (*_passed_over(key_rows), *doubts(merged, code, catalog), *_missing(content)):
        say(visible(f"note: {note}"))
    return 0


def _fields(names: str | None) -> list[str] | None:
    if names is None:
        return None
    fields = [name.strip() for name in names.split(",")]
    wrong = [name for name in fields if name and name not in columns.FIELDS]
    if wrong or fields.count("key") != 1:
        raise CouldNotRun(f"--columns takes {', '.join(columns.FIELDS)} (empty for a column to ignore), `key` once")
    return fields


def _read(files: tuple[str, ...], kind: KeyKind | None, wanted: list[str] | None, form: str | None) -> KeyRows:
    from pnpc.project.files import shown

    key_rows = KeyRows([], {}, [])
    for file in files:
        try:
            for sheet in sheets(_text(file), file, form):
                _take(sheet, shown(file), kind, wanted, key_rows)
        except NotAList as error:
            raise CouldNotRun(f"{shown(file)}: {error}") from None
    if not key_rows.rows:
        raise CouldNotRun(f"no keys found in {', '.join(map(shown, files))}")
    return key_rows


def _text(file: str) -> str:
    from pnpc.project import own_files
    from pnpc.project.files import shown

    data = own_files.data(file)
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise CouldNotRun(f"{shown(file)} is neither UTF-8 nor UTF-16; save it as UTF-8") from None


def _take(sheet: Sheet, file: str, kind: KeyKind | None, wanted: list[str] | None, key_rows: KeyRows) -> None:
    """The rows of one table."""
    named = columns.named(sheet, wanted)
    if named is None:
        return
    fields, cells = named
    rows = [{name: text for name, text in zip(fields, row, strict=False) if name and text} for row in cells]
    keys = [row["key"] for row in rows if columns.is_key(row.get("key", ""))]
    guessed = kind or columns.kind_of(sheet, fields, keys) or ("items" if not keys else None)
    if guessed is None:
        raise NotAList("cannot tell whether these are keys of templates, items or buttons; add --kind")
    for row, written in zip(rows, cells, strict=True):
        key = row.pop("key", "")
        if columns.is_key(key):
            key_rows.rows.append(Row(key, guessed, row, file))
        elif any(written):
            key_rows.passed_over.append(f"{file}: " + " | ".join(written))
    if sheet.total is not None:
        key_rows.totals[guessed] = max(sheet.total, key_rows.totals.get(guessed, 0))


def catalog_in(output: str, country: str) -> dict[str, Any]:
    """The catalog to add to; empty if there is none."""
    from pnpc.line.grammar import compiler
    from pnpc.project import own_files
    from pnpc.project.files import shown
    from pnpc.text.document import Unreadable
    from pnpc.text.json import strict as strict_json
    from pnpc.text.json.strict import NotJSON
    from pnpc.text.nodes import compose

    if output == "-" or not os.path.lexists(output):
        return {}
    try:
        source = own_files.source(output)
        content: dict[str, Any] = strict_json.read(source.text)
        (document,) = compose(source)
        wrong = compiler.check("catalog", document, expressions=False)
    except (NotJSON, ValueError, Unreadable):
        raise CouldNotRun(f"{shown(output)} exists and is not a catalog in JSON") from None
    if wrong:
        raise CouldNotRun(f"{shown(output)} exists and is not a catalog: {wrong[0].message}")
    if content["country"] != country:
        raise CouldNotRun(f"{shown(output)} holds keys of {content['country']}, these are of {country}")
    return content


def _content(
    country: str, head: dict[str, str | None], merged: Merged, key_rows: KeyRows, before: dict[str, Any]
) -> dict[str, Any]:
    """The catalog file. What held for all keys of an older file is written at each of them if it is other now."""
    shared = {name: before.get(name) or value for name, value in head.items()}
    content: dict[str, Any] = {"catalog": 1, "country": country}
    content.update({name: value for name, value in shared.items() if value})
    content.update({"suffixes": before["suffixes"]} if "suffixes" in before else {})
    own = {name: value for name, value in head.items() if value and value != shared[name]}
    added = {(row.kind, row.key) for row in key_rows.rows}
    for kind in KINDS:
        old = before.get(kind, {})
        keys = {
            key: {**entry, **(own if (kind, key) in added and key not in old.get("keys", {}) else {})}
            for key, entry in merged.entries[kind].items()
        }
        if keys:
            content[kind] = {**_counts(keys, key_rows.totals.get(kind), head["date"], old), "keys": keys}
    return content


def _counts(keys: dict[str, Any], total: int | None, date: str | None, old: dict[str, Any]) -> dict[str, Any]:
    """How complete a list is: it is if it has as many keys as the page says there are."""
    total = total if total is not None else old.get("total")
    held = sum(entry.get("known") != "refused" for entry in keys.values())
    counts: dict[str, Any] = {"complete": total is not None and held == total}
    if total is not None:
        counts["total"] = total
        when = date or old.get("total_date")
        counts.update({"total_date": when} if when else {})
    return counts


def _put(output: str, text: str) -> None:
    from pnpc.cli.project.new import put

    put(output, text, force=True)


def _passed_over(key_rows: KeyRows) -> Iterator[str]:
    for row in key_rows.passed_over[:_NAMED]:
        yield f"{row}: no key in this row; row skipped"
    if len(key_rows.passed_over) > _NAMED:
        yield f"{len(key_rows.passed_over) - _NAMED} more rows without a key were skipped"


def _missing(content: dict[str, Any]) -> Iterator[str]:
    for kind in KINDS:
        listing = content.get(kind)
        if listing is not None:
            total = listing.get("total")
            yield f"{kind}: {len(listing['keys'])}{f' of {total}' if total is not None else ''}"
