"""Texts whose variables have few values: every value is tried, where bounds alone do not show that a text fits.

Bounds see each expression by itself; two that depend on one boolean are never at their longest together, and a date out
of three is shorter than the longest date. Here every value of a variable with few values is tried, and only the rest is bounded.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

from pnpc.language.cases.truth import Formula, Steps, questions
from pnpc.language.expressions.expression import Expression
from pnpc.language.extents.matching import every
from pnpc.language.extents.value import ExpressionFault
from pnpc.language.filling.jinja import RenderError, there, worked_out
from pnpc.language.filling.sandbox import environment
from pnpc.language.proof.declared_bounds import value_of
from pnpc.language.proof.expression_tree import ExpressionTree, Piece, Written, references
from pnpc.language.variables.scope import Names
from pnpc.line.grammar.allowance import current
from pnpc.line.grammar.schema import listed
from pnpc.text.wording import Said, joined_by_and, says

_MOST_VALUES = 256  # of one variable
_MOST_CASES = 4096  # of all variables together
_A_CASE = 90  # steps of the run's allowance, at least
_A_CHARACTER = 4  # steps for each character of the expressions: deep ones take more time
_LOOP = ("index0", "index", "first", "last")

Source = tuple[Steps, list[Any]]


class Failed(Exception):
    """An expression, the `piece` of a text where it is known, has no value for these data, so that there is no text."""

    def __init__(self, piece: Piece | None = None) -> None:
        super().__init__(piece)
        self.piece = piece


def sources(written: Written, conditions: tuple[Formula, ...], names: Names) -> list[Source]:
    """The values that a text and the conditions around it read, if they have few possibilities: each with all of them.

    Those with the fewest come first, and only so far as all combinations together are few (_MOST_CASES).
    """
    read = [steps for piece in written if isinstance(piece, Piece) for steps in references(piece.tree)]
    read += [steps for formula in conditions for question in questions(formula) for steps in question.refs]
    sources = {}
    for steps in dict.fromkeys(read):
        source = _source(steps, names)
        if source is not None:
            sources[source[0]] = source[1]
    kept: list[Source] = []
    cases = 1
    for steps, values in sorted(sources.items(), key=lambda pair: len(pair[1])):
        cases *= len(values)
        if cases > _MOST_CASES:
            break
        kept.append((steps, values))
    return kept


def cases(sources: list[Source], characters: int) -> Iterator[dict[str, Any] | None]:
    """Every choice of values, as data for expressions of this many characters (code points); None, and no more, where the run's
    allowance ends."""
    steps_of_case = max(_A_CASE, characters * _A_CHARACTER)
    for values in product(*(values for _, values in sources)):
        if not current().take(steps_of_case):
            yield None
            return
        data: dict[str, Any] = {}
        for (steps, _), value in zip(sources, values, strict=True):
            into = data
            for step in steps[:-1]:
                into = into.setdefault(step, {})
            into[steps[-1]] = value
        yield data


def _source(steps: Steps, names: Names) -> Source | None:
    schema: Mapping[str, Any] = names.get(steps[0], {})
    if steps[0] == "loop" and set(schema.get("properties", ())) == set(_LOOP):
        rounds = _rounds(schema)
        return (("loop",), rounds) if rounds else None
    for step in steps[1:]:
        if step not in schema.get("required", ()):
            return None  # it may be missing, and no value stands for that
        schema = schema.get("properties", {}).get(step, {})
    values = _values(schema)
    return (steps, values) if 0 < len(values) <= _MOST_VALUES else None


def _rounds(schema: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The numbers of `loop` in every round of every length."""
    most = schema["properties"]["index"].get("maximum", _MOST_VALUES)
    if most * (most + 1) // 2 > _MOST_VALUES:
        return []
    return [
        dict(zip(_LOOP, (turn, turn + 1, turn == 0, turn == total - 1), strict=True))
        for total in range(1, most + 1)
        for turn in range(total)
    ]


def _values(schema: Mapping[str, Any]) -> list[Any]:
    from pnpc.language.variables.allowed import allowed  # only a text that may be too long comes here

    kind = schema.get("type")
    only = listed(schema)
    if only is not None:
        if len(only) > _MOST_VALUES or kind not in ("string", "integer", "number", "boolean"):
            return []
        values = [value for value in only if allowed(schema, value)]
        if kind == "integer":
            return [int(value) for value in values]
        if kind == "number":
            return [
                same
                for value in values
                for same in ({int(value), float(value)} if float(value).is_integer() else {value})
            ]
        return values
    if kind == "boolean":
        return [True, False]
    if kind == "string" and "pattern" in schema:
        return [text for text in every(schema["pattern"], _MOST_VALUES) if allowed(schema, text)]
    return _integers(schema) if kind == "integer" else []


