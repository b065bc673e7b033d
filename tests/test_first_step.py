"""The proof's first step: it never says that a text fits where the proof itself does not."""

from math import inf
from pathlib import Path
from typing import Any

import pytest
from conftest import Run, tries
from hypothesis import given, settings
from hypothesis import strategies as st

from pnpc.language.expressions.expression import simple_parts
from pnpc.language.extents.pattern import shape_of
from pnpc.language.message.notice import may_hold_directives
from pnpc.language.proof import first_step
from pnpc.language.proof.bounds import ExpressionBounds, bounds_of
from pnpc.language.proof.declared_bounds import value_of
from pnpc.language.proof.expression_tree import Piece, pieces
from pnpc.language.variables import formats
from pnpc.language.variables.declared import RECIPIENT
from pnpc.line.grammar.units import longest_text

CLASSES = (
    "[A-Z]",
    "[A-Z0-9-]",
    "[_-a]",
    "[A-z]",
    "[-+0-9]",
    "[ぁ-ん]",
    "[😀-😂]",
    "[^a]",
    "[]a]",
    "[0-9A-Z_-]",
    "[é]",
    "[a\\]b]",
    "[a-z--a]",
)
CHARACTERS = ("a", "Z", "-", "_", "~", "/", " ", "漢", "é", "😀", ".", r"\d", "$", "^", "(", "(a|bb)")
COUNTS = ("", "", "?", "{3}", "{2,5}", "{0,2}", "{2,}", "{,3}", "+", "*", "{2}?", "{2}{3}", "{x}")
PATTERNS = st.lists(
    st.tuples(st.sampled_from(CLASSES + CHARACTERS), st.sampled_from(COUNTS)).map("".join), min_size=0, max_size=3
).map(lambda parts: f"^{''.join(parts)}$")
TEXTS = st.sampled_from(("", "a", "午前中", "😀", "a-b", "%20", "é"))
BOUNDS = st.integers(-(10**16), 10**16) | st.integers(-1000, 1000) | st.floats(-1e6, 1e6)
STRINGS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"type": st.just("string")},
    optional={
        "pattern": PATTERNS,
        "maxLength": st.integers(0, 30),
        "minLength": st.integers(0, 3),
        "format": st.sampled_from((*formats.NAMES, "color")),
        "enum": st.lists(TEXTS, min_size=1, max_size=3),
        "const": TEXTS,
    },
)
NUMBERS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"type": st.sampled_from(("integer", "number", "boolean"))},
    optional={
        "minimum": BOUNDS, "maximum": BOUNDS, "exclusiveMinimum": BOUNDS, "exclusiveMaximum": BOUNDS,
        "multipleOf": st.sampled_from((1, 7, 0.5)), "enum": st.lists(st.integers(-9, 9) | st.floats(-9, 9), min_size=1, max_size=3),
    },
)  # fmt: skip
FILTERS = st.sampled_from((
    "urlencode", "truncate(1)", "truncate(5)", "truncate( 12 )", "truncate(0)", "truncate(9, '...')", "number", "currency",
    "currency('USD')", "date", "date('short')", 'date("full")', "date('|')", "time", "time('hm')", "time('none')", "default('x')", "default",
))  # fmt: skip


def looked_at(
    schema: dict[str, Any], expression: str, country: str
) -> tuple[first_step.Rough | None, ExpressionBounds]:
    """What the first step, and what the proof, find of an expression."""
    parts = simple_parts(expression)
    assert parts is not None
    piece = pieces(expression)[0]
    assert isinstance(piece, Piece)
    names = {"a": schema, "recipient": RECIPIENT}
    return first_step.rough_bound(schema, parts[3], country), bounds_of(piece, names, country, as_boolean=False)


@settings(max_examples=tries(700))
@given(STRINGS | NUMBERS, st.lists(FILTERS, max_size=3), st.sampled_from(("JP", "TH", "TW")))
def test_the_first_step_never_says_less_than_the_proof(
    schema: dict[str, Any], filters: list[str], country: str
) -> None:
    number = value_of(schema).number
    if number is not None and number.lo > number.hi:
        return  # nothing is allowed
    if "format" in schema and "pattern" in schema:
        extent = formats.extent(schema["format"])
        if extent is not None and not extent.kinds & shape_of(schema["pattern"]).kinds:
            return  # nothing is allowed
    rough, exact = looked_at(schema, f"{{{{ {' | '.join(['a', *filters])} }}}}", country)
    if rough is None or rough.units == float("inf") or schema.get("maxLength") == 0:
        return
    assert not exact.faults
    assert rough.units >= exact.extent.units
    assert rough.encoded >= exact.extent.encoded
    assert rough.least <= exact.extent.least


