"""What the proof says of small specs, held against every row that they allow: what fails, how long, and what would help."""

import random
import re
from itertools import product
from typing import Any

import pytest
from specs import diagnostics

from pnpc.check.message import check_notice
from pnpc.language.cases.parts import Loop
from pnpc.language.expressions.expression import FORMATS
from pnpc.language.filling.jinja import CompiledText, RenderError
from pnpc.language.message import notice as notices
from pnpc.language.message.context import Context, demands
from pnpc.language.proof import few_values
from pnpc.language.proof.bounds import ExpressionBounds, bounds_of
from pnpc.language.proof.diagnostics import findings
from pnpc.language.proof.expression_tree import Piece, pieces
from pnpc.language.proof.first_step import is_proved
from pnpc.language.proof.prove import doubts
from pnpc.language.proof.witness import Witness
from pnpc.line.catalog import Catalog
from pnpc.text.nodes import compose
from pnpc.text.source import Source

HEAD = "pnpc: 1\nname: x\ncountry: JP\nvariables:\n{declared}message:\n  templateKey: shipment_completed_ja\n  body:\n    items:\n"
SEED = 20261128

# Declarations, and all values that they allow.
DOMAINS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "truth": ("boolean", (True, False)),
    "word": ("string, enum: [ab, 漢字, '7']", ("ab", "漢字", "7")),
    "digit": ("string, enum: ['12', '3.5']", ("12", "3.5")),
    "small": ("integer, minimum: -1, maximum: 2", (-1, 0, 1, 2)),
    "some": ("integer, enum: [3, 40]", (3, 40)),
    "part": ("number, enum: [0.5, 2]", (0.5, 2)),
    "day": ('string, format: date, enum: ["2026-01-02", "2026-12-31"]', ("2026-01-02", "2026-12-31")),
    "text_day": ('string, enum: ["2026-01-02", soon]', ("2026-01-02", "soon")),
    "pattern": ('string, pattern: "^a?$"', ("", "a")),
    "object": (
        "object, required: [must], properties: {must: {type: string, enum: [x]}, may: {type: integer, enum: [1]}}",
        ({"must": "x"}, {"must": "x", "may": 1}),
    ),
    "list": (
        "array, minItems: 1, maxItems: 2, items: {type: string, enum: [ab]}",
        (["ab"], ["ab", "ab"]),
    ),
}  # fmt: skip
OWN = {
    "truth": ("{}", "not {}"), "word": ("{}", "{} | urlencode", "{} | truncate(2)"), "digit": ("{} | number", "{} | currency", "{}"),
    "small": ("{}", "2 // {}", "-{}", "{} / {}"), "some": ("{}", "{} + 1", "{} % 7"), "part": ("{}", "{} * 3", "{} | number"),
    "day": ("{} | date", "{} | date('short')"), "text_day": ("{} | date", "{}"), "pattern": ("{}", "{} | default('-')", "{} ~ 'z'"),
    "object": ("{}.must", "{}.may", "{}['may']", "{}['must']"), "list": ("{}[0]", "{}[1]", "{}[-1]", "{}[-2]"),
}  # fmt: skip
ANY = ("{}", "{} | default('-')", "{} | urlencode", "{} | truncate(2)", "{} | number", "{} | currency('USD')", "{} | date", "-{}",
       "{}['must']", "{}[0]", "{}[-1]", "{}[0:1]", "{} + 1", "{} ~ 'z'")  # fmt: skip
PAIRS = ("{} ~ {}", "{} + {}", "{} // {}", "{} % {}", "{} or {}", "{} == {}", "{} < {}", "{} >= {}", "{} in {}", "{} not in {}",
         "{} if {} else 'no'", "{} if {}", "({0} if {1}) | default('none')", "{0} if {0} == {1} else 0", "{} and {}")  # fmt: skip


