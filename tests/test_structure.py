"""`$if`, `$for` and `$include`: where their mistakes are told, what is tried, and what is made of them."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from conftest import Here
from specs import diagnostics, plan_of
from watching import watch

from pnpc.check.engine import check
from pnpc.compile.plan import BadRow
from pnpc.compile.tables.recipients import Record
from pnpc.language.bundle import bundle
from pnpc.language.cases.parts import Key
from pnpc.language.directives.cases import MOST_CASES, choices
from pnpc.language.directives.domains import Domains
from pnpc.language.message.context import Context
from pnpc.line.catalog import Catalog
from pnpc.line.grammar import allowance
from pnpc.project.discovery import InputFile
from pnpc.project.run import check_all
from pnpc.project.workspace import Workspace
from pnpc.text.finding import Diagnostic, Range
from pnpc.text.source import Position, Source

VARIABLES = """\
  gift: {type: boolean, example: true}
  slot: {type: string, enum: [am, pm, night], example: am}
  note: {type: string, maxLength: 20, example: x}
  lines:
    type: array
    minItems: 0
    maxItems: 3
    items:
      type: object
      properties:
        name: {type: string, maxLength: 20}
        kind: {type: string, enum: [big, small]}
        parts: {type: array, maxItems: 2, items: {type: string, maxLength: 5}}
      required: [name, kind, parts]
    example: []
