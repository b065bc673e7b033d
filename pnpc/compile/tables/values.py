"""Values of tables: the text of a CSV's field, turned into the type that the variable declares; a typed value as JSON has it."""

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from math import isinf, isnan
from re import compile as regex
from typing import Any, NamedTuple
from unicodedata import normalize

from pnpc.compile.tables.phones import scrub
from pnpc.text.document import Node, Scalar
from pnpc.text.json import strict as strict_json
from pnpc.text.json.strict import NotJSON
from pnpc.text.values import BOOLEANS, INTEGER, NULLS, NUMBER, construct, is_plain, whole
from pnpc.text.wording import MOST_SHOWN, NOTHING, Said, as_written, joined_by_and, says
from pnpc.text.yaml.wide_signs import SPACE_NAMES

# A number as spreadsheets and people write it, after NFKC: `￥1,200`, `1,200円`; not `1 200`.
_WRITTEN = regex(r"[¥$฿]?\s*(?P<number>-?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+))\s*(?:円|元|บาท|¥|฿)?")
_LONGEST_WRITTEN = 32  # characters: longer texts are not meant as numbers
_LONGEST_NUMBER = 300  # characters of a number in a table
_SPACES = {
    **SPACE_NAMES, " ": says("a space"), "\t": says("a tab"), "\n": says("a line break"), "\r": says("a line break"),
}  # fmt: skip


class NotAValue(Exception):
    """A text that is not a value of the declared type."""

    def __init__(self, message: Said) -> None:
        super().__init__(message)
        self.message = message


def read(text: str, type: str) -> Any:
    """The value that a text means as `string`, `integer`, `number`, `boolean`, `array` or `object`.

    Lists and mappings are JSON; numbers have JSON's spelling; true and false may be capitals, as spreadsheets write
    them. Raises NotAValue.
    """
    if type == "string":
        return text
    if type == "boolean":
        if text not in BOOLEANS:
            raise NotAValue(says("must be true or false; found {found}", found=shown(text)))
        return BOOLEANS[text]
    if type in ("integer", "number"):
        return _number(text, type)
    value = read_json(text)
    if not isinstance(value, list if type == "array" else dict):
        if type == "array":
            raise NotAValue(says("must be a list in JSON; found {found}", found=shown(text)))
        raise NotAValue(says("must be a mapping in JSON; found {found}", found=shown(text)))
    return value


def read_json(text: str) -> Any:
    """A JSON text, read strictly (see `pnpc.text.json.strict`); the rules report half of a surrogate pair.

    Raises NotAValue.
    """
    try:
        return strict_json.read(text, halves=True)
    except NotJSON as error:
        reason = as_written(scrub(error.reason))
        if error.column is None or error.line != 1:
            raise NotAValue(reason) from None
        raise NotAValue(says("{reason} at character {column}", reason=reason, column=error.column)) from None


def from_node(node: Any, type: str) -> Any:
    """The value of a YAML node: whatever stands under a text variable is text, quoted or not; null is None."""
    if not isinstance(node, Node):
        return node
    if isinstance(node, Scalar) and is_plain(node) and node.value in NULLS:
        return None
    return construct(node, text=type == "string")


def shown(value: Any) -> Said:
    """A value as a message may show it: short, without anything that could be a phone number, and with a word about
    spaces around it, which are invisible."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    scrubbed = scrub(text)
    short = scrubbed if len(scrubbed) <= MOST_SHOWN else f"{scrubbed[:MOST_SHOWN]}…"
    return says("`{value}`{spaces}", value=short, spaces=_spaces_around(text))


def _spaces_around(text: str) -> Said:
    """Which spaces a text begins or ends with."""
    if not text or text.strip() == text:
        return NOTHING
    first = [] if text[0].strip() else [says("begins with {space}", space=_space(text[0]))]
    last = [] if text[-1].strip() else [says("ends with {space}", space=_space(text[-1]))]
    return says(" ({ends})", ends=joined_by_and([*first, *last]))


def _space(character: str) -> Said:
    return _SPACES.get(character) or says("U+{code_point:04X}", code_point=ord(character))


def _number(text: str, type: str) -> int | float:
    noun = says("a whole number") if type == "integer" else says("a number")
    if len(text) > _LONGEST_NUMBER or NUMBER.fullmatch(text) is None:
        meant = _meant_number(text)
        raise NotAValue(says("must be {noun}{meant}; found {found}", noun=noun, meant=meant, found=shown(text)))
    if INTEGER.fullmatch(text):
        return int(text)
    value = float(text)
    if isinf(value):
        raise NotAValue(says("must be {noun} that fits in 64 bits; found {found}", noun=noun, found=shown(text)))
    if type == "integer" and not value.is_integer():
        raise NotAValue(says("must be a whole number; found {found}", found=shown(text)))
    return _whole(value, type)


def _meant_number(text: str) -> Said:
    """How to write what people write for a number: with a sign of money, in groups of three, in full-width digits."""
    match = _WRITTEN.fullmatch(normalize("NFKC", text)) if len(text) <= _LONGEST_WRITTEN else None
    digits = match["number"].replace(",", "") if match else ""
    return says(": write {digits}", digits=digits) if digits and scrub(digits) == digits else NOTHING


def typed(value: Any, schema: Mapping[str, Any]) -> Any:
    """A value of JSON, Parquet or YAML as every table has it: a number without a fraction is a whole number (7, not 7.0).

    So the same number makes the same text whatever wrote it. Raises NotAValue.
    """
    kind = schema.get("type")
    if isinstance(value, float) and kind in ("integer", "number"):
        return _whole(value, kind)
    if isinstance(value, list) and isinstance(schema.get("items"), Mapping):
        return [typed(item, schema["items"]) for item in value]
    if isinstance(value, Mapping) and isinstance(schema.get("properties"), Mapping):
        known = schema["properties"]
        return {name: typed(member, known[name]) if name in known else member for name, member in value.items()}
    return value


def _whole(value: float, type: str) -> int | float:
    number = whole(value)
    if type == "integer" and isinstance(number, float) and number.is_integer():
        raise NotAValue(
            says(
                "is too large to be written with a point or an exponent: write its digits; found {found}",
                found=shown(value),
            )
        )
    return number


class OutOfPython(NamedTuple):
    """In place of a value that Python has not: its type."""

    type: str


def plain(value: Any) -> Any:
    """A value as JSON has it. Raises NotAValue for one that it has not."""
    if isinstance(value, OutOfPython):
        message = says(
            "is a value of the type {type} that can't be read: it is out of range, or not UTF-8", type=value.type
        )
        raise NotAValue(message)
    if value is None or isinstance(value, str | int):
        return value
    if isinstance(value, float):
        if isinf(value):
            raise NotAValue(says("is infinite"))
        return None if isnan(value) else value
    if isinstance(value, date | time | datetime):  # a pandas Timestamp is a datetime
        return value.isoformat()
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise NotAValue(says("is not a number"))
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {str(name): plain(member) for name, member in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    raise NotAValue(says("is of the type {type}, which no variable has", type=type(value).__name__))
