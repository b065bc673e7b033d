"""Sinch, from its answers to its reports: the same guarantee as with LINE, and words about Sinch."""

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from hmac import new as hmac
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from conftest import Here, clean_environment
from faultserver import FaultServer, Request, answer
from journals import body as line_body
from journals import event as line_event
from journals import listening
from pushes import until, write_lines

from pnpc.compile.targets import sinch as sinch_target
from pnpc.compile.targets.callback import BadCallback, DeliveryReport
from pnpc.compile.targets.sinch import Sinch, SinchCallback
from pnpc.deliver.journal.care import purge
from pnpc.deliver.journal.journal import Journal
from pnpc.deliver.journal.records import Claim, Event, RequestShape, Result
from pnpc.deliver.journal.runs import NewRun
from pnpc.deliver.sending.credentials import credentials
from pnpc.deliver.standing.statuses import View, messages

SETTINGS = {"SINCH_APP_ID": "01APP", "SINCH_PROJECT_ID": "p-1", "SINCH_REGION": "eu"}
JOURNAL = "a.journal.db"
TOKEN = {"SINCH_ACCESS_TOKEN": "a-token", "PNPC_JOURNAL": JOURNAL}
OAUTH = {"SINCH_AUTH": "oauth2", "SINCH_KEY_ID": "key", "SINCH_KEY_SECRET": "very-secret", "PNPC_JOURNAL": JOURNAL}
SECRET = "foo_secret1234"
SPEC = """\
pnpc: 1
name: shipment
country: JP
variables:
  slot: {type: string, maxLength: 20, example: 午前中}
  gift: {type: boolean, example: true}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {$if: gift, itemKey: name_018_ja, content: gift}
      - {itemKey: time_range_001_ja, content: "{{ slot }}"}
      - {$include: fragments/price.yaml}
deliveryTag: "shipment-number-{{ recipient.to }}"
"""
URL = "https://eu.conversation.api.sinch.com/v1/projects/p-1/messages:send"
BASE = "message.channel_specific_message.LINE.message."


def violated(*fields: tuple[str, str]) -> dict[str, Any]:
    """A 400 of Sinch."""
    listed = [{"field": field, "description": words} for field, words in fields]
    detail = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": listed}
    return {"error": {"code": 400, "message": "Invalid request", "status": "INVALID_ARGUMENT", "details": [detail]}}


def signed(body: bytes, secret: str = SECRET, **more: str) -> dict[str, str]:
    """The headers of a callback."""
    parts = {"nonce": "01FJA8B4A7BM43YGWSG9GBV067", "timestamp": "1634579353", "algorithm": "HmacSHA256", **more}
    text = b".".join((body, parts["nonce"].encode(), parts["timestamp"].encode()))
    signature = b64encode(hmac(secret.encode(), text, sha256).digest()).decode()
    name = "x-sinch-webhook-signature"
    return {name: signature, **{f"{name}-{end}": value for end, value in parts.items()}}


def report(status: str, **more: Any) -> bytes:
    """A callback about a delivery, as Sinch's docs show it."""
    top = {name: more.pop(name) for name in ("correlation_id", "event_time") if name in more}
    inside = {"conversation_id": "01C", "status": status, "contact_id": "c-0", "metadata": "", **more}
    return json.dumps({"app_id": "01APP", "project_id": "p-1", **top, "message_delivery_report": inside}).encode()


def sinch(number: int, **more: Any) -> dict[str, Any]:
    """A line of a payload file."""
    body = {"app_id": "a", "recipient": {"contact_id": f"c-{number}"}, "message": {}, **more}
    return {
        "id": f"id-{number}", "target": "sinch", "method": "POST", "url": URL,
        "headers": {"Content-Type": "application/json"}, "body": body,
    }  # fmt: skip


def accept(request: Request) -> Any:
    """Sinch's usual answer: the message's name is made of the contact's."""
    contact = json.loads(request.body)["recipient"]["contact_id"]
    return answer(200, {"message_id": f"m-{contact}", "accepted_time": "2026-11-20T10:00:00Z"})


