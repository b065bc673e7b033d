"""PNP012 line-separator."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.source import Span
from pnpc.text.wording import says

_BREAKS = {
    "\x85": says("U+0085 (next line)"), "\u2028": says("U+2028 (line separator)"), "\u2029": says("U+2029 (paragraph separator)"),
}  # fmt: skip


def check(notice: Notice, _context: Context) -> Iterator[Finding]:
    text = notice.document.source.text
    if notice.document.number:
        return
    for character, name in _BREAKS.items():
        at = text.find(character)
        while at >= 0:
            help = says('for a line break, write "\\n" in double quotes')
            yield Finding(
                Span(at, at + 1),
                says("{name}: some programs break the line here, others do not", name=name),
                help,
            )
            at = text.find(character, at + 1)


RULE = Rule(
    code="PNP012",
    name="line-separator",
    severity="warning",
    summary="A text has a character that only some programs read as a line break.",
    why=(
        "libyaml breaks a line at U+0085 (NEL), U+2028 (LS) and U+2029 (PS); YAML 1.2 and editors do not. A pasted text with "
        "such a character is sent with a line break or a space that is not visible in the spec."
    ),
    source="https://yaml.org/spec/1.2.2/#54-line-break-characters",
    check=check,
    tried_by="test_text.py::test_line_separators_are_told",
)
