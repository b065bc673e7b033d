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
            help = says('in double quotes write "\\n" for a line break')
            yield Finding(
                Span(at, at + 1),
                says("{name}: some readers break the line here, others do not", name=name),
                help,
            )
            at = text.find(character, at + 1)


RULE = Rule(
    code="PNP012",
    name="line-separator",
    severity="warning",
    summary="NEL, LS and PS are line breaks to some and letters to others.",
    why=(
        "libyaml breaks a line at U+0085, U+2028 and U+2029, YAML 1.2 and editors do not: a text that was "
        "pasted with one is sent with a line break or a space that nobody sees in the spec."
    ),
    source="https://yaml.org/spec/1.2.2/#54-line-break-characters",
    check=check,
    tried_by="test_text.py::test_line_separators_are_told",
)
