"""What the emulator answers to what a channel asks without sending: read by LINE's own SDK, called as LINE documents it."""

import json
import re
from hashlib import sha256

import pytest
from emulating import FLEXIBLE, PEOPLE, TEMPLATE, ask, flexible, template
from faultserver import FaultServer, answer
from linebot.v3.messaging import ApiClient, ApiException, Configuration, MessagingApi
from linebot.v3.messaging.models import TestWebhookEndpointRequest as WebhookToTest
from linebot.v3.messaging.models import TextMessage, ValidateMessageRequest

from pnpc.emulator import Emulator
from pnpc.line.catalog import COUNTRIES, KINDS, Catalog
from pnpc.line.service import impossible_keys, no_ones_digest, questions

VALIDATE = "/v2/bot/message/validate/push"
WEBHOOK = "/v2/bot/channel/webhook/endpoint"
TEST = "/v2/bot/channel/webhook/test"
DIGEST = no_ones_digest()


def sdk(url: str) -> MessagingApi:
    return MessagingApi(ApiClient(Configuration(host=url, access_token="a")))


# --- what the account is ---


def test_the_account() -> None:
    with Emulator(display_name="店", basic_id="@shop") as line:
        account = sdk(line.url).get_bot_info()
    assert (account.display_name, account.basic_id, account.chat_mode, account.premium_id) == (
        "店",
        "@shop",
        "bot",
        None,
    )
    assert re.fullmatch("U[0-9a-f]{32}", account.user_id)


def test_the_month() -> None:
    with Emulator(monthly_limit=2) as line:
        api = sdk(line.url)
        assert (api.get_message_quota().type, api.get_message_quota().value) == ("limited", 2)
        assert api.get_message_quota_consumption().total_usage == 0
        ask(line.url, TEMPLATE, template())
        assert api.get_message_quota_consumption().total_usage == 1
        assert ask(line.url, "/v2/bot/message/quota/consumption", token="other").body == {"totalUsage": 0}
        line.scenario({"scenario": 1})
        assert ask(line.url, "/v2/bot/message/quota").body["type"] == "limited"  # settings of the emulator's own stay
    with Emulator() as line:
        assert ask(line.url, "/v2/bot/message/quota").body == {"type": "none"}


def test_the_webhook_and_its_test() -> None:
    with FaultServer(lambda _: answer(200)) as bot, Emulator(webhook=f"{bot.url}/hook", secret="s") as line:
        api = sdk(line.url)
        assert api.get_webhook_endpoint().to_dict() == {"endpoint": f"{bot.url}/hook", "active": True}
        done = api.test_webhook_endpoint()
        assert (done.success, done.status_code, done.reason) == (True, 200, "OK")
        (probe,) = bot.received
        assert (probe.path, json.loads(probe.body)["events"]) == ("/hook", [])
        assert probe.headers["x-line-signature"]
        bot.script = lambda _: answer(500)
        other = api.test_webhook_endpoint(WebhookToTest(endpoint=f"{bot.url}/other"))
        assert (other.success, other.status_code, other.reason) == (False, 500, "error_status_code")
        assert [probe.path for probe in bot.received] == ["/hook", "/other"]
        assert line.posts == ()  # a test is no event
        line.scenario({"scenario": 1, "settings": {"webhook-active": False}})
        assert ask(line.url, WEBHOOK).body["active"] is False
    with Emulator(webhook=f"{bot.url}/hook", secret="s") as line:  # which is gone
        gone = sdk(line.url).test_webhook_endpoint()
        assert (gone.success, gone.status_code, gone.reason) == (False, 0, "could_not_connect")
        assert ask(line.url, TEST, {"endpoint": "no url"}).body["reason"] == "could_not_connect"
        assert ask(line.url, TEST, b"{", method="POST").status == 400
        assert ask(line.url, TEST, [], method="POST").status == 400
    with Emulator() as line:
        assert ask(line.url, WEBHOOK).status == 404
        assert ask(line.url, TEST, method="POST").status == 404


@pytest.mark.parametrize("name", questions())
def test_token_permission_and_faults_as_elsewhere(name: str) -> None:
    call = questions()[name]
    body = {"messages": flexible()["messages"]} if call.schema else None
    with Emulator(token="a", webhook="http://127.0.0.1:9/x", secret="s") as line:
        assert ask(line.url, call.path, body, method=call.method).status == 200
        assert ask(line.url, call.path, body, method=call.method, token="b").status == 401
        assert ask(line.url, call.path, body, method="DELETE").status == 405
        line.scenario({"scenario": 1, "settings": {"forbidden": [name]}})
        assert ask(line.url, call.path, body, method=call.method).status == 403
        line.scenario({"scenario": 1, "settings": {"rate": 1, "burst": 1}})
        assert [ask(line.url, call.path, body, method=call.method).status for _ in range(2)] == [200, 429]
        line.scenario({"scenario": 1})
        with line.faults({"type": "status", "status": 500, "when": {"endpoint": name}}):
            assert ask(line.url, call.path, body, method=call.method).status == 500
            assert ask(line.url, TEMPLATE, template()).status == 202


