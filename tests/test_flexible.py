"""The grammar of message objects, edge by edge: lengths in LINE's two units, counts, formats, types, and what is said."""

import json
from typing import Any

import pytest
from conftest import Run

from pnpc.line.bodies import message_types
from pnpc.line.grammar import compiler
from pnpc.line.grammar.units import graphemes, utf16
from pnpc.text.finding import Finding, Place
from pnpc.text.nodes import compose
from pnpc.text.path import show
from pnpc.text.source import Source

FAMILY = "👨‍👩‍👧"
URI = {"type": "uri", "uri": "https://example.com"}
MESSAGE = {"type": "message", "label": "はい", "text": "はい"}
PICTURE = "https://example.com/a.png"
BOX: dict[str, Any] = {"type": "box", "layout": "vertical", "contents": []}
AREA = {"x": 0, "y": 0, "width": 1040, "height": 520}


def check(value: Any, *, schema: str = "message-object", part: str = "#", spec: bool = False) -> list[Finding]:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    (document,) = compose(Source("x", text))
    return compiler.check(schema, document, part=part, expressions=spec)


def rules(value: Any, **more: Any) -> list[tuple[str, str]]:
    """What the grammar finds: the rule, and the place."""
    return [(one.rule, show(one.where.path) if isinstance(one.where, Place) else "") for one in check(value, **more)]


def flex(**bubble: Any) -> dict[str, Any]:
    return {"type": "flex", "altText": "発送", "contents": {"type": "bubble", **bubble}}


def component(one: dict[str, Any]) -> dict[str, Any]:
    return flex(body={**BOX, "contents": [one]})


def template(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": "template", "altText": "発送", "template": {"type": kind, **more}}


def buttons(*actions: dict[str, Any], **more: Any) -> dict[str, Any]:
    return template("buttons", text="発送", actions=list(actions), **more)


def quick(*actions: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "text",
        "text": "a",
        "quickReply": {"items": [{"type": "action", "action": one} for one in actions]},
    }


def imagemap(*actions: dict[str, Any]) -> dict[str, Any]:
    size = {"width": 1040, "height": 1040}
    return {"type": "imagemap", "baseUrl": PICTURE, "altText": "発送", "baseSize": size, "actions": list(actions)}


# --- lengths ---


def test_both_units():
    assert [utf16(text) for text in ("a日é", "🍎", FAMILY, "e\u0301")] == [3, 2, 8, 2]
    assert [graphemes(text) for text in ("a日é", "🍎", FAMILY, "e\u0301", "🇯🇵🇯🇵", "ก็", "\r\n", "각", "क्षि")] == [
        3, 1, 1, 1, 2, 1, 1, 1, 1,
    ]  # fmt: skip


LABEL = {
    "template": (20, lambda text: buttons({**MESSAGE, "label": text}), "template.actions[0].label"),
    "confirm": (
        20,
        lambda text: template("confirm", text="発送", actions=[MESSAGE, {**MESSAGE, "label": text}]),
        "template.actions[1].label",
    ),
    "image carousel": (
        12,
        lambda text: template("image_carousel", columns=[{"imageUrl": PICTURE, "action": {**URI, "label": text}}]),
        "template.columns[0].action.label",
    ),
    "quick reply": (20, lambda text: quick({**MESSAGE, "label": text}), "quickReply.items[0].action.label"),
    "camera": (20, lambda text: quick({"type": "camera", "label": text}), "quickReply.items[0].action.label"),
    "flex button": (
        40,
        lambda text: component({"type": "button", "action": {**URI, "label": text}}),
        "contents.body.contents[0].action.label",
    ),
    "flex box": (40, lambda text: flex(body={**BOX, "action": {**URI, "label": text}}), "contents.body.action.label"),
    "default action": (
        20,
        lambda text: buttons(MESSAGE, defaultAction={**URI, "label": text}),
        "template.defaultAction.label",
    ),
}


@pytest.mark.parametrize("place", LABEL)
def test_a_label_is_counted_in_code_points_and_its_limit_depends_on_the_place(place):
    limit, message, where = LABEL[place]
    for letter in ("a", "日", "🍎", FAMILY, "e\u0301"):
        fitting = letter * (limit // len(letter))
        assert rules(message(fitting)) == [], letter
        assert rules(message(fitting + letter)) == [("text-too-long", where)], letter


@pytest.mark.parametrize("place", LABEL)
def test_a_label_is_not_empty(place):
    _, message, where = LABEL[place]
    assert rules(message("")) == [("empty-text", where)]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (buttons(URI), [("missing-key", "template.actions[0]")]),
        (quick(URI), [("missing-key", "quickReply.items[0].action")]),
        (component({"type": "button", "action": URI}), [("missing-key", "contents.body.contents[0].action")]),
        (flex(body={**BOX, "action": URI}), []),
        (flex(action=URI), []),
        (buttons(MESSAGE, defaultAction=URI), []),
        (template("image_carousel", columns=[{"imageUrl": PICTURE, "action": URI}]), []),
    ],
)
def test_a_label_is_needed_by_place(value, expected):
    assert rules(value) == expected