def expression(chance: random.Random, names: list[str]) -> str:
    """An expression over some names that may fail, for some values or for all."""
    used = []
    for _ in range(2):
        name = chance.choice(names)
        used.append(chance.choice(OWN[name] if chance.random() < 0.8 else ANY).format(name, name))
    if chance.random() < 0.5:
        return used[0]
    return chance.choice(PAIRS).format(*(part if part in names else f"({part})" for part in used))


def outcomes(text: str, names: list[str]) -> list[bool]:
    """Whether a text can be filled, for each row."""
    filled = CompiledText(text, "JP")
    made = []
    for values in product(*(DOMAINS[name][1] for name in names)):
        try:
            filled.fill({**dict(zip(names, values, strict=True)), "recipient": {"index": 0, "to": ""}})
            made.append(True)
        except RenderError:
            made.append(False)
    return made


FAILS = {"PNP507", "PNP532", "PNP533"}  # expression-failed, type-not-taken, value-not-taken


@pytest.mark.parametrize("kind", ["text", "condition"])
def test_what_fails_for_a_row_is_told_and_nothing_else(kind: str) -> None:
    """Where an expression fails for a row there is a finding, where it fails for none there is none; an error says that it
    fails for all, or that a part of it always does."""
    chance = random.Random(f"{SEED} {kind}")
    seen = {"fine": 0, "some": 0, "none": 0}
    for _ in range(80):
        names = chance.sample(list(DOMAINS), chance.choice((1, 2, 2)))
        asked = expression(chance, names)
        declared = "".join(f"  {name}: {{type: {DOMAINS[name][0]}}}\n" for name in names)
        text = f"x{{{{ {asked} }}}}y"
        line = f'      - {{itemKey: number_001_ja, content: "{text}"}}\n'
        if kind == "condition":
            text = f"{{{{ 'y' if ({asked}) else 'n' }}}}"
            line = f'      - {{itemKey: number_001_ja, content: x}}\n      - {{itemKey: name_010_ja, content: z, $if: "{asked}"}}\n'
        spec = HEAD.format(declared=declared) + line
        found = diagnostics(spec)
        told = {one.code for one in found} & FAILS
        rows = outcomes(text, names)
        few = not {"object", "list"} & {*names}  # else not every value is tried
        always = not any(f" {word} " in asked for word in ("if", "and", "or"))
        if all(rows):
            seen["fine"] += 1
            assert "PNP507" not in told, spec
            assert "PNP533" not in told or not few, spec
            assert "PNP532" not in told or not always or "~" in asked, spec  # `~` shows a list as nobody wants it
        else:
            seen["some" if any(rows) else "none"] += 1
            assert told or any(one.severity == "error" for one in found), spec
            assert "PNP532" not in told or not any(rows) or not always, spec
    assert min(seen.values()) >= 10, seen


FEW = """\
  b: {type: boolean}
  n: {type: integer, minimum: -1, maximum: 1}
  w: {type: string, enum: ["7", "", 漢]}
  long: {type: string, maxLength: 9}
  o: {type: object, required: [k], properties: {k: {type: string, enum: [x, "1"]}}}
"""
FAIL_WHERE = (
    ("1 // n if b else 0", "the expression fails where `b` is true and `n` is 0"), ("b and 1 // n > 0", "the expression fails where `b` is true and `n` is 0"),
    ("(w | number) if n else 'x'", "the expression fails where `n` is -1 and `w` is empty"), ("(o.k | number) if b else 'x'", "the expression fails where `b` is true and `o.k` is `x`"),
    ("(w | number) if n > 0 else long", "the expression fails where `n` is 1 and `w` is empty"),
)  # fmt: skip


@pytest.mark.parametrize(("asked", "message"), FAIL_WHERE)
def test_values_for_which_a_part_fails_are_named(asked: str, message: str) -> None:
    """Where a part is evaluated for some rows only, and the values that decide about it are few."""
    for line in (f"content: \"{{{{ 'y' if ({asked}) else 'n' }}}}\"", f'content: A, $if: "{asked}"'):
        found = diagnostics(f"{HEAD.format(declared=FEW)}      - {{itemKey: number_001_ja, {line}}}\n")
        assert [(one.code, one.message) for one in found if one.code in FAILS] == [("PNP533", message)]


