"""`pnpc catalog learn`: keys that LINE accepted or refused, from journals into a catalog file of the team."""

import json
import os
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from pnpc.cli.catalog.catalog_import import catalog_in
from pnpc.cli.common import say, write
from pnpc.cli.errors import CouldNotRun
from pnpc.cli.journals import by_variable, chosen
from pnpc.deliver.journal.timestamps import day
from pnpc.line.catalog import ANSWERED, COUNTRIES, KINDS, Catalog, CatalogKey
from pnpc.project.journals import one_address, resolved

if TYPE_CHECKING:
    from pnpc.deliver.standing.learn import Key, Lesson

HELP = """Learn keys from LINE's answers: messages that it accepted, and keys that it says do not exist.

Reads the journals of `pnpc push` and adds to a catalog file (JSON) what is new; existing entries stay. Only answers of
LINE itself count: those of an emulator are left out.

\b
Examples:
  pnpc catalog learn                               from the project's journal
  pnpc catalog learn --journal a.journal.db --journal b.journal.db -o catalogs/learned-jp.json

Name the file in pnpc.toml: catalogs = ["catalogs/learned-jp.json"].
"""
_OURS = "LINE's answers to "  # how a source begins that this command has written
LINE_SAYS = "LINE: "  # and a note


class EntryChange(NamedTuple):
    """A lesson, what the catalog said before, and the entry as it is written; None if it is only shown."""

    lesson: "Lesson"
    before: CatalogKey | None
    entry: dict[str, Any] | None
    says: str


@click.command("learn", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--journal", "journals", metavar="FILE|URL", multiple=True, help="The journal of a push; by default the project's."
)
@click.option(
    "-o", "--output", metavar="FILE", help="The catalog file, JSON; by default catalogs/learned-COUNTRY.json."
)
@click.option(
    "--country", type=click.Choice(COUNTRIES), help="The account's country. Default: read from the keys' endings."
)
@click.option(
    "--api-url", metavar="URL", default="https://api.line.me", show_default=True, help="The API whose answers count."
)
def learn(journals: tuple[str, ...], output: str | None, country: str | None, api_url: str) -> int:
    """Write the catalog file; gives the exit code."""
    from pnpc.cli.project.new import put
    from pnpc.project.workspace import Workspace

    by_key = _lessons(journals or (chosen(by_variable()),), one_address(api_url))
    if not by_key:
        say("pnpc: nothing to learn: LINE has answered no message of the template kind")
        return 0
    settings = Workspace().settings(os.path.join(os.getcwd(), "spec.yaml"))
    code = country or settings.config.country or country_of_keys([key.key for key in by_key])
    file = output or f"catalogs/learned-{code.lower()}.json"
    content = catalog_in(file, code) or {"catalog": 1, "country": code}
    changes = list(_changes(by_key, content, settings.context.catalog))
    write(_text(changes, len(by_key)))
    if any(change.entry for change in changes):
        entries = {change.lesson.key: change.entry for change in changes if change.entry is not None}
        put(file, text_of(content, entries), force=True)
    return 0


def _lessons(names: tuple[str, ...], api: str) -> "dict[Key, list[Lesson]]":
    """What all the journals teach, by key."""
    from pnpc.compile.targets import TARGETS
    from pnpc.deliver import opening
    from pnpc.deliver.journal.records import JournalFailed
    from pnpc.deliver.journal.soundness import NotAJournal
    from pnpc.deliver.standing.learn import added_up, lessons

    learned: list[Lesson] = []
    for name in dict.fromkeys(resolved(journal) for journal in names):
        try:
            with opening.read(name) as journal, journal.snapshot():
                teaching = [run for run in journal.runs() if run.target in TARGETS and TARGETS[run.target].teaches]
                if not any(run.api == api for run in teaching):
                    raise CouldNotRun(f"{journal.name} has no answers of {api}, and only those count")
                learned += lessons(journal, api)
        except (NotAJournal, JournalFailed) as error:
            raise CouldNotRun(str(error)) from None
    return added_up(learned)


