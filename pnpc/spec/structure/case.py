"""One case of a message: what its directives depend on has these values, and so its objects are there or not."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pnpc.spec.structure.domains import Asked, Domains
from pnpc.spec.structure.expansion import Case, Rounds
from pnpc.spec.structure.parts import EACH, Condition, Key, Loop
from pnpc.spec.structure.truth import Question, holds

# Entries of a loop that are written out where it has very many: more than any list of LINE's may have.
MOST_WRITTEN = 64
_FEW = 2


class Choice(NamedTuple):
    """A value for each that can be listed, a truth for each question, a length for each array.

    `mixed`: inside a loop they differ from entry to entry.
    """

    values: Mapping[Key, Any]
    atoms: Mapping[str, bool]
    counts: Mapping[Key, int]
    mixed: bool = False


class Chosen(Case):
    """The case of a choice; `sparing`: not all entries of a long loop are written out."""

    def __init__(self, found: Domains, choice: Choice, *, sparing: bool = False) -> None:
        self._found = found
        self._choice = choice
        self._sparing = sparing

    def count(self, loop: Loop, rounds: Rounds) -> tuple[int, int]:
        """How many entries a loop has, and how many are written out: in later rounds of one around it only a few."""
        count = self._choice.counts[loop.key]
        if not self._sparing:
            return count, count
        return count, min(count, _FEW if any(one.turn for one in rounds) else MOST_WRITTEN)

    def holds(self, condition: Condition, rounds: Rounds) -> bool:
        """Whether a condition holds."""
        return holds(condition.formula, lambda question: self.answer(question, rounds))

    def answer(self, question: Question, rounds: Rounds) -> bool:
        """The answer to a question inside some rounds."""
        asked = self._found.asked[id(question)]
        if asked.array is not None:
            return self._choice.counts[asked.array] > 0
        if asked.atom:
            return self._choice.atoms[asked.atom] != (self._choice.mixed and _turn(asked.loops, rounds) % 2 == 1)
        return asked.question.ask(self._data(asked, rounds))

    def _data(self, asked: Asked, rounds: Rounds) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for steps, key in asked.values.items():
            into = data
            for step in steps[:-1]:
                into = into.setdefault(step, {})
            into[steps[-1]] = self._number(steps[-1], rounds) if key[0] == "loop" else self._value(key, rounds)
        return data

    def _value(self, key: Key, rounds: Rounds) -> Any:
        value = self._choice.values[key]
        if not self._choice.mixed or EACH not in key:
            return value
        listed = self._found.values[key]
        loop = key[: len(key) - 1 - key[::-1].index(EACH)]
        return listed[(listed.index(value) + _turn((loop,), rounds)) % len(listed)]

    def _number(self, name: str, rounds: Rounds) -> int | bool:
        turn, last = (rounds[-1].turn, rounds[-1].total - 1) if rounds else (0, 0)
        return {"index0": turn, "index": turn + 1, "first": turn == 0, "last": turn == last}[name]


def _turn(loops: tuple[Key, ...], rounds: Rounds) -> int:
    """The turn of the innermost of some loops."""
    return next((one.turn for one in reversed(rounds) if one.loop.key in loops), 0)
