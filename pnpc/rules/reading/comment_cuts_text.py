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
    + ("example", "default", "enum", "deliveryTag")
)
_CUT = regex(r"(?<=[ \t])(#[^\s#!][^\r\n]*)")


def check(notice: Notice, _context: Context) -> Iterator[Finding]:
    text = notice.document.source.text
    for scalar in _texts(notice.document.root):
        found = _CUT.match(text, _after_spaces(text, end(scalar)))
        if found and not found[1].startswith("#pnpc:"):
            whole = text[start(scalar) : found.end(1)].rstrip()
            # What is sent becomes longer by this: a person must say that it was meant.
            edit = Edit(Span(start(scalar), start(scalar) + len(whole)), quoted(whole), whole)
            fix = Fix(says("quote the whole of it"), (edit,), safe=False)
            message = says(
                "the text ends before `#`, which starts a comment here: `{text}` is all that is sent",
                text=scalar.value,
            )
            help = says("quote the text; or put a space after the `#` of a comment that is meant")
            yield Finding(Span(found.start(1), start(scalar) + len(whole)), message, help, fix=fix)


def _after_spaces(text: str, at: int) -> int:
    while text[at : at + 1] in (" ", "\t"):
        at += 1
    return at


def _texts(root: Node | None) -> Iterator[Scalar]:
    """The unquoted texts that people read, or that stand for one: after a key or a number a `#` is only a comment."""
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
            stack.extend((one, is_read) for one in node.value)
        elif isinstance(node, Scalar) and is_read and not node.style and node.value:
            yield node


RULE = Rule(
    code="PNP006",
    name="comment-cuts-text",
    severity="error",
    summary="A `#` must not cut a text in silence.",
    why=(
        "After a space, `#` starts a comment: of `注文 #123` only `注文` is sent. A comment that is meant has a "
        "space after its `#`."
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
