"""Media: every way a picture, a video or a sound can reach a reader, row by row, also where the grammar fails already.

The rows are those of LINE's message objects: image message (1) to LINE's own pictures (32, outside the request).
"""

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Run
from jsonschema import Draft202012Validator

from pnpc import rules
from pnpc.check.engine import check
from pnpc.data import read_json
from pnpc.language.message.context import Context
from pnpc.line.catalog import Catalog
from pnpc.line.grammar.schema import load
from pnpc.rules.listing import ALL
from pnpc.rules.shared.media import allowed
from pnpc.text.source import Source

TO = "d41e0ad70dddfeb68f149ad6fc61574b9c5780ab7bcb2fba5517771ffbb2409c"
JPG = "https://shop.example.com/parcel.jpg"
HTTPS = "https://shop.example.com/a"
LOGO = "https://vos.line-scdn.net/lon-msg-dsgn/lon-logo-white.png"
GRAMMAR = ("message-object", "template-object", "flex", "imagemap", "action", "flexible-message")
CERTAIN = ("image", "video", "audio", "imagemap", "template-image", "icon", "unknown-media")
PROBABLE = ("quick-reply-icon", "sender-icon", "sticker", "coupon")
UNCERTAIN = ("line-emoji", "link-preview", "media-link", "location-map", "asks-for-media")


def found(*messages: Any, hosts: tuple[str, ...] = ()) -> list[str]:
    """The media findings about a request body: code, and path below `messages`."""
    return media(json.dumps({"to": TO, "messages": messages}, ensure_ascii=False), hosts)


def media(text: str, hosts: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{one.code} {one.path.partition('messages')[2] or one.path}"
        for one in diagnostics(text, hosts)
        if one.code.startswith("PNP4")
    ]


def diagnostics(text: str, hosts: tuple[str, ...] = ()) -> Any:
    return check(Source("x.yaml", text), Context(Catalog(), "JP", media_hosts=hosts), {}).diagnostics


def text(**more: Any) -> dict[str, Any]:
    return {"type": "text", "text": "発送しました", **more}


def flex(*contents: Any, layout: str = "vertical", **bubble: Any) -> dict[str, Any]:
    body = {"type": "box", "layout": layout, "contents": list(contents)}
    return {"type": "flex", "altText": "発送", "contents": {"type": "bubble", "body": body, **bubble}}


def box(*contents: Any, layout: str = "vertical", **more: Any) -> dict[str, Any]:
    return {"type": "box", "layout": layout, "contents": list(contents), **more}


def template(**more: Any) -> dict[str, Any]:
    return {"type": "template", "altText": "発送", "template": {"text": "発送", "actions": [link()], **more}}


def link(uri: str = HTTPS, **more: Any) -> dict[str, Any]:
    return {"type": "uri", "label": "確認", "uri": uri, **more}


IMAGE = {"type": "image", "url": JPG}
ICON = {"type": "icon", "url": JPG}
WORD = {"type": "text", "text": "発送"}
HERO = {"type": "video", "url": "https://x.example.com/a.mp4", "previewUrl": JPG, "altContent": box(WORD)}
BODY = "[0].contents.body.contents"

