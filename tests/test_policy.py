"""Content policy: words of advertising, links, amounts; as much about what must stay silent as about what is told."""

import json
from typing import Any

import pytest
from conftest import ROOT
from jsonschema import Draft202012Validator
from specs import diagnostics

from pnpc.data import read_json
from pnpc.line import policy
from pnpc.line.grammar.schema import load

SPEC = """\
pnpc: 1
name: policy
country: JP
variables:
  text: {{type: string, maxLength: 5, example: abc}}
  total: {{type: integer, minimum: 0, maximum: 99999, example: 12000}}
  coupon: {{type: string, maxLength: 5, example: abc}}
  guest_phone: {{type: string, maxLength: 5, example: abc}}
  customer: {{type: object, properties: {{email: {{type: string, maxLength: 9}}}}, example: {{email: a@b.jp}}}}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {{itemKey: {item}, content: {content}}}
    buttons:
      - {{buttonKey: contact_ja, url: {url}}}
"""


def told(text: str) -> list[tuple[str, str]]:
    """The findings about content: code, and the characters that they mark."""
    found = diagnostics(text, country="JP")
    return [(one.code, text[one.span.start : one.span.end]) for one in found if one.code.startswith("PNP7")]


def of_content(content: str, item: str = "number_001_ja") -> list[tuple[str, str]]:
    quoted = json.dumps(content, ensure_ascii=False)
    return told(SPEC.format(item=item, content=quoted, url="https://shop.example.com/a"))


def of_url(url: str) -> list[tuple[str, str]]:
    return told(SPEC.format(item="number_001_ja", content="a", url=f'"{url}"'))


def of_messages(*messages: Any) -> list[tuple[str, str]]:
    return told(json.dumps({"to": "0" * 64, "messages": messages}, ensure_ascii=False))


# --- advertising ---


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("夏のセール開催", "セール"),
        ("ﾀｲﾑｾｰﾙのお知らせ", "ｾｰﾙ"),
        ("５０％ＯＦＦ", "％ＯＦＦ"),
        ("クーポンをどうぞ", "クーポン"),
        ("クーポン利用は不要、クーポンを配布", "クーポン"),
        ("会員限定特典つき", "限定特典"),
        ("ポイント進呈", "ポイント進呈"),
        ("New Year SALE!", "SALE"),
        ("Don’t miss out", "Don’t miss out"),
        ("Limited\u00a0time", "Limited\u00a0time"),
        ("รับส่วนลดพิเศษ", "รับส่วนลด"),
        ("แจกแต้มให้ทุกคน", "แจกแต้ม"),
        ("ซื้อ 1 แถม 1", "1 แถม 1"),
        ("จำนวนจำกัด", "จำนวนจำกัด"),
        ("週年慶開跑", "週年慶"),
        ("買一送一", "買一送一"),
        ("贈送點數給您", "贈送點數"),
    ],
)
def test_a_word_of_advertising_is_told_at_its_characters(text: str, word: str) -> None:
    assert of_content(text) == [("PNP701", word)]


@pytest.mark.parametrize(
    "text",
    [
        "12ポイントを獲得しました",
        "ポイント残高 120",
        "小売・発売・販売・卸売",
        "セールスフォース担当",
        "ホールセール株式会社",
        "ウェブアセール",
        "クーポン利用 -500円",
        "お得意様番号 12",
        "プレゼント包装 あり",
        "期限をお見逃しなく",
        "特典航空券のご予約",
        "wholesale order, sales slip 12, point of sale 3",
        "You earned 12 points",
        "customs clearance completed",
        "promotional",
        "ได้รับคะแนน 12 คะแนน",
        "ใช้คูปอง -50 บาท",
        "ส่วนลด 50 บาท",
        "ร้านเซลล์แบตเตอรี่",
        "意見回饋已收到",
        "抽獎結果通知",
        "已使用優惠券",
        "免費送貨",
        "銷售單號 12",
        "{{ coupon }}",
        "{{ text | default('クーポン') }}",
        "クー{{ text }}ポン",
    ],
)
def test_what_is_no_advertising_stays_silent(text: str) -> None:
    assert of_content(text) == []


