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
    """One of these numbers; there is at least one."""
    whole = all(isinstance(number, int) for number in numbers)
    return Number(min(numbers), max(numbers), "whole" if whole else "any", tuple(dict.fromkeys(numbers)))


def either(one: Number, other: Number) -> Number:
    """One or the other."""
    form = one.form if one.form == other.form else "any"
    listed = one.known + other.known if one.known and other.known else ()
    return Number(min(one.lo, other.lo), max(one.hi, other.hi), form, listed if len(listed) <= _MOST_KNOWN else ())


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
    """Whole numbers that are multiples of a whole step, their bounds drawn in to the nearest."""
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
    """What an operator of two numbers gives. A bound may be infinite; nothing is lost but sharpness.

    Operands beyond what expressions reckon with fail when they are filled in, so a finite bound stays in that range.
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
    return number._replace(lo=lo, hi=hi, known=tuple(one for one in number.known if abs(one) <= MOST_OPERAND))


def _one_by_one(operator: str, left: tuple[Real, ...], right: tuple[Real, ...]) -> tuple[Real, ...]:
    """All results of few operands; none of what has no result."""
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


def _times(one: Real, other: Real) -> Real:
    return 0 if one == 0 or other == 0 else one * other


def _quotient(operator: str, left: Number, right: Number) -> Number:
    """`/` gives a float, `//` a whole number; next to zero a fraction's quotient has no bound."""
    divisors: list[Real] = [one for one in right[:2] if one]
    if right.form == "whole":
        # Of whole numbers those next to zero make the quotient largest.
        divisors += [one for one in (-1, 1) if right.lo <= one <= right.hi]
    elif right.lo <= 0 <= right.hi:
        return Number(-INFINITE, INFINITE, "float" if operator == "/" else _form(left, right))
    divide = _over if operator == "/" else _floored
    corners: list[Real] = [divide(a, b) for a in left[:2] for b in divisors] or [0]
    return _spanned(corners, "float" if operator == "/" else _form(left, right))


def _over(one: Real, other: Real) -> Real:
    if not isfinite(other):
        return 0 if isfinite(one) else one
    return one / other


def _floored(one: Real, other: Real) -> Real:
    if isinstance(one, int) and isinstance(other, int):
        return one // other
    found = _over(one, other)
    return floor(found) if isfinite(found) else found


def _rest(left: Number, right: Number) -> Number:
    """`%` has the sign of the divisor and stays below it."""
    whole = left.form == right.form == "whole"
    hi = max(0, right.hi - 1 if whole else right.hi)
    lo = min(0, right.lo + 1 if whole else right.lo)
    if left.lo >= 0 and right.lo > 0:
        hi = min(hi, left.hi)
    return Number(lo, hi, _form(left, right))


def negated(number: Number) -> Number:
    """The numbers with their signs turned."""
    return Number(-number.hi, -number.lo, number.form, tuple(-one for one in number.known))
