"""What `$if`s can hold together, held against brute force: every value that the declarations allow is tried.

The short form runs in the suite; `PNPC_CONDITIONS=3000` asks for more of the same specs (and prints the figures with `-s`).
"""

import os
import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from typing import Any

from pnpc import check_text

SPECS = int(os.environ.get("PNPC_CONDITIONS", "70"))
SEED = 20261128


def texts(alphabet: str, most: int) -> tuple[str, ...]:
    """All texts over an alphabet, up to a length."""
    return tuple("".join(some) for length in range(most + 1) for some in product(alphabet, repeat=length))


DAYS = tuple((date(2025, 12, 28) + timedelta(days=n)).isoformat() for n in range(10))
# Declarations, values that stand for all that they allow, and the constants that they are compared with.
DOMAINS: tuple[tuple[str, tuple[Any, ...], tuple[Any, ...]], ...] = (
    ("boolean", (True, False), (True, False)),
    ("integer, minimum: -6, maximum: 6", tuple(range(-6, 7)), (-7, -6, -1, 0, 2, 2.5, 6)),
    ("integer", tuple(range(-9, 10)), (-5, -4, 0, 3, 4)),
    ("integer, minimum: -1000, maximum: 1000, multipleOf: 20", tuple(range(-60, 80, 20)), (-30, -20, 0, 10, 19, 40)),
    ("integer, exclusiveMinimum: 0, exclusiveMaximum: 4", (1, 2, 3), (-1, 0, 1, 3, 4)),
    ("integer, enum: [-3, 0, 7]", (-3, 0, 7), (-3, -1, 0, 7, 8)),
    ("number, minimum: -2, maximum: 2", tuple(n / 4 for n in range(-8, 9)), (-2.5, -2, -0.5, 0, 1.5, 2)),
    ("number, exclusiveMinimum: 0, maximum: 2", tuple(n / 4 for n in range(1, 9)), (-1, 0, 0.5, 2)),
    ("number, minimum: -50, maximum: 50, multipleOf: 0.5", tuple(n / 2 for n in range(-8, 9)), (-2.25, -2, 0, 0.5, 1, 1.25)),
    ("number, minimum: 0, maximum: 1, multipleOf: 0.1", tuple(n / 10 for n in range(11)), (-0.1, 0, 0.2, 0.3, 0.35, 0.4)),
    ("number, enum: [-1.5, 0.5, 2]", (-1.5, 0.5, 2), (-1.5, 0, 0.5, 1, 2)),
    ("string, enum: [a, bcd, 漢字]", ("a", "bcd", "漢字"), ("a", "b", "bcd", "漢字", "z")),
    ("string, const: ab", ("ab",), ("ab", "b")),
    ("string, enum: [a, ab, abc], minLength: 2", ("ab", "abc"), ("a", "ab", "abc")),
    ("string, maxLength: 2", texts("!abc", 2), ("", "a", "ab", "b", "abc")),
    ("string, minLength: 2, maxLength: 3", texts("!abc", 3)[5:], ("a", "ab", "abc", "b", "")),
    ('string, pattern: "^[a-c]{1,2}$"', texts("abc", 2)[1:], ("", "a", "ab", "b", "d", "abc")),
    ('string, pattern: "^[A-Z]{3}-[0-9]{6}$"', ("ABC-000001", "ABC-000002", "XYZ-999999"), ("ABC-000001", "XYZ-999999", "no", "")),
    ("string, format: date", DAYS, ("2025-12-29", "2025-12-31", "2026-01-01", "2026-01-02", "2026")),
)  # fmt: skip
ORDERED = ("==", "!=", "<", "<=", ">", ">=")


