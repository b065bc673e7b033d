"""One allowance of work a run: what a few bytes could make large ends, and what was not judged is told."""

import pytest

from pnpc import check_text, compile_text
from pnpc.language.expressions.expression import MOST_OPERAND
from pnpc.line.grammar import allowance, patterns
from pnpc.line.grammar.allowance import Allowance
from pnpc.line.grammar.patterns import TooSlow, matcher
from pnpc.line.grammar.schema import load

SLOW = "^(([a-z]|[a-y])+)+$"
ENDLESS = "a" * 40 + "1"


def spec(pattern: str, example: str, count: int = 1) -> str:
    """A spec with so many variables of a pattern."""
    variables = "".join(
        f'  v{n}: {{type: string, pattern: "{pattern}", maxLength: 50, example: {example}}}\n' for n in range(count)
    )
    used = "".join(f"{{{{ v{n} | truncate(2) }}}}" for n in range(min(count, 100)))
    return (
        f"pnpc: 1\nname: x\ncountry: JP\nvariables:\n{variables}message:\n  templateKey: shipment_completed_ja\n"
        f'  body:\n    items:\n      - {{itemKey: name_010_ja, content: "{used}"}}\n'
    )


@pytest.fixture
def no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run whose allowance lasts for a few milliseconds only."""
    monkeypatch.setattr(allowance, "TEXT_STEPS", 5_000)


@pytest.mark.usefixtures("no_time")
def test_what_the_allowance_leaves_open_is_told() -> None:
    found = [one for one in check_text(spec(SLOW, ENDLESS)) if one.code == "PNP535"]
    assert [one.path for one in found] == ["variables.v0.example"]
    assert "allowance" in found[0].message


@pytest.mark.usefixtures("no_time")
def test_the_allowance_is_that_of_a_run_and_not_of_a_call() -> None:
    """Hundreds of slow patterns take no longer than one: after the first, none of them is tried."""
    found = [one for one in check_text(spec(SLOW, ENDLESS, 200)) if one.code == "PNP535"]
    assert len(found) == 200
    assert allowance.current().left < 100_000


def test_honest_patterns_cost_nothing() -> None:
    before = allowance.begin().left  # one match takes microseconds, which are free; 2,000 would not be
    matches = matcher("^([0-9]{3}-){2}[0-9]{4}$")
    assert all(matches("090-123-4567") for _ in range(2_000))
    assert allowance.current().left > before / 2


def test_a_slow_pattern_is_charged_and_then_not_tried() -> None:
    allowance.begin().take(allowance.TEXT_STEPS - 2_000)
    with pytest.raises(TooSlow, match="takes too long"):
        matcher(SLOW)(ENDLESS)
    assert allowance.current().left <= 0
    with pytest.raises(TooSlow, match="no time left"):
        matcher(SLOW)("a")
    assert matcher("^[a-z]+$")("abc")
    allowance.begin()
    assert matcher(SLOW)("a")


def test_steps_are_taken_while_they_last() -> None:
    own = Allowance(10)
    assert own.take(6)
    assert not own.take(6)
    assert own.take(4)
    assert own.left == 0


def test_what_a_text_wastes_is_not_missing_in_the_next() -> None:
    own = Allowance()
    own.next_text(100)
    assert own.take(own.left)
    own.next_text(50)
    assert own.left == allowance.TEXT_STEPS + 50 * allowance.STEPS_PER_CHARACTER


def test_all_texts_together_have_no_more_than_the_run() -> None:
    own, texts = Allowance(), 0
    own.next_text(0)
    while own.take(max(1, own.left)):
        own.next_text(0)
        texts += 1
    assert texts == allowance.RUN_STEPS // allowance.TEXT_STEPS


@pytest.mark.parametrize("pattern", ["a?" * 900, "(" * 90 + "a" + ")" * 90, "^((a{1,100}){1,100}){1,100}$"])
def test_patterns_of_any_shape_are_made_ready(pattern: str) -> None:
    assert matcher(pattern)("a")
    assert patterns.quick(pattern)[0]("a") is not None


def declared(declaration: str, content: str = "{{ a }}") -> str:
    """A spec of one variable `a`."""
    return (
        f"pnpc: 1\nname: x\ncountry: JP\nvariables:\n  a: {declaration}\nmessage:\n  templateKey: shipment_completed_ja\n"
        f'  body:\n    items:\n      - {{itemKey: name_010_ja, content: "{content}"}}\n'
    )


NINES = "9" * 400
GROUPS = "(" * 250 + "a" + ")" * 250
LISTS = "{type: array, items: " * 60 + "{type: boolean}" + "}" * 60
# Each with the code and the path of what is told first.
BEYOND = (
    ("{type: string, format: []}", "PNP103", "format"),
    ("{type: string, format: {a: b}}", "PNP103", "format"),
    ("{type: object, required: [{a: b}]}", "PNP103", "required[0]"),
    ("{type: object, required: {a: b}}", "PNP103", "required"),
    ("{type: object, properties: [a]}", "PNP103", "properties"),
    ("{type: object, properties: {m: []}}", "PNP103", "properties.m"),
    ("{type: array, items: [a]}", "PNP103", "items"),
    ("{type: array, items: {type: [a]}}", "PNP103", "items.type"),
    ("{type: array, uniqueItems: [a]}", "PNP103", "uniqueItems"),
    ("{type: string, enum: {a: b}}", "PNP103", "enum"),
    ("{type: string, pattern: [a]}", "PNP103", "pattern"),
    ("{type: string, maxLength: [1]}", "PNP103", "maxLength"),
    ("{type: string, maxLength: 1.5}", "PNP103", "maxLength"),
    ("{type: integer, minimum: {a: 1}}", "PNP103", "minimum"),
    ("{type: integer, minimum: true}", "PNP103", "minimum"),
    ("{type: integer, multipleOf: 0}", "PNP106", "multipleOf"),
    (f"{{type: integer, multipleOf: {NINES}}}", "PNP106", "multipleOf"),
    (f"{{type: integer, maximum: {NINES}}}", "PNP106", "maximum"),
    ("{type: integer, minimum: 1e16, maximum: 1e308}", "PNP106", "maximum"),
    ("{type: integer, exclusiveMinimum: -1e31}", "PNP106", "exclusiveMinimum"),
    ("{type: string, minLength: 200000000}", "PNP106", "minLength"),
    (f"{{type: string, maxLength: {NINES}}}", "PNP106", "maxLength"),
    ("{type: array, maxItems: 50000000}", "PNP106", "maxItems"),
    ("{type: array, items: {type: string, minLength: 200000000}}", "PNP106", "items.minLength"),
    (f"{{type: integer, enum: [1, {NINES}]}}", "PNP506", "enum"),
    (f"{{type: number, const: -{NINES}}}", "PNP506", "const"),
    (f"{{type: array, items: {{type: integer, enum: [{NINES}]}}}}", "PNP506", "items.enum"),
    (f"{{type: string, pattern: '{GROUPS}'}}", "PNP506", "pattern"),
    ("{type: array, items: {type: string, pattern: '['}}", "PNP506", "items.pattern"),
    ("{type: object, properties: {m: {type: string, minLength: 5, maxLength: 2}}}", "PNP506", "properties.m.minLength"),
    (LISTS, "PNP506", ""),
)  # fmt: skip


@pytest.mark.parametrize(("declaration", "code", "path"), BEYOND)
def test_what_no_declaration_may_ask_is_told_at_its_place(declaration: str, code: str, path: str) -> None:
    found = [(one.code, one.path) for one in check_text(declared(declaration)) if one.severity == "error"]
    assert (code, f"variables.a.{path}".rstrip(".")) in found


HEAVY = (
    ("{type: integer}", "{{ 1e400 | currency }}", "PNP501"),
    ("{type: integer}", f"{{{{ a + {'9' * 310} }}}}", "PNP501"),
    ("{type: integer}", f"{{{{ a | default({'9' * 310}) }}}}", "PNP501"),
    ("{type: string, maxLength: 9}", f"{{{{ a | truncate({'1' + '0' * 400}) }}}}", "PNP501"),
    ("{type: string, maxLength: 9}", "{{ a | truncate(6000) }}", "PNP532"),
    ("{type: array, minItems: 10000, items: {type: string, minLength: 1000000}}", "{{ a ~ '' }}", "PNP532"),
    ("{type: array, minItems: 10000, items: {type: string, minLength: 1000000}}", "{{ a[0] }}", "PNP531"),
    ("{type: string, pattern: '^((a{1,100}){1,100}){1,100}$'}", "{{ a }}", "PNP530"),
    ("{type: number, minimum: 1e29, maximum: 1e30}", f"{{{{ {' * '.join(['a'] * 200)} }}}}", None),
    ("{type: number, minimum: 1e29, maximum: 1e30}", "{{ a / 1e-30 / 1e-30 / 1e-30 / 1e-30 }}", None),
    ("{type: number, minimum: -1e30, maximum: 1e30}", "{{ a % 1e30 // 1e-30 - a }}", None),
    ("{type: number, enum: [1e30, -1e30, 1e-30]}", "{{ (a * a) % a // 1e-30 | currency }}", None),
    ("{type: number, multipleOf: 1e-320, minimum: 0, maximum: 1}", "{{ a * 3 }}", None),
)  # fmt: skip


@pytest.mark.parametrize(("declaration", "content", "code"), HEAVY)
def test_heavy_expressions_are_worked_out_or_told(declaration: str, content: str, code: str | None) -> None:
    found = {one.code for one in check_text(declared(declaration, content))}
    assert code in found if code else found <= {"PNP530", "PNP531", "PNP532", "PNP533"}


def test_the_largest_number_is_the_same_for_declarations_and_expressions() -> None:
    keywords = load("variable")["properties"]
    for name in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        assert (keywords[name]["minimum"], keywords[name]["maximum"]) == (-MOST_OPERAND, MOST_OPERAND)


def test_each_call_from_python_is_a_run_of_its_own() -> None:
    text = declared("{type: string, maxLength: 5, example: a}")
    for call in (check_text, lambda text: list(compile_text(text))):
        allowance.begin().take(allowance.TEXT_STEPS)
        call(text)
        assert allowance.current().left > allowance.TEXT_STEPS / 2
