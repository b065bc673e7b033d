"""JSON Lines read to documents: one a line, empty lines left out, positions in the whole text."""

from collections.abc import Iterator

from pnpc.text.document import MAX_DOCUMENTS, Document, Unreadable, refuse_large, shift
from pnpc.text.finding import Finding
from pnpc.text.json.reader import read as read_json
from pnpc.text.source import Source, Span
from pnpc.text.wording import says

_WHITE_SPACE = " \t\r"


def read(source: Source) -> Iterator[Document]:
    """The documents of a text, one by one; for an empty text one without a root.

    Raises Unreadable at the first line that is not JSON.
    """
    refuse_large(source)
    begin = number = 0
    for line in source.text.split("\n"):
        if line.strip(_WHITE_SPACE):
            if number == MAX_DOCUMENTS:
                message = says("the file has more than {limit:,} lines", limit=MAX_DOCUMENTS)
                raise Unreadable(Finding(Span(0, 0), message, rule="input-too-large"))
            yield _line(source, line, begin, number)
            number += 1
        begin += len(line) + 1
    if not number:
        yield Document(source, 0, None, json=True)


def _line(source: Source, line: str, begin: int, number: int) -> Document:
    """The document of a line; `begin` is the offset of the line."""
    try:
        root = read_json(Source(source.name, line)).root
    except Unreadable as error:
        where = error.finding.where
        assert isinstance(where, Span)
        moved = error.finding._replace(where=Span(where.start + begin, where.end + begin))
        raise Unreadable(moved) from None
    shift(root, lambda offset: offset + begin)
    return Document(source, number, root, json=True)