def _integers(schema: Mapping[str, Any]) -> list[int]:
    number = value_of(schema).number
    if number is None or not number.hi - number.lo <= _MOST_VALUES * schema.get("multipleOf", 1):
        return []
    step = schema.get("multipleOf", 1)
    whole = int(step) if float(step).is_integer() else 1
    return list(range(int(number.lo), int(number.hi) + 1, whole)) if whole == step else []


def is_known(tree: ExpressionTree, data: Mapping[str, Any]) -> bool:
    """Whether everything that a tree reads is among the data, so that it can be worked out."""
    return source_of(tree) is not None and all(_has(steps, data) for steps in references(tree))


def _has(steps: Steps, data: Mapping[str, Any]) -> bool:
    value: Any = data
    for step in steps:
        if not isinstance(value, Mapping) or step not in value:
            return False
        value = value[step]
    # Of an object only the members that are read are among the data; of `loop` all are.
    return not isinstance(value, Mapping) or steps == ("loop",)


def worth(tree: ExpressionTree, data: Mapping[str, Any], country: str) -> Any:
    """The value of a tree for these data. Raises Failed."""
    written = source_of(tree)
    assert written is not None
    try:
        with worked_out(Expression(written, 0, 0)):
            value = _compiled(written, country)(**data)
            return there(value)
    except RenderError:
        raise Failed from None


@lru_cache(maxsize=1024)
def _compiled(written: str, country: str) -> Any:
    return environment(country).compile_expression(written, undefined_to_none=False)


@lru_cache(maxsize=4096)
def source_of(tree: ExpressionTree) -> str | None:
    """A tree as an expression that Jinja2 reads; None for one with an unknown part."""
    parts = [source_of(part) for part in tree.parts]
    if tree.kind in ("unknown", "slice") or None in parts:
        return None
    make = _WRITTEN[tree.kind]
    return str(make(tree.own, parts))


_SIGNS = {"eq": "==", "ne": "!=", "lt": "<", "lteq": "<=", "gt": ">", "gteq": ">=", "in": "in", "notin": "not in"}


def _filtered(own: Any, parts: list[Any]) -> str:
    name, named = own
    given = parts[1:]
    first = len(given) - len(named)
    arguments = [*given[:first], *(f"{key}={value}" for key, value in zip(named, given[first:], strict=True))]
    return f"({parts[0]} | {name}({', '.join(arguments)}))"


_WRITTEN: dict[str, Any] = {
    "name": lambda own, _parts: own,
    "const": lambda own, _parts: repr(own) if own is None or not isinstance(own, bool) else str(own).lower(),
    "member": lambda own, parts: f"{parts[0]}.{own}",
    "item": lambda _own, parts: f"{parts[0]}[{parts[1]}]",
    "filter": _filtered,
    "if": lambda _own, parts: f"({parts[1]} if {parts[0]}" + (f" else {parts[2]})" if len(parts) > 2 else ")"),
    "join": lambda _own, parts: f"({' ~ '.join(parts)})",
    "binary": lambda own, parts: f"({parts[0]} {own} {parts[1]})",
    "compare": lambda own, parts: "(" + parts[0] + "".join(
        f" {_SIGNS[sign]} {part}" for sign, part in zip(own, parts[1:], strict=True)) + ")",
    "either": lambda own, parts: f"({parts[0]} {own} {parts[1]})",
    "not": lambda _own, parts: f"(not {parts[0]})",
    "sign": lambda own, parts: f"({own}{parts[0]})",
    "list": lambda _own, parts: f"[{', '.join(parts)}]",
}  # fmt: skip


class Bounds(NamedTuple):
    """The longest and the shortest that a text becomes over all cases, and whether an expression may fail in one. `failure`:
    the first expression that fails for certain, and that it does."""

    most: float
    least: int
    fails: bool
    failure: tuple[ExpressionFault, Piece] | None = None


def failing(piece: Piece, data: Mapping[str, Any], *, sure: bool = False) -> ExpressionFault:
    """That an expression fails for certain values, by those of them that it uses. `sure`: for all others, too."""
    values = [_is(name, value) for name, value in _leaves(data) if name.split(".")[0] in piece.names]
    return ExpressionFault(sure, says("the expression fails where {values}", values=joined_by_and(values)))


def _leaves(data: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    """The values among the data by the names that expressions have for them; of `loop` the number of the round."""
    for name, value in data.items():
        if before + name == "loop":
            yield "loop.index", value["index"]
        elif isinstance(value, Mapping):
            yield from _leaves(value, f"{before}{name}.")
        else:
            yield before + name, value


def _is(name: str, value: Any) -> Said:
    if value == "":
        return says("`{name}` is empty", name=name)
    if isinstance(value, str):
        return says("`{name}` is `{text}`", name=name, text=value)
    return says("`{name}` is {value}", name=name, value=str(value).lower())
