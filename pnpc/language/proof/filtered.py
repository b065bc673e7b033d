"""What a filter makes of a value: its bounds, and the mistakes of giving it what it can't take."""

from collections.abc import Callable
from functools import reduce
from typing import NamedTuple

from pnpc.language.expressions.expression import DEFAULT_FORMATS, FORMATS
from pnpc.language.extents.extent import Extent, any_of, can_be_empty, either, fixed, truncated, urlencoded
from pnpc.language.extents.number import Number
from pnpc.language.extents.value import FREE, UNKNOWN, Fault, Value, one_of, written
from pnpc.language.filling.locales import LARGEST
from pnpc.language.proof import lengths
from pnpc.line.grammar.units import longest_text
from pnpc.text.wording import Said, as_written, says

_ANY_AMOUNT = Number(-LARGEST, LARGEST, "any")


class Call(NamedTuple):
    """A filter and what it is given: the value, its name in the expression if it has one, and the arguments by name."""

    value: Value
    shown: str
    given: dict[str, Value]
    country: str
    faults: list[Fault]

    def literal(self, name: str) -> object:
        """The text or number that an argument is; None where it is left out or not known."""
        found = self.given.get(name)
        if found is None:
            return None
        if found.text is not None and found.text.known:
            return found.text.known[0] if len(found.text.known) == 1 else None
        return found.number.known[0] if found.number is not None and len(found.number.known) == 1 else None

    def named(self) -> Said:
        """The value as messages name it."""
        return says("`{name}`", name=self.shown) if self.shown else says("its value")

    def refuse(self, wanted: Said, *, help: Said | None = None) -> Value:
        """A value of a kind that the filter never takes."""
        found = " or ".join(sorted(self.value.kinds())) or "nothing"
        self.faults.append(
            Fault(
                True,
                says("{wanted}; {named} is {found}", wanted=wanted, named=self.named(), found=as_written(found)),
                help,
            )
        )
        return UNKNOWN


_NOUNS = {"date": "a date", "time": "a time"}


def _moment(name: str, call: Call) -> Value:
    """`date` and `time`: a text that is one, or a date-time."""
    text, format_ = call.value.text, call.value.format
    if text is None and not call.value.unknown:
        return call.refuse(says("`{filter}` takes {noun} as text", filter=name, noun=as_written(_NOUNS[name])))
    if text is not None and not call.value.unknown and format_ not in (name, "date-time"):
        _judge_moment(name, call, text, format_)
    chosen = call.literal("format") if "format" in call.given else DEFAULT_FORMATS[name]
    try:
        return Value(text=lengths.moment(call.country, name, str(chosen)))
    except KeyError:
        return Value(text=reduce(either, [lengths.moment(call.country, name, one) for one in FORMATS[name]]))


def _judge_moment(name: str, call: Call, text: Extent, format_: str) -> None:
    noun = _NOUNS[name]
    help = says("declare `format: {filter}`, or `format: date-time`, for {named}", filter=name, named=call.named())
    if text.known:
        wrong = [one for one in text.known if not _reads(name, one, call.country)]
        if wrong:
            sure = len(wrong) == len(text.known)
            call.faults.append(
                Fault(
                    sure,
                    says(
                        "`{filter}` takes {noun}; {named} can be `{value}`",
                        filter=name,
                        noun=as_written(noun),
                        named=call.named(),
                        value=wrong[0],
                    ),
                )
            )
    elif format_:
        call.faults.append(
            Fault(
                True,
                says(
                    "`{filter}` takes {noun}; {named} has the format {format}",
                    filter=name,
                    noun=as_written(noun),
                    named=call.named(),
                    format=format_,
                ),
                help,
            )
        )
    else:
        call.faults.append(
            Fault(
                False,
                says(
                    "`{filter}` takes {noun}, and {named} can be any text",
                    filter=name,
                    noun=as_written(noun),
                    named=call.named(),
                ),
                help,
            )
        )


def _reads(name: str, text: str, country: str) -> bool:
    from pnpc.language.filling import moments  # for the rare text that is to be a date and is not declared as one

    read: Callable[[str, str], object] = moments.day if name == "date" else moments.time
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
    wrong = [one for one in value.text.known if not _is_number(one)]
    if wrong and value.number is None and len(wrong) == len(value.text.known):
        call.faults.append(
            Fault(
                True,
                says(
                    "`{filter}` takes a number; {named} can be `{value}`",
                    filter=name,
                    named=call.named(),
                    value=wrong[0],
                ),
            )
        )
    elif wrong or not value.text.known:
        found = says("can be `{value}`", value=wrong[0]) if wrong else says("can be any text")
        help = says("declare `type: integer` or `type: number` for {named}", named=call.named())
        call.faults.append(
            Fault(
                False,
                says("`{filter}` takes a number, and {named} {found}", filter=name, named=call.named(), found=found),
                help,
            )
        )
    return _ANY_AMOUNT


def _is_number(text: str) -> bool:
    from decimal import Decimal, InvalidOperation  # for the rare text that is to be a number

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
        call.faults.append(
            Fault(
                True,
                says("no currency `{code}`", code=code),
                says("a code of ISO 4217 has three capitals, such as USD"),
            )
        )
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
        call.faults.append(Fault(True, says("`truncate` takes a length from 1 to {longest}", longest=longest)))
        return UNKNOWN
    if length < 1 or fixed(end).units > length:
        call.faults.append(
            Fault(True, says("`truncate` to {length} leaves no room for `{end}`", length=length, end=end))
        )
        return UNKNOWN
    return Value(text=truncated(text, length, end), causes=call.value.causes)


def _default(call: Call) -> Value:
    value, other = call.value, call.given.get("other", Value(text=fixed("")))
    text = value.text
    empty = text is not None and can_be_empty(text)
    if text is not None and empty:
        left = tuple(one for one in text.known if one)
        # A text that is not empty has one character at least; where "" was the only one, nothing of it is left.
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
# The names of what stands in a filter's parentheses, in order.
PARAMETERS = {
    "date": ("format",), "time": ("format",), "currency": ("code",), "truncate": ("length", "end"), "default": ("other",),
}  # fmt: skip