COMMON = [
    ({"type": "string", "pattern": "^[A-Z0-9]{8,20}$"}, "a", 20),
    ({"type": "string", "pattern": "^[A-Z]{3}-[0-9]{4}$"}, "a | urlencode", 8),
    ({"type": "string", "enum": ["午前中", "14-16時"]}, "a", 6),
    ({"type": "string", "maxLength": 7}, "a", 14),
    ({"type": "string", "maxLength": 40}, "a | truncate(15)", 15),
    ({"type": "integer", "minimum": 0, "maximum": 9999999}, "a", 7),
    ({"type": "integer", "minimum": 0, "maximum": 9999999}, "a | currency", 10),
    ({"type": "string", "format": "date"}, "a | date('long-weekday')", 14),
]


@pytest.mark.parametrize(("schema", "expression", "units"), COMMON)
def test_what_most_specs_say_is_bounded_by_the_first_step(schema: dict[str, Any], expression: str, units: int) -> None:
    rough, _ = looked_at(schema, f"{{{{ {expression} }}}}", "JP")
    assert rough is not None
    assert rough.units == units


@pytest.mark.parametrize("name", sorted(first_step._FORMATS))
def test_a_formats_texts_are_all_ascii_and_have_its_length(name: str) -> None:
    extent = formats.extent(name)
    assert extent is not None
    bound = first_step.rough_bound({"type": "string", "format": name}, "", "JP")
    assert bound is not None
    assert (extent.least > 0, extent.kinds & ~first_step._ASCII) == (True, 0)
    assert bound.units == extent.units


def test_a_length_that_truncate_takes_for_sure_is_one() -> None:
    assert longest_text() >= first_step._SURELY_TAKEN


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('pattern: "^[A-Z]{3}$"\n', False), ('{pattern: "^a$", example: a}', False), ("$", False), ("cost: $5", False),
        ("$if: a", True), ("- '$for' : x", True), ('"$i-f"\t: a', True), ('pattern: "^a$"\n$if: a', True), ("$$if: a", True), ("$:", True),
    ],
)  # fmt: skip
def test_a_key_that_begins_with_a_dollar_is_a_directive(text: str, found: bool) -> None:
    assert may_hold_directives(text) is found


def test_a_pattern_that_python_warns_of_is_read_in_silence(pnpc: Run, tmp_path: Path) -> None:
    declared = "{type: string, pattern: '^[a-z--9]{8}$', example: abcdefgh}"
    text = f"pnpc: 1\nname: x\ncountry: JP\nvariables:\n  a: {declared}\n"
    body = "message:\n  templateKey: shipment_completed_ja\n  body:\n    emphasizedItem: {itemKey: number_001_ja, content: '{{ a }}'}\n"
    (tmp_path / "x.yaml").write_text(text + body, encoding="utf-8")
    found = pnpc("check", str(tmp_path / "x.yaml"))
    assert "Warning" not in found.stderr