ROWS: list[tuple[str, dict[str, Any], list[str]]] = [
    ("1", {"type": "image", "originalContentUrl": JPG, "previewImageUrl": JPG}, ["PNP401 [0].type"]),
    ("1-lonely", {"type": "image"}, ["PNP401 [0].type"]),
    ("2", {"type": "video", "originalContentUrl": JPG, "previewImageUrl": JPG}, ["PNP402 [0].type"]),
    ("3", {"type": "audio", "originalContentUrl": HTTPS, "duration": 1000}, ["PNP403 [0].type"]),
    ("4", {"type": "imagemap", "baseUrl": HTTPS, "altText": "地図"}, ["PNP404 [0].type"]),
    (
        "5",
        {"type": "imagemap", "baseUrl": HTTPS, "video": {"originalContentUrl": HTTPS, "previewImageUrl": JPG}},
        ["PNP404 [0].type", "PNP404 [0].video.originalContentUrl"],
    ),
    ("6", template(type="buttons", thumbnailImageUrl=JPG), ["PNP405 [0].template.thumbnailImageUrl"]),
    (
        "7",
        template(type="carousel", columns=[{"text": "一"}, {"text": "二", "thumbnailImageUrl": JPG}]),
        ["PNP405 [0].template.columns[1].thumbnailImageUrl"],
    ),
    (
        "8",
        template(type="image_carousel", columns=[{"imageUrl": JPG, "action": link()}]),
        ["PNP405 [0].template.columns[0].imageUrl"],
    ),
    ("9", flex(WORD, hero=IMAGE), ["PNP401 [0].contents.hero.type"]),
    ("10-header", flex(header=box(IMAGE)), ["PNP401 [0].contents.header.contents[0].type"]),
    ("10-nested", flex(box(box(box(IMAGE)))), [f"PNP401 {BODY}[0].contents[0].contents[0].contents[0].type"]),
    (
        "10-carousel",
        {
            "type": "flex",
            "altText": "発送",
            "contents": {"type": "carousel", "contents": [flex(WORD)["contents"], flex(IMAGE)["contents"]]},
        },
        ["PNP401 [0].contents.contents[1].body.contents[0].type"],
    ),
    ("11", flex({**IMAGE, "animated": True}), [f"PNP401 {BODY}[0].type"]),
    ("12", flex(hero=HERO), ["PNP402 [0].contents.hero.type"]),
    (
        "13-image",
        flex(hero={**HERO, "altContent": IMAGE}),
        ["PNP402 [0].contents.hero.type", "PNP401 [0].contents.hero.altContent.type"],
    ),
    (
        "13-hidden",
        flex(hero={**HERO, "altContent": box(box(IMAGE), box(ICON, layout="baseline"))}),
        [
            "PNP402 [0].contents.hero.type",
            "PNP401 [0].contents.hero.altContent.contents[0].contents[0].type",
            "PNP406 [0].contents.hero.altContent.contents[1].contents[0].type",
        ],
    ),
    ("14", flex(ICON, WORD, layout="baseline"), [f"PNP406 {BODY}[0].type"]),
    ("15-icon", flex(ICON), [f"PNP406 {BODY}[0].type"]),
    ("15-video", flex(HERO), [f"PNP402 {BODY}[0].type"]),
    ("15-image", flex(IMAGE, layout="baseline"), [f"PNP401 {BODY}[0].type"]),
    ("15-contents", flex({**WORD, "contents": [IMAGE]}), [f"PNP401 {BODY}[0].contents[0].type"]),
    ("15-styles", flex(WORD, styles={"body": IMAGE}), ["PNP401 [0].contents.styles.body.type"]),
    ("15-action", flex({**WORD, "action": {"type": "audio", "url": HTTPS}}), [f"PNP403 {BODY}[0].action.type"]),
    ("15-no-list", flex(box(contents=IMAGE) | {"contents": IMAGE}), [f"PNP401 {BODY}[0].contents.type"]),
    ("16-key", flex(box(WORD, backgroundImage=JPG)), [f"PNP407 {BODY}[0].backgroundImage"]),
    ("16-icon", flex({**WORD, "icon": "//cdn.example.com/i"}), [f"PNP407 {BODY}[0].icon"]),
    ("16-object", flex(box(WORD, thumbnail={"src": JPG})), [f"PNP407 {BODY}[0].thumbnail.src"]),
    ("16-list", text(pictures=[JPG, JPG]), ["PNP407 [0].pictures[0]"]),
    ("16-file", text(thumbnail="img/parcel.webp"), ["PNP407 [0].thumbnail"]),
    ("16-background", flex(box(background={"type": "image", "url": JPG})), [f"PNP401 {BODY}[0].background.type"]),
    ("16-pattern", flex(box(background={"type": "tiles", "url": JPG})), [f"PNP407 {BODY}[0].background.url"]),
    (
        "16-gradient",
        flex(box(background={"type": "linearGradient", "angle": "0deg", "url": JPG})),
        [f"PNP407 {BODY}[0].background.url"],
    ),
    ("16-name", flex({"type": "button", "iconURL": JPG, "action": link()}), [f"PNP407 {BODY}[0].iconURL"]),
    ("16-no-type", flex({"url": HTTPS}), [f"PNP407 {BODY}[0].url"]),
    ("16-nested", text(extra={"more": [{"deep": {"type": "image", "url": JPG}}]}), ["PNP401 [0].extra.more[0].deep.type"]),
    ("17-message", {"type": "gallery", "href": HTTPS, "uri": HTTPS}, ["PNP407 [0].href"]),
    ("17-template", template(type="hero", imageUri=HTTPS), ["PNP407 [0].template.imageUri"]),
    ("17-component", flex({"type": "lottie", "source": {"href": HTTPS}}), [f"PNP407 {BODY}[0].source.href"]),
    ("17-link", flex({"type": "gif", "uri": HTTPS}), [f"PNP407 {BODY}[0].uri"]),
    ("17-blank", {"type": "Image ", "originalContentUrl": JPG}, ["PNP401 [0].type"]),
    ("17-case", flex({"type": "IMAGE", "url": JPG}), [f"PNP401 {BODY}[0].type"]),
    ("17-width", {"type": "ｓticker", "packageId": "1", "stickerId": "1"}, ["PNP410 [0].type"]),
    ("17-hyphen", {"type": "image-map", "baseUrl": HTTPS}, ["PNP404 [0].type"]),
    (
        "18",
        text(quickReply={"items": [{"type": "action", "imageUrl": JPG, "action": link()}]}),
        ["PNP408 [0].quickReply.items[0].imageUrl"],
    ),
    (
        "18-on-flex",
        {**flex(WORD), "quickReply": {"items": [{"imageUrl": JPG, "action": link()}]}},
        ["PNP408 [0].quickReply.items[0].imageUrl"],
    ),
    ("19", text(sender={"name": "店", "iconUrl": JPG}), ["PNP409 [0].sender.iconUrl"]),
    (
        "19-deeper",
        flex({**WORD, "sender": {"iconUrl": JPG}}),
        [f"PNP407 {BODY}[0].sender.iconUrl"],
    ),
    ("20", {"type": "sticker", "packageId": "446", "stickerId": "1988"}, ["PNP410 [0].type"]),
    ("21", {"type": "coupon", "couponId": "01JYNW8JMQ"}, ["PNP411 [0].type"]),
    ("22", text(emojis=[{"index": 0}, {"index": 1}]), ["PNP412 [0].emojis"]),
    (
        "22-textV2",
        {"type": "textV2", "text": "{a}{b}", "substitution": {"a": {"type": "emoji"}, "b": {"type": "emoji"}}},
        ["PNP412 [0].substitution.a.type"],
    ),
    ("23", text(text="📦 発送しました 👨‍👩‍👧"), []),
    ("24", text(text=f"詳細: {HTTPS}。"), ["PNP413 [0].text"]),
    ("24-in-flex", flex({"type": "text", "text": HTTPS}), []),
    ("25-uri", flex({**WORD, "action": link(JPG)}), [f"PNP414 {BODY}[0].action.uri"]),
    (
        "25-desktop",
        flex({**WORD, "action": link(altUri={"desktop": "https://x.example.com/a/b.MP4?c=d.html"})}),
        [f"PNP414 {BODY}[0].action.altUri.desktop"],
    ),
    (
        "25-linkUri",
        {"type": "imagemap", "actions": [{"type": "uri", "linkUri": JPG}]},
        ["PNP404 [0].type", "PNP414 [0].actions[0].linkUri"],
    ),
    ("25-text", text(text=f"取扱説明書 {JPG}"), ["PNP414 [0].text"]),
    ("25-page", flex({**WORD, "action": link("https://x.example.com/a.mp4/page?f=b.png")}), []),
    ("26", {"type": "location", "title": "店", "address": "東京", "latitude": 35.6, "longitude": 139.7}, ["PNP415 [0].type"]),
    ("26-action", text(quickReply={"items": [{"action": {"type": "location", "label": "現在地"}}]}), []),
    ("27", text(quoteToken="yHAz4Ua2wx7"), []),
    (
        "28",
        text(quickReply={"items": [{"action": {"type": "cameraRoll", "label": "写真"}}]}),
        ["PNP416 [0].quickReply.items[0].action.type"],
    ),
    (
        "28-voice",
        template(type="buttons", actions=[{"type": "postback", "label": "話す", "data": HTTPS, "inputOption": "openVoice"}]),
        ["PNP416 [0].template.actions[0].inputOption"],
    ),
    ("29", template(type="buttons", imageAspectRatio="square", imageSize="cover", imageBackgroundColor="#FFFFFF"), []),
    ("29-null", template(type="buttons", thumbnailImageUrl=None), []),
    ("30", flex(box(height="6px", background={"type": "linearGradient", "angle": "90deg"}, backgroundColor="#06C755")), []),
    ("31-data", flex({"type": "image", "url": "data:image/png;base64,iVBORw0KGgo="}), [f"PNP401 {BODY}[0].type"]),
    ("31-file", flex({"type": "icon", "url": "file:///a.png"}, layout="baseline"), [f"PNP406 {BODY}[0].type"]),
    ("31-http", text(sender={"iconUrl": "http://x.example.com/a.png"}), ["PNP409 [0].sender.iconUrl"]),
    ("31-unknown", text(badge="data:image/png;base64,iVBORw0KGgo="), ["PNP407 [0].badge"]),
]  # fmt: skip


