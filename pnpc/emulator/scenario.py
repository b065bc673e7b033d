"""The scenario file: read as YAML or JSON, checked by its schema, every mistake reported at its place."""

from re import compile as regex
from re import error as BadPattern
from typing import Any, NamedTuple

from pnpc.check.engine import diagnose
from pnpc.emulator.people import Person, kinds
from pnpc.emulator.settings import EmulatorSettings, changed, defaults
from pnpc.line.grammar import compiler
from pnpc.text.document import Unreadable
from pnpc.text.finding import Diagnostic, Finding, Place
from pnpc.text.nodes import compose
from pnpc.text.source import Source
from pnpc.text.tree import Tree
from pnpc.text.values import construct
from pnpc.text.wording import as_written, says

SCHEMA = "emulator-scenario"


class BadScenario(Exception):
    """A scenario that can't be used: its diagnostics, and the text that they stand in."""

    def __init__(self, diagnostics: list[Diagnostic], source: Source) -> None:
        first = diagnostics[0]
        super().__init__(f"{first.file}:{first.range.start.line}:{first.range.start.column}: {first.message}")
        self.diagnostics = diagnostics
        self.source = source


class Scenario(NamedTuple):
    """What a scenario file says: settings, people by digest, faults as the schema has them, and the seed of chance."""

    settings: EmulatorSettings
    people: dict[str, Person]
    faults: tuple[dict[str, Any], ...]
    seed: int


def empty() -> Scenario:
    """The scenario in which nothing goes wrong."""
    return Scenario(defaults(), {}, (), seed=1)


def read(source: Source, settings: EmulatorSettings | None = None) -> Scenario:
    """A scenario from its text; what it does not set stays as in `settings` (default: the schema's). Raises BadScenario."""
    try:
        documents = list(compose(source))
    except Unreadable as error:
        raise BadScenario([diagnose(source, _ours(error.finding), None, {})], source) from None
    document, tree = documents[0], Tree(documents[0])
    findings: list[Finding] = []
    if document.root is None or len(documents) > 1:
        findings = [Finding(Place(()), says("a scenario is one document with `scenario: 1`"))]
    else:
        findings = list(compiler.check(SCHEMA, document, expressions=False))
    data: dict[str, Any] = construct(document.root) if not findings else {}
    findings = findings or _bad_pattern(data)
    if findings:
        raise BadScenario([diagnose(source, _ours(finding), tree, {}) for finding in findings], source)
    return Scenario(
        changed(settings or defaults(), data.get("settings", {})),
        {person["to"]: _person(person) for person in data.get("people", ())},
        tuple(data.get("faults", ())),
        data.get("seed", 1),
    )


def _bad_pattern(data: dict[str, Any]) -> list[Finding]:
    pattern = data.get("settings", {}).get("tag-pattern", "")
    try:
        regex(pattern)
    except BadPattern as error:
        return [
            Finding(
                Place(("settings", "tag-pattern")),
                says("not a regular expression: {problem}", problem=as_written(str(error))),
            )
        ]
    return []


def _person(person: dict[str, Any]) -> Person:
    known = kinds()[person["is"]]
    return known if known.after is None or "after" not in person else known._replace(after=person["after"])


def _ours(finding: Finding) -> Finding:
    """A mistake in a file of ours is one of the config, whatever rule of a spec it would break."""
    return finding._replace(rule="bad-config", fix=None)
