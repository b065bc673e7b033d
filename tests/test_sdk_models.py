"""What we write, read by the vendors' own published models: line-bot-sdk and sinch, both of which are pinned."""

import json
import warnings
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from conftest import ROOT

from pnpc.compile.targets import Payload
from pnpc.compile.text import compile_text

DIGEST = "d41e0ad70dddfeb68f149ad6fc61574b9c5780ab7bcb2fba5517771ffbb2409c"  # of +818000001234, LINE's own example
SETTINGS = {"app-id": "01APP", "project-id": "proj-1", "region": "br"}
SHOP = ROOT / "examples" / "shop" / "notifications"
SPECS = sorted([*(ROOT / "templates" / "specs").glob("*.yaml"), *SHOP.glob("*.yaml")])
FLEXIBLE = [one for one in SPECS if "messages:" in one.read_text(encoding="utf-8")]
TEMPLATES = [one for one in SPECS if one not in FLEXIBLE]
EVERYTHING = """\
pnpc: 1
name: everything
country: JP
variables:
  who: {type: string, maxLength: 20, example: 山田 😀}
message:
  messages:
    - type: text
      text: "$ {{ who }}様"
      emojis: [{index: 0, productId: 5ac1bfd5040ab15980c9b435, emojiId: "001"}]
      quickReply: {items: [{type: action, action: {type: message, label: はい, text: はい}}]}
      sender: {name: 店}
    - {type: textV2, text: "{who}様", substitution: {who: {type: emoji, productId: 5ac1bfd5040ab15980c9b435, emojiId: "001"}}}
    - {type: location, title: 店, address: 東京都, latitude: 35.65, longitude: 139.7}
    - type: template
      altText: 確認
      template:
        type: confirm
        text: よろしいですか
        actions:
          - {type: postback, label: はい, data: ok}
          - {type: datetimepicker, label: 日時, data: at, mode: datetime, min: 2024-08-10T00:00, max: 2024-08-11T00:00}
    - type: flex
      altText: "{{ who }}様のお荷物"
      contents:
        type: carousel
        contents:
          - type: bubble
            size: mega
            header: {type: box, layout: horizontal, contents: [{type: text, text: 発送, weight: bold, flex: 0}]}
            body:
              type: box
              layout: vertical
              spacing: md
              contents:
                - {type: text, contents: [{type: span, text: "{{ who }}", color: "#ff0000"}, {type: span, text: 様}]}
                - {type: separator, margin: lg}
                - {type: button, style: primary, action: {type: uri, label: 追跡, uri: "https://shop.example.com/1"}}
            styles: {header: {backgroundColor: "#ffffff", separator: true}}
  notificationDisabled: true
  customAggregationUnits: [parcel_2026]
"""


class Models(NamedTuple):
    """The vendors' models of requests, and Sinch's of the part of a message that its own leaves open."""

    template: Any
    flexible: Any
    sinch: Any
    specific: Any


@lru_cache(maxsize=1)
def models() -> Models:
    """Loaded when a test asks: that takes seconds."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # theirs, about what later versions will be
        from linebot.v3.messaging.models import pnp_messages_request as flexible
        from linebot.v3.messaging.models import pnp_templated_message_request as template
        from sinch.domains.conversation.models.v1.messages.internal.request import send_message_request as sinch
        from sinch.domains.conversation.models.v1.messages.shared import app_message_common_props as specific
    return Models(
        template.PnpTemplatedMessageRequest,
        flexible.PnpMessagesRequest,
        sinch.SendMessageRequest,
        specific.AppMessageCommonProps,
    )


def payloads(text: str, target: str, **recipient: str) -> list[Payload]:
    """What the specs of a text give for somebody, with the examples of their variables."""
    specs = list(yaml.safe_load_all(text))
    data = {name: one["example"] for spec in specs for name, one in spec.get("variables", {}).items()}
    made = list(compile_text(text, recipients=[{**data, **recipient}], target=target, settings=SETTINGS, country="JP"))
    assert len(made) == len(specs)
    assert all(isinstance(one, Payload) for one in made), made
    return [one for one in made if isinstance(one, Payload)]


def without_defaults(value: Any, written: Any) -> Any:
    """A model's dump without what it adds itself: members that we did not write, which it gives their defaults."""
    if isinstance(value, dict) and isinstance(written, dict):
        return {name: without_defaults(one, written[name]) for name, one in value.items() if name in written}
    if isinstance(value, list) and isinstance(written, list):
        return [without_defaults(one, other) for one, other in zip(value, written, strict=True)]
    return value


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_lines_models_read_the_template_kind(file: Path) -> None:
    for one in payloads(file.read_text(encoding="utf-8"), "line", to=DIGEST):
        read = models().template.from_json(json.dumps(one.body))
        assert without_defaults(read.to_dict(), one.body) == one.body
        assert read.template_key == one.body["templateKey"]
        assert read.to == DIGEST


@pytest.mark.parametrize(
    "text", [*(file.read_text(encoding="utf-8") for file in FLEXIBLE), EVERYTHING], ids=lambda text: text.split()[3]
)
def test_lines_models_read_the_flexible_kind(text: str) -> None:
    (one,) = payloads(text, "line", phone="080-0000-1234")
    read = models().flexible.from_json(json.dumps(one.body))
    assert without_defaults(read.to_dict(), one.body) == one.body
    assert all(type(message).__name__ != "Message" for message in read.messages), "each has a model of its own"


@pytest.mark.parametrize("recipient", [{"contact_id": "01CONTACT"}, {"identity": DIGEST}], ids=str)
@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_sinchs_models_read_the_template_kind(file: Path, recipient: dict[str, str]) -> None:
    for one in payloads(file.read_text(encoding="utf-8"), "sinch", **recipient):
        read = models().sinch.model_validate(one.body)
        assert read.model_dump(exclude_none=True, mode="json") == one.body
        # The request's own model leaves this part open; this is the one for it.
        message = models().specific.model_validate(one.body["message"])
        assert message.channel_specific_message is not None
        content = message.channel_specific_message["LINE"].message
        assert type(content).__name__ == "LineNotificationMessageTemplateMessage"
        assert message.model_dump(exclude_none=True, mode="json") == one.body["message"]
        assert not unknown(read) | unknown(content)


def unknown(model: Any) -> set[str]:
    """The members that a model of Sinch does not know, of it and of those inside."""
    found = set(model.model_extra or ()) - {"channel_specific_message"}
    for _, value in model:
        for one in value if isinstance(value, list) else [value]:
            if hasattr(one, "model_extra"):
                found |= unknown(one)
    return found


def test_the_models_would_tell() -> None:
    """They refuse what is wrong, so that they are worth asking."""
    (file,) = (one for one in TEMPLATES if one.name == "shipment_completed_ja.yaml")
    (one,) = payloads(file.read_text(encoding="utf-8"), "sinch", contact_id="a")
    content = one.body["message"]["channel_specific_message"]["LINE"]
    for broken in ({**content, "message": {"templateKey": "x"}}, {**content, "message": {"template_key": 1}}):
        with pytest.raises(ValueError, match="validation error"):
            models().specific.model_validate({"channel_specific_message": {"LINE": broken}})
    with pytest.raises(ValueError, match="content"):
        models().template.from_dict(
            {"to": DIGEST, "templateKey": "x", "body": {"emphasizedItem": {"itemKey": "a", "content": "x" * 16}}}
        )