def country_of_keys(keys: list[str]) -> str:
    """The country whose keys have these endings. Raises CouldNotRun where they do not tell."""
    from pnpc.line.keylists.columns import country_of

    country = country_of(keys, Catalog())
    if country is None:
        raise CouldNotRun("cannot tell the country from these keys; add --country JP|TH|TW")
    return country


def _changes(by_key: "Mapping[Key, list[Lesson]]", content: dict[str, Any], catalog: Catalog) -> Iterator[EntryChange]:
    """What is new, against the file that is written to, and all else that is known."""
    listings = catalog.country(content["country"]).listings
    for (kind, key), verdicts in by_key.items():
        lesson = verdicts[-1]
        own: dict[str, Any] | None = content.get(kind, {}).get("keys", {}).get(key)
        before = listings[kind].keys.get(key)
        known = (own or {}).get("known") or (content.get("known", "local") if own is not None else None)
        known = known or (before.known if before is not None else None)
        answered = own.get("date", content.get("date", "")) if own is not None else before.date if before else ""
        if known in ANSWERED and answered > day(lesson.last):
            continue
        change = _change(lesson, known, own)
        if change is None:
            continue
        entry, says = change
        if len(verdicts) > 1:
            says += f"; {'accepted' if lesson.says else 'refused'} before, until {day(verdicts[0].last)}"
        yield EntryChange(lesson, before, entry, says)


def _change(
    lesson: "Lesson", known: str | None, own: dict[str, Any] | None
) -> tuple[dict[str, Any] | None, str] | None:
    """The entry that a lesson makes of one that is there, and what to say; None if it is nothing new."""
    verdict = "refused" if lesson.says else "accepted"
    if known is None:
        return _entry(lesson, verdict, {}), "new"
    if known == verdict:
        is_older = own is None or not own.get("source", "").startswith(_OURS) or own.get("date", "") >= day(lesson.last)
        return None if is_older else (_entry(lesson, verdict, own or {}), "seen again")
    if verdict == "accepted" and known in ("documented", "verified", "example"):
        return None
    if known in ("documented", "example"):
        return None, f"the catalog has it as {known}: perhaps this account may not use it; not written"
    return _entry(lesson, verdict, own or {}), f"was {known}"


def _entry(lesson: "Lesson", verdict: str, own: dict[str, Any]) -> dict[str, Any]:
    """An entry with what was learnt; what a person wrote in it stays."""
    first, last = day(lesson.first), day(lesson.last)
    days = last if first == last else f"{first} to {last}"
    ours = f"{_OURS}{lesson.messages:,} {'message' if lesson.messages == 1 else 'messages'}, {days}"
    entry = {**own, "known": verdict, "date": last}
    entry.pop("account", None)  # a journal does not know the account's name
    if own.get("source") and not own["source"].startswith(_OURS):
        ours = f"{own['source']}; {ours}"
    entry["source"] = ours
    if entry.get("note", "").startswith(LINE_SAYS):
        del entry["note"]
    if lesson.says and "note" not in entry:
        entry["note"] = f"{LINE_SAYS}{lesson.says}"
    return entry


def _text(changes: list[EntryChange], known: int) -> str:
    """What is new, for people."""
    from pnpc.cli.table import table

    rows = [
        (
            change.lesson.key.kind.removesuffix("s"), change.lesson.key.key,
            "refused" if change.lesson.says else "accepted", f"{change.lesson.messages:>8,}", day(change.lesson.last),
            change.says,
        )
        for change in changes
    ]  # fmt: skip
    left = known - len(rows)
    text = table(("KIND", "KEY", "LINE", "MESSAGES", "LAST", ""), rows) if rows else ""
    return text + (f"{left:,} {'key' if left == 1 else 'keys'} with nothing new\n" if left else "")


def text_of(content: dict[str, Any], entries: "Mapping[Key, dict[str, Any]]") -> str:
    """The text of a catalog file with these entries beside its own, or instead of them."""
    for key, entry in entries.items():
        listing = content.setdefault(key.kind, {})
        listing.setdefault("keys", {})[key.key] = entry
    ordered = {name: value for name, value in content.items() if name not in KINDS}
    ordered |= {kind: content[kind] for kind in KINDS if kind in content}
    return json.dumps(ordered, ensure_ascii=False, indent=1) + "\n"
