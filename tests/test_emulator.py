"""The emulator's answers: LINE's documented bodies to the letter, and whatever check knows said in LINE's words."""

import gzip
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
from emulating import DAY, FLEXIBLE, FLEXIBLE_COUNT, PEOPLE, TEMPLATE, TEMPLATE_COUNT, ask, flexible, template

from pnpc import rules
from pnpc.compile.tables.phones import e164
from pnpc.data import read_json
from pnpc.emulator import Emulator
from pnpc.emulator.bucket import Bucket
from pnpc.emulator.clock import Clock, day
from pnpc.emulator.people import kinds, magic_numbers
from pnpc.emulator.scenario import BadScenario, read
from pnpc.emulator.settings import EmulatorSettings, defaults
from pnpc.line.grammar.schema import load
from pnpc.text.source import Source


@pytest.fixture(scope="module")
def line() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


# --- LINE's documented answers ---

DOCUMENTED = [
    (
        template(templateKey="reserve_004"),
        {
            "message": "Invalid templateKey: reserve_004",
            "details": [
                {
                    "message": "The specified template doesn't exist, or you don't have the permission",
                    "property": "templateKey",
                }
            ],
        },
    ),
    (
        template(body={"items": [{"itemKey": "datetime_000", "content": "8月10日"}]}),
        {
            "message": "The request body has 1 invalid key(s).",
            "details": [
                {"message": "The specified item key does not exist: datetime_000", "property": "body.items[0].itemKey"}
            ],
        },
    ),
    (
        template(
            body={
                "emphasizedItem": {"itemKey": "date_002_ja", "content": "8月10日"},
                "items": [{"itemKey": "date_002_ja", "content": "8月11日"}],
            }
        ),
        {
            "message": "The request body has 1 error(s)",
            "details": [
                {
                    "message": "Duplicate itemKey in items or between emphasizedItem and items are not allowed: date_002_ja",
                    "property": "body.emphasizedItem.itemKey",
                }
            ],
        },
    ),
    (
        template() | {"to": "+818000001234"},
        {
            "message": "The request body has 1 error(s)",
            "details": [{"message": "The value must be a valid SHA-256 digest.", "property": "to"}],
        },
    ),
    (
        template(customAggregationUnits=["発送"]),
        {
            "message": "The request body has 1 error(s)",
            "details": [
                {
                    "message": "Invalid characters are included in custom aggregation unit",
                    "property": "customAggregationUnits[0]",
                }
            ],
        },
    ),
]


@pytest.mark.parametrize(("body", "expected"), DOCUMENTED, ids=[one["message"] for _, one in DOCUMENTED])
def test_documented_400_to_the_letter(line: Emulator, body: dict[str, Any], expected: dict[str, Any]) -> None:
    got = ask(line.url, TEMPLATE, body)
    assert got.status == 400
    assert got.raw == json.dumps(expected, ensure_ascii=False, separators=(",", ":")).encode()
    assert got.headers["content-type"].startswith("application/json")


@pytest.mark.parametrize(("path", "body", "status"), [(TEMPLATE, template(), 202), (FLEXIBLE, flexible(), 200)])
def test_each_kind_has_its_status(line: Emulator, path: str, body: dict[str, Any], status: int) -> None:
    got = ask(line.url, path, body)
    assert (got.status, got.raw) == (status, b"{}")


@pytest.mark.parametrize("person", ["unknown", "refuses", "no-policy"])
def test_people_who_can_not_be_sent_to(line: Emulator, person: str) -> None:
    got = ask(line.url, TEMPLATE, template(person))
    assert (got.status, got.raw) == (422, b'{"message":"Failed to send messages"}')


@pytest.mark.parametrize(
    ("call", "status", "message"),
    [
        ({"token": None}, 401, "Authentication failed due to the following reason: the request has no bearer token"),
        ({"authorization": "Basic YTpi"}, 401, "Authentication failed due to the following reason: the request has no bearer token"),
        ({"content_type": "text/plain"}, 415, "The content type, text/plain, is not supported"),
        ({"content_type": "application/json; charset=utf-8"}, 202, None),
        ({"content_type": "text/\xff"}, 415, "The content type, text/\udcff, is not supported"),
        ({"x_line_delivery_tag": "\xff" * 16}, 400, "The value for the 'X-Line-Delivery-Tag' header is invalid"),
        ({"x_line_retry_key": "123e4567-e89b-12d3-a456-426614174000"}, 400, "The retry key is not supported by this endpoint"),
        ({"x_line_delivery_tag": "x" * 15}, 400, "The value for the 'X-Line-Delivery-Tag' header is invalid"),
        ({"x_line_delivery_tag": "x" * 16}, 202, None),
        ({"x_line_delivery_tag": "x" * 100}, 202, None),
        ({"x_line_delivery_tag": "x" * 101}, 400, "The value for the 'X-Line-Delivery-Tag' header is invalid"),
        ({"method": "PUT"}, 405, "Method not allowed"),
    ],
)  # fmt: skip
def test_headers_and_methods(line: Emulator, call: dict[str, Any], status: int, message: str | None) -> None:
    got = ask(line.url, TEMPLATE, template(), **call)
    assert (got.status, got.body.get("message")) == (status, message)


