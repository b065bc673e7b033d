"""A spec's own examples, defaults and listed values: check judges what they make of each text as compile judges a row."""

import json
from typing import Any

import pytest
from conftest import tries
from hypothesis import given, settings
from hypothesis import strategies as st
from specs import diagnostics

from pnpc.check.calm import is_calm
from pnpc.check.engine import check
from pnpc.check.examples import of_examples
from pnpc.check.message import check_notice
from pnpc.check.samples import samples
from pnpc.compile.filled.message import FillableMessage
from pnpc.compile.tables.values import typed
from pnpc.language.message import notice as notices
from pnpc.language.message.context import Context
from pnpc.line.catalog import Catalog
from pnpc.text.finding import Place
from pnpc.text.nodes import compose
from pnpc.text.path import Path
from pnpc.text.source import Source

RECIPIENT = {"index": 0, "to": "0" * 64}


def spec(variables: dict[str, Any], message: dict[str, Any], tag: str | None = None) -> str:
    whole: dict[str, Any] = {"pnpc": 1, "name": "tried", "country": "JP", "variables": variables, "message": message}
    return json.dumps(whole if tag is None else {**whole, "deliveryTag": tag}, ensure_ascii=False, indent=1)


def template(*contents: str, urls: tuple[str, ...] = (), key: str = "number_001_ja") -> dict[str, Any]:
    keys = [key, "name_010_ja", "date_002_ja"]
    buttons = ["contact_ja", "check_details_ja"]
    return {
        "templateKey": "shipment_completed_ja",
        "body": {
            "items": [
                {"itemKey": its_key, "content": content} for its_key, content in zip(keys, contents, strict=False)
            ],
            "buttons": [
                {"buttonKey": its_key, "url": url} for its_key, url in zip(buttons, urls, strict=False)
            ],
        },
    }  # fmt: skip


def flexible(text: str, color: str = "#1DB446", uri: str = "https://shop.example.jp/", **more: Any) -> dict[str, Any]:
    action = {"type": "uri", "label": "確認", "uri": uri}
    contents = [{"type": "text", "text": text, "color": color, **more}, {"type": "button", "action": action}]
    box = {"type": "box", "layout": "vertical", "contents": contents}
    return {"messages": [{"type": "flex", "altText": "ご案内", "contents": {"type": "bubble", "body": box}}]}


def a_text(example: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "maxLength": 60, "example": example, **more}


def told(text: str) -> list[tuple[str, str]]:
    """The findings about filled texts: code, and the last step of the path."""
    return [(one.code, one.path.rpartition(".")[2]) for one in diagnostics(text) if "this becomes" in one.message]


@pytest.mark.parametrize(
    ("example", "code"),
    [
        ("https://shop.example.jp/a.png", "PNP414"),
        ("http://localhost/x", "PNP703"),
        ("http://shop.example.jp/x", "PNP702"),
        ("https://bit.ly/3xYz", "PNP704"),
        ("クーポンを差し上げます", "PNP701"),
        ("{name}", "PNP509"),
        ("\u3000", "PNP708"),
    ],
)
def test_an_example_is_judged_like_the_same_text_in_the_spec(example: str, code: str) -> None:
    tapped = code in ("PNP702", "PNP703", "PNP704")
    message = template("A", urls=("{{ v }}",)) if tapped else template("{{ v }}")
    assert told(spec({"v": a_text(example)}, message)) == [(code, "url" if tapped else "content")]
    written = template("A", urls=(example,)) if tapped else template(example)
    assert code in [one.code for one in diagnostics(spec({}, written))]
    if code != "PNP708":  # a component that holds nothing else
        message = flexible("A", uri="{{ v }}") if tapped else flexible("{{ v }}")
        assert (code, "uri" if tapped else "text") in told(spec({"v": a_text(example)}, message))