# --- answers ---


def test_violations_stand_at_the_places_of_the_spec(here: Here, tmp_path: Path) -> None:
    """Through a condition and a fragment, whatever the names are written like; and what is no place is named in the words."""
    (tmp_path / "fragments").mkdir()
    (tmp_path / "fragments" / "price.yaml").write_text("itemKey: price_001_ja\ncontent: 100円\n", encoding="utf-8")
    (tmp_path / "pnpc.toml").write_text('country = "JP"\n')
    (tmp_path / "s.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "r.csv").write_text("contact_id,slot,gift\nc-0,x,true\nc-1,x,false\n")
    done = here("compile", "s.yaml", "--target", "sinch", "--recipients", "r.csv", "-o", "a.jsonl", **SETTINGS)
    assert done.returncode == 0, done.stderr

    def refuse(request: Request) -> Any:
        last = 2 if b"name_018_ja" in request.body else 1
        return answer(
            400,
            violated(
                (f"{BASE}body.items[{last}].item_key", "no such item"),
                ("message.channelSpecificMessage.line.message.templateKey", "no such template"),
                ("recipient.contact_id", "no such contact"),
                ("correlation_id", "too long"),
            ),
        )

    with FaultServer(refuse) as server:
        done = here("push", "a.jsonl", "--api-url", server.url, **TOKEN)
    assert done.returncode == 4
    places = [line for line in done.stderr.splitlines() if "PNP901" in line]
    said = "error[PNP901 line-refused]: Sinch:"
    assert places == [
        f"fragments/price.yaml:1:10: {said} no such item",
        f"s.yaml:8:16: {said} no such template",
        f"s.yaml:8:3: {said} no such contact (at `recipient.contact_id`)",
        f"s.yaml:14:14: {said} too long",
    ]
    assert done.stderr.count("r.csv:2:1: refused for this row, and 1 more") == 4
    assert done.stderr.count("perhaps it is not this account's") == 2  # of a key, not of the message as a whole
    assert "LINE" not in done.stderr + done.stdout
    shown = here("status", "--journal", JOURNAL).stdout
    assert "no such item (at `body.items[2].itemKey`); no such template (at `templateKey`)" in shown
    assert "Sinch refused them" in shown


@pytest.mark.parametrize(
    ("field", "property"),
    [
        (f"{BASE}body.emphasized_item.content", "body.emphasizedItem.content"),
        ("/message/channel_specific_message/LINE/message/body/buttons/1/url", "body.buttons[1].url"),
        ("channel_specific_message.LINE.message.body", "body"),
        (f"{BASE}body.other_thing", "body.other_thing"),
    ],
)
def test_a_field_is_a_property_of_line(field: str, property: str) -> None:
    assert Sinch.said(violated((field, "wrong")))["details"] == [{"message": "wrong", "property": property}]
    problem = {"title": "Validation Error", "errors": [{"pointer": field, "detail": "wrong"}]}
    assert Sinch.said(problem) == {
        "message": "Validation Error",
        "details": [{"message": "wrong", "property": property}],
    }


@pytest.mark.parametrize(
    "said", [{}, {"error": 1}, {"error": {"details": 1}}, {"error": {"details": [{"fieldViolations": [1, {}]}]}}]
)
def test_any_answer_is_read(said: Any) -> None:
    assert all(set(detail) == {"message", "property"} for detail in Sinch.said(said)["details"])


def test_the_name_of_a_message_is_kept_and_shown(here: Here, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [sinch(0), sinch(1)])
    with FaultServer(lambda one: accept(one) if b'"c-0"' in one.body else answer(500)) as server:
        assert here("push", "a.jsonl", "--api-url", server.url, **TOKEN).returncode == 5
    found = here("journal", "show", "m-c-0", "--journal", JOURNAL)
    assert "  message id: m-c-0\n" in found.stdout
    found = here("journal", "show", "m-c-0", "--journal", JOURNAL, "--format", "json")
    assert json.loads(found.stdout)[0]["message_id"] == "m-c-0"


def test_a_purge_forgets_the_names_and_keeps_what_was_reported(tmp_path: Path) -> None:
    file = tmp_path / JOURNAL
    with Journal.open_or_create(str(file)) as journal:
        journal.begin(NewRun("a.jsonl", "digest", 2, "sinch", "https://eu.conversation.api.sinch.com", None, "t"), 5)
        shape = RequestShape("POST", URL, "shipment", "{}")
        for number in (1, 2):
            claim = Claim(f"i{number}", None, None, 1, number, f"order-number-000{number}", "r.csv:2", shape, 5)
            result = Result(number, "accepted", "accepted", 200, None, "{}", 6, 1, f"m-{number}")
            journal.claim([claim], [result])
        journal.add_events([
            Event("E1", "", 7, 7, "m-1", failed=True, why="no such person"),
            Event("E2", "order-number-0002", 8, 8, failed=True),
        ])  # fmt: skip
        assert purge(journal, 1, 200_000_000) == 2
        view = View(200_000_000, 0, is_sending=False)
        left = [(told.standing, told.reason, told.why, told.message_id) for told in messages(journal, view)]
        assert left == [("undelivered", "reported", None, None)] * 2
    assert all(b"order-number" not in part.read_bytes() for part in tmp_path.glob(f"{JOURNAL}*"))


# --- OAuth2 ---


class Login:
    """Sinch with its token endpoint: a token is good for `lasts` seconds, and for `uses` requests."""

    def __init__(self, lasts: object = 3600, uses: int = 1000) -> None:
        self.lasts, self.uses = lasts, uses
        self.given: list[str] = []
        self.used: dict[str, int] = {}

    def __call__(self, request: Request) -> Any:
        if request.path == "/oauth2/token":
            assert request.headers["authorization"] == "Basic a2V5OnZlcnktc2VjcmV0"
            assert request.body == b"grant_type=client_credentials"
            self.given.append(f"token-{len(self.given) + 1}")
            return answer(200, {"access_token": self.given[-1], "expires_in": self.lasts, "token_type": "Bearer"})
        token = request.headers["authorization"].removeprefix("Bearer ")
        self.used[token] = self.used.get(token, 0) + 1
        if token != self.given[-1] or self.used[token] > self.uses:
            return answer(401, {"error": {"code": 401, "message": f"bad token {token}"}})
        return accept(request)


def test_a_token_is_got_once_and_never_shown(here: Here, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [sinch(number) for number in range(30)])
    login = Login()
    with FaultServer(login) as server:
        done = here("push", "a.jsonl", "--api-url", server.url, "--rate", "500", **OAUTH)
        assert (done.returncode, login.used) == (0, {"token-1": 30}), done.stderr
    for secret in (b"token-1", b"very-secret", b"a2V5OnZlcnktc2VjcmV0"):
        assert secret.decode() not in done.stdout + done.stderr
        assert all(secret not in file.read_bytes() for file in tmp_path.glob("a.journal.db*"))


def test_a_token_is_renewed_after_a_401(here: Here, tmp_path: Path) -> None:
    """Nothing was sent by the refused requests: all go again, once, with the new token."""
    write_lines(tmp_path / "a.jsonl", [sinch(number) for number in range(60)])
    login = Login(uses=40)
    with FaultServer(login) as server:
        done = here("push", "a.jsonl", "--api-url", server.url, "--rate", "500", "--format", "json", **OAUTH)
        assert done.returncode == 0, done.stderr
        assert login.given == ["token-1", "token-2"]
        accepted = [one.body for one in server.received if one.path != "/oauth2/token"]
    assert json.loads(done.stdout.splitlines()[-1])["accepted"] == 60
    assert set(reasons(tmp_path)) == {"accepted", "token-ended"}
    assert len(set(accepted)) == 60


def reasons(folder: Path) -> list[str]:
    """The reason of each attempt."""
    with Journal.read(str(folder / JOURNAL)) as journal:
        return [reason for (reason,) in journal.rows("SELECT reason FROM attempts")]


def test_a_token_is_renewed_before_it_ends(here: Here, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [sinch(number) for number in range(40)])
    login = Login(lasts=0.4)
    with FaultServer(login) as server:
        assert here("push", "a.jsonl", "--api-url", server.url, "--rate", "40", **OAUTH).returncode == 0
    assert len(login.given) > 2
    assert set(reasons(tmp_path)) == {"accepted"}


def test_a_second_refusal_ends_the_run(here: Here, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [sinch(number) for number in range(5)])
    login = Login(uses=0)
    with FaultServer(login) as server:
        done = here("push", "a.jsonl", "--api-url", server.url, **OAUTH)
    assert (done.returncode, len(login.given)) == (5, 2)
    assert "stopped: 401: the access token is refused; the run stops (bad token ...)" in done.stderr


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (answer(401, {"error": "invalid_client", "error_description": "no key very-secret"}), "401 no key ..."),
        (answer(200, {"token": "x"}), "the answer holds no token"),
        (answer(200, {"access_token": "a\nb"}), "the answer holds no token"),
        (answer(302, location="https://elsewhere.example"), "302"),
    ],
)
def test_without_a_token_nothing_is_sent(reply: Any, said: str, here: Here, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [sinch(0)])
    with FaultServer(lambda _: reply) as server:
        done = here("push", "a.jsonl", "--api-url", server.url, **OAUTH)
        assert done.stderr == f"pnpc: nothing was sent: no access token from {server.url}/oauth2/token: {said}\n"
        assert (done.returncode, [one.path for one in server.received]) == (2, ["/oauth2/token"])
    assert not (tmp_path / JOURNAL).exists()


