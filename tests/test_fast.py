"""The fast way from a row to its line: byte for byte what the plan makes of it, and never a row that the plan refuses."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import pytest
import specs
from conftest import tries
from hypothesis import given, settings
from hypothesis import strategies as st

from pnpc.compile.fast.code import Memo
from pnpc.compile.formats import jsonl
from pnpc.compile.plan import Plan
from pnpc.compile.tables.recipients import Record
from pnpc.compile.targets import Payload
from pnpc.text.finding import Range
from pnpc.text.source import Position

DIGEST = "d41e0ad70dddfeb68f149ad6fc61574b9c5780ab7bcb2fba5517771ffbb2409c"
PHONES = [
    "+818000001234",
    "080-0000-1234",
    "08000001235",
    "0312345678",
    "8000001234",
    "(080) 0000 1234",
    "0000",
    "+14155552671",
    "",
]
ODD = [
    "", "a", "日本", "😀" * 8, "😀" * 151, "あ" * 300, "あ" * 301, "a" * 15, "a" * 16, 'say "hi"', "back\\slash", "line\nbreak",
    "tab\t", "\x00", "\x7f", "\x85", "\u2028x", "\u3000", " ", "a b", "%", "?&=", "\ud83d", "\ufeff", "'", "{{ x }}", "null",
    "0", "-0", "7", "012", "12.0", "1e3", "-5", "9" * 16, "９", "1,200", "true", "TRUE", "2024-02-29", "2023-02-29", "20240229",
]  # fmt: skip
# Each variable's declaration, texts that it may have, and expressions that are about it.
VARIABLES: dict[str, tuple[dict[str, Any], list[str], list[str]]] = {
    "text": ({"type": "string", "maxLength": 310}, ["abc", "午前中", "ก็"], ["{{ text }}", "{{ text | urlencode }}", "{{ text | truncate(15) }}", "{{text|truncate(7)}}様"]),
    "short": ({"type": "string", "minLength": 2, "maxLength": 5}, ["ab", "日本"], ["{{ short }}", "{{ short ~ '!' }}", "{{ short | default('-') }}"]),
    "code": ({"type": "string", "pattern": "^[A-Z0-9]{4,10}$"}, ["AB12", "ZZZZZZZZZZ"], ["{{ code }}", "#{{ code }}#", "{{ code | urlencode }}"]),
    "kind": ({"type": "string", "enum": ["午前中", "14-16時", ""]}, ["午前中", "14-16時"], ["{{ kind }}", "{{ kind | urlencode }}", "{{ 'A' if kind == '午前中' else 'B' }}"]),
    "day": ({"type": "string", "format": "date"}, ["2024-08-10", "2024-12-31"], ["{{ day | date }}", "{{ day | date('full') }}", "{{ day }}", "{{ day | date('short') }}{{ code }}"]),
    "at": ({"type": "string", "format": "time"}, ["14:30", "00:00"], ["{{ at | time }}", "{{ at }}発"]),
    "count": ({"type": "integer", "minimum": 0, "exclusiveMaximum": 100000}, ["0", "5", "99999"], ["{{ count }}", "{{ count | currency }}", "{{ count | number }}個", "{{ count * 2 }}", "{{ count + recipient.index }}", "{{ count | currency('USD') }}"]),
    "free": ({"type": "integer"}, ["-3", "123456789012345", "1234567890123456"], ["{{ free }}", "{{ free | number }}", "{{ free | urlencode }}"]),
    "rate": ({"type": "number", "maximum": 10.5}, ["1.50", "2", "1e1"], ["{{ rate }}", "{{ rate | number }}"]),
    "flag": ({"type": "boolean"}, ["true", "False"], ["{{ 'はい' if flag else 'いいえ' }}", "{{ flag }}"]),
    "note": ({"type": "string", "maxLength": 20, "default": "なし"}, ["x"], ["{{ note }}", "{{ note | urlencode }}", "{{ note | truncate(3) }}"]),
    "size": ({"type": "integer", "maximum": 50, "default": 10}, ["3"], ["{{ size }}", "{{ size | number }}"]),
    "list": ({"type": "array", "items": {"type": "integer"}}, ["[1]", "[2, 3]"], ["{{ list[0] }}"]),
}  # fmt: skip
EVERYWHERE = ["{{ recipient.index }}", "{{ recipient.to }}", "固定", 'quo"te\\', "\u2028"]


def plan_of(
    variables: dict[str, Any], contents: Sequence[str], url: str, unit: str, tag: str | None, country: str = "JP",
    fallback: dict[str, Any] | None = None,
) -> Plan:  # fmt: skip
    spec: dict[str, Any] = {
        "pnpc": 1, "name": "any", "country": country, "variables": variables,
        "message": {
            "templateKey": "shipment_completed_ja",
            "body": {
                "emphasizedItem": {"itemKey": "e_001_ja", "content": contents[0]},
                "items": [{"itemKey": f"i_{number:03}_ja", "content": one} for number, one in enumerate(contents[1:])],
                "buttons": [{"buttonKey": "b_ja", "url": url}],
            },
            "customAggregationUnits": [unit],
        },
        **({} if tag is None else {"deliveryTag": tag}),
        **({} if fallback is None else {"fallback": fallback}),
    }  # fmt: skip
    return specs.plan_of(json.dumps(spec))


@st.composite
def plans(draw) -> tuple[Plan, list[str]]:
    names = draw(st.lists(st.sampled_from(list(VARIABLES)), min_size=1, max_size=5, unique=True))
    about = [
        expression
        for name in names
        for expression in VARIABLES[name][2]
        if "code" in names or "{{ code" not in expression
    ]
    text = st.lists(st.sampled_from(about + about + EVERYWHERE), min_size=1, max_size=3).map("".join)
    start = draw(
        st.sampled_from(["https://example.com/"] * 5 + ["http://a.example:8080/x?y=", "https://example.com", ""])
    )
    plan = plan_of(
        {name: VARIABLES[name][0] for name in names},
        draw(st.lists(text, min_size=1, max_size=4)),
        start + draw(text),
        draw(st.sampled_from(["u", "u_{{ recipient.index }}"] * 4 + ["{{ recipient.to | truncate(30) }}", draw(text)])),
        draw(
            st.none()
            | st.sampled_from(["order-{{ recipient.index }}-0123456789"])
            | text.map(lambda one: "tag-0123456789-" + one)
        ),
        draw(st.sampled_from(["JP", "TH", "TW"])),
        draw(st.none() | st.fixed_dictionaries({"sms": text | st.just("固定"), "parts": st.sampled_from([1, 2, 9])})),
    )
    columns = draw(st.permutations([*names, "memo"]))
    return plan, columns


@lru_cache(maxsize=2)
def fast_way(plan: Plan, columns: tuple[str, ...]) -> Any:
    return plan.fast().rows(columns, "r.csv")


def compared(plan: Plan, columns: tuple[str, ...], fields: list[str], row: int) -> bool:
    """Whether the fast way takes a row; it must be as the plan takes it."""
    fast = fast_way(plan, columns)
    where = Range(Position(row + 2, 1), Position(row + 2, 1))
    record = Record("r.csv", row, dict(zip(columns, fields, strict=True)), "text", lambda _: where)
    slow = plan.compile(record)
    made = [fast(fields, row, row + 2) for _ in range(2)] if fast else [None, None]
    assert made[0] == made[1]
    if made[0] is None:
        return False
    assert isinstance(slow, Payload), slow
    assert made[0] == (slow.body["to"], next(jsonl([slow])).encode())
    return True


@given(plans(), st.data())
@settings(max_examples=tries(25))
def test_objects_of_json_go_the_same_way(given_plan: tuple[Plan, list[str]], data: Any) -> None:
    plan, columns = given_plan
    fast, payloads = plan.fast().objects("r.jsonl"), plan.fast().payloads()
    odd: list[Any] = [None, "", "a", 5, -1, 0, 10**20, 1.0, 2.5, True, [], [1], {}, "😀" * 151, "2024-02-29", "x\ud83d"]
    good = {
        name: [value_of(one, VARIABLES[name][0]["type"]) for one in VARIABLES[name][1]]
        for name in columns
        if name != "memo"
    }
    where = Range(Position(1, 1), Position(1, 1))
    for row in range(6):
        spoiled = data.draw(st.sampled_from([*[None] * 5, *columns, "phone", "to"]))
        allowed = {"phone": PHONES[:4], "to": [None], "memo": ["", 1], **good}
        every = [*columns, "phone", "to"]
        values = {name: data.draw(st.sampled_from(odd if name == spoiled else allowed[name])) for name in every}
        record = Record("r.jsonl", row, values, "json", lambda _: where)
        slow = plan.compile(record)
        made = fast(values, row, 1) if fast else None
        if made is not None:
            assert isinstance(slow, Payload), slow
            assert made == (slow.body["to"], next(jsonl([slow])).encode())
        payload = payloads(values, row, "r.jsonl:1") if payloads else None
        assert (payload is None) == (made is None)
        assert payload is None or payload == slow


def value_of(text: str, type: str) -> Any:
    return text if type == "string" else json.loads(text.lower())


def test_an_object_is_taken_fast() -> None:
    plan = plan_of(USUAL, ["x", "{{ text }}{{ free }}"], "https://example.com/{{ code }}", "u", None)
    fast = plan.fast().objects("r.jsonl")
    assert fast is not None
    values = {name: value_of(text, USUAL.get(name, {"type": "string"})["type"]) for name, text in GOOD.items()}
    assert fast(values, 0, 1) is not None
    assert fast({**values, "free": 10**16}, 0, 1) is None
    assert fast({**values, "text": ""}, 0, 1) is None


@pytest.mark.parametrize("type", ["string", "integer", "number", "boolean"])
def test_a_value_of_another_type_is_taken_as_the_plan_takes_it(type: str) -> None:
    """Every kind of value of JSON for every type; the usual ones go the fast way."""
    plan = plan_of(
        {"v": {"type": type}},
        ["x", "{{ v }}" if type != "boolean" else "{{ 'a' if v else 'b' }}"],
        "https://example.com/",
        "u",
        None,
    )
    fast = plan.fast().objects("r.jsonl")
    assert fast is not None
    where = Range(Position(1, 1), Position(1, 1))
    taken = []
    for value in (None, "", "a", "5", "true", 5, -1, 0, 1, 2.0, 2.5, True, False, [], [1], {}):
        values = {"phone": PHONES[0], "v": value}
        slow, made = plan.compile(Record("r.jsonl", 0, values, "json", lambda _: where)), fast(values, 0, 1)
        if made is not None:
            assert isinstance(slow, Payload), value
            assert made == (slow.body["to"], next(jsonl([slow])).encode())
            taken.append(value)
    usual = {"string": ["a", "5", "true"], "integer": [5, 0, 1], "number": [], "boolean": [True, False]}
    assert [value for value in usual[type] if not any(value is one for one in taken)] == []


@given(plans(), st.data())
@settings(max_examples=tries(40))
def test_fast_and_slow_are_byte_for_byte_the_same(given_plan: tuple[Plan, list[str]], data: Any) -> None:
    plan, columns = given_plan
    who = data.draw(st.sampled_from([("phone",), ("to",), ("phone", "to")]))
    allowed = {
        "phone": PHONES[:4],
        "to": [DIGEST],
        "memo": ["", "x"],
        **{name: one[1] for name, one in VARIABLES.items()},
    }
    odd = {"phone": PHONES, "to": ["", DIGEST, DIGEST.upper(), "0" * 63]}
    every = (*who, *columns)
    for row in range(8):
        spoiled = data.draw(st.sampled_from([*[None] * 5, *every]))
        fields = [
            data.draw(st.sampled_from(odd.get(name, ODD) if name == spoiled else allowed[name] + [""] * (name == "to" and len(who) > 1)))
            for name in every
        ]  # fmt: skip
        compared(plan, every, fields, row)


USUAL = {name: VARIABLES[name][0] for name in ("text", "code", "kind", "day", "count", "free", "note", "size", "flag")}
GOOD = {"text": "スープ", "code": "AB12", "kind": "午前中", "day": "2024-08-10", "count": "12000", "free": "5", "note": "x", "size": "3", "flag": "true", "phone": "080-0000-1234"}  # fmt: skip


@pytest.mark.parametrize(
    "content",
    ["{{ text }}", "{{ text | truncate(9) }}", "{{ code | urlencode }}", "{{ kind }}", "{{ day | date('full') }}", "{{ count | currency }}", "{{ count | number }}個",
     "{{ free }}", "{{ note }}", "{{ size }}", "{{ 'a' if flag else 'b' }}", "{{ text ~ code }}", "{{ recipient.index }}/{{ recipient.to }}", "固定 {{ text }}", "{{ count // 7 }}"],
)  # fmt: skip
@pytest.mark.parametrize("country", ["JP", "TH", "TW"])
def test_it_takes_what_specs_usually_hold(content: str, country: str) -> None:
    plan = plan_of(
        USUAL,
        ["x", content],
        "https://example.com/{{ code }}",
        "u",
        "order-{{ code }}-{{ recipient.index }}-{{ text | urlencode }}",
        country,
    )
    columns = tuple(GOOD)
    phone = {"JP": "080-0000-1234", "TH": "081-234-5678", "TW": "0912-345-678"}[country]
    assert compared(plan, columns, list({**GOOD, "phone": phone}.values()), 0)
    assert compared(plan, columns, list({**GOOD, "phone": phone, "note": "", "size": ""}.values()), 12)
    for name, bad in (
        ("text", "😀" * 400),
        ("code", "ab"),
        ("kind", "夜"),
        ("day", "2024-13-01"),
        ("count", "-1"),
        ("free", "x"),
        ("note", "n" * 21),
        ("flag", "no"),
        ("phone", "0"),
    ):
        assert not compared(plan, columns, list({**GOOD, "phone": phone, name: bad}.values()), 0), name
    assert plan.fast().rows(columns, "r.csv")(["a"], 0, 2) is None


@pytest.mark.parametrize("content", ["{{ recipient.index | currency }}", "{{ recipient.to | truncate(9) }}"])
def test_what_is_made_of_a_recipient_goes_the_slow_way(content: str) -> None:
    plan = plan_of(USUAL, ["x", content], "https://example.com/{{ code }}", "u", None)
    assert not compared(plan, tuple(GOOD), list(GOOD.values()), 0)


def test_what_users_write_is_no_code() -> None:
    names = {"class": USUAL["text"], "known_1": USUAL["text"], "__import__": USUAL["text"], "index": USUAL["text"]}
    contents = [
        "'''; raise SystemExit #",
        "\\'\"{0}%s {{ class }}",
        "{{ known_1 }}\\N{BULLET 1}",
        "{{ index }}{{ __import__ }}",
        "}} {1} {{ class | urlencode }}",
    ]
    plan = plan_of(names, contents, "https://example.com/'{{ class | urlencode }}", "u", None)
    columns = ("phone", *names, "exec('raise SystemExit')", "a b", "def", "日本", "日 本")
    assert compared(plan, columns, ["080-0000-1234", "f'{1}'", "\\", "'", '"', *"abcde"], 3)
    assert (
        compared(plan, (*columns[:2], *columns[3:]), ["080-0000-1234", "x", "y", "z", *"abcde"], 3) is False
    )  # a column is missing


@pytest.mark.parametrize("name", ["phone", "to", "recipient"])
def test_a_variable_of_a_reserved_name_is_left_to_the_plan(name: str) -> None:
    """It is an error of the spec, which a comment can suppress."""
    plan = plan_of({name: {"type": "integer"}}, [f"{{{{ {name} + 1 }}}}"], "https://example.com/", "u", None)
    assert plan.fast().objects("r.jsonl") is None
    assert plan.fast().rows(("phone", "to", "recipient"), "r.csv") is None


def test_what_is_made_of_long_texts_is_not_kept() -> None:
    memo = Memo(lambda *texts: "".join(texts))
    assert [memo.find("a"), memo.find("a", "b"), memo.find("x" * 10_000)] == ["a", "ab", "x" * 10_000]
    assert memo == {"a": "a", ("a", "b"): "ab"}


def test_its_source_can_be_read() -> None:
    from pnpc.compile.fast import line

    plan = plan_of(USUAL, ["{{ text }}"], "https://example.com/", "u", None)
    code = plan.fast().code(
        ("phone", *USUAL), line.line_of(plan.target, "https://example.com/", plan.origin(), "r.csv")
    )
    assert code is not None
    text = code.source(line.SIGNATURE)
    assert text.startswith("def compile_row(fields, index, line):\n    if not (len(fields) == 10):\n")
    assert "row1_text" in text


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^(?=a)a$"])
def test_a_pattern_that_may_be_slow_is_left_to_the_plan(pattern: str) -> None:
    plan = plan_of({"text": {"type": "string", "pattern": pattern}}, ["{{ text }}"], "https://example.com/", "u", None)
    assert not plan.is_steady
    assert plan.fast().rows(("phone", "text"), "r.csv") is None