# --- what LINE says of message objects ---


def test_validation_looks_at_the_messages_only() -> None:
    messages = flexible()["messages"]
    with Emulator() as line:
        api = sdk(line.url)
        api.validate_push(ValidateMessageRequest(messages=[TextMessage(text="発送しました")]))
        assert ask(line.url, VALIDATE, {"messages": messages, "to": "nothing", "extra": 1}).body == {}
        picture = {"type": "image", "originalContentUrl": "https://a.example/a.png", "previewImageUrl": "https://a.example/a.png"}  # fmt: skip
        mention = {"type": "textV2", "text": "{you}", "substitution": {"you": {"type": "mention", "mentionee": {"type": "all"}}}}  # fmt: skip
        assert ask(line.url, VALIDATE, {"messages": [picture, mention]}).status == 200  # of no concern to it
        assert ask(line.url, FLEXIBLE, flexible(mention)).status == 400
        with pytest.raises(ApiException) as refused:
            api.validate_push(ValidateMessageRequest(messages=[TextMessage(text="")]))
        assert json.loads(refused.value.body)["details"] == [
            {"message": "May not be empty", "property": "messages[0].text"}
        ]
        for body in ({}, {"messages": []}, {"messages": 6 * messages}, [], b"x"):
            assert ask(line.url, VALIDATE, body).status == 400, body
        assert ask(line.url, VALIDATE, b"{}", content_type="text/plain").status == 415
        assert len(line.ledger) == 0
    with Emulator(check=False) as line:
        assert ask(line.url, VALIDATE, {}).status == 200


def test_a_key_in_braces_in_line_s_words() -> None:
    said = {
        "message": "The key '!owe' enclosed in '{}' does not match the pattern '^[a-zA-Z0-9_]{1,20}$'.",
        "property": "text",
    }
    with Emulator() as line:
        for path, body in ((VALIDATE, {}), (FLEXIBLE, {"to": PEOPLE["ok"]})):
            got = ask(line.url, path, {**body, "messages": [{"type": "textV2", "text": "{!owe}"}]})
            assert (got.status, got.body["details"]) == (400, [said])
        unopened = ask(line.url, VALIDATE, {"messages": [{"type": "textV2", "text": "}"}]}).body["details"]
        assert unopened[0]["message"] != said["message"]


# --- the recipient and the keys that can't exist ---


def test_no_number_has_the_digest() -> None:
    text = "pnpc verify: this is not a phone number"
    assert sha256(text.encode()).hexdigest() == DIGEST
    assert re.fullmatch("[0-9a-f]{64}", DIGEST)
    assert re.fullmatch(r"\+[0-9]{1,15}", text) is None
    assert DIGEST not in PEOPLE.values()


def test_the_request_is_judged_before_the_person() -> None:
    with Emulator(others="ok", lenient=True) as line:
        assert ask(line.url, TEMPLATE, {**template(), "to": DIGEST}).status == 422
        assert ask(line.url, FLEXIBLE, {**flexible(), "to": DIGEST}).status == 422
        wrong = {**template(templateKey=impossible_keys()["templates"]), "to": DIGEST}
        assert ask(line.url, TEMPLATE, wrong).status == 400
        first = {"order": ["token", "rate", "forbidden", "type", "person", "body"]}
        line.scenario({"scenario": 1, "settings": first})
        assert ask(line.url, TEMPLATE, wrong).status == 422  # the person first
        assert ask(line.url, TEMPLATE, {**wrong, "to": PEOPLE["ok"]}).status == 400
        line.scenario({"scenario": 1, "people": [{"to": DIGEST, "is": "ok"}]})
        assert ask(line.url, TEMPLATE, {**template(), "to": DIGEST}).status == 202


def test_no_catalog_has_the_impossible_keys_and_no_emulator_takes_them() -> None:
    keys = impossible_keys()
    assert list(keys) == list(KINDS)
    for country in COUNTRIES:
        listings = Catalog().country(country).listings
        assert [kind for kind in KINDS if keys[kind] in listings[kind].keys] == []
    for country in COUNTRIES:
        with Emulator(country=country, lenient=True) as line:
            assert ask(line.url, TEMPLATE, template(templateKey=keys["templates"])).status == 400
            key, buttons = "t_001", [{"buttonKey": keys["buttons"], "url": "https://a.example/"}]
            wrong = template(templateKey=key, body={"items": [{"itemKey": keys["items"], "content": "x"}]})
            assert ask(line.url, TEMPLATE, template(templateKey=key)).status == 202
            assert ask(line.url, TEMPLATE, wrong).status == 400
            assert ask(line.url, TEMPLATE, template(templateKey=key, body={"buttons": buttons})).status == 400


def test_it_says_that_it_is_there() -> None:
    with Emulator(token="only") as line:
        assert ask(line.url, "/_emulator/health", token=None).body == {"status": "ok"}