@pytest.mark.parametrize(("message", "expected"), [pytest.param(*row[1:], id=row[0]) for row in ROWS])
def test_row(message: dict[str, Any], expected: list[str]) -> None:
    assert sorted(found(message)) == sorted(expected)


def test_the_rows_are_all_there() -> None:
    assert {int(row[0].partition("-")[0]) for row in ROWS} == set(range(1, 32))


@pytest.mark.parametrize("row", ["31-data", "31-file", "31-http"])
def test_a_wrong_scheme_of_a_picture_is_an_error_of_its_own(row: str) -> None:
    """The picture is told at its type or key, the scheme at the URL."""
    message = next(one[1] for one in ROWS if one[0] == row)
    told = diagnostics(json.dumps({"to": TO, "messages": [message]}))
    assert any(one.code.startswith("PNP3") and one.path.endswith("rl") and "https://" in one.message for one in told)


def test_severities() -> None:
    assert {rules.get(name).severity for name in (*CERTAIN, *PROBABLE)} == {"error"}
    assert {rules.get(name).severity for name in UNCERTAIN} == {"warning"}
    media_rules = {listed.name for listed in ALL if listed.code.startswith("PNP4")}
    assert media_rules == {*CERTAIN, *PROBABLE, *UNCERTAIN}


def test_one_medium_is_one_finding_with_its_urls_beside_it() -> None:
    body = {"to": TO, "messages": [{"type": "video", "originalContentUrl": HTTPS, "previewImageUrl": JPG}]}
    (one,) = [one for one in diagnostics(json.dumps(body)) if one.code.startswith("PNP4")]
    assert one.message == "`video` is a video; a notification message can't hold pictures, videos or sounds"
    assert [related.message for related in one.related] == ["from here", "from here"]


