"""`pnpc catalog`: what is known of LINE's keys, and how it is known."""

import json
import os
from collections.abc import Iterator
from typing import Any

import click

from pnpc.cli.catalog.catalog_import import import_keys
from pnpc.cli.catalog.learn import learn
from pnpc.cli.common import CatalogOption, say
from pnpc.line.catalog import COUNTRIES, KINDS, Catalog, CatalogKey, KeyKind, Listing, near_keys
from pnpc.report.clean import visible
from pnpc.text.suggest import did_you_mean

HELP = """List, search, show, import and learn LINE's known keys of templates, items and buttons.

LINE publishes no machine-readable catalog: each list says how complete it is, each key how it is known:

\b
  documented  stands in LINE's table        verified  LINE took it when `pnpc verify` asked
  accepted    LINE answered 202 to it       example   is used in LINE's docs
  local       your own catalog says so      refused   LINE refused it

The team's own catalogs (`catalogs` in pnpc.toml) are part of it.
"""
_HELP_OPTIONS = {"help_option_names": ["-h", "--help"]}
_FORMAT = click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
_COUNTRY_NAMES = {"JP": "Japan", "TH": "Thailand", "TW": "Taiwan"}
_ARTICLES = {"templates": "a template", "items": "an item", "buttons": "a button"}
_LEAST_FUZZY = 3  # letters of a word for which near spellings are looked for
_CLAIM = ("known", "date", "account", "source", "note")  # what a catalog says of a key, beside its texts
_WORST = 75  # of 100: below it a near spelling does not count


@click.group("catalog", help=HELP, context_settings=_HELP_OPTIONS)
def command() -> None:
    """The group of catalog commands."""


command.add_command(import_keys)
command.add_command(learn)