def test_it_is_told_at_the_text_with_the_value_beside_it() -> None:
    (one,) = diagnostics(spec({"v": a_text("クーポン")}, template("ご案内 {{ v }}")))
    assert one.path == "message.body.items[0].content"
    assert one.message == (
        "with the example of `v` this becomes `ご案内 クーポン`: `クーポン` (coupon) reads as advertising"
    )
    assert [related.message for related in one.related] == ["this value"]


@pytest.mark.parametrize(
    ("variables", "text", "words"),
    [
        ({"v": {"type": "string", "maxLength": 9, "default": "クーポン"}}, "{{ v }}", "the default of `v`"),
        ({"v": a_text("A", enum=["A", "クーポン"])}, "{{ v }}", "a listed value of `v`"),
        ({"v": a_text("A", examples=["クーポン"])}, "{{ v }}", "an example of `v`"),
        ({"v": a_text("クー"), "w": a_text("ポン")}, "{{ v }}{{ w }}", "the example of `v` and `w`"),
        ({"v": {"type": "boolean", "example": False}}, "{{ 'クーポン' if v else 'A' }}", "true for `v`"),
        (
            {"v": {"type": "integer", "minimum": 0, "maximum": 9, "example": 2}},
            "ポイント{{ v }}倍",
            "the example of `v`",
        ),
    ],
)
def test_each_value_that_a_spec_gives_is_tried(variables: dict[str, Any], text: str, words: str) -> None:
    (one,) = [one for one in diagnostics(spec(variables, template(text))) if one.code == "PNP701"]
    assert one.message.startswith(f"with {words} this becomes ")


def test_the_last_of_many_listed_values_is_tried() -> None:
    listed = [f"第{number}便" for number in range(120)]
    assert told(spec({"v": a_text(listed[0], enum=[*listed, "セール便"])}, template("{{ v }}"))) == [
        ("PNP701", "content")
    ]
    assert told(spec({"v": a_text(listed[0], enum=listed)}, template("{{ v }}"))) == []


def test_values_of_properties_with_a_pattern_or_a_list() -> None:
    found = told(
        spec({"c": a_text("#12345"), "s": a_text("md", enum=["md", "huge"])}, flexible("A", "{{ c }}", size="{{ s }}"))
    )
    assert found == [("PNP304", "color"), ("PNP304", "size")]
    assert told(spec({"c": a_text("#1DB446"), "s": a_text("md")}, flexible("A", "{{ c }}", size="{{ s }}"))) == []


def test_a_tag_that_no_header_can_hold() -> None:
    tag = "shipment-{{ v }}-000001"
    assert told(spec({"v": a_text("午前中")}, template("A"), tag)) == [("PNP212", "deliveryTag")]
    assert told(spec({"v": a_text("A1")}, template("A"), tag)) == []


def test_amounts_without_a_currency() -> None:
    amount = template("{{ v }}", key="price_001_ja")
    assert told(spec({"v": a_text("12,000")}, amount)) == [("PNP706", "content")]
    assert told(spec({"v": a_text("12,000円")}, amount)) == []
    assert told(spec({"v": a_text("12,000")}, template("{{ v }}"))) == []


def test_what_is_said_already_is_not_said_again() -> None:
    broken = diagnostics(spec({"v": a_text("A B")}, template("A", urls=("https://shop.example.jp/?q={{ v }}",))))
    assert [one.code for one in broken] == ["PNP511", "PNP510"]
    raw = diagnostics(spec({"v": a_text("日本")}, template("A", urls=("https://shop.example.jp/?q={{ v }}",))))
    assert [one.code for one in raw] == ["PNP510"]
    long = diagnostics(spec({"v": {"type": "string", "maxLength": 400, "example": "あ" * 320}}, template("{{ v }}")))
    assert [one.code for one in long] == ["PNP530"]
    bad = diagnostics(spec({"v": a_text("クーポン", maxLength=2)}, template("{{ v }}")))
    assert [one.code for one in bad] == ["PNP505"]
    like = diagnostics(spec({"v": a_text("A")}, template("{% if v %}{{ v }}{% endif %}")))
    assert {one.code for one in like} == {"PNP508"}
    word = diagnostics(spec({"v": a_text("クーポン")}, template("セール {{ v }}")))
    assert [one.code for one in word] == ["PNP701"]