@pytest.mark.parametrize(
    "asked",
    [
        "1 // n if n else 0",
        "1 // n if b and n else 0",
        "(w | number) if w == '7' else 0",
        "(long | number) if b else 'x'",
    ],
)
def test_a_part_that_may_be_kept_from_what_fails_is_not_told(asked: str) -> None:
    for line in (f"content: \"{{{{ 'y' if ({asked}) else 'n' }}}}\"", f'content: A, $if: "{asked}"'):
        found = diagnostics(f"{HEAD.format(declared=FEW)}      - {{itemKey: number_001_ja, {line}}}\n")
        assert [one.code for one in found if one.code in FAILS] == []


def test_a_round_of_a_loop_for_which_a_part_fails_is_named() -> None:
    declared = "  b: {type: boolean}\n  lines: {type: array, maxItems: 3, items: {type: string, maxLength: 3}}\n"
    line = (
        '      - {itemKey: number_001_ja, content: "{{ 1 // (loop.index - 2) if b else line }}", $for: line in lines}\n'
    )
    found = diagnostics(HEAD.format(declared=declared) + line)
    assert [one.message for one in found if one.code == "PNP533"] == [
        "the expression fails where `b` is true and `loop.index` is 2"
    ]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ("o[-1]", "`o` has no `-1`; it has kind"), ("o[7]", "`o` has no `7`; it has kind"), ("o['b']", "`o` has no `b`; it has kind"),
        ("o[0:1]", "`o` is a mapping, which has no entries"), ("n[0:1]", "`n` is a number, which has no entries"),
        ("n[s]", "`n` is a number, which has no entries"), ("(n + 1)[0]", "this value is a number, which has no entries"),
    ],
)  # fmt: skip
def test_what_has_no_such_entry_is_told(asked: str, message: str) -> None:
    declared = "  o: {type: object, properties: {kind: {type: string, maxLength: 3}}}\n  n: {type: integer, minimum: 0, maximum: 3}\n  s: {type: string, maxLength: 1}\n"
    spec = HEAD.format(declared=declared) + f'      - {{itemKey: number_001_ja, content: "{{{{ {asked} }}}}"}}\n'
    assert [one.message for one in diagnostics(spec) if one.code == "PNP532"] == [message]


@pytest.mark.parametrize("asked", ["o[s]", "l[s]", "l[0:9]", "s[0:1]", "o['a']", "u[0:1]", "u['x']", "u[-1]"])
def test_what_may_have_an_entry_is_no_error(asked: str) -> None:
    declared = "  o: {type: object, properties: {a: {type: string, maxLength: 3}}}\n  l: {type: array, items: {type: string, maxLength: 3}, maxItems: 3}\n  s: {type: string, maxLength: 1}\n  u: {type: array}\n"
    spec = (
        HEAD.format(declared=declared)
        + f"      - {{itemKey: number_001_ja, content: \"{{{{ ({asked}) | default('-') | truncate(9) }}}}\"}}\n"
    )
    assert [one.message for one in diagnostics(spec) if one.code == "PNP532"] == []


