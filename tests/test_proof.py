"""The proof of lengths: never a text above its bound, and a bound that allowed data reach."""

import datetime
import inspect
import sys
from typing import Any
from urllib.parse import quote

import pytest
from conftest import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from pnpc.compile.tables.values import NotAValue, typed
from pnpc.language.expressions.expression import FORMATS, ExpressionError
from pnpc.language.extents.extent import Extent, clustered, fixed, joined
from pnpc.language.extents.matching import every, longest, shortest
from pnpc.language.extents.pattern import ANYTHING, shape_of
from pnpc.language.filling.jinja import CompiledText, RenderError
from pnpc.language.proof import few_values
from pnpc.language.proof.bounds import bounds_of
from pnpc.language.proof.expression_tree import Literal, pieces
from pnpc.language.proof.samples import samples
from pnpc.language.proof.witness import Search
from pnpc.language.variables import formats
from pnpc.language.variables.allowed import allowed
from pnpc.language.variables.declared import RECIPIENT
from pnpc.line.grammar.patterns import exact, matcher
from pnpc.line.grammar.units import graphemes, utf16

CHECKER = FormatChecker(())
for name in formats.NAMES:
    CHECKER.checks(name)(lambda value, name=name: not isinstance(value, str) or formats.fits(name, value))

# Every kind of character that the units tell apart: clusters of several code points, pairs of units, digits of scripts.
CHARACTERS = st.sampled_from("aZ09_-~.&/ \n漢あé٣𝟘😀🍎\u200d\u0e49\u0301กเ🇯🇵ｱﾞ") | st.characters(
    exclude_categories=("Cs", "Cc")
)
PATTERNS = (
    "^[A-Z0-9]{8,20}$", "^[a-z]+$", "^[a-z]*$", "[A-Z]{2}", r"^\d{2,5}$", r"^\w{1,4}$", "^(ab|c){1,3}$", "^[^a]{2}$", "^.{3}$",
    "^([0-9]{3}-){1,2}[0-9]{4}$", "^a|b$", "^(a|漢{2})$", "(?i)^[k-s]{3}$", r"^(a|bb)\1$", r"^\S+\s\S+$", "^(?=.{2,6}$)[a-z漢]+$",
    r"^[\u0e00-\u0e7f]{1,5}$", "^a?b{2}c*$", r"^\D{2}$", "^x{0,3}", "y$",
)  # fmt: skip
COUNTRIES = ("JP", "TH", "TW")
DAYS = st.dates().map(datetime.date.isoformat)
TIMES = st.times().map(lambda one: one.isoformat()) | st.times().map(lambda one: f"{one:%H:%M}")
MOMENTS = st.datetimes(timezones=st.just(datetime.UTC)).map(lambda one: one.isoformat())


@st.composite
def schemas(draw, *, nested: bool = True) -> dict[str, Any]:
    """A variable's declaration."""
    kinds = ["text", "enum", "pattern", "format", "integer", "number", "numbers", "boolean"]
    kind = draw(st.sampled_from([*kinds, "array", "object"] if nested else kinds))
    if kind == "text":
        least = draw(st.integers(0, 4))
        schema: dict[str, Any] = {"type": "string", "maxLength": least + draw(st.integers(0, 12))}
        return {**schema, "minLength": least} if draw(st.booleans()) else schema
    if kind == "enum":
        return {"type": "string", "enum": draw(st.lists(st.text(CHARACTERS, max_size=8), min_size=1, max_size=4))}
    if kind == "pattern":
        schema = {"type": "string", "pattern": draw(st.sampled_from(PATTERNS))}
        return {**schema, "maxLength": draw(st.integers(6, 12))} if draw(st.booleans()) else schema
    if kind == "format":
        return {
            "type": "string",
            "format": draw(st.sampled_from(("date", "time", "date-time", "uuid", "ipv4", "ipv6"))),
        }
    if kind in ("integer", "number"):
        lo = draw(st.integers(-(10**9), 10**17) | st.integers(-20, 20))
        schema = {"type": kind, "minimum": lo, "maximum": lo + draw(st.integers(0, 10**9) | st.integers(0, 30))}
        return {**schema, "multipleOf": draw(st.sampled_from((2, 5, 1000)))} if draw(st.integers(0, 4)) == 0 else schema
    if kind == "numbers":
        return {
            "type": "number",
            "enum": draw(st.lists(st.integers(-99, 10**16) | st.floats(-9, 9), min_size=1, max_size=3)),
        }
    if kind == "boolean":
        return {"type": "boolean"}
    if kind == "array":
        return {
            "type": "array",
            "items": draw(schemas(nested=False)),
            "minItems": draw(st.integers(0, 2)),
            "maxItems": 3,
        }
    members = {name: draw(schemas(nested=False)) for name in ("m", "items")}
    return {"type": "object", "properties": members, "required": draw(st.sampled_from(([], ["m"], ["m", "items"])))}