def test_a_variable_without_a_value_is_left_alone() -> None:
    assert told(spec({"v": {"type": "string", "maxLength": 9}}, template("{{ v }}"))) == []


def test_conditions_decide_whether_a_text_is_there() -> None:
    guarded = template("A", "{{ memo }}")
    guarded["body"]["items"][1]["$if"] = "memo"
    memo = {"memo": {"type": "string", "maxLength": 9, "default": " "}}
    assert told(spec(memo, guarded)) == [("PNP708", "content")]
    memo["memo"]["default"] = ""
    assert told(spec(memo, guarded)) == []
    gift = template("A", "{{ note }}")
    gift["body"]["items"][1]["$if"] = "gift"
    variables = {"gift": {"type": "boolean", "example": False}, "note": a_text("クーポン")}
    assert told(spec(variables, gift)) == [("PNP701", "content")]


def test_each_entry_of_a_loop_is_tried_and_told_once() -> None:
    repeated = template("A", "{{ loop.index }} {{ line.name }}")
    repeated["body"]["items"][1]["$for"] = "line in lines"
    name = {"type": "string", "maxLength": 9}
    item = {"type": "object", "properties": {"name": name}, "required": ["name"]}
    example = [{"name": "本"}, {"name": "クーポン"}, {"name": "クーポン"}]
    lines = {"type": "array", "maxItems": 3, "items": item, "example": example}
    assert told(spec({"lines": lines}, repeated)) == [("PNP701", "content")]


def test_a_comment_and_the_config_silence_it_as_any_other() -> None:
    text = (
        "pnpc: 1\nname: a\ncountry: JP\nvariables:\n  v: {type: string, maxLength: 9, example: クーポン}\nmessage:\n"
        "  templateKey: shipment_completed_ja\n  body:\n    items:\n"
        '      - {itemKey: number_001_ja, content: "{{ v }}"}'
    )
    assert [one.code for one in diagnostics(text)] == ["PNP701"]
    assert diagnostics(text + "  # pnpc: ignore[PNP701] our customers asked for it\n") == ()
    assert check(Source("a.yaml", text), Context(Catalog()), {"advertising": None}).diagnostics == ()
    (one,) = check(Source("a.yaml", text), Context(Catalog()), {"advertising": "error"}).diagnostics
    assert one.severity == "error"


# --- what check says of the examples is what compile says of a row with the same data ---

VALUES = st.sampled_from(
    ("A1", "a b", "a&b", "日本", "クーポン", "クー", "ポン", " ", "\u3000", "{x}", "<%", "x%>", "12,000", "500円", "2", "a\nb", "$")
    + ("https://shop.example.jp/a.png", "http://localhost/x", "https://bit.ly/a", "javascript:alert(1)", "#12345", "#1DB446")
    + ("a.mp4", "100%", "email", "md", "ก็", "ſale", "ＳＡＬＥ", "limited", "http:", "//x.jp")
)  # fmt: skip
LITERALS = st.sampled_from(
    ("", "", "", "A", "ポイント", "倍", "OFF", "ポン", "https://shop.example.jp/", "https://shop.example.jp/?", "=", "{", "}")
    + ("http", "://shop.example.jp", "-time", " ", "円", "?q=")
)  # fmt: skip
FILTERS = st.sampled_from(("", "", " | urlencode", " | truncate(40)", " | truncate(3)"))


def test_a_condition_that_cannot_be_read_is_told_once() -> None:
    message = template("{{ v }}")
    message["body"]["items"][0]["$if"] = "a{{ v % 7 }}b"
    assert {one.code for one in diagnostics(spec({"v": a_text("http://localhost/")}, message))} == {"PNP501"}