def test_the_way_in_is_chosen_by_its_name(here: Here, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [sinch(0)])
    with FaultServer(accept) as server:
        done = here("push", "a.jsonl", "--api-url", server.url, **{**OAUTH, "SINCH_AUTH": "saml"})
        assert done.stderr == "pnpc: SINCH_AUTH must be bearer or oauth2 or basic\n"
        done = here("push", "a.jsonl", "--api-url", server.url, SINCH_AUTH="oauth2", SINCH_ACCESS_TOKEN="t")
        assert done.stderr == "pnpc: no access token: set SINCH_KEY_ID and SINCH_KEY_SECRET\n"
        done = here("push", "a.jsonl", "--api-url", server.url, **{**OAUTH, "SINCH_AUTH": "basic"})
        assert (done.returncode, server.received[0].headers["authorization"]) == (0, "Basic a2V5OnZlcnktc2VjcmV0")


# --- reports ---


def test_the_signature_of_sinchs_own_example() -> None:
    """From the tests of Sinch's SDK for .NET."""
    body = (
        b'{"app_id":"","accepted_time":"2021-10-18T17:49:13.813615Z","project_id":"e2df3a34-a71b-4448-9db5-a8d2baad28e4",'
        b'"contact_create_notification":{"contact":{"id":"01FJA8B466Y0R2GNXD78MD9SM1","channel_identities":[{"channel":"SMS",'
        b'"identity":"48123456789","app_id":""}],"display_name":"New Test Contact","email":"new.contact@email.com",'
        b'"external_id":"","metadata":"","language":"EN_US"}},"message_metadata":""}'
    )
    headers = signed(body)
    assert headers["x-sinch-webhook-signature"] == "6bpJoRmFoXVjfJIVglMoJzYXxnoxRujzR4k2GOXewOE="
    callback = SinchCallback()
    assert callback.is_signed(SECRET, headers, body)
    assert not callback.is_signed("another", headers, body)
    assert not callback.is_signed(SECRET, headers, body + b" ")
    assert not callback.is_signed(SECRET, {**headers, "x-sinch-webhook-signature-nonce": "other"}, body)
    assert not callback.is_signed(SECRET, {**headers, "x-sinch-webhook-signature-algorithm": "none"}, body)
    assert not callback.is_signed(SECRET, {"x-sinch-webhook-signature": headers["x-sinch-webhook-signature"]}, body)
    assert callback.read(body) is None  # about a contact


