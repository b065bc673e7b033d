"""Texts read to nodes with positions: JSON by `pnpc.text.json.reader`, YAML by libyaml. No other module reads them.

Scalars stay text: what a plain `no` or `012` means is decided by the grammar (see `pnpc.text.values`).
"""

from bisect import bisect_right
from collections.abc import Iterator
from operator import is_
from typing import Any

from yaml.error import MarkedYAMLError, YAMLError
from yaml.reader import ReaderError

from pnpc.text.document import (
    MAX_DEPTH,
    MAX_DOCUMENTS,
    MAX_NODES,
    Document,
    Mapping,
    Node,
    Scalar,
    Sequence,
    Unreadable,
    children_of,
    refuse_large,
    shift,
    start,
    too_deep,
)
from pnpc.text.finding import Finding
from pnpc.text.lazy import regex
from pnpc.text.source import Source, Span, is_json, is_json_lines
from pnpc.text.wording import as_written, says
from pnpc.text.yaml.survey import needs_survey, openers_of

try:
    from yaml._yaml import CParser
except ImportError as error:  # pragma: no cover - a PyYAML built without libyaml
    raise ImportError("pnpc needs PyYAML with libyaml: install a binary wheel of pyyaml") from error

# With more levels than this, libyaml's recursion could overflow the C stack (it crashes above 20,000): count first.
_RECURSION_IS_SAFE = 2_000
_TOO_DEEP = too_deep(Span(0, 0)).finding
_SURROGATES = regex(r"(?<!\\)((?:\\\\)*)\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")


class _Composer(CParser):
    """libyaml's composer without PyYAML's implicit types: every untagged node has the tag ''."""

    # Called for every node, so these are C functions, which accept the arguments and do nothing.
    descend_resolver = staticmethod(is_)
    ascend_resolver = staticmethod(tuple)

    def resolve(self, kind: object, value: object, implicit: object) -> str:  # noqa: ARG002
        return ""


def read_json(source: Source) -> Document:
    """The document of a text that is known to be JSON; its root is None if the text is empty or white space.

    Raises Unreadable.
    """
    from pnpc.text.json.reader import read  # most files are YAML

    return read(source)


def compose(source: Source) -> Iterator[Document]:
    """The documents of a source, one by one. Raises Unreadable at the first fault of the text.

    The name decides the format: JSON (`.json`), JSON Lines (`.jsonl`, `.ndjson`) or YAML (`.yaml`, `.yml`). A text with
    any other name is JSON if it is valid JSON, otherwise YAML.
    """
    name = source.name
    if name.endswith((".yaml", ".yml")):  # first, because most names do
        yield from _yaml(source)
    elif is_json(name):
        yield read_json(source)
    elif is_json_lines(name):
        from pnpc.text.json.lines import read as read_lines  # most files are YAML

        yield from read_lines(source)
    elif not source.text.lstrip().startswith(("{", "[")) or name.lower().endswith((".yaml", ".yml")):
        yield from _yaml(source)
    else:
        try:
            document = read_json(source)
        except Unreadable:
            yield from _yaml(source)
        else:
            yield document


def _yaml(source: Source) -> Iterator[Document]:
    text = source.text
    refuse_large(source)
    if text.startswith("\ufeff"):  # libyaml would skip it without counting it, and all marks would be off by one
        message = says("a second byte order mark (U+FEFF)")
        raise Unreadable(Finding(Span(0, 1), message, says("remove it"), rule="control-character"))
    try:
        openers = openers_of(text)
        if openers > _RECURSION_IS_SAFE and _is_deep(source):
            raise Unreadable(_TOO_DEEP)
        yield from _documents(source, openers)
    except YAMLError as error:
        if "\\u" in text and _SURROGATES.search(text):
            yield from _with_surrogates(source)
        else:
            raise Unreadable(_finding(source, error)) from None
    except UnicodeEncodeError as error:
        message = says(
            "half a surrogate pair (U+{code_point:04X}), which is not a character", code_point=ord(text[error.start])
        )
        raise Unreadable(Finding(Span(error.start, error.end), message, rule="control-character")) from None


def _documents(source: Source, openers: int) -> Iterator[Document]:
    composer = _Composer(source.text)
    index = 0
    survey = needs_survey(source.text, openers)
    while composer.check_node():
        root = composer.get_node()
        if survey and root is not None:
            if "&" in source.text:
                _survey(root)
            else:
                _survey_tree(root, tags="!" in source.text)
        yield Document(source, index, root, json=False)
        index += 1
        if index > MAX_DOCUMENTS:
            message = says("the file has more than {limit:,} documents", limit=MAX_DOCUMENTS)
            raise Unreadable(Finding(Span(0, 0), message, rule="input-too-large"))
    if index == 0:
        yield Document(source, 0, None, json=False)


