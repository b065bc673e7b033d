"""The rules about message objects that a grammar can't say: their edges, and the walk that they share."""

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from specs import diagnostics

from pnpc.check.engine import check
from pnpc.check.message import check_notice
from pnpc.language.message import notice
from pnpc.language.message.context import Context
from pnpc.language.message.objects import Object, read, walk
from pnpc.line.catalog import Catalog
from pnpc.line.limits import limits
from pnpc.rules.flexible.sizes import at_most, json_bytes
from pnpc.text.emit import emit
from pnpc.text.finding import Place
from pnpc.text.nodes import compose
from pnpc.text.path import show
from pnpc.text.source import Source

OURS = tuple(f"PNP3{number}" for number in range(10, 35))


def found(*messages: Any, to: bool = True, **more: Any) -> list[tuple[str, str]]:
    """Code and path of what our rules say of a request body."""
    body = {"to": "0" * 64, "messages": list(messages), **more}
    return of_text(json.dumps(body, ensure_ascii=False))


def of_text(text: str) -> list[tuple[str, str]]:
    return [(one.code, one.path) for one in diagnostics(text, "x") if one.code in OURS]


def misplaced(message: Any) -> list[str]:
    """Where a component can't stand, also where a finding about media says all of it."""
    (document,) = compose(Source("x", json.dumps({"messages": [message]})))
    findings = check_notice(notice.read(document), Context(Catalog()))
    return [
        show(one.where.path) for one in findings if one.rule == "misplaced-component" and isinstance(one.where, Place)
    ]


def said(*messages: Any) -> list[str]:
    text = json.dumps({"to": "0" * 64, "messages": list(messages)}, ensure_ascii=False)
    return [one.message for one in diagnostics(text, "x.json") if one.code in OURS]


def spec(messages: str, variables: str = "") -> str:
    return f"pnpc: 1\nname: x\ncountry: JP\n{variables}message:\n  messages:\n{messages}"


def flex(contents: Any) -> dict[str, Any]:
    return {"type": "flex", "altText": "発送しました", "contents": contents}


def bubble(*components: Any, layout: str = "vertical", **more: Any) -> dict[str, Any]:
    return {"type": "bubble", "body": {"type": "box", "layout": layout, "contents": list(components)}, **more}


def buttons(**more: Any) -> dict[str, Any]:
    action = {"type": "uri", "label": "確認", "uri": "https://example.com/"}
    template = {"type": "buttons", "text": "確認", "actions": [action], **more}
    return {"type": "template", "altText": "発送しました", "template": template}


def columns(*given: dict[str, Any]) -> dict[str, Any]:
    action = {"type": "uri", "label": "確認", "uri": "https://example.com/"}
    made = [{"text": "確認", "actions": [action] * one.pop("count", 1), **one} for one in given]
    return {"type": "template", "altText": "発送しました", "template": {"type": "carousel", "columns": made}}


def uri(link: str) -> dict[str, Any]:
    return {"type": "uri", "label": "確認", "uri": link}


TEXT = {"type": "text", "text": "発送しました"}
BODY = "messages[0].contents.body.contents"


# --- the walk ---


