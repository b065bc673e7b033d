"""The text for another channel: its parts counted and proved, the same on both ways, beside the request and never in it."""

import json
from pathlib import Path
from typing import Any

import pushes
import pytest
import specs
from conftest import Here, tries
from hypothesis import example, given, settings
from hypothesis import strategies as st

import pnpc
from pnpc.compile.formats import jsonl
from pnpc.compile.plan import BadRow
from pnpc.compile.tables.recipients import Record
from pnpc.compile.targets import Payload
from pnpc.deliver.sending.message import check, read, request
from pnpc.line import sms
from pnpc.text.finding import Range
from pnpc.text.source import Position

SPEC = """\
pnpc: 1
name: shipment
country: JP
variables:
  order_id: {type: string, pattern: "^[A-Z0-9]{8,20}$", example: A1B2C3D4}
  goods: {type: string, maxLength: 30, example: スープ}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: number_001_ja, content: "{{ order_id }}"}
deliveryTag: "shipment-{{ order_id }}"
"""
FALLBACK = """\
fallback:
  sms: "ご注文 {{ order_id }}「{{ goods | truncate(20) }}」を発送しました。"
"""
# 3GPP TS 23.038, 6.2.1 and 6.2.1.1, a column at a time as the tables there have them, without the escape itself.
BASIC = "@Δ 0¡P¿p£_!1AQaq$Φ\"2BRbr¥Γ#3CScsèΛ¤4DTdtéΩ%5EUeuùΠ&6FVfvìΨ'7GWgwòΣ(8HXhxÇΘ)9IYiy\nΞ*:JZjzØ+;KÄkäøÆ,<LÖlö\ræ-=MÑmñÅß.>NÜnüåÉ/?O§oà"
EXTENDED = "|^€{}[~]\\\f"
LETTERS = st.sampled_from(["a", "Z", "5", " ", "\n", "[", "€", "~", "é", "Δ", "`", "’", "…", "あ", "½", "😀", "👨‍👩‍👧"])
TEXTS = st.lists(st.tuples(LETTERS, st.integers(1, 160)), max_size=6).map(
    lambda runs: "".join(letter * count for letter, count in runs)
)


def counted(text: str) -> int:
    """The parts, filled one character after the other."""
    narrow = all(letter in BASIC or letter in EXTENDED for letter in text)
    places = [(2 if letter in EXTENDED else 1) if narrow else len(letter.encode("utf-16-le")) // 2 for letter in text]
    if sum(places) <= (160 if narrow else 70):
        return 1
    parts, left = 0, 0
    for place in places:
        if place > left:
            parts, left = parts + 1, 153 if narrow else 67
        left -= place
    return parts


def test_the_alphabet_is_that_of_the_standard() -> None:
    assert set(BASIC) | set(EXTENDED) == sms.alphabet().characters
    assert set(EXTENDED) == sms.alphabet().extension
    assert len(BASIC) == 127


@given(TEXTS)
@example("[" * 80)
@example("[" * 81)
@example("a" * 152 + "[" * 5)
@example("あ" * 66 + "😀" + "あ" * 66)
@example("😀" * 66)
@example("😀" * 67)
def test_parts_are_counted_as_they_are_filled(text: str) -> None:
    assert sms.parts(text) == counted(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("あ" * 70, 1), ("あ" * 71, 2), ("あ" * 135, 3)]
    + [("€" * 80, 1), ("€" * 81, 2), ("😀" * 35, 1), ("😀" * 36, 2), ("a" * 159 + "`", 3), ("", 1)],
)
def test_parts_at_the_limits(text: str, parts: int) -> None:
    assert sms.parts(text) == parts


# --- what check says of it ---


def spec(sms_: str, parts: int | None = None, **variables: Any) -> str:
    """A spec with a fallback, as JSON."""
    fallback = {"sms": sms_} if parts is None else {"sms": sms_, "parts": parts}
    return json.dumps(
        {
            "pnpc": 1,
            "name": "any",
            "country": "JP",
            "variables": variables,
            "message": {"templateKey": "shipment_completed_ja"},
            "fallback": fallback,
        },
        ensure_ascii=False,
    )


def text_of(**more: Any) -> dict[str, Any]:
    return {"type": "string", **more}


def codes(text: str) -> list[str]:
    return [code for code in specs.codes(text, "x.json") if code != "PNP503"]