def test_what_a_report_says() -> None:
    read = SinchCallback().read
    told = read(report("DELIVERED", message_id="m", correlation_id="t", event_time="2020-11-17T15:09:13.267185478Z"))
    assert told is not None
    assert told[1:] == DeliveryReport("", "m", "t", 1_605_625_753_267)[1:]
    assert told == read(
        report("DELIVERED", message_id="m", correlation_id="t", event_time="2020-11-17T15:09:13.267185478Z")
    )
    reason = {"code": "RECIPIENT_NOT_REACHABLE", "description": "unreachable"}
    failed = read(report("FAILED", message_id="m", reason=reason))
    assert failed is not None
    assert (failed.failed, failed.why, failed.at) == (True, "RECIPIENT_NOT_REACHABLE: unreachable", None)
    halves = read(report("FAILED", message_id="m\ud800", reason={"code": "\ud800", "description": "d\udfff"}))
    assert halves is not None
    assert (halves.message_id, halves.why) == ("m\ufffd", "\ufffd: d\ufffd")
    early = read(report("DELIVERED", message_id="m", event_time="0001-01-01T00:00:00+12:00"))
    assert early is not None
    assert early.at is None
    assert read(report("QUEUED_ON_CHANNEL", message_id="m")) is None
    assert read(report("DELIVERED")) is None  # of what message?
    for text in (b"", b"[]", b"\xff", b"[" * 100_000):
        with pytest.raises(BadCallback):
            read(text)


