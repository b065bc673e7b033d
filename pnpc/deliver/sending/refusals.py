"""The 400 answers of a run as diagnostics: at the place in the spec that LINE names, with the row that shows it.

A mistake of the spec is answered once for each person; it is reported once, with the first row and a count.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from pnpc.check.engine import diagnose, file_diagnostic
from pnpc.deliver.payload_files import LinePlace
from pnpc.deliver.sending.judge import answer_of
from pnpc.deliver.sending.message import OutgoingMessage
from pnpc.deliver.sending.redact import redacted
from pnpc.language.directives.assembled import as_written
from pnpc.language.message import notice as notices
from pnpc.language.message.answers import RULE, Moved, details, explain, said_by
from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.line.catalog import COUNTRIES, KIND_OF_PROPERTY, Catalog
from pnpc.project.config import ConfigError
from pnpc.project.files import CouldNotRead, read, shown
from pnpc.project.workspace import Workspace
from pnpc.text.document import Scalar, Unreadable
from pnpc.text.finding import Diagnostic, Finding, Place, Range, Related
from pnpc.text.joined import Joined
from pnpc.text.nodes import compose
from pnpc.text.source import Position, Source, Undecodable, decode
from pnpc.text.wording import NOTHING, Quote, Said, says

MOST_SHOWN = 50  # groups


class Group(NamedTuple):
    """Messages that were refused alike: the first of them, its answer, how many there are."""

    message: OutgoingMessage
    answer: dict[str, Any]
    size: int


class Refusals:
    """Gathers refusals, in memory that does not grow with them."""

    def __init__(self, place: Callable[[int], LinePlace]) -> None:
        """`place` says where a line of the payload files stands."""
        self._place = place
        self._groups: dict[tuple[str, ...], Group] = {}
        self.more = 0  # refusals of kinds beyond MOST_SHOWN

    def __bool__(self) -> bool:
        return bool(self._groups)

    def add(self, message: OutgoingMessage, body: bytes) -> None:
        """Take a 400 into account."""
        said = (redacted(body.decode("utf-8", "replace")) or "").encode()
        answer = dict(answer_of(said, message.kind))
        origin = message.origin
        key = (
            str(origin.get("spec")),
            str(origin.get("name")),
            str(origin.get("moved")),
            str(_words(answer, message.kind.receiver)),
        )
        known = self._groups.get(key)
        if known is not None:
            self._groups[key] = known._replace(size=known.size + 1)
        elif len(self._groups) < MOST_SHOWN:
            self._groups[key] = Group(message, answer, 1)
        else:
            self.more += 1

    def diagnostics(self, workspace: Workspace) -> tuple[list[Diagnostic], dict[str, Source]]:
        """A diagnostic or more for each group, and the texts of the specs that they stand in.

        Groups that come to the same place with the same words (conditions left other entries out) are reported once.
        """
        sources: dict[str, Source] = {}
        groups: dict[Diagnostic, Group] = {}
        for group in self._groups.values():
            for diagnostic in self._diagnostics(group, sources, workspace):
                known = groups.get(diagnostic)
                groups[diagnostic] = group if known is None else known._replace(size=known.size + group.size)
        with_rows = [
            diagnostic._replace(related=(*diagnostic.related, self._row(group))) for diagnostic, group in groups.items()
        ]
        return with_rows, sources

    def _diagnostics(self, group: Group, sources: dict[str, Source], workspace: Workspace) -> Iterator[Diagnostic]:
        """A group's diagnostics without its row; at the line of the payload file if its spec is not what it was."""
        notice = _notice(group.message, sources, workspace)
        if notice is None:
            place = self._place(group.message.line)
            yield file_diagnostic(
                RULE,
                _words(group.answer, group.message.kind.receiver),
                shown(place.file),
                _line(place.line),
                {},
            )
            return
        context = workspace.context(notice.document.source.name)
        yield from answered(group.answer, notice, _moved(group.message), context, group.message.kind.receiver)

    def _row(self, group: Group) -> Related:
        file, _, line = (group.message.row or "").rpartition(":")
        if not file or not line.isdecimal():
            place = self._place(group.message.line)
            file, line = shown(place.file), str(place.line)
        others = says(", and {count:,} more", count=group.size - 1) if group.size > 1 else NOTHING
        return Related(file, _line(int(line)), str(says("refused for this row{others}", others=others)))