def test_an_unknown_type_or_key_without_a_url_is_the_grammars_affair() -> None:
    assert found(text(mood="cheerful"), {"type": "gallery", "count": 3}, flex({"type": "spacer", "size": "xl"})) == []


def test_what_the_grammar_tells_too_stands_at_another_place() -> None:
    """PNP101 and PNP301 name the key or the type that LINE does not know, PNP407 the URL: two claims, two places."""
    body = json.dumps({"to": TO, "messages": [text(picture=JPG), {"type": "gallery", "src": JPG}]})
    spans = [one.span for one in diagnostics(body)]
    assert len(spans) == len(set(spans))
    told = {one.code for one in diagnostics(body)}
    assert {"PNP101", "PNP301", "PNP407"} <= told


def test_a_slip_in_an_actions_type_makes_no_medium_of_its_link() -> None:
    assert found(flex({**WORD, "action": {"type": "URL", "label": "確認", "uri": HTTPS}})) == []


def test_free_texts_may_hold_a_url() -> None:
    action = {"type": "postback", "label": HTTPS, "data": JPG, "displayText": HTTPS}
    assert found(template(type="buttons", actions=[action])) == []


def test_both_values_of_a_duplicate_key_count() -> None:
    body = f'{{"to": "{TO}", "messages": [{{"type": "text", "type": "image", "text": "a"}}]}}'
    (one,) = [one for one in diagnostics(body) if one.code == "PNP401"]
    assert body[one.span.start : one.span.end] == '"image"'