def test_each_object_knows_what_it_is_and_where() -> None:
    video = {"type": "video", "url": "x", "previewUrl": "x", "altContent": {"type": "box", "contents": [TEXT]}}
    messages = [
        flex({"type": "carousel", "contents": [{**bubble({**TEXT, "action": uri("x")}), "hero": video}]}),
        {**TEXT, "emojis": [{"index": 0}], "quickReply": {"items": [{"type": "action", "action": uri("x")}]}},
        {"type": "imagemap", "actions": [{"type": "uri", "linkUri": "x", "area": {}}], "video": {"externalLink": {}}},
        {"type": "template", "template": {"type": "image_carousel", "columns": [{"action": uri("x")}]}},
        {"type": "whatever", "odd": {"type": "thing", "inner": [{"url": "x"}]}},
    ]
    (document,) = compose(Source("x", json.dumps({"messages": messages})))
    seen = {show(one.path): (one.role, one.type, one.place) for one in read(notice.read(document)).walk.objects}
    assert seen["messages[0].contents"] == ("container", "carousel", "flex")
    assert seen["messages[0].contents.contents[0]"] == ("container", "bubble", "flex")
    assert seen["messages[0].contents.contents[0].hero.altContent.contents[0]"] == ("component", "text", "flex")
    assert seen["messages[0].contents.contents[0].body.contents[0].action"] == ("action", "uri", "flex")
    assert seen["messages[1].emojis[0]"] == ("emoji", "", "")
    assert seen["messages[1].quickReply.items[0].action"] == ("action", "uri", "quickReply")
    assert seen["messages[2].actions[0]"] == ("action", "uri", "imagemap")
    assert seen["messages[2].video.externalLink"] == ("link", "", "imagemap")
    assert seen["messages[3].template.columns[0].action"] == ("action", "uri", "image_carousel")
    assert seen["messages[4].odd"] == ("other", "thing", "")
    assert seen["messages[4].odd.inner[0]"] == ("other", "", "")


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ('{"type": "text", "text": "a"}', ["message"]),
        ('{"type": "bubble", "body": {"type": "box"}}', ["container", "component"]),
        ("{type: carousel, contents: [{type: bubble}]}", ["container", "container"]),
    ],
)
def test_the_walk_begins_at_a_message_or_a_container_too(text: str, roles: list[str]) -> None:
    (document,) = compose(Source("x", text))
    assert [one.role for one in walk(document.root, (), filled=False).objects] == roles
    assert [one.role for one in read(notice.read(document)).walk.objects] == roles


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["flex", "bubble", "box", "text", "{{ x }}", "", "#"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["type", "contents", "body", "hero", "action", "text", "template", "columns", "actions", "quickReply"]
                + ["items", "emojis", "substitution", "index", "uri", "altUri", "desktop", "styles", "layout", "size"]
                + ["mode", "min", "max", "initial", "<<", "position", "width", "flex", "messages", "background"]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=30,
)


@given(messages=st.lists(JSON, max_size=3), as_spec=st.booleans())
def test_whatever_stands_there_is_walked_and_no_rule_raises(messages: list[Any], as_spec: bool) -> None:
    body = json.dumps({"messages": [{"type": "flex"}, *messages]}, ensure_ascii=False)
    text = f'{{"pnpc": 1, "name": "x", "message": {body}}}' if as_spec else body
    check(Source("x.json", text), Context(Catalog()), {})
    (document,) = compose(Source("x.json", text))
    objects = read(notice.read(document))
    paths = [one.path for one in objects.walk.objects]
    assert len(set(paths)) == len(paths)
    for one in objects.walk.objects:
        assert one.parent is None or one in objects.below(one.parent, one.slot)


def test_an_object_tells_what_is_missing_from_what_is_null() -> None:
    (document,) = compose(Source("x", '{"a": null, "b": "null", "c": "{{ x }}", "d": true, "e": [1]}'))
    assert document.root is not None
    one = Object(document.root, (), "message", filled=True)
    assert [one.has(name) for name in "abcdefg"] == [False, True, True, True, True, False, False]
    assert [one.text(name) for name in "abcde"] == [None, "null", "{{ x }}", "true", None]
    assert [one.fixed(name) for name in "abc"] == [None, "null", None]
    assert Object(document.root, (), "message", filled=False).fixed("c") == "{{ x }}"


# --- nesting ---


@pytest.mark.parametrize(
    ("layout", "allowed"),
    [
        ("horizontal", {"box", "button", "image", "text", "separator", "filler"}),
        ("vertical", {"box", "button", "image", "text", "separator", "filler"}),
        ("baseline", {"icon", "text", "filler"}),
    ],
)
def test_what_a_box_may_hold_depends_on_its_layout(layout: str, allowed: set[str]) -> None:
    for kind in ("box", "button", "image", "video", "icon", "text", "span", "separator", "filler"):
        at = "messages[0].contents.body.contents[0].type"
        assert misplaced(flex(bubble({"type": kind}, layout=layout))) == ([] if kind in allowed else [at]), kind


