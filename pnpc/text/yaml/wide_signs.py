"""Characters that Japanese, Thai and Chinese keyboards write where YAML needs its own: seen in keys and in broken lines."""

from typing import NamedTuple

from pnpc.text.lazy import regex
from pnpc.text.source import Source, Span
from pnpc.text.wording import Said, as_written, says

_SPACES = "\u00a0\u2002-\u200b\u202f\u205f\u3000\ufeff"  # that are no space to YAML
_MARK = "\ufeff"  # a byte order mark, which begins a file
SPACE_NAMES = {"\u00a0": "a no-break space", "\u3000": "an ideographic space", "\u200b": "a zero width space"}
_SIGNS = {
    "：": "a full-width colon",
    "，": "a full-width comma",
    "、": "an ideographic comma",
    "－": "a full-width hyphen",
    "“": "a typographic quote",
    "”": "a typographic quote",
    "‘": "a typographic quote",
    "’": "a typographic quote",
    "„": "a typographic quote",
    "＂": "a full-width quote",
}
_WRITE = {"：": "`: `", "，": "`, `", "、": "`, `", "－": "`- `"}
_QUOTE = '`"`'  # what every kind of quote is meant for

_INDENTATION = regex(rf"[ ]*([{_SPACES}]+)")
_COLON = regex(r"[ ]*(?:- +)?[A-Za-z0-9_$.-]+(：)")
# Inside { }: after the first key, or before the next one.
_IN_FLOW = regex(r"[{,][ ]*[A-Za-z$]\w*(?P<colon>：)|(?P<comma>[，、])[ \u3000]*[A-Za-z$]\w*[ ]?[:：]")
# Where a value begins, before a sign that means something to YAML outside quotes only.
_QUOTED = regex(r"(?:[:,\[{]|^[ ]*-)[ ]+([“”‘’„＂])(?=[^“”‘’„＂]*[{}\[\],:#])")
_DASH = regex(r"[ ]*(－)[ \u3000]")


class Lookalike(NamedTuple):
    """Where such a character stands (offsets in the source), what is said of it, and what to write instead."""

    span: Span
    message: Said
    help: Said


def in_lines(source: Source, first: int, last: int) -> Lookalike | None:
    """The first such character in the lines from `first` to `last` (1-based), where it can only be a slip."""
    for number in range(max(1, first), last + 1):
        line = source.line(number)
        if not line.isascii() and (found := _in_line(line)):
            return found._replace(span=Span(*(source.starts[number - 1] + at for at in found.span)))
    return None


def _in_line(line: str) -> Lookalike | None:
    if found := _INDENTATION.match(line):
        return _space(found[1], found.start(1))
    for pattern in (_COLON, _DASH):
        if found := pattern.match(line):
            return _sign(found[1], found.start(1))
    found = _IN_FLOW.search(line) if "{" in line else None
    if found and found.lastgroup:
        return _sign(found[found.lastgroup], found.start(found.lastgroup))
    quoted = _QUOTED.search(line)
    return _sign(quoted[1], quoted.start(1)) if quoted else None


def in_key(key: str) -> Said | None:
    """What is said of a key that begins with such a space or holds such a sign, and what to write instead."""
    found = _INDENTATION.match(key)
    if found:
        lookalike = _space(found[1], 0)
    elif sign := next((character for character in key if character in _SIGNS), None):
        lookalike = _sign(sign, 0)
    else:
        return None
    return says("{message}; {help}", message=lookalike.message, help=lookalike.help)


def _space(spaces: str, at: int) -> Lookalike:
    if spaces[0] == _MARK:
        message = says("a byte order mark (U+FEFF) inside the file: two files were joined here")
        return Lookalike(Span(at, at + len(spaces)), message, says("remove it"))
    name = SPACE_NAMES.get(spaces[0], "a space that YAML does not know")
    message = says("{name} (U+{code_point:04X}) in the indentation", name=as_written(name), code_point=ord(spaces[0]))
    return Lookalike(Span(at, at + len(spaces)), message, says("indent with half-width (ASCII) spaces"))


def _sign(sign: str, at: int) -> Lookalike:
    return Lookalike(
        Span(at, at + 1),
        says("`{sign}` is {name}, which means nothing to YAML", sign=sign, name=as_written(_SIGNS[sign])),
        says("write {instead}", instead=_WRITE.get(sign, _QUOTE)),
    )
