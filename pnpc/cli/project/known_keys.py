"""The keys that a project's catalogs know, for `pnpc new` and the completion of its words."""

import os
from collections.abc import Sequence
from typing import NamedTuple

from pnpc.cli.errors import CouldNotRun
from pnpc.line.catalog import COUNTRIES, Catalog, CatalogKey, KeyKind, near_keys
from pnpc.text.suggest import did_you_mean

_SHORTEST = 3  # letters of a part of a key that is looked for


class Project(NamedTuple):
    """What `new` knows of the project: its catalogs, and its country if the config names one."""

    catalog: Catalog
    country: str | None


def project_here(catalogs: tuple[str, ...] = ()) -> Project:
    """The project of the current folder, with more catalogs. Raises ConfigError, CouldNotRead."""
    from pnpc.project.config import Given
    from pnpc.project.workspace import Workspace

    settings = Workspace(given=Given(catalogs)).settings(os.path.join(os.getcwd(), "spec.yaml"))
    return Project(settings.context.catalog, settings.config.country)


def quietly() -> Project:
    """The project for completions, which say nothing of a config with mistakes."""
    from pnpc.project.config import ConfigError
    from pnpc.project.files import CouldNotRead

    try:
        return project_here()
    except (ConfigError, CouldNotRead):
        return Project(Catalog(), None)


def entries(project: Project, kind: KeyKind, *, refused: bool = False) -> list[CatalogKey]:
    """The known keys of a kind: those of the project's country, or of all countries if it names none."""
    return [
        entry
        for code in ((project.country,) if project.country else COUNTRIES)
        for entry in project.catalog.country(code).listings[kind].keys.values()
        if refused or entry.known != "refused"
    ]


def known(key: str, kind: KeyKind, project: Project, ready: Sequence[str] = ()) -> CatalogKey:
    """What the catalogs say of a key. Raises CouldNotRun for one that is not known, or refused, or a key of two countries.

    `ready` are keys that are known elsewhere: they are suggested, too.
    """
    found_entries = [entry for entry in entries(project, kind, refused=True) if entry.key == key]
    if not found_entries:
        elsewhere = [entry for entry in entries(project._replace(country=None), kind) if entry.key == key]
        if elsewhere and project.country:
            raise CouldNotRun(f"`{key}` is a key of {elsewhere[0].country}, and `country` is {project.country}")
        raise CouldNotRun(_unknown(key, kind, project, ready))
    entry, *others = found_entries
    if entry.known == "refused":
        raise CouldNotRun(f"LINE refused {kind.removesuffix('s')} `{key}`{f' on {entry.date}' if entry.date else ''}")
    if others:
        codes = " and ".join(entry.country for entry in found_entries)
        raise CouldNotRun(f"`{key}` is a key of {codes}; set `country` in pnpc.toml")
    return entry


def _unknown(key: str, kind: KeyKind, project: Project, ready: Sequence[str]) -> str:
    names = list(dict.fromkeys([*ready, *(entry.key for entry in entries(project, kind))]))
    holding = [name for name in names if len(key) >= _SHORTEST and key in name]
    close = did_you_mean(near_keys(key, names) or holding[:3])
    what = "no starter spec for" if kind == "templates" else f"no catalog has the {kind.removesuffix('s')}"
    return f"{what} `{key}`{close or ('; see `pnpc new --list`' if kind == 'templates' else f'; see `pnpc catalog list {kind}`')}"