def test_every_answer_has_an_id_of_its_own(line: Emulator) -> None:
    asked = [(TEMPLATE, template()), (TEMPLATE, {}), ("/v2/bot/nothing", {}), (TEMPLATE, None), (FLEXIBLE_COUNT, None)]
    got = [ask(line.url, path, body) for path, body in asked]
    assert [one.status for one in got] == [202, 400, 404, 405, 400]
    assert len({one.headers["x-line-request-id"] for one in got}) == len(got)


@pytest.mark.parametrize(
    ("raw", "status", "message"),
    [
        (b"{", 400, "The request body could not be parsed as JSON (line: 1, column: 2)"),
        (b'{\n "to": }', 400, "The request body could not be parsed as JSON (line: 2, column: 8)"),
        (b"", 400, "The request body could not be parsed as JSON (line: 1, column: 1)"),
        (b"\xff", 400, "The request body could not be parsed as JSON (line: 1, column: 1)"),
        (b"[]", 400, "The request body could not be parsed as JSON (line: 1, column: 1)"),
        (
            gzip.compress(json.dumps(template()).encode()),
            400,
            "The request body could not be parsed as JSON (line: 1, column: 1)",
        ),
        (b'{"to": NaN}', 400, "The request body could not be parsed as JSON (line: 1, column: 1)"),
        (b"[" * 100_000, 400, "The request body could not be parsed as JSON (line: 1, column: 1)"),
        (b'{"to": %s}' % (b"9" * 5000), 400, "The request body could not be parsed as JSON (line: 1, column: 1)"),
        (b'{"to": "' + b"x" * (2 << 20), 413, "The request body is too large"),
    ],
    ids=["open", "line 2", "empty", "not UTF-8", "a list", "packed", "NaN", "deep", "a long number", "3 MB"],
)
def test_bodies_that_are_none(line: Emulator, raw: bytes, status: int, message: str) -> None:
    got = ask(line.url, TEMPLATE, raw)
    assert (got.status, got.body) == (status, {"message": message})


def test_a_token_that_is_the_only_one() -> None:
    with Emulator(token="mine") as line:
        assert ask(line.url, TEMPLATE, template(), token="mine").status == 202
        got = ask(line.url, TEMPLATE, template(), token="yours")
        assert (got.status, got.body["message"]) == (
            401,
            "Authentication failed due to the following reason: invalid token",
        )
        assert "yours" not in got.raw.decode()


def test_calls_that_the_account_may_not_make() -> None:
    with Emulator(forbidden=["template"]) as line:
        got = ask(line.url, TEMPLATE, template())
        assert (got.status, got.raw) == (403, b'{"message":"Access to this API is not available for your account"}')
        assert ask(line.url, FLEXIBLE, flexible()).status == 200


def test_limits_by_channel_and_endpoint() -> None:
    with Emulator(rate=0.001, burst=2, retry_after=30) as line:
        assert [ask(line.url, TEMPLATE, template()).status for _ in range(3)] == [202, 202, 429]
        got = ask(line.url, TEMPLATE, template())
        assert got.body == {"message": "The API rate limit has been exceeded. Try again later."}
        assert got.headers["retry-after"] == "30"
        assert ask(line.url, FLEXIBLE, flexible()).status == 200
        assert ask(line.url, TEMPLATE, template(), token="b").status == 202
    with Emulator(monthly_limit=1, start=0) as line:
        assert "retry-after" not in ask(line.url, TEMPLATE, template()).headers
        got = ask(line.url, FLEXIBLE, flexible())
        assert (got.status, got.body) == (429, {"message": "You have reached your monthly limit."})
        line.advance(31 * DAY)
        assert ask(line.url, FLEXIBLE, flexible()).status == 200


def test_a_bucket_holds_its_burst_and_is_filled_by_its_rate() -> None:
    now = [0.0]
    bucket = Bucket(10, 5, lambda: now[0])
    assert [bucket.take() for _ in range(6)] == [True] * 5 + [False]
    now[0] += 0.25
    assert [bucket.take() for _ in range(3)] == [True, True, False]
    now[0] += 100
    assert sum(bucket.take() for _ in range(20)) == 5


