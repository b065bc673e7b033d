"""Where the fields of a record stand in its file: worked out for mistakes only."""

import json
from collections.abc import Callable
from re import compile as regex
from re import escape

from pnpc.text.finding import Range
from pnpc.text.source import Position, Source


def locator(text: str, line: int, columns: tuple[str, ...], delimiter: str) -> Callable[[str | None], Range]:
    """Finds the columns of a CSV record, whose text begins at a line of the file."""

    def locate(column: str | None) -> Range:
        return at_field(text, line, columns.index(column), delimiter) if column in columns else at_line(line)

    return locate


def at_field(text: str, line: int, index: int, delimiter: str) -> Range:
    """Where a record's field stands: read again with an eye on the columns, which is done for mistakes only."""
    field = regex(rf'"(?:[^"]|"")*"|[^{escape(delimiter)}\r\n]*')
    at = 0
    for _ in range(index):
        match = field.match(text, at)
        at = min(match.end() + 1, len(text)) if match else at
    match = field.match(text, at)
    source = Source("", text)
    start, end = source.position(at), source.position(match.end() if match else at)
    return Range(Position(start.line + line - 1, start.column), Position(end.line + line - 1, end.column))


def key_locator(line: str, number: int) -> Callable[[str | None], Range]:
    """Finds the keys of a JSONL record, which is a line of the file."""

    def locate(column: str | None) -> Range:
        if column is None:
            return at_line(number)
        return at_line(number, max(0, line.find(json.dumps(column, ensure_ascii=False))) + 1)

    return locate


def at_line(line: int, column: int = 1) -> Range:
    """A place of a file."""
    return Range(Position(line, column), Position(line, column))