"""


def template(items: str, variables: str = VARIABLES) -> str:
    """A template spec with these lines under `items`."""
    lines = "".join(f"      {line}\n" for line in items.strip("\n").splitlines())
    return (
        f"pnpc: 1\nname: example\ncountry: JP\nvariables:\n{variables}message:\n"
        f"  templateKey: shipment_completed_ja\n  body:\n    items:\n{lines}"
    )


def flex(contents: str, variables: str = VARIABLES, footer: str = "") -> str:
    """A flexible spec with these lines under the `contents` of a box, and a footer."""
    lines = "".join(f"            {line}\n" for line in contents.strip("\n").splitlines())
    return (
        f"pnpc: 1\nname: example\ncountry: JP\nvariables:\n{variables}message:\n  messages:\n    - type: flex\n"
        f"      altText: x\n      contents:\n        type: bubble\n        body:\n          type: box\n"
        f"          layout: vertical\n          contents:\n{lines}" + (f"        footer: {footer}\n" if footer else "")
    )


def told(text: str, *, warnings: bool = False) -> list[tuple[str, str, str]]:
    """The errors of a text: code, what stands at the place, and the help; without those about unused variables."""
    found = diagnostics(text)
    return [
        (one.code, text[one.span.start : one.span.end], one.help or "")
        for one in found
        if (warnings and one.name != "unused-variable") or one.severity == "error"
    ]


def files(folder: Path, **contents: str) -> list[Diagnostic]:
    """The errors of `a.yaml` in a folder with these files (`_` in a name stands for a slash, and `.yaml` is added)."""
    (folder / "pnpc.toml").touch()
    for name, content in contents.items():
        file = folder / f"{name.replace('_', '/')}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8")
    result = check_all([InputFile(str(folder / "a.yaml"), named=True)], Workspace())
    return [one for one in result.diagnostics if one.severity == "error"]


def place(folder: Path, one: Diagnostic) -> str:
    start = one.range.start
    return f"{os.path.relpath(one.file, folder)}:{start.line}:{start.column} {one.path}"


# --- where mistakes are told ---


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ("$if: giftt", ("PNP502", "giftt", "")),
        ("$if: not giftt and slot == 'am'", ("PNP502", "giftt", "")),
        ("$if: '{{ giftt }}'", ("PNP502", "giftt", "")),
        ("$if: gift and", ("PNP501", "and", "")),
        ("$for: true in lines", ("PNP523", "true in lines", "a name of your own")),
        ("$for: self in lines", ("PNP523", "self in lines", "a name of your own")),
        ("$if: gift | upper", ("PNP501", "upper", "; there are")),
        ("$if: lines.length", ("PNP502", "length", "")),
        ("$if: ''", ("PNP522", "''", "such as")),
        ("$if: {{ gift }}", ("PNP005", "{{ gift }}", "")),
        ("$if: '{{ gift }} or not'", ("PNP501", "{{ gift }} or not", "")),
        ("$for: line", ("PNP523", "line", "write `$for: line in lines`")),
        ("$for: line in linse", ("PNP502", "linse", "")),
        ("$for: line in lines.name", ("PNP502", "name", "")),
        ("$for: part in note", ("PNP524", "note", "")),
        ("$for: slot in lines", ("PNP525", "slot", "free")),
        ("$for: loop in lines", ("PNP525", "loop", "free")),
        ("$fro: line in lines", ("PNP521", "$fro", "")),
        ("$unless: gift", ("PNP521", "$unless", "there are `$if`")),
    ],
)
def test_a_directive_that_is_wrong(item: str, expected: tuple[str, str, str]) -> None:
    text = template(f"- itemKey: name_010_ja\n  content: x\n  {item}\n").replace("maxItems: 3", "maxItems: 1")
    (found,) = told(text)
    assert found[:2] == expected[:2]
    assert expected[2] in found[2] or expected[1] == "upper"


def test_members_of_a_loops_variable() -> None:
    text = template(
        "- {itemKey: name_010_ja, content: '{{ line.nmae }} {{ loop.indx }} {{ gift.x }}', $for: line in lines}"
    )
    text = text.replace("maxItems: 3", "maxItems: 1")
    assert [found[:2] for found in told(text)] == [("PNP502", "nmae"), ("PNP502", "indx"), ("PNP502", "x")]


def test_names_of_a_loop_end_with_it() -> None:
    text = template("- {itemKey: name_010_ja, content: '{{ line.name }} {{ loop.index }}'}")
    assert [found[:2] for found in told(text)] == [("PNP502", "line"), ("PNP502", "loop")]


def test_directives_where_none_can_stand() -> None:
    text = template("- {itemKey: name_010_ja, content: x}").replace("country: JP", "country: JP\n$if: gift")
    text = text.replace(
        "  body:\n",
        "  body:\n    $for: line in lines\n    emphasizedItem: {itemKey: date_002_ja, content: x, $if: gift}\n",
    )
    assert [found[:2] for found in told(text)] == [("PNP520", "$if"), ("PNP520", "$for"), ("PNP520", "$if")]
    body = '{"templateKey": "shipment_completed_ja", "body": {"items": [{"itemKey": "name_010_ja", "content": "x", "$if": "gift"}]}}'
    assert [found[:2] for found in told(body)] == [("PNP520", '"$if"')]


def test_a_mistake_in_a_conditional_object_is_told_at_its_written_place() -> None:
    text = template(
        "- {itemKey: name_010_ja, content: x, $if: gift}\n"
        "- {itemKey: date_002_ja, content: x, $if: not gift}\n"
        "- {itemKey: time_range_001_ja, contents: x, $if: slot == 'am'}"
    )
    (found,) = [one for one in diagnostics(text) if one.severity == "error"]
    assert (found.code, found.path) == ("PNP101", "message.body.items[2].contents")
    assert "`items[2]`" in found.message
    assert found.help is None  # it is there whenever the object is


CHOSEN = "- {itemKey: name_010_ja, content: x, $if: gift}\n- {itemKey: date_002_ja, content: x, $if: not gift}\n"
LOOPED = "- {itemKey: name_010_ja, content: x, $if: gift}\n- {itemKey: date_002_ja, content: y, $for: line in lines}\n"


@pytest.mark.parametrize("before", [CHOSEN, LOOPED], ids=["$if", "$for"])
@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("- 7", "`items[2]` must be a mapping, but this is the text `7`"),
        ("- {itemKey: price_001_ja, content: 1円, contents: x}", "unknown key `contents` in `items[2]`"),
        ("- {itemKey: price_001_ja}", "`items[2]` lacks the required key `content`"),
    ],
)
def test_a_message_names_an_entry_by_its_index_in_the_file(before: str, entry: str, message: str) -> None:
    """In no case is it the third of the list that is sent, or not in the one where the mistake is found first."""
    (found,) = [one for one in diagnostics(template(before + entry)) if one.path.startswith("message.body.items[2]")]
    assert (found.message, found.data["subject"]) == (message, "items[2]")


def test_a_key_twice_in_an_object_with_directives() -> None:
    assert told(template("- {itemKey: name_010_ja, content: x, $if: gift, $if: not gift}"))[0][:2] == ("PNP004", "$if")


def test_directives_that_a_merge_brings_in() -> None:
    text = template("- &one {itemKey: name_010_ja, content: x, $if: gift}\n- {<<: *one, content: y, $if: not gift}\n")
    assert told(text) == []
    text = template("- &one {itemKey: name_010_ja, content: x, $if: gift}\n- {<<: *one, content: y}\n")
    assert [found[0] for found in told(text)] == ["PNP204"]


def test_names_in_conditions_and_sources_are_used() -> None:
    text = template(
        "- {itemKey: name_010_ja, content: x, $if: gift}\n- {itemKey: date_002_ja, content: x, $for: line in lines}"
    )
    found = diagnostics(text)
    assert [one.path for one in found if one.name == "unused-variable"] == ["variables.slot", "variables.note"]


def test_an_array_without_a_greatest_length() -> None:
    text = flex("- {type: text, text: x, $for: line in lines}").replace("    maxItems: 3\n", "")
    found = [one for one in told(text, warnings=True) if one[0] == "PNP526"]
    assert found == [("PNP526", "lines", "declare `maxItems`")]


# --- what is tried ---


@pytest.mark.parametrize(
    ("one", "other", "excluded"),
    [
        ("gift", "not gift", True),
        ("slot == 'am'", "slot == 'pm'", True),
        ("slot == 'am'", "slot != 'am'", True),
        ("slot in ['am', 'pm']", "slot == 'night'", True),
        ("gift and slot == 'am'", "not gift", True),
        ("note == 'x'", "note != 'x'", True),
        ("note", "not note", True),
        ("lines", "not lines", True),
        ("gift", "gift", False),
        ("gift", "slot == 'am'", False),
        ("slot != 'am'", "slot != 'pm'", False),
        ("note", "gift", False),
    ],
)
def test_conditions_that_exclude_each_other(one: str, other: str, excluded: bool) -> None:
    text = template(
        f'- {{itemKey: name_010_ja, content: x, $if: "{one}"}}\n- {{itemKey: name_010_ja, content: y, $if: "{other}"}}'
    )
    assert [found[0] for found in told(text)] == ([] if excluded else ["PNP204"])


NUMBERS = """\
  total: {type: integer, minimum: 0, maximum: 99999, example: 1}
  weight: {type: number, example: 1}
  note: {type: string, maxLength: 20, example: x}
