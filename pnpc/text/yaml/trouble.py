"""libyaml's complaints in words that tell what to do."""

from re import MULTILINE

from pnpc.text.edits import quoted
from pnpc.text.finding import Edit, Finding, Fix
from pnpc.text.lazy import regex
from pnpc.text.source import Source, Span
from pnpc.text.wording import Said, as_written, says

# The start of a value (after `key:` or `- `), and all that follows on its line.
_BRACES = regex(r"(?:^|[:\-,\[{])[ \t]+(\{\{[^\r\n]*)")
_EXPRESSION = r"\{\{(?:'[^'\r\n]*'|\"[^\"\r\n]*\"|[^{}'\"\r\n])*\}\}"
# Expressions with text between and behind them that is the same text inside { } and [ ] as outside.
_TEXT = regex(
    rf"{_EXPRESSION}(?:[^\r\n{{}}\[\],:#\"']|(?<![ \t])[#:](?=[^ \t\r\n]))*(?:{_EXPRESSION}[^\r\n{{}}\[\],:#\"']*)*"
)
_ENDS = regex(r"[ \t]*(?:$|[ \t]#|[,}\]])")
_UNSPACED = regex(r"[ ]*(?:- +)?([A-Za-z_$][\w$-]*):(?!//)([^\s:].*?)[ \t\r]*$")
_MOST_WRITTEN = 32  # characters of a value that a help repeats
_LEADING_TAB = regex(r"^ *\t+", MULTILINE)


def explain(source: Source, problem: str, offset: int, context: str, context_offset: int | None) -> Finding:
    """Turn libyaml's problem (its text, its offset, what it was doing since where) into a finding."""
    expression = _unquoted_expression(source, offset, context_offset)
    if expression is not None:
        return expression
    if source.text.startswith("\t", offset) or "tab character" in problem:
        return _tab(source, offset)
    from pnpc.text.yaml import wide_signs  # only for a text that is broken

    first = source.position(offset if context_offset is None else context_offset).line
    lookalike = wide_signs.in_lines(source, first - 1, source.position(offset).line)
    if lookalike is not None:
        return Finding(lookalike.span, lookalike.message, lookalike.help, rule="yaml-syntax")
    unspaced = None
    if "expected ':'" in problem:
        unspaced = _colon_without_space(source, first)
    elif "mapping values are not allowed" in problem:  # a text that began on the line above
        unspaced = _colon_without_space(source, source.position(offset).line - 1)
    if unspaced is not None:
        return unspaced
    where = Span(offset, _end_of_word(source.text, offset))
    if "quoted scalar" in context and context_offset is not None:
        quote = source.text[context_offset : context_offset + 1]
        message = (
            says("this quote is never closed")
            if "end of stream" in problem
            else says("{problem} inside these quotes", problem=as_written(problem))
        )
        where = Span(context_offset, context_offset + 1) if "end of stream" in problem else where
        return Finding(where, message, _escape_help(problem, quote), rule="yaml-syntax")
    if "mapping values are not allowed" in problem:
        help = says("quote a text that holds `: `; or the line is indented more than its neighbours")
        return Finding(where, says("a second `: ` in one line, or wrong indentation"), help, rule="yaml-syntax")
    shown = f"{problem} {context}".strip() if context else problem
    return Finding(
        where,
        says("not valid YAML: {problem}", problem=as_written(shown)),
        _syntax_help(problem, context),
        rule="yaml-syntax",
    )


def explain_reader(source: Source, offset: int, reason: str) -> Finding:
    """A character that YAML does not allow at all, such as NUL."""
    character = source.text[offset : offset + 1]
    code = f"U+{ord(character):04X}" if character else "end of file"
    return Finding(
        Span(offset, offset + 1),
        says("the character {code} is not allowed ({reason})", code=code, reason=as_written(reason)),
        rule="control-character",
    )


def _unquoted_expression(source: Source, offset: int, context_offset: int | None) -> Finding | None:
    """A value that begins with `{{` is a mapping to YAML: look on the lines that libyaml stumbled over."""
    lines = {source.position(offset).line, source.position(max(0, offset - 1)).line}
    if context_offset is not None:
        lines.add(source.position(context_offset).line)
    for line in sorted(lines):
        found = _BRACES.search(source.line(line))
        if found:
            return _braces(source.starts[line - 1] + found.start(1), found[1])
    return None


def _braces(start: int, rest: str) -> Finding:
    """What is said of `{{` where a value begins, with the rest of its line."""
    found = _TEXT.match(rest)
    text = found[0].rstrip() if found else ""
    if text and _ENDS.match(rest, len(text)):
        return unquoted_expression(Span(start, start + len(text)), text)
    if "}}" not in rest:
        help = says('quote the text if it is an expression, `"{{{{ name }}}}"`; write one `{{` if it is a mapping')
        return Finding(Span(start, start + 2), says("`{{{{` is not closed by `}}}}`"), help, rule="unquoted-expression")
    whole = rest.rstrip()
    return unquoted_expression(Span(start, start + len(whole)), whole)._replace(fix=None)


def unquoted_expression(span: Span, text: str) -> Finding:
    """The finding for `key: {{ name }}` at `span`, whose text is `text`."""
    message = says("a text that begins with `{{{{` must be quoted: YAML reads `{{` as the start of a mapping")
    fix = Fix(says("quote it"), (Edit(span, quoted(text), text),))
    return Finding(span, message, fix=fix, rule="unquoted-expression")


def _tab(source: Source, offset: int) -> Finding:
    line = source.position(offset).line
    found = _LEADING_TAB.match(source.text, source.starts[line - 1])
    where = Span(source.text.index("\t", found.start()), found.end()) if found else Span(offset, offset + 1)
    return Finding(
        where, says("a tab in the indentation; YAML allows spaces only"), says("use two spaces a level"), rule="tab"
    )


def _colon_without_space(source: Source, line: int) -> Finding | None:
    """`key:value` alone on a line is one text to YAML, not a key with a value."""
    found = _UNSPACED.match(source.line(line)) if line else None
    if found is None:
        return None
    colon = source.starts[line - 1] + found.end(1)
    help = (
        says("write `{key}: {value}`", key=found[1], value=found[2])
        if len(found[2]) <= _MOST_WRITTEN
        else says("put a space after the `:`")
    )
    return Finding(Span(colon, colon + 1), says("there is no space after this `:`"), help, rule="yaml-syntax")


def _end_of_word(text: str, offset: int) -> int:
    end = offset
    while end < len(text) and not text[end].isspace():
        end += 1
    return max(end, offset + 1)


def _escape_help(problem: str, quote: str) -> Said | None:
    if "escape" in problem and quote == '"':
        return says("inside double quotes a backslash starts an escape; write `\\\\`, or use single quotes")
    return None


def _syntax_help(problem: str, context: str) -> Said | None:
    if "alias" in problem:
        return says("an alias `*name` needs an anchor `&name` before it; quote a text that begins with `*`")
    if "cannot start any token" in problem:
        return says("quote a text that begins with this character")
    if "block mapping" in context or "block collection" in context or "block end" in problem:
        return says("check the indentation, and quote a text that begins with one of {{ [ & * ! | > ' \" % @ `")
    return None
