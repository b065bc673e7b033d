"""The ways to fill one text of a message with the values that the spec gives, where its directives include the text."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from pnpc.check.samples import Sample, Samples, choices
from pnpc.language.cases.parts import Condition, Loop, Step
from pnpc.language.cases.truth import holds, questions
from pnpc.language.directives.steps import expression
from pnpc.language.expressions.expression import ExpressionError
from pnpc.language.filling.jinja import CompiledText, RenderError, worked_out
from pnpc.language.variables.declared import NOBODY
from pnpc.line.grammar.run import Check
from pnpc.text.document import Scalar
from pnpc.text.path import Path
from pnpc.text.values import scalar_value

_MOST_TRIED = 256  # data that are tried for one text
_MOST_ROUNDS = 16  # of a loop


class Slot(NamedTuple):
    """A value with expressions: its path, its type and check in the grammar, and the directives that enclose it."""

    path: Path
    text: CompiledText
    type: str
    check: Check
    steps: tuple[Step, ...]


class Failure(NamedTuple):
    """Why a slot or a condition can't be worked out, and the samples that make it so."""

    error: RenderError
    used: Mapping[str, Sample]


class Way(NamedTuple):
    """A filled value, and the samples from which it was filled."""

    value: Any
    used: Mapping[str, Sample]


def ways_of(slot: Slot, known: Samples) -> Iterator[Way | Failure]:
    """The different values that a slot can become, for data with which its directives include it; or why it has none."""
    loops = {step.name: step.steps[0] for step in slot.steps if isinstance(step, Loop)}
    asked = frozenset(_roots(slot.steps))
    names = frozenset(loops.get(name, name) for name in slot.text.names) | frozenset(loops.values())
    seen: set[tuple[type, Any]] = set()
    tried = 0
    for chosen in choices(known, names, asked):
        data: dict[str, Any] = {name: sample.value for name, sample in chosen.items()}
        for turn in _turns(slot.steps, {**data, "recipient": NOBODY}):
            tried += 1
            if tried > _MOST_TRIED:
                return
            used = {name: chosen[name] for name in sorted(names) if name in chosen}
            try:
                value = slot.text.fill(turn) if slot.type == "string" else _plain(slot.text.value(turn))
            except RenderError as error:
                if slot.text.names <= turn.keys():  # else a variable has no value
                    yield Failure(error, used)
                continue
            if (type(value), value) not in seen:
                seen.add((type(value), value))
                yield Way(value, used)


def failure_of(steps: tuple[Step, ...], known: Samples) -> Failure | None:
    """The first failure of the last of these directives, a condition, for the data for which it is asked."""
    *outer, condition = steps
    assert isinstance(condition, Condition)
    asked = frozenset(_roots(steps))
    for tried, chosen in enumerate(choices(known, asked, asked)):
        data: dict[str, Any] = {name: sample.value for name, sample in chosen.items()}
        for turn in _turns(tuple(outer), {**data, "recipient": NOBODY}):
            if asked <= turn.keys() and (error := _failed(condition, turn)) is not None:
                return Failure(error, {name: chosen[name] for name in sorted(asked) if name in chosen})
        if tried >= _MOST_TRIED:
            break
    return None


def _plain(value: Any) -> Any:
    """A number or a boolean as compile sends it."""
    return scalar_value(Scalar("", str(value).lower() if isinstance(value, bool) else str(value), style=""))


def _roots(steps: Iterable[Step]) -> Iterator[str]:
    for step in steps:
        if isinstance(step, Condition):
            yield from (ref[0] for question in questions(step.formula) for ref in question.refs)


def _turns(steps: tuple[Step, ...], data: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The data for an object inside these directives, once for each time that they include it."""
    if not steps:
        yield data
    elif isinstance(steps[0], Condition):
        if _holds(steps[0], data):
            yield from _turns(steps[1:], data)
    else:
        entries = _entries(steps[0], data)
        for index, entry in enumerate(entries[:_MOST_ROUNDS]):
            number = {"index0": index, "index": index + 1, "first": index == 0, "last": index == len(entries) - 1}
            yield from _turns(steps[1:], {**data, steps[0].name: entry, "loop": number})


def _holds(condition: Condition, data: Mapping[str, Any]) -> bool:
    try:
        return _asked(condition, data)
    except (ExpressionError, RenderError):
        return False  # other rules report a condition that can't be read


def _failed(condition: Condition, data: Mapping[str, Any]) -> RenderError | None:
    try:
        _asked(condition, data)
    except ExpressionError:
        return None
    except RenderError as error:
        return error
    return None


def _asked(condition: Condition, data: Mapping[str, Any]) -> bool:
    with worked_out(expression(condition.text)):
        return holds(condition.formula, lambda question: question.ask(data))


def _entries(loop: Loop, data: Mapping[str, Any]) -> list[Any]:
    value: Any = data
    for step in loop.steps:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value if isinstance(value, list) else []
