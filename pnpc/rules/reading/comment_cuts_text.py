"""PNP006 comment-cuts-text."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.rules.rule import Rule
from pnpc.text.document import Mapping, Node, Scalar, Sequence, end, start
from pnpc.text.edits import quoted
from pnpc.text.finding import Edit, Finding, Fix
from pnpc.text.lazy import regex
from pnpc.text.source import Span
from pnpc.text.wording import says

_READ = frozenset(
    ("content", "text", "altText", "label", "title", "address", "displayText", "fillInText", "url", "uri")
    + ("example", "default", "enum", "deliveryTag", "sms")
)
_CUT = regex(r"(?<=[ \t])(#[^\s#!][^\r\n]*)")


def check(notice: Notice, _context: Context) -> Iterator[Finding]:
    text = notice.document.source.text
    for scalar in _texts(notice.document.root):
        match = _CUT.match(text, _after_spaces(text, end(scalar)))
        if match and not match[1].startswith("#pnpc:"):
            whole = text[start(scalar) : match.end(1)].rstrip()
            # This makes the sent text longer, so a person must decide: the fix is not safe.
            edit = Edit(Span(start(scalar), start(scalar) + len(whole)), quoted(whole), whole)
            fix = Fix(says("quote the whole text"), (edit,), safe=False)
            message = says(
                "the text ends before `#`, which starts a comment here: only `{text}` is sent",
                text=scalar.value,
            )
            help = says("quote the text; if a comment is meant, put a space after its `#`")
            yield Finding(Span(match.start(1), start(scalar) + len(whole)), message, help, fix=fix)


def _after_spaces(text: str, at: int) -> int:
    while text[at : at + 1] in (" ", "\t"):
        at += 1
    return at


def _texts(root: Node | None) -> Iterator[Scalar]:
    """The unquoted texts that people read, or examples of such texts: elsewhere a `#` surely starts a comment."""
    stack: list[tuple[Node, bool]] = [(root, False)] if root is not None else []
    seen: set[int] = set()
    while stack:
        node, is_read = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Mapping):
            stack.extend((value, isinstance(key, Scalar) and key.value in _READ) for key, value in node.value)
        elif isinstance(node, Sequence):
            stack.extend((entry, is_read) for entry in node.value)
        elif isinstance(node, Scalar) and is_read and not node.style and node.value:
            yield node


RULE = Rule(
    code="PNP006",
    name="comment-cuts-text",
    severity="error",
    summary="A `#` cuts off the rest of a text.",
    why=(
        "After a space, `#` starts a comment: of `注文 #123` only `注文` is sent. pnpc does not report a comment with a space "
        "after its `#`."
    ),
    source="https://yaml.org/spec/1.2.2/#66-comments",
    bad=(
        """\
body:
  items:
    - itemKey: number_001_ja
      content: 注文 «#123»
""",
    ),
    good=(
        """\
body:
  items:
    - itemKey: number_001_ja
      content: "注文 #123"  # the number that the shop shows
""",
    ),
    check=check,
)
