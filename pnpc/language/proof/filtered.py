"""What a filter makes of a value: the bounds of the result, and the mistakes in what it is given."""

from collections.abc import Callable
from functools import reduce
from typing import NamedTuple

from pnpc.language.expressions.expression import DEFAULT_FORMATS, FORMATS
from pnpc.language.extents.extent import Extent, any_of, can_be_empty, either, fixed, truncated, urlencoded
from pnpc.language.extents.number import Number
from pnpc.language.extents.value import FREE, UNKNOWN, ExpressionFault, Value, kinds_in_words, one_of, written
from pnpc.language.filling.locales import LARGEST
from pnpc.language.proof import lengths
from pnpc.line.grammar.units import longest_text
from pnpc.text.wording import Said, says

_ANY_AMOUNT = Number(-LARGEST, LARGEST, "any")


class Call(NamedTuple):
    """A filter and what it is given: the value, its name in the expression if it has one, and the arguments by name."""

    value: Value
    shown: str
    given: dict[str, Value]
    country: str
    faults: list[ExpressionFault]

    def literal(self, name: str) -> object:
        """The text or number that an argument is; None where it is left out or not known."""
        argument = self.given.get(name)
        if argument is None:
            return None
        if argument.text is not None and argument.text.known:
            return argument.text.known[0] if len(argument.text.known) == 1 else None
        return argument.number.known[0] if argument.number is not None and len(argument.number.known) == 1 else None

    def named(self) -> Said:
        """The value as messages name it."""
        return says("`{name}`", name=self.shown) if self.shown else says("its value")

    def fault(self, message: Said, help: Said | None = None, *, sure: bool) -> None:
        """Note a mistake; `sure`: it fails for all data, else for some that are allowed."""
        self.faults.append(ExpressionFault(sure, message, help))

    def refuse(self, wanted: Said) -> Value:
        """Note a value of a kind that the filter never takes."""
        kinds = kinds_in_words(self.value.kinds())
        message = says("{wanted}; {named} is {kinds}", wanted=wanted, named=self.named(), kinds=kinds)
        self.fault(message, sure=True)
        return UNKNOWN


_NOUNS = {"date": says("a date"), "time": says("a time")}


def _moment(name: str, call: Call) -> Value:
    """`date` and `time`: a text that is one, or a date-time."""
    text, format_ = call.value.text, call.value.format
    if text is None and not call.value.unknown:
        return call.refuse(says("`{filter}` takes {noun} as text", filter=name, noun=_NOUNS[name]))
    if text is not None and not call.value.unknown and format_ not in (name, "date-time"):
        _judge_moment(name, call, text, format_)
    chosen = call.literal("format") if "format" in call.given else DEFAULT_FORMATS[name]
    try:
        return Value(text=lengths.moment(call.country, name, str(chosen)))
    except KeyError:
        return Value(text=reduce(either, [lengths.moment(call.country, name, format) for format in FORMATS[name]]))


def _judge_moment(name: str, call: Call, text: Extent, format_: str) -> None:
    """Note a text that may not be a date or a time."""
    noun, named = _NOUNS[name], call.named()
    help = says("declare `format: {filter}`, or `format: date-time`, for {named}", filter=name, named=named)
    wrong = [known for known in text.known if not _reads(name, known, call.country)]
    if wrong:
        message = says(
            "`{filter}` takes {noun}; {named} can be `{value}`", filter=name, noun=noun, named=named, value=wrong[0]
        )
        call.fault(message, sure=len(wrong) == len(text.known))
    elif format_ and not text.known:
        message = says(
            "`{filter}` takes {noun}; {named} has the format {format}",
            filter=name,
            noun=noun,
            named=named,
            format=format_,
        )
        call.fault(message, help, sure=True)
    elif not text.known:
        message = says("`{filter}` takes {noun}, and {named} can be any text", filter=name, noun=noun, named=named)
        call.fault(message, help, sure=False)