ITEM = "shipment_completed_ja\n  body:\n    items:\n      - {{itemKey: number_001_ja, content: '{}'}}\n"  # 300 UTF-16 units
EMPHASIZED = "shipment_completed_ja\n  body:\n    emphasizedItem: {{itemKey: date_002_ja, content: '{}'}}\n"  # 15
# Texts that are too long: the declaration of `a`, the text, the place.
LONG = (
    ("{type: string, maxLength: 40}", "{{ a }}", EMPHASIZED), ("{type: string, maxLength: 40}", "No. {{ a }}", EMPHASIZED),
    ("{type: string, maxLength: 400, pattern: '^[A-Z]+$'}", "abc {{ a }}", EMPHASIZED),
    ("{type: string, maxLength: 400, pattern: '^[あ-ん]+$'}", "{{ a }}様", ITEM), ("{type: string, maxLength: 200}", "{{ a }}", ITEM),
    ("{type: string}", "12345{{ a }}", EMPHASIZED), ("{type: string, pattern: '^[0-9]{20}$'}", "{{ a }}", EMPHASIZED),
    ("{type: string, maxLength: 90}", "{{ a | urlencode }}", ITEM), ("{type: string, format: date}", "{{ a | date('full') }}に着く予定です", EMPHASIZED),
    ("{type: string, format: time}", "{{ a | time('full') }}、", EMPHASIZED), ("{type: string, enum: [一二三四五六七八九十一二三四五六, あ]}", "{{ a }}", EMPHASIZED),
)  # fmt: skip


def with_length(declared: str, text: str, place: str) -> list[tuple[str, str]]:
    """What is said of the length of a text, with the help."""
    spec = f"pnpc: 1\nname: x\ncountry: JP\nvariables:\n  a: {declared}\nmessage:\n  templateKey: " + place.format(
        text.replace("'", "''")
    )
    found = diagnostics(spec)
    return [(one.code, one.help or "") for one in found if one.code in ("PNP530", "PNP531", "PNP532")]


@pytest.mark.parametrize(("declared", "text", "place"), LONG)
def test_advice_helps_and_allows_as_much_as_fits(declared: str, text: str, place: str) -> None:
    ((code, help),) = with_length(declared, text, place)
    assert code in ("PNP530", "PNP531")
    tried = 0
    for length in re.findall(r"truncate\((\d+)\)", help):
        filters = (
            f"truncate({int(length) + more}) | urlencode" if "urlencode" in text else f"truncate({int(length) + more})"
            for more in (0, 1)
        )
        fits, one_more = (
            with_length(declared, re.sub(r"a( \| urlencode)? }}", f"a | {filter} }}}}", text), place)
            for filter in filters
        )
        assert fits == []
        assert [code for code, _ in one_more] == ["PNP530"] or "urlencode" in text  # counted by its longest character
        tried += 1
    for length in re.findall(r"maxLength: (\d+)", help):
        bare = re.sub(r", maxLength: \d+", "", declared)
        fits, one_more = (
            with_length(bare.replace("}", f", maxLength: {int(length) + more}}}", 1), text, place) for more in (0, 1)
        )
        assert fits == []
        assert [code for code, _ in one_more] == ["PNP530"]
        tried += 1
    for name in ("date", "time"):
        if f"what fits: `{name}" in help:
            for form in FORMATS[name]:
                fits = with_length(declared, re.sub(r"\('full'\)", f"('{form}')", text), place)
                assert (fits == []) == (f"`{name}('{form}')`" in help)
            tried += 1
    assert tried or "`pattern`" in help or not help


SHOWN: tuple[tuple[dict[str, Any], str], ...] = (
    ({"a": "午前 中"}, "`a` `午前 中`"), ({"a": "x" * 12 + "y" * 8}, "`a` `" + "x" * 12 + "y" * 8 + "`"), ({"a": "x" * 12 + "y" * 9}, "`a` of 21 characters"),
    ({"a": "xxx"}, "`a` of 3 characters"), ({"a": "x"}, "`a` of 1 character"), ({"a": ""}, "`a` of 0 characters"),
    ({"a": "あ"}, "`a` of 1 character like あ"), ({"a": "あああ"}, "`a` of 3 characters like あ"), ({"a": True}, "`a` true"),
    ({"a": False, "b": 7}, "`a` false and `b` 7"), ({"a": 0.5, "b": -1, "c": None}, "`a` 0.5, `b` -1 and `c` None"),
    ({"a": [1, 2]}, "`a` of 2 entries"), ({"a": {"b": "xx", "c": 3}}, "`a` with `b` of 2 characters, with `c` 3"), ({}, ""),
)  # fmt: skip