@pytest.mark.parametrize("size", ["nano", "micro", "deca", "hecto", "kilo", "mega", "giga", None])
def test_a_video_is_the_hero_of_a_large_bubble(size: str | None) -> None:
    one = {**bubble(TEXT), "hero": {"type": "video"}} | ({"size": size} if size else {})
    small = size in ("nano", "micro", "deca", "hecto")
    assert misplaced(flex(one)) == (["messages[0].contents.hero.type"] if small else [])


def test_a_video_is_no_hero_in_a_carousel() -> None:
    one = {**bubble(TEXT), "hero": {"type": "video"}}
    assert misplaced(flex({"type": "carousel", "contents": [one]})) == ["messages[0].contents.contents[0].hero.type"]


# --- templates ---


def test_columns_that_differ() -> None:
    at = "messages[0].template.columns[1]"
    assert found(columns({"count": 2}, {"count": 2})) == []
    assert found(columns({"count": 2}, {"count": 3})) == [("PNP311", f"{at}.actions")]
    assert found(columns({"title": "a"}, {})) == [("PNP311", at)]
    assert found(columns({}, {"title": "a"})) == [("PNP311", f"{at}.title")]
    assert found(columns({}, {"title": None})) == []  # null is none


@pytest.mark.parametrize(("kind", "alone"), [("buttons", 160), ("carousel", 120)])
def test_a_title_or_an_image_shortens_the_text(kind: str, alone: int) -> None:
    def codes(text: str, **more: str) -> list[str]:
        message = buttons(text=text, **more) if kind == "buttons" else columns({"text": text, **more})
        return [code for code, _ in found(message)]

    beside = limits()["templateText"]["column" if kind == "carousel" else kind]
    family = "👨‍👩‍👧"  # one character as people see it, eight UTF-16 units
    assert codes("あ" * alone) == []
    for more in ({"title": "a"}, {"thumbnailImageUrl": "https://example.com/a.png"}):
        assert codes("あ" * beside, **more) == []
        assert codes(family * beside, **more) == []
        assert codes("あ" * (beside + 1), **more) == ["PNP312"]
        assert codes("あ" * (alone + 1), **more) == []  # the grammar tells of that one


# --- texts ---


def test_a_flex_text_says_something() -> None:
    assert found(flex(bubble({"type": "text", "text": "a", "contents": []}))) == []
    assert found(flex(bubble({"type": "text", "contents": [{"type": "span", "text": "a"}]}))) == []
    assert found(flex(bubble({"type": "text", "contents": []}))) == [("PNP313", f"{BODY}[0].type")]
    assert found(flex(bubble({"type": "text", "text": ""}))) == [("PNP313", f"{BODY}[0].text")]
    both = {"type": "text", "text": "a", "contents": [{"type": "span", "text": "b"}]}
    assert found(flex(bubble(both))) == [("PNP314", f"{BODY}[0].text")]


def v2(text: str, *keys: str) -> dict[str, Any]:
    emoji = {"type": "emoji", "productId": "p", "emojiId": "1"}
    return {"type": "textV2", "text": text, "substitution": dict.fromkeys(keys, emoji)}


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        (v2("a{k}b", "k"), []),
        (v2("{{k}}"), []),  # braces that people read
        (v2("{{{k}}}", "k"), []),
        (v2("{k}}}", "k"), []),
        (v2("{k"), ["`{` is never closed"]),
        (v2("k}"), ["`}` was never opened"]),
        (v2("{}"), ["`` must be a name of 1 to 20 letters, digits and _"]),
        (v2("{" + "k" * 20 + "}", "k" * 20), []),
        (v2("{" + "k" * 21 + "}"), [f"`{'k' * 21}` must be a name of 1 to 20 letters, digits and _"]),
        (v2("{名}"), ["`名` must be a name of 1 to 20 letters, digits and _"]),
        (
            v2("{nmae}", "name"),
            ["`substitution` has no `nmae`; did you mean `name`?", "the text does not contain `{name}`"],
        ),
        (v2("a", "k"), ["the text does not contain `{k}`"]),
    ],
)
def test_braces_of_a_request_body_are_lines(message: dict[str, Any], expected: list[str]) -> None:
    assert said(message) == expected


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("{{ x }} {k}", ["PNP315"]),
        ("{{ '{{' }}k{{ '}}' }}", []),
        ("{{ '{k}' }}", []),
        ("{k {{ x }}", ["PNP315"]),
        ("a}} {{ x }}", []),
    ],
)
def test_two_braces_of_a_spec_are_an_expression(text: str, codes: list[str]) -> None:
    variables = "variables:\n  x: {type: string, maxLength: 5, example: a}\n" if " x " in text else ""
    assert [code for code, _ in of_text(spec(f'    - {{type: textV2, text: "{text}"}}\n', variables))] == codes