UTF16 = {
    "text": (5000, lambda text: {"type": "text", "text": text}, "text"),
    "textV2": (5000, lambda text: {"type": "textV2", "text": text}, "text"),
    "altText": (1500, lambda text: {**flex(), "altText": text}, "altText"),
    "alt text of a template": (1500, lambda text: {**buttons(MESSAGE), "altText": text}, "altText"),
    "title of a place": (
        100,
        lambda text: {"type": "location", "title": text, "address": "a", "latitude": 35, "longitude": 139.7},
        "title",
    ),
    "sender": (20, lambda text: {"type": "text", "text": "a", "sender": {"name": text}}, "sender.name"),
    "uri": (10000, lambda text: flex(action={"type": "uri", "uri": text}), "contents.action.uri"),
    "altUri": (10000, lambda text: flex(action={**URI, "altUri": {"desktop": text}}), "contents.action.altUri.desktop"),
    "data": (300, lambda text: flex(action={"type": "postback", "data": text}), "contents.action.data"),
    "clipboard": (
        1000,
        lambda text: flex(action={"type": "clipboard", "clipboardText": text}),
        "contents.action.clipboardText",
    ),
    "imagemap text": (400, lambda text: imagemap({"type": "message", "text": text, "area": AREA}), "actions[0].text"),
    "imagemap label": (
        100,
        lambda text: imagemap({"type": "uri", "linkUri": "tel:1", "label": text, "area": AREA}),
        "actions[0].label",
    ),
    "imagemap link": (
        1000,
        lambda text: imagemap({"type": "uri", "linkUri": text, "area": AREA}),
        "actions[0].linkUri",
    ),
}