@pytest.mark.parametrize(("values", "words"), SHOWN)
def test_the_values_of_an_example_in_words(values: dict[str, Any], words: str) -> None:
    assert str(Witness(values, "", 0).shown()) == words


BOTH = "{type: string, minLength: 0, maxLength: 40}"
TAGGED = "pnpc: 1\nname: x\ncountry: JP\nvariables:\n  a: {}\n  b: {}\nmessage:\n  templateKey: shipment_completed_ja\ndeliveryTag: 'tag-{{{{ a }}}}{{{{ b }}}}'\n"


def test_of_two_variables_both_are_named_and_of_two_faults_both_are_told() -> None:
    """A tag has 16 to 100 characters of ASCII."""
    found = diagnostics(
        TAGGED.format("{type: string, pattern: '^[A-Z]{1,60}$'}", "{type: string, pattern: '^[a-z]{2,50}$'}")
    )
    said = {one.code: one for one in found}
    assert (
        said["PNP530"].message
        == "`a` of 60 characters and `b` of 50 characters make `deliveryTag` 114 UTF-16 units long (limit 100)"
    )
    assert (
        said["PNP534"].message
        == "`a` of 1 character and `b` of 2 characters make `deliveryTag` 7 characters long (at least 16)"
    )
    assert said["PNP534"].help is None
    assert [related.message for related in said["PNP530"].related] == ["declared here", "declared here"]
    one = diagnostics(TAGGED.format("{type: string, const: A}", "{type: string, const: ''}"))
    assert "`a` of 1 character and `b` of 0 characters make `deliveryTag` 5 characters long (at least 16)" in [
        other.message for other in one
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{{ 'x' * 400 }}", None), ("{{ '123456789' ~ '1234567' }}", "`content` becomes 16 UTF-16 units long (limit 15)"),
        ("{{ '' }}", "`content` is empty"), ("{{ a[0:0] }}", "`a` of 1 character like あ makes `content` empty"),
    ],
)  # fmt: skip
def test_a_text_that_needs_no_data(content: str, message: str | None) -> None:
    spec = "pnpc: 1\nname: x\ncountry: JP\nvariables:\n  a: {type: string, maxLength: 3}\nmessage:\n  templateKey: "
    found = diagnostics(spec + EMPHASIZED.format(content.replace("'", "''")))
    assert [one.message for one in found if one.code in ("PNP530", "PNP534")] == ([message] if message else [])


# Texts of a fallback that may take more parts than they may: the declaration of `v`, the text, the parts, and what helps.
PARTS = (
    ("{type: string, maxLength: 100}", "{{ v }}", 1, "maxLength truncate parts"), ("{type: string, maxLength: 100}", "ok {{ v }}", 2, "maxLength truncate parts"),
    ("{type: string, pattern: '^[A-Z]{1,200}$'}", "{{ v }}", 1, "pattern parts"), ("{type: string, pattern: '^[A-Z]{1,200}$', maxLength: 200}", "No. {{ v }}", 1, "maxLength parts"),
    ("{type: string, maxLength: 100}", "午前{{ v }}", 1, "maxLength truncate parts"), ("{type: integer, minimum: 0, maximum: 99999}", "x" * 159 + "{{ v }}", 1, "range parts"),
    ("{type: string, maxLength: 900}", "{{ v }}", 9, "maxLength truncate parts"), ("{type: string, format: date}", "あ" * 66 + "{{ v | date('full') }}", 1, "parts"),
    ("{type: string, maxLength: 50}", "{{ v | urlencode }}", 1, "truncate parts"), ("{type: string, maxLength: 9}", "あ" * 75 + "{{ v }}", 1, "parts"),
)  # fmt: skip


