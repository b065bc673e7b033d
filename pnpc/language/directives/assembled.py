"""A spec with its fragments put in and every object once: as it is written, for whoever asks where something stands."""

from typing import NamedTuple

from pnpc.language.cases.expansion import Case, Expanded, Expansion, Rounds, expand
from pnpc.language.cases.parts import Condition, Entries, Entry, Included, Loop, Members, Part, Plain
from pnpc.language.directives.build import build
from pnpc.language.directives.names import FOR, IF, found_in
from pnpc.language.directives.reading import At, Reading
from pnpc.language.directives.scopes import declared
from pnpc.language.message import notice as notices
from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.text.document import Mapping, Node, Scalar, mark
from pnpc.text.finding import Finding
from pnpc.text.joined import Joined
from pnpc.text.tree import Tree


class Structure(NamedTuple):
    """A document whose directives have been read.

    `findings` say what is wrong with them, each with the tree that its place is in; `broken`: something could not be
    put in its place, so that nothing can be said of the message.
    """

    notice: Notice
    part: Part
    findings: list[tuple[Finding, Tree]]
    broken: bool
    used: frozenset[str]


class _Once(Case):
    """Every object is there, and every loop has one round."""

    def count(self, loop: Loop, rounds: Rounds) -> tuple[int, int]:  # noqa: ARG002
        return 1, 1

    def holds(self, condition: Condition, rounds: Rounds) -> bool:  # noqa: ARG002
        return True


def structure(one: Notice, context: Context) -> Structure | None:
    """The directives of a document, read; None for one that has none. Its source becomes one that fragments join."""
    root = one.document.root
    if root is None or not found_in(one.document.source.text):
        return None
    source = one.document.source
    joined = source if isinstance(source, Joined) else Joined(source)
    reading = Reading(one, context, joined)
    if not reading.survey.below(root).directives:
        return None
    one = one._replace(document=one.document._replace(source=joined), tree=Tree.of(joined, root))
    reading.notice = one
    part = build(root, At(source.name, one.tree, (), declared(one), (), 0), reading)
    json = one.document.json and joined.json  # with one fragment of YAML it is YAML
    one = one._replace(document=one.document._replace(json=json))
    return Structure(one, part, reading.findings, reading.broken, frozenset(reading.used))


def structure_of(notice: Notice) -> Structure | None:
    """What a message was made of, where it is the message as it is written."""
    kept = notice.expansion.structure if notice.expansion is not None else None
    return kept if isinstance(kept, Structure) else None


def come_to(found: Structure, expansion: Expansion) -> Notice:
    """The notice of one case."""
    document = found.notice.document._replace(root=expansion.root)
    made = notices.read(document)
    return made._replace(tree=Expanded(document, expansion, found.notice.tree), expansion=expansion)


def assembled(found: Structure) -> Notice:
    """The notice with its fragments put in and every object once, so that its paths are those of what is written."""
    expansion = expand(found.part, _Once())
    expansion.structure = found
    return come_to(found, expansion)


def as_written(one: Notice, context: Context) -> Notice:
    """A notice as it is written, its fragments put in; the same notice if it has no directives.

    Where something could not be put in its place, nothing is; the findings of its structure say so.
    """
    found = structure(one, context)
    if found is None or not found.broken:
        return one if found is None else assembled(found)
    expansion = Expansion()
    expansion.root, expansion.structure = one.document.root, found
    return come_to(found, expansion)


def skeleton(found: Structure) -> Notice:
    """The notice with its fragments put in and its directives as members of their objects: what a reviewer has seen."""
    document = found.notice.document._replace(root=_kept(found.part))
    return notices.read(document)


def seen(one: Notice, context: Context) -> Notice:
    """What a reviewer has seen of a notice (see `skeleton`); the same notice if it has no directives."""
    found = structure(one, context)
    return one if found is None or found.broken else skeleton(found)


def _kept(part: Part) -> Node:
    if isinstance(part, Plain):
        return part.node
    if isinstance(part, Included):
        return _kept(part.part)
    if isinstance(part, Members):
        pairs = [(key, _kept(one)) for key, one in part.members]
        return Mapping("", pairs, part.node.start_mark, part.node.end_mark, part.node.flow_style)
    return _list(part)


def _list(part: Entries) -> Node:
    node = part.node
    return type(node)("", [_entry(one) for one in part.entries], node.start_mark, node.end_mark, node.flow_style)


def _entry(one: Entry) -> Node:
    node = _kept(one.part)
    if not one.steps or not isinstance(node, Mapping):
        return node
    pairs: list[tuple[Node, Node]] = []
    for step in one.steps:
        name = FOR if isinstance(step, Loop) else IF
        while any(key.value == name for key, _ in pairs):
            name += "+"  # a fragment's own, behind those of the object that includes it
        text = _words(step)
        pairs.append((_scalar(name, step.where.start), Scalar("", text, step.node.start_mark, step.node.end_mark, '"')))
    return Mapping("", [*pairs, *node.value], node.start_mark, node.end_mark, node.flow_style)


def _words(step: Loop | Condition) -> str:
    """A directive as an approval keeps it: the same however it is spaced, with braces or without."""
    text = step.node.value if isinstance(step, Loop) else step.text
    return " ".join(text.replace("{{", " ").replace("}}", " ").split())


def _scalar(name: str, offset: int) -> Scalar:
    return Scalar("", name, mark(offset), mark(offset), '"')
