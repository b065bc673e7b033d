"""`pnpc verify --learn`: the keys that LINE took or refused, in a catalog file of the team."""

import os
from collections.abc import Iterator, Sequence
from typing import Any

from pnpc.cli.asking.report import LearnedKeys, VerifyReport
from pnpc.cli.catalog.catalog_import import catalog_in
from pnpc.cli.catalog.learn import LINE_SAYS, text_of
from pnpc.cli.errors import CouldNotRun
from pnpc.deliver.asking.variants import Variant
from pnpc.deliver.asking.verification import Answered
from pnpc.deliver.journal.timestamps import day, now
from pnpc.deliver.standing.learn import Key
from pnpc.line.catalog import CONFIRMED, Catalog, read
from pnpc.line.keylists.columns import country_of
from pnpc.line.service import api as line_api
from pnpc.project.config import ConfigError
from pnpc.project.files import CouldNotRead, shown
from pnpc.project.workspace import Workspace
from pnpc.text.surrogates import whole

_OURS = "pnpc verify"  # how a source begins that this command has written
_NOT_LINE = ", which is not LINE"  # how it ends where another address answered
_LINE_S = (*CONFIRMED, "refused")  # claims that are LINE's word


class Learner:
    """The catalog file that is added to. Made before anything is asked, so that what is wrong with it is said first."""

    def __init__(self, file: str, asked: Sequence[Variant], api: str) -> None:
        """`asked` are the messages that LINE will be asked about. Raises CouldNotRun."""
        if file == "-":
            raise CouldNotRun("--learn needs the name of a file")
        if not any(variant.keys for variant in asked):
            raise CouldNotRun("--learn is for messages of the template kind: others have no keys")
        self._file, self._api, self._country = file, api, _country(asked)
        self._read()

    def _read(self) -> None:
        """What the file holds now. Raises CouldNotRun, CouldNotRead, ConfigError."""
        self._content = catalog_in(self._file, self._country) or {"catalog": 1, "country": self._country}
        self._before = read(self._content)

    def keep(self, report: VerifyReport) -> VerifyReport:
        """The report, with what the file now holds of its answers."""
        account = next((str(fact.data["name"]) for fact in report.facts if fact.topic == "account" and fact.data), "")
        answered = _verdicts(report)
        if not answered:
            return report._replace(learned=LearnedKeys(self._file, 0, 0))
        try:
            self._read()  # questions take minutes: meanwhile another run, or a person, may have written the file
        except (CouldNotRun, CouldNotRead, ConfigError) as error:
            return report._replace(learned=LearnedKeys(self._file, 0, 0, failed=str(error)))
        verdicts = {key: says for key, says in answered.items() if self._may_replace(key)}
        entries = {key: self._entry(key, says, account) for key, says in verdicts.items()}
        refused = sum(says is not None for says in verdicts.values())
        learned = LearnedKeys(self._file, len(entries) - refused, refused, len(answered) - len(verdicts))
        if entries:
            failed = self._write(text_of(self._content, entries))
            learned = learned._replace(failed=failed, to_do="" if failed else self._to_do(entries))
        return report._replace(learned=learned)

    def _may_replace(self, key: Key) -> bool:
        """Whether the file's entry for a key may go: what LINE said is not replaced by what another address says."""
        entry = self._before.listings[key.kind].keys.get(key.key)
        is_line_s = entry is not None and entry.known in _LINE_S and not entry.source.endswith(_NOT_LINE)
        return self._api == line_api() or not is_line_s

    def _entry(self, key: Key, says: str | None, account: str) -> dict[str, Any]:
        """An entry with what LINE said; what a person wrote in it stays."""
        own: dict[str, Any] = self._content.get(key.kind, {}).get("keys", {}).get(key.key) or {}
        entry = {**own, "known": "verified" if says is None else "refused", "date": day(now())}
        entry["source"] = _source(own.get("source", ""), self._api)
        entry.pop("account", None)
        if account:
            entry["account"] = whole(account)
        if entry.get("note", "").startswith(LINE_SAYS):
            del entry["note"]
        if says is not None:
            entry["note"] = LINE_SAYS + whole(says)
        return entry

    def _write(self, text: str) -> str:
        """Why the file can't be written; empty if it was."""
        from pnpc.project.files import write

        try:
            os.makedirs(os.path.dirname(self._file) or ".", exist_ok=True)
            write(self._file, text.encode())
        except (OSError, ValueError) as error:
            return f"can't write {shown(self._file)}: {(getattr(error, 'strerror', None) or str(error)).lower()}"
        return ""

    def _to_do(self, entries: dict[Key, dict[str, Any]]) -> str:
        """What is missing before `pnpc check` knows of the file; or that it should not, where LINE was not asked."""
        if self._api != line_api():
            return f"{self._api} is not LINE: use this file to try it out, and do not commit it"
        catalog = Workspace().context(os.path.join(os.getcwd(), "spec.yaml")).catalog
        listings = catalog.country(self._content["country"]).listings
        key, entry = next(iter(entries.items()))
        known = listings[key.kind].keys.get(key.key)
        claims = (known, *known.others) if known is not None else ()
        if any((claim.known, claim.date) == (entry["known"], entry["date"]) for claim in claims):
            return ""
        return f'name the file in pnpc.toml, so that `pnpc check` reads it: catalogs = ["{shown(self._file)}"]'


def _country(asked: Sequence[Variant]) -> str:
    """The one country of the messages with keys; where a message names none, its keys must show it. Raises CouldNotRun."""
    with_keys = [variant for variant in asked if variant.keys]
    countries = {variant.country for variant in with_keys if variant.country}
    unnamed = [key.key for variant in with_keys if not variant.country for key in variant.keys]
    if unnamed:
        shown = country_of(unnamed, Catalog())
        if shown is None:
            raise CouldNotRun("cannot tell the country of these keys; set `country` in pnpc.toml or in the spec")
        countries.add(shown)
    if len(countries) > 1:
        raise CouldNotRun(
            f"--learn writes keys of one country, and these specs are of {' and '.join(sorted(countries))}"
        )
    return countries.pop()


def _verdicts(report: VerifyReport) -> dict[Key, str | None]:
    """LINE's words on each key, None where it took it; what it refused once is refused."""
    verdicts: dict[Key, str | None] = {}
    for key, says in _said(report):
        verdicts[key] = verdicts.get(key) or says
    return verdicts


def _said(report: VerifyReport) -> Iterator[tuple[Key, str | None]]:
    for answer in report.answers:
        if isinstance(answer, Answered):
            yield from answer.keys


def _source(before: str, api: str) -> str:
    ours = _OURS if api == line_api() else f"{_OURS} of {api}{_NOT_LINE}"
    if before and not before.startswith(_OURS):
        kept = before.partition(f"; {_OURS}")[0]
        return f"{kept}; {ours}"
    return ours