@pytest.mark.parametrize(
    ("text", "index", "fits"),
    [
        ("$", 0, True), ("a$", 1, True), ("a$", 0, False), ("😀$", 2, True), ("😀$", 1, False),
        ("$", 1, False), ("$", 10**12, False), ("＄", 0, False), ("\ud7ff$", 1, True),
    ],
)  # fmt: skip
def test_an_emoji_points_at_a_dollar(text: str, index: int, fits: bool) -> None:
    emoji = {"index": index, "productId": "p", "emojiId": "1"}
    expected = [] if fits else [("PNP317", "messages[0].emojis[0].index")]
    assert found({"type": "text", "text": text, "emojis": [emoji]}) == expected


def test_an_emoji_in_a_text_with_expressions_is_judged_as_the_example_fills_it() -> None:
    variables = "variables:\n  x: {type: string, maxLength: 5, example: a}\n"
    message = '    - {type: text, text: "{{ x }}$", emojis: [{index: 1, productId: p, emojiId: "1"}]}\n'
    assert of_text(spec(message, variables)) == []
    wrong = of_text(spec(message.replace("index: 1", "index: 99"), variables))
    assert wrong == [("PNP317", "message.messages[0].emojis[0].index")]  # as the example fills it, and any other text


def test_a_line_break_needs_wrap() -> None:
    assert found(flex(bubble({"type": "text", "text": "a\nb", "wrap": True}))) == []
    assert found(flex(bubble({"type": "text", "text": "a\n"}))) == []
    assert found(flex(bubble({"type": "text", "text": "a\nb", "wrap": False}))) == [("PNP329", f"{BODY}[0].text")]
    spans = {"type": "text", "contents": [{"type": "span", "text": "a\nb"}]}
    assert found(flex(bubble(spans))) == [("PNP329", f"{BODY}[0].contents[0].text")]


# --- pickers ---


@pytest.mark.parametrize(
    ("mode", "dates", "expected"),
    [
        ("date", {"min": "1900-01-01", "max": "2100-12-31", "initial": "2000-02-29"}, []),
        ("date", {"min": "1899-12-31"}, [("PNP318", "min")]),
        ("date", {"max": "2101-01-01"}, [("PNP318", "max")]),
        ("date", {"initial": "2001-02-29"}, [("PNP318", "initial")]),
        ("date", {"initial": "2024-08-10T00:00"}, [("PNP318", "initial")]),
        ("date", {"initial": "２024-08-10"}, [("PNP318", "initial")]),
        ("date", {"min": "2024-01-02", "max": "2024-01-02"}, [("PNP318", "max")]),
        ("date", {"min": "2024-01-02", "initial": "2024-01-01"}, [("PNP319", "initial")]),
        ("date", {"max": "2024-01-02", "initial": "2024-01-03"}, [("PNP319", "initial")]),
        ("date", {"min": "2024-01-02", "max": "2024-01-03", "initial": "2024-01-03"}, []),
        ("time", {"min": "00:00", "max": "23:59", "initial": "12:30"}, []),
        ("time", {"initial": "24:00"}, [("PNP318", "initial")]),
        ("time", {"initial": "9:00"}, [("PNP318", "initial")]),
        ("datetime", {"min": "2024-01-01t00:00", "max": "2024-01-01T00:01"}, []),
        ("datetime", {"min": "2024-01-01T00:01", "max": "2024-01-01t00:00"}, [("PNP318", "max")]),
        ("datetime", {"initial": "2024-01-01 00:00"}, [("PNP318", "initial")]),
        ("datetime", {"initial": "2024-01-01"}, [("PNP318", "initial")]),
        ("datetime", {"initial": "2024-01-01T00:60"}, [("PNP318", "initial")]),
    ],
)
def test_dates_of_pickers(mode: str, dates: dict[str, str], expected: list[tuple[str, str]]) -> None:
    picker = {"type": "datetimepicker", "label": "選ぶ", "data": "a", "mode": mode, **dates}
    at = "messages[0].template.actions[0]."
    assert found(buttons(actions=[picker])) == [(code, at + name) for code, name in expected]


