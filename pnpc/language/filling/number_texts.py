"""Numbers and money as a country writes them: rounded half to even, in groups of three digits."""

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pnpc.language.expressions.expression import GROUP
from pnpc.language.filling.locales import COUNTRIES, currency_digits, written_in
from pnpc.text.lazy import regex

if TYPE_CHECKING:  # the proof only needs a zero, and must not load `decimal` for it
    from decimal import Decimal

_PATTERN = regex(r"([^#0,.]*)([#,]*0)(?:\.(0*)(#*))?([^#0,.]*)")


class Form(NamedTuple):
    """What stands before and after the digits, and the least and the most digits after the decimal point."""

    before: str
    after: str
    least: int
    most: int
    group: str
    point: str
    minus: str


@lru_cache(maxsize=8)
def number_form(country: str) -> Form:
    """How a country writes a number."""
    return _form(country, written_in(country)["number"])


@lru_cache(maxsize=1024)
def money_form(country: str, code: str = "") -> Form:
    """How a country writes an amount; `code` is ISO 4217's, empty for the country's own. Raises KeyError for no currency."""
    code = code or COUNTRIES[country].currency
    digits = currency_digits()[code]
    own = written_in(country)
    form = _form(country, own["money_of"].get(code, own["money"]))
    return form._replace(before=form.before.replace("¤", own["symbols"].get(code, code)), least=digits, most=digits)


def _form(country: str, pattern: str) -> Form:
    parts = _PATTERN.fullmatch(pattern)
    if parts is None:
        raise ValueError(f"not a pattern of a number: {pattern}")
    before, _whole, always, maybe, after = parts.groups(default="")
    marks = written_in(country)["marks"]
    return Form(
        before, after, len(always), len(always) + len(maybe), marks["group"], marks["decimal"], marks["minusSign"]
    )


def zero_text(form: Form) -> str:
    """The number 0 in that form."""
    return form.before + "0" + (form.point + "0" * form.least if form.least else "") + form.after


def number_text(form: Form, number: "Decimal") -> str:
    """A finite number of at most 10^15 in that form."""
    whole, fraction = _rounded(number, form.most)
    while len(fraction) > form.least and fraction.endswith("0"):
        fraction = fraction[:-1]
    sign = form.minus if number.is_signed() else ""
    return sign + form.before + _grouped(whole, form.group) + (form.point + fraction if fraction else "") + form.after


def _rounded(number: "Decimal", digits: int) -> tuple[str, str]:
    """The digits before and after the decimal point, without the sign. A half goes to the even digit, as in CLDR."""
    from decimal import ROUND_HALF_EVEN, Context, Decimal  # most runs of check write no number

    step = Decimal(1).scaleb(-digits)
    rounded = number.copy_abs().quantize(step, context=Context(prec=40, rounding=ROUND_HALF_EVEN))
    whole, _point, fraction = f"{rounded:f}".partition(".")
    return whole, fraction


def _grouped(digits: str, mark: str) -> str:
    first = len(digits) % GROUP
    groups = [digits[:first]] if first else []
    return mark.join(groups + [digits[at : at + GROUP] for at in range(first, len(digits), GROUP)])