def test_the_order_of_the_checks_is_a_setting() -> None:
    wrong = template("unknown") | {"templateKey": "reserve_004"}
    with Emulator() as line:
        assert ask(line.url, TEMPLATE, wrong).status == 400
        assert ask(line.url, TEMPLATE, wrong, token=None).status == 401
        line.scenario({"scenario": 1, "settings": {"order": ["person", "body", "token"]}})
        assert ask(line.url, TEMPLATE, wrong, token=None).status == 422
        line.scenario({"scenario": 1, "settings": {"order": []}})
        assert ask(line.url, TEMPLATE, wrong, token=None).status == 400  # the body is always read
        assert ask(line.url, TEMPLATE, template(), token=None).status == 202


# --- what check knows ---

FLEX = {
    "type": "flex",
    "altText": "x",
    "contents": {
        "type": "bubble",
        "styles": {"type": "x"},
        "body": {
            "type": "box",
            "layout": "vertical",
            "contents": [
                {"type": "text", "text": ""},
                {"type": "button", "action": {"type": "uri", "label": "l" * 41, "uri": "https://example.com/"}},
            ],
        },
    },
}
COLUMN = {"text": "x", "actions": [{"type": "message", "label": "a", "text": "a"}]}


@pytest.mark.parametrize(
    ("message", "top", "details"),
    [
        ({"type": "text", "text": ""}, "The request body has 1 error(s)", [("May not be empty", "messages[0].text")]),
        ({"type": "text", "text": "x" * 5001}, "The request body has 1 error(s)", [("Length must be between 0 and 5000", "messages[0].text")]),
        ({"type": "text"}, "The request body has 1 error(s)", [("must be specified", "messages[0].text")]),
        ({"type": "text", "text": 1}, "The property, messages[0].text, in the request body is invalid (line: 1, column: 114)", []),
        (
            {"type": "text", "text": "x", "quickReply": {"items": [{"type": "action"}]}},
            "The request body has 1 error(s)",
            [("must be specified", "messages[0].quickReply.items[0].action")],
        ),
        (
            FLEX,
            "A message (messages[0]) in the request body is invalid",
            [
                ("unknown field", "/styles/type"),
                ("must be non-empty text", "/body/contents/0/text"),
                ("must not be longer than 40 characters", "/body/contents/1/action/label"),
            ],
        ),
        (
            {"type": "template", "altText": "x", "template": {"type": "carousel", "columns": [COLUMN | {"title": "x" * 41}]}},
            "A message (messages[0]) in the request body is invalid",
            [("must not be longer than 40 characters", "template/columns/0/title")],
        ),
        (
            {"type": "textV2", "text": "{!owe}"},
            "A message (messages[0]) in the request body is invalid",
            [("The key '!owe' enclosed in '{}' does not match the pattern '^[a-zA-Z0-9_]{1,20}$'.", "text")],
        ),
    ],
)  # fmt: skip
def test_messages_in_both_notations(line: Emulator, message: dict[str, Any], top: str, details: list[Any]) -> None:
    got = ask(line.url, FLEXIBLE, flexible(message))
    assert got.status == 400
    assert got.body["message"] == top
    assert [(one["message"], one["property"]) for one in got.body.get("details", [])] == details


def test_a_body_at_the_wrong_door(line: Emulator) -> None:
    wrong = {
        "message": "The request body has 1 error(s)",
        "details": [{"message": "must be specified", "property": "templateKey"}],
    }
    assert ask(line.url, TEMPLATE, {"to": PEOPLE["ok"]}).body == wrong
    assert ask(line.url, TEMPLATE, flexible()).status == 400
    assert ask(line.url, FLEXIBLE, template()).status == 400
    assert ask(line.url, TEMPLATE, {"pnpc": 1, "message": template(), "to": PEOPLE["ok"]}).status == 400
    assert ask(line.url, TEMPLATE, {"templateKey": "shipment_completed_ja"}).body["details"][0]["property"] == "to"


def test_a_remembered_body_is_answered_as_at_first(line: Emulator) -> None:
    for person in ("ok", "blocked", "ok"):
        for key, status in (("shipment_completed_ja", 202), ("reserve_004", 400)):
            assert ask(line.url, TEMPLATE, template(person, templateKey=key)).status == status


