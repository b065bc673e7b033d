"""The filters of expressions: dates, times, numbers and money as the country's people write them, by Babel.

No filter reads a clock or a time zone of the machine: the same data gives the same text.
"""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from jinja2 import Undefined

from pnpc.spec import moments
from pnpc.spec.expression import FILTERS, FORMATS
from pnpc.spec.locales import COUNTRIES, LARGEST, LOCALES
from pnpc.spec.proof.number import shown

CURRENCIES = {country: own.currency for country, own in COUNTRIES.items()}


def _date(country: str) -> Callable[..., str]:
    def date(value: Any, format: str = "long") -> str:
        """A date, or the day that a date-time has in the country's time zone."""
        from babel.dates import format_date

        day = moments.day(value, country)
        return format_date(
            day, moments.date_pattern(country, _named("date", format), day.year), locale=LOCALES[country]
        )

    return date


def _time(country: str) -> Callable[..., str]:
    def time(value: Any, format: str = "short") -> str:
        """A time of the day; one with a time zone, or a date-time, as the country's clocks show it."""
        from babel.dates import format_time

        pattern = moments.time_pattern(country, _named("time", format))
        return format_time(moments.time(value, country), pattern, moments.zone(country), locale=LOCALES[country])

    return time


def _named(filter: str, format: str) -> str:
    if format not in FORMATS[filter]:
        raise ValueError(f"no format {format!r}; there are {', '.join(FORMATS[filter])}")
    return format


def _number(country: str) -> Callable[..., str]:
    def number(value: Any) -> str:
        from babel.numbers import format_decimal

        return format_decimal(_decimal(value), locale=LOCALES[country])

    return number


def _currency(country: str) -> Callable[..., str]:
    def currency(value: Any, code: str = "") -> str:
        from babel.numbers import format_currency

        amount = _decimal(value)
        chosen = code or CURRENCIES[country]
        if chosen not in _currencies(country):
            raise ValueError(f"no currency {chosen!r}: a code of ISO 4217, such as USD")
        if chosen == "JPY" and LOCALES[country] == "ja_JP":
            return f"{format_currency(amount, 'JPY', format='#,##0', locale='ja_JP')}円"
        return format_currency(amount, chosen, locale=LOCALES[country])

    return currency


@lru_cache(maxsize=8)
def _currencies(country: str) -> frozenset[str]:
    from babel import Locale

    return frozenset(Locale.parse(LOCALES[country]).currencies)


def _decimal(value: Any) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite():
        raise ValueError(f"{value!r} is not a number")
    if abs(number) > LARGEST:
        raise ValueError("the number is too large, beyond 10^15")
    return number if number else Decimal(0)  # -0.0 is a zero like any other


def _urlencode(_country: str) -> Callable[..., str]:
    def urlencode(value: Any) -> str:
        return quote(_text(value), safe="")

    return urlencode


def _truncate(_country: str) -> Callable[..., str]:
    def truncate(value: Any, length: int, end: str = "…") -> str:
        """At most `length` UTF-16 units, `end` included: LINE's unit, so that the result always fits."""
        from pnpc.spec.grammar.schema import load
        from pnpc.spec.units import utf16

        text = _text(value)
        longest = load("message-object")["$defs"]["text"]["properties"]["text"]["maxLength"]
        if not isinstance(length, int) or not 1 <= length <= longest or utf16(end) > length:
            raise ValueError(f"truncate needs a length from 1 to {longest}")
        if utf16(text) <= length:
            return text
        while utf16(text) + utf16(end) > length:
            text = text[: min(len(text) - 1, length)]
        return text + end

    return truncate


def _text(value: Any) -> str:
    """A value as a text; a number as the message shows it."""
    if isinstance(value, str):
        return value
    return shown(value) if isinstance(value, int | float) and not isinstance(value, bool) else str(value)


def _default(_country: str) -> Callable[..., Any]:
    def default(value: Any, other: Any = "") -> Any:
        return other if isinstance(value, Undefined) or value is None or value == "" else value

    return default


# A filter's function for a country, by its name.
MAKERS: dict[str, Callable[[str], Callable[..., Any]]] = dict(
    zip(FILTERS, (_currency, _date, _default, _number, _time, _truncate, _urlencode), strict=True)
)