def _reads(name: str, text: str, country: str) -> bool:
    from pnpc.language.filling import timestamps  # few dates are declared as plain text

    read: Callable[[str, str], object] = timestamps.day if name == "date" else timestamps.time
    try:
        read(text, country)
    except ValueError:
        return False
    return True


def _amount(name: str, call: Call) -> Number | None:
    """The number that `number` and `currency` are given; None if it never is one."""
    value = call.value
    if value.unknown:
        return _ANY_AMOUNT
    if value.text is None and value.number is None:
        call.refuse(says("`{filter}` takes a number", filter=name))
        return None
    if value.text is None:
        return value.number
    wrong, named = [known for known in value.text.known if not _is_number(known)], call.named()
    if wrong and value.number is None and len(wrong) == len(value.text.known):
        message = says("`{filter}` takes a number; {named} can be `{value}`", filter=name, named=named, value=wrong[0])
        call.fault(message, sure=True)
    elif wrong or not value.text.known:
        possible = says("can be `{value}`", value=wrong[0]) if wrong else says("can be any text")
        help = says("declare `type: integer` or `type: number` for {named}", named=named)
        message = says("`{filter}` takes a number, and {named} {found}", filter=name, named=named, found=possible)
        call.fault(message, help, sure=False)
    return _ANY_AMOUNT


def _is_number(text: str) -> bool:
    from decimal import Decimal, InvalidOperation  # few numbers are declared as text

    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _number(call: Call) -> Value:
    amount = _amount("number", call)
    return UNKNOWN if amount is None else Value(text=lengths.counted(call.country, amount))


def _currency(call: Call) -> Value:
    amount = _amount("currency", call)
    if amount is None:
        return UNKNOWN
    code = call.literal("code") if "code" in call.given else ""
    if not isinstance(code, str):
        return UNKNOWN
    if code and not lengths.has_currency(call.country, code):
        help = says("a code of ISO 4217 has three capitals, such as USD")
        call.fault(says("no currency `{code}`", code=code), help, sure=True)
        return UNKNOWN
    return Value(text=lengths.money(call.country, code, amount))


def _urlencode(call: Call) -> Value:
    return Value(text=urlencoded(written(call.value)), causes=call.value.causes)


def _truncate(call: Call) -> Value:
    text = written(call.value)
    length, end = call.literal("length"), call.literal("end") if "end" in call.given else "…"
    if not isinstance(length, int) or not isinstance(end, str):
        return Value(text=FREE, causes=call.value.causes)
    longest = longest_text()
    if length > longest:
        call.fault(says("`truncate` takes a length from 1 to {longest}", longest=longest), sure=True)
        return UNKNOWN
    if length < 1 or fixed(end).units > length:
        call.fault(says("`truncate` to {length} leaves no room for `{end}`", length=length, end=end), sure=True)
        return UNKNOWN
    return Value(text=truncated(text, length, end), causes=call.value.causes)


def _default(call: Call) -> Value:
    value, other = call.value, call.given.get("other", Value(text=fixed("")))
    text = value.text
    empty = text is not None and can_be_empty(text)
    if text is not None and empty:
        left = tuple(known for known in text.known if known)
        # A text that is not empty has at least one character; if "" was the only text, no text is left.
        text = any_of(left) if left else None if text.known else text._replace(least=max(text.least, 1), blank=False)
    kept = value._replace(text=text, none=False, missing=False)
    if not (empty or value.none or value.missing):
        return value
    if not (kept.kinds() or kept.unknown):
        return other
    return one_of(kept, other)


FILTERS: dict[str, Callable[[Call], Value]] = {
    "date": lambda call: _moment("date", call),
    "time": lambda call: _moment("time", call),
    "number": _number,
    "currency": _currency,
    "urlencode": _urlencode,
    "truncate": _truncate,
    "default": _default,
}
# The names of each filter's arguments, in order.
PARAMETERS = {
    "date": ("format",), "time": ("format",), "currency": ("code",), "truncate": ("length", "end"), "default": ("other",),
}  # fmt: skip
