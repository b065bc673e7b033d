"""One version of a spec or request body: what it declares, and its message as its examples fill it."""

from typing import Any, NamedTuple

from pnpc.compile.diff.snapshot import Snapshot, take
from pnpc.compile.plan import CannotCompile, Plan
from pnpc.language.message import notice as notices
from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.line.sinch import as_request
from pnpc.text.document import Mapping, Node, Sequence
from pnpc.text.finding import Place
from pnpc.text.members import members
from pnpc.text.nodes import compose
from pnpc.text.source import Source
from pnpc.text.values import construct


class Version(NamedTuple):
    """A notice with its surroundings. `file` is the name that people know its file by, `home` where it stands among
    the files that are compared: the same in both versions if the file was not moved."""

    notice: Notice
    context: Context
    file: str
    home: str

    @property
    def name(self) -> str | None:
        """The spec's name; None for a request body."""
        return self.notice.name.text if self.notice.name else None

    @property
    def country(self) -> str | None:
        """The country in force."""
        return self.context.country(self.notice)


def read(source: Source, context: Context, file: str, home: str, *, named: bool) -> list[Version]:
    """The specs and request bodies of a source. Raises Unreadable."""
    documents = [(document, notices.form_of(document.root, named=named)) for document in compose(source)]
    return [version_of(notices.read(document, form), context, file, home) for document, form in documents if form]


def version_of(notice: Notice, context: Context, file: str, home: str) -> Version:
    """The version that a notice is; a Sinch body is taken as LINE's."""
    if notice.form == "sinch":
        notice = notices.read(as_request(notice.document))
    return Version(notice, context, file, home)


def filled(version: Version) -> Snapshot | str:
    """The message as the examples fill it, or why it can't be filled."""
    if not isinstance(version.notice.tree.node(version.notice.base), Mapping):
        return "there is no message to fill"
    try:
        plan = Plan(version.notice, version.context)
    except CannotCompile as error:
        return str(error)
    taken = plan.diagnostics or take(plan)
    return taken if isinstance(taken, Snapshot) else taken[0].message


def written(version: Version) -> Any:
    """The request body as it is written, expressions and directives included, without its recipient."""
    body = construct(version.notice.tree.node(version.notice.base), text=True)
    return {name: value for name, value in body.items() if name != "to"} if isinstance(body, dict) else body


def sources(version: Version) -> Any:
    """All that a filled message is made of, as one value: what is written, the examples and defaults, the country.

    Never equal to another's where fragments are included: what stands in them is not looked at here.
    """
    text = version.notice.document.source.text
    declared = {name: construct(node) for name, node in version.notice.variables.items()}
    values = [
        (name, declaration.get("type"), repr(declaration.get("example")), repr(declaration.get("default")))
        for name, declaration in declared.items()
        if isinstance(declaration, dict)
    ]
    sms = version.notice.sms and version.notice.sms.text, version.notice.sms_parts
    return object() if "$include" in text else (repr(written(version)), values, version.country, sms)


def has_directives(version: Version) -> bool:
    """Whether what is filled can have another shape than what is written."""
    text = version.notice.document.source.text
    return any(word in text for word in ("$if", "$for", "$include"))


def origin(version: Version, place: Place) -> Place:
    """Where a place of the filled body is written: the list itself for an entry that a directive may have moved."""
    node = version.notice.tree.root
    for depth, step in enumerate(place.path):
        if isinstance(node, Sequence) and isinstance(step, int) and any(map(_may_move, node.value[: step + 1])):
            return Place(place.path[:depth])
        node = _below(node, step)
    return place


def _may_move(node: Node) -> bool:
    """Whether one written object may become none or several."""
    return any(name in ("$if", "$for") for name in members(node))


def _below(node: Node | None, step: str | int) -> Node | None:
    if isinstance(node, Mapping):
        return members(node).get(str(step))
    if isinstance(node, Sequence) and isinstance(step, int) and step < len(node.value):
        below: Node = node.value[step]
        return below
    return None