@pytest.mark.parametrize("number", [7.0, 2e15, 1e16, 7.5])
def test_a_number_is_the_same_in_check_and_in_compile(number: float) -> None:
    """2e15 is exact in a float: both write its digits, no exponent."""
    declared = {"type": "number", "example": number}
    (document,) = compose(Source("a.yaml", spec({"v": declared}, template("{{ v }}"))))
    (sample,) = samples(notices.read(document), Context(Catalog()))["v"]
    assert repr(sample.value) == repr(typed(number, declared))


def test_a_value_that_is_encoded_may_bring_digits() -> None:
    """`%20` makes an amount without a currency."""
    message = template("{{ v | urlencode }}", key="price_001_ja")
    assert "PNP706" in [one.code for one in diagnostics(spec({"v": a_text("a b")}, message))]


@st.composite
def texts(draw: Any) -> str:
    pieces = [draw(LITERALS)]
    for _ in range(draw(st.integers(0, 2))):
        pieces += ["{{ " + draw(st.sampled_from(("v", "w"))) + draw(FILTERS) + " }}", draw(LITERALS)]
    return "".join(pieces) or "A"


@st.composite
def specs(draw: Any) -> tuple[str, dict[str, Any]]:
    data = {"v": draw(VALUES), "w": draw(VALUES)}
    if draw(st.booleans()):
        key = draw(st.sampled_from(("number_001_ja", "price_001_ja")))
        message = template(draw(texts()), draw(texts()), urls=(draw(texts()),), key=key)
    else:
        color = draw(st.sampled_from(("#1DB446", "{{ v }}")))
        message = flexible(draw(texts()), color, draw(texts()))
    return spec({name: a_text(value) for name, value in data.items()}, message), data


# What check has told of a text says this, too.
SAYS_IT = {
    "bad-url": {"example-breaks-url"},
    "bad-uri": {"example-breaks-url"},
    "bad-value-format": {"example-breaks-url"},
    "doubtful-url": {"example-breaks-url", "not-encoded"},
    "maybe-an-expression": {"not-an-expression"},
}
OF_THE_PROOF = {"may-be-too-long", "may-be-too-short", "length-not-bounded", "type-not-taken", "value-not-taken"}


A_DATE = {"type": "string", "format": "date", "example": "2024-08-10"}
A_NUMBER = {"type": "integer", "minimum": 0, "maximum": 99_999, "example": 1_280}
BOX = a_text("青い箱")