"""


@pytest.mark.parametrize(
    ("one", "other", "excluded"),
    [
        ("note == 'a'", "note == 'b'", True),
        ("note == 'a'", "'b' == note", True),
        ("note in ['a', 'b']", "note == 'c'", True),
        ("note < 'b'", "note > 'c'", True),
        ("not note", "note > 'c'", True),
        ("total < 1000", "total >= 1000 and total < 5000", True),
        ("total < 1000", "total >= 999 and total < 5000", False),
        ("total > 4 and total < 6", "total == 5", False),
        ("total > 4 and total < 5", "total < 100000", True),
        ("weight > 4 and weight < 5", "weight < 100000", False),
        ("total < 0", "total < 5", True),
        ("not total", "total > 0", True),
        ("note == 'a'", "note < 'aa' and note > ''", False),
        ("total == 5", "total + 1 == 6", False),
        ("note == 'a' and note ~ 'x' != note", "note == 'b'", True),
        ("note == 'a' and note ~ 'x' != note", "note < 'b'", False),
        ("note == 'abcdefghijklmnopqrstuvwxyz'", "note", True),
    ],
)
def test_comparisons_with_constants_that_exclude_each_other(one: str, other: str, excluded: bool) -> None:
    text = template(
        f'- {{itemKey: name_010_ja, content: x, $if: "{one}"}}\n- {{itemKey: name_010_ja, content: y, $if: "{other}"}}',
        NUMBERS,
    )
    assert [found[0] for found in told(text)] == ([] if excluded else ["PNP204"])


def test_words_for_texts_that_nobody_has_written() -> None:
    text = template(
        "- {itemKey: name_010_ja, content: x, $if: \"note != 'a'\"}\n- {itemKey: name_010_ja, content: x, $if: note}",
        NUMBERS,
    )
    assert told(text) == [("PNP204", "name_010_ja", "when `note` is another text")]
    text = template(
        "- {itemKey: name_010_ja, content: x}\n- {itemKey: name_010_ja, content: x, $if: not note}", NUMBERS
    )
    assert told(text) == [("PNP204", "name_010_ja", "")]
    text = template(
        "- {itemKey: name_010_ja, content: x, $if: total}\n- {itemKey: name_010_ja, content: x, $if: note}", NUMBERS
    )
    assert told(text) == [("PNP204", "name_010_ja", "when `total` is `1` and `note` is not empty")]


@pytest.mark.parametrize(
    "condition", ["not b0", "not b0 and b1 and not b2 and b3", "e == 'v80'", "e == 'v80' and not b7"]
)
def test_an_object_among_many_conditions_is_looked_at(condition: str) -> None:
    variables = "".join(f"  b{index}: {{type: boolean, example: true}}\n" for index in range(9))
    variables += f"  e: {{type: string, enum: [{', '.join(f'v{index}' for index in range(100))}], example: v1}}\n"
    others = "".join(f"- {{$if: b{index}, type: text, text: x}}\n" for index in range(9))
    others += "".join(f"- {{$if: e == 'v{index}', type: text, text: x}}\n" for index in range(100))
    text = flex(
        f'- {{$if: "{condition}", type: text, text: x, sise: xl}}\n- {{type: text, text: x}}\n{others}', variables
    )
    assert [found[:2] for found in told(text)] == [("PNP101", "sise")]


def test_loops_inside_loops_are_no_work_without_end() -> None:
    depth = 24
    array = "{type: array, maxItems: 9, items: " * depth + "{type: string, maxLength: 3}" + "}" * depth
    boxes = "".join(
        f"{{$for: l{index} in {f'l{index - 1}' if index else 'lines'}, type: box, layout: vertical, contents: ["
        for index in range(depth)
    )
    text = flex(f"- {boxes}{{type: text, text: x, sise: xl}}{']}' * depth}", f"  lines: {array}\n")
    assert sorted(found[:2] for found in told(text)) == [("PNP101", "sise"), ("PNP322", "contents")]


def conditional(count: int) -> str:
    """A spec of so many texts, each there where a boolean of its own is true."""
    variables = "".join(f"  b{index}: {{type: boolean, example: true}}\n" for index in range(count))
    objects = "".join(f"- {{type: text, text: x, $if: b{index}}}\n" for index in range(count))
    return flex(f"- {{type: text, text: x}}\n{objects}", variables)


def left_open(text: str) -> list[tuple[str, str, str]]:
    return [found for found in told(text, warnings=True) if found[0] == "PNP535"]


def test_cases_that_are_left_out_are_told() -> None:
    assert left_open(conditional(40)) == []
    ((_, where, _),) = left_open(conditional(300))
    assert where == "message"


@pytest.mark.parametrize(("questions", "tried", "count"), [(6, 64, 64), (40, 82, 82), (600, MOST_CASES, 1_202)])
def test_cases_are_counted_that_are_not_tried(questions: int, tried: int, count: int) -> None:
    options: dict[Key | str, list[Any]] = {f"b{index}": [True, False] for index in range(questions)}
    found = choices(Domains(options, {}, {}, {}, [], set()))
    assert (len(found.chosen), found.all) == (tried, count)
    with_lengths = choices(Domains(options, {}, {("a",): (0, 9)}, {}, [], set()))
    assert (len(with_lengths.chosen) < with_lengths.all) == (questions == 600)


def test_cases_are_paid_from_the_allowance_of_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    text = conditional(6)
    before = allowance.begin().left
    assert left_open(text) == []
    spent = before + len(text) * allowance.STEPS_PER_CHARACTER - allowance.current().left
    assert 20_000 < spent < 100_000
    monkeypatch.setattr(allowance, "TEXT_STEPS", 0)
    allowance.begin()
    assert len(left_open(text)) == 1
    monkeypatch.setattr(allowance, "TEXT_STEPS", spent)
    allowance.begin()
    assert left_open(text) == []


@pytest.mark.parametrize("most", [1_000, 10_000])
def test_the_bytes_of_entries_that_are_not_written_out_count(most: int) -> None:
    variables = f"  lines: {{type: array, maxItems: {most}, items: {{type: string, maxLength: 3}}, example: []}}\n"
    text = flex("- {type: text, text: x}\n- {$for: line in lines, type: text, text: abcdef}", variables)
    (found,) = [one for one in diagnostics(text) if one.severity == "error"]
    entry = len(',{"type":"text","text":"abcdef"}')
    assert found.name == "flex-too-large"
    assert found.message.startswith(f"the bubble takes {99 + most * entry:,} bytes")


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("gift | upper", "PNP501"),
        ("gift ==", "PNP501"),
        ("gft", "PNP502"),
        ("slot.nme == 'a'", "PNP502"),
        ("[]", "PNP522"),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_what_hinges_on_a_condition_that_is_a_mistake_is_not_told_as_well(
    condition: str, code: str, turned: bool
) -> None:
    items = [
        f"- {{itemKey: name_010_ja, content: x, $if: {condition}}}",
        "- {itemKey: name_010_ja, content: y, $if: gift}",
    ]
    text = template("\n".join(reversed(items) if turned else items))
    assert [found[0] for found in told(text)] == [code]


def test_what_is_there_whatever_a_faulty_condition_says_is_told() -> None:
    text = template(
        "- {itemKey: name_010_ja, content: x}\n- {itemKey: name_010_ja, content: y, $if: gift}\n"
        "- {itemKey: name_10_ja, content: z, $if: gift ==}"
    )
    assert [found[0] for found in told(text)] == ["PNP204", "PNP202", "PNP501"]


def test_a_witness_names_what_must_come_together() -> None:
    text = template(
        "- {itemKey: name_010_ja, content: x, $if: gift}\n- {itemKey: name_010_ja, content: y, $if: slot == 'pm'}"
    )
    assert told(text) == [("PNP204", "name_010_ja", "when `slot` is `pm` and `gift` is true")] or told(text) == [
        ("PNP204", "name_010_ja", "when `gift` is true and `slot` is `pm`")
    ]


def test_too_many_items_are_counted_whatever_their_number() -> None:
    for most in (20, 5_000, 10_000):
        text = template(
            "- {itemKey: name_010_ja, content: x}\n- {itemKey: date_002_ja, content: y, $for: line in lines}"
        )
        found = check(Source("a.yaml", text.replace("maxItems: 3", f"maxItems: {most}")), Context(Catalog()), {})
        (many,) = [one for one in found.diagnostics if one.name == "too-many-items"]
        assert many.message == f"{most + 1} items, limit 15"
        assert many.help == f"when `lines` has {most} entries"
        assert many.path == "message.body.items[1]"
        (twice,) = [one for one in found.diagnostics if one.name == "duplicate-item"]
        assert twice.help == "when `lines` has 2 or more entries"


def test_one_entry_at_most_repeats_no_item() -> None:
    text = template("- {itemKey: date_002_ja, content: y, $for: line in lines}").replace("maxItems: 3", "maxItems: 1")
    assert told(text) == []


def test_many_questions_are_tried_where_they_make_the_list_longest() -> None:
    """Half of the objects are there where a question is true, half where another is not: neither all nor none shows it."""
    names = [f"a{index}" for index in range(8)]
    variables = "".join(f"  {name}: {{type: string, maxLength: 3, example: x}}\n" for name in names)
    objects = [f"- {{type: text, text: x, $if: {'not ' * (index % 2)}{name}}}" for index, name in enumerate(names)]
    lines = "".join(f"    {line}\n" for line in objects)
    text = f"pnpc: 1\nname: example\ncountry: JP\nvariables:\n{variables}message:\n  messages:\n{lines}"
    found = [one for one in diagnostics(text) if one.code == "PNP303"]
    assert sorted(one.message for one in found) == ["0 messages, minimum 1", "8 messages, limit 5"]


def test_a_message_that_may_lose_all_its_objects() -> None:
    text = (
        "pnpc: 1\nname: example\ncountry: JP\nvariables:\n"
        + VARIABLES
        + ("message:\n  messages:\n    - {type: text, text: x, $if: gift}\n")
    )
    assert [(code, help) for code, _, help in told(text)] == [("PNP303", "when `gift` is false")]


def test_the_number_of_an_entry_is_known() -> None:
    text = template(
        "- {itemKey: date_002_ja, content: y, $for: line in lines, $if: loop.first}\n"
        "- {itemKey: name_010_ja, content: y, $for: line in lines, $if: loop.last}\n"
        "- {itemKey: time_range_001_ja, content: y, $for: line in lines, $if: loop.index0 == 1}\n"
    )
    assert told(text) == []
    assert told(text.replace("loop.last", "not loop.last")) != []


def test_entries_may_differ() -> None:
    """A carousel whose bubbles take their size from the entry's kind: no uniform list shows both sizes."""
    bubbles = "".join(
        f"          - {{$for: line in lines, $if: line.kind == '{kind}', type: bubble, size: {size}, "
        f"body: {{type: box, layout: vertical, contents: [{{type: text, text: x}}]}}}}\n"
        for kind, size in (("big", "mega"), ("small", "nano"))
    )
    text = (
        "pnpc: 1\nname: example\ncountry: JP\nvariables:\n"
        + VARIABLES.replace("minItems: 0", "minItems: 1")
        + (
            f"message:\n  messages:\n    - type: flex\n      altText: x\n      contents:\n        type: carousel\n        contents:\n{bubbles}"
        )
    )
    found = [one for one in diagnostics(text) if one.code == "PNP324"]
    assert found
    assert all("differ" in (one.help or "") for one in found)


