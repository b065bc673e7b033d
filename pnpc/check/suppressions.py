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


class Suppression(NamedTuple):
    """One comment: the rules that it names, the lines that it covers (None: the whole file), and its own span."""

    names: frozenset[str]
    words: dict[str, str]
    lines: frozenset[int] | None
    span: Span


def read(source: Source, roots: list[Node]) -> tuple[list[Suppression], list[Finding]]:
    """The suppressions of a source, and what is wrong with those that are malformed."""
    found: list[Suppression] = []
    wrong: list[Finding] = []
    if "ignore" not in source.text or _COMMENT.search(source.text) is None:
        return found, wrong
    scalars = sorted((start(node), end(node)) for root in roots for node in _scalars(root))
    for comment in _COMMENT.finditer(source.text):
        if any(first <= comment.start() < last for first, last in scalars):
            continue  # the text of a message, not a comment
        name = source.home(Span(comment.start(), comment.start()))[0].name
        if is_json(name) or is_json_lines(name):
            continue  # JSON has no comments: this is a text of a file that can't be read
        span = Span(comment.start(), comment.start() + len(comment[0].rstrip()))
        problem, words = _read_words(comment[2], comment[3], span)
        if problem is not None:
            wrong.append(problem)
            continue
        lines = _file(source, comment.start()) if comment[1] else _lines(source, comment.start())
        names = frozenset(name for group in words.values() for name in group)
        found.append(Suppression(names, {name: word for word, group in words.items() for name in group}, lines, span))
    return found, wrong


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
    """The lines of the file that a comment stands in; None for all there are."""
    if len(source.files()) == 1:
        return None
    file, own = source.home(Span(offset, offset))
    first = source.position(offset).line - file.position(own.start).line
    return frozenset(range(first + 1, first + len(file.starts) + 1))


def _lines(source: Source, offset: int) -> frozenset[int]:
    """The comment's own line; and the next line that is not a comment, if the comment stands alone."""
    line = source.position(offset).line
    if source.line(line).lstrip()[:1] != "#":
        return frozenset((line,))
    below = line + 1
    while below <= len(source.starts) and source.line(below).lstrip()[:1] in ("#", ""):
        below += 1
    return frozenset((line, below))


def apply(suppressions: list[Suppression], name: str, lines: set[int], used: set[tuple[Span, str]]) -> bool:
    """Whether a finding of the rule `name` on these lines is suppressed; notes in `used` which words did it."""
    if name in rules.NOT_SUPPRESSED:
        return False
    held = False
    for one in suppressions:
        if name in one.names and (one.lines is None or not one.lines.isdisjoint(lines)):
            used.add((one.span, one.words[name]))
            held = True
    return held


def unused(source: Source, suppressions: list[Suppression], used: set[tuple[Span, str]]) -> Iterator[Finding]:
    """Comments, or single words of theirs, that held nothing back."""
    for one in suppressions:
        words = list(dict.fromkeys(one.words.values()))
        idle = [word for word in words if (one.span, word) not in used and not _may_hold_rows(source, one, word)]
        if not idle or source.home(one.span)[0].name != source.name:
            continue  # a comment in a fragment may be for another spec that includes it
        fix = Fix(says("remove the comment"), (Edit(_with_blank(source, one.span), ""),)) if idle == words else None
        yield Finding(
            one.span,
            says("nothing here to suppress for {rules}", rules=NameList(idle, ", ")),
            fix=fix,
            rule="unused-suppression",
        )


def _may_hold_rows(source: Source, one: Suppression, word: str) -> bool:
    """Whether a comment may suppress what is said of rows, which is known when they are compiled only."""
    covered = (
        [source.text] if one.lines is None else [source.line(line) for line in one.lines if line <= len(source.starts)]
    )
    return any("{{" in text for text in covered) and any(map(rules.judges_rows, rules.names(word)))


def _with_blank(source: Source, span: Span) -> Span:
    """A comment with the blanks before it; with its whole line if it stands alone on it."""
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