def test_merged_members_and_aliases_count() -> None:
    spec = """\
pnpc: 1
name: merged
country: JP
message:
  messages:
    - type: flex
      altText: 発送
      contents:
        type: bubble
        body:
          type: box
          layout: vertical
          contents:
            - &logo {type: image, url: "https://shop.example.com/a.png"}
            - {<<: *logo, size: sm}
            - *logo
"""
    told = media(spec)
    assert told
    assert set(told) <= {f"PNP401 {BODY}[{index}].type" for index in range(3)}


SPEC = """\
pnpc: 1
name: filled
country: JP
variables:
  picture: {{type: string, maxLength: 100, example: "https://shop.example.com/a.png"}}
  kind: {{type: string, maxLength: 10, example: image}}
message:
  messages:
    - {{type: text, text: "{{{{ picture }}}} {{{{ kind }}}}"}}
    - {message}
"""


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ('{type: image, originalContentUrl: "{{ picture }}"}', ["PNP401 [1].type"]),
        ('{type: text, text: a, sender: {iconUrl: "{{ picture }}"}}', ["PNP409 [1].sender.iconUrl"]),
        ('{type: text, text: a, avatar: "{{ picture }}"}', ["PNP407 [1].avatar"]),
        ('{type: "{{ kind }}", url: "{{ picture }}"}', ["PNP407 [1].url"]),
        ('{type: text, text: "{{ picture }}", trackingId: "{{ picture }}"}', ["PNP414 [1].text"]),
        ('{type: text, text: "https://shop.example.com/{{ kind }}.png"}', ["PNP414 [1].text"]),
        ('{type: text, text: "https://shop.example.com/a.{{ kind }}"}', ["PNP413 [1].text"]),
    ],
)
def test_an_expression_in_a_spec_may_be_a_url(message: str, expected: list[str]) -> None:
    assert media(SPEC.format(message=message)) == ["PNP414 [0].text", *expected]  # the example is a picture's URL


def test_one_message_object_and_a_bare_container_are_walked_too() -> None:
    def bare(value: Any) -> list[str]:
        return media(json.dumps(value))

    assert bare({"type": "text", "text": "a", "sender": {"iconUrl": JPG}}) == ["PNP409 sender.iconUrl"]
    assert bare(flex(WORD, hero=IMAGE)["contents"]) == ["PNP401 hero.type"]


def test_buttons_of_the_template_kind_that_open_a_file() -> None:
    spec = """\
pnpc: 1
name: file
country: JP
message:
  templateKey: shipment_completed_ja
  body:
    buttons:
      - {buttonKey: contact_ja, url: "https://shop.example.com/{{ recipient.index }}.pdf"}
      - {buttonKey: check_details_ja, url: "https://shop.example.com/{{ recipient.index }}.m4a#t=3"}
"""
    assert media(spec) == ["PNP414 message.body.buttons[1].url"]


# --- pictures that LINE itself supplies ---

HOST = ("vos.line-scdn.net/lon-msg-dsgn/",)