def test_the_other_item_of_a_key_is_another_item() -> None:
    """An item that a loop repeats stands at one place; of two items, each is related to the one above."""
    text = template("- {itemKey: name_010_ja, content: x, $for: line in lines}\n- {itemKey: name_010_ja, content: z}\n")
    found = [one for one in diagnostics(text) if one.code == "PNP204"]
    assert [[other.range.start.line - one.range.start.line for other in one.related] for one in found] == [[], [-1]]


# --- fragments ---

BOX = "type: box\nlayout: vertical\ncontents:\n"


def test_a_mistake_in_a_fragment_is_told_there(tmp_path: Path) -> None:
    (found,) = files(
        tmp_path,
        a=flex("- {type: text, text: x}", footer="{$include: parts/footer.yaml}"),
        parts_footer=f"# shared\n{BOX}  - {{type: text, text: y}}\n  - {{type: text, text: z, sise: xl}}\n",
    )
    assert place(tmp_path, found) == "parts/footer.yaml:6:27 contents[1].sise"
    (related,) = found.related
    assert (os.path.basename(related.file), related.range.start.line) == ("a.yaml", 31)


def test_expressions_in_fragments_see_the_specs_variables_and_loops(tmp_path: Path) -> None:
    found = files(
        tmp_path,
        a=flex("- {$for: line in lines, $include: line.yaml}\n- {$include: line.yaml}"),
        line='type: text\ntext: "{{ slot }} {{ line.name }} {{ slto }}"\n',
    )
    assert {(place(tmp_path, one), one.message) for one in found} == {
        ("line.yaml:2:38 text", "no variable `slto`; did you mean `slot`?"),
        ("line.yaml:2:22 text", "no variable `line`; did you mean `lines`?"),
    }