@pytest.mark.parametrize("place", UTF16)
def test_what_is_counted_in_utf_16_units(place):
    limit, message, where = UTF16[place]
    assert rules(message("日" * limit)) == []
    assert rules(message("🍎" * (limit // 2))) == []
    assert rules(message("日" * (limit + 1))) == [("text-too-long", where)]
    assert rules(message("🍎" * (limit // 2) + "a")) == [("text-too-long", where)]


CLUSTERS = {
    "text of buttons": (160, lambda text: template("buttons", text=text, actions=[MESSAGE]), "template.text"),
    "title of buttons": (40, lambda text: buttons(MESSAGE, title=text), "template.title"),
    "text of confirm": (240, lambda text: template("confirm", text=text, actions=[MESSAGE] * 2), "template.text"),
    "text of a column": (
        120,
        lambda text: template("carousel", columns=[{"text": text, "actions": [MESSAGE]}]),
        "template.columns[0].text",
    ),
    "title of a column": (
        40,
        lambda text: template("carousel", columns=[{"title": text, "text": "a", "actions": [MESSAGE]}]),
        "template.columns[0].title",
    ),
}


@pytest.mark.parametrize("place", CLUSTERS)
def test_what_is_counted_in_clusters(place):
    limit, message, where = CLUSTERS[place]
    assert rules(message(FAMILY * limit)) == []
    assert rules(message(FAMILY * (limit + 1))) == [("text-too-long", where)]


POINTS = {
    "text of a message action": (
        300,
        lambda text: flex(action={"type": "message", "text": text}),
        "contents.action.text",
    ),
    "displayText": (
        300,
        lambda text: flex(action={"type": "postback", "data": "a", "displayText": text}),
        "contents.action.displayText",
    ),
    "fillInText": (
        300,
        lambda text: flex(action={"type": "postback", "data": "a", "inputOption": "openKeyboard", "fillInText": text}),
        "contents.action.fillInText",
    ),
}


@pytest.mark.parametrize("place", POINTS)
def test_what_is_counted_in_code_points(place):
    limit, message, where = POINTS[place]
    fitting = FAMILY * (limit // len(FAMILY))
    assert rules(message(fitting)) == []
    assert rules(message("🍎" * limit)) == []
    assert rules(message(fitting + FAMILY)) == [("text-too-long", where)]
    assert rules(message("")) == [("empty-text", where)]


EMPTY = {
    "title of buttons": (buttons(MESSAGE, title=""), "template.title"),
    "data": (flex(action={"type": "postback", "data": ""}), "contents.action.data"),
    "name of a sender": ({"type": "text", "text": "a", "sender": {"name": ""}}, "sender.name"),
    "altText": ({**flex(), "altText": ""}, "altText"),
    "address": (
        {"type": "location", "title": "a", "address": "", "latitude": 35, "longitude": 139.7},
        "address",
    ),
    "span": (
        component({"type": "text", "contents": [{"type": "span", "text": ""}]}),
        "contents.body.contents[0].contents[0].text",
    ),
    "text of an area": (imagemap({"type": "message", "text": "", "area": AREA}), "actions[0].text"),
    "label of an area": (
        imagemap({"type": "uri", "linkUri": "tel:1", "label": "", "area": AREA}),
        "actions[0].label",
    ),
}


@pytest.mark.parametrize("what", EMPTY)
def test_an_optional_text_that_is_empty_is_refused(what):
    message, where = EMPTY[what]
    assert rules(message) == [("empty-text", where)]


def test_how_a_length_is_said():
    (finding,) = check(flex(action={"type": "message", "text": "a" * 301}))
    assert str(finding.message) == "`text` is 301 characters, limit 300"
    (finding,) = check(flex(action={"type": "message", "text": FAMILY * 301}))
    assert str(finding.message) == f"`text` is {301 * len(FAMILY)} code points, limit 300"
    (finding,) = check({"type": "text", "text": "🍎" * 2501})
    assert str(finding.message) == "`text` is 5002 UTF-16 units, limit 5000"
    (finding,) = check({"type": "text", "text": ""})
    assert str(finding.message) == "`text` is empty"


# --- counts ---

COLUMN = {"text": "a", "actions": [MESSAGE]}
COUNTS = {
    "quick replies": (13, lambda n: quick(*[MESSAGE] * n), "quickReply.items"),
    "bubbles": (
        12,
        lambda n: {
            "type": "flex",
            "altText": "a",
            "contents": {"type": "carousel", "contents": [{"type": "bubble"}] * n},
        },
        "contents.contents",
    ),
    "columns": (10, lambda n: template("carousel", columns=[COLUMN] * n), "template.columns"),
    "pictures": (
        10,
        lambda n: template("image_carousel", columns=[{"imageUrl": PICTURE, "action": URI}] * n),
        "template.columns",
    ),
    "buttons": (4, lambda n: buttons(*[MESSAGE] * n), "template.actions"),
    "buttons of a column": (
        3,
        lambda n: template("carousel", columns=[{"text": "a", "actions": [MESSAGE] * n}]),
        "template.columns[0].actions",
    ),
    "confirm": (2, lambda n: template("confirm", text="a", actions=[MESSAGE] * n), "template.actions"),
    "areas": (50, lambda n: imagemap(*[{"type": "uri", "linkUri": "tel:1", "area": AREA}] * n), "actions"),
    "emojis": (
        20,
        lambda n: {"type": "text", "text": "$", "emojis": [{"index": 0, "productId": "a", "emojiId": "b"}] * n},
        "emojis",
    ),
}


@pytest.mark.parametrize("what", COUNTS)
def test_how_many_there_may_be(what):
    limit, message, where = COUNTS[what]
    assert rules(message(limit)) == []
    (finding,) = check(message(limit + 1))
    assert isinstance(finding.where, Place)
    assert (finding.rule, show(finding.where.path)) == ("part-count", f"{where}[{limit}]")
    assert str(finding.message) == f"{limit + 1} {where.rpartition('.')[2]}, limit {limit}"


@pytest.mark.parametrize("what", sorted(COUNTS.keys() - {"areas", "emojis", "confirm"}))
def test_there_must_be_one(what):
    _, message, where = COUNTS[what]
    (finding,) = check(message(0))
    assert (finding.rule, show(finding.where.path)) == ("part-count", where)
    assert str(finding.message) == f"0 {where.rpartition('.')[2]}, minimum 1"


def test_a_confirm_template_has_two_actions():
    (finding,) = check(template("confirm", text="a", actions=[MESSAGE]))
    assert (finding.rule, str(finding.message)) == ("part-count", "1 actions, minimum 2")


@pytest.mark.parametrize(("count", "expected"), [(0, "messages"), (1, ""), (5, ""), (6, "messages[5]")])
def test_one_to_five_messages(count, expected):
    request = {"to": "0f" * 32, "messages": [{"type": "text", "text": "a"}] * count}
    assert rules(request, schema="flexible-message") == ([("part-count", expected)] if expected else [])


def test_a_substitution_has_a_name_of_twenty_letters():
    emoji = {"type": "emoji", "productId": "a", "emojiId": "b"}
    for name, fits in (("a" * 20, True), ("A_9", True), ("a" * 21, False), ("!owe", False), ("名", False), ("", False)):
        found = rules({"type": "textV2", "text": "a", "substitution": {name: emoji}})
        assert found == ([] if fits else [("bad-value-format", show(("substitution", name)))]), name
    many = {f"k{number}": emoji for number in range(101)}
    assert rules({"type": "textV2", "text": "a", "substitution": many}) == [("part-count", "substitution")]


# --- formats ---

FORMATS = {
    "color": ("text", ["#1DB446", "#1db44680"], ["#1DB", "1DB446", "red", "#1DB4467", "#GGGGGG", "#1DB446 "]),
    "margin": ("text", ["none", "xxl", "10px", "0px", "1.5px"], ["10%", "3xl", "-1px", "10", "px", "10 px", "XL", ""]),
    "offsetTop": ("text", ["none", "-2px", "10%", "1.5px"], ["-2%", "full", "auto"]),
    "size": ("text", ["xxs", "5xl", "12px"], ["none", "full", "50%", "medium"]),
    "lineSpacing": ("text", ["20px"], ["md", "10%"]),
    "paddingAll": ("box", ["none", "10px", "5%"], ["3xl", "-1px"]),
    "borderWidth": ("box", ["semi-bold", "2px"], ["xs", "10%"]),
    "cornerRadius": ("box", ["xxl", "100px"], ["50%", "full"]),
    "maxWidth": ("box", ["100px", "80%"], ["md", "full"]),
    "aspectRatio": (
        "image",
        ["1:1", "1.91:1", "100000:99999.9"],
        ["1x1", "0:1", "1:100001", "1:", "20:13:1", "{{ a }}"],
    ),
}
BASES = {"text": {"type": "text", "text": "a"}, "box": BOX, "image": {"type": "image", "url": PICTURE}}


@pytest.mark.parametrize("name", FORMATS)
def test_formats(name):
    kind, good, bad = FORMATS[name]
    for value in good:
        assert rules(component({**BASES[kind], name: value})) == [], value
    for value in bad:
        assert rules(component({**BASES[kind], name: value})) == [
            ("bad-value-format", f"contents.body.contents[0].{name}")
        ], value


def test_sizes_of_images_and_icons_differ():
    image = {"type": "image", "url": PICTURE}
    icon = {**image, "type": "icon"}
    for value in ("full", "50%"):
        assert rules(component({**image, "size": value})) == []
        assert rules(component({**icon, "size": value})) != []


@pytest.mark.parametrize(
    ("angle", "fits"),
    [("0deg", True), ("359.9deg", True), ("22.5deg", True), ("360deg", False), ("-1deg", False), ("90", False)],
)
def test_gradients(angle, fits):
    background = {"type": "linearGradient", "angle": angle, "startColor": "#000000", "endColor": "#ffffff"}
    found = rules(flex(body={**BOX, "background": background}))
    assert found == ([] if fits else [("bad-value-format", "contents.body.background.angle")])


@pytest.mark.parametrize("url", ["http://example.com/a.png", "/a.png", "data:image/png;base64,AA", "", "example.com"])
def test_a_link_to_a_file_is_https(url):
    (finding,) = check(component({"type": "image", "url": url}))
    shown = f"; found `{url}`"
    assert finding.rule == "bad-value-format"
    assert str(finding.message) == f"`url` must be an https:// link{shown}"
    assert rules(component({"type": "image", "url": "HTTPS://EXAMPLE.COM/a.png"})) == []


# --- types ---


def test_an_unknown_type_is_one_finding():
    (finding,) = check({"type": "txet", "tet": 1, "quickReply": []})
    assert (finding.rule, str(finding.message)) == ("unknown-type", "`type` can't be `txet`; did you mean `text`?")
    (finding,) = check({"type": "Flex"})
    assert str(finding.message) == "`type` can't be `Flex`; did you mean `flex`?"


def test_of_a_long_list_the_three_nearest_are_named():
    (finding,) = check({"type": "locations_of_shops"})
    *names, rest = str(finding.help).removeprefix("allowed: ").split(", ")
    assert len(names) == 3
    assert set(names) <= set(message_types())
    assert rest == f"… ({len(message_types())} in all)"


def test_of_a_short_list_all_are_named():
    (finding,) = check(component({"type": "button", "action": {**URI, "label": "a"}, "style": "danger"}))
    assert (finding.rule, str(finding.help)) == ("value-not-allowed", "allowed: primary, secondary, link")


@pytest.mark.parametrize(
    ("value", "path", "help"),
    [
        (component({"type": "spacer"}), "contents.body.contents[0].type", "LINE removed `spacer`"),
        (buttons({"type": "camera", "label": "a"}), "template.actions[0].type", "`camera` works in quick replies only"),
        (flex(action={"type": "richmenuswitch"}), "contents.action.type", "`richmenuswitch` works in rich menus only"),
        ({"type": "uri", "uri": "https://example.com"}, "type", "`uri` is an action"),
        (flex(body={"type": "text", "text": "a"}), "contents.body.type", "a header, body or footer is one box"),
        (
            component({"type": "image", "url": PICTURE, "aspectMode": "contain"}),
            "contents.body.contents[0].aspectMode",
            "`contain` belongs to templates",
        ),
    ],
)
def test_common_mistakes_are_explained(value, path, help):
    (finding,) = check(value)
    assert isinstance(finding.where, Place)
    assert show(finding.where.path) == path
    assert str(finding.help).startswith(help)


def test_a_video_takes_a_link_only():
    video = {"type": "video", "url": PICTURE, "previewUrl": PICTURE, "altContent": BOX}
    assert rules(flex(hero={**video, "action": {**URI, "label": "a"}})) == []
    assert rules(flex(hero={**video, "action": MESSAGE})) == [("unknown-type", "contents.hero.action.type")]


def test_no_type_is_one_finding():
    assert rules({"text": "a"}) == [("missing-key", "")]
    (finding,) = check({"tpye": "text", "text": "a"})
    assert (finding.rule, str(finding.message)) == ("unknown-key", "unknown key `tpye`; did you mean `type`?")
    (finding,) = check(component({"style": "link", "size": "md"}))
    assert str(finding.message) == "`contents[0]` lacks the required key `type`"
    assert rules({"type": 5}) == [("wrong-type", "type")]
    assert rules({"type": None}) == [("wrong-type", "type")]
    assert rules({"type": {}}) == [("wrong-type", "type")]
    assert rules([]) == [("wrong-type", "")]


def test_a_type_is_no_place_for_an_expression():
    assert rules('type: "{{ kind }}"', spec=True) == [("expression-not-allowed", "type")]


def test_a_merge_brings_the_type_along():
    text = """\
type: flex
altText: 発送
contents:
  type: bubble
  body:
    type: box
    layout: vertical
    contents:
      - &row {type: text, text: a, size: sm}
      - {<<: *row, text: b}
      - {<<: *row, colour: "#000000"}
"""
    assert rules(text) == [("unknown-key", "contents.body.contents[2].colour")]


def test_keys_set_twice_are_found_in_what_the_grammar_does_not_know():
    assert [one.rule for one in check('{"type": "file", "a": {"b": 1, "b": 2}}')] == ["duplicate-key", "unknown-type"]
    assert [one.rule for one in check('{"type": "text", "type": "text", "text": "a"}')] == ["duplicate-key"]


def test_every_mistake_at_once():
    bubble = {
        "type": "bubble",
        "size": "huge",
        "body": {
            **BOX,
            "layout": "vertcal",
            "contents": [
                {"type": "text", "text": "a", "color": "red", "wrap": "true", "flex": -1},
                {"type": "button", "stile": "link", "action": {"type": "uri", "label": "a" * 41}},
            ],
        },
        "styles": {"body": {"separator": "yes"}},
    }
    assert rules({"type": "flex", "altText": "", "contents": bubble}) == [
        ("empty-text", "altText"),
        ("value-not-allowed", "contents.size"),
        ("value-not-allowed", "contents.body.layout"),
        ("bad-value-format", "contents.body.contents[0].color"),
        ("wrong-type", "contents.body.contents[0].wrap"),
        ("out-of-range", "contents.body.contents[0].flex"),
        ("text-too-long", "contents.body.contents[1].action.label"),
        ("missing-key", "contents.body.contents[1].action"),
        ("unknown-key", "contents.body.contents[1].stile"),
        ("wrong-type", "contents.styles.body.separator"),
    ]


def test_in_a_spec_a_number_or_boolean_may_be_an_expression():
    text = (
        'type: flex\naltText: "{{ a }}"\ncontents: {type: bubble, body: {type: box, layout: vertical, contents: [%s]}}'
    )
    one = '{type: text, text: "{{ b }}", flex: "{{ n }}", wrap: "{{ w }}", color: "{{ c }}", size: "{{ s }}"}'
    assert rules(text % one, spec=True) == []
    assert rules(text % '{type: text, text: a, flex: "1", wrap: "true"}', spec=True) == [
        ("wrong-type", "contents.body.contents[0].flex"),
        ("wrong-type", "contents.body.contents[0].wrap"),
    ]


def test_null_in_place_of_what_may_be_left_out_is_told_apart():
    column = {"title": None, "thumbnailImageUrl": None, **COLUMN}
    assert rules(template("carousel", columns=[column])) == [
        ("null-value", "template.columns[0].title"),
        ("null-value", "template.columns[0].thumbnailImageUrl"),
    ]
    assert rules({"type": "text", "text": None}) == [("wrong-type", "text")]


def test_a_quick_reply_has_no_text_beside_its_data():
    postback = {"type": "postback", "label": "a", "data": "b", "text": "c"}
    (finding,) = check(quick(postback))
    assert str(finding.message) == "`text` is not allowed in a quick reply; use `displayText`"
    assert rules(buttons(postback)) == []


def test_what_is_deprecated_is_no_mistake_of_grammar():
    assert rules(component({"type": "filler", "flex": 1})) == []
    assert rules(buttons({"type": "postback", "label": "a", "data": "b", "text": "c"})) == []


def test_boxes_sixty_deep():
    box: dict[str, Any] = {**BOX, "color": "#000000"}
    for _ in range(60):
        box = {**BOX, "contents": [box]}
    ((rule, path),) = rules(flex(body=box))
    assert rule == "unknown-key"
    assert path.count("contents[0]") == 60


# --- documents that are a part of a request ---

BUBBLE = json.dumps({"type": "bubble", "body": {**BOX, "contents": [{"type": "text", "text": "a", "colour": "#000"}]}})


def codes(pnpc: Run, *args: str, **more: Any) -> list[tuple[str, str]]:
    done = pnpc("check", "--format", "json", *args, **more)
    return [(one["code"], one["path"]) for one in json.loads(done.stdout)["diagnostics"]]


def test_a_bare_container_can_be_checked(tmp_path, pnpc):
    (tmp_path / "bubble.json").write_text(BUBBLE)
    assert ("PNP101", "body.contents[0].colour") in codes(pnpc, "bubble.json")
    (tmp_path / "carousel.json").write_text(json.dumps({"type": "carousel", "contents": [json.loads(BUBBLE)]}))
    assert ("PNP101", "contents[0].body.contents[0].colour") in codes(pnpc, "carousel.json")


def test_a_bare_message_can_be_checked(tmp_path, pnpc):
    (tmp_path / "message.yaml").write_text("type: text\ntext: ご注文の品を発送しました。\n")
    assert codes(pnpc, "message.yaml") == []
    assert codes(pnpc, "-", input='{"type": "text", "text": ""}') == [("PNP306", "text")]


def test_a_request_body_without_recipient_can_be_checked(tmp_path, pnpc):
    (tmp_path / "body.json").write_text('{"messages": [{"type": "text", "text": ""}]}')
    assert codes(pnpc, "body.json") == [("PNP306", "messages[0].text")]


def test_in_a_folder_a_part_of_a_request_is_passed_over(tmp_path, pnpc):
    (tmp_path / "bubble.json").write_text(BUBBLE)
    (tmp_path / "message.json").write_text('{"type": "text", "text": ""}')
    done = pnpc("check", ".")
    assert done.returncode == 2
    assert "2 files passed over" in done.stderr
    (tmp_path / "body.json").write_text('{"to": "%s", "messages": [{"type": "text", "text": ""}]}' % ("0f" * 32))
    assert codes(pnpc, ".") == [("PNP306", "messages[0].text")]


def test_a_document_of_another_type_is_not_ours(tmp_path, pnpc):
    (tmp_path / "other.json").write_text('{"type": "object", "text": "a"}')
    assert codes(pnpc, "other.json") == [("PNP100", "")]


_CONTAINER = "type: bubble\nbody: {type: box, layout: vertical, contents: [{type: text, text: %s, wrap: %s}]}\n"
_JSON_CONTAINER = (
    '{"type": "bubble", "body": {"type": "box", "layout": "vertical",'
    ' "contents": [{"type": "text", "text": %s, "wrap": %s}]}}'
)
_TEXT, _WRAP = "body.contents[0].text", "body.contents[0].wrap"


def test_what_is_sound_one_way_is_asked_again_where_it_is_written_otherwise():
    """A scalar in which nothing was found is not looked at twice; it is where quotes, or JSON, make another of it."""

    def found(text: str) -> list[tuple[str, str]]:
        return rules(text, schema="flex", part="#/$defs/container")

    for _ in range(3):
        assert found(_CONTAINER % ('"012"', "true")) == []
        assert found(_CONTAINER % ("012", "true")) == [("implicit-value", _TEXT)]
        assert found(_JSON_CONTAINER % ('"12"', "true")) == []
        assert found(_CONTAINER % ("12", "true")) == []
        assert found(_JSON_CONTAINER % ("12", "true")) == [("wrong-type", _TEXT)]
        assert found(_CONTAINER % ("a", '"true"')) == [("wrong-type", _WRAP)]