def question(chance: random.Random, name: str, constants: tuple[Any, ...], *, ordered: bool) -> str:
    """One question about a value: a comparison, a chain of two, a list, or whether it is true."""
    way = chance.random()
    if way < 0.15:
        return name
    some = [repr(constant) for constant in chance.sample(constants, 2)]
    if way < 0.3:
        return f"{name} {chance.choice(('in', 'not in'))} [{', '.join(some)}]"
    if way < 0.45 and ordered:
        low, high = sorted(chance.sample(constants, 2))
        return f"{low!r} {chance.choice(('<', '<='))} {name} {chance.choice(('<', '<='))} {high!r}"
    sign = chance.choice(ORDERED if ordered else ORDERED[:2])
    return f"{some[0]} {sign} {name}" if chance.random() < 0.2 else f"{name} {sign} {some[0]}"


class Spec:
    """A spec whose items have conditions, and all the rows that it allows."""

    def __init__(self, chance: random.Random) -> None:
        declared, self.domains, asked = "", {}, []
        for name in "ab"[: chance.choice((1, 1, 2))]:
            declaration, self.domains[name], constants = chance.choice(DOMAINS)
            declared += f"  {name}: {{type: {declaration}}}\n"
            # Of texts with a long pattern it is not worked out what lies between two.
            asked.append((name, constants, declaration != "boolean" and "[A-Z]" not in declaration))
        self.unusual = self._unusual(chance) if chance.random() < 0.3 else ""
        self.conditions = [self._condition(chance, asked) for _ in range(chance.choice((2, 2, 3)))]
        items = "".join(
            f'      - {{itemKey: name_010_ja, content: x, $if: "{condition}"}}\n' for condition in self.conditions
        )
        self.text = (
            f"pnpc: 1\nname: x\ncountry: JP\nvariables:\n{declared}message:\n  templateKey: shipment_completed_ja\n"
            f"  body:\n    items:\n{items}      - {{itemKey: date_002_ja, content: y}}\n"
        )

    def _condition(self, chance: random.Random, asked: list[Any]) -> str:
        made = []
        for _ in range(chance.choice((1, 1, 2, 3))):
            name, constants, ordered = chance.choice(asked)
            one = question(chance, name, constants, ordered=ordered)
            one = self.unusual if self.unusual and chance.random() < 0.3 else one
            made.append(f"not ({one})" if chance.random() < 0.25 else one)
        if len(made) == 3:
            made = [made[0], f"({made[1]} {chance.choice(('and', 'or'))} {made[2]})"]
        return f" {chance.choice(('and', 'or'))} ".join(made)

    def _unusual(self, chance: random.Random) -> str:
        """A question that is no comparison with constants: of one value a sum, of two whether they are alike."""
        name, other = chance.choice([*self.domains]), chance.choice([*self.domains])
        values = self.domains[name]
        if name != other:
            return f"{name} == {other}"
        return f"{name} ~ 'b' == 'ab'" if isinstance(values[0], str) else f"{name} + 1 == {values[-1]!r}"

    def rows(self) -> Iterator[dict[str, Any]]:
        """Every row."""
        for values in product(*self.domains.values()):
            yield dict(zip(self.domains, values, strict=True))

    def two_hold(self) -> bool:
        """Whether for some row two of the conditions hold. What is written here means the same in Python."""
        made = [compile(condition.replace("~", "+"), "condition", "eval") for condition in self.conditions]
        return any(sum(bool(eval(one, {}, row)) for one in made) > 1 for row in self.rows())


def test_what_can_hold_together_is_what_some_value_makes_hold() -> None:
    chance = random.Random(SEED)
    together = 0
    wrong = []
    for _ in range(SPECS):
        spec = Spec(chance)
        expected = spec.two_hold()
        together += expected
        found = any(told.code == "PNP204" for told in check_text(spec.text))
        if found < expected or (found and not expected and not spec.unusual):
            wrong.append((expected, spec.conditions, spec.text.split("message:")[0].split("variables:")[1]))
    print(f"\n{SPECS} specs, in {together} two conditions can hold together", *wrong[:30], sep="\n")
    assert wrong == []
    assert SPECS * 0.2 < together < SPECS * 0.95