def test_fragments_include_others_relative_to_themselves(tmp_path: Path) -> None:
    found = files(
        tmp_path,
        a=flex("- {$include: x/one.yaml, $if: gift}"),
        x_one=f"$if: slot == 'am'\n{BOX}  - {{$include: y/two.yaml}}\n",
        x_y_two="$for: line in lines\ntype: box\nlayout: vertical\ncontents: []\nbackground: {$include: ../../end.yaml}\n",
        end="wrong: here\n",
    )
    assert [place(tmp_path, one) for one in found] == ["x/y/two.yaml:5:1 background"]
    assert [os.path.relpath(one.file, tmp_path) for one in found[0].related] == ["x/one.yaml", "a.yaml"]


def test_a_circle_of_fragments(tmp_path: Path) -> None:
    (found,) = files(
        tmp_path,
        a=flex("- {$include: one.yaml}"),
        one=f"{BOX}  - {{$include: two.yaml}}\n",
        two=f"{BOX}  - {{$include: ./one.yaml}}\n",
    )
    assert found.name == "include-cycle"
    assert place(tmp_path, found) == "two.yaml:4:16 contents[0].$include"
    assert (found.help or "").startswith("each file includes the next: ")
    assert (found.help or "").count("one.yaml") == 2


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("nowhere.yaml", "there is no file `nowhere.yaml`"),
        ("fotoer.yaml", "did you mean `footer.yaml`?"),
        ("../outside.yaml", "leads out of the project"),
        ("link.yaml", "leads out of the project"),
        ("folder/inside.yaml", "leads out of the project"),
        ("/etc/hostname", "must be a path relative"),
        ("https://example.com/footer.yaml", "must be a path relative"),
        ("parts", "is not a file"),
        ("pipe.yaml", "is not a file"),
        ("list.yaml", "holds a list"),
        ("empty.yaml", "holds nothing"),
        ("two.yaml", "holds 2 documents"),
        ("spec.yaml", "is a spec of its own"),
        ("a.yaml", "is a spec of its own"),
        ("broken.yaml", "can't be read"),
        ("latin.yaml", "is not UTF-8"),
        ("'{{ slot }}.yaml'", "can't be an expression"),
        ("''", "takes the name of a file"),
    ],
)
def test_a_fragment_that_cant_be_included(tmp_path: Path, path: str, message: str) -> None:
    project = tmp_path / "project"
    (project / "parts").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    for outside in ("outside.yaml", "elsewhere/inside.yaml"):
        (tmp_path / outside).write_text("type: separator\n")
    (project / "link.yaml").symlink_to(tmp_path / "outside.yaml")
    (project / "folder").symlink_to(tmp_path / "elsewhere")
    os.mkfifo(project / "pipe.yaml")
    (project / "latin.yaml").write_bytes(b"type: \xe9\n")
    (found,) = files(
        project,
        a=flex(f"- {{$include: {path}}}"),
        footer="type: separator\n",
        list="- type: separator\n",
        empty="",
        two="type: separator\n---\ntype: separator\n",
        spec="pnpc: 1\n",
        broken="type: [separator\n",
    )
    assert found.name == "bad-include"
    assert message in found.message
    assert place(project, found) == "a.yaml:30:26 message.messages[0].contents.body.contents[0].$include"
    assert [os.path.basename(one.file) for one in found.related] == (["broken.yaml"] if path == "broken.yaml" else [])


def test_members_beside_an_include(tmp_path: Path) -> None:
    (found,) = files(tmp_path, a=flex("- {$include: x.yaml, $if: gift, margin: md}"), x="type: separator\n")
    assert found.name == "beside-include"
    assert place(tmp_path, found).endswith("contents[0].margin")


def test_the_project_is_the_nearest_repository_or_the_specs_folder(tmp_path: Path) -> None:
    spec = tmp_path / "repository" / "specs" / "a.yaml"
    spec.parent.mkdir(parents=True)
    spec.write_text(flex("- {$include: ../shared.yaml}"), encoding="utf-8")
    (tmp_path / "repository" / "shared.yaml").write_text("type: separator\n")

    def errors() -> list[str]:
        result = check_all([InputFile(str(spec), named=True)], Workspace(isolated=True))
        return [one.message for one in result.diagnostics if one.severity == "error"]

    assert errors() == ["`../shared.yaml` leads out of the project"]
    (tmp_path / "repository" / ".git").mkdir()
    assert errors() == []


