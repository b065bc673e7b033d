"""What the words of `pnpc push` name: payload files, the people of a first stage, the hours of a country."""

import os
from collections.abc import Sequence
from typing import Literal

from pnpc.cli.errors import CouldNotRun
from pnpc.compile.targets import Target
from pnpc.deliver.sending.artifact import Artifact
from pnpc.deliver.sending.hours import BadHours, SendingHours, hours_of
from pnpc.deliver.sending.only import BadList, OnlyThese, only_these
from pnpc.line.catalog import Catalog
from pnpc.line.keylists.columns import country_of
from pnpc.project.config import Config
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


def country_of_recipients(artifact: Artifact, configs: Sequence[Config]) -> str | None:
    """The country of the recipients: that of LINE's templates, by their keys; where these name none, that of the first config
    that has one. None if nothing names it, or the templates are of several countries."""
    countries = _countries_of_templates(artifact)
    if not countries:
        return next((config.country for config in configs if config.country is not None), None)
    return countries.pop() if len(countries) == 1 else None


def _countries_of_templates(artifact: Artifact) -> set[str]:
    named = {country_of([ending], Catalog(())) for ending in artifact.endings}
    return {country for country in named if country is not None}


def sending_hours(
    text: str, artifact: Artifact, configs: Sequence[Config], outside: Literal["wait", "stop"]
) -> SendingHours:
    """The hours that --hours names, in the recipients' country. Raises CouldNotRun."""
    country = country_of_recipients(artifact, configs)
    if country is None and _countries_of_templates(artifact):
        raise CouldNotRun(
            "--hours is for recipients of one country, and these templates are of several; push them apart"
        )
    if country is None:
        raise CouldNotRun("--hours needs the recipients' country; set `country` in pnpc.toml: JP, TH or TW")
    try:
        return hours_of(text, country, outside)
    except BadHours as error:
        raise CouldNotRun(str(error)) from None


def lists_of_people(named: str | None, configs: Sequence[Config]) -> list[str]:
    """The files of the list that the command names; else of each config that has one: the project's own, whatever a run is
    compiled with, and the one for compiling."""
    files = [named] if named is not None else [config.only for config in configs if config.only is not None]
    return list({os.path.abspath(file): file for file in files}.values())


def listed_people(files: Sequence[str], kind: type[Target], country: str | None) -> OnlyThese | None:
    """Those who are on each of some lists, whose numbers are written as in a country; None where there is no list. Raises
    CouldNotRun, CouldNotRead."""
    try:
        lists = [only_these(file, kind, country) for file in files]
    except BadList as error:
        raise CouldNotRun(str(error)) from None
    if not lists:
        return None
    names = " and ".join(listed.file for listed in lists)
    return OnlyThese(names, frozenset.intersection(*(listed.people for listed in lists)))
