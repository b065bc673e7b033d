"""The emulator's webhooks: signed as LINE signs them, one or many events, late, twice, in disorder, posted again."""

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from emulating import DAY, FLEXIBLE, PEOPLE, TEMPLATE, ask, flexible, template
from linebot.v3.messaging import (
    ApiClient,
    ApiException,
    Configuration,
    MessagingApi,
    PnpMessagesRequest,
    PnpTemplatedMessageRequest,
    TextMessage,
)
from linebot.v3.webhook import SignatureValidator, WebhookParser
from linebot.v3.webhooks import PnpDeliveryCompletionEvent

from pnpc.deliver.webhooks.webhook import signature_of
from pnpc.emulator import Emulator, events
from pnpc.emulator.clock import day

SECRET = "8c570fa6dd201bb328f1c1eac23a96d8"


class Receiver:
    """A server for webhooks: what it got, raw, and the statuses that it answers with, the last one from then on."""

    def __init__(self) -> None:
        self.got: list[tuple[bytes, str]] = []
        self.statuses = [200]
        self.wait = threading.Event()
        self.wait.set()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                receiver.wait.wait(20)
                receiver.got.append((body, self.headers["x-line-signature"]))
                status = receiver.statuses.pop(0) if len(receiver.statuses) > 1 else receiver.statuses[0]
                try:
                    self.send_response(status)
                    self.send_header("content-length", "0")
                    self.end_headers()
                except ConnectionError:
                    pass

            def log_message(self, *_args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/callback"

    def events(self) -> list[dict[str, Any]]:
        return [event for body, _ in self.got for event in json.loads(body)["events"]]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    made = Receiver()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.wait.set()
    made.server.shutdown()
    made.server.server_close()
    thread.join()


@contextmanager
def emulator(receiver: Receiver, **settings: Any) -> Iterator[Emulator]:
    with Emulator(webhook=receiver.url, secret=SECRET, **settings) as line:
        yield line


def test_the_signature_is_line_s() -> None:
    body = b'{"destination":"U8e742f61d673b39c7fff3cecb7536ef0","events":[]}'
    assert signature_of(SECRET, body) == "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs="
    assert events.post("U8e742f61d673b39c7fff3cecb7536ef0", []) == body


@pytest.mark.parametrize("url", ["", "nourl", "ftp://127.0.0.1/", "http://", "http://127.0.0.1:99999/", "http://[::1"])
def test_a_webhook_is_a_url(url: str) -> None:
    with pytest.raises(ValueError, match="a webhook must be a URL"), Emulator(webhook=url, secret=SECRET):
        pass


def test_a_name_that_dns_can_not_have_and_a_tag_that_is_no_text_stop_no_post(receiver: Receiver) -> None:
    with Emulator(webhook=f"http://{'a' * 300}.example/", secret=SECRET) as line:
        ask(line.url, TEMPLATE, template())
        line.drain()
        assert [one.reason for one in line.posts] in (["unclassified"], ["could_not_connect"])
    with emulator(receiver, tag_pattern=".*") as line:
        ask(line.url, TEMPLATE, template(), x_line_delivery_tag="\xff" * 16)
        line.drain()
        ask(line.url, TEMPLATE, template(), x_line_delivery_tag="shipment-A1B2C3D4-0")
        line.drain()
    assert [one["delivery"]["data"] for one in receiver.events()] == ["\udcff" * 16, "shipment-A1B2C3D4-0"]


def test_a_new_scenario_has_its_own_patience(receiver: Receiver) -> None:
    receiver.wait.clear()
    with emulator(receiver) as line:
        line.scenario({"scenario": 1, "settings": {"post-timeout": 0.05}})
        ask(line.url, TEMPLATE, template())
        line.drain()
        assert [one.reason for one in line.posts] == ["request_timeout"]
        receiver.wait.set()


def test_a_delivery_is_told_as_line_tells_it(receiver: Receiver) -> None:
    with emulator(receiver, start=1_650_590_038.721, posts_at_once=1) as line:
        ask(line.url, TEMPLATE, template(), x_line_delivery_tag="shipment-A1B2C3D4-0")
        ask(line.url, FLEXIBLE, flexible())
        line.drain()
    first, second = receiver.events()
    assert re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", first["webhookEventId"])
    assert first.pop("webhookEventId") != second.pop("webhookEventId")
    assert first == {
        "type": "delivery",
        "delivery": {"data": "shipment-A1B2C3D4-0"},
        "deliveryContext": {"isRedelivery": False},
        "timestamp": 1_650_590_038_721,
        "mode": "active",
    }
    assert second["delivery"] == {"data": PEOPLE["ok"]}
    (body, signature), _ = receiver.got
    assert signature_of(SECRET, body) == signature
    assert re.fullmatch(r"U[0-9a-f]{32}", json.loads(body)["destination"])


@pytest.mark.parametrize("person", ["unknown", "blocked", "never-consents", "needs-sms"])
def test_no_event_for_what_is_not_delivered(receiver: Receiver, person: str) -> None:
    with emulator(receiver) as line:
        ask(line.url, TEMPLATE, template(person))
        line.advance(2 * DAY)
    assert receiver.got == []


def test_a_late_consent_brings_a_late_event_with_its_own_time(receiver: Receiver) -> None:
    with emulator(receiver, start=0.0) as line:
        ask(line.url, TEMPLATE, template("consents-late"))
        line.advance(DAY - 61)
        assert receiver.got == []
        line.advance(DAY)
    assert [one["timestamp"] for one in receiver.events()] == [(DAY - 60) * 1000]


def test_many_events_in_one_post_and_none(receiver: Receiver) -> None:
    with emulator(receiver, events_per_post=3, posts_at_once=1) as line:
        for _ in range(7):
            ask(line.url, TEMPLATE, template("consents"))
        line.advance(3600)
        assert [len(json.loads(body)["events"]) for body, _ in receiver.got] == [3, 3, 1]
        probe = ask(line.url, "/_emulator/webhooks/probe", {})
        assert probe.body == {"events": [], "redelivery": False, "status": 200, "reason": None}
    assert json.loads(receiver.got[-1][0])["events"] == []


def test_a_failed_post_is_made_again_only_if_it_is_switched_on(receiver: Receiver) -> None:
    receiver.statuses = [500, 302, 200]
    with emulator(receiver, redelivery=True, redelivery_seconds=0.01) as line:
        ask(line.url, TEMPLATE, template())
        line.drain()
        assert [(one.status, one.reason, one.redelivery) for one in line.posts] == [
            (500, "error_status_code", False), (302, "error_status_code", True), (200, None, True),
        ]  # fmt: skip
        first, *others = receiver.events()
        assert all(one == {**first, "deliveryContext": {"isRedelivery": True}} for one in others)
        line.scenario({"scenario": 1, "settings": {"redelivery": False}})
        receiver.statuses = [500, 200]
        ask(line.url, TEMPLATE, template())
        line.drain()
    assert len(receiver.got) == 4


def test_tries_are_bounded(receiver: Receiver) -> None:
    receiver.statuses = [500]
    with emulator(receiver, redelivery=True, redelivery_seconds=0, redelivery_tries=2) as line:
        ask(line.url, TEMPLATE, template())
        line.drain()
    assert len(receiver.got) == 3


def test_a_receiver_that_is_slow_or_gone(receiver: Receiver) -> None:
    receiver.wait.clear()
    with emulator(receiver, post_timeout=0.2) as line:
        ask(line.url, TEMPLATE, template())
        line.drain()
        assert [one.reason for one in line.posts] == ["request_timeout"]
    with Emulator(webhook="http://127.0.0.1:1/", secret=SECRET) as line:
        ask(line.url, TEMPLATE, template())
        line.drain()
        assert [(one.status, one.reason) for one in line.posts] == [(None, "could_not_connect")]


def test_events_twice_and_in_disorder(receiver: Receiver) -> None:
    with emulator(receiver, duplicates=1, posts_at_once=1) as line:
        ask(line.url, TEMPLATE, template())
        line.drain()
        one, other = receiver.events()
        assert one == other
        receiver.got.clear()
        line.scenario({"scenario": 1, "settings": {"duplicates": 0, "disorder-seconds": 0.2}})
        for index in range(12):
            ask(line.url, TEMPLATE, template("consents"), x_line_delivery_tag=f"message-number-{index:02}")
        line.advance(3600)
    tags = [event["delivery"]["data"] for event in receiver.events()]
    assert tags != sorted(tags)
    assert len(set(tags)) == len(tags) == 12


def test_an_event_before_its_answer(receiver: Receiver) -> None:
    with emulator(receiver, event_first=True) as line:
        assert ask(line.url, TEMPLATE, template()).status == 202
        assert len(receiver.got) == 1  # no drain: it was there before


# --- the official SDK ---


def test_the_official_sdk_talks_to_it(receiver: Receiver) -> None:
    body = {"items": [{"itemKey": "time_range_001_ja", "content": "午前中"}]}
    with (
        emulator(receiver, start=1_700_000_000.0, posts_at_once=1) as line,
        ApiClient(Configuration(host=line.url, access_token="a")) as client,
    ):
        api = MessagingApi(client)
        request = PnpTemplatedMessageRequest.from_dict(template(body=body))
        sent = api.push_templated_messages_by_phone_with_http_info(request, x_line_delivery_tag="shipment-A1B2C3D4-0")
        assert sent.status_code == 202
        text = PnpMessagesRequest(to=PEOPLE["ok"], messages=[TextMessage(text="発送しました")])
        assert api.push_messages_by_phone_with_http_info(text).status_code == 200
        with pytest.raises(ApiException) as refused:
            api.push_templated_messages_by_phone(PnpTemplatedMessageRequest.from_dict(template("unknown")))
        assert refused.value.status == 422
        assert json.loads(refused.value.body) == {"message": "Failed to send messages"}
        today = day(line.now)
        line.advance(DAY)
        for count in (api.get_pnp_templated_message_statistics(today), api.get_pnp_message_statistics(today)):
            assert (count.status, count.success) == ("ready", 1)
    told = []
    for raw, signature in receiver.got:
        assert SignatureValidator(SECRET).validate(raw.decode(), signature)
        told += WebhookParser(SECRET).parse(raw.decode(), signature)
    assert all(isinstance(one, PnpDeliveryCompletionEvent) for one in told)
    assert [one.delivery.data for one in told] == ["shipment-A1B2C3D4-0", PEOPLE["ok"]]
    assert [one.delivery_context.is_redelivery for one in told] == [False, False]
