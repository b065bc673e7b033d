"""Where in an expression Jinja2's parser stopped: its errors know only their line."""

from re import compile as regex

from jinja2 import Environment, TemplateSyntaxError
from jinja2.parser import Parser

from pnpc.text.wording import Said, as_written, says

_AT = regex(r"unexpected char .* at (\d+)$")
_AT_END = regex(r" at \d+$")
_BRACKET = regex(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|[(){}\[\]]""")
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_WORDS = {
    "unexpected 'end of print statement'": "it ends too early",
    "expected token 'end of print statement'": "expected its end",
    "got 'end of print statement'": "found its end",
    "expected token 'name'": "expected a name",
}
_SILENT = frozenset(("whitespace", "comment", "comment_begin", "comment_end"))
_LAST = frozenset(("variable_end", "eof"))


def misread(jinja: Environment, text: str) -> tuple[int, int] | None:
    """The characters (code points) of the token at which the parser gives up `{{ … }}`; where one is missing, of the token before.

    None where that is not known: the text can be read, or is broken in another way.
    """
    try:
        parser = Parser(jinja, text)
        words = [(kind, value) for _, kind, value in jinja.lex(text)]
    except TemplateSyntaxError as error:
        character = _AT.search(error.message or "")
        at = int(character[1]) if character else _unpaired(text)
        return (at, at + 1) if at is not None else None
    try:
        parser.parse()
    except TemplateSyntaxError:
        try:
            left = sum(1 for _ in parser.stream)
        except (TemplateSyntaxError, ValueError):
            return None  # a word further on is broken too, so that what is left can't be counted
    else:
        return None
    spans = _spans(words)
    at = len(spans) - left
    if not 0 <= at < len(spans):
        return None
    kind, start, end = spans[at]
    if kind in _LAST and at > 1:
        _, start, end = spans[at - 1]
    return start, end


def _unpaired(text: str) -> int | None:
    """The first bracket that closes nothing, or the last that is never closed, inside the expression's own braces."""
    opened: list[int] = []
    for bracket in _BRACKET.finditer(text, 2, len(text) - 2):
        if bracket[0] in _PAIRS:
            opened.append(bracket.start())
        elif bracket[0] in _PAIRS.values() and (not opened or _PAIRS[text[opened.pop()]] != bracket[0]):
            return bracket.start()
    return opened[-1] if opened else None


def said(error: TemplateSyntaxError) -> Said:
    """What Jinja2 says about a mistake, without its own terms, which a reader of the spec does not know."""
    message = _AT_END.sub("", error.message or "")
    for theirs, ours in _WORDS.items():
        message = message.replace(theirs, ours)
    problem = as_written(message)
    return says("{problem}; write `==` to compare", problem=problem) if message.endswith("'='") else problem


def _spans(words: list[tuple[str, str]]) -> list[tuple[str, int, int]]:
    """The tokens that the parser sees, with their characters."""
    spans = []
    at = 0
    for kind, value in words:
        if kind not in _SILENT:
            spans.append((kind, at, at + len(value)))
        at += len(value)
    return spans
