"""Witnesses: data that a spec allows and that make a text as long, or as short, as a finding says."""

from collections.abc import Callable, Iterator
from itertools import islice, product
from math import prod
from typing import Any, NamedTuple

from pnpc.language.cases.truth import Formula, holds, questions
from pnpc.language.filling.jinja import CompiledText, RenderError
from pnpc.language.proof.samples import samples
from pnpc.language.variables.scope import Names
from pnpc.line.grammar.allowance import current
from pnpc.text.wording import Said, joined_by_and, says

_ROUNDS = 2
_MOST_STARTS = 500  # values from which a search begins
_MOST_SHOWN = 20  # characters of a value that a message shows
_A_TRY = 45  # steps of the run's allowance


class Witness(NamedTuple):
    """Values by the names that an expression uses, the text that they make, and its length in the unit asked for."""

    values: dict[str, Any]
    text: str
    length: int

    def shown(self) -> Said:
        """The values as a message shows them: `order_id` of 20 characters, `total` 9999999."""
        return joined_by_and(
            [says("`{name}` {value}", name=name, value=_described(value)) for name, value in self.values.items()]
        )


def _described(value: Any) -> Said:
    if isinstance(value, str):
        if len(set(value)) > 1 and len(value) <= _MOST_SHOWN:
            return says("`{text}`", text=value)
        return _sized(value)
    if isinstance(value, list):
        return says("of {count} entries", count=len(value))
    if isinstance(value, dict):
        members = tuple(
            says("with `{name}` {value}", name=name, value=_described(member)) for name, member in value.items()
        )
        return says("{members}", members=members)
    return says("{value}", value=str(value).lower() if isinstance(value, bool) else str(value))


def _sized(text: str) -> Said:
    """A text by its length alone."""
    size = says("of {size} character", size=1) if len(text) == 1 else says("of {size} characters", size=len(text))
    return says("{size} like {character}", size=size, character=text[0]) if text and not text.isascii() else size


class Search:
    """A text with the declarations of its names and the conditions around it: data are tried on it."""

    def __init__(self, text: str, names: Names, country: str, conditions: tuple[Formula, ...], reach: int) -> None:
        """`reach`: the code points that an unbounded text is given."""
        self._filled = CompiledText(text, country)
        self._conditions = conditions
        asked = {ref[0] for formula in conditions for question in questions(formula) for ref in question.refs}
        self._choices = {
            name: values
            for name in sorted(self._filled.names | asked)
            if name in names and (values := samples(names[name], country, reach))
        }

    def best(self, count: Callable[[str], int], *, least: bool = False) -> Witness | None:
        """Data that make the text as long as can be found, or with `least` as short; None if nothing fills it.

        Each variable is tried at its extremes while the others stay as they are: a length is a sum, and grows with each part.
        """
        better = min if least else max
        best: Witness | None = None
        for values in islice(self._starts(), _MOST_STARTS):
            best = _choose(best, self._measured(values, count), better)
        for _ in range(_ROUNDS if best is not None else 0):
            for name, choices in self._choices.items():
                assert best is not None
                tried: Witness | None = None
                for value in choices:
                    tried = _choose(tried, self._measured({**best.values, name: value}, count), better)
                best = _choose(tried, best, better)  # of equally good values the first, which is the simplest
        if best is None:
            return None
        used = {name: value for name, value in best.values.items() if name in self._filled.names}
        return best._replace(values=used)

    def _starts(self) -> Iterator[dict[str, Any]]:
        """All variables at their first values, all at their second …; then every combination."""
        for turn in range(max(map(len, self._choices.values()), default=1)):
            yield {name: values[turn % len(values)] for name, values in self._choices.items()}
        if self._conditions or prod(map(len, self._choices.values())) <= _MOST_STARTS:
            yield from (dict(zip(self._choices, values, strict=True)) for values in product(*self._choices.values()))

    def _measured(self, values: dict[str, Any], count: Callable[[str], int]) -> Witness | None:
        if not current().take(_A_TRY) or not self._stands(values):
            return None
        try:
            text = self._filled.fill(values)
        except RenderError:
            return None
        return Witness(values, text, count(text))

    def _stands(self, values: dict[str, Any]) -> bool:
        try:
            return all(holds(condition, lambda question: question.ask(values)) for condition in self._conditions)
        except Exception:  # whatever an evaluation raises: the condition has no answer for these data
            return False


def _choose(first: Witness | None, other: Witness | None, better: Any) -> Witness | None:
    if first is None or other is None:
        return first or other
    chosen: Witness = better((first, other), key=lambda witness: witness.length)
    return chosen
