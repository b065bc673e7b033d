"""Which findings become diagnostics: of several about one node those that say all of it, and of many as many as people read."""

import pytest
from specs import diagnostics, plan_of

from pnpc import rules
from pnpc.check.amount import at_most, counted
from pnpc.check.engine import check, file_diagnostic
from pnpc.check.one_mistake import Located, without_echoes
from pnpc.check.reading import LeftOut
from pnpc.compile.plan import BadRow
from pnpc.language.cases.parts import Fragment
from pnpc.language.message.context import Context
from pnpc.line.catalog import Catalog
from pnpc.text.finding import Finding, Place, Range, Severity
from pnpc.text.nodes import compose
from pnpc.text.source import Position, Source, Span
from pnpc.text.tree import Tree
from pnpc.text.wording import says

(DOCUMENT,) = compose(Source("x.yaml", "a: {b: &b 1}\nc: 2\nd: *b\n"))
TREE = Tree(DOCUMENT)


def at(rule: str, *path: str, part: str = "value") -> Located:
    return Finding(Place(path, part), says("m"), rule=rule), TREE  # type: ignore[arg-type]


def severity(rule: str) -> Severity:
    return rules.get(rule).severity


def kept(*findings: Located, lowered: str = "") -> list[str]:
    """The rules of the findings that stay."""
    stay = without_echoes([*findings], lambda rule: "warning" if rule == lowered else severity(rule))
    return [finding.rule for finding, _ in stay]


# Two rules at one value, and which of them stay.
PAIRS = (
    (("image", "wrong-type"), ["image"]),  # the image has to go, and its type does not matter
    (("image", "bad-url"), ["image", "bad-url"]),  # `media-hosts` may allow it
    (("recipient-in-spec", "bad-digest"), ["recipient-in-spec"]),
    (("image", "recipient-in-spec"), ["image", "recipient-in-spec"]),
    (("wrong-type", "bad-url"), ["wrong-type"]),
    (("wrong-type", "value-not-allowed"), ["wrong-type", "value-not-allowed"]),
    (("bad-url", "duplicate-button"), ["bad-url", "duplicate-button"]),
    (("wrong-type", "wrong-type"), ["wrong-type", "wrong-type"]),
    (("unused-variable", "reserved-variable"), ["reserved-variable"]),
    (("unequal-columns", "part-count"), ["part-count"]),
    (("value-not-taken", "expression-failed"), ["expression-failed"]),
    (("wrong-type", "unapproved-layout"), ["wrong-type", "unapproved-layout"]),
    (("image", "layout-drift"), ["image", "layout-drift"]),
    (("wrong-type", "unknown-media"), ["wrong-type", "unknown-media"]),
)  # fmt: skip


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize(("pair", "stay"), PAIRS)
def test_of_two_at_one_node(pair: tuple[str, str], stay: list[str], turned: bool) -> None:
    order = pair[::-1] if turned else pair
    findings = [at(rule, "a", "b") for rule in order]
    assert kept(*findings) == [rule for rule in order if rule in stay]
    assert kept(*findings[:1]) == [order[0]]
    assert kept(findings[0], at(order[1], "c")) == [*order]  # another node
    assert kept(findings[0], at(order[1], "d")) == [*order]  # the same value, at another key
    assert kept(findings[0], (findings[1][0], None)) == [*order]  # a place in a file that was not read


def test_what_is_a_warning_hides_no_error() -> None:
    assert kept(at("wrong-type", "c"), at("bad-url", "c"), lowered="wrong-type") == ["wrong-type", "bad-url"]
    assert kept(at("wrong-type", "c"), at("doubtful-url", "c"), lowered="wrong-type") == ["wrong-type"]
    assert kept(at("wrong-type", "c"), at("bad-url", "c"), lowered="bad-url") == ["wrong-type"]


