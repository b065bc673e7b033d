"""The fix for a text that can't be read because of expressions without quotes: it quotes all of them or none."""

from collections.abc import Iterator

from pnpc.check.reading import OTHER_MEANING, SHAPE, Again
from pnpc.text.document import Document, Mapping, Node, Scalar, Unreadable
from pnpc.text.edits import repaired, spans
from pnpc.text.finding import Edit, Fix
from pnpc.text.nodes import compose
from pnpc.text.source import Source, Span
from pnpc.text.wording import NOTHING, says
from pnpc.text.yaml.properties import first

_MOST_EXPRESSIONS = 64  # of one text
_MOST_READ = 4_000_000  # characters in all attempts together


def readable(source: Source, fix: Fix, again: Again) -> Fix | None:
    """The fix that quotes the expression at which the reader stops, and all later ones at which it would stop.

    None if the text can't be read even then, or if one of them is not an expression in a place for texts.
    """
    edits = dict(spans(fix))
    for _ in range(min(_MOST_EXPRESSIONS, _MOST_READ // (len(source.text) + 1))):
        whole = fix._replace(edits=tuple(edits.values()))
        quoted = repaired(source, [whole])
        try:
            documents = list(compose(quoted))
        except Unreadable as error:
            more = {_back(span, edits): edit for span, edit in spans(error.finding.fix or Fix(NOTHING, ()))}
            if not more or any(span.start < last.end for span in more for last in edits if span.end > last.start):
                return None
            edits.update((span, edit._replace(where=span)) for span, edit in more.items())
            continue
        title = fix.title if len(edits) == 1 else says("quote these {count} texts", count=len(edits))
        return whole._replace(title=title) if _are_texts(quoted, documents, edits, again) else None
    return None


def _moved(offset: int, edits: dict[Span, Edit]) -> int:
    """The offset in the edited text for an offset in the text before the edits."""
    return offset + sum(len(edit.text) - (span.end - span.start) for span, edit in edits.items() if span.end <= offset)


def _back(span: Span, edits: dict[Span, Edit]) -> Span:
    """The span in the text before the edits for a span in the edited text."""
    grown = 0
    for before in sorted(edits):
        if _moved(before.start, edits) < span.start:
            grown += len(edits[before].text) - (before.end - before.start)
    return Span(span.start - grown, span.end - grown)


def _are_texts(quoted: Source, documents: list[Document], edits: dict[Span, Edit], again: Again) -> bool:
    """Whether each edit has made a text, and no diagnostic about it shows that something else was meant."""
    starts = {_moved(span.start, edits): edit for span, edit in edits.items()}
    read = {
        at: node.value
        for document in documents for node in _scalars(document.root)
        if (at := first(quoted.text, node)) in starts and node.style
    }  # fmt: skip
    texts = [Span(at, at + len(edit.text)) for at, edit in starts.items()]
    return read == {at: edit.reads for at, edit in starts.items()} and not any(
        diagnostic.span.start < text.end and text.start < max(diagnostic.span.end, diagnostic.span.start + 1)
        for diagnostic in again(quoted) if diagnostic.name in OTHER_MEANING or diagnostic.code.startswith(SHAPE)
        for text in texts
    )  # fmt: skip


def _scalars(root: Node | None) -> Iterator[Scalar]:
    seen: set[int] = set()
    stack = [root] if root is not None else []
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Scalar):
            yield node
        else:
            stack += [part for pair in node.value for part in pair] if isinstance(node, Mapping) else node.value