def posted(url: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of the answer to a post."""
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    try:
        connection.request("POST", parts.path, body, headers)
        return connection.getresponse().status
    finally:
        connection.close()


def test_where_tokens_come_from_is_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sinch_target, "_facts", lambda: {"token": {"url": "https://auth.example/token"}})
    environment = {"SINCH_AUTH": "oauth2", "SINCH_KEY_ID": "k", "SINCH_KEY_SECRET": "s"}
    assert credentials(Sinch, environment).token_url == "https://auth.example/token"


def test_reports_are_received_and_shown(here: Here, tmp_path: Path) -> None:
    """By the message's name, by the delivery tag of one whose answer was lost, and not by anything else."""
    write_lines(
        tmp_path / "a.jsonl", [sinch(number, correlation_id=f"order-number-000{number}") for number in range(5)]
    )
    with FaultServer(lambda one: answer(500) if b"c-2" in one.body else accept(one)) as server:
        assert here("push", "a.jsonl", "--api-url", server.url, **TOKEN).returncode == 5
    reason = {"code": "RECIPIENT_NOT_REACHABLE", "description": "no LINE user of +818012345678"}
    posts = [
        report("DELIVERED", message_id="m-c-0"),
        report("READ", message_id="m-c-0"),
        report("FAILED", message_id="m-c-1", reason=reason),
        report("DELIVERED", message_id="m-unknown-name", correlation_id="order-number-0002"),
        report("QUEUED_ON_CHANNEL", message_id="m-c-3"),
        report("DELIVERED", message_id="m-of-another-program"),
        line_body(line_event("E1", "order-number-0003")),
    ]
    with listening(tmp_path / JOURNAL, secrets={"SINCH_WEBHOOK_SECRET": SECRET}) as listener:
        assert [posted(listener.url, post, signed(post)) for post in posts[:-1]] == [200] * 6
        assert posted(listener.url, posts[0], signed(posts[0])) == 200  # again
        assert posted(listener.url, posts[0], signed(posts[0], "another secret")) == 403
        assert posted(listener.url, posts[-1], {"x-line-signature": "x"}) == 401  # LINE's secret is not set
        assert posted(listener.url, b"{", signed(b"{")) == 400
        assert listener.stop() == 0
    assert "deliveries 4, duplicates 1, of no journal 1, other events 1" in listener.error
    with Journal.read(str(tmp_path / JOURNAL)) as journal:
        assert list(journal.rows("SELECT * FROM listeners")) == []  # no witness of LINE's silence
    told = json.loads(here("status", "--journal", JOURNAL, "--format", "json", "--export", "e.csv").stdout)
    counts = {name: count for name, count in told["counts"].items() if count}
    assert counts == {"delivered": 2, "undelivered": 1, "waiting": 2}
    (why,) = told["reasons"]
    assert (why["state"], why["reason"], why["message_ids"]) == ("undelivered", "reported", ["m-c-1"])
    assert why["says"].startswith("RECIPIENT_NOT_REACHABLE: no LINE user of ")
    assert "8012345678" not in why["says"]
    assert (tmp_path / "e.csv").read_text().splitlines()[1].endswith(",m-c-1")
    text = here("status", "--journal", JOURNAL).stdout
    assert "an event from Sinch says so" in text
    assert "REQUEST OR MESSAGE ID" in text
    shown = here("journal", "show", "m-c-1", "--journal", JOURNAL).stdout
    assert "  reported: not delivered: RECIPIENT_NOT_REACHABLE" in shown
    again = here("push", "a.jsonl", "--dry-run", "--api-url", server.url, **TOKEN)
    assert "would send nothing" in again.stdout


def test_the_emulator_plays_sinch(here: Here, tmp_path: Path) -> None:
    """Its token, its message ids, its violations at their places, its reports: push, emulator and receiver together."""
    (tmp_path / "fragments").mkdir()
    (tmp_path / "fragments" / "price.yaml").write_text("itemKey: price_001_ja\ncontent: 100円\n", encoding="utf-8")
    (tmp_path / "s.yaml").write_text(SPEC, encoding="utf-8")
    people = {"ok": "+818000001201", "unknown": "+818000001202", "blocked": "+818000001205"}
    table = "identity,slot,gift\n" + "".join(f"{number},x,false\n" for number in people.values())
    (tmp_path / "r.csv").write_text(table)
    done = here("compile", "s.yaml", "--target", "sinch", "--recipients", "r.csv", "-o", "a.jsonl", **SETTINGS)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    wrong = json.loads(json.dumps(lines[0]).replace("time_range_001_ja", "time_range_901_ja"))
    write_lines(tmp_path / "wrong.jsonl", [{**wrong, "id": "wrong"}])
    secrets = {"SINCH_WEBHOOK_SECRET": SECRET}
    with listening(tmp_path / JOURNAL, secrets=secrets) as listener, emulating(listener.url, tmp_path) as url:
        assert here("push", "a.jsonl", "--api-url", url, "--rate", "100", **OAUTH).returncode == 0
        until(lambda: counts(here).get("delivered") == 1 and counts(here).get("undelivered") == 1)
        assert counts(here) == {"delivered": 1, "undelivered": 1, "waiting": 1}
        refused = here("push", "wrong.jsonl", "--api-url", url, "--send-changed", **TOKEN)
        assert refused.returncode == 4
        assert "s.yaml:12:19: error[PNP901 line-refused]: Sinch: time_range_901_ja does not exist" in refused.stderr
    (attempt,) = json.loads(here("journal", "show", "r.csv:3", "--journal", JOURNAL, "--format", "json").stdout)
    assert attempt["message_id"].startswith("01EM")
    assert attempt["reported"].startswith("not delivered: RECIPIENT_NOT_REACHABLE")


def counts(here: Here) -> dict[str, int]:
    """How many messages stand where."""
    told = json.loads(here("status", "--journal", JOURNAL, "--format", "json").stdout)["counts"]
    return {name: count for name, count in told.items() if count}


@contextmanager
def emulating(callback: str, folder: Path) -> Iterator[str]:
    """`pnpc emulator` as a process of its own, which reports to a URL."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pnpc", "emulator", "--callback", callback, "--country", "JP"], cwd=folder,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment(SINCH_WEBHOOK_SECRET=SECRET),
    )  # fmt: skip
    try:
        assert process.stdout is not None
        yield process.stdout.readline().decode().strip()
    finally:
        process.terminate()
        process.communicate(timeout=30)


def test_a_receiver_needs_a_secret(here: Here) -> None:
    done = here("listen", LINE_CHANNEL_SECRET="")
    assert (done.returncode, "SINCH_WEBHOOK_SECRET" in done.stderr) == (2, True)