def test_overlapping_words_are_told_once_and_by_the_longest() -> None:
    assert of_content("お友達紹介キャンペーン") == [("PNP701", "お友達紹介"), ("PNP701", "キャンペーン")]


def test_every_text_that_people_read_is_looked_at_and_no_other() -> None:
    sale = "セール"
    action = {"type": "postback", "label": sale, "data": sale, "displayText": sale}
    box = {"type": "box", "layout": "vertical", "contents": [{"type": "button", "action": action}]}
    nested = {"type": "text", "contents": [{"type": "span", "text": sale}]}
    flex = {
        "type": "flex",
        "altText": sale,
        "contents": {"type": "bubble", "body": box, "footer": {**box, "contents": [nested]}},
    }
    place = {"type": "location", "title": sale, "address": sale, "latitude": 1, "longitude": 1}
    assert len(of_messages({"type": "text", "text": sale})) == 1
    assert len(of_messages(flex)) == 4
    assert len(of_messages(place)) == 2


def test_the_place_is_right_behind_what_folding_makes_longer() -> None:
    assert of_content("㍿㍻　ｶﾞｷﾞ　クーポン") == [("PNP701", "クーポン")]
    assert of_content("ำำ คูปอง") == [("PNP701", "คูปอง")]


# --- links ---


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://shop.example.com/a", []),
        ("https://example.com/a?order=12&lang=ja", []),
        ("tel:0312345678", []),
        ("{{ text }}", []),
        ("https://shop.example.com/tel?page=name", []),
        ("http://shop.jp/a", [("PNP702", "http://")]),
        ("HTTP://shop.jp/a", [("PNP702", "HTTP://")]),
        ("http://localhost:8000/a", [("PNP703", "localhost")]),
        ("https://LOCALHOST", [("PNP703", "LOCALHOST")]),
        ("https://intranet/a", [("PNP703", "intranet")]),
        ("https://127.0.0.1/a", [("PNP703", "127.0.0.1")]),
        ("https://172.31.0.9:8443/a", [("PNP703", "172.31.0.9")]),
        ("https://172.32.0.9/a", []),
        ("https://8.8.8.8/a", []),
        ("https://[::1]:3000/a", [("PNP703", "[::1]")]),
        ("https://user@10.0.0.1/a", [("PNP703", "10.0.0.1")]),
        ("https://shop.test/a", [("PNP703", "shop.test")]),
        ("https://printer.local/a", [("PNP703", "printer.local")]),
        ("https://api.corp.internal/a", [("PNP703", "api.corp.internal")]),
        ("https://a1b2.ngrok.io/a", [("PNP703", "a1b2.ngrok.io")]),
        ("https://staging.shop.jp/a", [("PNP703", "staging.shop.jp")]),
        ("https://shop-stg.shop.co.jp/a", [("PNP703", "shop-stg.shop.co.jp")]),
        ("https://test.shop.co.jp/a", [("PNP703", "test.shop.co.jp")]),
        ("https://{{ text }}.shop.jp/a", []),
        ("https://{{ text }}.dev.shop.jp/a", [("PNP703", "{{ text }}.dev.shop.jp")]),
        ("https://dev.to/a", []),
        ("https://test.co.jp/a", []),
        ("https://latest.shop.jp/test/staging", []),
        ("https://covid-test.shop.jp/a", []),
        ("https://bit.ly/3xYz", [("PNP704", "bit.ly")]),
        ("https://www.reurl.cc/3xYz", [("PNP704", "www.reurl.cc")]),
        ("http://bit.ly/3xYz", [("PNP702", "http://"), ("PNP704", "bit.ly")]),
        ("https://habit.ly/3xYz", []),
        ("https://lin.ee/3xYz", []),
        ("https://shop.jp/a?x=1&Phone_Number=2", [("PNP705", "Phone_Number")]),
        ("https://shop.jp/a?e-mail=2#tel=3", [("PNP705", "e-mail")]),
        ("https://shop.jp/a?c={{ guest_phone | urlencode }}", [("PNP705", "guest_phone")]),
        ("https://shop.jp/a?c={{ customer.email }}", [("PNP705", "customer.email")]),
        ("https://shop.jp/a?c={{ recipient.to }}", [("PNP705", "recipient.to")]),
        ("https://shop.jp/a?c={{ recipient.index }}&d={{ text | default('phone') }}", []),
        ("https://shop.jp/a?shop_name=1&item_name=2&tokens=3", []),
    ],
)
def test_links(url: str, expected: list[tuple[str, str]]) -> None:
    assert of_url(url) == expected


