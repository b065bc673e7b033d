"""libyaml's errors as findings that say what to do."""

from re import MULTILINE

from pnpc.text.edits import quoted
from pnpc.text.finding import Edit, Finding, Fix
from pnpc.text.lazy import regex
from pnpc.text.source import Source, Span
from pnpc.text.wording import Said, as_written, says

# An expression at the start of a value (after `key:` or `- `), and the rest of its line.
_BRACES = regex(r"(?:^|[:\-,\[{])[ \t]+(\{\{[^\r\n]*)")
_EXPRESSION = r"\{\{(?:'[^'\r\n]*'|\"[^\"\r\n]*\"|[^{}'\"\r\n])*\}\}"
# Expressions with text between and after them that means the same inside { } and [ ] as outside.
_TEXT = regex(
    rf"{_EXPRESSION}(?:[^\r\n{{}}\[\],:#\"']|(?<![ \t])[#:](?=[^ \t\r\n]))*(?:{_EXPRESSION}[^\r\n{{}}\[\],:#\"']*)*"
)
_ENDS = regex(r"[ \t]*(?:$|[ \t]#|[,}\]])")
_UNSPACED = regex(r"[ ]*(?:- +)?([A-Za-z_$][\w$-]*):(?!//)([^\s:].*?)[ \t\r]*$")
_MOST_WRITTEN = 32  # characters of a value that a help text repeats
_LEADING_TAB = regex(r"^ *\t+", MULTILINE)


def explain(source: Source, problem: str, offset: int, context: str, context_offset: int | None) -> Finding:
    """The finding for an error of libyaml: its text and offset, and what libyaml was reading and where that began."""
    expression = _unquoted_expression(source, offset, context_offset)
    if expression is not None:
        return expression
    if source.text.startswith("\t", offset) or "tab character" in problem:
        return _tab(source, offset)
    from pnpc.text.yaml import wide_signs  # needed only for a broken text

    first = source.position(offset if context_offset is None else context_offset).line
    sign = wide_signs.in_lines(source, first - 1, source.position(offset).line)
    if sign is not None:
        return Finding(sign.span, sign.message, sign.help, rule="yaml-syntax")
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
        help = says("quote a text that contains `: `; or the line is indented more than the lines around it")
        return Finding(where, says("a second `: ` in one line, or wrong indentation"), help, rule="yaml-syntax")
    shown = f"{problem} {context}".strip() if context else problem
    return Finding(
        where,
        says("not valid YAML: {problem}", problem=as_written(shown)),
        _syntax_help(problem, context),
        rule="yaml-syntax",
    )


def explain_reader(source: Source, offset: int, reason: str) -> Finding:
    """The finding for a character that YAML does not allow anywhere, such as NUL."""
    character = source.text[offset : offset + 1]
    code = f"U+{ord(character):04X}" if character else "end of file"
    return Finding(
        Span(offset, offset + 1),
        says("the character {code} is not allowed ({reason})", code=code, reason=as_written(reason)),
        rule="control-character",
    )


def _unquoted_expression(source: Source, offset: int, context_offset: int | None) -> Finding | None:
    """The finding for a value that begins with `{{`, which YAML reads as a mapping; on the lines where libyaml failed."""
    lines = {source.position(offset).line, source.position(max(0, offset - 1)).line}
    if context_offset is not None:
        lines.add(source.position(context_offset).line)
    for line in sorted(lines):
        match = _BRACES.search(source.line(line))
        if match:
            return _braces(source.starts[line - 1] + match.start(1), match[1])
    return None


def _braces(start: int, rest: str) -> Finding:
    """The finding for `{{` at the start of a value; `rest` is the line from there on."""
    match = _TEXT.match(rest)
    text = match[0].rstrip() if match else ""
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
    match = _LEADING_TAB.match(source.text, source.starts[line - 1])
    where = Span(source.text.index("\t", match.start()), match.end()) if match else Span(offset, offset + 1)
    return Finding(
        where, says("a tab in the indentation; YAML allows spaces only"), says("use two spaces a level"), rule="tab"
    )


def _colon_without_space(source: Source, line: int) -> Finding | None:
    """The finding for a line `key:value`, which YAML reads as a text, not as a key with a value."""
    match = _UNSPACED.match(source.line(line)) if line else None
    if match is None:
        return None
    colon = source.starts[line - 1] + match.end(1)
    help = (
        says("write `{key}: {value}`", key=match[1], value=match[2])
        if len(match[2]) <= _MOST_WRITTEN
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
