"""`pnpc catalog import`: lists of keys that a person saved from LINE's page become a catalog file of the team."""

import json
import os
from collections.abc import Iterator, Mapping
from datetime import date as day
from re import compile as regex
from typing import Any

import click

from pnpc.cli.catalog.key_rows import AskedRows, KeyRows, country_of_project, files_of, read
from pnpc.cli.common import count_of, say
from pnpc.cli.errors import CouldNotRun
from pnpc.cli.project.known_keys import quietly
from pnpc.line.catalog import COUNTRIES, KINDS, Catalog, KeyKind
from pnpc.line.keylists import columns
from pnpc.line.keylists.merging import Merged, Row, doubts, merge
from pnpc.line.keylists.pager import Pager
from pnpc.line.keylists.reading import FORMS
from pnpc.project.files import shown
from pnpc.report.clean import visible

HELP = """Make a catalog file of lists that you saved from LINE's page.

PATHS are pages as a browser saves them (.html, .mhtml, .webarchive), Markdown, CSV, TSV, or text pasted from a browser;
folders with such files; patterns such as 'saved/*.html'; `-` is standard input. LINE's page shows ten rows
at a time: give all pages at once, or one after the other with the same -o, which adds to the file. Columns
are recognized by their names (Key, Name or Text, Title, Description), the kind by the columns, the tab and the heading.

The same key twice is written once. If two pages say different things of it, nothing is written, and the exit code is 1.

\b
Examples:
  pnpc catalog import saved/ -o catalogs/own.json
  pnpc catalog import page*.html -o catalogs/own.json
  pnpc catalog import items.csv --encoding cp932 -o catalogs/own.json
  pnpc catalog import items.csv --kind items --country TH -o catalogs/own-th.json
  pnpc catalog import templates.md --known documented --date 2026-11-20 \\
      --source https://developers.line.biz/ja/docs/partner-docs/line-notification-messages/template/

Name the folder in pnpc.toml: catalogs = ["catalogs/*"].
"""
_DATE = regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NAMED = 5  # rows without a key that are named