def _finding(source: Source, error: YAMLError) -> Finding:
    from pnpc.text.yaml.trouble import explain, explain_reader  # needed only for a broken text

    if _is_deep(source):
        return _TOO_DEEP
    if isinstance(error, MarkedYAMLError) and error.problem_mark is not None:
        context = error.context_mark.index if error.context_mark is not None else None
        return explain(source, error.problem or "", error.problem_mark.index, error.context or "", context)
    if isinstance(error, ReaderError):
        before = source.text.encode()[: error.position].decode("utf-8", "ignore")
        return explain_reader(source, len(before), str(error.reason))
    return Finding(Span(0, 0), as_written(str(error)), rule="yaml-syntax")


def _survey_tree(root: Node, *, tags: bool) -> None:
    """Raise Unreadable for a document without aliases that is too deep or, with `tags`, has a tag."""
    level = [root]
    depth = 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise too_deep(_first_line(level[0]))
        below: list[Node] = []
        for node in level:
            if tags and node.tag:
                _refuse_tag(node)
            if node.__class__ is Sequence:
                below += node.value
            elif node.__class__ is Mapping:
                for pair in node.value:
                    below += pair
        level = below if tags else [node for node in below if node.__class__ is not Scalar]
        if below and not level and depth == MAX_DEPTH:
            raise too_deep(_first_line(below[0]))


def _survey(root: Node) -> None:
    """Raise Unreadable for tags, for cycles of aliases, and for what is too deep or too large with its aliases expanded."""
    size: dict[int, tuple[int, int]] = {}  # node id -> (nodes below it with aliases expanded, depth)
    open_nodes: set[int] = set()
    stack: list[tuple[Node, bool]] = [(root, False)]
    while stack:
        node, leaving = stack.pop()
        children = children_of(node)
        if leaving:
            open_nodes.discard(id(node))
            size[id(node)] = _measure(node, [size[id(child)] for child in children])
        elif id(node) in open_nodes:
            raise Unreadable(
                Finding(_first_line(node), says("an alias inside the node that it refers to"), rule="alias-cycle")
            )
        elif id(node) not in size:
            _refuse_tag(node)
            open_nodes.add(id(node))
            stack.append((node, True))
            stack.extend(
                (child, False) for child in reversed(children) if id(child) not in size or id(child) in open_nodes
            )


def _measure(node: Node, below: list[tuple[int, int]]) -> tuple[int, int]:
    count = 1 + sum(size for size, _ in below)
    depth = 1 + max((depth for _, depth in below), default=0)
    if count > MAX_NODES:
        message = says("with its aliases expanded this has more than {limit:,} values", limit=MAX_NODES)
        raise Unreadable(Finding(_first_line(node), message, rule="input-too-large"))
    if depth > MAX_DEPTH:
        raise too_deep(_first_line(node))
    return count, depth


def _first_line(node: Node) -> Span:
    return Span(start(node), start(node) + 1)


def _refuse_tag(node: Node) -> None:
    if node.tag not in ("", "!"):
        shown = node.tag.replace("tag:yaml.org,2002:", "!!")
        help = says("remove the tag; quote the value if it must stay text")
        raise Unreadable(
            Finding(_first_line(node), says("the tag `{tag}` is not supported", tag=shown), help, rule="yaml-tag")
        )


def _is_deep(source: Source) -> bool:
    """Whether a text has more than MAX_DEPTH levels, by its events; libyaml itself may refuse 1,000 levels before that."""
    parser = _Composer(source.text)
    depth = 0
    try:
        while parser.check_event():
            event = type(parser.get_event()).__name__
            depth += event.endswith("StartEvent") - event.endswith("EndEvent")
            if depth > MAX_DEPTH + 2:  # the stream and the document are levels of their own
                return True
    except YAMLError as error:
        return "nesting depth" in str(error)
    return False


def _with_surrogates(source: Source) -> Iterator[Document]:
    """The documents of a text with an emoji as two `\\u` escapes, which JSON requires and libyaml refuses.

    Each pair becomes one `\\U` escape, which is two characters shorter; afterwards the nodes' marks are moved back.
    """
    ends: list[int] = []

    def join(match: Any) -> str:
        high, low = int(match[2], 16), int(match[3], 16)
        joined = f"{match[1]}\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08x}"
        ends.append(match.end() - 2 * (len(ends) + 1))
        return joined

    changed = Source(source.name, _SURROGATES.sub(join, source.text))

    def original(offset: int) -> int:
        return offset + 2 * bisect_right(ends, offset)

    try:
        for document in _documents(changed, openers_of(changed.text)):
            shift(document.root, original)
            yield document._replace(source=source)
    except YAMLError as error:
        finding = _finding(changed, error)
        assert isinstance(finding.where, Span)
        where = Span(original(finding.where.start), original(finding.where.end))
        raise Unreadable(finding._replace(where=where)) from None