def test_keys_that_the_catalog_can_not_know() -> None:
    unlisted = template(templateKey="something_else_ja")
    with Emulator(lenient=True) as line:
        assert ask(line.url, TEMPLATE, unlisted).status == 202
        assert ask(line.url, TEMPLATE, template(templateKey="shipment_complete_ja")).status == 400  # a slip
        assert ask(line.url, TEMPLATE, template(templateKey="reserve_004")).status == 400  # known to be none
        line.scenario({"scenario": 1, "settings": {"lenient": False}})
        assert ask(line.url, TEMPLATE, unlisted).status == 400
        line.scenario({"scenario": 1, "settings": {"check": False}})
        assert ask(line.url, TEMPLATE, template(templateKey="reserve_004")).status == 202
    team = {"catalog": 1, "country": "JP", "templates": {"keys": {"something_else_ja": {}}}}
    with Emulator(catalogs=(team,)) as line:
        assert ask(line.url, TEMPLATE, unlisted).status == 202


# --- people, days, settings ---


def test_magic_numbers_are_valid_and_have_every_kind() -> None:
    listed = list(magic_numbers())
    assert [one.number for one in listed] == [e164(one.number, None) for one in listed]
    assert len({one.number for one in listed}) == len(listed) == 3 * len(kinds())
    assert load("emulator-scenario")["$defs"]["person"]["enum"] == list(kinds())


def test_other_people_are_what_the_settings_say() -> None:
    stranger = template() | {"to": "d41e0ad70dddfeb68f149ad6fc61574b9c5780ab7bcb2fba5517771ffbb2409c"}
    with Emulator() as line:
        assert ask(line.url, TEMPLATE, stranger).status == 202
        line.scenario({"scenario": 1, "settings": {"others": "unknown"}})
        assert ask(line.url, TEMPLATE, stranger).status == 422
        line.scenario(
            {"scenario": 1, "people": [{"to": stranger["to"], "is": "blocked"}, {"to": PEOPLE["ok"], "is": "refuses"}]}
        )
        assert ask(line.url, TEMPLATE, stranger).status == 202
        assert ask(line.url, TEMPLATE, template()).status == 422
        line.drain()
        assert [(one.person, one.delivered is not None) for one in line.ledger] == [("ok", True), ("blocked", False)]


@pytest.mark.parametrize(
    ("person", "after"),
    [
        ("ok", 0), ("blocked", None), ("consents", 3600), ("consents-late", DAY - 60), ("never-consents", None),
        ("needs-sms", None),
    ],
)  # fmt: skip
def test_when_a_message_is_delivered(person: str, after: int | None) -> None:
    with Emulator(start=1_700_000_000.0) as line:
        assert ask(line.url, TEMPLATE, template(person)).status == 202
        if after:
            line.advance(after - 1)
            assert next(iter(line.ledger)).delivered is None
        line.advance(2 * DAY)
        assert next(iter(line.ledger)).delivered == (None if after is None else 1_700_000_000.0 + after)


def test_consent_is_given_once_and_not_after_a_day() -> None:
    with Emulator(start=0.0) as line:
        ask(line.url, TEMPLATE, template("consents"))
        line.advance(1800)
        ask(line.url, FLEXIBLE, flexible(person="consents"))
        line.advance(DAY)
        ask(line.url, TEMPLATE, template("consents"))
        line.drain()
        assert [one.delivered for one in line.ledger] == [3600, 3600, DAY + 1800]
        late = {"to": "0" * 64, "is": "consents", "after": DAY + 1}
        line.scenario({"scenario": 1, "people": [late]})
        ask(line.url, TEMPLATE, template() | {"to": "0" * 64})
        line.advance(3 * DAY)
        assert [one.delivered is None for one in line.ledger] == [False] * 3 + [True]


def test_days_are_counted_in_japan() -> None:
    with Emulator(start=1_700_060_340.0) as line:  # 2023-11-15 23:59 in UTC+9
        for body in (template(), template("blocked"), template("consents")):
            ask(line.url, TEMPLATE, body)
        ask(line.url, FLEXIBLE, flexible())
        assert day(line.now) == "20231115"
        assert ask(line.url, f"{TEMPLATE_COUNT}?date=20231115").body == {"status": "unready"}
        line.advance(60)
        assert ask(line.url, f"{TEMPLATE_COUNT}?date=20231115").body == {"status": "ready", "success": 1}
        assert ask(line.url, f"{FLEXIBLE_COUNT}?date=20231115").body == {"status": "ready", "success": 1}
        assert ask(line.url, f"{TEMPLATE_COUNT}?date=20231115", token="b").body == {"status": "ready", "success": 0}
        line.advance(DAY)
        assert ask(line.url, f"{TEMPLATE_COUNT}?date=20231116").body == {"status": "ready", "success": 1}


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("?date=20180330", (200, {"status": "out_of_service"})),
        ("?date=20180331", (200, {"status": "ready", "success": 0})),
        ("?date=99991231", (200, {"status": "unready"})),
        *((one, (400, {"message": "The value for the 'date' parameter is invalid"})) for one in ("", "?date=", "?date=2024-01-01", "?date=20240230", "?date=２０２４０１０１")),
    ],
)  # fmt: skip
def test_dates(line: Emulator, date: str, expected: tuple[int, Any]) -> None:
    got = ask(line.url, TEMPLATE_COUNT + date.encode("ascii", "xmlcharrefreplace").decode().replace("&#", "%26%23"))
    assert (got.status, got.body) == expected