def test_a_listed_host_lets_an_image_and_an_icon_of_flex_through_and_nothing_else() -> None:
    image, icon = {"type": "image", "url": LOGO}, {"type": "icon", "url": LOGO}
    assert found(flex(image, box(icon, layout="baseline")), hosts=HOST) == []
    assert len(found(flex(image, box(icon, layout="baseline")))) == 2
    assert found({"type": "image", "originalContentUrl": LOGO, "previewImageUrl": LOGO}, hosts=HOST) != []
    assert found({"type": "image", "url": LOGO}, hosts=HOST) != []
    assert found(flex({"type": "Image", "url": LOGO}), hosts=HOST) != []
    assert found(flex({"type": "image", "url": LOGO, "previewUrl": JPG}), hosts=HOST) != []
    assert found(text(sender={"iconUrl": LOGO}), hosts=HOST) != []
    assert found(flex(box(backgroundImage=LOGO)), hosts=HOST) != []
    assert found(template(type="buttons", thumbnailImageUrl=LOGO), hosts=HOST) != []
    assert found(flex(hero={**HERO, "url": LOGO, "previewUrl": LOGO}), hosts=HOST) != []
    assert found(text(contents=image), hosts=HOST) != []


def test_two_urls_of_one_image_are_not_let_through() -> None:
    body = json.dumps({"to": TO, "messages": [flex({"type": "image", "url": LOGO})]})
    doubled = body.replace(f'"url": "{LOGO}"', f'"url": "{JPG}", "url": "{LOGO}"')
    assert media(doubled, HOST) != []


@pytest.mark.parametrize(
    ("url", "hosts", "expected"),
    [
        (LOGO, ("vos.line-scdn.net",), True),
        (LOGO, ("vos.line-scdn.net/",), True),
        (LOGO, ("VOS.line-scdn.net/lon-msg-dsgn",), True),
        (LOGO.replace("vos.", "VOS."), HOST, True),
        (LOGO, ("line-scdn.net",), False),
        (LOGO, ("vos.line-scdn.net/lon",), False),
        (LOGO.replace("https", "http"), HOST, False),
        (LOGO.replace("vos.line-scdn.net", "vos.line-scdn.net.example.com"), HOST, False),
        (LOGO.replace("vos.line-scdn.net", "vos.line-scdn.net@example.com"), HOST, False),
        (LOGO.replace("vos.line-scdn.net", "vos.line-scdn.net:8443"), HOST, False),
        (LOGO.replace("/lon-msg-dsgn/", "/lon-msg-dsgn/../"), HOST, False),
        (LOGO.replace("/lon-msg-dsgn/", "/lon-msg-dsgn/%2E%2e/"), HOST, False),
        (LOGO.replace("/lon-msg-dsgn/", "\\lon-msg-dsgn/"), HOST, False),
        (LOGO.replace("/lon-msg-dsgn/", "/other/"), HOST, False),
        (f" {LOGO}", HOST, False),
        ("https://vos.line-scdn.net", ("vos.line-scdn.net",), False),
        ("https://{{ host }}/lon-msg-dsgn/a.png", HOST, False),
        ("https://vos.line-scdn.net{{ x }}/lon-msg-dsgn/a.png", HOST, False),
        ("https://vos.line-scdn.net/{{ x }}", ("vos.line-scdn.net",), True),
        ("https://vos.line-scdn.net/lon-msg-dsgn/{{ x }}", HOST, False),
        ("https://vos.line-scdn.net/lon-msg-dsgn/a.png?v={{ x }}", HOST, True),
        (LOGO, (), False),
    ],
)
def test_which_url_is_let_through(url: str, hosts: tuple[str, ...], expected: bool) -> None:
    assert allowed(url, hosts, filled=True) is expected


def test_the_config_names_the_hosts_and_lowers_what_is_probable(pnpc: Run, tmp_path: Path) -> None:
    logo = flex({"type": "image", "url": LOGO})
    sticker = {"type": "sticker", "packageId": "446", "stickerId": "1988"}
    (tmp_path / "a.json").write_text(json.dumps({"to": TO, "messages": [logo, sticker]}), encoding="utf-8")
    codes = ("check", "a.json", "--format", "concise", "--select", "PNP4")
    assert pnpc(*codes).stdout.count(" error ") == 2
    (tmp_path / "pnpc.toml").write_text(
        'media-hosts = ["vos.line-scdn.net/lon-msg-dsgn/"]\n[severity]\nsticker = "warning"\n'
    )
    done = pnpc(*codes)
    assert "PNP401" not in done.stdout
    assert "PNP410 warning" in done.stdout
    assert done.returncode == 0


