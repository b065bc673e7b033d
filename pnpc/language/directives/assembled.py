"""A spec with its fragments put in and every object once: as it is written, so that everything has its place."""

from typing import NamedTuple

from pnpc.language.cases.expansion import Case, Expanded, Expansion, Rounds, expand
from pnpc.language.cases.parts import FOR, IF, Condition, Entries, EntryPart, Included, Loop, Members, Part, Plain
from pnpc.language.directives.build import build
from pnpc.language.directives.reading import At, Reading, known_names
from pnpc.language.message import notice as notices
from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice, may_hold_directives
from pnpc.text.document import Mapping, Node, Scalar, mark
from pnpc.text.finding import Finding
from pnpc.text.joined import Joined
from pnpc.text.tree import Tree


class Structure(NamedTuple):
    """A document whose directives have been read.

    `findings` say what is wrong with them, each with the tree that its place is in; `broken`: a fragment or a loop is missing,
    so that the message can't be judged.
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


def structure(notice: Notice, context: Context) -> Structure | None:
    """The directives of a document, read; None for a document without. Its source becomes one to which fragments are joined."""
    root = notice.document.root
    if root is None or not may_hold_directives(notice.document.source.text):
        return None
    source = notice.document.source
    joined = source if isinstance(source, Joined) else Joined(source)
    reading = Reading(notice, context, joined)
    if not reading.survey.below(root).directives:
        return None
    notice = notice._replace(document=notice.document._replace(source=joined), tree=Tree.of(joined, root))
    reading.notice = notice
    part = build(root, At(source.name, notice.tree, (), known_names(notice), (), 0), reading)
    json = notice.document.json and joined.json  # with a fragment of YAML it is YAML
    notice = notice._replace(document=notice.document._replace(json=json))
    return Structure(notice, part, reading.findings, reading.broken, frozenset(reading.used))


def structure_of(notice: Notice) -> Structure | None:
    """What a message was made of, where it is the message as it is written."""
    kept = notice.expansion.structure if notice.expansion is not None else None
    return kept if isinstance(kept, Structure) else None


def notice_of(structure: Structure, expansion: Expansion) -> Notice:
    """The notice of one case."""
    document = structure.notice.document._replace(root=expansion.root)
    made = notices.read(document)
    return made._replace(tree=Expanded(document, expansion, structure.notice.tree), expansion=expansion)


def assembled(structure: Structure) -> Notice:
    """The notice with its fragments put in and every object once: its paths are those of the spec as it is written."""
    expansion = expand(structure.part, _Once())
    expansion.structure = structure
    return notice_of(structure, expansion)


def as_written(notice: Notice, context: Context) -> Notice:
    """A notice as it is written, its fragments put in; the same notice if it has no directives.

    If a fragment or a loop is missing, no fragment is put in; the findings of its structure say why.
    """
    read = structure(notice, context)
    if read is None or not read.broken:
        return notice if read is None else assembled(read)
    expansion = Expansion()
    expansion.root, expansion.structure = notice.document.root, read
    return notice_of(read, expansion)


def skeleton(structure: Structure) -> Notice:
    """The notice with its fragments put in and its directives as members of their objects: what a reviewer has seen."""
    document = structure.notice.document._replace(root=_kept(structure.part))
    return notices.read(document)


def as_reviewed(notice: Notice, context: Context) -> Notice:
    """What a reviewer has seen of a notice (see `skeleton`); the same notice if it has no directives."""
    read = structure(notice, context)
    return notice if read is None or read.broken else skeleton(read)


def _kept(part: Part) -> Node:
    if isinstance(part, Plain):
        return part.node
    if isinstance(part, Included):
        return _kept(part.part)
    if isinstance(part, Members):
        pairs = [(key, _kept(member)) for key, member in part.members]
        return Mapping("", pairs, part.node.start_mark, part.node.end_mark, part.node.flow_style)
    return _list(part)


def _list(part: Entries) -> Node:
    node = part.node
    return type(node)("", [_entry(entry) for entry in part.entries], node.start_mark, node.end_mark, node.flow_style)


def _entry(entry: EntryPart) -> Node:
    node = _kept(entry.part)
    if not entry.steps or not isinstance(node, Mapping):
        return node
    pairs: list[tuple[Node, Node]] = []
    for step in entry.steps:
        name = FOR if isinstance(step, Loop) else IF
        while any(key.value == name for key, _ in pairs):
            name += "+"  # that of the fragment itself, behind those of the object that includes it
        text = _words(step)
        pairs.append((_scalar(name, step.where.start), Scalar("", text, step.node.start_mark, step.node.end_mark, '"')))
    return Mapping("", [*pairs, *node.value], node.start_mark, node.end_mark, node.flow_style)


def _words(step: Loop | Condition) -> str:
    """A directive as an approval keeps it: spaces and braces make no difference."""
    text = step.node.value if isinstance(step, Loop) else step.text
    return " ".join(text.replace("{{", " ").replace("}}", " ").split())


def _scalar(name: str, offset: int) -> Scalar:
    return Scalar("", name, mark(offset), mark(offset), '"')