# --- URIs ---


@pytest.mark.parametrize(
    ("link", "in_template", "in_flex"),
    [
        ("https://example.com/", None, None),
        ("HTTPS://example.com", None, None),
        ("http://example.com", None, None),
        ("tel:0312345678", None, None),
        ("https://line.me/R/", None, None),
        ("line://ti/p/@x", "PNP327", "PNP327"),
        ("myshop://x", "PNP320", "PNP321"),
        ("mailto:a@example.com", "PNP320", "PNP321"),
        ("/orders/1", "PNP320", "PNP320"),
        ("example.com/x", "PNP320", "PNP320"),
        ("https://", "PNP320", "PNP320"),
        ("https:///x", "PNP320", "PNP320"),
        ("https://example.com/a b", "PNP320", "PNP320"),
    ],
)
def test_schemes_by_place(link: str, in_template: str | None, in_flex: str | None) -> None:
    assert [code for code, _ in found(buttons(actions=[uri(link)]))] == ([in_template] if in_template else [])
    action = {"type": "button", "action": uri(link)}
    assert [code for code, _ in found(flex(bubble(action)))] == ([in_flex] if in_flex else [])
    reply = {**TEXT, "quickReply": {"items": [{"type": "action", "action": uri(link)}]}}
    assert [code for code, _ in found(reply)] == ([in_template] if in_template else [])


@pytest.mark.parametrize(
    ("link", "codes"),
    [
        ("{{ x }}", []),
        ("https://{{ x }}/", []),
        ("https://example.com/{{ x }}", []),
        ("my{{ x }}", []),
        ("/orders/{{ x }}", ["PNP320"]),
        ("myshop://{{ x }}", ["PNP320"]),
        ("https://example.com/a b/{{ x }}", ["PNP320"]),
    ],
)
def test_a_uri_with_expressions_is_judged_by_what_is_sure(link: str, codes: list[str]) -> None:
    variables = "variables:\n  x: {type: string, maxLength: 5, example: a}\n"
    action = f'{{type: uri, label: a, uri: "{link}"}}'
    message = f"    - {{type: template, altText: a, template: {{type: buttons, text: a, actions: [{action}]}}}}\n"
    assert [code for code, _ in of_text(spec(message, variables))] == codes


def test_other_places_of_a_uri() -> None:
    desktop = {**uri("https://example.com/"), "altUri": {"desktop": "/x"}}
    assert ("PNP320", f"{BODY}[0].action.altUri.desktop") in found(flex(bubble({"type": "button", "action": desktop})))
    area = {"x": 0, "y": 0, "width": 1, "height": 1}
    imagemap = {"type": "imagemap", "actions": [{"type": "uri", "linkUri": "myshop://x", "area": area}]}
    assert ("PNP320", "messages[0].actions[0].linkUri") in found(imagemap)


# --- sizes ---


@given(value=JSON)
def test_bytes_are_those_of_compact_json(value: Any) -> None:
    (document,) = compose(Source("x", json.dumps(value, ensure_ascii=False)))
    assert document.root is not None
    compact = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    assume('"<<"' not in compact)
    assert json_bytes(document.root, False, {}) == len(compact.encode())


@given(value=JSON, flow=st.booleans())
def test_no_text_has_more_bytes_than_are_allowed_for(value: Any, flow: bool) -> None:
    text = json.dumps(value, ensure_ascii=flow)
    (document,) = compose(Source("x", text))
    assert document.root is not None
    if not flow:
        text = "\n".join(emit(document.root, 0, lambda one: one))
        (document,) = compose(Source("x", text))
    assert document.root is not None
    assert json_bytes(document.root, False, {}) <= at_most(text)