def test_a_key_that_cant_stand_takes_its_value_along() -> None:
    key, value = at("unknown-key", "c", part="key"), at("bad-url", "c")
    assert kept(key, value) == ["unknown-key"]
    assert kept(value, at("bad-name", "c", part="key"), key) == ["unknown-key"]
    assert kept(at("wrong-type", "c"), at("bad-name", "c", part="key")) == ["wrong-type", "bad-name"]


def test_conditions_are_nodes_of_their_own() -> None:
    """They have no path: their findings stand at characters."""

    def of(rule: str, start: int) -> Located:
        return Finding(Span(start, start + 3), says("m"), rule=rule), TREE

    assert kept(of("value-not-taken", 4), of("expression-failed", 4)) == ["expression-failed"]
    assert kept(of("value-not-taken", 4), of("expression-failed", 5)) == ["value-not-taken", "expression-failed"]
    assert kept(of("wrong-type", 4), of("bad-url", 4)) == ["wrong-type", "bad-url"]
    lowered = kept(of("value-not-taken", 4), of("expression-failed", 4), lowered="expression-failed")
    assert lowered == ["expression-failed"]


WARNING, ERROR = at("unused-variable", "c"), at("wrong-type", "c")


@pytest.mark.parametrize("errors", range(4))
@pytest.mark.parametrize("warnings", range(4))
def test_errors_are_shown_first_and_all_are_counted(errors: int, warnings: int) -> None:
    findings = [WARNING] * warnings + [ERROR] * errors
    assert at_most(findings, {}, None) == (findings, LeftOut())
    for most in range(7):
        shown, left = at_most(findings, {}, most)
        rules_shown = [finding.rule for finding, _ in shown]
        assert len(shown) == min(most, len(findings))
        assert sorted(rules_shown) == sorted(([ERROR[0].rule] * errors + [WARNING[0].rule] * warnings)[:most])
        assert left.errors == errors - rules_shown.count(ERROR[0].rule)
        assert left.warnings == warnings - rules_shown.count(WARNING[0].rule)
        if len(findings) <= most:
            assert shown == findings  # in their order


def test_the_severity_that_is_configured_decides() -> None:
    shown, left = at_most([ERROR, WARNING], {"wrong-type": "warning", "unused-variable": "error"}, 1)
    assert [finding.rule for finding, _ in shown] == ["unused-variable"]
    assert left == LeftOut(0, 1)
    assert left.plus(LeftOut(2, 3)) == LeftOut(2, 4)


def test_diagnostics_are_counted_by_their_severity() -> None:
    text = "pnpc: 1\nname: x\ncountry: JP\nvariables:\n  idle: {type: string, maxLength: 3}\nmessage:\n  templateKey: shipment_completed_ja\n  body:\n    items:\n      - {itemKey: name_010_ja, content: 5, itemKy: x, contnt: y}\n"
    checked = check(Source("x.yaml", text), Context(Catalog()), {})
    assert counted(checked.diagnostics) == LeftOut(2, 1)
    assert counted(()) == LeftOut(0, 0)


def test_what_is_in_the_spec_stands_before_what_is_in_its_fragments() -> None:
    """Whatever the names of the files; in each in the order of the text."""
    text = """\
pnpc: 1
name: x
country: JP
message:
  messages:
    - type: flex
      altText: x
      contents: {type: bubble, body: {type: box, layout: vertical, contents: [{$include: m.yaml}, {$include: b.yaml}, {type: text, text: z, sise: x}]}}
"""
    fragment = b"type: text\ntext: x\nsise: xl\nwhigt: bold\n"
    context = Context(Catalog(), fragments=lambda _file, path: Fragment(path, path, fragment))
    found = [one for one in check(Source("k.yaml", text), context, {}).diagnostics if one.code == "PNP101"]
    assert [(one.file, one.range.start.line) for one in found] == [
        ("k.yaml", 8),
        ("b.yaml", 3),
        ("b.yaml", 4),
        ("m.yaml", 3),
        ("m.yaml", 4),
    ]


