"""A message with directives: the grammar and the rules run on what can come out of it, each mistake told once."""

from collections.abc import Iterator
from typing import NamedTuple

from pnpc import rules
from pnpc.check.message import check_notice
from pnpc.check.weight import affordable, left_out
from pnpc.check.witness import when
from pnpc.language.cases.expansion import Expansion, expand
from pnpc.language.directives.assembled import Structure, assembled, come_to, skeleton
from pnpc.language.directives.cases import Choice, choices
from pnpc.language.directives.domains import Domains, domains
from pnpc.language.directives.reading import declared
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


class Told(NamedTuple):
    """A finding, the tree that its places are in, and whether it is there in every case that has its object."""

    finding: Finding
    tree: Tree
    always: bool


class _Met:
    """A finding as one case has it, and all cases that have it; of a count, those that have the worst."""

    def __init__(self, finding: Finding, notice: Notice, expansion: Expansion) -> None:
        self.finding = finding
        self.notice = notice
        self.expansion = expansion
        self.cases: set[int] = set()
        self.excess = _excess(finding, expansion)

    def meet(self, other: "_Met", case: int) -> "_Met":
        """The same finding, met in another case."""
        worse = other if other.excess > self.excess else self
        if other.excess >= worse.excess:
            worse.cases.add(case)
        return worse


def check_structure(found: Structure, context: Context) -> Iterator[Told]:
    """What is wrong with the directives of a document, and with the messages that they can make."""
    for finding, tree in found.findings:
        yield Told(finding, tree, always=True)
    if not found.broken:
        names = {name: known.schema for name, known in declared(found.notice).items()}
        for finding in failing(found.part, names, context.country(found.notice) or ""):
            yield Told(finding, found.notice.tree, always=True)
        yield from _reviewed(found, context)
        yield from _message(found, context)


def _reviewed(found: Structure, context: Context) -> Iterator[Told]:
    """What has changed since a review, which has seen the directives and not what came of them."""
    one = skeleton(found)
    for rule in rules.behind("review", one, context):
        assert rule.check is not None
        for finding in rule.check(one, context):
            yield Told(finding._replace(rule=rule.name), one.tree, always=True)


def _message(found: Structure, context: Context) -> Iterator[Told]:
    depends = domains(found.part, declared(found.notice))
    used = _used(found, context)
    every = choices(depends)
    cases, chosen = affordable(found.part, depends, every.chosen)
    if len(chosen) < every.all:
        yield Told(left_out(len(chosen), every.all), found.notice.tree, always=True)
    met: dict[tuple[Span, str, object], _Met] = {}
    present: list[set[int]] = []
    for index, case in enumerate(cases):
        expansion = expand(found.part, case)
        expansion.used = used
        present.append(expansion.present)
        one = come_to(found, expansion)
        for finding in check_notice(one, context):
            where = _list(finding) or finding.where
            key = (one.tree.span(where), finding.rule, finding.message.kind())
            found_now = _Met(finding, one, expansion)
            met[key] = met.get(key, found_now).meet(found_now, index)
    hinges = _Hinges(chosen, depends)
    for one_met in met.values():
        if not hinges.on_faulty(one_met.cases, _possible(one_met, present)):
            yield _told(one_met, present, chosen, depends)


def _possible(one: _Met, present: list[set[int]]) -> set[int]:
    """The cases that have the object which a finding is about."""
    path = one.finding.where.path if isinstance(one.finding.where, Place) else ()
    entries = one.expansion.entries(path)
    return {index for index, there in enumerate(present) if there.issuperset(entries)}


class _Hinges:
    """Whether a finding is there only if a condition that can't be asked is true, or false: that condition is the mistake,
    and what would follow from it is not known."""

    def __init__(self, chosen: list[Choice], depends: Domains) -> None:
        self._alike: dict[object, set[int]] = {}  # the cases that differ in nothing but such conditions
        self._of: list[object] = []
        for index, choice in enumerate(chosen if depends.faulty else ()):
            known = tuple(repr(value) for key, value in choice.decided.items() if key not in depends.faulty)
            alike = known, tuple(choice.counts.values()), choice.mixed
            self._of.append(alike)
            self._alike.setdefault(alike, set()).add(index)

    def on_faulty(self, cases: set[int], possible: set[int]) -> bool:
        """The same of a finding in these `cases`, whose object is there in the `possible` ones."""
        return (
            bool(self._of) and not cases >= possible and all(not self._alike[self._of[case]] <= cases for case in cases)
        )


def _used(found: Structure, context: Context) -> frozenset[str]:
    """The names that the whole document uses, whatever the case; all, if something that may use them can't be read."""
    read = reads(assembled(found), context)
    if any(one.error is not None for one in read.doubtful) or not _UNREAD.isdisjoint(
        finding.rule for finding, _ in found.findings
    ):
        return frozenset(found.notice.variables)
    return found.used | read.used


def _told(one: _Met, present: list[set[int]], chosen: list[Choice], depends: Domains) -> Told:
    finding, expansion = one.finding, one.expansion
    always = one.cases >= _possible(one, present)
    help = finding.help
    if not always:
        words = says("when {conditions}", conditions=when(one.cases, chosen, depends))
        help = says("{words}; {help}", words=words, help=help) if help else words
    message = _in_written_words(finding, expansion)
    related = (*_others(finding, one.notice.tree), *_ways(finding.where, one))
    return Told(finding._replace(message=message, help=help, related=related), one.notice.tree, always)


def _others(finding: Finding, tree: Tree) -> Iterator[tuple[Where, Said]]:
    """The related places that are others: an object that a loop repeats stands where it stands."""
    here = tree.span(finding.where)
    return ((where, message) for where, message in finding.related if tree.span(where) != here)


def _in_written_words(finding: Finding, expansion: Expansion) -> Said:
    """A message with the indices that are written, and with the entries that were not written out."""
    message = finding.message
    if _list(finding) is not None:
        message = message.but(count=_excess(finding, expansion))
    return message.changed(lambda value: _written(value, expansion) if isinstance(value, Subject) else value)


def _written(entry: Subject, expansion: Expansion) -> Subject:
    """The entry of a list with the index that it has in its file; a key's name is the same there."""
    written = expansion.written(entry.path) if entry.path and isinstance(entry.path[-1], int) else ()
    return Subject(written) if written else entry


def _list(finding: Finding) -> Place | None:
    """The list that has too many entries; None for any other finding."""
    if finding.broken is None or finding.broken.keyword != "maxItems" or not isinstance(finding.where, Place):
        return None
    return Place(finding.where.path[:-1])


def _excess(finding: Finding, expansion: Expansion) -> int:
    """The entries of a list that has too many, those that are not written out too; 0 for any other finding."""
    where = _list(finding)
    count = finding.message.values.get("count")
    return count + expansion.missing_at(where.path) if where is not None and isinstance(count, int) else 0


def _ways(where: Where, one: _Met) -> Iterator[tuple[Where, Said]]:
    """Where the fragment is included that a finding stands in."""
    source = one.notice.document.source
    file = source.part(one.notice.tree.span(where).start) if isinstance(source, Joined) else None
    if file is None or not file.base:
        return
    sites = one.expansion.around(where.path) if isinstance(where, Place) else ()
    while sites and sites[-1].file is not file:
        sites = sites[:-1]  # what is pointed to is a key, in the file around the fragment
    for site in reversed(sites or [one for one in one.expansion.sites.values() if one.file is file][:1]):
        yield site.where, says("included from here")