def in_parts(declared: str, sms: str, parts: int) -> list[tuple[str, str]]:
    """What is said of the length of a fallback, with the help."""
    spec = f"pnpc: 1\nname: x\ncountry: JP\nvariables:\n  v: {declared}\nmessage:\n  templateKey: shipment_completed_ja\nfallback:\n  sms: '{sms.replace(chr(39), chr(39) * 2)}'\n  parts: {parts}\n"
    return [
        (one.code, one.help or "") for one in diagnostics(spec) if one.code in ("PNP530", "PNP531", "PNP532", "PNP540")
    ]


@pytest.mark.parametrize(("declared", "sms", "parts", "helps"), PARTS)
def test_advice_for_a_fallback_helps(declared: str, sms: str, parts: int, helps: str) -> None:
    ((code, help),) = in_parts(declared, sms, parts)
    assert code == "PNP540"
    assert [word for word in ("maxLength", "pattern", "range", "truncate", "parts") if word in help] == helps.split()
    for length in re.findall(r"truncate\((\d+)\)", help):
        cut = [sms.replace("{{ v", f"{{{{ v | truncate({int(length) + more})") for more in (0, 1)]
        assert in_parts(declared, cut[0], parts) == []
        assert in_parts(declared, cut[1], parts) or "urlencode" in sms  # counted by its longest character
    for length in re.findall(r"maxLength: (\d+)", help):
        shorter = [re.sub(r"maxLength: \d+", f"maxLength: {int(length) + more}", declared) for more in (0, 1)]
        assert in_parts(shorter[0], sms, parts) == []
        assert in_parts(shorter[1], sms, parts)
    (more,) = re.findall(r"`parts: (\d+)`", help)
    assert in_parts(declared, sms, int(more)) == []
    assert in_parts(declared, sms, int(more) - 1)


@pytest.mark.parametrize(
    ("sms", "help"),
    [
        ("{{ v }}", "declare `maxLength` for `v`, or pipe it through `truncate(70)`"),
        ("あ{{ v }}", "declare `maxLength` for `v`, or pipe it through `truncate(69)`"),
        ("x" * 153 + "{{ v }}", "declare `maxLength` for `v`"),
    ],
)
def test_a_fallback_without_a_bound(sms: str, help: str) -> None:
    assert in_parts("{type: string}", sms, 1) == [("PNP531", help)]


@pytest.mark.parametrize(("expressions", "code"), [(200, "PNP530"), (201, "PNP531")])
def test_of_a_text_with_very_many_expressions_no_example_is_looked_for(expressions: int, code: str) -> None:
    found = with_length("{type: string, maxLength: 2}", "{{ a }}" * expressions, ITEM)
    assert [code for code, _ in found] == [code]


@pytest.mark.parametrize(
    ("declared", "parts", "message"),
    [
        ("{type: string}", 1, "`sms` has no bound, because `v` has no `maxLength` (limit 1 SMS part)"),
        ("{type: string}", 2, "`sms` has no bound, because `v` has no `maxLength` (limit 2 SMS parts)"),
        ("{type: string, maxLength: 100}", 1, "`v` of 100 characters like 😀 makes `sms` 4 SMS parts long (limit 1)"),
    ],
)
def test_parts_of_a_fallback_in_words(declared: str, parts: int, message: str) -> None:
    spec = f"pnpc: 1\nname: x\ncountry: JP\nvariables:\n  v: {declared}\nmessage:\n  templateKey: shipment_completed_ja\nfallback:\n  sms: '{{{{ v }}}}'\n  parts: {parts}\n"
    assert [one.message for one in diagnostics(spec) if one.code in ("PNP531", "PNP540")] == [message]


def bounds(text: str, names: dict[str, Any]) -> ExpressionBounds:
    (piece,) = pieces(text)
    assert isinstance(piece, Piece)
    return bounds_of(piece, names, "JP", as_boolean=False)