@pytest.mark.parametrize("host", ["https://vos.line-scdn.net", "line", "*.line-scdn.net", "vos.line-scdn.net/a?b"])
def test_a_media_host_that_is_none_is_told(pnpc: Run, tmp_path: Path, host: str) -> None:
    (tmp_path / "a.json").write_text("{}")
    (tmp_path / "pnpc.toml").write_text(f'media-hosts = ["{host}"]\n')
    done = pnpc("check", "a.json")
    assert done.returncode == 2
    assert "must be a host" in done.stderr


# --- the data ---


def test_the_data_satisfies_its_schema() -> None:
    Draft202012Validator(load("media")).validate(read_json("schemas", "media.json"))


def test_the_data_names_rules_that_exist() -> None:
    data = read_json("schemas", "media.json")
    named = [one["rule"] for one in (*data["types"].values(), *data["places"], *data["doubtful"])]
    assert {rules.get(name).code[:4] for name in named} == {"PNP4"}


def objects(schema: Any) -> Any:
    """Each schema object of a grammar file that has properties."""
    if isinstance(schema, dict):
        if isinstance(schema.get("properties"), dict):
            yield schema
        for one in schema.values():
            yield from objects(one)
    elif isinstance(schema, list):
        for one in schema:
            yield from objects(one)


@pytest.mark.parametrize("file", GRAMMAR)
def test_every_property_and_type_of_the_grammar_is_classed(file: str) -> None:
    """A field that LINE adds must be looked at: is it a medium, a link, a text, or none of these?"""
    data = read_json("schemas", "media.json")
    names = {name for listed in data["names"].values() for name in listed}
    types = {*data["types"], *data["harmless"]}
    for one in objects(load(file)):
        assert set(one["properties"]) <= names
        stated = one["properties"].get("type", {})
        if isinstance(stated, dict):
            assert {*stated.get("enum", ()), *([stated["const"]] if "const" in stated else [])} <= types


@pytest.mark.parametrize("file", GRAMMAR)
def test_the_grammar_and_the_data_call_the_same_properties_media(file: str) -> None:
    names = read_json("schemas", "media.json")["names"]["media"]
    for one in objects(load(file)):
        for name, schema in one["properties"].items():
            if isinstance(schema, dict) and "$ref" not in schema and schema.get("type") == "string":
                assert (name in names) == (schema.get("x-media") in ("certain", "probable")), name


_PICTURE = f'{{"type": "image", "url": "{JPG}"}}'
_WORD = '{"type": "text", "text": "a"}'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            f'"messages": [{{"type": "flex", "contents": {_PICTURE}, "contents": {{"type": "bubble"}}}}]',
            "PNP401 [0].contents.type",
        ),
        (f'"messages": [{_PICTURE}], "messages": [{_WORD}]', "PNP401 [0].type"),
        (f'"messages": [{{"type": "location"}}], "messages": [{_WORD}]', "PNP415 [0].type"),
        (f'"messages": [{_WORD}], "more": {_PICTURE}', "PNP401 more.type"),
    ],
)
def test_what_is_written_again_later_or_beside_the_messages_counts(body: str, expected: str) -> None:
    assert media(f'{{"to": "{TO}", {body}}}') == [expected]


def test_a_supplied_picture_stands_in_a_flex_message_or_a_bare_container_alone() -> None:
    picture, hosts = {"type": "image", "url": LOGO}, ("vos.line-scdn.net",)
    assert media(json.dumps({"type": "bubble", "hero": picture}), hosts) == []
    beside = {"messages": [text()], "more": {"type": "flex", "contents": picture}}
    assert media(json.dumps(beside), hosts) == ["PNP401 more.contents.type"]


def test_a_merge_hides_no_picture_that_is_written_twice() -> None:
    merged = "{<<: {size: sm, weight: bold}, type: image, type: text, text: a}"
    assert media(f"messages: [{{type: flex, contents: {merged}}}]") == ["PNP401 [0].contents.type"]
