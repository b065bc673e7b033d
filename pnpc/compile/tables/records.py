"""A record to data: each value of its declared type, allowed by its declaration, defaults filled in; all mistakes reported."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from re import compile as regex
from typing import Any

from pnpc.compile.tables.mistake import Mistake
from pnpc.compile.tables.phones import scrub
from pnpc.compile.tables.recipients import Record
from pnpc.compile.tables.values import NotAValue, from_node, read, shown, typed
from pnpc.language.variables import formats
from pnpc.language.variables.declaration import has_dates
from pnpc.line import years
from pnpc.line.grammar.patterns import TooSlow, matcher, quick
from pnpc.line.grammar.run import TYPE_NOUNS
from pnpc.text.path import show
from pnpc.text.wording import Said, says

# A pattern that was too slow so often is not tried again: a table of a million rows must come to an end.
_SLOW_ENOUGH = 3

_MOST_BITS = 13_000  # of a whole number that a program gives: Python writes no more than 4,300 digits
_TOO_LARGE = says("holds a number that has too many digits")

_UNSENDABLE = regex("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

_WORDS = {
    "minimum": says("at least"), "maximum": says("at most"), "exclusiveMinimum": says("more than"),
    "exclusiveMaximum": says("less than"), "multipleOf": says("a multiple of"),
}  # fmt: skip
_COUNTS = {
    "minLength": (says("characters"), says("at least")), "maxLength": (says("characters"), says("limit")),
    "minItems": (says("entries"), says("at least")), "maxItems": (says("entries"), says("limit")),
}  # fmt: skip


_FIXED = {
    "uniqueItems": says("must not hold the same entry twice"),
    "required": says("lacks a required key"),
    "additionalProperties": says("has a key that is not declared"),
}


class Variables:
    """A spec's variables, by name: their JSON Schemas, made ready for many records."""

    def __init__(self, declared: Mapping[str, Mapping[str, Any]]) -> None:
        self.declared = declared
        self._dated = [name for name, schema in declared.items() if has_dates(schema)]
        self._defaults = {name: _default(schema) for name, schema in declared.items() if "default" in schema}
        library, checker_of = _library()
        self._patterns = _Patterns()
        checker = checker_of(self._patterns)
        self._validators = {
            name: library(schema, format_checker=checker).iter_errors for name, schema in declared.items()
        }

    def begin(self) -> None:
        """Begin a new run: no pattern is too slow yet."""
        self._patterns.begin()

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
                message = says("`{name}` {fault}", name=name, fault=error.message)
                mistakes.append(Mistake("bad-value", message, name))
                continue
            if value is not None:
                data[name] = value
                mistakes += self._judge(name, value)
            elif "default" in schema:
                data[name] = self._defaults[name]
            else:
                message = says("`{name}` has no value, and no default", name=name)
                help = says("fill it in, or give `{name}` a `default` in the spec", name=name)
                mistakes.append(Mistake("missing-column", message, name, help))
        return data, mistakes

    def doubts(self, data: Mapping[str, Any]) -> list[Mistake]:
        """What is doubtful about the data of a record that can be sent all the same."""
        return [doubt for name in self._dated for doubt in self._doubts_of(name, data[name])]

    def _doubts_of(self, name: str, value: Any) -> list[Mistake]:
        doubts = years.doubts(self.declared[name], value, (name,))
        return [
            Mistake("unlikely-year", says("`{path}` {doubt}", path=scrub(show(path)), doubt=doubt), name)
            for path, doubt in doubts
        ]

    def value(self, name: str, text: str) -> Any:
        """The value of a table's text: for an empty one the default, None if there is none. Raises NotAValue."""
        schema = self.declared[name]
        return typed(read(text, schema["type"]), schema) if text else self._defaults.get(name)

    def allows(self, name: str, text: str) -> bool:
        """Whether a table's text is a value that the variable may have, or its default, of which nothing is doubtful."""
        try:
            value = self.value(name, text)
        except NotAValue:
            return False
        if value is None or (name in self._dated and self._doubts_of(name, value)):
            return False
        return not text or next(self._judge(name, value), None) is None

    def is_steady(self) -> bool:
        """Whether no pattern can take so long that it is given up, after which more is refused than before."""
        return all(map(_is_steady, self.declared.values()))

    def _judge(self, name: str, value: Any) -> Iterator[Mistake]:
        if fault := _unsendable(value):
            yield Mistake("bad-value", says("`{name}` {fault}", name=name, fault=fault), name)
            return
        for error in self._validators[name](value):
            path = _inside(name, error.absolute_path)
            yield Mistake("bad-value", says("`{path}` {fault}", path=path, fault=_explain(error)), name)


def _default(schema: Mapping[str, Any]) -> Any:
    try:
        return typed(schema["default"], schema)
    except NotAValue:  # a suppressed mistake of the spec
        return schema["default"]


def _value(record: Record, name: str, schema: Mapping[str, Any]) -> Any:
    """A record's value of a variable; None where it has none. An empty CSV field counts as none."""
    # A spreadsheet has no other way to write "no value".
    value = record.values.get(name)
    if record.written == "text":
        return typed(read(value, schema["type"]), schema) if value else None
    return typed(from_node(value, schema["type"]) if record.written == "yaml" else value, schema)