def test_a_mistake_in_a_shared_fragment_is_told_once(tmp_path: Path, here: Here) -> None:
    for name in ("one", "two"):
        spec = flex("- {$include: shared.yaml}").replace("name: example", f"name: {name}")
        (tmp_path / f"{name}.yaml").write_text(spec, encoding="utf-8")
    (tmp_path / "shared.yaml").write_text("type: text\ntext: x\nsise: xl\n")
    done = here("check", ".", "--format", "json")
    report = json.loads(done.stdout)
    (found,) = [one for one in report["diagnostics"] if one["severity"] == "error"]
    assert (found["file"], found["path"]) == ("shared.yaml", "sise")
    assert [one["file"] for one in found["related"]] == ["one.yaml", "two.yaml"]
    assert report["summary"]["files"] == 2
    shown = here("check", ".").stdout
    assert "3 | sise: xl\n" in shown  # the frame is of the fragment
    assert "one.yaml:30:26: included from here" in shown


def test_fixes_leave_fragments_alone(tmp_path: Path, here: Here) -> None:
    (tmp_path / "a.yaml").write_text(flex("- {type: text, text: yes}\n- {$include: shared.yaml}"), encoding="utf-8")
    (tmp_path / "shared.yaml").write_text("type: text\ntext: no\n")
    here("check", "--fix", "a.yaml")
    assert '{type: text, text: "yes"}' in (tmp_path / "a.yaml").read_text(encoding="utf-8")
    assert (tmp_path / "shared.yaml").read_text() == "type: text\ntext: no\n"


def test_comments_hold_mistakes_of_a_fragment_back(tmp_path: Path) -> None:
    spec = flex("- {$include: x.yaml}\n- {type: text, text: y, sise: xl}")
    held = "type: text\ntext: x\nsise: xl  # pnpc: ignore[unknown-key] on purpose\n"
    assert [os.path.basename(one.file) for one in files(tmp_path, a=spec, x=held)] == ["a.yaml"]
    held = "# pnpc: file-ignore[unknown-key] on purpose\ntype: text\ntext: x\nsise: xl\n"
    assert [os.path.basename(one.file) for one in files(tmp_path, a=spec, x=held)] == ["a.yaml"]
    held = f"# pnpc: file-ignore[unknown-key] on purpose\n{spec}"
    assert [os.path.basename(one.file) for one in files(tmp_path, a=held, x="type: text\ntext: x\nsise: xl\n")] == [
        "x.yaml"
    ]


def test_a_watch_sees_fragments_beside_the_specs(tmp_path: Path) -> None:
    (tmp_path / "pnpc.toml").touch()
    (tmp_path / "specs").mkdir()
    (tmp_path / "specs" / "a.yaml").write_text(flex("- {$include: ../x.yaml}"), encoding="utf-8")
    fragment = tmp_path / "x.yaml"
    fragment.write_text("type: separator\nsise: xl\n")
    first, second, _, _ = watch(
        tmp_path,
        "specs",
        "--select",
        "PNP101",
        change=lambda: fragment.write_text("# mended in part\ntype: separator\ncolour: xl\n"),
    )
    assert first.startswith("x.yaml:2:1: PNP101 ")
    assert second.startswith("x.yaml:3:1: PNP101 ")


def test_directives_in_the_way_of_a_message_are_no_matter_of_taste(tmp_path: Path, here: Here) -> None:
    """Turned off in the config, they stop `compile` all the same: without them another message would be sent."""
    (tmp_path / "a.yaml").write_text(template("- {itemKey: name_010_ja, content: x, $iff: gift}"), encoding="utf-8")
    (tmp_path / "pnpc.toml").write_text('ignore = ["PNP52"]\n')
    assert here("check", "a.yaml").returncode == 0
    done = here("compile", "a.yaml")
    assert (done.returncode, done.stdout) == (1, "")
    assert "a.yaml:" in done.stderr
    assert "PNP521 unknown-directive" in done.stderr


def test_fragments_that_would_grow_without_bound(tmp_path: Path) -> None:
    """Each holds the next one ten times: 10^8 values if they were all put in."""
    more = {f"f{index}": BOX + f"  - {{$include: f{index + 1}.yaml}}\n" * 10 for index in range(8)}
    found = files(tmp_path, a=flex("- {$include: f0.yaml}"), f8="type: separator\n", **more)
    assert {one.name for one in found} == {"input-too-large"}


def test_fragments_that_lead_too_deep(tmp_path: Path) -> None:
    deep = "{type: box, layout: vertical, contents: ["
    chain = {f"f{index}": f"$include: f{index + 1}.yaml\n" for index in range(1_000)}
    (found,) = files(tmp_path, a=flex("- {$include: f0.yaml}"), f1000="type: separator\n", **chain)
    assert found.name == "input-too-large"
    (found,) = files(
        tmp_path,
        a=flex("- {$include: x.yaml}"),
        x=deep * 80 + "{$include: y.yaml}" + "]}" * 80,
        y=deep * 80 + "{type: separator}" + "]}" * 80,
    )
    assert found.name == "input-too-large"