@click.command("import", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("paths", nargs=-1, required=True, type=click.Path(allow_dash=True))
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
@click.option(
    "--encoding", metavar="NAME", help="The encoding of files that are not UTF-8: cp932, euc-jp, tis-620, big5 …"
)
@click.option("--known", type=click.Choice(["local", "documented"]), default="local", show_default=True)
@click.option("--source", metavar="TEXT", help="The page they were read from: its URL.")
@click.option("--date", metavar="YYYY-MM-DD", help="When they were read.")
def import_keys(
    paths: tuple[str, ...],
    output: str,
    country: str | None,
    kind: KeyKind | None,
    names: str | None,
    form: str | None,
    encoding: str | None,
    known: str,
    source: str | None,
    date: str | None,
) -> int:
    """Write the catalog file; gives the exit code."""
    if known == "documented" and not (source and date):
        raise CouldNotRun("--known documented needs --source and --date: where and when LINE's table was read")
    if date is not None and not _is_day(date):
        raise CouldNotRun(f"--date `{date}` is not a date of the form YYYY-MM-DD")
    catalog = Catalog()
    key_rows = read(files_of(paths), AskedRows(kind, country, _fields(names), form, encoding), catalog)
    code = country or columns.country_of([row.key for row in key_rows.rows], catalog) or country_of_project()
    if code is None:
        raise CouldNotRun("cannot tell the country from these keys; add --country JP|TH|TW")
    before = catalog_in(output, code)
    merged = merge(key_rows.rows, {name: before.get(name, {}).get("keys", {}) for name in KINDS})
    if merged.conflicts:
        for conflict in merged.conflicts:
            say(visible(conflict))
        say(f"pnpc: nothing was written: {count_of(len(merged.conflicts), 'contradiction')}")
        return 1
    head = {"known": known, "source": source, "date": date}
    content = _content(code, head, merged, key_rows, before)
    _put(output, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    notes = (*key_rows.notes, *_passed_over(key_rows), *_endings(key_rows.rows, code, catalog))
    notes = (
        *notes,
        *doubts(merged, code, catalog),
        *_totals(key_rows, code, catalog),
        *_no_longer(content, code, catalog),
    )
    for note in (*notes, *_missing(content, key_rows, before)):
        say(visible(f"note: {note}"))
    if output != "-" and not _is_read(code, content):
        say(f'note: name the file in pnpc.toml, so that `pnpc check` reads it: catalogs = ["{shown(output)}"]')
    return 0


def _is_day(date: str) -> bool:
    """Whether a text names a day of the calendar as a catalog has it."""
    try:
        day.fromisoformat(date)
    except ValueError:
        return False
    return _DATE.fullmatch(date) is not None


def _is_read(country: str, content: dict[str, Any]) -> bool:
    """Whether the project's config reads a catalog with these keys. A config with mistakes is not judged here."""
    known = quietly().catalog.country(country)
    return all(key in known.listings[kind].keys for kind in KINDS for key in content.get(kind, {}).get("keys", {}))


def _fields(names: str | None) -> list[str] | None:
    if names is None:
        return None
    fields = [name.strip() for name in names.split(",")]
    wrong = [name for name in fields if name and name not in columns.FIELDS]
    if wrong or fields.count("key") != 1:
        raise CouldNotRun(f"--columns takes {', '.join(columns.FIELDS)} (empty for a column to ignore), `key` once")
    return fields


def catalog_in(output: str, country: str) -> dict[str, Any]:
    """The catalog to add to; empty if there is none."""
    from pnpc.line.grammar import compiler
    from pnpc.project import own_files
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
    country: str,
    head: dict[str, str | None],
    merged: Merged,
    key_rows: KeyRows,
    before: dict[str, Any],
) -> dict[str, Any]:
    """The catalog file. What held for all keys of an older file is written at each of them if it is other now."""
    shared = {name: before.get(name) if before else value for name, value in head.items()}
    content: dict[str, Any] = {"catalog": 1, "country": country}
    content.update({name: value for name, value in shared.items() if value})
    content.update({"suffixes": before["suffixes"]} if "suffixes" in before else {})
    own = {name: value for name, value in head.items() if value and value != shared[name]}
    added = {(row.kind, row.key) for row in key_rows.rows}
    for kind in KINDS:
        old = before.get(kind, {})
        keys = {
            key: {
                **entry,
                **(own if (kind, key) in added and _is_better(head, old.get("keys", {}).get(key), before) else {}),
            }
            for key, entry in merged.entries[kind].items()
        }
        if keys:
            total = max((pager.total for pager in key_rows.pagers.get(kind, ())), default=None)
            content[kind] = {**_counts(keys, total, head["date"], old), "keys": keys}
    return content


def _is_better(head: Mapping[str, str | None], entry: Mapping[str, Any] | None, before: Mapping[str, Any]) -> bool:
    """Whether how a key is known now says more than its entry in an older file: one that only we said is now in LINE's table."""
    known = None if entry is None else entry.get("known") or before.get("known", "local")
    return known is None or (head["known"] == "documented" and known in ("local", "example"))


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


def _endings(rows: list[Row], country: str, catalog: Catalog) -> Iterator[str]:
    """Keys that end like those of another country than the one that was given."""
    other = columns.country_of([row.key for row in rows], catalog)
    if other not in (None, country):
        yield f"these keys end like those of {other}, and are written as keys of {country}"


def _totals(key_rows: KeyRows, country: str, catalog: Catalog) -> Iterator[str]:
    for kind, pagers in key_rows.pagers.items():
        totals = sorted({pager.total for pager in pagers})
        if len(totals) > 1:
            yield f"{kind}: the pages name different totals, {' and '.join(map(str, totals))}; the greatest counts"
        listing = catalog.country(country).listings[kind]
        if listing.total is not None and totals[-1] < listing.total:
            yield (
                f"{kind}: the page says {totals[-1]}, but LINE had {listing.total} on {listing.total_date}; if it shows the "
                "result of a search, set `complete` to false in the file"
            )


def _gaps(pagers: list[Pager], keys: int) -> str:
    """Which rows of a list are on none of its pages (`41-50, 61-70`), if the pages say of all the keys which rows they are."""
    next_row, gaps, shown = 1, [], 0
    for first, last in sorted((pager.first or 1, pager.last or 0) for pager in pagers):
        gaps += [_rows(next_row, first - 1)] if first > next_row else []
        shown += max(0, last + 1 - max(next_row, first))
        next_row = max(next_row, last + 1)
    total = max((pager.total for pager in pagers), default=0)
    gaps += [_rows(next_row, total)] if next_row <= total else []
    return ", ".join(gaps) if shown == keys else ""


def _rows(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


def _no_longer(content: dict[str, Any], country: str, catalog: Catalog) -> Iterator[str]:
    """Keys that LINE had once, and that a complete list lacks."""
    for kind in KINDS:
        listing = content.get(kind, {})
        known = catalog.country(country).listings[kind].keys.values()
        gone = [entry.key for entry in known if entry.known != "refused" and entry.key not in listing.get("keys", {})]
        if listing.get("complete") and gone:
            yield f"{kind}: this list is complete, and lacks {len(gone)} that pnpc's catalog has, such as `{gone[0]}`"


def _missing(content: dict[str, Any], key_rows: KeyRows, before: dict[str, Any]) -> Iterator[str]:
    """How many keys of each list there are now, and which rows of the page are missing."""
    for kind in KINDS:
        listing = content.get(kind)
        if listing is not None:
            total = listing.get("total")
            pagers = [] if listing["complete"] or kind in before else key_rows.pagers.get(kind, [])
            gaps = _gaps(pagers, len(listing["keys"]))
            of = f" of {total}" if total is not None else ""
            yield f"{kind}: {len(listing['keys'])}{of}{f'; not on these pages: {gaps}' if gaps else ''}"
