"""Conditions as formulas: `and`, `or` and `not` around questions about declared values."""

from collections.abc import Callable, Iterator, Mapping
from operator import eq, gt, lt
from typing import Any, NamedTuple

from pnpc.language.expressions.expression import NoValue
from pnpc.text.wording import says

Steps = tuple[str, ...]
Ask = Callable[[Mapping[str, Any]], bool]

_SIGNS: dict[str, tuple[str, Callable[[Any, Any], Any]]] = {
    "eq": ("==", eq),
    "lt": ("<", lt),
    "gt": (">", gt),
    "in": ("in", lambda value, among: value in among),
}


class Question(NamedTuple):
    """A part of a condition that can't be taken apart: its words, the values that it reads (steps from a name), and a function.

    Questions of the same words and values are the same. `ask` takes the data; it raises whatever the evaluation raises.
    `points`: the constants that its only value is compared with, empty if it asks whether the value is true; None if it asks
    anything else. `is_read`: False for a text that can't be read.
    """

    words: str
    refs: tuple[Steps, ...]
    ask: Ask
    points: tuple[Any, ...] | None = None
    is_read: bool = True


class Not(NamedTuple):
    """`not`."""

    part: "Formula"


class Both(NamedTuple):
    """`and`."""

    left: "Formula"
    right: "Formula"


class Either(NamedTuple):
    """`or`."""

    left: "Formula"
    right: "Formula"


Formula = Question | Not | Both | Either


def questions(formula: Formula) -> Iterator[Question]:
    """The questions of a formula, in the order of its text."""
    if isinstance(formula, Question):
        yield formula
    elif isinstance(formula, Not):
        yield from questions(formula.part)
    else:
        yield from questions(formula.left)
        yield from questions(formula.right)


def holds(formula: Formula, answer: Callable[[Question], bool]) -> bool:
    """The truth of a formula for these answers to its questions."""
    if isinstance(formula, Question):
        return answer(formula)
    if isinstance(formula, Not):
        return not holds(formula.part, answer)
    if isinstance(formula, Both):
        return holds(formula.left, answer) and holds(formula.right, answer)
    return holds(formula.left, answer) or holds(formula.right, answer)


def may_hold(formula: Formula, data: Mapping[str, Any]) -> bool:
    """Whether a formula can be true with these data, which may not answer all of its questions."""
    return True in _truths(formula, data)


def _truths(formula: Formula, data: Mapping[str, Any]) -> frozenset[bool]:
    """What a formula can be: true, false, or, where a question has no answer, both."""
    if isinstance(formula, Question):
        try:
            return frozenset((bool(formula.ask(data)),))
        except Exception:  # whatever an evaluation raises: there is no value, or no answer for it
            return frozenset((True, False))
    if isinstance(formula, Not):
        return frozenset(not truth for truth in _truths(formula.part, data))
    left, right = _truths(formula.left, data), _truths(formula.right, data)
    combine = all if isinstance(formula, Both) else any
    return frozenset(combine((a, b)) for a in left for b in right)


def quietly(question: Question, data: Mapping[str, Any]) -> bool:
    """The answer to a question; one that has no answer for these data counts as not true: compile reports it."""
    try:
        return question.ask(data)
    except Exception:  # whatever an evaluation raises
        return False


def is_true(steps: Steps) -> Question:
    """Whether a value is true: a number but 0, a text or a list that is not empty."""
    return Question(".".join(steps), (steps,), lambda data: bool(_value(steps, data)), ())


def compared(steps: Steps, sign: str, constant: Any) -> Question:
    """A value compared with a constant; `sign` is `eq`, `lt`, `gt`, or `in` for a tuple of constants."""
    shown, compare = _SIGNS[sign]
    points = constant if isinstance(constant, tuple) else (constant,)
    words = f"{'.'.join(steps)} {shown} {in_words(constant)}"
    return Question(words, (steps,), lambda data: bool(compare(_value(steps, data), constant)), points)


def in_words(constant: Any) -> str:
    """A constant as an expression writes it."""
    if isinstance(constant, tuple):
        return f"[{', '.join(map(in_words, constant))}]"
    return str(constant).lower() if isinstance(constant, bool) or constant is None else repr(constant)


def data_of(values: Mapping[Steps, Any]) -> dict[str, Any]:
    """Data in which these steps lead to these values."""
    data: dict[str, Any] = {}
    for steps, value in values.items():
        into = data
        for step in steps[:-1]:
            if not isinstance(into.get(step), dict):
                into[step] = {}
            into = into[step]
        into[steps[-1]] = value
    return data


def _value(steps: Steps, data: Mapping[str, Any]) -> Any:
    value: Any = data
    for count, step in enumerate(steps):
        if not isinstance(value, Mapping) or step not in value:
            above = ".".join(steps[:count])
            if above:
                raise NoValue(says("`{name}` has no `{member}` here", name=above, member=step))
            raise NoValue(says("`{name}` has no value here", name=step))
        value = value[step]
    return value
