"""Intervals of numbers: what arithmetic makes of them, and how long they are as people read them."""

import operator as operators
from collections.abc import Callable
from math import ceil, floor, isfinite
from typing import Any, NamedTuple

from pnpc.language.expressions.expression import EXPONENTS_FROM, LONGEST_FLOAT, MOST_OPERAND
from pnpc.language.extents.extent import INFINITE, Extent, any_of
from pnpc.line.grammar.units import MARK, SIGN, WORD

Real = int | float

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operators.add, "-": operators.sub, "*": operators.mul, "/": operators.truediv, "//": operators.floordiv, "%": operators.mod,
}  # fmt: skip
_MOST_KNOWN = 256  # numbers that are worked out one by one


class Number(NamedTuple):
    """The numbers from `lo` to `hi`. `form`: `whole` (integers, written without a point or exponent), `float`, or `any`
    of the two. `known` are all of them, where these are few; empty where they are not.
    """

    lo: Real
    hi: Real
    form: str
    known: tuple[Real, ...] = ()


def known(numbers: tuple[Real, ...]) -> Number:
    """The interval of a number that is one of these; there is at least one."""
    whole = all(isinstance(number, int) for number in numbers)
    return Number(min(numbers), max(numbers), "whole" if whole else "any", tuple(dict.fromkeys(numbers)))


def either(left: Number, other: Number) -> Number:
    """The interval of a number that is in one of two."""
    form = left.form if left.form == other.form else "any"
    listed = left.known + other.known if left.known and other.known else ()
    return Number(min(left.lo, other.lo), max(left.hi, other.hi), form, listed if len(listed) <= _MOST_KNOWN else ())


def shown(value: Real) -> str:
    """A number as an expression prints it; see `pnpc.language.filling.jinja.show`."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < EXPONENTS_FROM else repr(value)
    return str(value)


def printed(number: Number) -> Extent:
    """The extent of a number as it is printed: digits, a minus, and of fractions a point and an exponent."""
    if number.known:
        return any_of(shown(value) for value in number.known)
    lo, hi = number.lo, number.hi
    most = max(len(str(int(bound))) if isfinite(bound) else INFINITE for bound in (lo, hi))
    longest_float = LONGEST_FLOAT - (lo >= 0)
    if number.form != "whole":
        # A float that is a whole number is shown as one, as long as it needs no exponent.
        most = longest_float if number.form == "float" else max(most, longest_float)
    least = 1
    if number.form == "whole" and (lo > 0 or hi < 0):
        least = len(str(int(lo if lo > 0 else hi)))
    digits = number.form == "whole"
    kinds = WORD | (0 if digits else MARK | SIGN) | (0 if lo >= 0 else MARK)
    encoded = most if digits else most + 2  # only the + of an exponent is more than itself in a URL
    return Extent(least, most, most, most, encoded, kinds)


def stored(number: Number) -> Extent:
    """The extent of a number as Python's `str` writes it, in a join: the float 5.0 stays so."""
    return any_of(str(value) for value in number.known) if number.known else printed(number)


def multiples(number: Number, step: Real) -> Number:
    """Whole numbers that are multiples of a whole step, their bounds moved inwards to the nearest multiple."""
    if number.form != "whole" or not float(step).is_integer() or step <= 0:
        return number
    lo, hi = number.lo, number.hi
    whole = int(step)
    return Number(
        -(-_whole(lo, ceil) // whole) * whole if isfinite(lo) else lo,
        _whole(hi, floor) // whole * whole if isfinite(hi) else hi,
        "whole",
    )


def _whole(value: Real, rounded: object) -> int:
    return value if isinstance(value, int) else int(rounded(value))  # type: ignore[operator]


def calculated(operator: str, left: Number, right: Number) -> Number:
    """The interval of an operator's results. A bound may be infinite: that is correct, but less exact.

    Operands beyond MOST_OPERAND fail when the text is filled, so a finite bound stays in that range.
    """
    left, right = _in_range(left), _in_range(right)
    results = _one_by_one(operator, left.known, right.known)
    if results:
        return known(results)
    if operator == "+":
        return Number(left.lo + right.lo, left.hi + right.hi, _form(left, right))
    if operator == "-":
        return Number(left.lo - right.hi, left.hi - right.lo, _form(left, right))
    if operator == "*":
        return _spanned([_times(a, b) for a in left[:2] for b in right[:2]], _form(left, right))
    if operator == "%":
        return _rest(left, right)
    return _quotient(operator, left, right)


def _in_range(number: Number) -> Number:
    lo, hi = (
        bound if not isfinite(bound) else min(max(bound, -MOST_OPERAND), MOST_OPERAND)
        for bound in (number.lo, number.hi)
    )
    return number._replace(lo=lo, hi=hi, known=tuple(value for value in number.known if abs(value) <= MOST_OPERAND))


def _one_by_one(operator: str, left: tuple[Real, ...], right: tuple[Real, ...]) -> tuple[Real, ...]:
    """All results of few operands; a division by zero has none."""
    if not 0 < len(left) * len(right) <= _MOST_KNOWN:
        return ()
    work = _OPERATORS[operator]
    results = (work(a, b) for a in left for b in right if b or operator not in ("/", "//", "%"))
    return tuple(value for value in results if isfinite(value))


def _form(left: Number, right: Number) -> str:
    if left.form == right.form == "whole":
        return "whole"
    return "float" if "float" in (left.form, right.form) else "any"


def _spanned(corners: list[Real], form: str) -> Number:
    return Number(min(corners), max(corners), form)


def _times(left: Real, other: Real) -> Real:
    return 0 if left == 0 or other == 0 else left * other


def _quotient(operator: str, left: Number, right: Number) -> Number:
    """`/` gives a float, `//` a whole number; if the divisor may be a fraction close to zero, the quotient has no bound."""
    divisors: list[Real] = [bound for bound in right[:2] if bound]
    if right.form == "whole":
        # Of whole divisors, those closest to zero give the largest quotient.
        divisors += [divisor for divisor in (-1, 1) if right.lo <= divisor <= right.hi]
    elif right.lo <= 0 <= right.hi:
        return Number(-INFINITE, INFINITE, "float" if operator == "/" else _form(left, right))
    divide = _over if operator == "/" else _floored
    corners: list[Real] = [divide(a, b) for a in left[:2] for b in divisors] or [0]
    return _spanned(corners, "float" if operator == "/" else _form(left, right))


def _over(dividend: Real, other: Real) -> Real:
    if not isfinite(other):
        return 0 if isfinite(dividend) else dividend
    return dividend / other


def _floored(dividend: Real, other: Real) -> Real:
    if isinstance(dividend, int) and isinstance(other, int):
        return dividend // other
    quotient = _over(dividend, other)
    return floor(quotient) if isfinite(quotient) else quotient


def _rest(left: Number, right: Number) -> Number:
    """`%` has the sign of the divisor and stays below it."""
    whole = left.form == right.form == "whole"
    hi = max(0, right.hi - 1 if whole else right.hi)
    lo = min(0, right.lo + 1 if whole else right.lo)
    if left.lo >= 0 and right.lo > 0:
        hi = min(hi, left.hi)
    return Number(lo, hi, _form(left, right))


def negated(number: Number) -> Number:
    """The interval with the sign changed."""
    return Number(-number.hi, -number.lo, number.form, tuple(-value for value in number.known))
