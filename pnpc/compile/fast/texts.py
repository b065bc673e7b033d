"""Code that fills a slot's text: simple expressions written out, all others remembered by the texts that they are made of."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from pnpc.compile.fast.code import Code, Memo, constant, joined, shown
from pnpc.compile.fast.variables import MOST_DIGITS, KnownVariable
from pnpc.compile.tables.records import Variables, unsendable
from pnpc.language.expressions.expression import Expression, simple_names, split
from pnpc.language.filling.filters import MAKERS
from pnpc.language.filling.jinja import CompiledText, RenderError
from pnpc.text.lazy import regex

_TRUNCATE = regex(r"\|\s*truncate\(\s*([1-9][0-9]{0,3})\s*\)")
_GROUPED = regex(r"\|\s*(?:number|currency)\b[^|]*")
# Numbers of every length that `Known` takes as whole, with and without a full group.
_PROBES = (
    0,
    *(int(digits[:length]) for length in range(1, MOST_DIGITS + 1) for digits in ("1" + "0" * length, "9" * length)),
)


class NotSure(Exception):
    """Something that the fast way does not know well enough."""


class RowCode(NamedTuple):
    """What the code has at hand: the variables, and the local names of its index (`place`) and of its recipient."""

    known: Mapping[str, KnownVariable]
    place: str
    to: str


class TextPiece(NamedTuple):
    """A part of a text as code. `plain`: without a character that JSON escapes; `simple`: the condition under which it is
    letters and digits only; `digits`: digits and commas only, but for `around`, what always stands in it; `names`: the
    variables that a remembered one is made of."""

    code: str
    simple: str
    plain: bool = False
    digits: bool = False
    around: str = ""
    names: tuple[str, ...] = ()


def pieces(code: Code, text: CompiledText, row: RowCode, variables: Variables) -> list[str | TextPiece]:
    """A text's literal parts, and the code of its expressions, whose values have been made sure of. Raises NotSure."""
    return [
        part if isinstance(part, str) else _piece(code, part, text.country, row, variables)
        for part in split(text.source)
    ]


def written(parts: list[str | TextPiece]) -> str:
    """The code of the whole text."""
    return joined([constant(part) if isinstance(part, str) else part.code for part in parts])


def _piece(code: Code, expression: Expression, country: str, row: RowCode, variables: Variables) -> TextPiece:
    simple = simple_names("{{" + expression.source + "}}")
    text = CompiledText("{{" + expression.source + "}}", country)
    if simple:
        ((name, attributes, filters),) = simple
        if name == "recipient":
            return _of_recipient(row, attributes, filters)
        known = row.known.get(name)
        if known is not None and not attributes:
            direct = _direct(code, known, name, filters.strip(), text)
            if direct is not None:
                return direct
    return _remembered(code, text, row, variables)


def _of_recipient(row: RowCode, attributes: str, filters: str) -> TextPiece:
    names = {".index": row.place, ".to": row.to}
    if filters or attributes not in names:
        raise NotSure
    return TextPiece(shown(names[attributes]), "True", plain=True, digits=attributes == ".index")


def _direct(code: Code, known: KnownVariable, name: str, filters: str, text: CompiledText) -> TextPiece | None:
    if known.kind == "whole":
        if filters in ("", "| urlencode"):
            return TextPiece(shown(known.raw), "True", plain=True, digits=True)
        if _GROUPED.fullmatch(filters) and (around := _around(lambda number: text.fill({name: number}))):
            before, after = map(constant, around)
            return TextPiece(f"{before} f'{{{known.number}:,}}' {after}", "False", digits=True, around="".join(around))
    if known.kind != "text":
        return None
    if not filters:
        return TextPiece(shown(known.raw), _simple(known.raw))
    if filters == "| urlencode":
        made = code.local("encoded")
        quote = code.value("urlencode", MAKERS["urlencode"](text.country))
        code.add(f"{made} = {known.raw} if {_simple(known.raw)} else {quote}({known.raw})")
        return TextPiece(shown(made), f"{made} is {known.raw}", plain=True)
    if length := _TRUNCATE.fullmatch(filters):
        made = code.local("cut")
        cut = code.value("cut", Memo(lambda value: text.fill({name: value})).find)
        # A character takes at most two units: half of the length always fits.
        code.add(f"{made} = {known.raw} if len({known.raw}) <= {int(length[1]) // 2} else {cut}({known.raw})")
        return TextPiece(shown(made), _simple(made))
    return None


def _simple(name: str) -> str:
    return f"{name}.isascii() and {name}.isalnum()"


def _around(fill: Callable[[int], str]) -> tuple[str, str] | None:
    """What stands before and after a number's digits, if they are in groups of three with commas, and so for all."""
    try:
        before, _, after = fill(7).partition("7")
        same = all(fill(number) == f"{before}{number:,}{after}" for number in _PROBES)
    except RenderError:
        return None
    return (before, after) if same and not unsendable(before + after) else None


def _remembered(code: Code, text: CompiledText, row: RowCode, variables: Variables) -> TextPiece:
    names = tuple(sorted(text.names))
    if not names or any(name not in row.known for name in names):
        raise NotSure

    def fill(*raws: str) -> str | None:
        data = {name: variables.value(name, raw) for name, raw in zip(names, raws, strict=True)}
        try:
            filled = text.fill(data)
        except RenderError:
            return None
        return None if unsendable(filled) else filled

    made = remember(code, row, names, fill)
    return TextPiece(shown(made), _simple(made), names=names)


def remember(code: Code, row: RowCode, names: tuple[str, ...], work: Callable[..., Any]) -> str:
    """Code for what `work` makes of the texts of some variables; the row is given up where that is None."""
    raws = ", ".join(row.known[name].raw for name in names)
    memo = Memo(work)
    known, find = code.value("known", memo), code.value("find", memo.find)
    made = code.local("text")
    code.add(f"{made} = {known}.get({raws if len(names) == 1 else f'({raws})'})")
    code.add(f"if {made} is None:")
    code.add(f"{made} = {find}({raws})")
    code.leave_unless(f"{made} is not None")
    code.end()
    return made