def test_diagnostics_stand_in_the_order_of_the_text_and_their_data_are_cut() -> None:
    key = "k" * 900
    text = f"templateKey: shipment_completed_ja\nbody: {{b: 1, a: 2, {key}: 3}}\nzz: 1\naa: 1\n"
    found = [one for one in check(Source("x.yaml", text), Context(Catalog()), {}).diagnostics if one.code == "PNP101"]
    assert [one.span.start for one in found] == sorted(one.span.start for one in found)
    assert len(found) == 5
    (long,) = [one for one in found if one.span.end - one.span.start == len(key)]
    assert max(len(str(value)) for value in long.data.values()) < 500


@pytest.mark.parametrize(
    ("example", "shown"),
    [("a{b}", "a{b}"), ("a\\u200b{b}", "a\\u200b{b}"), ("x" * 50 + "{b}", "x" * 40 + "…")],
)
def test_a_filled_text_is_shown_as_it_is_or_with_escapes(example: str, shown: str) -> None:
    text = f'pnpc: 1\nname: x\ncountry: JP\nvariables:\n  v: {{type: string, maxLength: 60, example: "{example}"}}\nmessage:\n  templateKey: shipment_completed_ja\n  body:\n    items:\n      - {{itemKey: name_010_ja, content: "{{{{ v }}}}"}}\n'
    messages = [
        one.message for one in check(Source("x.yaml", text), Context(Catalog()), {}).diagnostics if one.code == "PNP509"
    ]
    assert [message.partition(": ")[0] for message in messages] == [f"with the example of `v` this becomes `{shown}`"]


def test_a_diagnostic_about_a_file_stands_at_its_beginning() -> None:
    where = Range(Position(3, 2), Position(3, 4))
    found = file_diagnostic("duplicate-name", says("twice"), "x.yaml", where, {"duplicate-name": "warning"})
    assert (found.span, found.range, found.severity, found.help, found.path) == ((0, 0), where, "warning", None, "")
    assert file_diagnostic("duplicate-name", says("twice"), "x.yaml", where, {}).severity == "error"


LARGE = """\
pnpc: 1
name: x
country: JP
variables:
  a: {{type: string, maxLength: 2000, example: {example}}}
message:
  messages:
    - type: flex
      altText: x
      contents:
        type: bubble
        body:
          type: box
          layout: vertical
          contents:
{texts}"""


@pytest.mark.parametrize(
    ("example", "uses", "expression", "is_large"),
    [
        ("あ" * 2000, 8, "a", True),
        ("あ" * 2000, 3, "a", False),
        ("x" * 1500, 30, "a", True),
        ("x" * 100, 30, "a", False),
        ("あ" * 200, 30, "a | urlencode", True),
        ("x", 3, "a", False),
    ],
)
def test_a_message_that_its_examples_make_too_large_is_told_as_the_row_is(
    example: str, uses: int, expression: str, is_large: bool
) -> None:
    """However short the text of the spec is: each value stands wherever its name does."""
    texts = f"            - {{type: text, text: '{{{{ {expression} }}}}'}}\n" * uses
    spec = LARGE.format(example=example, texts=texts)
    told = {one.code for one in diagnostics(spec) if one.severity == "error"}
    plan = plan_of(spec)
    result = plan.compile(plan.examples())
    refused = {one.code for one in result.diagnostics} if isinstance(result, BadRow) else set()
    assert told == refused
    assert told == ({"PNP322"} if is_large else set())


def test_the_round_of_a_loop_counts_from_one_in_its_examples() -> None:
    spec = """\
pnpc: 1
name: x
country: JP
variables:
  lines: {type: array, maxItems: 2, items: {type: string, maxLength: 9}, example: [A, B]}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {$for: line in lines, itemKey: name_010_ja, content: "{{ loop.index }}{{ loop.index0 }} {{ '{b}' if loop.last else line }}"}
"""
    messages = [one.message for one in diagnostics(spec) if one.code == "PNP509"]
    assert [message.partition(": ")[0] for message in messages] == ["with the example of `lines` this becomes `21 {b}`"]
