"""The filters of expressions: dates, times, numbers and money as the country's people write them, by our own data.

No filter reads the machine's clock or time zone, or uses a library to format: the same data give the same text everywhere.
"""

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import quote

from jinja2 import Undefined

from pnpc.language.expressions.expression import DEFAULT_FORMATS, FILTERS, FORMATS, NoValue
from pnpc.language.extents.number import shown
from pnpc.language.filling import timestamps
from pnpc.language.filling.date_texts import date_text, time_text
from pnpc.language.filling.locales import LARGEST, currency_digits
from pnpc.language.filling.number_texts import money_form, number_form, number_text
from pnpc.language.filling.timestamps import excerpt
from pnpc.line.grammar.units import longest_text, utf16
from pnpc.text.wording import says


def _date(country: str) -> Callable[..., str]:
    def date(value: Any, format: str = DEFAULT_FORMATS["date"]) -> str:
        """A date, or the day that a date-time has in the country's time zone."""
        return date_text(country, _named("date", format), timestamps.day(value, country))

    return date


def _time(country: str) -> Callable[..., str]:
    def time(value: Any, format: str = DEFAULT_FORMATS["time"]) -> str:
        """A time of the day; one with a time zone, or a date-time, as the country's clocks show it."""
        return time_text(country, _named("time", format), timestamps.time(value, country))

    return time


def _named(filter: str, format: str) -> str:
    if format not in FORMATS[filter]:
        raise NoValue(says("no format {format}; there are {known}", format=repr(format), known=tuple(FORMATS[filter])))
    return format


def _number(country: str) -> Callable[..., str]:
    def number(value: Any) -> str:
        return number_text(number_form(country), _decimal(value))

    return number


def _currency(country: str) -> Callable[..., str]:
    def currency(value: Any, code: str = "") -> str:
        amount = _decimal(value)
        if code and (not isinstance(code, str) or code not in currency_digits()):
            raise NoValue(says("no currency {code}: a code of ISO 4217, such as USD", code=excerpt(code)))
        return number_text(money_form(country, code), amount)

    return currency


def _decimal(value: Any) -> Decimal:
    """A number of the data, or of an expression, exactly as it is written. Raises NoValue for anything else."""
    if value is None or isinstance(value, bool | list | dict):
        raise NoValue(says("{value} is not a number", value=excerpt(value)))
    if isinstance(value, int) and abs(value) > LARGEST:  # Python refuses to write some of them
        raise NoValue(says("the number is too large, beyond 10^15"))
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("NaN")
    if number.is_nan() or (number.is_infinite() and isinstance(value, str)):
        raise NoValue(says("{value} is not a number", value=excerpt(value)))
    if number.copy_abs() > LARGEST:
        raise NoValue(says("the number is too large, beyond 10^15"))
    return number if number else Decimal(0)  # -0.0 is a zero like any other


def _urlencode(_country: str) -> Callable[..., str]:
    def urlencode(value: Any) -> str:
        return quote(_text(value), safe="")

    return urlencode


def _truncate(_country: str) -> Callable[..., str]:
    def truncate(value: Any, length: int, end: str = "…") -> str:
        """At most `length` UTF-16 units, `end` included: LINE's unit, so that the result always fits."""
        text = _text(value)
        longest = longest_text()
        if not isinstance(length, int) or not 1 <= length <= longest or utf16(end) > length:
            raise NoValue(says("truncate needs a length from 1 to {limit}", limit=longest))
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