def test_a_slice_is_as_long_as_it_is_written() -> None:
    names = {"a": {"type": "string", "minLength": 5, "maxLength": 5}}
    for start, stop in product(("", *range(-3, 7)), repeat=2):
        extent = bounds(f"{{{{ a[{start}:{stop}] }}}}", names).extent
        longest = len("あいうえお"[start or None : stop or None if stop != 0 else 0])  # type: ignore[misc]
        assert extent.points >= longest
        if stop != "" and (start or 0) >= 0 and 0 <= stop <= 5:
            assert extent.points == longest, (start, stop)
    assert bounds("{{ a[1:4:2] }}", names).extent.points == 5


@pytest.mark.parametrize("most", [1, 2, 3, 5])
def test_every_round_of_a_loop_is_tried(most: int) -> None:
    names = {"loop": Loop("line", ("lines",), ("lines",), {}, 0, most, None, None).names["loop"]}  # type: ignore[arg-type]
    found = few_values.sources(pieces("{{ loop.first }}{{ loop.index }}"), (), names)
    tried = [data["loop"] for data in few_values.cases(found, 9) if data is not None]
    rounds = [
        {"index0": turn, "index": turn + 1, "first": turn == 0, "last": turn == total - 1}
        for total in range(1, most + 1) for turn in range(total)
    ]  # fmt: skip
    assert tried == rounds


@pytest.mark.parametrize(
    ("schema", "text", "least"),
    [
        ({"minLength": 0, "maxLength": 9}, "{{ a | default('なし') }}", 1), ({"minLength": 2, "maxLength": 9}, "{{ a | default('') }}", 2),
        ({"minLength": 0, "maxLength": 9}, "{{ a | default('') }}", 0), ({"enum": ["", "abc"]}, "{{ a | default('no') }}", 2), ({"const": ""}, "{{ a | default('none') }}", 4),
        ({"enum": ["ab", "abc"]}, "{{ a | default('') }}", 2), ({"maxLength": 9}, "{{ a | default('x') }}", 1),
    ],
)  # fmt: skip
def test_how_short_a_default_can_be(schema: dict[str, Any], text: str, least: int) -> None:
    assert bounds(text, {"a": {"type": "string", **schema}}).extent.least == least


@pytest.mark.parametrize(
    "tag",
    [
        "order-{{ recipient.index }}-0123456789",
        "{{ recipient.to }}",
        "{{ a }}-0123456789012345",
        "{{ a | truncate(9) }}-0123456789012345",
    ],
)
def test_a_usual_tag_is_proved_by_the_first_step(tag: str) -> None:
    """Without the modules of the whole proof."""
    spec = f"pnpc: 1\nname: x\ncountry: JP\nvariables:\n  a: {{type: string, maxLength: 9}}\nmessage:\n  templateKey: shipment_completed_ja\ndeliveryTag: '{tag}'\n"
    (document,) = compose(Source("x.yaml", spec))
    notice, context = notices.read(document), Context(Catalog())
    list(check_notice(notice, context))  # which notes what the grammar demands of each text
    assert is_proved(notice, context.once(notice, demands), context)


@pytest.mark.parametrize(
    ("least", "rules"),
    [
        (None, ["may-be-too-long"]),
        (0, ["may-be-too-long"]),
        (1, ["may-be-too-long", "may-be-too-short"]),
        (2, ["may-be-too-long", "may-be-too-short"]),
    ],
)
def test_a_text_may_be_empty_unless_it_must_not(least: int | None, rules: list[str]) -> None:
    spec = "pnpc: 1\nname: x\ncountry: JP\nvariables:\n  a: {type: string, minLength: 0, maxLength: 9}\nmessage:\n  templateKey: "
    (document,) = compose(Source("x.yaml", spec + ITEM.format("{{ a }}")))
    notice, context = notices.read(document), Context(Catalog())
    list(check_notice(notice, context))  # which notes what the grammar demands of each text
    (demand,) = context.once(notice, demands)
    schema = {"type": "string", "maxLength": 8, **({} if least is None else {"minLength": least})}
    context = Context(Catalog())
    context.know(notice, demands, [demand._replace(schema=schema)])
    assert [finding.rule for finding in findings(doubts(notice, context), notice, "JP")] == rules