def values(schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that a declaration allows, and some that only look so; whoever draws them asks jsonschema."""
    extremes = samples(schema, "JP", 40)
    found = [st.sampled_from(extremes)] if extremes else []
    kind = schema["type"]
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "pattern" in schema:
        found.append(st.from_regex(exact(schema["pattern"])))
    elif schema.get("format") in ("date", "time", "date-time"):
        found.append({"date": DAYS, "time": TIMES, "date-time": MOMENTS}[schema["format"]])
    elif kind == "string" and "format" not in schema:
        size = schema.get("maxLength", 20)
        found.append(st.text(CHARACTERS, min_size=schema.get("minLength", 0), max_size=size))
        found.append(st.text(CHARACTERS, min_size=size, max_size=size))
    elif kind in ("integer", "number"):
        lo, hi = schema["minimum"], schema["maximum"]
        found.append(st.integers(lo, hi).map(lambda one: one - one % schema.get("multipleOf", 1)))
        found.append(st.floats(min(lo, hi), hi, allow_nan=False) if abs(hi) < 2**53 > abs(lo) else st.just(float(hi)))
    elif kind == "boolean":
        found.append(st.booleans())
    elif kind == "array":
        found.append(st.lists(values(schema["items"]), min_size=schema["minItems"], max_size=schema["maxItems"]))
    elif kind == "object":
        members = {name: values(one) for name, one in schema["properties"].items()}
        must = {name: one for name, one in members.items() if name in schema["required"]}
        found.append(st.fixed_dictionaries(must, optional={k: v for k, v in members.items() if k not in must}))
    return st.one_of(found)


NAMES = ("a", "b", "c")
FILTERS = (
    "date", "time", "number", "currency", "currency('USD')", "urlencode", "truncate(5)", "truncate(9, '...')", "truncate(1)",
    "default('なし')", "default(7)", *(f"date('{one}')" for one in FORMATS["date"]), *(f"time('{one}')" for one in FORMATS["time"]),
)  # fmt: skip
LEAVES = st.sampled_from(
    (*NAMES, *NAMES, "a.m", "b.items", "b['items']", "c[0]", "c[1]", "a[-1]", "a[:3]", "b[1:4]", "a.m[2:]", "recipient.to", "recipient.index",
     "1", "-2.5", "'x😀'", "true", "none")
)  # fmt: skip


def grown(below: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Expressions made of smaller ones."""
    return st.one_of(
        st.tuples(below, st.sampled_from(FILTERS)).map(lambda one: f"({one[0]}) | {one[1]}"),
        st.tuples(below, st.sampled_from(FILTERS)).map(lambda one: f"({one[0]}) | {one[1]}"),
        st.tuples(below, st.sampled_from(("~", "+", "-", "*", "/", "//", "%")), below).map(
            lambda one: f"({one[0]}) {one[1]} ({one[2]})"
        ),
        st.tuples(below, below, below).map(lambda one: f"({one[0]}) if ({one[1]}) else ({one[2]})"),
        st.tuples(below, st.sampled_from(("and", "or", "==", "<")), below).map(
            lambda one: f"({one[0]}) {one[1]} ({one[2]})"
        ),
        below.map(lambda one: f"-({one})"),
        below.map(lambda one: f"not ({one})"),
        below.map(lambda one: f"({one})[1:3]"),
    )


EXPRESSIONS = st.recursive(LEAVES, grown, max_leaves=4)
SIMPLE = st.tuples(st.sampled_from(NAMES), st.lists(st.sampled_from(FILTERS), max_size=2)).map(
    lambda one: " | ".join([one[0], *one[1]])
)
TEXTS = st.lists(
    (EXPRESSIONS | SIMPLE | SIMPLE).map(lambda one: f"{{{{ {one} }}}}") | st.sampled_from(("ご注文 ", "👨‍👩‍👧", "-", "e\u0301", "🇯🇵")),
    min_size=1, max_size=3,
).map("".join)  # fmt: skip


def in_a_row(value: Any, schema: dict[str, Any]) -> Any:
    """A value as every table has it: 0.0 for an integer is 0. None for one that no row can hold."""
    try:
        return typed(value, schema)
    except NotAValue:
        return None


def bound(text: str, names: dict[str, Any], country: str) -> Extent:
    """The extent of a text."""
    whole = fixed("")
    for piece in pieces(text):
        one = (
            fixed(piece.text)
            if isinstance(piece, Literal)
            else bounds_of(piece, names, country, as_boolean=False).extent
        )
        whole = joined(whole, clustered(one))
    return whole


@settings(max_examples=tries(180), deadline=None)
@given(st.fixed_dictionaries({name: schemas() for name in NAMES}), TEXTS, st.sampled_from(COUNTRIES), st.data())
def test_no_text_is_longer_than_its_bound(declarations: dict[str, Any], text: str, country: str, data: Any) -> None:
    names = {**declarations, "recipient": RECIPIENT}
    most = bound(text, names, country)
    try:
        filled = CompiledText(text, country)
    except ExpressionError:
        return  # such as a literal that is indexed
    validators = {name: Draft202012Validator(schema, format_checker=CHECKER) for name, schema in declarations.items()}
    pools = {}
    for name, schema in declarations.items():
        drawn = [in_a_row(data.draw(values(schema)), schema) for _ in range(3)] + samples(schema, country, 30)[:12]
        pools[name] = [one for one in drawn if validators[name].is_valid(one)]
    if not all(pools.values()):
        return
    chance = data.draw(st.randoms(use_true_random=False))
    for _ in range(25):
        row = {name: chance.choice(pool) for name, pool in pools.items()}
        row["recipient"] = {"index": chance.choice((0, 7, 999_999_999)), "to": "ab" * 32}
        try:
            made = filled.fill(row)
        except RenderError:
            continue
        assert utf16(made) <= most.units
        assert graphemes(made) <= most.clusters
        assert len(made) <= most.points
        assert most.least <= len(made) or "''" in repr(row)  # an empty text is thought of only where it is said


TIGHT = {
    "enum": ({"type": "string", "enum": ["午前中", "14-16時", "👨‍👩‍👧"]}, "{{ a }}"),
    "const": ({"type": "string", "const": "🍎🍎"}, "{{ a }}"),
    "maxLength of free text": ({"type": "string", "maxLength": 15}, "{{ a }}"),
    "a text at both ends": ({"type": "string", "minLength": 3, "maxLength": 15}, "-{{ a }}"),
    "a pattern of ASCII": ({"type": "string", "pattern": "^[A-Z0-9]{8,20}$"}, "No. {{ a }}"),
    "a pattern with groups": ({"type": "string", "pattern": "^([0-9]{3}-){2}[0-9]{4}$"}, "{{ a }}"),
    "a pattern with choices": ({"type": "string", "pattern": "^(ab|漢字等|x{7})$"}, "{{ a }}"),
    "a pattern of kanji": ({"type": "string", "pattern": "^[一-龠]{1,4}様$"}, "{{ a }}"),
    "digits of any script": ({"type": "string", "pattern": r"^\d{4}$"}, "{{ a }}"),
    "an open pattern and maxLength": ({"type": "string", "pattern": "^[A-Z]+-[0-9]$", "maxLength": 12}, "{{ a }}"),
    "anything but": ({"type": "string", "pattern": "^[^@]{3}$"}, "{{ a }}"),
    "an integer": ({"type": "integer", "minimum": -7, "maximum": 120}, "{{ a }}"),
    "a negative integer": ({"type": "integer", "minimum": -1200, "maximum": 12}, "{{ a }}円"),
    "a multiple": ({"type": "integer", "minimum": 0, "maximum": 10005, "multipleOf": 1000}, "{{ a }}"),
    "exclusive bounds": ({"type": "integer", "exclusiveMinimum": -10, "exclusiveMaximum": 100}, "{{ a }}"),
    "numbers": ({"type": "number", "enum": [1.5, 2, -0.25]}, "{{ a }}"),
    "money": ({"type": "integer", "minimum": 0, "maximum": 9999999}, "{{ a | currency }}"),
    "other money": ({"type": "integer", "minimum": -5, "maximum": 9999999}, "{{ a | currency('USD') }}"),
    "a grouped number": ({"type": "integer", "minimum": 0, "maximum": 1000}, "{{ a | number }}"),
    "a sum": ({"type": "integer", "minimum": 0, "maximum": 60}, "{{ a + 40 }}"),
    "a rest": ({"type": "integer", "minimum": 0, "maximum": 500}, "{{ a % 101 }}"),
    "urlencode of kana": ({"type": "string", "pattern": "^[ァ-ヶ]{1,3}$"}, "{{ a | urlencode }}"),
    "urlencode of free text": ({"type": "string", "maxLength": 3}, "{{ a | urlencode }}"),
    "truncate": ({"type": "string", "maxLength": 40}, "{{ a | truncate(9) }}"),
    "default": ({"type": "string", "minLength": 0, "maxLength": 2}, "{{ a | default('なし。') }}"),
    "a choice": ({"type": "boolean"}, "{{ '贈り物' if a else 'ご自宅用です' }}"),
    "a join": ({"type": "string", "maxLength": 4}, "{{ a ~ '様' ~ a }}"),
    "a uuid": ({"type": "string", "format": "uuid"}, "{{ a }}"),
    "a time of the day": ({"type": "string", "format": "time"}, "{{ a }}"),
    "a date-time": ({"type": "string", "format": "date-time"}, "{{ a }}"),
    "a member": ({"type": "object", "properties": {"m": {"type": "string", "maxLength": 3}}, "required": ["m"]}, "{{ a.m }}"),
    "an entry": ({"type": "array", "items": {"type": "string", "maxLength": 3}, "minItems": 1}, "{{ a[0] }}"),
    "a slice": ({"type": "string", "minLength": 9, "maxLength": 9}, "{{ a[2:5] }}"),
    **{f"date {one}": ({"type": "string", "format": "date"}, f"{{{{ a | date('{one}') }}}}") for one in FORMATS["date"]},
    **{f"time {one}": ({"type": "string", "format": "time"}, f"{{{{ a | time('{one}') }}}}") for one in FORMATS["time"]},
    **{f"moment {one}": ({"type": "string", "format": "date-time"}, f"{{{{ a | date('{one}') }}}}") for one in FORMATS["date"]},
}  # fmt: skip


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("name", TIGHT)
def test_a_bound_is_reached_by_data_that_are_allowed(name: str, country: str) -> None:
    schema, text = TIGHT[name]
    most = bound(text, {"a": schema}, country)
    for count, size in ((utf16, most.units), (graphemes, most.clusters), (len, most.points)):
        found = Search(text, {"a": schema}, country, (), 100).best(count)
        assert found is not None
        assert (found.length, count(found.text)) == (size, size), found
        assert Draft202012Validator(schema, format_checker=CHECKER).is_valid(found.values["a"])


# How short these can get is not known to the character, only that they are no shorter.
LOOSE = ("urlencode of free text", "urlencode of kana", "truncate", "default", "a slice")


@pytest.mark.parametrize("name", [name for name in TIGHT if name not in LOOSE])
def test_the_least_length_is_reached(name: str) -> None:
    schema, text = TIGHT[name]
    found = Search(text, {"a": schema}, "JP", (), 100).best(len, least=True)
    assert found is not None
    assert found.length == bound(text, {"a": schema}, "JP").least


UNBOUNDED = (
    ({"type": "string"}, "{{ a }}"), ({"type": "string", "pattern": "^[A-Z]+$"}, "{{ a }}"), ({"type": "string", "pattern": "[A-Z]"}, "{{ a }}"),
    ({"type": "string", "pattern": "^[A-Z]{3}"}, "{{ a }}"), ({"type": "string", "pattern": "(?m)^[A-Z]{3}$"}, "{{ a }}"),
    ({"type": "string", "format": "uri"}, "{{ a }}"), ({"type": "integer"}, "{{ a }}"), ({"type": "integer", "maximum": 9}, "{{ a }}"),
    ({"type": "object"}, "{{ a.name }}"), ({"type": "array"}, "{{ a[0] }}"), ({"type": "string"}, "{{ a[1:] }}"),
)  # fmt: skip


@pytest.mark.parametrize(("schema", "text"), UNBOUNDED)
def test_what_nothing_bounds_has_no_bound(schema: dict[str, Any], text: str) -> None:
    assert bound(text, {"a": schema}, "JP").units == float("inf")


@settings(max_examples=tries(200))
@given(schemas(), st.data())
def test_samples_are_what_jsonschema_allows(schema: dict[str, Any], data: Any) -> None:
    """`allowed` is the library's verdict, so that a witness is a row that compile takes."""
    validator = Draft202012Validator(schema, format_checker=CHECKER)
    for value in [
        *samples(schema, "TH", 20),
        data.draw(values(schema)),
        data.draw(st.text(CHARACTERS)),
        7,
        2.5,
        True,
        [],
        {},
    ]:
        assert allowed(schema, value) == validator.is_valid(value), value


LIBRARY = FormatChecker(("date", "uuid", "ipv4", "ipv6", "email"))


@given(st.sampled_from(("date", "uuid", "ipv4", "ipv6", "email")), st.data())
def test_a_format_is_one_that_the_library_knows(name: str, data: Any) -> None:
    """What `fits` takes the jsonschema library takes; its own looser spellings of a uuid or an address are left out."""
    texts = {"date": DAYS, "uuid": st.uuids().map(str), "ipv4": st.ip_addresses(v=4).map(str), "ipv6": st.ip_addresses(v=6).map(str),
             "email": st.emails()}  # fmt: skip
    text = data.draw(texts[name])
    assert formats.fits(name, text)
    changed = data.draw(
        st.sampled_from((text + " ", text[1:], text.upper(), text.replace("1", "１"), "0" + text, text + "%1"))
    )
    if formats.fits(name, changed):
        LIBRARY.check(changed, name)
    if name in ("date", "ipv4", "ipv6"):
        assert formats.fits(name, changed) == LIBRARY.conforms(changed, name)


EXACT = (
    ({"b": {"type": "boolean"}}, "{{ 'aaaa' if b else '' }}{{ '' if b else 'bbbb' }}", 4),
    ({"d": {"type": "string", "format": "date", "enum": ["2024-01-02", "2024-08-09"]}}, "{{ d | date }}", 9),
    ({"t": {"type": "string", "enum": ["ああ", "b"]}}, "{{ t | truncate(1) | urlencode }}", 9),
    ({"n": {"type": "integer", "minimum": 0, "maximum": 8}}, "{{ n / 8 }}", 5),
)  # fmt: skip


@pytest.mark.parametrize(("declarations", "text", "most"), EXACT)
def test_few_values_are_tried_all(declarations: dict[str, Any], text: str, most: int) -> None:
    written = pieces(text)
    found = few_values.sources(written, (), declarations)
    made = []
    for data in few_values.cases(found, 0):
        assert data is not None
        extents = [bounds_of(one, declarations, "JP", as_boolean=False, data=data).extent for one in written]
        made.append(sum(int(extent.units) for extent in extents))
    assert max(made) == most


@pytest.mark.parametrize(("type", "written"), [("integer", {"0", "1000"}), ("number", {"0", "1000.0"})])
def test_a_whole_number_is_tried_as_one_however_its_declaration_writes_it(type: str, written: set[str]) -> None:
    """1e3 of a declaration is 1000 in a text, and not the longer 1000.0."""
    assert written <= {str(value) for value in samples({"type": type, "minimum": 0, "maximum": 1e3}, "JP", 9)}


@pytest.mark.parametrize(("empty", "other"), [("a ~ 'x'", False), ("a ~ ''", True), ("a", True)])
def test_a_join_can_be_empty_only_where_all_of_it_can(empty: str, other: bool) -> None:
    names = {"a": {"type": "string", "minLength": 0, "maxLength": 4}}
    assert bound(f"{{{{ ({empty}) | default('0123456789012345678') }}}}", names, "JP").units == (19 if other else 9)


@pytest.mark.parametrize(
    ("pattern", "least", "most"),
    [("^(a)?(?(1)bb|cccc)$", 2, 5), ("^(a)?(?(1)bb)$", 0, 3), ("^(a)?(?(1)漢|b)$", 1, 2)],
)
def test_both_ways_of_a_conditional_group_count(pattern: str, least: int, most: int) -> None:
    shape = shape_of(pattern)
    assert (shape.least, shape.most) == (least, most)


def test_flags_inside_a_conditional_group_count() -> None:
    """Without case, `k` is also the Kelvin sign, which takes nine characters behind `urlencode`."""
    assert shape_of("^(a)?(?(1)(?i:k)|b)$").encoded >= len("a") + len(quote("\u212a"))
    assert shape_of("^(a)?(?(1)b|(?i:k))$").encoded >= len(quote("\u212a"))


@pytest.mark.parametrize(
    "pattern", ["^(a)?(?(1)bb|cccc)$", "^(a)(?(1)bb|cccc)$", "^(a)?(?(1)bb)$", "^(a){0}(?(1)b|c)$"]
)
def test_a_text_of_a_conditional_group_is_written_by_the_way_that_is_taken(pattern: str) -> None:
    assert matcher(pattern)(shortest(pattern, 0))
    assert matcher(pattern)(longest(pattern, 9))


@pytest.mark.parametrize("left", range(60, 400, 20))
def test_a_pattern_too_deep_for_the_stack_is_any_text(left: int) -> None:
    """However little of the stack is left, a pattern is read or taken for any text."""
    pattern = "^" + "(?:" * 60 + "a|b" + ")?" * 60 + "$"
    level = sys.getrecursionlimit()
    depth = len(inspect.stack(0))

    def reads(more: int) -> tuple[Any, ...]:
        if more:
            return reads(more - 1)
        shape_of.cache_clear()
        return shape_of(pattern), every(pattern, 256), longest(pattern, 9), shortest(pattern, 1)

    shape, texts, *_ = reads(level - depth - left)
    assert shape == ANYTHING or shape.most == 1
    assert set(texts) <= {"", "a", "b"}


A_TEXT = {"type": "string"}
TRIED: tuple[tuple[dict[str, Any], list[Any]], ...] = (
    ({"type": "integer", "minimum": 0, "maximum": 5}, [5, 4, 0, 1]),
    ({"type": "integer", "minimum": -3, "maximum": 1000, "multipleOf": 5}, [1000, 995, 0, 5, 100]),
    ({"type": "boolean"}, [True, False]),
    ({**A_TEXT, "maxLength": 2}, ["ああ", "あ", "😀😀", "😀", "AA", "A", "&&", "&"]),
    ({**A_TEXT, "minLength": 2, "maxLength": 3}, ["あああ", "ああ", "😀😀😀", "😀😀", "AAA", "AA", "&&&", "&&"]),
    ({**A_TEXT, "pattern": "^[A-C]{1,3}$"}, ["AAA", "A"]),
    ({**A_TEXT, "enum": ["a", "b"]}, ["a", "b"]),
    ({**A_TEXT, "format": "uri", "maxLength": 12}, ["a:b", "https://aa"]),
    ({**A_TEXT, "pattern": "^[a-c]$", "default": "b", "examples": ["c"]}, ["a", "b", "c"]),
    ({"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 2}, "maxItems": 2}, [[2, 2], [], [1, 1]]),
    (
        {"type": "array", "items": {"type": "boolean"}, "minItems": 1},
        [[True, True, True], [True], [False, False, False], [False]],
    ),
    (
        {"type": "object", "properties": {"a": {"type": "boolean"}, "b": {**A_TEXT, "enum": ["x"]}}, "required": ["a"]},
        [{"a": True, "b": "x"}, {"a": False, "b": "x"}, {"a": True}],
    ),
)


@pytest.mark.parametrize(("schema", "values"), TRIED)
def test_the_extremes_of_a_declaration_are_tried_first(schema: dict[str, Any], values: list[Any]) -> None:
    assert samples(schema, "JP", 10) == values


def test_numbers_of_every_length_are_tried() -> None:
    tried = samples({"type": "integer", "minimum": 0}, "JP", 10)
    assert tried[:3] == [0, 1, 9]
    for digits in range(3, 16):
        assert {10 ** (digits - 1), 10 ** (digits - 1) - 1} <= set(tried)
    assert max(tried) == 10**15
