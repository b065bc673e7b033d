"""A record to data: each value of its declared type, allowed by its declaration, defaults filled in; all mistakes told."""

import datetime
from collections.abc import Callable, Iterator, Mapping
from re import ASCII
from re import compile as regex
from typing import Any, NamedTuple

from pnpc.compile.phones import scrub
from pnpc.compile.recipients import Record
from pnpc.compile.values import NotAValue, from_node, read, shown
from pnpc.spec.grammar.run import TYPE_NOUNS
from pnpc.spec.patterns import TooSlow, matcher

# A pattern that was too slow so often is not tried again: a table of a million rows must come to an end.
_SLOW_ENOUGH = 3

_TIME = regex(r"\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:[Zz]|[+-]\d\d:\d\d)?", ASCII)
_DATE_TIME = regex(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)", ASCII)
_URI = regex(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]+")
_HOST = regex(
    r"(?=.{1,253}\Z)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)
_UNSENDABLE = regex("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

_WORDS = {
    "minimum": "at least", "maximum": "at most", "exclusiveMinimum": "more than", "exclusiveMaximum": "less than",
    "multipleOf": "a multiple of",
}  # fmt: skip
_COUNTS = {
    "minLength": ("characters", "at least"), "maxLength": ("characters", "limit"),
    "minItems": ("entries", "at least"), "maxItems": ("entries", "limit"),
}  # fmt: skip


class Mistake(NamedTuple):
    """What is wrong with a record: the rule's name, the words, and the column (None: the whole record)."""

    rule: str
    message: str
    column: str | None
    help: str | None = None


class Variables:
    """A spec's variables, by name: their JSON Schemas, made ready for many records."""

    def __init__(self, declared: Mapping[str, Mapping[str, Any]]) -> None:
        self.declared = declared
        library, formats = _library(_Patterns())
        self._validators = {
            name: library(schema, format_checker=formats).iter_errors for name, schema in declared.items()
        }

    def required(self) -> list[str]:
        """The variables that have no default."""
        return [name for name, schema in self.declared.items() if "default" not in schema]

    def read(self, record: Record) -> tuple[dict[str, Any], list[Mistake]]:
        """The data of a record, and every mistake in it; the data are complete only if there is none."""
        data: dict[str, Any] = {}
        mistakes: list[Mistake] = []
        for name, schema in self.declared.items():
            try:
                value = _value(record, name, schema)
            except NotAValue as error:
                mistakes.append(Mistake("bad-value", f"`{name}` {error.message}", name))
                continue
            if value is not None:
                data[name] = value
                mistakes += self._judge(name, value)
            elif "default" in schema:
                data[name] = schema["default"]
            else:
                mistakes.append(Mistake("missing-column", f"`{name}` has no value, and no default", name))
        return data, mistakes

    def _judge(self, name: str, value: Any) -> Iterator[Mistake]:
        if found := _unsendable(value):
            yield Mistake("bad-value", f"`{name}` holds the character U+{ord(found):04X}", name)
            return
        for error in self._validators[name](value):
            yield Mistake("bad-value", f"`{_inside(name, error.absolute_path)}` {_explain(error)}", name)


def _value(record: Record, name: str, schema: Mapping[str, Any]) -> Any:
    """A record's value of a variable; None where it has none. An empty CSV field is none, for a spreadsheet has no other."""
    found = record.values.get(name)
    if record.written == "yaml":
        return from_node(found, schema["type"])
    if record.written == "json":
        return found
    return read(found, schema["type"]) if found else None


def _unsendable(value: Any) -> str | None:
    """The first character that no message can hold, in a text or in the texts of a list or mapping."""
    if isinstance(value, str):
        found = _UNSENDABLE.search(value)
        return found[0] if found else None
    if isinstance(value, Mapping):
        return next((bad for pair in value.items() for one in pair if (bad := _unsendable(one))), None)
    if isinstance(value, list):
        return next((bad for one in value if (bad := _unsendable(one))), None)
    return None


def _inside(name: str, path: Any) -> str:
    from pnpc.text.path import show

    return scrub(show((name, *path)))


def _explain(error: Any) -> str:
    """jsonschema's error in our words, which repeat no number that could be a phone's."""
    keyword, limit, value = error.validator, error.validator_value, error.instance
    if keyword == "slow":
        return str(error.message)
    if keyword in _WORDS:
        return f"must be {_WORDS[keyword]} {limit}; found {shown(value)}"
    if keyword in _COUNTS:
        unit, bound = _COUNTS[keyword]
        return f"has {len(value)} {unit}, {bound} {limit}"
    wanted = {
        "type": f"must be {TYPE_NOUNS.get(limit, limit) if isinstance(limit, str) else limit}",
        "enum": f"must be one of {', '.join(map(str, limit)) if isinstance(limit, list) else limit}",
        "const": f"must be {limit}",
        "pattern": f"must match {limit}",
        "format": f"must be a {limit}",
        "uniqueItems": "must not hold the same entry twice",
        "required": "lacks a required key",
        "additionalProperties": "has a key that is not declared",
    }
    return f"{wanted.get(keyword, f'breaks {keyword}')}; found {shown(value)}"


# --- the jsonschema library, its one door ---


def _library(patterns: "_Patterns") -> tuple[Any, Any]:
    """jsonschema's 2020-12 validator, with patterns that can't hang and the formats that a variable may have."""
    from jsonschema import Draft202012Validator, FormatChecker
    from jsonschema.validators import extend

    formats = FormatChecker(("date", "email", "uuid", "ipv4", "ipv6"))
    for name, check in (
        ("time", _is_time),
        ("date-time", _is_date_time),
        ("uri", _fits(_URI)),
        ("hostname", _fits(_HOST)),
    ):
        formats.checks(name)(check)
    validator = extend(Draft202012Validator, {"pattern": patterns.check})  # type: ignore[no-untyped-call]
    return validator, formats


class _Patterns:
    """The keyword `pattern`, which gives up a pattern that was too slow _SLOW_ENOUGH times."""

    def __init__(self) -> None:
        self._slow: dict[str, int] = {}

    def check(self, _validator: Any, pattern: str, value: Any, _schema: Any) -> Iterator[Any]:
        """The error of a text that does not match, or that can't be matched in time."""
        from jsonschema import ValidationError

        if not isinstance(value, str):
            return
        if self._slow.get(pattern, 0) >= _SLOW_ENOUGH:
            message = f"was not matched: {pattern} took too long on {_SLOW_ENOUGH} values before"
            yield ValidationError(message, validator="slow")
            return
        try:
            if not matcher(pattern)(value):
                yield ValidationError("no match")
        except TooSlow as error:
            self._slow[pattern] = self._slow.get(pattern, 0) + 1
            yield ValidationError(f"was not matched: {error}", validator="slow")


def _fits(pattern: Any) -> Callable[[object], bool]:
    return lambda value: not isinstance(value, str) or pattern.fullmatch(value) is not None


def _is_time(value: object) -> bool:
    """RFC 3339's time; seconds and zone may be left out: `14:30` is what a message shows."""
    if not isinstance(value, str):
        return True
    return _TIME.fullmatch(value) is not None and _reads(datetime.time.fromisoformat, value)


def _is_date_time(value: object) -> bool:
    if not isinstance(value, str):
        return True
    return _DATE_TIME.fullmatch(value) is not None and _reads(datetime.datetime.fromisoformat, value)


def _reads(read_it: Callable[[str], object], value: str) -> bool:
    try:
        read_it(value.upper())
    except ValueError:
        return False
    return True