def _complete_kind(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[Any]:
    from click.shell_completion import CompletionItem

    kinds = [kind for kind in KINDS if kind.startswith(incomplete)]
    return [*kinds, CompletionItem(incomplete, type="file")]


@command.command("list", context_settings=_HELP_OPTIONS)
@click.argument("words", metavar="[KIND] [PATHS]...", nargs=-1, shell_complete=_complete_kind)
@click.option("--country", type=click.Choice(COUNTRIES), help="Only this country's keys.")
@click.option(
    "--unknown", is_flag=True, help="The keys in the specs of PATHS (default: .) that LINE has not confirmed."
)
@_FORMAT
@CatalogOption
def list_keys(
    words: tuple[str, ...], country: str | None, unknown: bool, format_: str, catalogs: tuple[str, ...]
) -> None:
    """List the known keys, and how complete each list is; or the keys of your specs that are not confirmed.

    KIND is templates, items or buttons. A key is confirmed if it is known as documented, verified or accepted.

    \b
    Examples:
      pnpc catalog list
      pnpc catalog list buttons --country JP
      pnpc catalog list items --format json
      pnpc catalog list --unknown notifications/
    """
    kind = next((kind for kind in KINDS if words[:1] == (kind,)), None)
    paths = words[1:] if kind else words
    if unknown:
        from pnpc.cli.catalog.unknown import show as show_unknown

        show_unknown(paths or (".",), kind, country, format_, catalogs)
        return
    if paths:
        help = "; to list the keys that it uses, add --unknown" if os.path.exists(paths[0]) else ""
        raise click.UsageError(f"`{paths[0]}` is not a kind: {', '.join(KINDS)}{help}")
    catalog = _catalog(catalogs)
    chosen = [
        (code, name, catalog.country(code).listings[name])
        for code in ([country] if country else COUNTRIES)
        for name in ([kind] if kind else KINDS)
    ]
    if format_ == "json":
        click.echo(json.dumps([_listing_json(*listed) for listed in chosen], ensure_ascii=False, indent=2))
        return
    for index, (code, name, listing) in enumerate(chosen):
        if index and (listing.keys or chosen[index - 1][2].keys):
            click.echo()
        click.echo(f"{_COUNTRY_NAMES[code]}, {name}: {completeness(listing)}")
        if listing.keys:
            click.echo(_entries(list(listing.keys.values())), nl=False)


@command.command("search", context_settings=_HELP_OPTIONS)
@click.argument("word")
@_FORMAT
@CatalogOption
def search(word: str, format_: str, catalogs: tuple[str, ...]) -> None:
    """Search keys, labels, titles and notes of all countries, near spellings too.

    \b
    Examples:
      pnpc catalog search 配達
      pnpc catalog search reminder
    """
    matches = find(word, list(_every_entry(_catalog(catalogs))))
    if format_ == "json":
        click.echo(json.dumps([_known(entry) for entry in matches], ensure_ascii=False, indent=2))
    elif matches:
        click.echo(_entries(matches, kind=True), nl=False)
    if not matches:
        say(f"pnpc: no known key matches `{word}`; the lists are not complete (see `pnpc catalog list`)")
        raise click.exceptions.Exit(1)


def _complete(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    from pnpc.cli.project.known_keys import quietly

    return sorted({entry.key for entry in _every_entry(quietly().catalog) if entry.key.startswith(incomplete)})


@command.command("show", context_settings=_HELP_OPTIONS)
@click.argument("key", shell_complete=_complete)
@_FORMAT
@CatalogOption
def show(key: str, format_: str, catalogs: tuple[str, ...]) -> None:
    """Show all that is known of a key.

    \b
    Example:
      pnpc catalog show price_001_ja
    """
    entries = list(_every_entry(_catalog(catalogs)))
    matches = [entry for entry in entries if entry.key == key]
    if not matches:
        exist = [entry.key for entry in entries if entry.known != "refused"]
        hint = did_you_mean(near_keys(key, exist)) or "; it may exist all the same (see `pnpc catalog list`)"
        say(f"pnpc: the catalog holds no key `{key}`{hint}")
        raise click.exceptions.Exit(1)
    if format_ == "json":
        click.echo(json.dumps([_known(entry) for entry in matches], ensure_ascii=False, indent=2))
        return
    for index, entry in enumerate(matches):
        click.echo(("\n" if index else "") + _in_full(entry), nl=False)


def completeness(listing: Listing) -> str:
    """How complete a list is, in words."""
    when = f", as LINE said on {listing.total_date}" if listing.total_date else ""
    if listing.complete and listing.total in (None, listing.held):
        return f"all {listing.held}{when}"
    if listing.complete:
        return f"all {listing.total}{when}; {listing.held} are known, some of them perhaps no longer"
    if listing.total is not None:
        return f"{listing.held} of {listing.total}{when}"
    return f"{listing.held} known, total unknown" if listing.held else "none known, total unknown"


def find(word: str, entries: list[CatalogKey]) -> list[CatalogKey]:
    """The entries whose key or text holds a word; if there is none, those with a similar spelling, nearest first."""
    plain = word.casefold()
    exact = [entry for entry in entries if any(plain in text.casefold() for text in _texts(entry))]
    if exact or len(word) < _LEAST_FUZZY:
        return exact
    from pnpc.text.suggest import similarity

    scored = [(max(similarity(plain, text.casefold()) for text in _texts(entry) if text), entry) for entry in entries]
    kept = [(score, entry) for score, entry in scored if score >= _WORST]
    return [entry for _, entry in sorted(kept, key=lambda pair: -pair[0])][:10]


def _texts(entry: CatalogKey) -> tuple[str, ...]:
    return (entry.key, entry.label, entry.title, entry.description, entry.example, entry.note)


def _catalog(files: tuple[str, ...] = ()) -> Catalog:
    from pnpc.project.config import Given
    from pnpc.project.workspace import Workspace

    return Workspace(given=Given(files)).context(os.path.join(os.getcwd(), "spec.yaml")).catalog


def _every_entry(catalog: Catalog) -> Iterator[CatalogKey]:
    for code in COUNTRIES:
        for kind in KINDS:
            yield from catalog.country(code).listings[kind].keys.values()


def _entries(entries: list[CatalogKey], *, kind: bool = False) -> str:
    from pnpc.cli.table import table

    place = ("COUNTRY", "KIND") if kind else ()
    rows = [
        (
            visible(entry.key),
            *((entry.country, entry.kind.removesuffix("s")) if kind else ()),
            _standing(entry),
            _says(entry),
        )
        for entry in entries
    ]
    return table(("KEY", *place, "KNOWN", "SAYS"), rows)


def _standing(entry: CatalogKey) -> str:
    """How a key is known; of LINE's answers also the day."""
    if entry.was_answered or entry.known == "verified":
        return entry.claim
    return "refused: does not exist" if entry.known == "refused" else entry.known


def _says(entry: CatalogKey) -> str:
    if entry.label or entry.title:
        return visible(entry.label or entry.title)
    return visible(f"such as {entry.example}") if entry.example else ""


def _known(entry: CatalogKey) -> dict[str, Any]:
    """An entry without what is not known of it; `others` are the claims of other catalogs."""
    known = {name: value for name, value in entry._asdict().items() if value}
    if entry.others:
        known["others"] = [
            {name: getattr(claim, name) for name in _CLAIM if getattr(claim, name)} for claim in entry.others
        ]
    return known


def _listing_json(code: str, kind: KeyKind, listing: Listing) -> dict[str, Any]:
    head = {"country": code, "kind": kind, "complete": listing.complete, "held": listing.held, "total": listing.total}
    return {**head, "total_date": listing.total_date, "keys": [_known(entry) for entry in listing.keys.values()]}


def _in_full(entry: CatalogKey) -> str:
    from pnpc.text.width import padded

    kind = entry.kind.removesuffix("s")
    head = f"{visible(entry.key)}: {kind} for accounts of {_COUNTRY_NAMES[entry.country]}"
    if entry.known == "refused":
        head = f"{visible(entry.key)}: no {kind} of {_COUNTRY_NAMES[entry.country]}, LINE says that it does not exist"
    if entry.was_answered:
        head = f"{visible(entry.key)}: refused by LINE as {_ARTICLES[entry.kind]} of {_COUNTRY_NAMES[entry.country]}"
    unnamed = ("key", "kind", "country", "others")
    rest = [(name, value) for name, value in _known(entry).items() if name not in unnamed]
    rest += [("also", _claim(claim)) for claim in entry.others]
    width = max(len(name) for name, _ in rest)
    return head + "\n" + "".join(f"  {padded(name, width)}  {visible(value)}\n" for name, value in rest)


def _claim(entry: CatalogKey) -> str:
    """What another catalog says of a key, on one line."""
    account = f"by {entry.account}" if entry.account else ""
    return ", ".join(part for part in (entry.claim, account, entry.source, entry.note) if part)