BOUNDS: tuple[tuple[dict[str, Any], str, tuple[str, int, float, float] | None], ...] = (
    ({"type": "string"}, '', ("string", 1, inf, inf)),
    ({"type": "string", "maxLength": 9}, '', ("string", 1, 18, 108)),
    ({"type": "string", "maxLength": 9, "minLength": 3}, '', ("string", 3, 18, 108)),
    ({"type": "string", "maxLength": 9, "minLength": 0}, '', ("string", 0, 18, 108)),
    ({"type": "string", "enum": ["あ", "😀AB", ""]}, '', ("string", 0, 4, 48)),
    ({"type": "string", "const": "あ"}, '', ("string", 1, 1, 12)),
    ({"type": "string", "enum": [1, "a"]}, '', None),
    ({"type": "string", "format": "date"}, '', ("string date", 1, 10, 30)),
    ({"type": "string", "format": "date", "minLength": 12}, '', ("string date", 12, 10, 30)),
    ({"type": "string", "format": "date-time"}, '', ("string date-time", 1, 35, 105)),
    ({"type": "string", "format": "uri", "maxLength": 30}, '', ("string uri", 1, 30, 90)),
    ({"type": "string", "format": "email"}, '', ("string", 0, inf, inf)),
    ({"type": "string", "pattern": "^[A-Z0-9]{8,20}$"}, '', ("string", 8, 20, 20)),
    ({"type": "string", "pattern": "^[A-Z0-9]{8,20}$", "maxLength": 10}, '', ("string", 8, 20, 20)),
    ({"type": "string", "pattern": "^[A-Z]+$", "maxLength": 10}, '', ("string", 0, 20, 120)),
    ({"type": "string", "pattern": "^[ぁ-ん]{2}$"}, '', ("string", 2, 2, 18)),
    ({"type": "string", "pattern": "(a|bb)", "maxLength": 4}, '', ("string", 0, 8, 48)),
    ({"type": "string", "pattern": "^A?B{3}$"}, '', ("string", 3, 4, 4)),
    ({"type": "string", "pattern": "^\\d{3}-\\d{4}$"}, '', ("string", 0, inf, inf)),
    ({"type": "integer", "minimum": 0, "maximum": 999}, '', ("integer", 1, 3, 3)),
    ({"type": "integer", "minimum": -1000, "maximum": 99}, '', ("integer", 1, 5, 5)),
    ({"type": "integer"}, '', None),
    ({"type": "number", "minimum": 0, "maximum": 5}, '', ("number", 1, 24, 72)),
    ({"type": "number"}, '', None),
    ({"type": "boolean"}, '', None),
    ({"type": "integer", "enum": [1]}, '', None),
    ({"type": "integer", "minimum": 0, "maximum": 1e+16}, '', None),
    ({"type": "integer", "minimum": 5, "maximum": 1}, '', None),
    ({"type": "string", "maxLength": 9}, '| truncate(5)', ("string", 1, 5, 60)),
    ({"type": "string", "maxLength": 9}, '| truncate(18)', ("string", 1, 18, 108)),
    ({"type": "string", "maxLength": 9}, "| truncate(5, '')", None),
    ({"type": "string", "maxLength": 9}, '| urlencode', ("string", 1, 108, 324)),
    ({"type": "string", "maxLength": 9}, '| truncate(5) | urlencode', ("string", 1, 60, 180)),
    ({"type": "string", "maxLength": 9}, '| urlencode | urlencode', ("string", 1, 324, 972)),
    ({"type": "string", "maxLength": 9}, '| truncate(0)', None),
    ({"type": "string", "maxLength": 9}, "| default('x')", None),
    ({"type": "integer", "minimum": 0, "maximum": 99999}, '| number', ("string", 1, 6, 72)),
    ({"type": "integer", "minimum": 0, "maximum": 99999}, '| currency', ("string", 1, 7, 84)),
    ({"type": "integer", "minimum": 0, "maximum": 99999}, "| currency('USD')", None),
    ({"type": "integer", "minimum": 0, "maximum": 999}, '| number', ("string", 1, 3, 36)),
    ({"type": "number", "minimum": 0, "maximum": 999}, '| number', None),
    ({"type": "string", "format": "date"}, '| date', ("string", 6, 11, 35)),
    ({"type": "string", "format": "date"}, "| date('short')", ("string", 7, 10, 14)),
    ({"type": "string", "format": "date"}, "| date('no')", None),
    ({"type": "string", "format": "date"}, '| time', None),
    ({"type": "string", "format": "date-time"}, "| time('hm')", ("string", 4, 5, 7)),
    ({"type": "string", "format": "time"}, '| time | urlencode', ("string", 4, 7, 21)),
)  # fmt: skip


@pytest.mark.parametrize(("schema", "filters", "bound"), BOUNDS)
def test_the_bounds_of_the_first_step(
    schema: dict[str, Any], filters: str, bound: tuple[str, int, float, float] | None
) -> None:
    """The kind, the least code points, the most UTF-16 units, and the most characters behind `urlencode`."""
    assert first_step.rough_bound(schema, filters, "JP") == bound
