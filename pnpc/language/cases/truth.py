"""The truth of a condition, taken apart: `and`, `or` and `not` around questions that are asked of declared values."""

from collections.abc import Callable, Iterator, Mapping
from operator import eq, gt, lt
from typing import Any, NamedTuple

Steps = tuple[str, ...]
Ask = Callable[[Mapping[str, Any]], bool]

_SIGNS: dict[str, tuple[str, Callable[[Any, Any], Any]]] = {
    "eq": ("==", eq),
    "lt": ("<", lt),
    "gt": (">", gt),
    "in": ("in", lambda value, among: value in among),
}


class Question(NamedTuple):
    """What can't be taken apart further: its words, the values that it reads (steps from a name), and the way to ask it.

    Questions of the same words and values are the same. `ask` takes the data; it raises whatever the evaluation raises.
    `points`: the constants that its one value is compared with, beside being asked whether it is true; None if it asks
    anything else. `is_read`: False for a text that is no question.
    """

    words: str
    refs: tuple[Steps, ...]
    ask: Ask
    points: tuple[Any, ...] | None = None
    is_read: bool = True


class Not(NamedTuple):
    """The opposite."""

    part: "Formula"


class Both(NamedTuple):
    """`and`."""

    one: "Formula"
    other: "Formula"


class Either(NamedTuple):
    """`or`."""

    one: "Formula"
    other: "Formula"


Formula = Question | Not | Both | Either


def questions(formula: Formula) -> Iterator[Question]:
    """The questions of a formula, in the order of its text."""
    if isinstance(formula, Question):
        yield formula
    elif isinstance(formula, Not):
        yield from questions(formula.part)
    else:
        yield from questions(formula.one)
        yield from questions(formula.other)


def holds(formula: Formula, answer: Callable[[Question], bool]) -> bool:
    """The truth of a formula for the answers to its questions."""
    if isinstance(formula, Question):
        return answer(formula)
    if isinstance(formula, Not):
        return not holds(formula.part, answer)
    if isinstance(formula, Both):
        return holds(formula.one, answer) and holds(formula.other, answer)
    return holds(formula.one, answer) or holds(formula.other, answer)


def may_hold(formula: Formula, data: Mapping[str, Any]) -> bool:
    """Whether a formula can be true with these data, which may not answer all of its questions."""
    return True in _truths(formula, data)


def _truths(formula: Formula, data: Mapping[str, Any]) -> frozenset[bool]:
    """What a formula can be: true, false, or, where a question has no answer, both."""
    if isinstance(formula, Question):
        try:
            return frozenset((bool(formula.ask(data)),))
        except Exception:  # whatever an evaluation raises: a value that is not there, or that has no answer
            return frozenset((True, False))
    if isinstance(formula, Not):
        return frozenset(not truth for truth in _truths(formula.part, data))
    one, other = _truths(formula.one, data), _truths(formula.other, data)
    combine = all if isinstance(formula, Both) else any
    return frozenset(combine((a, b)) for a in one for b in other)


def quietly(question: Question, data: Mapping[str, Any]) -> bool:
    """The answer to a question; one that has no answer for these data is not true: whoever compiles them will be told."""
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
            raise ValueError(f"`{above}` has no `{step}` here" if above else f"`{step}` has no value here")
        value = value[step]
    return value
