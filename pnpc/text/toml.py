"""TOML read to the same nodes as YAML, so that a config is checked like a spec, with places. The only door to tomllib."""

from collections.abc import Iterator
from re import MULTILINE
from typing import Any

from pnpc.text.finding import Finding
from pnpc.text.lazy import regex
from pnpc.text.nodes import Document, Mapping, Node, Scalar, Sequence, Unreadable, mark
from pnpc.text.path import Path
from pnpc.text.source import Position, Source, Span

_PART = r"(?:[A-Za-z0-9_-]+|\"[^\"\r\n]*\"|'[^'\r\n]*')"
_LINE = regex(
    rf"^[ \t]*(?:\[\[?[ \t]*({_PART}(?:[ \t]*\.[ \t]*{_PART})*)[ \t]*\]|({_PART}(?:[ \t]*\.[ \t]*{_PART})*)[ \t]*=[ \t]*)",
    MULTILINE,
)
_ONE = regex(_PART)
_AT = regex(r"\(at (?:line (\d+), column (\d+)|end of document)\)")


def read(source: Source, table: tuple[str, ...] = ()) -> Document:
    """The document of a TOML text, or of one table of it (empty if the table is not there).

    Places of values are found by their text: exact for keys, near enough for what stands inside lists.
    Raises Unreadable for what is no TOML.
    """
    import tomllib  # 5 ms that a project without a config does not pay

    try:
        data: Any = tomllib.loads(source.text.replace("\r\n", "\n"))
    except tomllib.TOMLDecodeError as error:
        found = _AT.search(str(error))
        line, column = (int(found[1]), int(found[2])) if found and found[1] else (len(source.starts), 1)
        offset = source.offset(Position(line, column))
        message = f"not valid TOML: {_AT.sub('', str(error)).strip().lower()}"
        raise Unreadable(Finding(Span(offset, offset + 1), message, rule="bad-config")) from None
    places = dict(_places(source))
    for step in table:
        data = data.get(step, {}) if isinstance(data, dict) else {}
    return Document(source, 0, _node(data, table, places, source, Span(0, 0)), json=True)


def _places(source: Source) -> Iterator[tuple[Path, Span]]:
    """Each key's path and span, by its line; a line inside a multi-line text may pass for one, and finds no value."""
    table: tuple[str, ...] = ()
    for found in _LINE.finditer(source.text):
        group = 1 if found[1] else 2
        parts = tuple(part.strip("\"'") for part in _ONE.findall(found[group]))
        if group == 1:
            table = parts
        yield (*table, *parts) if group == 2 else table, Span(found.start(group), found.end(group))


def _node(data: Any, path: Path, places: dict[Path, Span], source: Source, near: Span) -> Node:
    key = places.get(path, near)
    if isinstance(data, dict):
        pairs = []
        for name, value in data.items():
            its_key = places.get((*path, name), key)
            pairs.append((_scalar(name, its_key), _node(value, (*path, name), places, source, its_key)))
        return Mapping("", pairs, mark(key.start), mark(key.end), True)
    if isinstance(data, list):
        items = [
            _node(item, (*path, index), places, source, _item(item, source, key)) for index, item in enumerate(data)
        ]
        return Sequence("", items, mark(key.start), mark(key.end), True)
    return _scalar(data, _item(data, source, key))


def _item(data: Any, source: Source, key: Span) -> Span:
    """Where a value's text stands after its key; the key's own span if it can't be found."""
    if isinstance(data, str):
        for quote in ('"', "'"):
            at = source.text.find(f"{quote}{data}{quote}", key.end)
            if data and at >= 0:
                return Span(at, at + len(data) + 2)
    return key


def _scalar(data: Any, span: Span) -> Scalar:
    if isinstance(data, str):
        return Scalar("", data, mark(span.start), mark(span.end), '"')
    text = str(data).lower() if isinstance(data, bool) else str(data)
    return Scalar("", text, mark(span.start), mark(span.end), None)
