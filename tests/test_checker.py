"""Edges of LINE's limits for the template kind, and LINE's own documented answers."""

import json

import pytest
from specs import codes, diagnostics

from pnpc.text.source import Source

DIGEST = "d41e0ad70dddfeb68f149ad6fc61574b9c5780ab7bcb2fba5517771ffbb2409c"
ITEMS = [f"{kind}_{number:03}_ja" for kind in ("name", "date", "number") for number in range(500, 510)]


def findings(body: dict[str, object], country: str | None = "JP") -> list[tuple[str, str]]:
    text = json.dumps({"to": DIGEST, "templateKey": "shipment_completed_ja", **body}, ensure_ascii=False)
    found = diagnostics(text, "a.json", country)
    return [(one.code, one.path) for one in found if one.code != "PNP218"]


def item(content: str) -> dict[str, object]:
    return {"body": {"items": [{"itemKey": "name_010_ja", "content": content}]}}


def emphasized(content: str) -> dict[str, object]:
    return {"body": {"emphasizedItem": {"itemKey": "name_010_ja", "content": content}}}


@pytest.mark.parametrize("letter", ["a", "漢", "é"])
def test_lengths_of_one_unit_each(letter: str) -> None:
    assert findings(item(letter * 300)) == []
    assert findings(item(letter * 301)) == [("PNP206", "body.items[0].content")]
    assert findings(emphasized(letter * 15)) == []
    assert findings(emphasized(letter * 16)) == [("PNP206", "body.emphasizedItem.content")]


def test_an_astral_character_counts_two() -> None:
    assert findings(emphasized("😀" * 7 + "a")) == []
    assert findings(emphasized("😀" * 8)) == [("PNP206", "body.emphasizedItem.content")]
    assert findings(emphasized("𠮷" * 8)) == [("PNP206", "body.emphasizedItem.content")]
    assert findings(item("👨‍👩‍👧" * 37 + "aaaa")) == []  # 8 units each
    assert findings(item("👨‍👩‍👧" * 37 + "aaaaa")) == [("PNP206", "body.items[0].content")]


def test_urls() -> None:
    """PNP207."""

    def button(url: str) -> dict[str, object]:
        return {"body": {"buttons": [{"buttonKey": "contact_ja", "url": url}]}}

    base = "https://example.com/"
    assert findings(button(base + "a" * (1000 - len(base)))) == []
    assert findings(button(base + "a" * (1001 - len(base)))) == [("PNP207", "body.buttons[0].url")]
    assert findings(button("example.com")) == [("PNP216", "body.buttons[0].url")]
    # Of a request body as it stands braces are text, and no URL can hold them.
    assert findings(button("https://example.com/{{ id }}")) == [("PNP216", "body.buttons[0].url")]


def test_counts() -> None:
    """PNP208, PNP209."""
    items = [{"itemKey": key, "content": "x"} for key in ITEMS]
    assert findings({"body": {"items": items[:15]}}) == []
    assert findings({"body": {"items": items[:16]}}) == [("PNP208", "body.items[15]")]
    with_emphasis = {"items": items[:15], "emphasizedItem": {"itemKey": ITEMS[20], "content": "x"}}
    assert findings({"body": with_emphasis}) == []  # 15 items beside the emphasized one
    assert findings({"body": {"items": [], "buttons": []}}) == []
    assert findings({}) == []


def test_aggregation_units() -> None:
    assert findings({"customAggregationUnits": ["a" * 30]}) == []
    assert findings({"customAggregationUnits": []}) == []
    for wrong in ("a" * 31, "", "a-b", "単位", "a b"):
        assert findings({"customAggregationUnits": [wrong]}) == [("PNP211", "customAggregationUnits[0]")], wrong
    assert findings({"customAggregationUnits": ["a", "b"]}) == [("PNP211", "customAggregationUnits[1]")]
    assert findings({"customAggregationUnits": "a"}) == [("PNP103", "customAggregationUnits")]


@pytest.mark.parametrize(
    "wrong", ["", DIGEST.upper(), DIGEST[:-1], DIGEST + "0", "+818000001234", f"{DIGEST}\n", f" {DIGEST}", "g" * 64]
)
def test_digests(wrong: str) -> None:
    assert findings({"to": wrong}) == [("PNP210", "to")]


def test_the_tag_of_a_spec() -> None:
    """PNP212 and PNP105's cousins: texts of a form."""
    head = "pnpc: 1\nname: a\ncountry: JP\nmessage: {templateKey: shipment_completed_ja}\ndeliveryTag: "

    def of_tag(tag: str) -> list[str]:
        return codes(f'{head}"{tag}"\n')

    assert of_tag("a" * 16) == of_tag("a" * 100) == []
    assert of_tag("a" * 15) == of_tag("a" * 101) == of_tag("a" * 16 + "é") == of_tag(" " + "a" * 16) == ["PNP212"]


