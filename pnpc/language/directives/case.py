"""One case of a message: what its directives depend on has these values, and so its objects are there or not."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pnpc.language.cases.expansion import Case, Rounds
from pnpc.language.cases.parts import EACH, Condition, Key, Loop
from pnpc.language.cases.truth import Question, data_of, holds, quietly
from pnpc.language.directives.domains import Domains

Decided = Mapping[Key | str, Any]


class Choice(NamedTuple):
    """What is decided of each thing that the directives depend on, and a length for each array.

    `mixed`: inside a loop values differ from entry to entry.
    """

    decided: Decided
    counts: Mapping[Key, int]
    mixed: bool = False


class Chosen(Case):
    """The case of a choice; `written`: how many entries of a long loop are written out, all if None."""

    def __init__(self, found: Domains, choice: Choice, written: int | None = None) -> None:
        self._found = found
        self._choice = choice
        self._written = written

    def count(self, loop: Loop, rounds: Rounds) -> tuple[int, int]:
        """How many entries a loop has, and how many are written out: in later rounds of one around it a single one."""
        count = self._choice.counts[loop.key]
        if self._written is None:
            return count, count
        return count, min(count, 1 if any(one.turn for one in rounds) else self._written)

    def holds(self, condition: Condition, rounds: Rounds) -> bool:
        """Whether a condition holds."""
        return holds(condition.formula, lambda question: self._answer(question, rounds))

    def _answer(self, question: Question, rounds: Rounds) -> bool:
        asked = self._found.asked[id(question)]
        if asked.array is not None:
            return self._choice.counts[asked.array] > 0
        if asked.atom:
            truth: bool = self._choice.decided[asked.atom]
            return truth != (self._choice.mixed and _turn(asked.loops, rounds) % 2 == 1)
        values = {steps: self._value(steps, key, rounds) for steps, key in asked.values.items()}
        return quietly(asked.question, data_of(values))

    def _value(self, steps: Key, key: Key, rounds: Rounds) -> Any:
        if key not in self._choice.decided:
            return _number(steps[-1], rounds)
        value = self._choice.decided[key]
        if not self._choice.mixed or EACH not in key:
            return value
        options = self._found.options[key]
        loop = key[: len(key) - 1 - key[::-1].index(EACH)]
        return options[(options.index(value) + _turn((loop,), rounds)) % len(options)]


def _number(name: str, rounds: Rounds) -> int | bool:
    turn, last = (rounds[-1].turn, rounds[-1].total - 1) if rounds else (0, 0)
    return {"index0": turn, "index": turn + 1, "first": turn == 0, "last": turn == last}[name]


def _turn(loops: tuple[Key, ...], rounds: Rounds) -> int:
    """The turn of the innermost of some loops."""
    return next((one.turn for one in reversed(rounds) if one.loop.key in loops), 0)
