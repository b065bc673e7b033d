"""A message with directives: the grammar and the rules run on the messages that it can become, each mistake once."""

from collections.abc import Iterator
from typing import NamedTuple

from pnpc import rules
from pnpc.check.message import check_notice
from pnpc.check.weight import affordable, left_out
from pnpc.check.witness import when
from pnpc.language.cases.expansion import Expansion, expand
from pnpc.language.directives.assembled import Structure, assembled, notice_of, skeleton
from pnpc.language.directives.cases import Choice, choices
from pnpc.language.directives.domains import Domains, domains
from pnpc.language.directives.reading import known_names
from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.proof.conditions import failing
from pnpc.language.variables.used_names import reads
from pnpc.text.finding import Finding, Place, Where
from pnpc.text.joined import Joined
from pnpc.text.source import Span
from pnpc.text.tree import Tree
from pnpc.text.wording import Said, Subject, says

_UNREAD = frozenset(("expression-syntax", "bad-condition", "unknown-directive", "bad-loop"))


class CaseFinding(NamedTuple):
    """A finding, the tree of its places, and whether it is in every case that has its object (`always`)."""

    finding: Finding
    tree: Tree
    always: bool


class _SeenFinding:
    """A finding in one case, and all cases that have it; for a list that is too long, the cases in which it is longest."""

    def __init__(self, finding: Finding, notice: Notice, expansion: Expansion) -> None:
        self.finding = finding
        self.notice = notice
        self.expansion = expansion
        self.cases: set[int] = set()
        self.excess = _excess(finding, expansion)

    def merge(self, other: "_SeenFinding", case: int) -> "_SeenFinding":
        """This finding together with the same finding in another case."""
        worse = other if other.excess > self.excess else self
        if other.excess >= worse.excess:
            worse.cases.add(case)
        return worse


def check_structure(structure: Structure, context: Context) -> Iterator[CaseFinding]:
    """What is wrong with the directives of a document, and with the messages that it can become."""
    for finding, tree in structure.findings:
        yield CaseFinding(finding, tree, always=True)
    if not structure.broken:
        names = {name: known.schema for name, known in known_names(structure.notice).items()}
        for finding in failing(structure.part, names, context.country(structure.notice) or ""):
            yield CaseFinding(finding, structure.notice.tree, always=True)
        yield from _reviewed(structure, context)
        yield from _message(structure, context)


def _reviewed(structure: Structure, context: Context) -> Iterator[CaseFinding]:
    """The findings of the rules about reviews: people reviewed the directives, and not the messages made from them."""
    notice = skeleton(structure)
    for rule in rules.behind("review", notice, context):
        assert rule.check is not None
        for finding in rule.check(notice, context):
            yield CaseFinding(finding._replace(rule=rule.name), notice.tree, always=True)


def _message(structure: Structure, context: Context) -> Iterator[CaseFinding]:
    depends = domains(structure.part, known_names(structure.notice))
    used = _used(structure, context)
    every = choices(depends)
    cases, chosen = affordable(structure.part, depends, every.chosen)
    if len(chosen) < every.all:
        yield CaseFinding(left_out(len(chosen), every.all), structure.notice.tree, always=True)
    all_seen: dict[tuple[Span, str, object], _SeenFinding] = {}
    present: list[set[int]] = []
    for index, case in enumerate(cases):
        expansion = expand(structure.part, case)
        expansion.used = used
        present.append(expansion.present)
        notice = notice_of(structure, expansion)
        for finding in check_notice(notice, context):
            where = _list(finding) or finding.where
            key = (notice.tree.span(where), finding.rule, finding.message.kind())
            current = _SeenFinding(finding, notice, expansion)
            all_seen[key] = all_seen.get(key, current).merge(current, index)
    hinges = _Hinges(chosen, depends)
    for seen in all_seen.values():
        if not hinges.on_faulty(seen.cases, _possible(seen, present)):
            yield _reported(seen, present, chosen, depends)


def _possible(seen: _SeenFinding, present: list[set[int]]) -> set[int]:
    """The cases that have the object of a finding."""
    path = seen.finding.where.path if isinstance(seen.finding.where, Place) else ()
    entries = seen.expansion.entries(path)
    return {index for index, there in enumerate(present) if there.issuperset(entries)}


