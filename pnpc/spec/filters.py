"""The filters of expressions: dates, times, numbers and money as the country's people write them, by Babel.

No filter reads a clock or a time zone of the machine: the same data gives the same text.
"""

import datetime
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import quote

from jinja2 import Undefined

from pnpc.spec.expression import FILTERS, FORMATS
from pnpc.text.lazy import regex

LOCALES = {"JP": "ja_JP", "TH": "th_TH", "TW": "zh_Hant_TW", "": "ja_JP"}
CURRENCIES = {"JP": "JPY", "TH": "THB", "TW": "TWD", "": "JPY"}
_BUDDHIST_YEARS = 543
_LARGEST = 10**15  # Babel rounds with 28 digits, and no amount or count is larger
_YEAR = regex(r"(?:G+ ?)?(y+)")


def _date(country: str) -> Callable[..., str]:
    def date(value: Any, format: str = "long") -> str:
        from babel import Locale
        from babel.dates import format_date

        day = _moment(value, datetime.date.fromisoformat, "a date such as 2024-08-10")
        locale = LOCALES[country]
        pattern = str(Locale.parse(locale).date_formats[_named(format)].pattern)
        return format_date(day, _thai(pattern, day.year) if country == "TH" else pattern, locale=locale)

    return date


def _thai(pattern: str, year: int) -> str:
    """A date pattern with the Buddhist year, which Thailand writes, in place of Babel's Gregorian one and its era."""
    buddhist = str(year + _BUDDHIST_YEARS)
    return _YEAR.sub(lambda found: f"'{buddhist[-2:] if found[1] == 'yy' else buddhist}'", pattern)


def _time(country: str) -> Callable[..., str]:
    def time(value: Any, format: str = "short") -> str:
        from babel.dates import format_time

        moment = _moment(value, datetime.time.fromisoformat, "a time such as 14:30")
        return format_time(moment, _named(format), locale=LOCALES[country])

    return time


def _moment(value: Any, read: Callable[[str], Any], wanted: str) -> Any:
    try:
        return read(value)
    except (TypeError, ValueError):
        raise ValueError(f"{value!r} is not {wanted}") from None


def _named(format: str) -> str:
    if format not in FORMATS:
        raise ValueError(f"no format {format!r}; there are {', '.join(FORMATS)}")
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
        if chosen == "JPY" and LOCALES[country] == "ja_JP":
            return f"{format_currency(amount, 'JPY', format='#,##0', locale='ja_JP')}円"
        return format_currency(amount, chosen, locale=LOCALES[country])

    return currency


def _decimal(value: Any) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if isinstance(value, bool) or not number.is_finite():
        raise ValueError(f"{value!r} is not a number")
    if abs(number) > _LARGEST:
        raise ValueError("the number is too large, beyond 10^15")
    return number


def _urlencode(_country: str) -> Callable[..., str]:
    def urlencode(value: Any) -> str:
        return quote(value if isinstance(value, str) else str(value), safe="")

    return urlencode


def _truncate(_country: str) -> Callable[..., str]:
    def truncate(value: Any, length: int, end: str = "…") -> str:
        """At most `length` UTF-16 units, `end` included: LINE's unit, so that the result always fits."""
        from pnpc.spec.grammar.schema import load
        from pnpc.spec.units import utf16

        text = value if isinstance(value, str) else str(value)
        longest = load("message-object")["$defs"]["text"]["properties"]["text"]["maxLength"]
        if not isinstance(length, int) or not 1 <= length <= longest or utf16(end) > length:
            raise ValueError(f"truncate needs a length from 1 to {longest}")
        if utf16(text) <= length:
            return text
        while utf16(text) + utf16(end) > length:
            text = text[: min(len(text) - 1, length)]
        return text + end

    return truncate


def _default(_country: str) -> Callable[..., Any]:
    def default(value: Any, other: Any = "") -> Any:
        return other if isinstance(value, Undefined) or value is None or value == "" else value

    return default


# A filter's function for a country, by its name.
MAKERS: dict[str, Callable[[str], Callable[..., Any]]] = dict(
    zip(FILTERS, (_currency, _date, _default, _number, _time, _truncate, _urlencode), strict=True)
)
