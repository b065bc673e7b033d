"""What holds for a file: the catalog and country of its config, and which rules are on."""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from pnpc import rules
from pnpc.check import engine
from pnpc.check.amount import MAX_FINDINGS
from pnpc.check.engine import Level
from pnpc.check.reading import Checked
from pnpc.language.message.context import Context
from pnpc.line.catalog import Catalog
from pnpc.line.grammar import allowance
from pnpc.project import config as configs
from pnpc.project.approvals import beside
from pnpc.project.config import Config, Given
from pnpc.project.patterns import below, compiled
from pnpc.rules.listing import ALL
from pnpc.text.source import Source

if TYPE_CHECKING:
    from pnpc.language.cases.parts import Fragment
    from pnpc.project.patterns import Patterns


class FolderSettings(NamedTuple):
    """A config made ready: what rules may know, and each rule's severity (None: off; not named: its own)."""

    config: Config
    context: Context
    levels: dict[str, Level]
    per_path: tuple[tuple["Patterns", dict[str, Level]], ...]
    include: "Patterns | None"
    exclude: "Patterns | None"


_NOTHING = Given()


class Workspace:
    """The settings of any file, each config read once.

    `config`: this file instead of the nearest one; `isolated`: no config at all. `select` and `ignore` are words of
    the command line: they stand above the config's; `given` are files of it. Raises ConfigError and CouldNotRead, here or later.
    """

    def __init__(
        self,
        config: str | None = None,
        isolated: bool = False,
        select: Sequence[str] = (),
        ignore: Sequence[str] = (),
        given: Given = _NOTHING,
    ) -> None:
        allowance.begin()  # a workspace is made for a run
        self._select = tuple(select)
        self._ignore = tuple(ignore)
        self._given = given
        self._folders: dict[str, FolderSettings] = {}
        self._configs: dict[str, str] = {}
        self._files: dict[str, FolderSettings] = {}
        self._fixed: FolderSettings | None = None
        if config is not None:
            self._fixed = self._ready(configs.load(config, self._given, named=True))
        elif isolated:
            self._fixed = self._ready(self._none())

    def settings(self, file: str) -> FolderSettings:
        """The settings of a file, which need not exist."""
        if self._fixed is not None:
            return self._fixed
        folder = os.path.dirname(file)
        known = self._folders.get(folder)
        if known is None:
            known = self._folders[folder] = self._nearest(os.path.abspath(folder))
        return known

    def context(self, file: str) -> Context:
        """What rules may know about a file: its country and catalog."""
        return self.settings(file).context

    def check(self, source: Source, *, named: bool = True, keep: bool = False) -> Checked:
        """Check a source under the settings of its name (see `pnpc.check.engine.check`)."""
        settings = self.settings(source.name)
        levels = self.levels(source.name) if settings.per_path else settings.levels
        most = None if self._has_baseline(settings) else MAX_FINDINGS
        return engine.check(source, settings.context, levels, named=named, most=most, keep=keep)

    def has_baseline(self, file: str) -> bool:
        """Whether the findings of a file are held against a baseline, which knows them one by one."""
        return self._has_baseline(self.settings(file))

    def _has_baseline(self, settings: FolderSettings) -> bool:
        return self._given.baseline is not None or settings.config.baseline is not None

    def levels(self, file: str) -> dict[str, Level]:
        """Each rule's severity in a file: the config's and the command line's word, then `per-path`."""
        settings = self.settings(file)
        if not settings.per_path:
            return settings.levels
        path = below(os.path.abspath(file), settings.config.root)
        levels = dict(settings.levels)
        for pattern, off in settings.per_path:
            if pattern.match_file(path):
                levels.update(off)
        return levels

    def _nearest(self, folder: str) -> FolderSettings:
        file = self._config_of(folder)
        if file not in self._files:
            self._files[file] = self._ready(configs.load(file, self._given) if file else self._none())
        return self._files[file]

    def _none(self) -> Config:
        """The settings of a folder without a config."""
        return configs.with_catalogs(Config(os.getcwd()), self._given.catalogs)

    def _config_of(self, folder: str) -> str:
        """The config that holds for a folder: its own, or that of the nearest one above; empty if there is none."""
        passed = []
        while folder not in self._configs:  # each folder is asked once, however deep they are nested
            passed.append(folder)
            config, parent = configs.inside(folder), os.path.dirname(folder)
            if config or parent == folder:
                self._configs[folder] = config or ""
            else:
                folder = parent
        self._configs.update(dict.fromkeys(passed, self._configs[folder]))
        return self._configs[folder]

    def _ready(self, config: Config) -> FolderSettings:
        context = Context(Catalog(config.catalogs), config.country, beside, config.media_hosts, fragment)
        select = self._select or config.select
        # First, so that a severity that the team gives this very rule stands above it.
        required = (("unapproved-layout", "error"),) if config.require_approval else ()
        severity = (*required, *config.severity)
        return FolderSettings(
            config,
            context,
            levels(select, (*config.ignore, *self._ignore), severity),
            tuple((compiled([pattern]), off(words)) for pattern, words in config.per_path),
            compiled(config.include) if config.include else None,
            compiled(config.exclude) if config.exclude else None,
        )


def fragment(file: str, path: str) -> "Fragment":
    """A file that a spec includes. Raises NoFragment."""
    from pnpc.project.fragments import beside  # most specs include none

    return beside(file, path)


def off(words: Sequence[str]) -> dict[str, Level]:
    """The rules that words of `per-path` turn off."""
    return {name: None for word in words for name in rules.names(word) if name not in rules.ALWAYS_ON}


def levels(select: Sequence[str], ignore: Sequence[str], severity: Sequence[tuple[str, str]]) -> dict[str, Level]:
    """Which rules are off or have another severity. A longer word is more exact and wins; of equals, `ignore` does.

    What can't be read and certain media stay on, whatever is selected.
    """
    levels: dict[str, Level] = {}
    for word, level in sorted(severity, key=lambda pair: _weight(pair[0])):
        for name in rules.names(word):
            levels[name] = None if level == "off" else "error" if level == "error" else "warning"
    if not select and not ignore:
        return _allowed(levels)
    chosen = _weights(select)
    refused = _weights(ignore)
    for listed in ALL:
        wanted = chosen.get(listed.name, 0) if select else 1
        if refused.get(listed.name, 0) >= wanted:
            levels[listed.name] = None
    return _allowed(levels)


def _allowed(levels: dict[str, Level]) -> dict[str, Level]:
    """Severities without those that no config can give."""
    return {
        name: level
        for name, level in levels.items()
        if name not in rules.CERTAIN_MEDIA and (level or name not in rules.UNREADABLE)
    }


def _weight(word: str) -> int:
    return 100 if rules.known(word) else len(word)


def _weights(words: Sequence[str]) -> dict[str, int]:
    weights: dict[str, int] = {}
    for word in words:
        for name in rules.names(word):
            weights[name] = max(weights.get(name, 0), _weight(word))
    return weights