def test_counts_need_a_token(line: Emulator) -> None:
    assert ask(line.url, f"{TEMPLATE_COUNT}?date=20240101", token=None).status == 401


def test_a_real_clock_can_not_be_advanced() -> None:
    with Emulator(virtual=False) as line, pytest.raises(ValueError, match="virtual"):
        line.advance(1)
    for seconds in (-1, float("nan"), float("inf"), 1e300, 10**400):
        with pytest.raises(ValueError, match="forwards"):
            Clock(virtual=True).advance(seconds)
    with pytest.raises(ValueError, match="1970"):
        Clock(virtual=True, start=1e300)


def test_a_real_clock_delivers_later_by_itself() -> None:
    with Emulator(virtual=False, delivery_seconds=0.05) as line:
        ask(line.url, TEMPLATE, template())
        until = time.monotonic() + 10
        while next(iter(line.ledger)).delivered is None and time.monotonic() < until:
            time.sleep(0.01)
        (entry,) = line.ledger
        assert entry.delivered is not None
        assert entry.delivered - entry.time >= 0.05


def test_settings_stand_in_the_schema_and_nowhere_else() -> None:
    known = load("emulator-scenario")["$defs"]["settings"]["properties"]
    assert [name.replace("-", "_") for name in known] == list(EmulatorSettings._fields)
    assert {one["x-source"] for one in known.values()} == {"LINE", "ours"}
    assert set(defaults().order) == set(known["order"]["items"]["enum"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("scenario: 2\n", "scenario.yaml:1:11: `scenario` can't be `2`"),
        ("scenario: 1\nfaults:\n  - {type: reset-befor-read}\n", "scenario.yaml:3:12: `type` can't be `reset-befor-read`; did you mean `reset-before-read` or"),
        ("scenario: 1\nfaults:\n  - {type: reset-before-read, when: {person: ok}}\n", "scenario.yaml:3:38: unknown key `person` in `when`"),
        ("scenario: 1\nsettings: {rate: 0}\n", "scenario.yaml:2:18: `rate` is 0, must be more than 0"),
        ("scenario: 1\nsettings: {monthly-limt: 1}\n", "scenario.yaml:2:12: unknown key `monthly-limt` in `settings`; did you mean `monthly-limit`?"),
        ("scenario: 1\nsettings: {tag-pattern: '['}\n", "scenario.yaml:2:25: not a regular expression"),
        ("scenario: 1\npeople:\n  - {to: '+818000001234', is: ok}\n", "scenario.yaml:3:10: `to` must be a SHA-256 digest"),
        ("", "scenario.yaml:1:1: a scenario is one document"),
        ("scenario: [\n", "scenario.yaml:"),
    ],
)  # fmt: skip
def test_mistakes_in_a_scenario_are_told_at_their_place(text: str, message: str) -> None:
    with pytest.raises(BadScenario) as caught:
        read(Source("scenario.yaml", text))
    assert str(caught.value).startswith(message)
    assert {one.code for one in caught.value.diagnostics} == {"PNP801"}


def test_settings_of_the_library_are_checked_too() -> None:
    with pytest.raises(BadScenario, match="did you mean `rate`"), Emulator(rat=3):
        pass
    with pytest.raises(ValueError, match="channel secret"):
        Emulator(webhook="http://127.0.0.1:1/")


def test_wordings_say_how_they_are_known() -> None:
    told = read_json("schemas", "answers.json")
    listed = [*told["whole"].values(), *told["keys"].values(), *told["rules"].values(), told["units"]]
    listed += [one for family in told["keywords"].values() for one in family.values()]
    assert {one["known"] for one in listed} == set(told["known"])
    assert all(rules.known(name) for name in (*told["rules"], *told["refused"]["elsewhere"], *told["refused"]["taken"]))
