"""Offsets inside a YAML scalar: where each decoded character stands in the text as written."""

from bisect import bisect_right

from pnpc.text.document import Scalar, end
from pnpc.text.lazy import regex
from pnpc.text.source import Source, Span
from pnpc.text.yaml.properties import first as begins

_FOLD = regex(r"[ \t]*(?:(?:\r\n|\r|\n)[ \t]*)+")
_BREAK = regex(r"\r\n|\r|\n")
_ESCAPE = regex(
    r"\\(?:x[0-9a-fA-F]{2}|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^\r\n])"
)
# What does not stand for itself in a scalar, by its style.
_ODD = {'"': regex(r"[\\\r\n]"), "'": regex(r"''|[\r\n]"), "": regex(r"[\r\n]")}
_ESCAPED_BREAK = regex(r"\\(?:\r\n|\r|\n)[ \t]*")
_HEADER = regex(r"[|>][-+0-9]*[^\r\n]*(?:\r\n|\r|\n|$)")


def within(source: Source, scalar: Scalar, first: int, last: int) -> Span:
    """The span of the decoded characters `first` (inclusive) to `last` (exclusive) of a scalar.

    Exact for visible characters in all five styles; blanks inside folds and indentation are approximate.
    """
    offsets = _remembered(source, scalar)
    base = begins(source.text, scalar)
    begin = offsets.of(first)
    if last <= first:
        return Span(base + begin, base + begin)
    final = offsets.of(last)
    # A character's end is the next one's start, unless a fold or an indentation lies between.
    before = offsets.of(min(last, offsets.total) - 1)
    raw = source.text[base + before : base + final]
    stop = before + len(raw.rstrip("\r\n \t")) if raw.strip("\r\n \t") else final
    return Span(base + begin, base + max(stop, begin))


class _Offsets:
    """Where each decoded character stands in the text as written: only those are kept that do not follow the one before.

    A scalar may hold a whole file, and nearly all of its characters stand for themselves.
    """

    def __init__(self, total: int, most: int) -> None:
        self.total = total  # decoded characters
        self._most = most  # raw characters
        self._indexes: list[int] = []
        self._places: list[int] = []

    def add(self, index: int, at: int) -> None:
        """A decoded character and its offset; those after it follow, each one further, until the next that is added."""
        self._indexes.append(index)
        self._places.append(at)

    def of(self, index: int) -> int:
        """The offset of a decoded character; of the end for any index behind it."""
        index = min(index, self.total)
        known = bisect_right(self._indexes, index) - 1
        return min(self._places[known] + index - self._indexes[known], self._most)


_last: tuple[Source, Scalar, _Offsets] | None = None


def _remembered(source: Source, scalar: Scalar) -> _Offsets:
    """The offsets of a scalar; of the last one again for nothing, for a text may hold many mistakes."""
    global _last
    if _last is None or _last[0] is not source or _last[1] is not scalar:
        raw = source.text[begins(source.text, scalar) : end(scalar)]
        _last = (source, scalar, _offsets(raw, scalar.value, scalar.style or ""))
    return _last[2]


def _offsets(raw: str, decoded: str, style: str) -> _Offsets:
    offsets = _Offsets(len(decoded), len(raw))
    if style in ("|", ">"):
        _block(raw, decoded, offsets)
    else:
        _flow(raw, decoded, style, offsets)
    return offsets


def _flow(raw: str, decoded: str, style: str, offsets: _Offsets) -> None:
    at = 1 if style else 0
    index = 0
    offsets.add(index, at)
    while index < len(decoded):
        odd = _ODD[style].search(raw, at)
        if odd is None:
            return
        is_break = odd[0] in "\r\n"
        blanks = len(raw[at : odd.start()]) - len(raw[at : odd.start()].rstrip(" \t")) if is_break else 0
        before = odd.start() - blanks - at  # characters that stand for themselves
        index, at = index + before, at + before
        if index >= len(decoded):
            return
        index, at = _odd(raw, decoded, style, index, at, offsets)
        offsets.add(index, at)


def _odd(raw: str, decoded: str, style: str, index: int, at: int, offsets: _Offsets) -> tuple[int, int]:
    """Pass over a fold or an escape; gives the next character's index and offset."""
    escaped_break = _ESCAPED_BREAK.match(raw, at) if style == '"' else None
    if escaped_break:
        return index, escaped_break.end()
    fold = _FOLD.match(raw, at)
    if fold is None or decoded[index] not in " \n":
        return index + 1, at + _width(raw, at, style)
    breaks = len(_BREAK.findall(fold[0]))
    width = min(1 if breaks == 1 else breaks - 1, len(decoded) - index)
    for more in range(width):
        offsets.add(index + more, at)
    return index + width, fold.end()


def _width(raw: str, at: int, style: str) -> int:
    """How many raw characters the decoded character at `at` takes."""
    if style == '"' and raw.startswith("\\", at):
        escape = _ESCAPE.match(raw, at)
        return len(escape[0]) if escape else 1
    if style == "'" and raw.startswith("''", at):
        return 2
    return 1


def _block(raw: str, decoded: str, offsets: _Offsets) -> None:
    header = _HEADER.match(raw)
    at = header.end() if header else 0
    indent = _indent(raw, at, decoded)
    index = 0
    at = _skip_indent(raw, at, indent)
    offsets.add(index, at)
    while index < len(decoded):
        found = _BREAK.search(raw, at)
        if found is None:
            return
        index, at = index + found.start() - at, found.start()
        if index >= len(decoded):
            return
        width = 1 if decoded[index] == " " else _run(decoded, index)
        for more in range(width):
            offsets.add(index + more, at)
        index += width
        while found := _BREAK.match(raw, at):
            at = _skip_indent(raw, found.end(), indent)
        offsets.add(index, at)


def _run(decoded: str, index: int) -> int:
    stop = index
    while stop < len(decoded) and decoded[stop] == "\n":
        stop += 1
    return max(1, stop - index)


def _indent(raw: str, at: int, decoded: str) -> int:
    """The indentation that YAML takes off each line: the first visible line's, less the blanks it keeps."""
    kept = next((len(line) - len(line.lstrip(" ")) for line in decoded.split("\n") if line.strip(" ")), 0)
    for line in _BREAK.split(raw[at:]):
        if line.strip(" "):
            return len(line) - len(line.lstrip(" ")) - kept
    return 0


def _skip_indent(raw: str, at: int, indent: int) -> int:
    stop = at
    while stop < len(raw) and stop - at < indent and raw[stop] == " ":
        stop += 1
    return stop
