"""The stored lengths of dates, times, numbers and money, by country: what the filters write, measured by `tools/lengths.py`."""

from functools import lru_cache
from math import ceil, floor
from typing import Any

from pnpc.language.extents.extent import Extent, either, fixed, joined
from pnpc.language.extents.number import Number
from pnpc.language.filling.locales import COUNTRIES, LARGEST, currency_digits
from pnpc.language.filling.number_texts import money_form, zero_text
from pnpc.language.proof.first_step import grouped, stored
from pnpc.line.years import can_be_meant


def _own(country: str) -> Any:
    return stored()[country or "JP"]


@lru_cache(maxsize=64)
def moment(country: str, filter: str, format: str) -> Extent:
    """The extent of every date or time in a named format. Raises KeyError for an unknown format."""
    bounds = _own(country)[filter][format]
    return Extent(
        bounds["least"], bounds["units"], bounds["units"], bounds["clusters"], bounds["encoded"], bounds["kinds"]
    )  # fmt: skip


def reached(country: str, filter: str) -> list[str]:
    """Dates or times that reach the bounds of the named formats. Usual years come first, because of equal examples the first is
    shown."""
    moments = [moment for format in _own(country)[filter].values() for moment in format["reached"]]
    return sorted(dict.fromkeys(moments), key=lambda text: not can_be_meant(text))


def has_currency(country: str, code: str) -> bool:
    """Whether a code is that of a currency (ISO 4217), or of the country's own."""
    return code == COUNTRIES[country].currency or code in currency_digits()


def money(country: str, code: str, number: Number) -> Extent:
    """The extent of an amount. Raises KeyError for an unknown code."""
    own = not code or code == COUNTRIES[country].currency
    sample = _own(country)["currency"] if own else zero_text(money_form(country, code))
    return _grouped(number, sample)


def counted(country: str, number: Number) -> Extent:
    """The extent of what `number` writes."""
    samples = _own(country)["number"]
    whole = _grouped(number, samples["whole"])
    return whole if number.form == "whole" else either(whole, _grouped(number, samples["fraction"]))


def _grouped(number: Number, sample: str) -> Extent:
    """The extent of a zero as it is written, with the further digits of the largest number, their commas, and a minus if there
    is one. The filters refuse larger amounts than LARGEST.
    """
    lo, hi = (min(max(bound, -LARGEST), LARGEST) for bound in (number.lo, number.hi))
    zero = fixed(sample)
    ends = [joined(zero, fixed(_digits(ceil(abs(bound)), negative=bound < 0))) for bound in (lo, hi)]
    # A fraction is rounded, and may lose a digit; a whole number stays what it is.
    least = len(sample)
    if number.form == "whole" and (lo > 0 or hi < 0):
        least += len(_digits(floor(min(abs(lo), abs(hi))), negative=hi < 0))
    return either(ends[0], ends[1])._replace(known=(), least=least)


def _digits(value: int, *, negative: bool) -> str:
    """What a number has beside the zero of the sample: a minus, digits, commas."""
    digits = len(str(value)) - 1
    return "-" * negative + "0" * digits + "," * (grouped(digits) - digits)