@pytest.mark.parametrize(
    "text", ["a:\nb:\n", "[a,b,c,,]", "{a,b,c}", '"\\0\\0\\0"', "- \n- \n", "a\tb", '\'"""\'', "- &a [b,c,d]\n- *a"]
)
def test_short_yaml_becomes_longer_json(text: str) -> None:
    (document,) = compose(Source("x", text.replace(",,", ",")))
    assert document.root is not None
    assert len(text) < json_bytes(document.root, False, {}) <= at_most(text)


def test_merged_members_are_counted_where_they_are_brought_in() -> None:
    (document,) = compose(Source("x", "- &a {b: c}\n- {<<: *a, d: 1}\n"))
    assert document.root is not None
    assert json_bytes(document.root, False, {}) == len('[{"b":"c"},{"b":"c","d":1}]')


def padded(bytes_: int, wrap: Any) -> Any:
    """A container of exactly so many bytes of compact JSON, kanji and emoji in it."""
    filled = wrap(bubble({"type": "text", "text": "字😀"}))
    missing = bytes_ - len(json.dumps(filled, ensure_ascii=False, separators=(",", ":")).encode())
    return wrap(bubble({"type": "text", "text": "字😀" + "a" * missing}))


@pytest.mark.parametrize("kind", ["bubble", "carousel"])
def test_the_limits_of_a_container(kind: str) -> None:
    edge = limits()["flexBytes"][kind]
    assert edge == {"bubble": {"limit": 30720, "near": 30000}, "carousel": {"limit": 51200, "near": 50000}}[kind]

    def codes(bytes_: int) -> list[str]:
        if kind == "bubble":
            return [code for code, _ in found(flex(padded(bytes_, lambda one: one)))]
        many = [bubble({"type": "text", "text": "a" * 12_000}) for _ in range(3)]
        return [
            code for code, _ in found(flex(padded(bytes_, lambda one: {"type": "carousel", "contents": [*many, one]})))
        ]

    assert codes(edge["near"]) == []
    assert codes(edge["near"] + 1) == ["PNP323"]
    assert codes(edge["limit"]) == ["PNP323"]
    assert codes(edge["limit"] + 1) == ["PNP322"]


def test_a_large_bubble_in_a_carousel_is_in_doubt() -> None:
    one = padded(31_000, lambda one: one)
    at = "messages[0].contents.contents[0]"
    assert found(flex({"type": "carousel", "contents": [one]})) == [("PNP323", at)]
    (message,) = said(flex({"type": "carousel", "contents": [one]}))
    assert message == "the bubble in a carousel takes 31,000 bytes of JSON, limit 30,720"


def test_what_an_expression_becomes_is_not_counted() -> None:
    variables = "variables:\n  x: {type: string, maxLength: 5, example: a}\n"
    text = "a" * 29_800 + "{{ x }}" * 100
    message = (
        "    - type: flex\n      altText: a\n      contents:\n        type: bubble\n        body:\n          type: box\n"
        f'          layout: vertical\n          contents: [{{type: text, text: "{text}"}}]\n'
    )
    assert of_text(spec(message, variables)) == []


def test_aliases_are_written_out_before_they_are_counted() -> None:
    part = '&a {type: text, text: "' + "a" * 11_000 + '"}'
    text = f"messages: [{{type: flex, altText: a, contents: {{type: bubble, body: {{type: box, layout: vertical, contents: [{part}, *a, *a]}}}}}}]"
    assert [code for code, _ in of_text(f"to: {'0' * 64}\n{text}\n")] == ["PNP322"]


# --- the whole message ---


def test_bubbles_of_a_carousel_have_one_size() -> None:
    def codes(*sizes: str | None) -> list[str]:
        made = [bubble(TEXT) | ({"size": size} if size else {}) for size in sizes]
        return [path for _, path in found(flex({"type": "carousel", "contents": made}))]

    assert codes("mega", None, "mega") == []
    assert codes("kilo", "kilo") == []
    assert codes("kilo", None) == ["messages[0].contents.contents[1]"]
    assert codes(None, "kilo", "mega", "nano") == [f"messages[0].contents.contents[{index}].size" for index in (1, 3)]