def test_the_rules_about_expressions_look_at_it() -> None:
    text = SPEC + 'fallback:\n  sms: "{{ nobody }} {order_id} {{ goods | upper }}"\n'
    assert specs.marked(text) == [("PNP502", "nobody"), ("PNP508", "{order_id}"), ("PNP501", "upper")]
    text = SPEC + 'fallback:\n  sms: "{{ goods + 1 }} {{ order_id | date }}"\n'
    assert specs.marked(text) == [("PNP532", "{{ goods + 1 }}"), ("PNP533", "{{ order_id | date }}")]


def test_a_text_alone_uses_a_variable() -> None:
    assert codes(spec("{{ a }}", a=text_of(maxLength=9))) == []


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("", "PNP103"),
        ('  sms: ""', "PNP106"),
        ('  sms: "   "', "PNP105"),
        ("  sms: [x]", "PNP103"),
        ("  parts: 2", "PNP102"),
        ("  sms: x\n  parts: 0", "PNP106"),
        ("  sms: x\n  parts: 256", "PNP106"),
        ("  sms: x\n  parts: two", "PNP103"),
        ('  sms: x\n  parts: "{{ goods }}"', "PNP103"),
        ("  sms: x\n  text: y", "PNP101"),
        ("  - sms: x", "PNP103"),
        ("  $if: goods\n  sms: x", "PNP101"),
    ],
)
def test_its_shape(written: str, code: str) -> None:
    said = [found for found in specs.codes(SPEC + f"fallback:\n{written}\n") if found != "PNP503"]
    assert said == [code]


PROVED = [
    # at the limits, in both alphabets; a variable of free characters may hold emoji
    ("あ" * 40 + "{{ a }}", 1, {"a": text_of(maxLength=15)}, []),
    ("あ" * 40 + "{{ a }}", 1, {"a": text_of(maxLength=16)}, ["PNP540"]),
    ("あ" * 40 + "{{ a }}", 2, {"a": text_of(maxLength=46)}, []),
    ("x" * 100 + "{{ a }}", 1, {"a": text_of(pattern="^[A-Za-z0-9 .-]{0,60}$")}, []),
    ("x" * 100 + "{{ a }}", 1, {"a": text_of(pattern="^[A-Za-z0-9 .-]{0,61}$")}, ["PNP540"]),
    ("x" * 100 + "{{ a }}", 1, {"a": text_of(pattern="^[a\\[]{0,30}$")}, []),
    # no example is tried with just these signs: it may be too long
    ("x" * 100 + "{{ a }}", 1, {"a": text_of(pattern="^[a\\[]{0,31}$")}, ["PNP531"]),
    ("x" * 100 + "{{ a }}", 1, {"a": text_of(pattern="^[a-z`]{0,20}$")}, ["PNP531"]),
    ("x" * 100 + "{{ a }}", 1, {"a": text_of(enum=["é" * 60, "€" * 30])}, []),
    ("x" * 100 + "{{ a }}", 1, {"a": text_of(enum=["é" * 60, "€" * 31])}, ["PNP540"]),
    ("x" * 150 + "{{ a }}", 1, {"a": {"type": "integer", "minimum": 0, "maximum": 9999999999}}, []),
    ("x" * 150 + "{{ a | number }}", 1, {"a": {"type": "integer", "minimum": 0, "maximum": 9999999999}}, ["PNP540"]),
    ("x" * 150 + "{{ a }}", 1, {"a": text_of(format="date")}, []),
    ("x" * 80 + "{{ a | date }}", 1, {"a": text_of(format="date")}, ["PNP540"]),
    ("x" * 60 + "{{ a | urlencode }}", 1, {"a": text_of(maxLength=4)}, []),
    ("x" * 125 + "{{ a | urlencode }}", 1, {"a": text_of(maxLength=4)}, ["PNP540"]),
    ("x" * 60 + "{{ a }}", 1, {"a": text_of()}, ["PNP531"]),
    ("x" * 60 + "{{ a | truncate(10) }}", 1, {"a": text_of()}, []),
]


@pytest.mark.parametrize(("text", "parts", "variables", "expected"), PROVED)
def test_its_parts_are_proved(text: str, parts: int, variables: dict[str, Any], expected: list[str]) -> None:
    assert codes(spec(text, parts, **variables)) == expected


VALUES = [
    (text_of(maxLength=40), st.text(st.sampled_from("aé[`あ😀"), min_size=1, max_size=40)),
    (text_of(pattern="^[a-z~-]{0,90}$"), st.text(st.sampled_from("az~-"), max_size=90)),
    (text_of(pattern="^[0-9 ()+.,]{1,50}$"), st.text(st.sampled_from("09 ()+.,"), min_size=1, max_size=50)),
    (text_of(enum=["a" * 30, "[" * 30, "あ"]), st.sampled_from(["a" * 30, "[" * 30, "あ"])),
]