def test_a_format_of_a_catalog_date() -> None:
    """PNP105 bad-format."""
    text = "catalog: 1\ncountry: JP\ndate: yesterday\n"
    from pnpc.line.grammar.compiler import check as grammar
    from pnpc.text.nodes import compose

    (document,) = compose(Source("c.yaml", text))
    assert [one.rule for one in grammar("catalog", document, expressions=False)] == ["bad-format"]


# --- LINE's documented bad requests: each is caught at the place that LINE's `property` names ---


def test_unknown_template() -> None:
    assert findings({"templateKey": "reserve_004"}) == [("PNP201", "templateKey")]


def test_unknown_item() -> None:
    assert findings({"body": {"items": [{"itemKey": "datetime_000", "content": "x"}]}}) == [
        ("PNP202", "body.items[0].itemKey")
    ]


def test_duplicate_item() -> None:
    twice = {
        "emphasizedItem": {"itemKey": "date_002_ja", "content": "x"},
        "items": [{"itemKey": "date_002_ja", "content": "x"}],
    }
    assert findings({"body": twice}) == [("PNP204", "body.emphasizedItem.itemKey")]


def test_bad_digest() -> None:
    assert findings({"to": "hello"}) == [("PNP210", "to")]


EXAMPLE = {
    "emphasizedItem": {"itemKey": "date_002_ja", "content": "2024年8月10日(土)"},
    "items": [
        {"itemKey": "time_range_001_ja", "content": "午前中"},
        {"itemKey": "number_001_ja", "content": "1234567"},
        {"itemKey": "price_001_ja", "content": "12,000円"},
        {"itemKey": "name_010_ja", "content": "スープセット（冷凍）"},
    ],
    "buttons": [
        {"buttonKey": "check_delivery_status_ja", "url": "https://example.com/CheckDeliveryStatus/"},
        {"buttonKey": "contact_ja", "url": "https://example.com/ContactUs/"},
    ],
}  # fmt: skip


def test_lines_japanese_example_is_clean() -> None:
    assert findings({"body": EXAMPLE}) == []


def test_lines_english_example_breaks_lines_own_limit() -> None:
    english = {**EXAMPLE, "emphasizedItem": {"itemKey": "date_002_ja", "content": "Saturday, August 10, 2024"}}
    text = json.dumps({"to": DIGEST, "templateKey": "shipment_completed_ja", "body": english}, ensure_ascii=False)
    (found,) = diagnostics(text, "a.json", "JP")
    assert (found.code, found.path, found.message) == (
        "PNP206",
        "body.emphasizedItem.content",
        "`content` is 25 characters, limit 15",
    )


# --- the catalog's honest verdicts ---


@pytest.mark.parametrize(
    ("key", "country", "codes"),
    [
        ("payment_completed_ja", "JP", ["PNP218"]),  # may exist: 11 of 91 are known
        ("shipment_complete_ja", "JP", ["PNP201"]),  # a slip of a known one
        ("shipmentcompleted_ja", "JP", ["PNP201"]),
        ("Shipment_Completed_ja", "JP", ["PNP201"]),
        ("name_010_ja", "JP", ["PNP201"]),  # an item
        ("shipment_completed_ja", "TH", ["PNP214"]),
        ("shipment_completed_th", "TH", ["PNP218"]),  # nothing of Thailand is known
        ("shipment_notice_tw", "TH", ["PNP213"]),
        ("shipment_completed_ja", None, []),
    ],
)
def test_verdicts_on_templates(key: str, country: str | None, codes: list[str]) -> None:
    text = json.dumps({"to": DIGEST, "templateKey": key})
    found = diagnostics(text, "a.json", country)
    assert [one.code for one in found] == codes


@pytest.mark.parametrize(
    ("key", "codes"),
    [("name_011_ja", ["PNP218"]), ("name_10_ja", ["PNP202"]), ("nmae_010_ja", ["PNP202"]), ("fare_002_ja", ["PNP218"])],
)
def test_verdicts_on_items(key: str, codes: list[str]) -> None:
    text = json.dumps(
        {"to": DIGEST, "templateKey": "shipment_completed_ja", "body": {"items": [{"itemKey": key, "content": "x"}]}}
    )
    assert [one.code for one in diagnostics(text, "a.json", "JP")] == codes


@pytest.mark.parametrize(
    ("key", "codes"),
    [
        ("contact_th", ["PNP203"]),
        ("check_shop_location", []),
        ("check_shop_location_ja", ["PNP203"]),
        ("anything", ["PNP203"]),
    ],
)
def test_verdicts_on_buttons_whose_list_is_complete(key: str, codes: list[str]) -> None:
    text = json.dumps(
        {
            "to": DIGEST,
            "templateKey": "shipment_completed_ja",
            "body": {"buttons": [{"buttonKey": key, "url": "https://example.com/"}]},
        }
    )
    assert [one.code for one in diagnostics(text, "a.json", "JP")] == codes