class _Hinges:
    """Finds findings that depend on a condition which can't be evaluated: then only the condition itself is a mistake,
    because it is not known whether it would be true."""

    def __init__(self, chosen: list[Choice], depends: Domains) -> None:
        self._alike: dict[object, set[int]] = {}  # groups of cases that differ in such conditions only
        self._of: list[object] = []
        for index, choice in enumerate(chosen if depends.faulty else ()):
            known = tuple(repr(value) for key, value in choice.decided.items() if key not in depends.faulty)
            alike = known, tuple(choice.counts.values()), choice.mixed
            self._of.append(alike)
            self._alike.setdefault(alike, set()).add(index)

    def on_faulty(self, cases: set[int], possible: set[int]) -> bool:
        """Whether a finding in these `cases` depends on such a condition; its object is in the `possible` cases."""
        return (
            bool(self._of) and not cases >= possible and all(not self._alike[self._of[case]] <= cases for case in cases)
        )


def _used(structure: Structure, context: Context) -> frozenset[str]:
    """The names that the document uses in any case; all declared names if something that may use them can't be read."""
    read = reads(assembled(structure), context)
    if any(expression.error is not None for expression in read.doubtful) or not _UNREAD.isdisjoint(
        finding.rule for finding, _ in structure.findings
    ):
        return frozenset(structure.notice.variables)
    return structure.used | read.used


def _reported(seen: _SeenFinding, present: list[set[int]], chosen: list[Choice], depends: Domains) -> CaseFinding:
    finding, expansion = seen.finding, seen.expansion
    always = seen.cases >= _possible(seen, present)
    help = finding.help
    if not always:
        words = says("when {conditions}", conditions=when(seen.cases, chosen, depends))
        help = says("{words}; {help}", words=words, help=help) if help else words
    message = _in_written_words(finding, expansion)
    related = (*_others(finding, seen.notice.tree), *_ways(finding.where, seen))
    return CaseFinding(finding._replace(message=message, help=help, related=related), seen.notice.tree, always)


def _others(finding: Finding, tree: Tree) -> Iterator[tuple[Where, Said]]:
    """The related places that differ from the finding's own: objects that a loop repeats have the same place."""
    here = tree.span(finding.where)
    return ((where, message) for where, message in finding.related if tree.span(where) != here)


def _in_written_words(finding: Finding, expansion: Expansion) -> Said:
    """A message with the indices in the file, and with a count that includes the entries which were not expanded."""
    message = finding.message
    if _list(finding) is not None:
        message = message.but(count=_excess(finding, expansion))
    return message.changed(lambda value: _written(value, expansion) if isinstance(value, Subject) else value)


def _written(entry: Subject, expansion: Expansion) -> Subject:
    """The entry of a list with its index in the file: `$if` and `$for` change indices, but not the names of keys."""
    written = expansion.written(entry.path) if entry.path and isinstance(entry.path[-1], int) else ()
    return Subject(written) if written else entry


def _list(finding: Finding) -> Place | None:
    """The list that has too many entries; None for any other finding."""
    if finding.broken is None or finding.broken.keyword != "maxItems" or not isinstance(finding.where, Place):
        return None
    return Place(finding.where.path[:-1])


def _excess(finding: Finding, expansion: Expansion) -> int:
    """The number of entries of a list that has too many, with those that were not expanded; 0 for any other finding."""
    where = _list(finding)
    count = finding.message.values.get("count")
    return count + expansion.missing_at(where.path) if where is not None and isinstance(count, int) else 0


def _ways(where: Where, seen: _SeenFinding) -> Iterator[tuple[Where, Said]]:
    """The places at which the fragment of a finding is included, from the inside out."""
    source = seen.notice.document.source
    file = source.part(seen.notice.tree.span(where).start) if isinstance(source, Joined) else None
    if file is None or not file.base:
        return
    sites = seen.expansion.around(where.path) if isinstance(where, Place) else ()
    while sites and sites[-1].file is not file:
        sites = sites[:-1]  # the finding is at a key in the file that includes the fragment
    for site in reversed(sites or [site for site in seen.expansion.sites.values() if site.file is file][:1]):
        yield site.where, says("included from here")
