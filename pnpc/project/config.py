"""The config: the nearest pnpc.toml or [tool.pnpc], checked by its schema, every mistake at its place."""

import os
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

from pnpc import rules
from pnpc.check.engine import diagnose
from pnpc.line.grammar import compiler
from pnpc.line.grammar.schema import load as schema_of
from pnpc.project import own_files
from pnpc.project.files import CouldNotRead, read
from pnpc.project.inside import is_database, is_inside, is_other_database, leads_out
from pnpc.text.document import Document, Unreadable
from pnpc.text.finding import Diagnostic, Finding, Place
from pnpc.text.members import members
from pnpc.text.nodes import compose
from pnpc.text.source import Source
from pnpc.text.suggest import did_you_mean, near
from pnpc.text.tree import Tree
from pnpc.text.values import construct
from pnpc.text.wording import says

NAMES = ("pnpc.toml", "pyproject.toml")

_NAME_IT = says("--catalog FILE takes any file")


class ConfigError(Exception):
    """A config that can't be used; its diagnostics, and the texts that they stand in."""

    def __init__(self, diagnostics: list[Diagnostic], sources: dict[str, Source]) -> None:
        super().__init__(diagnostics, sources)  # both, so that a worker can send it through a pipe
        self.diagnostics = diagnostics
        self.sources = sources


