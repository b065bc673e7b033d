"""Offsets inside a YAML scalar: where each decoded character stands in the text as written."""

from pnpc.text.lazy import regex
from pnpc.text.nodes import Scalar, end
from pnpc.text.properties import first as begins
from pnpc.text.source import Source, Span

_FOLD = regex(r"[ \t]*((?:\r\n|\r|\n)[ \t]*)+")
_BREAK = regex(r"\r\n|\r|\n")
_ESCAPE = regex(
    r"\\(?:x[0-9a-fA-F]{2}|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^\r\n])"
)
_ESCAPED_BREAK = regex(r"\\(?:\r\n|\r|\n)[ \t]*")
_HEADER = regex(r"[|>][-+0-9]*[^\r\n]*(?:\r\n|\r|\n|$)")


def within(source: Source, scalar: Scalar, first: int, last: int) -> Span:
    """The span of the decoded characters `first` (inclusive) to `last` (exclusive) of a scalar.

    Exact for visible characters in all five styles; blanks inside folds and indentation are approximate.
    """
    offsets = _remembered(source, scalar)
    base = begins(source.text, scalar)
    begin = offsets[min(first, len(offsets) - 1)]
    if last <= first:
        return Span(base + begin, base + begin)
    final = offsets[min(last, len(offsets) - 1)]
    # A character's end is the next one's start, unless a fold or an indentation lies between.
    before = offsets[min(last, len(offsets) - 1) - 1]
    raw = source.text[base + before : base + final]
    stop = before + len(raw.rstrip("\r\n \t")) if raw.strip("\r\n \t") else final
    return Span(base + begin, base + max(stop, begin))


_last: tuple[Source, Scalar, list[int]] | None = None


def _remembered(source: Source, scalar: Scalar) -> list[int]:
    """The offsets of a scalar; of the last one again for nothing, for a text may hold many mistakes."""
    global _last
    if _last is None or _last[0] is not source or _last[1] is not scalar:
        raw = source.text[begins(source.text, scalar) : end(scalar)]
        _last = (source, scalar, _offsets(raw, scalar.value, scalar.style or ""))
    return _last[2]


def _offsets(raw: str, decoded: str, style: str) -> list[int]:
    """For each decoded character, and the end, its offset in `raw`."""
    if style in ("|", ">"):
        return _block(raw, decoded)
    return _flow(raw, decoded, style)


def _flow(raw: str, decoded: str, style: str) -> list[int]:
    offsets: list[int] = []
    at = 1 if style else 0
    index = 0
    while index < len(decoded):
        escaped_break = _ESCAPED_BREAK.match(raw, at) if style == '"' else None
        if escaped_break:
            at = escaped_break.end()
            continue
        fold = _FOLD.match(raw, at)
        if fold and decoded[index] in " \n":
            breaks = len(_BREAK.findall(fold[0]))
            width = 1 if breaks == 1 else breaks - 1
            offsets.extend([at] * min(width, len(decoded) - index))
            index += width
            at = fold.end()
            continue
        offsets.append(at)
        index += 1
        at += _width(raw, at, style)
    offsets.append(min(at, len(raw)))
    return offsets


def _width(raw: str, at: int, style: str) -> int:
    """How many raw characters the decoded character at `at` takes."""
    if style == '"' and raw.startswith("\\", at):
        escape = _ESCAPE.match(raw, at)
        return len(escape[0]) if escape else 1
    if style == "'" and raw.startswith("''", at):
        return 2
    return 1


def _block(raw: str, decoded: str) -> list[int]:
    header = _HEADER.match(raw)
    at = header.end() if header else 0
    indent = _indent(raw, at, decoded)
    offsets: list[int] = []
    index = 0
    at = _skip_indent(raw, at, indent)
    while index < len(decoded):
        if not _BREAK.match(raw, at):
            offsets.append(min(at, len(raw)))
            index += 1
            at += 1
            continue
        width = 1 if decoded[index] == " " else _run(decoded, index)
        offsets.extend([at] * width)
        index += width
        while found := _BREAK.match(raw, at):
            at = _skip_indent(raw, found.end(), indent)
    offsets.append(min(at, len(raw)))
    return offsets


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