def answered(
    answer: Mapping[str, Any], notice: Notice, moved: Moved, context: Context, receiver: str = "LINE"
) -> Iterator[Diagnostic]:
    """A 400 answer (decoded JSON, in LINE's form) as diagnostics at the places of the message that was sent; a key also with
    what the catalog says of it. `notice` is the message as it is written, `moved` see `pnpc.language.message.answers`."""
    for finding in explain(answer, notice, moved, receiver):
        yield diagnose(notice.document.source, _with_word(finding, notice, context), notice.tree, {})


def _words(answer: dict[str, Any], receiver: str) -> Said:
    """A receiver's words on one line, with the properties that they are about."""
    parts = [
        f"{detail.get('message')} (at `{detail['property']}`)" if detail.get("property") else str(detail.get("message"))
        for detail in details(answer)
    ]
    text = "; ".join(parts) or answer.get("message")
    return said_by(receiver, str(text or ""))


def _moved(message: OutgoingMessage) -> Moved:
    """Which entries of the spec's lists the message has, as its compiler noted; nothing where it noted none."""
    noted = message.origin.get("moved")
    return {
        path: tuple(entries)
        for path, entries in (noted if isinstance(noted, Mapping) else {}).items()
        if isinstance(entries, list) and all(isinstance(index, int) and index >= 0 for index in entries)
    }


def _notice(message: OutgoingMessage, sources: dict[str, Source], workspace: Workspace) -> Notice | None:
    """The spec that a message was made from, as it is written, if it can still be read; its files go to `sources`."""
    spec, name = message.origin.get("spec"), message.origin.get("name")
    if not isinstance(spec, str):
        return None
    try:
        source = decode(spec, read(spec))
        for written in _notices(source):
            if name is None or (written.name is not None and written.name.text == name):
                notice = as_written(written, workspace.context(spec))
                whole = notice.document.source
                sources.update((file.name, file) for file in (whole.files() if isinstance(whole, Joined) else [whole]))
                return notice
    except (CouldNotRead, ConfigError, Undecodable):
        return None
    return None


def _notices(source: Source) -> Iterator[Notice]:
    try:
        for document in compose(source):
            if notices.form_of(document.root, named=True):
                yield notices.read(document)
    except Unreadable:
        return


def _with_word(finding: Finding, notice: Notice, context: Context) -> Finding:
    """A finding about a key of the catalog, with what the catalog says of it."""
    where = finding.where
    kind: Any = (
        KIND_OF_PROPERTY.get(str(where.path[-1]))
        if isinstance(where, Place) and where.path and where.part == "value"
        else None
    )
    node = notice.tree.node(where.path) if isinstance(where, Place) else None
    if kind is None or not isinstance(node, Scalar):
        return finding
    word = _word(context.catalog, node.value, kind, context.country(notice))
    return finding._replace(help=says("{word}; {help}", word=word, help=finding.help) if finding.help else word)


def _word(catalog: Catalog, key: str, kind: Any, country: str | None) -> Said:
    for code in (country,) if country else COUNTRIES:
        entry = catalog.country(code).listings[kind].keys.get(key)
        if entry is not None:
            date = says(", {date}", date=entry.date) if entry.date else NOTHING
            account = says(", account `{account}`", account=Quote(entry.account)) if entry.account else NOTHING
            return says(
                "the catalog has `{key}` for {country} ({known}{date}{account}): perhaps it is not this account's",
                key=key, country=code, known=entry.known, date=date, account=account,
            )  # fmt: skip
    doubt = catalog.doubt(key, kind, country)
    near = says("; near it is `{near}`", near=doubt.near[0]) if doubt and doubt.near else NOTHING
    return says("the catalog does not have `{key}`{near}", key=key, near=near)


def _line(line: int) -> Range:
    return Range(Position(line, 1), Position(line, 1))
