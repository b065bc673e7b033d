"""TOML read to the same nodes as YAML, so that a config is checked like a spec. Only this module imports tomllib."""

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
_ONE_PART = regex(_PART)
_DIGITS = regex(r"[0-9_]{4000,}")
_MOST_PARTS = 50  # of a dotted key
_LONG_KEY = regex(rf"(?<![A-Za-z0-9_-])(?:(?:[A-Za-z0-9_-]++|{_QUOTED})[ \t]*+\.[ \t]*+){{{_MOST_PARTS}}}")
MAX_CHARACTERS = 200_000  # code points of a config or pyproject.toml
_AT = regex(r"\(at (?:line (\d+), column (\d+)|end of document)\)")


def read(source: Source, table: tuple[str, ...] = ()) -> Document:
    """The document of a TOML text, or of one `table` of it (empty if the table is not there).

    tomllib gives no positions, so they are searched in the text: exact for keys, approximate for values inside lists.
    Raises Unreadable for an invalid text, and for one that would take too long.
    """
    with patterns_at_first_use():
        import tomllib  # takes 5 ms, and only a project with a config needs it

    _refuse_what_takes_too_long(source)
    try:
        data: Any = tomllib.loads(source.text.replace("\r\n", "\n"))
    except RecursionError:
        raise _unreadable(Span(0, 0), says("more than {limit} levels deep", limit=MAX_DEPTH)) from None
    except tomllib.TOMLDecodeError as error:
        match = _AT.search(str(error))
        line, column = (int(match[1]), int(match[2])) if match and match[1] else (len(source.starts), 1)
        offset = source.offset(Position(line, column))
        raise _unreadable(
            Span(offset, offset + 1),
            says("not valid TOML: {problem}", problem=as_written(_AT.sub("", str(error)).strip().lower())),
        ) from None
    except ValueError:  # Python's limit of digits, which the library does not catch
        long = _DIGITS.search(source.text)
        raise _unreadable(Span(*long.span()) if long else Span(0, 0), says("a number has too many digits")) from None
    places = _Places(source)
    for step in table:
        data = data.get(step, {}) if isinstance(data, dict) else {}
    return Document(source, 0, _node(data, table, places, Span(0, 0)), json=True)


def _refuse_what_takes_too_long(source: Source) -> None:
    """Raise Unreadable for a text or a key that is too long: the time of the library for a key, and ours for positions,
    grows with the square of the length."""
    if len(source.text) > MAX_CHARACTERS:
        raise _unreadable(
            Span(0, 0),
            says("the file has {length:,} characters, limit {limit:,}", length=len(source.text), limit=MAX_CHARACTERS),
        )
    # The count comes first because the pattern takes long to compile and hardly any config has 50 dots.
    long = _LONG_KEY.search(source.text) if source.text.count(".") >= _MOST_PARTS else None
    if long is not None:
        raise _unreadable(
            Span(long.start(), long.start() + 1), says("a key of more than {limit} parts", limit=_MOST_PARTS)
        )


def _unreadable(where: Span, message: Said) -> Unreadable:
    return Unreadable(Finding(where, message, rule="bad-config"))


class _Places:
    """The positions of a text's keys, found by their lines, and of its values, found by their text.

    A line inside a multi-line text may look like a key; it does no harm, because no value has its path.
    """

    def __init__(self, source: Source) -> None:
        self._keys: dict[Path, Span] = {}
        self._texts: dict[str, list[int]] = {}
        table: tuple[str, ...] = ()
        for match in _LINE.finditer(source.text):
            group = 1 if match[1] else 2
            parts = tuple(part.strip("\"'") for part in _ONE_PART.findall(match[group]))
            if group == 1:
                table = parts
            path = (*table, *parts) if group == 2 else table
            self._keys[path] = Span(match.start(group), match.end(group))
        for match in _TEXT.finditer(source.text):
            self._texts.setdefault(match[0][1:-1], []).append(match.start())

    def key(self, path: Path, near: Span) -> Span:
        """The span of a key; `near` if it is not known."""
        return self._keys.get(path, near)

    def value(self, data: Any, key: Span) -> Span:
        """The span of a value's text after its key; the key's own span if it is not known."""
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
    except ValueError:  # Python reads a hexadecimal number of any length, but can't write it as a decimal one
        raise _unreadable(span, says("a number has too many digits")) from None
    return Scalar("", text, mark(span.start), mark(span.end), None)
