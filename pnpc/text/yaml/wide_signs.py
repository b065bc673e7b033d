"""Characters of Japanese, Thai and Chinese keyboards in place of YAML's syntax, in keys and in broken lines."""

from typing import NamedTuple

from pnpc.text.lazy import regex
from pnpc.text.source import Source, Span
from pnpc.text.wording import Said, says

_SPACES = "\u00a0\u2002-\u200b\u202f\u205f\u3000\ufeff"  # YAML does not read these as spaces
_MARK = "\ufeff"  # a byte order mark, which may only begin a file
SPACE_NAMES = {
    "\u00a0": says("a no-break space"), "\u3000": says("an ideographic space"), "\u200b": says("a zero width space"),
}  # fmt: skip
_SIGNS = {
    "：": says("a full-width colon"),
    "，": says("a full-width comma"),
    "、": says("an ideographic comma"),
    "－": says("a full-width hyphen"),
    "“": says("a typographic quote"),
    "”": says("a typographic quote"),
    "‘": says("a typographic quote"),
    "’": says("a typographic quote"),
    "„": says("a typographic quote"),
    "＂": says("a full-width quote"),
}
_WRITE = {"：": "`: `", "，": "`, `", "、": "`, `", "－": "`- `"}
_QUOTE = '`"`'  # what all kinds of quotes are meant as

_INDENTATION = regex(rf"[ ]*([{_SPACES}]+)")
_COLON = regex(r"[ ]*(?:- +)?[A-Za-z0-9_$.-]+(：)")
# Inside { }: after the first key, or before the next one.
_IN_FLOW = regex(r"[{,][ ]*[A-Za-z$]\w*(?P<colon>：)|(?P<comma>[，、])[ \u3000]*[A-Za-z$]\w*[ ]?[:：]")
# At the start of a value that contains a sign which is syntax outside quotes.
_QUOTED = regex(r"(?:[:,\[{]|^[ ]*-)[ ]+([“”‘’„＂])(?=[^“”‘’„＂]*[{}\[\],:#])")
_DASH = regex(r"[ ]*(－)[ \u3000]")


class WideSign(NamedTuple):
    """Such a character: its span in the source, the message about it, and the help."""

    span: Span
    message: Said
    help: Said


def in_lines(source: Source, first: int, last: int) -> WideSign | None:
    """The first such character that can only be a mistake in the lines from `first` to `last` (counted from 1)."""
    for number in range(max(1, first), last + 1):
        line = source.line(number)
        if not line.isascii() and (sign := _in_line(line)):
            return sign._replace(span=Span(*(source.starts[number - 1] + at for at in sign.span)))
    return None


def _in_line(line: str) -> WideSign | None:
    if match := _INDENTATION.match(line):
        return _space(match[1], match.start(1))
    for pattern in (_COLON, _DASH):
        if match := pattern.match(line):
            return _sign(match[1], match.start(1))
    match = _IN_FLOW.search(line) if "{" in line else None
    if match and match.lastgroup:
        return _sign(match[match.lastgroup], match.start(match.lastgroup))
    quoted = _QUOTED.search(line)
    return _sign(quoted[1], quoted.start(1)) if quoted else None


def in_key(key: str) -> Said | None:
    """The message about a key that begins with such a space or contains such a sign, with help; None for other keys."""
    match = _INDENTATION.match(key)
    if match:
        wide = _space(match[1], 0)
    elif sign := next((character for character in key if character in _SIGNS), None):
        wide = _sign(sign, 0)
    else:
        return None
    return says("{message}; {help}", message=wide.message, help=wide.help)


def _space(spaces: str, at: int) -> WideSign:
    if spaces[0] == _MARK:
        message = says("a byte order mark (U+FEFF) inside the file: two files were joined here")
        return WideSign(Span(at, at + len(spaces)), message, says("remove it"))
    name = SPACE_NAMES.get(spaces[0]) or says("a space that YAML does not accept")
    message = says("{name} (U+{code_point:04X}) in the indentation", name=name, code_point=ord(spaces[0]))
    return WideSign(Span(at, at + len(spaces)), message, says("indent with half-width (ASCII) spaces"))


def _sign(sign: str, at: int) -> WideSign:
    return WideSign(
        Span(at, at + 1),
        says("`{sign}` is {name}, which YAML reads as ordinary text", sign=sign, name=_SIGNS[sign]),
        says("write {instead}", instead=_WRITE.get(sign, _QUOTE)),
    )
