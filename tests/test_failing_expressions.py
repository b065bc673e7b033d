"""An expression that fails for every row, or for some, is told by check: in a text, and in a condition of `$if`."""

import pytest
from specs import diagnostics, plan_of

from pnpc.compile.plan import BadRow
from pnpc.compile.targets import Payload

VARIABLES = """
  v: {type: string, maxLength: 9, example: A}
  n: {type: integer, minimum: 0, maximum: 5, example: 1}
  b: {type: boolean, example: true}
  ls: {type: array, minItems: 1, maxItems: 3, items: {type: string, maxLength: 3}, example: [A]}
  e: {type: integer, enum: [-1, 1], example: 1}
  w: {type: string, maxLength: 10, example: "2024-08-10"}
  two: {type: array, maxItems: 3, items: {type: string, maxLength: 3}, example: [A, B]}
  p: {type: object, properties: {z: {type: string}}, example: {z: x}}
  o: {type: object, properties: {a: {type: string, maxLength: 3}, z: {type: string}}, required: [a], example: {a: x}}
"""
HEAD = f"pnpc: 1\nname: a\ncountry: JP\nvariables:{VARIABLES}message:\n  templateKey: shipment_completed_ja\n  body:\n    items:\n"


def in_condition(expression: str) -> str:
    return f'{HEAD}      - {{itemKey: number_001_ja, content: A, $if: "{expression}"}}\n'


def in_text(expression: str) -> str:
    return f"{HEAD}      - {{itemKey: number_001_ja, content: \"{{{{ 'A' if ({expression}) else 'B' }}}}\"}}\n"


def told(text: str) -> list[str]:
    return [one.code for one in diagnostics(text) if one.name != "unused-variable"]


SURE = (
    "v > 1", "n < '2'", "1 < n < v", "not v >= n", "b < ls", "v > none", "v in n", "n in v", "v not in b", "ls in o",
    "v + 1", "-v", "v ~ ls", "n | date", "n[0]", "n[0:1]", "o[0]", "o['q']", "b and v > n", "(v | default('')) > 1",
)  # fmt: skip
DOUBTFUL = ("w | date", "n / n", "p.z", "p.z == 'a'", "two[1]")
WITHOUT_ELSE = (
    "(v if b)", "(v if b) ~ 'x'", "(v if b) | truncate(3)", "(v if b) | urlencode", "(v if b) == 'x'", "(v if b) or b",
    "not (v if b)",
)  # fmt: skip
OF_THE_EXAMPLES = ("v | date", "o.z", "o.z == 'a'", "ls[1]", "n // (n - 1)", "(v if b else n) > 1")
SOUND = (
    "(v if b) | default('x')",
    "v > 'a'", "n > 1", "b > n", "n < 1.5", "0 < n < 5", "v in ['A', 'B']", "n in [1, 2]", "v in 'ABC'", "v in o", "v == n",
    "1 // e > 0", "v != none", "ls", "not o", "ls[0]", "o.a == 'x'", "o['a']", "n % 2 == 1", "v ~ n", "recipient.index > 3", "ls > ['A']",
)  # fmt: skip


@pytest.mark.parametrize("expression", SURE)
def test_an_expression_that_fails_for_every_row_is_an_error(expression: str) -> None:
    assert told(in_condition(expression)) == told(in_text(expression)) == ["PNP532"]


@pytest.mark.parametrize("expression", DOUBTFUL)
def test_an_expression_that_fails_for_some_rows_is_told(expression: str) -> None:
    assert told(in_condition(expression)) == told(in_text(expression)) == ["PNP533"]


@pytest.mark.parametrize("expression", OF_THE_EXAMPLES)
def test_an_expression_that_fails_for_the_examples_is_an_error_as_in_compile(expression: str) -> None:
    for text in (in_condition(expression), in_text(expression)):
        assert told(text) == ["PNP507"]
        plan = plan_of(text)
        result = plan.compile(plan.examples())
        assert isinstance(result, BadRow)
        assert [one.code for one in result.diagnostics] == ["PNP507"]


@pytest.mark.parametrize("expression", WITHOUT_ELSE)
def test_an_if_without_else_has_no_value_whatever_is_made_of_it(expression: str) -> None:
    for text in (in_condition(expression), in_text(expression)):
        assert told(text) == ["PNP507"]
        plan = plan_of(text)
        assert isinstance(plan.compile(plan.examples()), Payload)
        plan = plan_of(text.replace("example: true", "example: false"))
        result = plan.compile(plan.examples())
        assert isinstance(result, BadRow)
        assert [one.message for one in result.diagnostics] == ["the condition is false, and there is no `else`"]


@pytest.mark.parametrize("expression", SOUND)
def test_an_expression_that_never_fails_is_clean_and_compiles(expression: str) -> None:
    for text in (in_condition(expression), in_text(expression)):
        assert told(text) == []
        plan = plan_of(text)
        assert isinstance(plan.compile(plan.examples()), Payload)


def test_the_message_names_both_sides_and_the_condition() -> None:
    (one,) = [one for one in diagnostics(in_condition("v > 1")) if one.code == "PNP532"]
    assert one.message == "`>` can't compare `v` (text) with a number"
    assert one.path.endswith("items[0].$if")
    assert [related.message for related in one.related] == ["declared here"]


def test_another_condition_may_keep_the_data_away() -> None:
    text = in_condition("two[1]") + "      - {itemKey: name_010_ja, content: B, $if: n / n == 1}\n"
    assert told(text) == ["PNP533", "PNP533"]
    guarded = in_condition("n and 4 / n > 1")
    assert told(guarded) == []


def test_a_variable_of_a_loop_is_known_in_conditions() -> None:
    text = HEAD + '      - {$for: line in ls, $if: "line > 1", itemKey: number_001_ja, content: A}\n'
    assert "PNP532" in told(text)
    assert "PNP532" not in told(text.replace("line > 1", "loop.index > 1"))
