"""What the words of `pnpc push` name: payload files, the people of a first stage, the hours of a country."""

import os
from typing import Literal

from pnpc.cli.errors import CouldNotRun
from pnpc.deliver.sending.artifact import Artifact
from pnpc.deliver.sending.hours import BadHours, SendingHours, hours_of
from pnpc.deliver.sending.only import BadList, OnlyThese, only_these
from pnpc.line.catalog import Catalog
from pnpc.line.keylists.columns import country_of
from pnpc.project.files import shown


def demand_payloads(names: tuple[str, ...]) -> None:
    """Refuse what is no payload file by its name, and standard input twice: it can be read once."""
    for name in names:
        ending = os.path.splitext(name)[1].lower()
        if ending in (".yaml", ".yml"):
            raise CouldNotRun(f"{shown(name)} is a spec; add --recipients FILE")
        if ending in (".csv", ".tsv", ".parquet", ".xlsx"):
            raise CouldNotRun(f"{shown(name)} is a table; name the spec, and give the table with --recipients")
    if names.count("-") > 1:
        raise CouldNotRun("standard input (`-`) is named twice; it can be read once")


def country_of_recipients(artifact: Artifact, configured: str | None) -> str:
    """The country of the recipients: that of LINE's templates, by their keys, or the config's."""
    country = country_of(list(artifact.endings), Catalog(())) if artifact.endings else None
    if country is None and len(artifact.endings) > 1:
        raise CouldNotRun(
            "--hours is for recipients of one country, and these templates are of several; push them apart"
        )
    if country is None and configured is None:
        raise CouldNotRun("--hours needs the recipients' country; set `country` in pnpc.toml: JP, TH or TW")
    return country or configured or ""


def sending_hours(text: str, country: str, outside: Literal["wait", "stop"]) -> SendingHours:
    """The hours that --hours names. Raises CouldNotRun."""
    try:
        return hours_of(text, country, outside)
    except BadHours as error:
        raise CouldNotRun(str(error)) from None


def listed_people(file: str | None, artifact: Artifact, country: str | None) -> OnlyThese | None:
    """The people of a list. Its numbers are written as in the recipients' country."""
    if file is None:
        return None
    try:
        return only_these(file, artifact.kind, country or country_of(list(artifact.endings), Catalog(())))
    except BadList as error:
        raise CouldNotRun(str(error)) from None