def unsendable(text: str) -> str | None:
    """The first character of a text that no message can hold."""
    bad = _UNSENDABLE.search(text)
    return bad[0] if bad else None


def _is_steady(schema: Mapping[str, Any]) -> bool:
    nested = [*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])]
    return ("pattern" not in schema or quick(schema["pattern"])[1] >= 0) and all(map(_is_steady, nested))


def _unsendable(value: Any) -> Said | None:
    """What no request can hold of a text or a number, or of those in a list or mapping."""
    if isinstance(value, str):
        bad = unsendable(value)
        return says("holds the character U+{code_point:04X}", code_point=ord(bad)) if bad else None
    if isinstance(value, Mapping):
        return next((fault for pair in value.items() for part in pair if (fault := _unsendable(part))), None)
    if isinstance(value, list):
        return next((fault for item in value if (fault := _unsendable(item))), None)
    return _TOO_LARGE if isinstance(value, int) and value.bit_length() > _MOST_BITS else None


def _inside(name: str, path: Any) -> str:
    return scrub(show((name, *path)))


def _explain(error: Any) -> Said:
    """jsonschema's error in our words, which repeat no number that could be a phone's."""
    keyword, limit, value = error.validator, error.validator_value, error.instance
    if keyword == "slow":
        return says("was not matched: {reason}", reason=error.cause.message)
    if keyword in _COUNTS:
        unit, bound = _COUNTS[keyword]
        return says("has {count} {unit}, {bound} {limit}", count=len(value), unit=unit, bound=bound, limit=limit)
    return says("{wanted}; found {found}", wanted=_wanted(keyword, limit, value), found=shown(value))


def _wanted(keyword: str, limit: Any, value: Any) -> Said:
    """What a keyword of JSON Schema asks of a value that breaks it."""
    if keyword == "format":
        return says("must be {format}", format=formats.wanted(limit, value))
    if keyword in _WORDS:
        return says("must be {bound} {limit}", bound=_WORDS[keyword], limit=limit)
    if keyword == "enum" and isinstance(limit, list):
        return says("must be one of {allowed}", allowed=tuple(map(str, limit)))
    if keyword == "type" and limit in TYPE_NOUNS:
        return says("must be {noun}", noun=TYPE_NOUNS[limit])
    if keyword == "const":
        return says("must be {value}", value=str(limit))
    if keyword == "pattern":
        return says("must match {pattern}", pattern=limit)
    return _FIXED.get(keyword) or says("breaks {keyword}", keyword=keyword)


# --- the jsonschema library, its one door ---


@cache
def _library() -> tuple[Any, Callable[["_Patterns"], Any]]:
    """jsonschema's 2020-12 validator, and what makes the checker of its formats, which has the patterns with it.

    Made once: the library writes and compiles a class, which takes longer than all else that a small spec needs.
    """
    # jsonschema is slow to load, and a spec without variables needs none of it: so everywhere in this file.
    from jsonschema import Draft202012Validator, FormatChecker
    from jsonschema.validators import extend

    def checker(patterns: "_Patterns") -> FormatChecker:
        made = FormatChecker(())
        for name in formats.NAMES:
            made.checks(name)(_of_format(name))
        made.patterns = patterns  # type: ignore[attr-defined]
        return made

    def pattern(validator: Any, *rest: Any) -> Iterator[Any]:
        yield from validator.format_checker.patterns.check(validator, *rest)

    own = {"pattern": pattern, "multipleOf": _multiple_of}
    return extend(Draft202012Validator, own), checker  # type: ignore[no-untyped-call]


def _multiple_of(validator: Any, divisor: float, value: Any, schema: Any) -> Iterator[Any]:
    """The library's own keyword, which divides in floating point: a whole number may be too large for that."""
    # See `_library`.
    from fractions import Fraction

    from jsonschema import Draft202012Validator, ValidationError

    try:
        yield from Draft202012Validator.VALIDATORS["multipleOf"](validator, divisor, value, schema)
    except OverflowError:
        if Fraction(value) % Fraction(divisor):
            yield ValidationError("no multiple")


class _Patterns:
    """The keyword `pattern`, which gives up a pattern that was too slow _SLOW_ENOUGH times, but for texts that are short."""

    def __init__(self) -> None:
        self._slow: dict[str, int] = {}

    def begin(self) -> None:
        """Forget which patterns were slow."""
        self._slow.clear()

    def check(self, _validator: Any, pattern: str, value: Any, _schema: Any) -> Iterator[Any]:
        """The error of a text that does not match, or that can't be matched in time."""
        # See `_library`.
        from jsonschema import ValidationError

        if not isinstance(value, str):
            return
        if self._slow.get(pattern, 0) >= _SLOW_ENOUGH and len(value) > quick(pattern)[1]:
            message = says("{pattern} took too long on {count} values before", pattern=pattern, count=_SLOW_ENOUGH)
            yield ValidationError("too slow", validator="slow", cause=TooSlow(message))
            return
        try:
            if not matcher(pattern)(value):
                yield ValidationError("no match")
        except TooSlow as error:
            self._slow[pattern] = self._slow.get(pattern, 0) + 1
            yield ValidationError("too slow", validator="slow", cause=error)


def _of_format(name: str) -> Callable[[object], bool]:
    return lambda value: not isinstance(value, str) or formats.fits(name, value)
