"""Intervals of numbers: what arithmetic makes of them, and how long they are as people read them."""

from math import ceil, floor, isfinite
from typing import NamedTuple

from pnpc.spec.proof.extent import INFINITE, MARK, SIGN, WORD, Extent, any_of

Real = int | float

# Python writes a float with at most so many characters, and writes floats from here on with an exponent.
_LONGEST_FLOAT = len(repr(-2.2250738585072014e-308))
_SHORTEST_LARGE = len("1e+16")
_EXPONENTS_FROM = 10**15


class Number(NamedTuple):
    """The numbers from `lo` to `hi`. `form`: `whole` (integers, however they are stored), `any`, or `float` (never an
    integer of a thousand digits). `known` are all of them, where these are few; empty where they are not.
    """

    lo: Real
    hi: Real
    form: str
    known: tuple[Real, ...] = ()


def known(numbers: tuple[Real, ...]) -> Number:
    """One of these numbers; there is at least one."""
    whole = all(float(one).is_integer() for one in numbers)
    return Number(min(numbers), max(numbers), "whole" if whole else "any", numbers)


def either(one: Number, other: Number) -> Number:
    """One or the other."""
    form = one.form if one.form == other.form else "any"
    return Number(
        min(one.lo, other.lo), max(one.hi, other.hi), form, one.known + other.known if one.known and other.known else ()
    )


def shown(value: Real) -> str:
    """A number as an expression prints it; see `pnpc.spec.language.show`."""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < _EXPONENTS_FROM else repr(value)
    return str(value)


def printed(number: Number) -> Extent:
    """The extent of a number as it is printed: digits, a minus, and of fractions a point and an exponent."""
    if number.known:
        return any_of(shown(one) for one in number.known)
    lo, hi = number.lo, number.hi
    most: float = 0
    for one in (lo, hi):
        most = max(most, len(str(int(one))) if isfinite(one) else INFINITE)
    if number.form == "float":
        most = _LONGEST_FLOAT
    elif number.form == "any" or max(-lo, hi) >= _EXPONENTS_FROM:
        most = max(most, _LONGEST_FLOAT)  # 10^17 may come as 1.0000000000000001e+17
    least = 1
    if number.form == "whole" and (lo > 0 or hi < 0):
        nearest = lo if lo > 0 else hi
        least = len(str(int(nearest))) if abs(nearest) < _EXPONENTS_FROM else _SHORTEST_LARGE
    digits = number.form == "whole" and max(-lo, hi) < _EXPONENTS_FROM
    kinds = WORD | (0 if digits else MARK | SIGN) | (0 if lo >= 0 else MARK)
    encoded = most if digits else most + 2  # only the + of an exponent is more than itself in a URL
    return Extent(least, most, most, most, encoded, kinds)


def stored(number: Number) -> Extent:
    """The extent of a number as Python's `str` writes it, in a join: a whole number that a row holds as 5.0 stays so."""
    if number.known:
        return any_of(str(one) for one in number.known)
    found = printed(number)
    if number.form != "whole":
        return found
    most = max(found.units + len(".0"), _LONGEST_FLOAT if max(-number.lo, number.hi) >= _EXPONENTS_FROM else 0)
    return found._replace(points=most, units=most, clusters=most, encoded=most + 2, kinds=found.kinds | MARK)


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
    """What an operator of two numbers gives. A bound may be infinite; nothing is lost but sharpness."""
    if operator == "+":
        return Number(left.lo + right.lo, left.hi + right.hi, _form(left, right))
    if operator == "-":
        return Number(left.lo - right.hi, left.hi - right.lo, _form(left, right))
    if operator == "*":
        return _spanned([_times(a, b) for a in left[:2] for b in right[:2]], _form(left, right))
    if operator == "%":
        return _rest(left, right)
    return _quotient(operator, left, right)


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
        divisors += [one for one in (-1, 1) if right.lo <= one <= right.hi]
    elif right.lo <= 0 <= right.hi:
        return Number(-INFINITE, INFINITE, "float")
    divide = _over if operator == "/" else _floored
    corners: list[Real] = [divide(a, b) for a in left[:2] for b in divisors] or [0]
    whole = operator == "//" and left.form == right.form == "whole"
    return _spanned(corners, "whole" if whole else "float")


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
    return Number(lo, hi, _form(left, right))


def negated(number: Number) -> Number:
    """The numbers with their signs turned."""
    return Number(-number.hi, -number.lo, number.form, tuple(-one for one in number.known))