def test_only_the_last_quick_reply_is_shown() -> None:
    reply = {**TEXT, "quickReply": {"items": [{"type": "action", "action": uri("https://example.com")}]}}
    assert found(TEXT, reply) == []
    assert found(reply, reply, TEXT) == [("PNP325", f"messages[{index}].quickReply") for index in (0, 1)]


def test_what_a_notification_can_never_hold() -> None:
    mention = {
        "type": "textV2",
        "text": "{a}",
        "substitution": {"a": {"type": "mention", "mentionee": {"type": "all"}}},
    }
    assert found({**mention, "quoteToken": "t"}) == [
        ("PNP326", "messages[0].substitution.a.type"),
        ("PNP326", "messages[0].quoteToken"),
    ]


def test_counts_over_a_whole_message() -> None:
    animated = {"type": "image", "url": "https://example.com/a.png", "animated": True}
    still = {**animated, "animated": False}

    def images(*counts: int) -> dict[str, Any]:
        return flex({"type": "carousel", "contents": [bubble(*[animated] * count, still) for count in counts]})

    assert found(images(5, 5), images(10)) == []
    assert found(images(5), images(5, 6)) == [("PNP332", "messages[1].contents.contents[1].body.contents[5].animated")]
    keys = [f"k{index}" for index in range(21)]
    text = "".join(f"{{{key}}}" for key in keys)
    assert found(v2(text.replace("{k20}", ""), *keys[:20])) == []
    assert found(v2(text, *keys)) == [("PNP332", "messages[0].substitution.k20.type")]


def test_no_effect() -> None:
    def paths(*messages: Any) -> list[str]:
        return [path for code, path in found(*messages) if code == "PNP328"]

    at = "messages[0].template"
    assert paths(buttons(imageSize="cover", imageAspectRatio="square")) == [f"{at}.imageSize", f"{at}.imageAspectRatio"]
    image = {"thumbnailImageUrl": "https://example.com/a.png"}
    assert paths(buttons(imageSize="cover", **image)) == []
    postback = {"type": "postback", "label": "a", "data": "a", "fillInText": "a"}
    assert paths(buttons(actions=[postback])) == [f"{at}.actions[0].fillInText"]
    assert paths(buttons(actions=[{**postback, "inputOption": "openKeyboard"}])) == []
    gradient = {"type": "linearGradient", "angle": "0deg", "startColor": "#FFFFFF", "endColor": "#000000"}
    box = {"type": "box", "layout": "vertical", "contents": [], "background": {**gradient, "centerPosition": "10%"}}
    assert paths(flex(bubble(box))) == [f"{BODY}[0].background.centerPosition"]


@pytest.mark.parametrize(
    ("layout", "child", "idle"),
    [
        ("horizontal", {}, True), ("horizontal", {"flex": 0}, False), ("horizontal", {"flex": 1}, True),
        ("vertical", {}, False), ("vertical", {"flex": 1}, True), ("baseline", {}, True),
    ],
)  # fmt: skip
def test_justified_content_needs_free_space(layout: str, child: dict[str, Any], idle: bool) -> None:
    box = {"type": "box", "layout": layout, "justifyContent": "center", "contents": [{**TEXT, **child}]}
    expected = [("PNP328", f"{BODY}[0].justifyContent")] if idle else []
    assert found(flex(bubble(box))) == expected


def test_boxes_and_bubbles() -> None:
    assert found(flex({"type": "bubble"})) == [("PNP330", "messages[0].contents.type")]
    absolute = {"type": "box", "layout": "vertical", "contents": [], "position": "absolute"}
    assert found(flex(bubble(absolute))) == [("PNP331", f"{BODY}[0].position")]
    assert found(flex(bubble(TEXT, absolute))) == []
    inner = {"type": "box", "layout": "vertical", "contents": [absolute]}
    assert found(flex(bubble(inner))) == []


def test_a_bubble_by_itself_is_judged_as_in_a_message() -> None:
    assert of_text(json.dumps(bubble({"type": "span", "text": "a"}))) == [("PNP310", "body.contents[0].type")]