def test_a_spec_of_json_may_include_yaml(tmp_path: Path, here: Here) -> None:
    spec = {
        "pnpc": 1,
        "name": "x",
        "country": "JP",
        "message": {"messages": [{"$include": "x.yaml"}]},
    }
    (tmp_path / "a.json").write_text(json.dumps(spec))
    (tmp_path / "x.yaml").write_text("type: text\ntext: hello\n")
    assert here("check", "a.json").returncode == 0
    assert json.loads(here("compile", "a.json").stdout)["body"] == {"messages": [{"type": "text", "text": "hello"}]}


def test_a_fragment_has_no_place_without_files() -> None:
    assert [found[0] for found in told(flex("- {$include: x.yaml}"))] == ["PNP527"]


# --- reviews ---


def test_an_approval_keeps_what_directives_decide(tmp_path: Path, here: Here) -> None:
    spec = flex("- {type: text, text: x, $if: gift}\n- {$for: line in lines, $include: line.yaml}")
    (tmp_path / "a.yaml").write_text(spec, encoding="utf-8")
    (tmp_path / "line.yaml").write_text("type: text\ntext: '{{ line.name }}'\n")
    assert here("approve", "a.yaml", "--review-id", "UX-1", "--date", "2026-11-21").returncode == 0
    layout = json.loads((tmp_path / "example.approved.json").read_text(encoding="utf-8"))["layout"]
    assert layout[0]["contents"]["body"]["contents"] == [
        {"$if": "gift", "text": "x", "type": "text"},
        {"$for": "line in lines", "text": "{{ line.name }}", "type": "text"},
    ]
    assert "PNP33" not in here("check", "a.yaml").stdout
    (tmp_path / "line.yaml").write_text("type: text\nsize: xl\ntext: '{{ line.name }}'\n")
    assert "line.yaml:2:1: error[PNP337 layout-drift]" in here("check", "a.yaml").stdout
    (tmp_path / "line.yaml").write_text("type: text\ntext: '{{ line.name }}'\n")
    (tmp_path / "a.yaml").write_text(spec.replace("$if: gift", "$if: not gift"), encoding="utf-8")
    assert "a.yaml:30:42: error[PNP337 layout-drift]" in here("check", "a.yaml").stdout


# --- what editors know ---


def test_editors_know_directives_in_specs_and_not_in_request_bodies() -> None:
    from jsonschema import Draft202012Validator

    contents: list[dict[str, Any]] = [
        {"type": "text", "text": "x", "$if": "gift"},
        {"$include": "x.yaml", "$for": "a in b"},
    ]
    bubble = {
        "type": "bubble",
        "body": {"type": "box", "layout": "vertical", "contents": contents},
        "footer": {"$include": "x"},
    }
    message = {
        "messages": [{"type": "flex", "altText": "x", "contents": bubble}, {"type": "text", "text": "x", "$if": "gift"}]
    }
    spec = {"pnpc": 1, "name": "x", "message": message}
    validator = Draft202012Validator(bundle("spec"))
    assert validator.is_valid(spec)
    assert not Draft202012Validator(bundle("message")).is_valid(message)
    contents[1]["$for"] = "a of b"
    assert not validator.is_valid(spec)
    contents[1] = {"$if": "gift"}
    assert not validator.is_valid(spec)


# --- compile ---


def compiled(text: str, rows: list[dict[str, Any]], context: Context | None = None) -> list[Any]:
    """What the spec of a text makes of each row: a payload's body and `moved`, or the bad row."""
    plan = plan_of(text, "a.yaml", context)
    assert plan.diagnostics == ()
    where = Range(Position(1, 1), Position(1, 1))
    made: list[Any] = []
    for index, row in enumerate(rows):
        record = Record("rows", index, {"to": "0f" * 32, **row}, "json", lambda _name: where)
        result = plan.compile(record)
        made.append(result if isinstance(result, BadRow) else result.body)
    return made


ROW: dict[str, Any] = {"gift": True, "slot": "am", "note": "n", "lines": []}


def line(name: str, kind: str = "big", parts: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"name": name, "kind": kind, "parts": list(parts)}


def test_loops_and_conditions_are_filled() -> None:
    text = flex(
        "- {type: text, text: gift, $if: gift}\n"
        "- $for: line in lines\n"
        "  $if: line.kind == 'big'\n"
        "  type: box\n"
        "  layout: vertical\n"
        "  contents:\n"
        "    - {type: text, text: '{{ loop.index }}/{{ line.name }}'}\n"
        "    - {$for: part in line.parts, type: text, text: '{{ part }}{{ loop.index0 }}{{ line.name }}{{ slot }}'}\n"
        "- {type: text, text: 'end {{ note }}'}\n"
    )
    row = {**ROW, "gift": False, "lines": [line("A", parts=("p", "q")), line("B", "small"), line("C")]}
    (body,) = compiled(text, [row])
    contents = body["messages"][0]["contents"]["body"]["contents"]
    assert contents == [
        {"type": "box", "layout": "vertical", "contents": [
            {"type": "text", "text": "1/A"}, {"type": "text", "text": "p0Aam"}, {"type": "text", "text": "q1Aam"},
        ]},
        {"type": "box", "layout": "vertical", "contents": [{"type": "text", "text": "3/C"}]},
        {"type": "text", "text": "end n"},
    ]  # fmt: skip


def test_limits_are_measured_again_on_the_filled_message() -> None:
    """An item that stands twice, and sixteen of them: a row that breaks it is refused, unless the rule is suppressed."""
    text = template("- {itemKey: name_010_ja, content: '{{ line.name }}', $for: line in lines}").replace(
        "maxItems: 3", "maxItems: 16"
    )
    rows = [{**ROW, "lines": [line(str(n)) for n in range(count)]} for count in (1, 2, 16)]
    one, two, many = compiled(text, rows)
    assert one["body"]["items"] == [{"itemKey": "name_010_ja", "content": "0"}]
    assert [(found.name, found.path) for found in two.diagnostics] == [
        ("duplicate-item", "message.body.items[0].itemKey")
    ]
    assert "too-many-items" in [found.name for found in many.diagnostics]
    _, two, many = compiled("# pnpc: file-ignore[duplicate-item] rows have one at most\n" + text, rows)
    assert len(two["body"]["items"]) == 2
    assert {found.name for found in many.diagnostics} == {"too-many-items"}


