"""TOML read to the same nodes as YAML, so that a config is checked like a spec, with places. The only door to tomllib."""

from bisect import bisect_left
from re import MULTILINE
from typing import Any

from pnpc.text.document import MAX_DEPTH, Document, Mapping, Node, Scalar, Sequence, Unreadable, mark
from pnpc.text.finding import Finding
from pnpc.text.lazy import patterns_at_first_use, regex
from pnpc.text.path import Path
from pnpc.text.source import Position, Source, Span
from pnpc.text.wording import Said, as_written, says

_QUOTED = r"\"[^\"\r\n]*\"|'[^'\r\n]*'"
_PART = rf"(?:[A-Za-z0-9_-]+|{_QUOTED})"
_TEXT = regex(_QUOTED)
_LINE = regex(
    rf"^[ \t]*(?:\[\[?[ \t]*({_PART}(?:[ \t]*\.[ \t]*{_PART})*)[ \t]*\]|({_PART}(?:[ \t]*\.[ \t]*{_PART})*)[ \t]*=[ \t]*)",
    MULTILINE,
)
_ONE = regex(_PART)
_DIGITS = regex(r"[0-9_]{4000,}")
_MOST_PARTS = 50  # of a dotted key
_LONG_KEY = regex(rf"(?<![A-Za-z0-9_-])(?:(?:[A-Za-z0-9_-]++|{_QUOTED})[ \t]*+\.[ \t]*+){{{_MOST_PARTS}}}")
MAX_CHARACTERS = 200_000  # of a config, a pyproject.toml too
_AT = regex(r"\(at (?:line (\d+), column (\d+)|end of document)\)")


def read(source: Source, table: tuple[str, ...] = ()) -> Document:
    """The document of a TOML text, or of one table of it (empty if the table is not there).

    Places of values are found by their text: exact for keys, near enough for what stands inside lists.
    Raises Unreadable for what is no TOML.
    """
    with patterns_at_first_use():
        import tomllib  # 5 ms that a project without a config does not pay

    _refuse_what_takes_too_long(source)
    try:
        data: Any = tomllib.loads(source.text.replace("\r\n", "\n"))
    except RecursionError:
        raise _unreadable(Span(0, 0), says("more than {limit} levels deep", limit=MAX_DEPTH)) from None
    except tomllib.TOMLDecodeError as error:
        found = _AT.search(str(error))
        line, column = (int(found[1]), int(found[2])) if found and found[1] else (len(source.starts), 1)
        offset = source.offset(Position(line, column))
        raise _unreadable(
            Span(offset, offset + 1),
            says("not valid TOML: {problem}", problem=as_written(_AT.sub("", str(error)).strip().lower())),
        ) from None
    except ValueError:  # Python's own limit of digits; the library lets it through
        long = _DIGITS.search(source.text)
        raise _unreadable(Span(*long.span()) if long else Span(0, 0), says("a number has too many digits")) from None
    places = _Places(source)
    for step in table:
        data = data.get(step, {}) if isinstance(data, dict) else {}
    return Document(source, 0, _node(data, table, places, Span(0, 0)), json=True)


def _refuse_what_takes_too_long(source: Source) -> None:
    """A config is short. The library works through a long key, and we look for places, in the square of the length."""
    if len(source.text) > MAX_CHARACTERS:
        raise _unreadable(
            Span(0, 0),
            says("the file has {length:,} characters, limit {limit:,}", length=len(source.text), limit=MAX_CHARACTERS),
        )
    # The count first: the pattern itself takes long to compile, and hardly any config has so many dots.
    long = _LONG_KEY.search(source.text) if source.text.count(".") >= _MOST_PARTS else None
    if long is not None:
        raise _unreadable(
            Span(long.start(), long.start() + 1), says("a key of more than {limit} parts", limit=_MOST_PARTS)
        )


def _unreadable(where: Span, message: Said) -> Unreadable:
    return Unreadable(Finding(where, message, rule="bad-config"))


class _Places:
    """Where a text has its keys, by their lines, and its values, by their text.

    A line inside a multi-line text may pass for a key, and finds no value.
    """

    def __init__(self, source: Source) -> None:
        self._keys: dict[Path, Span] = {}
        self._texts: dict[str, list[int]] = {}
        table: tuple[str, ...] = ()
        for found in _LINE.finditer(source.text):
            group = 1 if found[1] else 2
            parts = tuple(part.strip("\"'") for part in _ONE.findall(found[group]))
            if group == 1:
                table = parts
            path = (*table, *parts) if group == 2 else table
            self._keys[path] = Span(found.start(group), found.end(group))
        for found in _TEXT.finditer(source.text):
            self._texts.setdefault(found[0][1:-1], []).append(found.start())

    def key(self, path: Path, near: Span) -> Span:
        """A key's span; `near` if it is not known."""
        return self._keys.get(path, near)

    def value(self, data: Any, key: Span) -> Span:
        """Where a value's text stands after its key; the key's own span if it is not known."""
        starts = self._texts.get(data, ()) if isinstance(data, str) else ()
        after = bisect_left(starts, key.end)
        return Span(starts[after], starts[after] + len(data) + 2) if after < len(starts) else key


def _node(data: Any, path: Path, places: _Places, near: Span) -> Node:
    key = places.key(path, near)
    if len(path) > MAX_DEPTH:
        raise _unreadable(near, says("more than {limit} levels deep", limit=MAX_DEPTH))
    if isinstance(data, dict):
        pairs = []
        for name, value in data.items():
            its_key = places.key((*path, name), key)
            pairs.append((_scalar(name, its_key), _node(value, (*path, name), places, its_key)))
        return Mapping("", pairs, mark(key.start), mark(key.end), True)
    if isinstance(data, list):
        items = [_node(item, (*path, index), places, places.value(item, key)) for index, item in enumerate(data)]
        return Sequence("", items, mark(key.start), mark(key.end), True)
    return _scalar(data, places.value(data, key))


def _scalar(data: Any, span: Span) -> Scalar:
    if isinstance(data, str):
        return Scalar("", data, mark(span.start), mark(span.end), '"')
    try:
        text = str(data).lower() if isinstance(data, bool) else str(data)
    except ValueError:  # a hexadecimal number of any length can be read, and not be written
        raise _unreadable(span, says("a number has too many digits")) from None
    return Scalar("", text, mark(span.start), mark(span.end), None)
