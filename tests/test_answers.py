"""LINE's 400 answers, each wording that is known, brought to the place in the file."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnpc.language.message import answers, notice
from pnpc.language.message.answers import explain, locate
from pnpc.language.message.notice import Notice
from pnpc.text.finding import Place
from pnpc.text.nodes import compose
from pnpc.text.path import show
from pnpc.text.source import Source

FLEXIBLE = """\
pnpc: 1
name: receipt
country: JP
message:
  messages:
    - type: text
      text: 発送しました
      quickReply:
        items:
          - {type: action, action: {type: message, label: "", text: はい}}
    - type: flex
      altText: 発送しました
      contents:
        type: carousel
        contents:
          - type: bubble
            hero: {type: box, layout: vertical, contents: []}
            footer:
              type: box
              layout: vertical
              contents:
                - {type: button, action: {type: uri, label: 見る, uri: /x}}
            styles: {type: x, "a/b~c": {backgroundColor: "#FFFFFF"}}
    - type: template
      altText: 予約
      template:
        type: carousel
        columns:
          - {title: 本店, text: 予約, actions: [{type: uri, label: 地図, uri: "https://example.com/"}]}
    - {type: textV2, text: "{!owe}"}
  customAggregationUnits: ["a b"]
"""
TEMPLATE = """\
pnpc: 1
name: shipment
country: JP
message:
  templateKey: reserve_004
  body:
    emphasizedItem: {itemKey: date_002_ja, content: 8月10日}
    items:
      - {itemKey: datetime_000, content: 8月10日}
