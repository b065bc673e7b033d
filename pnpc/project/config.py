"""The config: the nearest pnpc.toml or [tool.pnpc], checked by its schema, every mistake at its place."""

import os
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from pnpc import rules
from pnpc.check.engine import diagnose
from pnpc.project.files import CouldNotRead, read
from pnpc.spec.grammar import compiler
from pnpc.spec.suggest import did_you_mean, near
from pnpc.text.finding import Diagnostic, Finding, Place
from pnpc.text.nodes import Document, Unreadable, compose
from pnpc.text.source import Source, Undecodable, decode
from pnpc.text.tree import Tree
from pnpc.text.values import construct

NAMES = ("pnpc.toml", "pyproject.toml")


class ConfigError(Exception):
    """A config that can't be used; its diagnostics, and the texts that they stand in."""

    def __init__(self, diagnostics: list[Diagnostic], sources: dict[str, Source]) -> None:
        super().__init__(diagnostics, sources)  # both, so that a worker can send it through a pipe
        self.diagnostics = diagnostics
        self.sources = sources


class Config(NamedTuple):
    """A project's settings; `root` is the folder that its patterns are relative to, `file` None if there is no config."""

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
    require_approval: bool = False
    sinch: tuple[tuple[str, str], ...] = ()


def inside(folder: str) -> str | None:
    """The config that stands in a folder itself. A pyproject.toml counts if it says tool.pnpc. Raises CouldNotRead."""
    for name in NAMES:
        file = os.path.join(folder, name)
        if os.path.isfile(file) and (name == "pnpc.toml" or b"[tool.pnpc" in read(file)):
            return file
    return None


def load(file: str) -> Config:
    """Read and check a config file. Raises ConfigError, CouldNotRead."""
    from pnpc.text import toml

    source = _source(file)
    source.name = shown(file)
    table = ("tool", "pnpc") if os.path.basename(file) == "pyproject.toml" else ()
    try:
        document = toml.read(source, table)
    except Unreadable as error:
        raise _error(source, [error.finding], None) from None
    findings = compiler.check("config", document, expressions=False)
    data: dict[str, Any] = construct(document.root) or {}
    if not findings:
        findings = list(_wrong_words(data))
    if findings:
        raise _error(source, findings, Tree(document))
    root = os.path.dirname(os.path.abspath(file))
    return Config(
        root=root,
        file=file,
        country=data.get("country"),
        catalogs=_catalogs(root, data.get("catalogs", []), source, Tree(document)),
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
        require_approval=data.get("require-approval", False),
        sinch=tuple(data.get("sinch", {}).items()),
    )


def shown(file: str) -> str:
    """A file's name as people called it: relative to where they are, if it is below."""
    relative = os.path.relpath(file)
    return file if relative.startswith("..") else relative


def _source(file: str) -> Source:
    try:
        return decode(file, read(file))
    except Undecodable as error:
        raise CouldNotRead(f"can't read {file}: {error.reason}") from None


def _error(source: Source, findings: Sequence[Finding], tree: Tree | None) -> ConfigError:
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
                place, f"no rule `{word}`{did_you_mean(near(word, rules.words()))}", "`pnpc rules` lists them"
            )
        elif (reason := rules.fixed(word, severity)) is not None:
            yield Finding(place, reason, rules.fixed_help(word))


def _wrong_patterns(data: dict[str, Any]) -> Iterator[Finding]:
    listed = [
        (one, Place((key, index))) for key in ("include", "exclude") for index, one in enumerate(data.get(key, []))
    ]
    listed += [(one, Place(("per-path", one), "key")) for one in data.get("per-path", {})]
    if listed:
        from pnpc.project.patterns import is_pattern

        for one, place in listed:
            if not is_pattern(one):
                yield Finding(place, f"`{one}` is no pattern", "patterns are written as in .gitignore")


def _catalogs(root: str, patterns: list[str], source: Source, tree: Tree) -> tuple[dict[str, Any], ...]:
    import glob

    found: list[dict[str, Any]] = []
    for index, pattern in enumerate(patterns):
        files = sorted(glob.glob(os.path.join(root, pattern), recursive=True))
        if not files:
            raise _error(source, [Finding(Place(("catalogs", index)), f"no file matches `{pattern}`")], tree)
        for file in files:
            found += _catalog(file)
    return tuple(found)


def _catalog(file: str) -> list[dict[str, Any]]:
    source = _source(file)
    documents: list[Document] = []
    try:
        documents = list(compose(source))
    except Unreadable as error:
        raise _error(source, [error.finding], None) from None
    for document in documents:
        findings = [
            one for one in compiler.check("catalog", document, expressions=False) if one.rule != "implicit-value"
        ]
        if document.root is None:
            findings = [Finding(Place(()), "an empty catalog")]
        if findings:
            raise _error(source, findings, Tree(document))
    return [_text_keys(construct(document.root)) for document in documents]


def _text_keys(content: dict[str, Any]) -> dict[str, Any]:
    """A catalog's dates and notes are text, however YAML's core types would read them."""
    for kind in ("templates", "items", "buttons"):
        for entry in content.get(kind, {}).get("keys", {}).values():
            for name, value in (entry or {}).items():
                entry[name] = str(value)
    return content
