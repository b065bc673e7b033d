"""`# pnpc: ignore[CODE] reason` and `# pnpc: file-ignore[CODE] reason`: which findings a comment suppresses."""

from collections.abc import Iterator
from typing import NamedTuple

from pnpc import rules
from pnpc.text.document import Mapping, Node, Scalar, Sequence, end, start
from pnpc.text.finding import Edit, Finding, Fix
from pnpc.text.lazy import regex
from pnpc.text.source import Source, Span, is_json, is_json_lines
from pnpc.text.suggest import did_you_mean, near
from pnpc.text.wording import NameList, says

_COMMENT = regex(r"(?<!\S)#[ \t]*pnpc:[ \t]*(file-)?ignore\b(?:[ \t]*\[([^\]\r\n]*)\])?[ \t]*([^\r\n]*)")
_LINE_BREAK = regex(r"[\r\n]")
_BLOCKS = ("|", ">")  # styles


class Suppression(NamedTuple):
    """One comment: the names of its rules, the word by which it names each rule, the lines that it covers (None: all
    lines), and its own span."""

    names: frozenset[str]
    words: dict[str, str]
    lines: frozenset[int] | None
    span: Span


def read(source: Source, roots: list[Node]) -> tuple[list[Suppression], list[Finding]]:
    """The suppressions in a source, and findings about malformed ones; `roots` are the nodes of its documents."""
    suppressions: list[Suppression] = []
    wrong: list[Finding] = []
    if "ignore" not in source.text or _COMMENT.search(source.text) is None:
        return suppressions, wrong
    scalars = sorted(_text_of(node, source) for root in roots for node in _scalars(root))
    for comment in _COMMENT.finditer(source.text):
        if any(first <= comment.start() < last for first, last in scalars):
            continue  # the text of a message, not a comment
        name = source.home(Span(comment.start(), comment.start()))[0].name
        if is_json(name) or is_json_lines(name):
            continue  # JSON has no comments, so this is a text in a file that can't be read
        span = Span(comment.start(), comment.start() + len(comment[0].rstrip()))
        problem, words = _read_words(comment[2], comment[3], span)
        if problem is not None:
            wrong.append(problem)
            continue
        lines = _file(source, comment.start()) if comment[1] else _lines(source, comment.start())
        names = frozenset(name for group in words.values() for name in group)
        suppressions.append(
            Suppression(names, {name: word for word, group in words.items() for name in group}, lines, span)
        )
    return suppressions, wrong


def _read_words(listed: str | None, reason: str, span: Span) -> tuple[Finding | None, dict[str, list[str]]]:
    words = {word.strip(): rules.names(word.strip()) for word in (listed or "").split(",") if word.strip()}
    shape = says("write `# pnpc: ignore[PNP218] reason`")
    if not words:
        return Finding(span, says("a suppression must name its rules"), shape, rule="bad-suppression"), {}
    for word, names in words.items():
        if not names:
            close = did_you_mean(near(word, rules.words()))
            return Finding(
                span,
                says("no rule `{word}`{close}", word=word, close=close),
                says("`pnpc rules` lists them"),
                rule="bad-suppression",
            ), {}
        if rules.known(word) and names[0] in rules.NOT_SUPPRESSED:
            help = rules.fixed_help(word) if names[0] in rules.CERTAIN_MEDIA else None
            return Finding(span, says("`{word}` can't be suppressed", word=word), help, rule="bad-suppression"), {}
    if not reason.strip():
        return Finding(span, says("a suppression must give a reason"), shape, rule="bad-suppression"), {}
    return None, words


def _file(source: Source, offset: int) -> frozenset[int] | None:
    """The lines of the file in which a comment is; None if the source has only that file."""
    if len(source.files()) == 1:
        return None
    _, own = source.home(Span(offset, offset))
    first = source.position(offset - own.start).line
    return frozenset(range(first, _last_line(source, offset) + 1))


def _last_line(source: Source, offset: int) -> int:
    """The last line of the file in which an offset is: in a text of several files the next one begins behind it."""
    file, own = source.home(Span(offset, offset))
    return source.position(offset - own.start + len(file.text)).line


def _lines(source: Source, offset: int) -> frozenset[int]:
    """The comment's own line, and also the next line that is not a comment if there is only the comment on its line."""
    line = source.position(offset).line
    if source.line(line).lstrip()[:1] != "#":
        return frozenset((line,))
    last = _last_line(source, offset)
    below = (number for number in range(line + 1, last + 1) if source.line(number).lstrip()[:1] not in ("#", ""))
    return frozenset((line, next(below, line)))


def apply(suppressions: list[Suppression], name: str, lines: set[int], used: set[tuple[Span, str]]) -> bool:
    """Whether a finding of the rule `name` on these lines is suppressed; adds the comments and words that did it to `used`."""
    if name in rules.NOT_SUPPRESSED:
        return False
    held = False
    for suppression in suppressions:
        if name in suppression.names and (suppression.lines is None or not suppression.lines.isdisjoint(lines)):
            used.add((suppression.span, suppression.words[name]))
            held = True
    return held


def unused(source: Source, suppressions: list[Suppression], used: set[tuple[Span, str]]) -> Iterator[Finding]:
    """The findings about comments, or words in comments, that suppressed nothing."""
    for suppression in suppressions:
        words = list(dict.fromkeys(suppression.words.values()))
        idle = [
            word
            for word in words
            if (suppression.span, word) not in used and not _may_hold_rows(source, suppression, word)
        ]
        if not idle or source.home(suppression.span)[0].name != source.name:
            continue  # a comment in a fragment may be for another spec that includes it
        fix = (
            Fix(says("remove the comment"), (Edit(_with_spaces(source.files()[0], suppression.span), ""),))
            if idle == words
            else None
        )
        yield Finding(
            suppression.span,
            says("nothing here to suppress for {rules}", rules=NameList(idle, ", ")),
            fix=fix,
            rule="unused-suppression",
        )


def _may_hold_rows(source: Source, suppression: Suppression, word: str) -> bool:
    """Whether a comment may suppress findings about rows, which exist only when the rows are compiled."""
    covered = (
        [source.text]
        if suppression.lines is None
        else [source.line(line) for line in suppression.lines if line <= len(source.starts)]
    )
    return any("{{" in text for text in covered) and any(map(rules.judges_rows, rules.names(word)))


def _with_spaces(source: Source, span: Span) -> Span:
    """The span of a comment with the spaces before it, or of its whole line if there is only the comment on it."""
    first = span.start
    while first > 0 and source.text[first - 1] in " \t":
        first -= 1
    alone = first == 0 or source.text[first - 1] in "\r\n"
    last = span.end
    while alone and last < len(source.text) and source.text[last] in " \t\r\n":
        last += 1
        if source.text[last - 1] == "\n" or (source.text[last - 1] == "\r" and source.text[last : last + 1] != "\n"):
            break
    return Span(first, last)


def _text_of(scalar: Scalar, source: Source) -> Span:
    """Where the text of a scalar stands: behind the `|` or `>` of a block scalar there may be a comment on the same line."""
    line_end = _LINE_BREAK.search(source.text, start(scalar)) if scalar.style in _BLOCKS else None
    return Span(line_end.start() if line_end else start(scalar), end(scalar))


def _scalars(root: Node) -> Iterator[Scalar]:
    stack, seen = [root], set[int]()
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Mapping):
            stack.extend(part for pair in node.value for part in pair)
        elif isinstance(node, Sequence):
            stack.extend(node.value)
        elif isinstance(node, Scalar) and node.style:
            yield node
