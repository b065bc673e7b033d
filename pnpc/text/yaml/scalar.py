"""Offsets inside a YAML scalar: the place of each decoded character in the text as it is written."""

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
# What is written differently from what it means, by the style of the scalar.
_ODD = {'"': regex(r"[\\\r\n]"), "'": regex(r"''|[\r\n]"), "": regex(r"[\r\n]")}
_ESCAPED_BREAK = regex(r"\\(?:\r\n|\r|\n)[ \t]*")
_HEADER = regex(r"[|>][-+0-9]*[^\r\n]*(?:\r\n|\r|\n|$)")


def within(source: Source, scalar: Scalar, first: int, last: int) -> Span:
    """The span of the decoded characters `first` (inclusive) to `last` (exclusive) of a scalar, in code points.

    Exact for visible characters in all five styles, approximate for spaces at folded lines and in indentation.
    """
    offsets = _remembered(source, scalar)
    base = begins(source.text, scalar)
    begin = offsets.of(first)
    if last <= first:
        return Span(base + begin, base + begin)
    final = offsets.of(last)
    # A character ends where the next one starts, unless a folded line or indentation is between them.
    before = offsets.of(min(last, offsets.total) - 1)
    raw = source.text[base + before : base + final]
    stop = before + len(raw.rstrip("\r\n \t")) if raw.strip("\r\n \t") else final
    return Span(base + begin, base + max(stop, begin))


class _Offsets:
    """The offset of each decoded character in the text as it is written.

    Only characters that do not directly follow the previous one are stored: a scalar may fill a whole file, and nearly
    all of its characters mean themselves.
    """

    def __init__(self, total: int, most: int) -> None:
        self.total = total  # decoded characters
        self._most = most  # raw characters
        self._indexes: list[int] = []
        self._places: list[int] = []

    def add(self, index: int, at: int) -> None:
        """Store the offset of a decoded character; those after it follow directly, up to the next one that is added."""
        self._indexes.append(index)
        self._places.append(at)

    def of(self, index: int) -> int:
        """The offset of a decoded character; for an index after the last one, the offset of the end."""
        index = min(index, self.total)
        known = bisect_right(self._indexes, index) - 1
        return min(self._places[known] + index - self._indexes[known], self._most)


_last: tuple[Source, Scalar, _Offsets] | None = None


def _remembered(source: Source, scalar: Scalar) -> _Offsets:
    """The offsets of a scalar. Those of the last one are kept, because one scalar may have many mistakes."""
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
        white = len(raw[at : odd.start()]) - len(raw[at : odd.start()].rstrip(" \t")) if is_break else 0
        before = odd.start() - white - at  # characters that mean themselves
        index, at = index + before, at + before
        if index >= len(decoded):
            return
        index, at = _odd(raw, decoded, style, index, at, offsets)
        offsets.add(index, at)


def _odd(raw: str, decoded: str, style: str, index: int, at: int, offsets: _Offsets) -> tuple[int, int]:
    """Skip a folded line or an escape; returns the index and the offset of the next character."""
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
    """How many characters as written the decoded character at `at` takes."""
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
        line_break = _BREAK.search(raw, at)
        if line_break is None:
            return
        index, at = index + line_break.start() - at, line_break.start()
        if index >= len(decoded):
            return
        width = 1 if decoded[index] == " " else _run(decoded, index)
        for more in range(width):
            offsets.add(index + more, at)
        index += width
        while line_break := _BREAK.match(raw, at):
            at = _skip_indent(raw, line_break.end(), indent)
        offsets.add(index, at)


def _run(decoded: str, index: int) -> int:
    stop = index
    while stop < len(decoded) and decoded[stop] == "\n":
        stop += 1
    return max(1, stop - index)


def _indent(raw: str, at: int, decoded: str) -> int:
    """The indentation that YAML removes from each line: that of the first line with text, minus the spaces that it keeps."""
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
