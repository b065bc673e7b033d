"""What a program gives beside a text: a config, catalogs and fragments, from memory. No file is read."""

import json
import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pnpc.check.engine import Level
from pnpc.language.cases.parts import Fragment, NoFragment
from pnpc.language.message.context import Context
from pnpc.line.catalog import COUNTRIES, Catalog
from pnpc.project import config as configs
from pnpc.project.config import ConfigError
from pnpc.project.workspace import levels
from pnpc.text import toml
from pnpc.text.document import Document, Unreadable
from pnpc.text.finding import Diagnostic
from pnpc.text.nodes import compose
from pnpc.text.source import Source
from pnpc.text.wording import NameList, says

ConfigLike = Mapping[str, Any] | str
CatalogLike = Mapping[str, Any] | str
Fragments = Mapping[str, str | bytes]


class ConfigErrors(ValueError):
    """A config or a catalog with mistakes; `diagnostics` holds them."""

    def __init__(self, diagnostics: tuple[Diagnostic, ...]) -> None:
        super().__init__(diagnostics[0].message)
        self.diagnostics = diagnostics


class Settings(NamedTuple):
    """What holds for a text: what rules may know, each rule's severity, and each target's settings."""

    context: Context
    levels: dict[str, Level]
    targets: Mapping[str, Mapping[str, str]]


def read(
    name: str,
    country: str | None,
    config: ConfigLike | None,
    catalogs: Iterable[CatalogLike],
    fragments: Fragments | None,
) -> Settings:
    """The settings of a text that is called `name`. Raises ConfigErrors, and ValueError for what needs files."""
    if country is not None and country not in COUNTRIES:
        raise ValueError(f"no country {country!r}; there is {', '.join(COUNTRIES)}")
    try:
        tables, values = _values(config) if config is not None else ((), {})
        team = tuple(content for catalog in catalogs for content in configs.catalogs_of(_source("catalog", catalog)))
    except ConfigError as error:
        raise ConfigErrors(tuple(error.diagnostics)) from None
    if values.get("catalogs") and not team:
        raise ValueError("the config names files of `catalogs`: give their texts with catalogs=")
    if values.get("require-approval"):
        raise ValueError("`require-approval` needs the files beside a spec: leave it to `pnpc check`")
    context = Context(
        Catalog(team),
        country or values.get("country"),
        media_hosts=tuple(values.get("media-hosts", ())),
        fragments=_finder(fragments or {}),
    )
    severities = levels(values.get("select", ()), values.get("ignore", ()), tuple(values.get("severity", {}).items()))
    severities.update(_of_path(name, values.get("per-path", {})))
    return Settings(context, severities, {table: values[table] for table in tables})


def _values(config: ConfigLike) -> tuple[tuple[str, ...], dict[str, Any]]:
    source = _source("config", config)
    try:
        document = toml.read(source) if isinstance(config, str) else _document(source)
    except Unreadable as error:
        raise configs.config_error(source, [error.finding], None) from None
    return configs.values(source, document)


def _source(kind: str, given: Mapping[str, Any] | str) -> Source:
    if isinstance(given, str):
        return Source(f"<{kind}>", given)
    try:
        return Source(f"<{kind}>.json", json.dumps(given, ensure_ascii=False))
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"the {kind} must hold values of JSON: {error}") from None


def _document(source: Source) -> Document:
    return next(iter(compose(source)))


def _of_path(name: str, patterns: Mapping[str, list[str]]) -> Iterator[tuple[str, Level]]:
    """The rules that `per-path` turns off for a name."""
    if patterns:
        from pnpc.project.patterns import compiled  # few configs have patterns
        from pnpc.project.workspace import off

        for pattern, words in patterns.items():
            if compiled([pattern]).match_file(name):
                yield from off(words).items()


def _finder(fragments: Fragments) -> Callable[[str, str], Fragment]:
    """Fragments by their names, to which paths are relative as between files. Raises NoFragment."""
    known = {posixpath.normpath(name): content for name, content in fragments.items()}

    def find(file: str, path: str) -> Fragment:
        name = posixpath.normpath(posixpath.join(posixpath.dirname(file), path))
        content = known.get(name)
        if content is None:
            message = says("there is no fragment `{name}`", name=name)
            help = says("given are {names}", names=NameList(known)) if known else says("give it with fragments=")
            raise NoFragment(message, help)
        return Fragment(name, name, content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content)

    return find