@given(st.data())
@settings(max_examples=tries(40))
def test_what_is_proved_holds_and_what_is_shown_is_so(data: Any) -> None:
    """No allowed value breaks a limit that was proved, and a witness breaks it."""
    chosen = data.draw(st.lists(st.sampled_from(VALUES), min_size=1, max_size=3))
    names = [f"v{number}" for number in range(len(chosen))]
    literal = data.draw(st.sampled_from(["", "a" * 50, "あ" * 20, "[" * 9]))
    text = literal + "-".join(f"{{{{ {name} }}}}" for name in names)
    parts = data.draw(st.integers(1, 5))
    declared = {name: schema for name, (schema, _) in zip(names, chosen, strict=True)}
    said = codes(spec(text, parts, **declared))
    plan = specs.plan_of(spec(text, 255, **declared), "x.json")
    row = {name: data.draw(values) for name, (_, values) in zip(names, chosen, strict=True)}
    filled = literal + "-".join(row.values())
    if not said:
        assert sms.parts(filled) <= parts
    where = Range(Position(1, 1), Position(1, 1))
    made = plan.compile(Record("r", 0, {**row, "to": "0" * 64}, "json", lambda _: where))
    assert isinstance(made, BadRow) or made.fallback == {"sms": filled}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("We’ll be there. " + "x" * 60, ["PNP541"]),
        ("We’ll be there. " + "x" * 50, []),
        ("“We” will be there. " + "x" * 60, ["PNP541"]),
        ("“We”ll be there… " + "x" * 60, []),  # three of them: the text may be meant so
        ("発送 " + "x" * 70, ["PNP541"]),
        ("発送しました " + "x" * 70, []),
        ("€" * 80, []),
        ("あ" * 90 + "x" * 80, []),  # one letter, but most of the text
    ],
)
def test_a_character_that_costs_a_part_is_named(text: str, said: list[str]) -> None:
    assert codes(spec(text, 9)) == said


def test_a_character_that_an_example_brings_is_named() -> None:
    long = "x" * 60
    (found,) = specs.diagnostics(
        spec(long + "{{ a }}", 9, a=text_of(maxLength=40, example="it’s 100% wool, red")), "x.json"
    )
    assert (found.code, found.severity) == ("PNP541", "warning")
    assert "`’` (U+2019 RIGHT SINGLE QUOTATION MARK)" in found.message
    assert found.message.endswith("the SMS takes 2 parts instead of 1")
    assert found.help == "write `'` for `’`"


# --- what compile writes ---


def lines(compiled: Any) -> list[dict[str, Any]]:
    return [json.loads(next(jsonl([made]))) for made in compiled]


ROW = {"phone": "+818000001234", "order_id": "A1B2C3D4", "goods": 'スー"プ'}


def test_a_payload_has_it_beside_the_request() -> None:
    """Between the body and the origin; nothing else of the line is another."""
    (plain,), (made,) = (lines(pnpc.compile_text(text, recipients=[ROW])) for text in (SPEC, SPEC + FALLBACK))
    assert made.pop("fallback") == {"sms": 'ご注文 A1B2C3D4「スー"プ」を発送しました。'}
    assert made == plain
    assert list(plain) == ["id", "target", "method", "url", "headers", "body", "origin"]


def test_the_flexible_kind_and_directives_have_one_too() -> None:
    flexible = SPEC[: SPEC.index("message:")] + 'message:\n  messages:\n    - {type: text, text: "発送"}\n' + FALLBACK
    directed = SPEC.replace("{itemKey", "{$if: \"goods == 'x'\", itemKey") + FALLBACK
    for text in (flexible, directed):
        (made,) = lines(pnpc.compile_text(text, recipients=[ROW]))
        assert made["fallback"] == {"sms": 'ご注文 A1B2C3D4「スー"プ」を発送しました。'}


def test_a_flexible_message_of_fixed_texts_keeps_the_fast_way() -> None:
    flexible = SPEC[: SPEC.index("message:")] + 'message:\n  messages:\n    - {type: text, text: "発送"}\n' + FALLBACK
    plan = specs.plan_of(flexible)
    fast = plan.fast().rows(("phone", "order_id", "goods"), "r.csv")
    assert fast is not None
    where = Range(Position(2, 1), Position(2, 1))
    slow = plan.compile(Record("r.csv", 0, ROW, "text", lambda _: where))
    assert isinstance(slow, Payload)
    made = fast(list(ROW.values()), 0, 2)
    assert made is not None
    assert made[1] == next(jsonl([slow])).encode()


