"""A filled message judged by the rules: the same text, from a spec or from a row, gets the same verdict.

The grammar and the rules run over what will be sent. What `pnpc check` says of the spec already is not said again for
every row, and what the team has turned off, lowered or suppressed stays so.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pnpc import rules
from pnpc.check import suppressions
from pnpc.check.engine import Level, lines_of
from pnpc.check.filled import check_body
from pnpc.check.message import check_notice
from pnpc.language.directives.assembled import structure_of
from pnpc.language.message.answers import written
from pnpc.language.message.context import Context
from pnpc.language.message.notice import SMS, TAG, Notice
from pnpc.rules.rule import Test
from pnpc.text.finding import Finding, Place, Severity, Where
from pnpc.text.joined import Joined
from pnpc.text.path import Path
from pnpc.text.source import Span
from pnpc.text.wording import NOTHING

_MOST_KNOWN = 4_000  # places and rules, of which a spec has some hundreds


class Verdict(NamedTuple):
    """What a rule says of a filled message, at its place in the spec, and how grave that is."""

    finding: Finding
    severity: Severity


class Judge:
    """Judges the filled bodies of one spec. `levels` are those of `pnpc.check.engine.check`."""

    def __init__(self, notice: Notice, context: Context, levels: Mapping[str, Level]) -> None:
        self._notice = notice
        self._context = context
        self._levels = levels
        source, root = notice.document.source, notice.document.root
        added = source.added() if isinstance(source, Joined) else []
        self._comments, _ = suppressions.read(source, [*([root] if root is not None else []), *added])
        self._known: frozenset[tuple[str, Span, object]] | None = None
        self._severities: dict[tuple[str, Path, str], Severity | None] = {}

    def judge(
        self, body: dict[str, Any], tag: str | None, sms: str | None, moved: Mapping[str, tuple[int, ...]]
    ) -> list[Verdict]:
        """The verdicts on a body, its delivery tag and its fallback; `moved` is that of `pnpc.compile.filled.message.Filled`."""
        verdicts = []
        for finding in check_body(body, tag, sms, self._notice, self._context):
            place = finding.where if isinstance(finding.where, Place) else Place(())
            beside = place.path in (TAG, SMS)
            # Inside the filled text the places are others than inside the expression: the value is shown whole.
            where = Place(place.path if beside else (*self._notice.base, *written(place.path, moved)), place.part)
            verdict = self.verdict(finding._replace(where=where, related=(), fix=None))
            if verdict is not None and not self._is_known(verdict.finding):
                verdicts.append(verdict)
        return verdicts

    def verdict(self, finding: Finding) -> Verdict | None:
        """A finding about a filled text with its severity; None where the config or a comment silences its rule."""
        assert isinstance(finding.where, Place)
        severity = self._severity(finding.rule, finding.where)
        return None if severity is None else Verdict(finding, severity)

    def tests(self, path: Path) -> tuple[Test, ...] | None:
        """The tests that say of a text at a place of the spec whether a rule may report it; None: only `judge` knows.

        Rules that are off or suppressed at the place are not asked.
        """
        tests: dict[Test, None] = {}
        for rule in rules.of_fallback() if path == SMS else rules.of_values(self._notice):
            if self._severity(rule.name, Place(path)) is None:
                continue
            if rule.values is None:
                return None
            test = rule.values(self._notice, path)
            if test is not None:
                tests[test] = None
        return tuple(tests)

    def _severity(self, rule: str, where: Place) -> Severity | None:
        key = (rule, where.path, where.part)
        if key not in self._severities:
            if len(self._severities) >= _MOST_KNOWN:
                self._severities.clear()
            self._severities[key] = self._settled(rule, where)
        return self._severities[key]

    def _settled(self, rule: str, where: Place) -> Severity | None:
        level = self._levels.get(rule, rules.get(rule).severity)
        if level is None or not self._comments:
            return level
        lines = lines_of(self._notice.document.source, Finding(where, NOTHING), self._notice.tree)
        return None if suppressions.apply(self._comments, rule, lines, set()) else level

    def _is_known(self, finding: Finding) -> bool:
        if self._known is None:
            self._known = frozenset(self._of_the_spec())
        return bool(self._known) and self._key(finding, self._notice.tree.span(finding.where)) in self._known

    def _of_the_spec(self) -> Iterator[tuple[str, Span, object]]:
        """What the spec's own check says, whoever heard it; with directives, not the errors that only some rows make."""
        notice, context = self._notice, self._context
        structure = structure_of(notice)
        if structure is None:
            for finding in check_notice(notice, context):
                yield self._key(finding, notice.tree.span(_whole(finding)))
            return
        from pnpc.check.variants import check_structure  # only a spec with directives needs it

        for verdict in check_structure(structure, context):
            if verdict.always or rules.get(verdict.finding.rule).severity == "warning":
                yield self._key(verdict.finding, verdict.tree.span(_whole(verdict.finding)))

    @staticmethod
    def _key(finding: Finding, span: Span) -> tuple[str, Span, object]:
        """The same for the same mistake; its numbers may be those of the row."""
        return finding.rule, span, finding.message.kind()


def _whole(finding: Finding) -> Where:
    """Where a finding stands, without the characters inside a text: a filled text has others."""
    return finding.where._replace(within=None) if isinstance(finding.where, Place) else finding.where


def of_directives(notice: Notice) -> Iterator[Finding]:
    """The errors of a spec's directives: turned off or suppressed, they are in the way of its messages all the same."""
    structure = structure_of(notice)
    for finding, tree in structure.findings if structure is not None else ():
        if rules.get(finding.rule).severity == "error":
            yield finding._replace(where=tree.span(finding.where), related=())