def test_a_flaw_in_a_loop_names_the_entry() -> None:
    text = flex("- {$for: line in lines, type: text, text: '{{ line.name | date }}'}")
    (bad,) = compiled(text, [{**ROW, "lines": [line("2024-08-10"), line("never")]}])
    (found,) = bad.diagnostics
    assert found.name == "expression-failed"
    assert found.path == "message.messages[0].contents.body.contents[0].text"
    assert found.help == "in entry 2 of `lines`"


def test_a_condition_that_has_no_value() -> None:
    text = flex("- {type: text, text: x, $if: note > 3}\n- {type: text, text: y}")
    (bad,) = compiled(text, [ROW])
    (found,) = bad.diagnostics
    assert (found.name, found.path) == ("expression-failed", "message.messages[0].contents.body.contents[0].$if")


def test_members_with_the_names_of_pythons_methods() -> None:
    variables = (
        "  order:\n    type: object\n    required: [items]\n    properties:\n      items:\n        type: array\n"
        "        maxItems: 3\n        items:\n          type: object\n          required: [values, keys]\n"
        "          properties: {values: {type: string, maxLength: 5}, keys: {type: boolean}}\n"
    )
    text = flex(
        "- {$if: not order.items, type: text, text: none}\n"
        "- {$for: item in order.items, $if: item.keys and not (item.values ~ 'x') == 'x', type: text, text: '{{ item.values }}'}",
        variables,
    )
    assert told(text) == []
    rows = [
        {"order": {"items": some}} for some in ([], [{"values": "A", "keys": False}, {"values": "B", "keys": True}])
    ]
    none, some = [body["messages"][0]["contents"]["body"]["contents"] for body in compiled(text, rows)]
    assert none == [{"type": "text", "text": "none"}]
    assert some == [{"type": "text", "text": "B"}]


@pytest.mark.parametrize(("condition", "there"), [("not " * 240 + "gift", True), ("gift" + " or gift" * 120, True)])
def test_conditions_of_many_parts(condition: str, there: bool) -> None:
    boxes = "{type: box, layout: vertical, contents: ["
    text = flex(f"- {boxes * 90}{{type: text, text: x, $if: '{condition}'}}{']}' * 90}")
    assert told(text) == []
    (body,) = compiled(text, [ROW])
    assert ("text" in json.dumps(body["messages"][0]["contents"])) is there


@pytest.mark.parametrize("condition", ["-" * 400 + "n", "+".join(["n"] * 400)])
def test_a_condition_too_deep_to_be_worked_out(condition: str) -> None:
    """Told in the check, or of each row: in any case told."""
    text = flex(f"- {{type: text, text: x, $if: '{condition}'}}", "  n: {type: integer, example: 1}\n")
    if told(text):
        assert [found[0] for found in told(text)] in (["PNP501"], ["PNP507"])
    else:
        (bad,) = compiled(text, [{"n": 1}])
        assert [found.message for found in bad.diagnostics] == ["an expression too deep to be worked out"]


def test_compile_puts_fragments_in(tmp_path: Path, here: Here) -> None:
    spec = flex("- {$for: line in lines, $include: x/line.yaml}\n- {type: text, text: '{{ slot }}'}")
    (tmp_path / "a.yaml").write_text(spec, encoding="utf-8")
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "line.yaml").write_text("type: text\ntext: '{{ loop.index }} {{ line.name | date }}'\n")
    row = {**ROW, "to": "0f" * 32}
    rows = [{**row, "lines": [line("2024-08-10")]}, {**row, "lines": [line("never")]}]
    table = "".join(json.dumps(one) + "\n" for one in rows)
    (tmp_path / "rows.jsonl").write_text(table, encoding="utf-8")
    done = here("compile", "a.yaml", "--recipients", "rows.jsonl")
    assert done.returncode == 1
    (payload,) = [json.loads(one) for one in done.stdout.splitlines()]
    contents = payload["body"]["messages"][0]["contents"]["body"]["contents"]
    assert [one["text"] for one in contents] == ["1 2024年8月10日", "am"]
    assert "x/line.yaml:2:" in done.stderr
    assert "in entry 1 of `lines`" in done.stderr


# --- declarations ---


@pytest.mark.parametrize("keyword", ["$ref: '#/x'", "$ref: 3", "allOf: [3]", "if: {type: string}"])
def test_keywords_of_the_grammars_own_schemas_are_none_of_a_declaration(keyword: str) -> None:
    variables = f"  z: {{type: string, maxLength: 3, {keyword}}}\n"
    ((code, where, _),) = told(template("- {itemKey: name_010_ja, content: '{{ z }}'}", variables))
    assert (code, where) == ("PNP101", keyword.partition(":")[0])


def test_a_whole_number_may_be_written_with_a_fraction() -> None:
    """To JSON Schema `2.0` is an integer."""
    text = flex(
        "- {$for: line in lines, type: text, text: '{{ line }}'}",
        "  lines: {type: array, maxItems: 2.0, items: {type: string, minLength: 1, maxLength: 3.0}}\n",
    )
    assert told(text) == []
    (body,) = compiled(text, [{"lines": ["A"]}])
    assert body["messages"][0]["contents"]["body"]["contents"] == [{"type": "text", "text": "A"}]
