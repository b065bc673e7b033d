"""Text that looks like an expression but is not: people would read it as it is written."""

from collections.abc import Iterator
from typing import NamedTuple

from pnpc.language.expressions.expression import masked
from pnpc.language.message.context import Context
from pnpc.language.message.notice import Field, Notice
from pnpc.rules.rule import Test, looks_at
from pnpc.rules.shared.media import reader
from pnpc.text.finding import Place
from pnpc.text.lazy import regex
from pnpc.text.wording import Said, says

_NAME = r"\s*([A-Za-z_][A-Za-z0-9_]*)(?:\.[A-Za-z0-9_.]+)?\s*"
_LIKE = regex(
    r"(?P<tag>\{%.*?%\})|(?P<comment>\{#.*?#\})|(?P<erb><%.*?%>)|(?P<wide>｛｛.+?｝｝)"
    rf"|(?P<double>\{{\{{{_NAME}(?:\|[^{{}}]*)?\}}\}})|(?P<dollar>\$\{{{_NAME}\}})|(?P<lone>\{{{_NAME}\}})"
    rf"|(?P<other>#\{{{_NAME}\}}|\[\[{_NAME}\]\]|<<{_NAME}>>|%{_NAME}%|%\({_NAME}\)[sd]|｛{_NAME}｝)"
    rf"|(?P<open>(?<![{{A-Za-z0-9_\x00]){_NAME}\}}\}})|(?P<loose><{_NAME}>|(?<!\$)\${_NAME}(?![A-Za-z0-9_.]))",
)
_OF_DECLARED = (
    "other",
    "open",
    "loose",
)  # kinds that look like an expression only with the name of a declared variable
_HELP = {
    "tag": says(
        "`$if` on an item or object decides whether it is sent, `$for` repeats it; a text has `{{{{ … }}}}` only"
    ),
    "comment": says("a comment is YAML's: `# …` outside the text"),
    "body": says(
        "values and request bodies are sent as they stand; `{{{{ name }}}}` is filled in only where a spec has it"
    ),
}


class Lookalike(NamedTuple):
    """Characters of a text that look like an expression; `sure`: they were surely meant as an expression."""

    where: Place
    written: str
    sure: bool
    help: Said


def may_have(notice: Notice, context: Context) -> bool:
    """Whether one of the texts must be looked at: it has a brace outside `{{ }}`, or another opening."""
    return any(_is_odd(field.text, notice) for field in _fields(notice, context))


def _is_odd(text: str, notice: Notice) -> bool:
    if "{" in text and (not notice.is_spec or text.count("{") > 2 * text.count("{{")):
        return True
    if text.count("}}") > text.count("{{") or text.count("%") > 1 or "%(" in text:
        return True
    return any(opening in text for opening in ("｛", "<", "[[", "$"))


def _is_odd_in_row(text: str) -> bool:
    """Whether a text of a request body has a lookalike. A body declares no variables, so some kinds are not reported."""
    return any(not any(match[kind] for kind in _OF_DECLARED) for match in _LIKE.finditer(text))


_OF_ROWS = Test(_is_odd_in_row, words=frozenset(), parts=frozenset(("{", "<%")))
looks_at_texts = looks_at(content=_OF_ROWS, deliveryTag=_OF_ROWS, sms=_OF_ROWS)


def _fields(notice: Notice, context: Context) -> list[Field]:
    beside = [field for field in (notice.delivery_tag, notice.sms) if field is not None]
    return [*reader(notice, context).texts, *beside]


def lookalikes(notice: Notice, context: Context) -> Iterator[Lookalike]:
    """Each lookalike of a message, in the order of its texts."""
    for field in _fields(notice, context):
        if _is_odd(field.text, notice) and not _is_text_v2(notice, field):
            yield from _of_text(field, notice)


def _is_text_v2(notice: Notice, field: Field) -> bool:
    """Whether a field is the text of a textV2 message, in which braces are LINE's own."""
    return field.path[-1] == "text" and notice.holder_type(field) == "textV2"


def _of_text(field: Field, notice: Notice) -> Iterator[Lookalike]:
    for match in _LIKE.finditer(masked(field.text, filled=notice.is_spec)):
        kind = next(group for group, text in match.groupdict().items() if text is not None)
        # The group behind that of its kind is the name, if the kind has one.
        name = next((text for text in match.groups()[match.re.groupindex[kind] :] if text is not None), "")
        declared = name in notice.variables
        if kind in _OF_DECLARED and not declared:
            continue
        help = _HELP.get(kind) or (
            says("write `{{{{ {name} }}}}`", name=name) if name else says("write `{{{{ name }}}}`")
        )
        sure = notice.is_spec and kind != "loose" and (declared or kind in ("tag", "comment", "erb", "wide"))
        where = Place(field.path, "value", (match.start(), match.end()))
        yield Lookalike(where, match[0], sure, help if notice.is_spec else _HELP["body"])