"""


def read(text: str) -> Notice:
    (document,) = compose(Source("x.yaml", text))
    return notice.read(document)


def at(property: str, text: str = FLEXIBLE, message: int | None = None) -> str | None:
    place = locate(property, read(text), message)
    return None if place is None else show(place.path)


@pytest.mark.parametrize(
    ("property", "message", "path"),
    [
        ("messages", None, "message.messages"),
        ("messages[0].text", None, "message.messages[0].text"),
        ("messages[0].quickReply.items[0].action", None, "message.messages[0].quickReply.items[0].action"),
        ("messages[0].quickReply.items[0].action.label", None, "message.messages[0].quickReply.items[0].action.label"),
        ("customAggregationUnits[0]", None, "message.customAggregationUnits[0]"),
        ("/contents/0/footer/contents/0/action/uri", 1, "message.messages[1].contents.contents[0].footer.contents[0].action.uri"),
        ("/contents/0/hero", 1, "message.messages[1].contents.contents[0].hero"),
        ("/contents/0/styles/type", 1, "message.messages[1].contents.contents[0].styles.type"),
        ("/contents/0/styles/a~1b~0c", 1, "message.messages[1].contents.contents[0].styles.a/b~c"),
        ("template/columns/0/title", 2, "message.messages[2].template.columns[0].title"),
        ("template/columns/0/actions/0/uri", 2, "message.messages[2].template.columns[0].actions[0].uri"),
        ("text", 3, "message.messages[3].text"),
        # The only Flex message is meant where LINE names none.
        ("/contents/0/hero", None, "message.messages[1].contents.contents[0].hero"),
        # What the file lacks: the nearest above it.
        ("messages[0].quickReply.items[3].action", None, "message.messages[0].quickReply.items"),
        ("messages[9].text", None, "message.messages"),
        ("/contents/7/footer", 1, "message.messages[1].contents.contents"),
        ("/hero/url", 1, "message.messages[1].contents"),
        ("template/columns/5/title", 2, "message.messages[2].template.columns"),
        ("template/columns/5/title", None, "message.messages"),
        ("/contents/0/x/", 1, "message.messages[1].contents.contents[0]"),
        ("/", 1, "message.messages[1].contents"),
        ("notificationDisabled", None, "message.messages"),
        # What no file holds.
        ("to", None, None),
        ("", None, None),
        (" ", None, None),
        ("a..b[", None, None),
    ],
)  # fmt: skip
def test_each_notation_of_line(property: str, message: int | None, path: str | None) -> None:
    assert at(property, message=message) == path


@pytest.mark.parametrize(
    ("property", "path"),
    [
        ("templateKey", "message.templateKey"),
        ("body.items[0].itemKey", "message.body.items[0].itemKey"),
        ("body.emphasizedItem.itemKey", "message.body.emphasizedItem.itemKey"),
        ("body.buttons[0].url", "message.body"),
        ("to", None),
    ],
)
def test_the_template_kind(property: str, path: str | None) -> None:
    assert at(property, TEMPLATE) == path


def test_a_request_body_a_message_and_a_container_by_themselves() -> None:
    body = '{"messages": [{"type": "flex", "contents": {"type": "bubble", "hero": {"url": "x"}}}]}'
    assert at("/hero/url", body) == "messages[0].contents.hero.url"
    assert at("messages[0].contents", body) == "messages[0].contents"
    message = '{"type": "flex", "contents": {"type": "bubble", "hero": {"url": "x"}}}'
    assert at("/hero/url", message, 0) == "contents.hero.url"
    assert at("messages[0].contents.hero", message) == "contents.hero"
    assert at("contents", message) == "contents"
    container = '{"type": "bubble", "hero": {"url": "x"}}'
    assert at("/hero/url", container, 0) == "hero.url"
    assert at("messages[0].contents.hero.url", container) == "hero.url"
    assert at("messages[0].altText", container) == ""


@given(property=st.text("/[]~.0129\"'ab\\ {}messages", max_size=40) | st.text(), message=st.none() | st.integers(-2, 9))
def test_locate_never_raises(property: str, message: int | None) -> None:
    for text in (FLEXIBLE, TEMPLATE, "{type: bubble}", "{type: text}", "{pnpc: 1}", "{pnpc: 1, message: [a]}"):
        one = read(text)
        place = locate(property, one, message)
        assert place is None or one.tree.node(place.path) is not None


# --- whole answers ---


def told(answer: Any, text: str = FLEXIBLE) -> list[tuple[str, str]]:
    found = explain(answer, read(text))
    assert all(one.rule == "line-refused" for one in found)
    return [(show(one.where.path), str(one.message)) for one in found if isinstance(one.where, Place)]


def details(top: str, *pairs: tuple[str, str]) -> dict[str, Any]:
    return {"message": top, "details": [{"message": message, "property": property} for message, property in pairs]}


@pytest.mark.parametrize(
    "message",
    ["May not be empty", "Length must be between 0 and 5000", "must be specified", "`label` must be specified"]
    + ["Must be one of the following values: [text, image]"],
)
def test_bean_validation(message: str) -> None:
    answer = details("The request body has 1 error(s)", (message, "messages[0].text"))
    assert told(answer) == [("message.messages[0].text", f"LINE: {message}")]


def test_the_number_of_messages() -> None:
    answer = details("The request body has 1 error(s)", ("Size must be between 1 and 5", "messages"))
    assert told(answer) == [("message.messages", "LINE: Size must be between 1 and 5")]


@pytest.mark.parametrize("blank", [" ", "\u00a0"])  # a no-break space was seen after the parenthesis
@pytest.mark.parametrize(
    "message",
    ["invalid property", "unknown field", "must be specified", "must be non-empty text", "invalid uri"]
    + ["invalid uri scheme", "must not be longer than 40 characters", "must not be more than 3 items"]
    + ["size must be between 0 and 1000"],
)
def test_content_validation(message: str, blank: str) -> None:
    top = f"A message (messages[1]){blank}in the request body is invalid"
    property = "/contents/0/footer/contents/0/action/uri"
    path = "message.messages[1].contents.contents[0].footer.contents[0].action.uri"
    assert told(details(top, (message, property))) == [(path, f"LINE: {message}")]
    (finding,) = explain(details(top, (message, property)), read(FLEXIBLE))
    assert str(finding.help) == "LINE's answer begins: A message (messages[1]) in the request body is invalid"


def test_several_details_each_once() -> None:
    top = "A message (messages[2]) in the request body is invalid"
    title = ("must not be longer than 40 characters", "template/columns/0/title")
    uri = ("invalid uri", "template/columns/0/actions/0/uri")
    assert told(details(top, title, uri, title)) == [
        ("message.messages[2].template.columns[0].title", "LINE: must not be longer than 40 characters"),
        ("message.messages[2].template.columns[0].actions[0].uri", "LINE: invalid uri"),
    ]


def test_the_key_in_braces() -> None:
    said = "The key '!owe' enclosed in '{}' does not match the pattern '^[a-zA-Z0-9_]{1,20}$'."
    top = "A message (messages[3]) in the request body is invalid"
    assert told(details(top, (said, "text"))) == [("message.messages[3].text", f"LINE: {said}")]


@pytest.mark.parametrize(
    ("answer", "path"),
    [
        (
            details(
                "Invalid templateKey: reserve_004",
                ("The specified template doesn't exist, or you don't have the permission", "templateKey"),
            ),
            "message.templateKey",
        ),
        (
            details(
                "The request body has 1 invalid key(s).",
                ("The specified item key does not exist: datetime_000", "body.items[0].itemKey"),
            ),
            "message.body.items[0].itemKey",
        ),
        (
            details(
                "The request body has 1 error(s)",
                ("Duplicate itemKey in items or between emphasizedItem and items are not allowed: date_002_ja",)
                + ("body.emphasizedItem.itemKey",),
            ),
            "message.body.emphasizedItem.itemKey",
        ),
    ],
)
def test_documented_answers_of_the_template_kind(answer: dict[str, Any], path: str) -> None:
    assert told(answer, TEMPLATE) == [(path, f"LINE: {answer['details'][0]['message']}")]


def test_the_recipient_has_no_place_in_the_file() -> None:
    answer = details("The request body has 1 error(s)", ("The value must be a valid SHA-256 digest.", "to"))
    assert told(answer, TEMPLATE) == [
        ("message.templateKey", "LINE: The value must be a valid SHA-256 digest. (at `to`)")
    ]


@pytest.mark.parametrize(
    ("message", "path"),
    [
        (
            "The property, messages[0].text, in the request body is invalid (line: 1, column: 9)",
            "message.messages[0].text",
        ),
        ("The request body could not be parsed as JSON (line: 1, column: 9)", "message.messages"),
        ("A message (messages[1]) in the request body is invalid", "message.messages[1]"),
        ("Too large flex message. The maximum size of JSON data is 30 KB", "message.messages"),
        ("This message type is not available for your account", "message.messages"),
        ("", "message.messages"),
    ],
)
def test_an_answer_without_details(message: str, path: str) -> None:
    for answer in ({"message": message}, {"message": message, "details": []}):
        assert told(answer) == [(path, f"LINE: {message or 'no reason given'}")]


ANSWERS = st.recursive(
    st.none() | st.text(max_size=20) | st.integers(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["message", "details", "property"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(answer=st.dictionaries(st.sampled_from(["message", "details", "x"]), ANSWERS))
def test_explain_takes_any_object(answer: dict[str, Any]) -> None:
    for text in (FLEXIBLE, TEMPLATE, "{type: bubble}"):
        one = read(text)
        for finding in explain(json.loads(json.dumps(answer)), one):
            assert str(finding.message).startswith("LINE: ")
            assert isinstance(finding.where, Place)
            assert one.tree.find(finding.where.path) is not None


def test_the_message_that_the_top_line_names() -> None:
    assert answers.message_of({"message": "A message (messages[3])\u00a0in the request body is invalid"}) == 3
    assert answers.message_of({"message": "The request body has 2 error(s)"}) is None