COSTLY = (
    SPEC
    + """\
fallback:
  sms: "{{ goods }} with the number {{ order_id }} is on its way to you. Thank you for your order!"  # pnpc: ignore[PNP540] rows are counted
"""
)


def test_rows_that_take_more_are_refused_and_costly_ones_counted(tmp_path: Path, here: Here) -> None:
    (tmp_path / "s.yaml").write_text(COSTLY, encoding="utf-8")
    rows = [("A1B2C3D4", "soup"), ("A1B2C3D5", "スープセット"), ("A1B2C3D6", "it’s")]
    table = "phone,order_id,goods\n" + "".join(f"+81800000123{n},{a},{b}\n" for n, (a, b) in enumerate(rows))
    (tmp_path / "r.csv").write_text(table, encoding="utf-8")
    done = here("compile", "s.yaml", "--recipients", "r.csv")
    assert done.returncode == 0  # the spec says that this rule is not wanted
    (tmp_path / "s.yaml").write_text(COSTLY.partition("  # pnpc")[0] + "\n", encoding="utf-8")
    (tmp_path / "pnpc.toml").write_text('[severity]\nfallback-too-long = "warning"\n', encoding="utf-8")
    done = here("compile", "s.yaml", "--recipients", "r.csv", "-o", "out.jsonl")
    told = [line for line in done.stderr.splitlines() if line.startswith("warning: PNP54")]
    assert done.returncode == 0
    assert [line[:38] for line in told] == [
        "warning: PNP540 in 2 rows, first r.csv",
        "warning: PNP541 in 1 row, first r.csv:",
    ]
    plan = specs.plan_of(COSTLY.partition("  # pnpc")[0] + "\n")
    where = Range(Position(3, 1), Position(3, 1))
    bad = plan.compile(
        Record(
            "r.csv",
            1,
            {"phone": "+818000001231", "order_id": "A1B2C3D5", "goods": "スープセット"},
            "text",
            lambda _: where,
        )
    )
    assert isinstance(bad, BadRow)
    assert [(one.code, one.path) for one in bad.diagnostics] == [("PNP540", "fallback.sms")]


def test_push_reads_over_it() -> None:
    """What is sent is the body, whatever else the line has."""
    plain, more = (
        json.dumps(pushes.payload(1, **extra)).encode() for extra in ({}, {"fallback": {"sms": '"body":{}'}})
    )
    sent = [request(read(line, 1, check(line, 1).api), "t" * 16) for line in (plain, more)]
    assert sent[0] == sent[1]


def test_a_snapshot_a_page_and_a_diff_show_it(tmp_path: Path, here: Here) -> None:
    (tmp_path / "s.yaml").write_text(SPEC + FALLBACK, encoding="utf-8")
    assert here("compile", "--update", "s.yaml").returncode == 0
    stored = json.loads((tmp_path / "__payloads__" / "shipment.json").read_text(encoding="utf-8"))
    assert stored["fallback"] == {"sms": "ご注文 A1B2C3D4「スープ」を発送しました。"}
    page = here("preview", "s.yaml").stdout
    assert '<div class="sms">ご注文 A1B2C3D4「スープ」を発送しました。</div>' in page
    assert "SMS of 1 part, in UCS-2" in page
    (tmp_path / "new.yaml").write_text(SPEC + FALLBACK.replace("ご注文", "注文") + "  parts: 2\n", encoding="utf-8")
    changed = json.loads(here("diff", "s.yaml", "new.yaml", "--format", "json").stdout)["specs"][0]["changes"]
    assert [(one["kind"], one["breaking"]) for one in changed] == [
        ("fallback-changed", False),
        ("fallback-parts", False),
    ]
    assert changed[0]["after"] == "注文 A1B2C3D4「スープ」を発送しました。"
    (tmp_path / "old.yaml").write_text(SPEC, encoding="utf-8")
    added = json.loads(here("diff", "old.yaml", "s.yaml", "--format", "json").stdout)["specs"][0]["changes"]
    assert [one["message"] for one in added if one["kind"] == "fallback-changed"] == ["added"]
    assert here("compile", "--check", "s.yaml").returncode == 0