class Config(NamedTuple):
    """A project's settings; `root` is the folder that its patterns are relative to, `file` None if there is no config;
    `targets` are the settings of each target that has a table."""

    root: str
    file: str | None = None
    country: str | None = None
    catalogs: tuple[dict[str, Any], ...] = ()
    media_hosts: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: tuple[tuple[str, str], ...] = ()
    per_path: tuple[tuple[str, tuple[str, ...]], ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    respect_gitignore: bool = True
    fail_on: str = "error"
    baseline: str | None = None
    journal: str | None = None
    only: str | None = None
    require_approval: bool = False
    targets: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()


def inside(folder: str) -> str | None:
    """The config that stands in a folder itself. A pyproject.toml counts if it says tool.pnpc. Raises CouldNotRead."""
    own, shared = (os.path.join(folder, name) for name in NAMES)
    if os.path.lexists(own):
        return own
    return shared if os.path.isfile(shared) and b"[tool.pnpc" in read(shared) else None


class Given(NamedTuple):
    """The files that the command line names in addition to the config: catalogs, which are added; the baseline and the
    journal, which stand above the config's."""

    catalogs: tuple[str, ...] = ()
    baseline: str | None = None
    journal: str | None = None


_NOTHING = Given()


def load(file: str, given: Given = _NOTHING, *, named: bool = False) -> Config:
    """Read and check a config file. `given` are other files of the command line; `named`: the config is one of them.

    Raises ConfigError, CouldNotRead.
    """
    from pnpc.text import toml  # a run without a config reads no TOML

    if not named and os.path.islink(file) and not is_inside(file, os.path.dirname(file)):
        raise CouldNotRead(f"{shown(file)} is a link that leads out of its folder; --config FILE accepts it")
    source = own_files.source(file, shown(file))
    table = ("tool", "pnpc") if os.path.basename(file) == "pyproject.toml" else ()
    try:
        document = toml.read(source, table)
    except Unreadable as error:
        raise config_error(source, [error.finding], None) from None
    tables, data = values(source, document)
    root = os.path.dirname(os.path.abspath(file))
    tree = Tree(document)
    findings = list(_outside(root, data, given))
    if findings:
        raise config_error(source, findings, tree)
    config = Config(
        root=root,
        file=file,
        country=data.get("country"),
        catalogs=_catalogs(root, data.get("catalogs", []), source, tree),
        media_hosts=tuple(data.get("media-hosts", ())),
        select=tuple(data.get("select", ())),
        ignore=tuple(data.get("ignore", ())),
        severity=tuple(data.get("severity", {}).items()),
        per_path=tuple((pattern, tuple(words)) for pattern, words in data.get("per-path", {}).items()),
        include=tuple(data.get("include", ())),
        exclude=tuple(data.get("exclude", ())),
        respect_gitignore=data.get("respect-gitignore", True),
        fail_on=data.get("fail-on", "error"),
        baseline=os.path.join(root, data["baseline"]) if "baseline" in data else None,
        journal=_journal(root, data),
        only=os.path.join(root, data["only"]) if "only" in data else None,
        require_approval=data.get("require-approval", False),
        targets=tuple((name, tuple(data[name].items())) for name in tables),
    )
    return with_catalogs(config, given.catalogs)


def values(source: Source, document: Document) -> tuple[tuple[str, ...], dict[str, Any]]:
    """What a config says, and which of its keys are tables of targets. Raises ConfigError, with every mistake in it."""
    tables = tuple(name for name in members(document.root) if name not in schema_of("config")["properties"])
    findings = _with_tables(document) if tables else compiler.check("config", document, expressions=False)
    data: dict[str, Any] = construct(document.root) or {}
    if not findings:
        findings = list(_wrong_words(data))
    if findings:
        raise config_error(source, findings, Tree(document))
    return tables, data


def _with_tables(document: Document) -> list[Finding]:
    """The mistakes in a config with keys that are not pnpc's own: tables of targets, or mistakes."""
    from pnpc.project import config_schema  # few configs have such keys

    return config_schema.check(document)


def shown(file: str) -> str:
    """A file's name as people called it: relative to where they are, if it is below."""
    relative = os.path.relpath(file)
    return file if relative.startswith("..") else relative


def with_catalogs(config: Config, files: Sequence[str]) -> Config:
    """A config with the catalogs of some files added to its own. Raises ConfigError, CouldNotRead."""
    return config._replace(
        catalogs=(*config.catalogs, *(catalog for file in files for catalog in catalogs_of(own_files.source(file))))
    )


def _outside(root: str, data: dict[str, Any], given: Given) -> Iterator[Finding]:
    """Paths that lead out of the project, but for catalogs that the command line names as well."""
    help = says("paths in a config stay inside its folder, {folder}", folder=shown(root))
    for index, pattern in enumerate(data.get("catalogs", ())):
        if leads_out(pattern, root) and not _is_named(os.path.join(root, pattern), given.catalogs):
            message = says("`{pattern}` leads out of the project", pattern=pattern)
            yield Finding(Place(("catalogs", index)), message, says("{help}; {other}", help=help, other=_NAME_IT))
    if "baseline" in data and given.baseline is None and leads_out(data["baseline"], root):
        message = says("`{name}` leads out of the project", name=data["baseline"])
        yield Finding(Place(("baseline",)), message, says("{help}; --baseline FILE takes any file", help=help))
    journal = data.get("journal", "")
    if is_database(journal):
        if ":" in journal.partition("://")[2].rpartition("@")[0] or "password=" in journal:
            message = says("`journal` holds a password, which everybody who has the config can read")
            yield Finding(Place(("journal",)), message, says("use PGPASSWORD, or the file ~/.pgpass"))
    elif is_other_database(journal):
        message = says("`journal` is neither a file nor a URL of PostgreSQL")
        yield Finding(Place(("journal",)), message, says("write postgresql://HOST/DATABASE"))
    elif "journal" in data and given.journal is None and leads_out(journal, root):
        message = says("`{name}` leads out of the project", name=journal)
        other = says("{help}; --journal FILE and the variable PNPC_JOURNAL take any file", help=help)
        yield Finding(Place(("journal",)), message, other)
    if "only" in data and leads_out(data["only"], root):
        yield Finding(Place(("only",)), says("`{name}` leads out of the project", name=data["only"]), help)


def _journal(root: str, data: dict[str, Any]) -> str | None:
    """The journal that a config names: a file beside it, or a URL."""
    name: str | None = data.get("journal")
    return name if name is None or is_database(name) else os.path.join(root, name)


def _is_named(pattern: str, files: Sequence[str]) -> bool:
    """Whether the command line names a file that a pattern means."""
    wanted = os.path.normpath(pattern)
    return any(fnmatchcase(os.path.abspath(file), wanted) for file in files)


def config_error(source: Source, findings: Sequence[Finding], tree: Tree | None) -> ConfigError:
    """The error that says what is wrong with a config or a catalog."""
    ours = [finding._replace(rule="bad-config", fix=None) for finding in findings]
    diagnostics = [diagnose(source, finding, tree, {}) for finding in ours]
    return ConfigError(diagnostics, {source.name: source})


def _wrong_words(data: dict[str, Any]) -> Iterator[Finding]:
    """Rules that do not exist, or that no config can turn off: else each would be on, or off, in silence."""
    listed: list[tuple[str, Place, str]] = []
    for key, severity in (("select", "error"), ("ignore", "off")):
        listed += [(word, Place((key, index)), severity) for index, word in enumerate(data.get(key, []))]
    listed += [(word, Place(("severity", word), "key"), given) for word, given in data.get("severity", {}).items()]
    for pattern, words in data.get("per-path", {}).items():
        listed += [(word, Place(("per-path", pattern, index)), "off") for index, word in enumerate(words)]
    yield from _wrong_patterns(data)
    for word, place, severity in listed:
        if not rules.names(word):
            yield Finding(
                place,
                says("no rule `{word}`{meant}", word=word, meant=did_you_mean(near(word, rules.words()))),
                says("`pnpc rules` lists them"),
            )
        elif (reason := rules.fixed(word, severity)) is not None:
            yield Finding(place, reason, rules.fixed_help(word))


def _wrong_patterns(data: dict[str, Any]) -> Iterator[Finding]:
    listed = [
        (pattern, Place((key, index)))
        for key in ("include", "exclude")
        for index, pattern in enumerate(data.get(key, []))
    ]
    listed += [(pattern, Place(("per-path", pattern), "key")) for pattern in data.get("per-path", {})]
    if listed:
        from pnpc.project.patterns import is_pattern  # only a config with patterns needs it

        for pattern, place in listed:
            if not is_pattern(pattern):
                yield Finding(
                    place,
                    says("`{pattern}` is not a pattern", pattern=pattern),
                    says("patterns are written as in .gitignore"),
                )


def _catalogs(root: str, patterns: list[str], source: Source, tree: Tree) -> tuple[dict[str, Any], ...]:
    if not patterns:
        return ()
    from pnpc.project.globs import MOST_ENTRIES, TooMuch, files  # only a config with catalogs needs it

    catalogs: list[dict[str, Any]] = []
    for index, pattern in enumerate(patterns):
        message = says("no file matches `{pattern}`", pattern=pattern)
        if leads_out(pattern, root):
            continue  # the command line names it
        try:
            names = files(root, pattern)
        except TooMuch:
            names = []
            message = says(
                "`{pattern}` makes pnpc look at more than {limit:,} files", pattern=pattern, limit=MOST_ENTRIES
            )
        if not names:
            raise config_error(source, [Finding(Place(("catalogs", index)), message)], tree)
        for name in names:
            if not is_inside(name, root):
                message = says("`{name}` is a link that leads out of the project", name=os.path.relpath(name, root))
                raise config_error(source, [Finding(Place(("catalogs", index)), message, _NAME_IT)], tree)
            catalogs += catalogs_of(own_files.source(name))
    return tuple(catalogs)


def catalogs_of(source: Source) -> list[dict[str, Any]]:
    """The catalogs in a text. Raises ConfigError."""
    documents: list[Document] = []
    try:
        documents = list(compose(source))
    except Unreadable as error:
        raise config_error(source, [error.finding], None) from None
    for document in documents:
        findings = [
            finding
            for finding in compiler.check("catalog", document, expressions=False)
            if finding.rule != "implicit-value"
        ]
        if document.root is None:
            findings = [Finding(Place(()), says("an empty catalog"))]
        if findings:
            raise config_error(source, findings, Tree(document))
    return [_text_keys(construct(document.root)) for document in documents]


def _text_keys(content: dict[str, Any]) -> dict[str, Any]:
    """A catalog's dates and notes are text, however YAML's core types would read them."""
    for kind in ("templates", "items", "buttons"):
        for entry in content.get(kind, {}).get("keys", {}).values():
            for name, value in (entry or {}).items():
                entry[name] = str(value)
    return content
