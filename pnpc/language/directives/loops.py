"""`$for: line in lines`: read, and what is declared of the array that it runs over."""

from typing import NamedTuple

from pnpc.language.cases.parts import Known
from pnpc.language.directives.conditions import WORDS
from pnpc.language.directives.scopes import Names, value
from pnpc.language.variables.scope import members_of
from pnpc.text.lazy import regex
from pnpc.text.suggest import did_you_mean, near
from pnpc.text.wording import Said, as_written, says

_SHAPE = regex(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s+in\s+([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)\s*")
SYNTAX = says("write `$for: line in lines`: a name of your own, `in`, and an array variable")
_NOUNS = {"string": "text", "integer": "a number", "number": "a number", "boolean": "true or false"}


class Header(NamedTuple):
    """A `$for` taken apart: its variable, the steps to the array, and the characters of both in the text."""

    name: str
    steps: tuple[str, ...]
    name_at: tuple[int, int]
    source_at: tuple[int, int]


class Wrong(NamedTuple):
    """What is wrong with a `$for`: the rule, the message, the characters of the text, what may help."""

    rule: str
    message: Said
    at: tuple[int, int]
    help: Said | None = None


# What has these names already; any other name is a variable's.
_TAKEN_BY = {"loop": says("the entry's number"), "recipient": says("the recipient")}
_ANOTHER = says("another variable")


def header(text: str) -> Header | None:
    """A `$for` taken apart; None for a text that is none."""
    found = _SHAPE.fullmatch(text)
    if found is None or found[1] in WORDS:
        return None
    return Header(found[1], tuple(found[2].split(".")), found.span(1), found.span(2))


def taken(one: Header, names: Names) -> Wrong | None:
    """Whether a loop's variable has the name of something else that may be used here."""
    if one.name not in names and one.name not in ("loop", "recipient"):
        return None
    what = _TAKEN_BY.get(one.name, _ANOTHER)
    message = says("`{name}` is {what} already", name=one.name, what=what)
    return Wrong("loop-variable-taken", message, one.name_at, says("give the loop's variable a name that is free here"))


def array(one: Header, names: Names) -> Known | Wrong:
    """The array that a loop runs over, or what is wrong with it."""
    shown = ".".join(one.steps)
    if one.steps[0] not in names:
        close = did_you_mean(near(one.steps[0], list(names)))
        help = None if close else says("declare `{name}` under `variables`, with `type: array`", name=one.steps[0])
        return Wrong(
            "undeclared-variable",
            says("no variable `{name}`{close}", name=one.steps[0], close=close),
            one.source_at,
            help,
        )
    found = value(one.steps, names)
    if found is None:
        return _no_member(one, names)
    kind = found.schema.get("type")
    if kind == "array" or kind is None:
        return found
    noun = _NOUNS.get(kind, "a mapping")
    message = says(
        "`{name}` is {noun}, not an array: `$for` repeats for each entry of an array",
        name=shown,
        noun=as_written(noun),
    )
    return Wrong("loop-over-no-array", message, one.source_at)


def _no_member(one: Header, names: Names) -> Wrong:
    """The first of the steps that leads nowhere."""
    for count in range(2, len(one.steps) + 1):
        if value(one.steps[:count], names) is None:
            above = value(one.steps[: count - 1], names)
            known = members_of(above.schema) or () if above is not None else ()
            close = did_you_mean(near(one.steps[count - 1], list(known)))
            start = one.source_at[0] + len(".".join(one.steps[: count - 1])) + 1
            message = says(
                "`{name}` has no `{member}`{close}",
                name=".".join(one.steps[: count - 1]),
                member=one.steps[count - 1],
                close=close,
            )
            return Wrong("undeclared-variable", message, (start, start + len(one.steps[count - 1])))
    raise AssertionError("every step leads somewhere")