def test_links_of_the_flexible_kind_and_in_the_text_of_a_chat() -> None:
    action = {"type": "uri", "label": "確認", "uri": "http://shop.jp", "altUri": {"desktop": "https://bit.ly/a"}}
    component = {"type": "text", "text": "http://quoted.jp", "action": action}
    bubble = {"type": "bubble", "body": {"type": "box", "layout": "vertical", "contents": [component]}}
    assert of_messages({"type": "flex", "altText": "a", "contents": bubble}) == [
        ("PNP702", "http://"),
        ("PNP704", "bit.ly"),
    ]
    assert of_messages({"type": "text", "text": "見る: http://dev.shop.jp/a、以上"}) == [("PNP703", "dev.shop.jp")]


def test_braces_of_a_request_body_are_text() -> None:
    body = {"templateKey": "shipment_completed_ja", "to": "0" * 64}
    button = {"buttonKey": "contact_ja", "url": "https://shop.jp/a?c={{ guest_phone }}"}
    assert told(json.dumps({**body, "body": {"buttons": [button]}})) == []


# --- amounts ---


@pytest.mark.parametrize(
    ("content", "bare"),
    [
        ("12000", True),
        ("１２，０００", True),
        ("12,000 (税込)", True),
        ("合計 12000", True),
        ("{{ total }}", True),
        ("{{ total | number }}", True),
        ("合計 {{ total }}", True),
        ("12,000円", False),
        ("￥12,000", False),
        ("ＪＰＹ 12000", False),
        ("US$12", False),
        ("120 บาท", False),
        ("NT$1,200", False),
        ("無料", False),
        ("{{ text }}", False),
        ("{{ total }}円", False),
        ("{{ total | currency }}", False),
        ("{{ total | currency }} (10%)", False),
    ],
)
def test_an_amount_says_its_currency(content: str, bare: bool) -> None:
    assert [code for code, _ in of_content(content, "price_001_ja")] == ["PNP706"] * bare


def test_numbers_of_other_items_are_no_amounts() -> None:
    assert of_content("12000") == []


# --- our own files, and the data ---


@pytest.mark.parametrize(
    "file",
    [*sorted((ROOT / "examples").rglob("notifications/*.yaml")), *sorted((ROOT / "templates").rglob("*.yaml"))],
    ids=lambda file: file.name,
)
def test_our_own_specs_are_clean(file: Any) -> None:
    assert told(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("language", policy.LANGUAGES)
def test_a_list_of_words_satisfies_its_schema_and_has_a_reason_for_each(language: str) -> None:
    data = read_json("schemas", "policy", f"{language}.json")
    Draft202012Validator(load("policy")).validate(data)
    assert {one["reason"] for one in data["words"]} == set(data["reasons"])
    folded = [policy.fold(one["word"]) for one in data["words"]]
    assert len(set(folded)) == len(folded)
    assert all(language == "en" or one.get("means") for one in data["words"])


@pytest.mark.parametrize("language", policy.LANGUAGES)
def test_each_word_is_found_and_each_exception_is_not(language: str) -> None:
    for one in read_json("schemas", "policy", f"{language}.json")["words"]:
        assert policy.may_advertise([one["word"]]), one["word"]
        assert policy.advertising(one["word"]), one["word"]
        for phrase in one.get("except", ()):
            words = [hit.word.text for hit in policy.advertising(phrase)]
            assert one["word"] not in words, phrase
            assert policy.fold(one["word"]) in policy.fold(phrase), phrase


def test_the_facts_satisfy_their_schema() -> None:
    Draft202012Validator(load("policy-facts")).validate(read_json("schemas", "policy", "facts.json"))


def test_a_link_of_google_maps_is_no_short_link() -> None:
    assert of_url("https://maps.app.goo.gl/a1B2c3") == []
    assert of_url("https://goo.gl/a1B2c3") == [("PNP704", "goo.gl")]