def looks_calm(declared: dict[str, Any], message: dict[str, Any]) -> bool:
    (document,) = compose(Source("a.yaml", spec(declared, message)))
    notice, context = notices.read(document), Context(Catalog())
    list(check_notice(notice, context))  # which notes what the grammar demands of each text
    return is_calm(notice, context)


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ({"v": BOX}, template("{{ v }}をお届けします")),
        ({"v": BOX}, flexible("{{ v }}をお届けします")),
        ({"v": BOX, "w": A_DATE}, template("{{ w | date('long') }}に{{ v }}をお届けします")),
        ({"v": {**A_DATE, "format": "time", "example": "14:30"}}, template("{{ v | time }}頃")),
        ({"v": A_NUMBER}, template("{{ v | number }}点")),
        ({"v": A_NUMBER}, template("{{ v | currency }}", key="price_001_ja")),
        ({"v": A_NUMBER}, template("{{ v }}円", key="price_001_ja")),
        ({"v": A_NUMBER}, template("{{ v }}", key="number_001_ja")),
        ({"v": BOX}, template("{{ v | truncate(60) }}")),
        ({"v": a_text("A/1")}, template("A", urls=("https://shop.example.jp/?q={{ v | urlencode }}",))),
        ({"v": a_text("A-1")}, template("A", urls=("https://shop.example.jp/{{ v }}",))),
        (
            {"v": {"type": "string", "enum": ["午前中", "夜"]}, "w": a_text("A", default="B")},
            template("{{ v }}{{ w }}"),
        ),
        ({"v": {"type": "string", "maxLength": 20}}, template("{{ v }}")),
        ({}, template("{{ recipient.index }}")),
    ],
)
def test_usual_texts_are_not_filled_by_jinja_to_be_judged(declared: dict[str, Any], message: dict[str, Any]) -> None:
    """The quick look is what lets a check start without Jinja2, and look at thousands of texts a second."""
    assert looks_calm(declared, message)


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        ({"v": A_NUMBER}, template("{{ v }}", key="price_001_ja")),  # an amount without a currency
        ({"v": A_NUMBER}, template("{{ v | number }}", key="price_001_ja")),
        ({"v": a_text("http")}, template("{{ v }}")),
        ({"v": a_text("A", examples=["B", "{c}"])}, template("{{ v }}")),
        ({"v": BOX, "w": a_text("A", default="{b}")}, template("{{ v }}{{ w }}")),
        ({"v": a_text("10.8")}, template("{{ v | date }}")),  # a text that is no date
        ({"v": a_text("A B")}, template("A", urls=("https://shop.example.jp/{{ v }}",))),
        ({"v": a_text("#000000")}, flexible("A", "{{ v }}")),
        ({"v": a_text("\u3000")}, template("{{ v }}")),
        ({"v": a_text("A\u200bB")}, template("{{ v }}")),
        ({"v": {"type": "boolean", "example": True}}, template("{{ v }}")),
        ({"v": BOX}, template("{{ v | truncate(3) }}")),
    ],
)
def test_texts_that_the_quick_look_leaves_to_the_rules(declared: dict[str, Any], message: dict[str, Any]) -> None:
    assert not looks_calm(declared, message)


@settings(max_examples=tries(150))
@given(specs())
def test_check_says_of_examples_what_compile_says_of_the_row(drawn: tuple[str, dict[str, Any]]) -> None:
    text, data = drawn
    (document,) = compose(Source("a.yaml", text))
    notice, context = notices.read(document), Context(Catalog())
    message = FillableMessage(notice, context, {})
    if message.findings:
        return  # an expression that can't be read
    said = list(check_notice(notice, context))
    calm = is_calm(notice, context)
    tried = list(of_examples(notice, context, [(finding, None) for finding in said]))
    assert not (calm and tried), "the cheap look must never miss what the rules say"
    known: dict[Path, set[str]] = {}
    for finding in (*said, *tried):
        assert isinstance(finding.where, Place)
        known.setdefault(finding.where.path, set()).add(finding.rule)
    _, flaws = message.fill({**data, "recipient": RECIPIENT})
    of_rows = {(flaw.finding.rule, flaw.finding.where.path) for flaw in flaws if isinstance(flaw.finding.where, Place)}
    for rule, path in of_rows:
        assert known.get(path, set()) & {rule, *SAYS_IT.get(rule, ()), *OF_THE_PROOF}, (rule, path)
    assert {(finding.rule, finding.where.path) for finding in tried if isinstance(finding.where, Place)} <= of_rows


def test_a_link_in_running_text_is_judged_as_written() -> None:
    """People read it: what would be wrong on a button is no error there, written or filled in."""
    assert diagnostics(spec({}, template("https://shop.example.jp/%>"))) == ()
    tried = diagnostics(spec({"v": a_text("%>")}, template("https://shop.example.jp/{{ v }}")))
    assert [one.code for one in tried] == ["PNP510"]


def test_a_link_that_is_not_there_with_the_examples_is_not_tried() -> None:
    message = template("A", urls=("{{ link }}",))
    message["body"]["buttons"][0]["$if"] = "k == 'web'"
    k = {"type": "string", "maxLength": 9, "enum": ["web", "store"], "example": "store"}
    link = {"type": "string", "minLength": 1, "maxLength": 90, "example": "none"}
    found = [one for one in diagnostics(spec({"k": k, "link": link}, message)) if one.severity == "error"]
    assert [one.code for one in found] == ["PNP216"]
    assert found[0].message.startswith("with the example of `link` this becomes `none`")
    k["enum"] = ["store"]
    assert [one.code for one in diagnostics(spec({"k": k, "link": link}, message)) if one.severity == "error"] == []


