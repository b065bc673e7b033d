"""The 400 answers of a run as diagnostics: at the place in the spec that LINE names, with the row that shows it.

A mistake of the spec is answered once for each person; it is told once, with the first row and a count.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from pnpc.check.engine import diagnose, told
from pnpc.deliver.judge import answer_of
from pnpc.deliver.message import Message
from pnpc.deliver.redact import redacted
from pnpc.project.files import CouldNotRead, read, shown
from pnpc.project.workspace import Workspace
from pnpc.spec import notice as notices
from pnpc.spec.answers import RULE, explain
from pnpc.spec.catalog import COUNTRIES, Catalog
from pnpc.spec.notice import Notice
from pnpc.text.finding import Diagnostic, Finding, Place, Range, Related
from pnpc.text.nodes import Scalar, Unreadable, compose
from pnpc.text.source import Position, Source, Undecodable, decode

MOST_SHOWN = 50  # groups
_KINDS = {"templateKey": "templates", "itemKey": "items", "buttonKey": "buttons"}


class Group(NamedTuple):
    """Messages that were refused alike: the first of them, its answer, how many there are."""

    message: Message
    answer: dict[str, Any]
    size: int


class Refusals:
    """Gathers refusals, in memory that does not grow with them."""

    def __init__(self, payloads: str) -> None:
        self._payloads = payloads
        self._groups: dict[tuple[str, ...], Group] = {}
        self.more = 0  # refusals of kinds beyond MOST_SHOWN

    def __bool__(self) -> bool:
        return bool(self._groups)

    def add(self, message: Message, body: bytes) -> None:
        """Take a 400 into account."""
        answer = dict(answer_of((redacted(body.decode("utf-8", "replace")) or "").encode()))
        key = (str(message.origin.get("spec")), str(message.origin.get("name")), _words(answer))
        known = self._groups.get(key)
        if known is not None:
            self._groups[key] = known._replace(size=known.size + 1)
        elif len(self._groups) < MOST_SHOWN:
            self._groups[key] = Group(message, answer, 1)
        else:
            self.more += 1

    def diagnostics(self, workspace: Workspace) -> tuple[list[Diagnostic], dict[str, Source]]:
        """A diagnostic or more for each group, and the texts of the specs that they stand in."""
        sources: dict[str, Source] = {}
        found: list[Diagnostic] = []
        for group in self._groups.values():
            source = _source(group.message, sources)
            notice = _notice(source, group.message) if source is not None else None
            if source is None or notice is None:
                found.append(self._without_spec(group))
                continue
            for finding in explain(group.answer, notice):
                diagnostic = diagnose(source, _with_word(finding, notice, workspace), notice.tree, {})
                found.append(diagnostic._replace(related=(*diagnostic.related, *self._rows(group))))
        return found, sources

    def _without_spec(self, group: Group) -> Diagnostic:
        """The answer at the line of the payload file: its spec is not there, or is not what it was."""
        range = _line(group.message.line)
        return told(RULE, f"LINE: {_words(group.answer)}", shown(self._payloads), range, {}, related=self._rows(group))

    def _rows(self, group: Group) -> tuple[Related, ...]:
        file, _, line = (group.message.row or "").rpartition(":")
        if not file or not line.isdecimal():
            file, line = shown(self._payloads), str(group.message.line)
        others = f", and {group.size - 1:,} more" if group.size > 1 else ""
        return (Related(file, _line(int(line)), f"refused for this row{others}"),)


def _words(answer: dict[str, Any]) -> str:
    """LINE's words on one line, with the properties that they are about."""
    details = answer.get("details")
    parts = [
        f"{one.get('message')} (at `{one.get('property')}`)"
        for one in (details if isinstance(details, list) else [])
        if isinstance(one, dict)
    ]
    return "; ".join(parts) or str(answer.get("message") or "no reason given")


def _source(message: Message, known: dict[str, Source]) -> Source | None:
    """The text of the spec that a message was made from, if it can still be read."""
    name = message.origin.get("spec")
    if not isinstance(name, str):
        return None
    if name not in known:
        try:
            known[name] = decode(name, read(name))
        except (CouldNotRead, Undecodable):
            return None
    return known[name]


def _notice(source: Source, message: Message) -> Notice | None:
    name = message.origin.get("name")
    for one in _notices(source):
        if name is None or (one.name is not None and one.name.text == name):
            return one
    return None


def _notices(source: Source) -> Iterator[Notice]:
    try:
        for document in compose(source):
            if notices.form_of(document.root, named=True):
                yield notices.read(document)
    except Unreadable:
        return


def _with_word(finding: Finding, notice: Notice, workspace: Workspace) -> Finding:
    """A finding about a key of the catalog, with what the catalog says of it."""
    where = finding.where
    kind: Any = _KINDS.get(str(where.path[-1])) if isinstance(where, Place) and where.path else None
    node = notice.tree.node(where.path) if isinstance(where, Place) else None
    if kind is None or not isinstance(node, Scalar):
        return finding
    context = workspace.context(notice.document.source.name)
    word = _word(context.catalog, node.value, kind, context.country(notice))
    return finding._replace(help=f"{word}; {finding.help}" if finding.help else word)


def _word(catalog: Catalog, key: str, kind: Any, country: str | None) -> str:
    for code in (country,) if country else COUNTRIES:
        entry = catalog.country(code).listings[kind].keys.get(key)
        if entry is not None:
            date = f", {entry.date}" if entry.date else ""
            return f"the catalog has `{key}` for {code} ({entry.known}{date}): perhaps it is not this account's"
    doubt = catalog.doubt(key, kind, country)
    near = f"; near it is `{doubt.near[0]}`" if doubt and doubt.near else ""
    return f"the catalog does not have `{key}`{near}"


def _line(line: int) -> Range:
    return Range(Position(line, 1), Position(line, 1))