PICKER = {"type": "datetimepicker", "label": "選ぶ", "data": "d", "mode": "{{ m }}", "initial": "2024-01-01"}
MODE = {"type": "string", "maxLength": 9, "enum": ["date", "time"], "example": "date"}


def picked(condition: str | None = None) -> dict[str, Any]:
    message: dict[str, Any] = {
        "type": "template",
        "altText": "日時",
        "template": {"type": "buttons", "text": "日時を選ぶ", "actions": [PICKER]},
    }
    return {"messages": [message | ({"$if": condition} if condition else {}), {"type": "text", "text": "A"}]}


@pytest.mark.parametrize("condition", [None, "m"])
def test_what_another_property_of_the_object_makes_wrong_is_told_there(condition: str | None) -> None:
    (one,) = [one for one in diagnostics(spec({"m": MODE}, picked(condition))) if one.severity == "error"]
    assert (one.code, one.path.rpartition(".")[2]) == ("PNP318", "initial")
    assert one.message.startswith("with a listed value of `m`: `2024-01-01` ")
    dates = {**MODE, "enum": ["date"]}
    assert [one for one in diagnostics(spec({"m": dates}, picked(condition))) if one.severity == "error"] == []


def test_keys_and_positions_of_a_filled_text() -> None:
    emoji = {"productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"}
    keys = {"type": "textV2", "text": "{{ v }}", "substitution": {"e": {"type": "emoji", **emoji}}}
    found = [one.message for one in diagnostics(spec({"v": a_text("A")}, {"messages": [keys]})) if one.code == "PNP316"]
    assert [message.partition(": ")[0] for message in found] == ["with the example of `v`"]
    assert "PNP316" not in [one.code for one in diagnostics(spec({"v": a_text("{e}")}, {"messages": [keys]}))]
    places = {"type": "text", "text": "{{ v }}", "emojis": [{"index": 2, **emoji}]}
    found = [
        one.code for one in diagnostics(spec({"v": a_text("AB")}, {"messages": [places]})) if one.severity == "error"
    ]
    assert found == ["PNP317"]
    assert "PNP317" not in [one.code for one in diagnostics(spec({"v": a_text("AB$")}, {"messages": [places]}))]


def test_a_value_behind_many_that_have_another_doubt_is_tried() -> None:
    listed = [f"{number}個" for number in range(30)]
    amount = template("{{ v }}", key="price_001_ja")
    assert told(spec({"v": a_text(listed[0], enum=listed)}, amount)) == [("PNP706", "content")]
    assert told(spec({"v": a_text(listed[0], enum=[*listed, "クーポン"])}, amount)) == [
        ("PNP701", "content"),
        ("PNP706", "content"),
    ]


def test_many_variables_are_not_listed() -> None:
    names = [f"v{number}" for number in range(9)]
    text = "".join(f"{{{{ {name} }}}}" for name in names)
    variables = {name: a_text("クーポン", maxLength=5) for name in names}
    (one,) = [one for one in diagnostics(spec(variables, template(text))) if one.code == "PNP701"]
    assert one.message.startswith("with the examples this becomes ")


def test_a_text_that_is_filled_with_the_digest_only() -> None:
    emoji = {"type": "emoji", "productId": "5ac1bfd5040ab15980c9b435", "emojiId": "001"}
    message = {"messages": [{"type": "textV2", "text": "{{ recipient.index }}", "substitution": {"e": emoji}}]}
    found = [one.message for one in diagnostics(spec({"v": a_text("A")}, message)) if one.code == "PNP316"]
    assert [message.startswith("filled in, ") for message in found] == [True]
