"""`pnpc verify`: what an emulator and servers that behave otherwise say of specs, and that nothing more is claimed."""

import asyncio
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
from conftest import Here
from faultserver import HOLD, RESET, FaultServer, Request, Script, Step, answer, full_backlog

from pnpc.cli.asking.learning import Learner
from pnpc.cli.asking.report import VerifyReport
from pnpc.compile.tables.phones import digest
from pnpc.deliver.asking.account import account_facts
from pnpc.deliver.asking.asker import Asker, Pace
from pnpc.deliver.asking.variants import Unfilled, Variant, variants
from pnpc.deliver.asking.verdicts import LineVerdict
from pnpc.deliver.asking.verification import Answered, Verification, calibration, measurements, question_about
from pnpc.deliver.sending.client import Client
from pnpc.deliver.sending.timeouts import Timeouts
from pnpc.emulator import Emulator
from pnpc.language.message import notice as notices
from pnpc.language.message.context import Context
from pnpc.line.catalog import Catalog
from pnpc.line.service import api, impossible_keys, no_ones_digest
from pnpc.text.joined import Joined
from pnpc.text.nodes import compose
from pnpc.text.source import Source

LINE = api()
TOKEN = {"LINE_CHANNEL_ACCESS_TOKEN": "secret-token"}
TEMPLATE = """\
pnpc: 1
name: shipped
country: JP
variables:
  gift: {type: boolean, example: true}
  name: {type: string, maxLength: 10, example: スープ}
  order: {type: string, pattern: "^[A-Z0-9]{8}$", example: A1B2C3D4}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: name_010_ja, content: "{{ name }}"}
      - {$if: gift, itemKey: date_002_ja, content: 明日}
deliveryTag: "shipment-{{ order }}"
"""
UNLISTED = TEMPLATE.replace("date_002_ja", "name_911_ja")
FLEXIBLE = """\
pnpc: 1
name: free
country: JP
variables:
  late: {type: boolean, example: false}
message:
  messages:
    - {$if: late, type: text, text: 遅れます}
    - {type: text, text: 発送しました}
"""
PLAIN = '{"messages": [{"type": "text", "text": "発送しました"}]}'
BODY = '{"to": "' + digest("+818000001234") + '", "templateKey": "shipment_completed_ja"}'


NO_ONE = (422, {"message": "Failed to send messages"})


def a_line(**said: tuple[int, object]) -> Script:
    """A LINE of few words: its documented 400 for a key that can't exist, 422 for other templates, 200 for messages.

    `said` answers otherwise: `calibration`, `items` or `buttons` to a template, item or button that can't exist, `template` to
    other templates, the rest by the last part of the path.
    """

    def script(request: Request) -> list[Step]:
        if "templated" not in request.path:
            return answer(*said.get(request.path.rpartition("/")[2], (200, {})))
        body = json.loads(request.body)
        kind = impossible_kind(body)
        if kind is None:
            return answer(*said.get("template", NO_ONE))
        return answer(*said.get("calibration" if kind == "templates" else kind, (400, refusal(kind))))

    return script


def impossible_kind(body: dict[str, Any]) -> str | None:
    """The kind of the key that can't exist which a body has."""
    return next((kind for kind, key in impossible_keys().items() if key in json.dumps(body)), None)


def refusal(kind: str) -> dict[str, Any]:
    """What LINE documents for a key that does not exist."""
    key = impossible_keys()[kind]
    if kind == "templates":
        says = "The specified template doesn't exist, or you don't have the permission"
        return {"message": f"Invalid templateKey: {key}", "details": [{"message": says, "property": "templateKey"}]}
    name = kind.removesuffix("s")
    detail = {"message": f"The specified {name} key does not exist: {key}", "property": f"body.{kind}[0].{name}Key"}
    return {"message": "The request body has 1 invalid key(s).", "details": [detail]}


def messages_of(text: str, context: Context | None = None) -> list[Variant | Unfilled]:
    context = context or Context(Catalog(), "JP")
    source = Joined(Source("spec.yaml", text))
    return [message for document in compose(source) for message in variants(notices.read(document), context, {})]


def ask(url: str, *texts: str, total: float = 5.0) -> list[Answered]:
    """What a server says of specs, one after the other, without a pause."""
    return ask_about(url, [message for text in texts for message in messages_of(text)], total)


def ask_about(url: str, asked: list[Variant | Unfilled], total: float = 5.0) -> list[Answered]:
    """The same of messages."""

    async def run() -> list[Answered]:
        async with Client({"Authorization": "Bearer secret-token"}, 1, Timeouts(total=total)) as client:
            verification = Verification(Asker(client, url, Pace(0.0)))
            return [await verification.ask(message) for message in asked if isinstance(message, Variant)]

    return asyncio.run(run())


def verdicts(answers: list[Answered]) -> list[tuple[str, str]]:
    return [(answered.verdict.word, answered.verdict.reason) for answered in answers]


@pytest.fixture
def line() -> Iterator[Emulator]:
    with Emulator() as emulator:
        yield emulator


# --- what is asked ---


def test_a_request_for_each_variant_and_no_more(line: Emulator) -> None:
    with FaultServer(a_line()) as server:
        answers = ask(server.url, TEMPLATE, FLEXIBLE, BODY)
    assert [(said.variant.kind, said.variant.chosen, said.verdict.word) for said in answers] == [
        ("template", "gift=true", "verified"), ("template", "gift=false", "verified"),
        ("flexible", "late=false", "verified"), ("flexible", "late=true", "verified"),
        ("template", "", "verified"),
    ]  # fmt: skip
    sent = [(request.path.rpartition("/")[2], json.loads(request.body)) for request in server.received]
    assert len(sent) == 2 + len(answers)  # a template that can't exist, and an item
    assert {body.get("to") for path, body in sent if "messages" not in body} == {no_ones_digest()}
    assert [len(body["messages"]) for _, body in sent if "messages" in body] == [1, 2]
    assert [set(body) for _, body in sent if "messages" in body] == [{"messages"}] * 2
    assert sent[2][1]["body"]["items"][0]["itemKey"] == impossible_keys()["items"]
    assert sent[1][1]["body"]["items"] == [
        {"itemKey": "name_010_ja", "content": "スープ"}, {"itemKey": "date_002_ja", "content": "明日"},
    ]  # fmt: skip
    assert server.received[1].tag == "shipment-A1B2C3D4"
    assert {request.headers["authorization"] for request in server.received} == {"Bearer secret-token"}


def test_variants_that_differ_in_texts_only_are_one() -> None:
    text = TEMPLATE.replace("gift: {type: boolean, example: true}", "gift: {type: string, enum: [a, b, c], example: a}")
    text = text.replace("$if: gift", "$if: gift == 'a'")
    assert [message.chosen for message in messages_of(text)] == ["gift=a", "gift=b"]


def test_a_listed_value_that_yaml_1_1_reads_otherwise_is_a_case_too() -> None:
    text = FLEXIBLE.replace("late: {type: boolean, example: false}", "late: {type: string, enum: [on, y], example: y}")
    asked = messages_of(text.replace("$if: late", "$if: late == 'on'"))
    assert [message.chosen for message in asked if isinstance(message, Variant)] == ["late=y", "late=on"]


def test_a_condition_inside_a_loop_depends_on_the_array_that_it_goes_over() -> None:
    text = """\
pnpc: 1
name: looped
country: JP
variables:
  lines:
    type: array
    maxItems: 3
    items: {type: object, properties: {name: {type: string, maxLength: 9}, late: {type: boolean}}, required: [name, late], additionalProperties: false}
    example: [{name: a, late: true}, {name: b, late: false}]
    examples: [[{name: a, late: false}]]
message:
  messages:
    - {$for: line in lines, $if: line.late, type: text, text: "{{ line.name }}"}
    - {type: text, text: 以上}
"""
    made = [message for message in messages_of(text) if isinstance(message, Variant)]
    assert [len(variant.body["messages"]) for variant in made] == [2, 1]


def test_what_has_no_example_is_named_at_its_place() -> None:
    (unfilled,) = messages_of(TEMPLATE.replace(", example: スープ", ""))
    assert isinstance(unfilled, Unfilled)
    assert [(lacking.code, lacking.path, lacking.range.start.line) for lacking in unfilled.diagnostics] == [
        ("PNP602", "variables.name", 6)
    ]
    (part,) = messages_of('{"type": "text", "text": "x"}')
    assert isinstance(part, Unfilled)
    assert "single message object" in part.says


def test_conditions_without_end_are_cut_and_that_is_said() -> None:
    names = [f"v{number}" for number in range(7)]
    text = "pnpc: 1\nname: many\ncountry: JP\nvariables:\n"
    text += "".join(f"  {name}: {{type: boolean, example: true}}\n" for name in names)
    text += "message:\n  templateKey: shipment_completed_ja\n  body:\n    items:\n"
    text += "".join(f"      - {{$if: {name}, itemKey: name_01{at}_ja, content: x}}\n" for at, name in enumerate(names))
    *asked, cut = messages_of(text)
    assert len(asked) == 64
    assert isinstance(cut, Unfilled)
    assert (cut.word, cut.says) == ("cannot-tell", "only the first 64 of 128 choices for its conditions were tried")


class Hands:
    """A clock that stands still but for pauses."""

    def __init__(self) -> None:
        self.time = 100.0

    def now(self) -> float:
        return self.time

    async def pause(self, seconds: float) -> None:
        self.time += seconds


def test_at_most_three_a_second() -> None:
    hands, left = Hands(), []

    def script(_request: Request) -> list[Step]:
        left.append(hands.time)
        return answer(200)

    async def run(url: str) -> None:
        async with Client({}, 1) as client:
            asker = Asker(client, url, Pace(1.0, hands.now, hands.pause))
            for number in range(8):
                await asker.ask(calibration())
                hands.time += 0.25 if number == 0 else 0.0

    with FaultServer(script) as server:
        asyncio.run(run(server.url))
    assert left == [100.0, 100.25, 100.25, 101.0, 101.25, 101.25, 102.0, 102.25]


# --- what the emulator says ---


def test_the_emulator_s_word(line: Emulator) -> None:
    assert verdicts(ask(line.url, TEMPLATE, FLEXIBLE)) == [("verified", "taken")] * 2 + [("verified", "valid")] * 2
    assert len(line.ledger) == 0
    refused, taken = ask(line.url, UNLISTED)
    assert (refused.verdict.word, refused.status, taken.verdict.word) == ("refused", 400, "verified")
    (diagnostic,) = refused.diagnostics
    assert (diagnostic.code, diagnostic.path, diagnostic.range.start.line) == (
        "PNP901",
        "message.body.items[1].itemKey",
        13,
    )
    assert diagnostic.message == "LINE: The specified item key does not exist: name_911_ja"
    assert [(key.key, says) for key, says in refused.keys] == [
        ("name_911_ja", "The specified item key does not exist: name_911_ja")
    ]
    assert [key.key for key, _ in taken.keys] == ["shipment_completed_ja", "name_010_ja"]


def test_message_objects_are_refused_at_their_places(line: Emulator) -> None:
    text = FLEXIBLE.replace("- {type: text, text: 発送しました}", '- {type: textV2, text: "{!owe}"}')
    answers = ask(line.url, text)
    assert [said.verdict.word for said in answers] == ["refused", "refused"]  # two cases, at one place
    assert {(odd.path, odd.range.start.line) for said in answers for odd in said.diagnostics} == {
        ("message.messages[1].text", 9)
    }


def test_refused_in_the_second_round_of_a_loop() -> None:
    text = FLEXIBLE.replace(
        "late: {type: boolean, example: false}",
        "lines: {type: array, maxItems: 3, items: {type: string, maxLength: 9}, example: [a, b]}",
    )
    text = text.replace("$if: late, type: text, text: 遅れます", '$for: line in lines, type: text, text: "{{ line }}"')
    said = {
        "message": "A message (messages[1]) in the request body is invalid",
        "details": [{"message": "odd", "property": "messages[1].text"}],
    }
    with FaultServer(a_line(push=(400, said))) as server:
        (refused,) = ask(server.url, text)
    assert len(json.loads(server.received[0].body)["messages"]) == 3
    (diagnostic,) = refused.diagnostics
    assert (diagnostic.path, diagnostic.range.start.line, diagnostic.message) == (
        "message.messages[0].text",
        8,
        "LINE: odd",
    )


def test_a_line_that_judges_the_person_first(line: Emulator) -> None:
    order = ["token", "rate", "forbidden", "type", "person", "body"]
    line.scenario({"scenario": 1, "settings": {"order": order}})
    assert (
        verdicts(ask(line.url, TEMPLATE, UNLISTED, FLEXIBLE))
        == [("cannot-tell", "order")] * 4 + [("verified", "valid")] * 2
    )


def test_keys_that_only_line_knows_are_measured_each_kind_once() -> None:
    button = UNLISTED + "\n"
    text = button.replace(
        "deliveryTag", "    buttons: [{buttonKey: open_911_ja, url: 'https://a.example/'}]\ndeliveryTag", 1
    )
    with Emulator(lenient=True) as line:
        answers = ask(line.url, text.replace("name: shipped", "name: a"), text)
        assert verdicts(answers) == [("refused", "request")] * 4  # of Japan's buttons all are known
        assert verdicts(ask(line.url, UNLISTED)) == [("verified", "taken")] * 2


BUTTON = TEMPLATE.replace(
    "deliveryTag", "    buttons: [{buttonKey: check_shop_location, url: 'https://a.example/'}]\ndeliveryTag", 1
)


@pytest.mark.parametrize("said", [NO_ONE, (400, {"message": "no", "details": [{"message": "odd", "property": "x"}]})])
def test_what_was_measured_of_a_kind_of_keys_holds_for_every_message(said: tuple[int, object]) -> None:
    reason = "key-order" if said is NO_ONE else "unnamed"
    with FaultServer(a_line(items=said)) as server:
        answers = ask(server.url, UNLISTED, TEMPLATE, BODY)  # the catalog knows all items of the second
        assert verdicts(answers) == [("cannot-tell", reason)] * 4 + [("verified", "taken")]
        assert [len(taken.keys) for taken in answers] == [0, 0, 0, 0, 1]
        assert len(server.received) == 1 + 5 + 1
    with FaultServer(a_line(buttons=said)) as server:
        answers = ask(server.url, TEMPLATE, BUTTON)
        assert verdicts(answers) == [("verified", "taken")] * 2 + [("cannot-tell", reason)] * 2
        assert len(server.received) == 1 + 4 + 2


@pytest.mark.parametrize("known", ["local", "example", "documented"])
@pytest.mark.parametrize("country", [None, "JP", "TH"])
def test_keys_are_measured_whatever_the_catalog_says(known: str, country: str | None) -> None:
    entries = {key: {"known": known} for key in ("name_010_ja", "name_911_ja")}
    team = {"catalog": 1, "country": country or "JP", "items": {"keys": entries}}
    text = UNLISTED.replace("country: JP\n", f"country: {country}\n" if country else "")
    asked = messages_of(text, Context(Catalog((team,)), country))
    with FaultServer(a_line(items=NO_ONE)) as server:
        assert verdicts(ask_about(server.url, asked)) == [("cannot-tell", "key-order")] * 2


@pytest.mark.parametrize(
    ("said", "template", "flexible", "requests"),
    [
        ((401, {}), "not-asked unauthorized", "not-asked unauthorized", 3),
        ((403, {}), "not-asked forbidden", "verified valid", 4),
        ((429, {}), "cannot-tell rate-limit", "verified valid", 4),
        ((202, {}), "cannot-tell accepted", "verified valid", 4),
        ((400, {"details": [{"property": "to", "message": "no"}]}), "cannot-tell recipient", "verified valid", 4),
        ((500, {}), "cannot-tell server-error", "verified valid", 10),
        ((400, b"<html>"), "cannot-tell not-json", "verified valid", 10),
    ],
)
def test_what_a_measurement_hears_ends_the_questions_as_any_answer(
    said: tuple[int, object], template: str, flexible: str, requests: int
) -> None:
    with FaultServer(a_line(items=said)) as server:
        answers = ask(server.url, TEMPLATE, TEMPLATE.replace("name: shipped", "name: again"), PLAIN)
    assert [" ".join(words) for words in verdicts(answers)] == [template] * 4 + [flexible]
    assert len(server.received) == requests


def test_a_passing_answer_to_a_measurement_is_not_remembered() -> None:
    replies = [(503, {}), (400, refusal("items"))]

    def better_the_second_time(request: Request) -> Sequence[Step]:
        is_measured = "templated" in request.path and impossible_kind(json.loads(request.body)) == "items"
        return answer(*replies.pop(0)) if is_measured else a_line()(request)

    with FaultServer(better_the_second_time) as server:
        answers = ask(server.url, TEMPLATE)
    assert verdicts(answers) == [("cannot-tell", "server-error"), ("verified", "taken")]


def test_no_answer_to_a_measurement_ends_the_questions() -> None:
    def silent_on_items(request: Request) -> Sequence[Step]:
        is_measured = "templated" in request.path and impossible_kind(json.loads(request.body)) == "items"
        return [HOLD] if is_measured else a_line()(request)

    with FaultServer(silent_on_items) as server:
        assert verdicts(ask(server.url, TEMPLATE, FLEXIBLE, total=0.3)) == [("cannot-tell", "timeout")] * 4
        assert len(server.received) == 3


def test_no_body_goes_to_another_recipient() -> None:
    person = digest("+818000001234")
    for variant in messages_of(TEMPLATE):
        assert isinstance(variant, Variant)
        addressed = variant._replace(body={**variant.body, "to": person})
        questions = [question_about(addressed), *(question for _, question in measurements(addressed))]
        assert len(questions) == 2
        assert [question.body and question.body["to"] for question in questions] == [no_ones_digest()] * 2


# --- servers that behave otherwise ---

NO_JSON = b"<html>nginx</html>"


@pytest.mark.parametrize(
    ("said", "template", "flexible", "requests"),
    [
        ({"calibration": (422, {"message": "Failed to send messages"})}, "cannot-tell order", "verified valid", 2),
        ({"calibration": (202, {})}, "cannot-tell accepted", "verified valid", 2),
        ({"calibration": (400, {"message": "no"})}, "cannot-tell unnamed", "verified valid", 2),
        ({"calibration": (400, {"details": [{"property": "customAggregationUnits", "message": "does not exist"}]})}, "cannot-tell unnamed", "verified valid", 2),
        ({"calibration": (413, NO_JSON)}, "cannot-tell unnamed", "verified valid", 2),
        ({"calibration": (400, NO_JSON)}, "cannot-tell not-json", "verified valid", 2),
        ({"calibration": (400, {"details": [{"property": "to", "message": "no"}]})}, "cannot-tell recipient", "verified valid", 2),
        ({"calibration": (401, {})}, "not-asked unauthorized", "not-asked unauthorized", 1),
        ({"calibration": (403, {})}, "not-asked forbidden", "verified valid", 2),
        ({"calibration": (429, {})}, "cannot-tell rate-limit", "verified valid", 2),
        ({"calibration": (500, {})}, "cannot-tell server-error", "verified valid", 2),
        ({"calibration": (302, {})}, "not-asked not-found", "verified valid", 2),
        ({"calibration": (404, {})}, "not-asked not-found", "verified valid", 2),
        ({"template": (202, {})}, "cannot-tell accepted", "verified valid", 3),
        ({"template": (401, {})}, "not-asked unauthorized", "not-asked unauthorized", 2),
        ({"template": (403, NO_JSON)}, "not-asked forbidden", "verified valid", 3),
        ({"template": (429, {"message": "You have reached your monthly limit."})}, "cannot-tell monthly-limit", "verified valid", 3),
        ({"template": (503, NO_JSON)}, "cannot-tell server-error", "verified valid", 3),
        ({"template": (413, NO_JSON)}, "refused too-large", "verified valid", 3),
        ({"template": (422, NO_JSON)}, "cannot-tell not-json", "verified valid", 3),
        ({"template": (422, {})}, "cannot-tell other", "verified valid", 3),
        ({"template": (422, {"error": "unprocessable"})}, "cannot-tell other", "verified valid", 3),
        ({"template": (422, {"message": "no", "details": [{"property": "body.items[0].content"}]})}, "cannot-tell other", "verified valid", 3),
        ({"template": (422, {"message": "no", "details": [{"property": "to"}]})}, "verified taken", "verified valid", 3),
        ({"template": (422, b"[]")}, "cannot-tell not-json", "verified valid", 3),
        ({"template": (418, {})}, "cannot-tell other", "verified valid", 3),
        ({"template": (400, {"message": "no", "code": 7, "details": [{"message": "x", "property": "y", "z": []}, 3]})}, "refused request", "verified valid", 3),
        ({"template": (400, {"message": None, "details": None})}, "refused request", "verified valid", 3),
        ({"template": (422, {"message": "Failed to send messages", "more": {"a": 1}})}, "verified taken", "verified valid", 3),
        ({"push": (400, {"message": "no"})}, "verified taken", "refused request", 3),
        ({"push": (200, NO_JSON)}, "verified taken", "cannot-tell not-json", 3),
        ({"push": (200, b"")}, "verified taken", "cannot-tell not-json", 3),
        ({"push": (202, {})}, "verified taken", "cannot-tell other", 3),
        ({"push": (200, {"warnings": []})}, "verified taken", "verified valid", 3),
        ({"push": (403, {})}, "verified taken", "not-asked forbidden", 3),
    ],
)  # fmt: skip
def test_nothing_is_claimed_that_was_not_said(
    said: dict[str, Any], template: str, flexible: str, requests: int
) -> None:
    with FaultServer(a_line(**said)) as server:
        answers = ask(server.url, BODY, PLAIN)
    assert [" ".join(words) for words in verdicts(answers)] == [template, flexible]
    assert len(server.received) == requests
    for answered in answers:
        assert (answered.verdict.word == "refused") == bool(answered.diagnostics)


@pytest.mark.parametrize(
    ("steps", "reason"),
    [([RESET], "connection-lost"), ([HOLD], "timeout"), ([b"HTTP/1.1 202 Acc", RESET], "connection-lost")],
)
def test_no_answer_ends_the_questions(steps: list[Step], reason: str) -> None:
    with FaultServer(lambda _: steps) as server:
        assert verdicts(ask(server.url, TEMPLATE, FLEXIBLE, total=0.3)) == [("cannot-tell", reason)] * 4
        assert len(server.received) == 1


def test_a_refused_token_ends_the_questions_of_both_kinds() -> None:
    with FaultServer(lambda _: answer(401)) as server:
        assert verdicts(ask(server.url, PLAIN, BODY)) == [("not-asked", "unauthorized")] * 2
        assert len(server.received) == 1


def test_who_stops_it_waits_for_no_other_answer() -> None:
    async def run(url: str, seconds: float) -> list[str]:
        async with Client({}, 1) as client:
            asker = Asker(client, url, Pace(60.0))
            task = asyncio.create_task(account_facts(asker))
            await asyncio.sleep(seconds)
            task.cancel()
            return [fact.says for fact in await task]

    with FaultServer(lambda _: [HOLD]) as server:
        assert asyncio.run(run(server.url, 0.3)) == ["stopped"]
        assert len(server.received) == 1
    said = {"info": (200, {"displayName": "x"}), "endpoint": (200, {"endpoint": "https://a.example/", "active": True})}
    said["test"] = (200, {"success": True, "statusCode": 200})
    with FaultServer(a_line(**said)) as server:  # the fourth question waits for its turn
        assert asyncio.run(run(server.url, 0.5))[-1] == "stopped"
        assert len(server.received) == 3


def test_what_line_says_names_no_person() -> None:
    number = "+818000001234"
    says = f"The item does not exist for {number}, {digest(number)}: name_010_ja"
    said = {"message": says, "details": [{"property": "body.items[0].itemKey", "message": says}]}
    with FaultServer(a_line(template=(400, said))) as server:
        refused, _ = ask(server.url, TEMPLATE)
    (diagnostic,) = refused.diagnostics
    words = f"{diagnostic} {refused.keys}"
    assert diagnostic.message == "LINE: The item does not exist for …34, …: name_010_ja"
    assert refused.keys[0][0].key == "name_010_ja"
    assert number[1:] not in words
    assert digest(number) not in words
    with FaultServer(lambda _: [f"{digest(number)} {number}\n\n".encode()]) as server:
        (lost,) = ask(server.url, BODY)
    assert lost.verdict.reason == "connection-lost"
    assert "Bad status line" in lost.verdict.detail
    assert number[1:] not in lost.verdict.detail
    assert digest(number) not in lost.verdict.detail


def test_no_connection_is_no_question() -> None:
    with FaultServer() as server:
        pass
    assert verdicts(ask(server.url, BODY)) == [("not-asked", "connect")]
    with full_backlog() as url:
        assert verdicts(ask(url, BODY, total=0.3)) == [("not-asked", "connect")]
    with FaultServer(at_accept=b"HTTP/1.1 400 x\r\n\r\n") as server:
        (lost,) = ask(server.url.replace("http:", "https:"), BODY)
    assert (lost.verdict.reason, "SSL" in lost.verdict.detail) == ("connect", True)


# --- the command ---


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pnpc.toml").write_text('country = "JP"\ncatalogs = ["catalogs/*"]\n')
    (tmp_path / "catalogs").mkdir()
    (tmp_path / "catalogs" / "own.json").write_text('{"catalog": 1, "country": "JP"}')
    (tmp_path / "shipped.yaml").write_text(TEMPLATE)
    (tmp_path / "free.yaml").write_text(FLEXIBLE)
    (tmp_path / "other.json").write_text('{"translations": {}}')
    return tmp_path


def test_verified(project: Path, here: Here, line: Emulator) -> None:
    done = here("verify", "--api-url", line.url, **TOKEN)
    assert (done.returncode, done.stderr) == (0, "")
    first, measured, *_, last = done.stdout.splitlines()
    assert first == f"{line.url} is not LINE: what it says is not LINE's word"
    assert measured == "LINE judges the template key before the recipient: it refused one that can't exist"
    assert last == "4 messages: 4 verified"
    assert len(line.ledger) == 0


def test_what_takes_long_is_announced(project: Path, here: Here) -> None:
    names = [f"v{number}" for number in range(4)]
    variables = "".join(f"  {name}: {{type: boolean, example: true}}\n" for name in names)
    messages = "".join(f"    - {{$if: {name}, type: text, text: {name}}}\n" for name in names)
    head = f"pnpc: 1\nname: long\ncountry: JP\nvariables:\n{variables}message:\n  messages:\n"
    (project / "long.yaml").write_text(f"{head}{messages}    - {{type: text, text: 以上}}\n")
    with FaultServer(lambda _: answer(401, {})) as server:
        done = here("verify", "long.yaml", "--api-url", server.url, **TOKEN)
    assert done.stderr == f"note: asking {server.url} about 16 messages, at most 3 a second\n"
    assert len(server.received) == 1


def test_refused_as_json(project: Path, here: Here, line: Emulator) -> None:
    (project / "shipped.yaml").write_text(UNLISTED)
    done = here("verify", "shipped.yaml", "--api-url", line.url, "--format", "json", **TOKEN)
    said = json.loads(done.stdout)
    assert done.returncode == 1
    assert list(said) == [
        "version", "api", "isLine", "calibration", "specs", "account", "learned", "diagnostics", "summary"
    ]  # fmt: skip
    assert (said["version"], said["isLine"], said["calibration"]["ok"], said["account"]) == (1, False, True, None)
    assert [(spec["case"], spec["verdict"], spec["status"]) for spec in said["specs"]] == [
        ("gift=true", "refused", 400), ("gift=false", "verified", 422)
    ]  # fmt: skip
    words = "The specified item key does not exist: name_911_ja"
    refused, taken = (spec["keys"] for spec in said["specs"])
    assert refused == [{"kind": "items", "key": "name_911_ja", "verdict": "refused", "says": words}]
    assert [(key["key"], key["verdict"], key["says"]) for key in taken] == [
        ("shipment_completed_ja", "verified", None), ("name_010_ja", "verified", None)
    ]  # fmt: skip
    assert [diagnostic["code"] for diagnostic in said["diagnostics"]] == ["PNP901"]
    assert said["summary"] == {"messages": 2, "verified": 1, "refused": 1, "cannot-tell": 0, "not-asked": 0}
    shown = here("verify", "shipped.yaml", "--api-url", line.url, **TOKEN)
    assert "shipped.yaml:13:30: error[PNP901 line-refused]" in shown.stdout


def test_refused_in_a_fragment(project: Path, here: Here, line: Emulator) -> None:
    (project / "row.yaml").write_text("itemKey: name_911_ja\ncontent: 明日\n")
    text = TEMPLATE.replace("{itemKey: name_010_ja", "{$if: not gift, itemKey: name_010_ja")
    (project / "shipped.yaml").write_text(text.replace("itemKey: date_002_ja, content: 明日", "$include: row.yaml"))
    done = here("verify", "shipped.yaml", "--api-url", line.url, "--format", "json", **TOKEN)
    said = json.loads(done.stdout)
    assert [(spec["case"], spec["verdict"]) for spec in said["specs"]] == [
        ("gift=true", "refused"), ("gift=false", "verified")
    ]  # fmt: skip
    (diagnostic,) = said["diagnostics"]  # LINE calls it body.items[0], because the first is not there
    place = diagnostic["range"]["start"]
    assert (diagnostic["file"], diagnostic["path"], place) == ("row.yaml", "itemKey", {"line": 1, "column": 10})
    shown = here("verify", "shipped.yaml", "--api-url", line.url, **TOKEN).stdout
    assert "1 | itemKey: name_911_ja" in shown


def test_a_body_of_sinch_is_asked_about_as_line_takes_it(project: Path, here: Here, line: Emulator) -> None:
    notification = {
        "template_key": "shipment_completed_ja",
        "body": {"items": [{"item_key": "datetime_000", "content": "x"}]},
    }
    channel = {"LINE": {"message_type": "NOTIFICATION_MESSAGE_TEMPLATE", "message": notification}}
    body = {"app_id": "a", "recipient": {"contact_id": "c"}, "message": {"channel_specific_message": channel}}
    (project / "sinch.json").write_text(json.dumps(body))
    done = here("verify", "sinch.json", "--api-url", line.url, "--format", "json", **TOKEN)
    (diagnostic,) = json.loads(done.stdout)["diagnostics"]
    column = json.dumps(body).index('"datetime_000"') + 1
    assert (diagnostic["code"], diagnostic["range"]["start"]) == ("PNP901", {"line": 1, "column": column})
    assert diagnostic["path"] == "message.channel_specific_message.LINE.message.body.items[0].item_key"


def test_cannot_tell_and_could_not_ask(project: Path, here: Here) -> None:
    with FaultServer(a_line(calibration=(422, {"message": "Failed to send messages"}))) as server:
        done = here("verify", "shipped.yaml", "--api-url", server.url, **TOKEN)
        assert done.returncode == 3
        assert "cannot tell: LINE judges the recipient before the keys" in done.stdout
        assert "it refused one" not in done.stdout
        server.script = a_line(calibration=(401, {"message": "secret-token is wrong"}))
        done = here("verify", "shipped.yaml", "--api-url", server.url, **TOKEN)
        assert done.returncode == 2
        assert "issue a channel access token" in done.stdout
        assert "secret-token" not in done.stdout + done.stderr
        server.script = a_line(calibration=(403, {}))
        done = here("verify", "--api-url", server.url, **TOKEN)  # the flexible kind is verified all the same
        assert done.returncode == 2
        assert "4 messages: 2 verified, 2 not asked" in done.stdout
        asked = len(server.received)
        none = here("verify", "shipped.yaml", "--api-url", server.url)
        assert (none.returncode, len(server.received)) == (2, asked)
        assert "LINE_CHANNEL_ACCESS_TOKEN" in none.stderr
    assert here("verify", "shipped.yaml", "--api-url", "http://api.example.com", **TOKEN).returncode == 2
    assert here("verify", "gone.yaml", **TOKEN).returncode == 2


def test_specs_with_mistakes_are_not_asked_about(project: Path, here: Here, line: Emulator) -> None:
    (project / "wrong.yaml").write_text(TEMPLATE.replace("content: 明日", "contant: 明日").replace("shipped", "wrong"))
    done = here("verify", "--api-url", line.url, **TOKEN)
    assert (done.returncode, done.stdout) == (1, "")
    assert "wrong.yaml:13:" in done.stderr
    assert "LINE was not asked" in done.stderr
    done = here("verify", "--api-url", line.url, "--format", "json", **TOKEN)
    said = json.loads(done.stdout)
    assert (done.returncode, said["specs"], said["calibration"]) == (1, [], None)
    assert {(wrong["file"], wrong["range"]["start"]["line"]) for wrong in said["diagnostics"]} == {("wrong.yaml", 13)}
    (project / "wrong.yaml").write_text(
        TEMPLATE.replace("date_002_ja", "datetime_000")
    )  # a key that the catalog denies
    done = here("verify", "wrong.yaml", "--api-url", line.url, **TOKEN)
    assert "LINE: The specified item key does not exist: datetime_000" in done.stdout


def test_a_dry_run_asks_nothing_and_needs_no_token(project: Path, here: Here) -> None:
    (project / "shipped.yaml").write_text(UNLISTED)
    with FaultServer(a_line()) as server:
        done = here("verify", "--account", "--dry-run", ".", "--api-url", server.url)
        assert done.returncode == 0
        assert "11 requests to" in done.stdout
        said = json.loads(here("verify", "--dry-run", "--format", "json", ".", "--api-url", server.url).stdout)
        assert server.received == []
        here("verify", "--api-url", server.url, **TOKEN)
        sent = [(request.path, json.loads(request.body)) for request in server.received]
    planned = [(request["url"].removeprefix(server.url), request["body"]) for request in said["requests"]]
    assert sorted(planned, key=repr) == sorted(sent, key=repr)
    assert said["recipient"] == no_ones_digest()
    assert said["dryRun"] is True
    flexible = json.loads(here("verify", "--dry-run", "--format", "json", "free.yaml").stdout)
    assert [request["url"] for request in flexible["requests"]] == [f"{LINE}/v2/bot/message/validate/push"] * 2


def test_what_line_took_is_known_to_check(project: Path, here: Here) -> None:
    (project / "shipped.yaml").write_text(UNLISTED)
    file = project / "catalogs" / "verified-jp.json"
    assert "PNP218" in here("check", "shipped.yaml").stdout
    with Emulator(lenient=True, display_name="店") as line:
        done = here("verify", "shipped.yaml", "--learn", "catalogs/verified-jp.json", "--api-url", line.url, **TOKEN)
        assert done.returncode == 0
        assert done.stdout.splitlines()[-2:] == [
            "catalogs/verified-jp.json: 3 verified keys, 0 refused keys",
            f"note: {line.url} is not LINE: use this file to try it out, and do not commit it",
        ]
    entry = json.loads(file.read_text())["items"]["keys"]["name_911_ja"]
    assert (entry["known"], entry["account"]) == ("verified", "店")
    assert entry["source"] == f"pnpc verify of {line.url}, which is not LINE"
    checked = here("check", "shipped.yaml")
    assert (checked.returncode, "PNP218" in checked.stdout) == (0, False)
    with Emulator(display_name="店") as line:
        done = here("verify", "shipped.yaml", "--learn", "catalogs/verified-jp.json", "--api-url", line.url, **TOKEN)
        assert done.returncode == 1
    checked = here("check", "shipped.yaml")
    assert checked.returncode == 1
    day = json.loads(file.read_text())["items"]["keys"]["name_911_ja"]["date"]
    assert f"PNP202 unknown-item]: LINE refused item `name_911_ja` on {day} for the account `店`" in checked.stdout


def test_what_a_person_wrote_in_the_catalog_stays(project: Path, here: Here, line: Emulator) -> None:
    # Its country is of no concern to the keys: it has none.
    (project / "free.yaml").write_text(FLEXIBLE.replace("country: JP", "country: TH"))
    file = project / "own.json"
    own = {"label": "品名", "note": "ours", "source": "our contract", "known": "local"}
    before = {"catalog": 1, "country": "JP", "items": {"complete": False, "keys": {"date_002_ja": own}}}
    file.write_text(json.dumps(before))
    assert here("verify", ".", "--learn", "own.json", "--api-url", line.url, **TOKEN).returncode == 0
    entry = json.loads(file.read_text())["items"]["keys"]["date_002_ja"]
    assert {name: entry[name] for name in ("label", "note", "known")} == {
        "label": "品名",
        "note": "ours",
        "known": "verified",
    }
    assert entry["source"] == f"our contract; pnpc verify of {line.url}, which is not LINE"
    here("verify", "shipped.yaml", "--learn", "own.json", "--api-url", line.url, **TOKEN)
    assert json.loads(file.read_text())["items"]["keys"]["date_002_ja"]["source"] == entry["source"]


@pytest.mark.parametrize("known", ["verified", "accepted", "documented", "refused"])
def test_another_address_does_not_replace_what_line_said(project: Path, here: Here, line: Emulator, known: str) -> None:
    file = project / "own.json"
    said = {"known": known, "date": "2026-11-01", "source": "pnpc verify", "account": "店"}
    file.write_text(json.dumps({"catalog": 1, "country": "JP", "items": {"keys": {"date_002_ja": said}}}))
    done = here("verify", "shipped.yaml", "--learn", "own.json", "--api-url", line.url, **TOKEN)
    assert done.stdout.splitlines()[-3:-1] == [
        "own.json: 2 verified keys, 0 refused keys",
        f"1 key stayed: LINE's own word is not replaced by that of {line.url}",
    ]
    kept = json.loads(file.read_text())
    assert kept["items"]["keys"]["date_002_ja"] == said
    assert kept["items"]["keys"]["name_010_ja"]["known"] == "verified"
    report = VerifyReport(LINE, LineVerdict("refused", "request"), tuple(taken(TEMPLATE)), (), account=False)
    learned = Learner(str(file), [answer.variant for answer in report.answers if isinstance(answer, Answered)], LINE)
    assert learned.keep(report).learned == (str(file), 3, 0, 0, ANY, "")
    assert {entry["source"] for entry in json.loads(file.read_text())["items"]["keys"].values()} == {"pnpc verify"}


def taken(text: str) -> Iterator[Answered]:
    """The messages of a spec, all taken by LINE."""
    for variant in messages_of(text):
        assert isinstance(variant, Variant)
        yield Answered(variant, LineVerdict("verified", "taken"), keys=tuple((key, None) for key in variant.keys))


@pytest.mark.parametrize(
    ("key", "said"), [("ours", "set `country` in pnpc.toml or in the spec"), ("reserve_911_ja", "JP and TH")]
)
def test_without_a_country_the_keys_must_show_it(project: Path, here: Here, key: str, said: str) -> None:
    (project / "pnpc.toml").write_text("")
    (project / "a.json").write_text(json.dumps({"templateKey": key}))
    (project / "shipped.yaml").write_text(TEMPLATE.replace("country: JP", "country: TH"))
    with FaultServer(a_line()) as server:
        done = here("verify", "a.json", "shipped.yaml", "--learn", "own.json", "--api-url", server.url, **TOKEN)
        assert (done.returncode, server.received) == (2, [])
    assert said in done.stderr


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("-", None, "--learn needs the name of a file"),
        ("th.json", '{"catalog": 1, "country": "TH"}', "th.json holds keys of TH, these are of JP"),
        ("list.txt", "a\n", "list.txt exists and is not a catalog in JSON"),
    ],
)
def test_a_file_that_can_not_learn_is_said_before_anything_is_asked(
    project: Path, here: Here, file: str, content: str | None, said: str
) -> None:
    if content is not None:
        (project / file).write_text(content)
    with FaultServer(a_line()) as server:
        done = here("verify", "shipped.yaml", "--learn", file, "--api-url", server.url, **TOKEN)
        assert (done.returncode, server.received) == (2, [])
        assert said in done.stderr
        assert "no keys" in here("verify", "free.yaml", "--learn", "a.json", "--api-url", server.url, **TOKEN).stderr


def test_a_file_that_check_does_not_read_is_said(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    asked = [message for message in messages_of(TEMPLATE) if isinstance(message, Variant)]
    taken = Answered(asked[0], LineVerdict("verified", "taken"), keys=tuple((key, None) for key in asked[0].keys))
    report = VerifyReport(LINE, LineVerdict("refused", "request"), (taken,), (), account=False)
    for file, to_do in (
        ("own.json", 'name the file in pnpc.toml, so that `pnpc check` reads it: catalogs = ["own.json"]'),
        ("catalogs/own.json", ""),
    ):
        learned = Learner(file, asked, LINE).keep(report).learned
        assert learned is not None
        assert (learned.verified, learned.to_do, learned.failed) == (3, to_do, "")
        entry = json.loads((project / file).read_text())["templates"]["keys"]["shipment_completed_ja"]
        assert (entry["known"], entry["source"], "account" in entry) == ("verified", "pnpc verify", False)


def test_a_file_that_can_not_be_written_loses_no_answer(project: Path, here: Here, line: Emulator) -> None:
    (project / "taken").write_text("a file")
    done = here("verify", "shipped.yaml", "--learn", "taken/a.json", "--api-url", line.url, **TOKEN)
    assert done.returncode == 2
    assert "2 messages: 2 verified" in done.stdout
    assert "nothing was kept: can't write taken/a.json" in done.stdout


def test_what_utf_8_can_not_hold_is_learnt_without_it(project: Path, here: Here) -> None:
    half = refusal("items")
    half["details"][0]["message"] = "\ud800 The specified item key does not exist: name_010_ja"
    script = a_line(template=(400, half), info=(200, {"displayName": "Shop \ud83c"}))
    with FaultServer(script) as server:
        done = here("verify", "shipped.yaml", "--learn", "catalogs/new.json", "--api-url", server.url, **TOKEN)
    assert done.returncode == 1, done.stdout
    entry = json.loads((project / "catalogs" / "new.json").read_text())["items"]["keys"]["name_010_ja"]
    assert entry["account"] == "Shop \ufffd"
    assert entry["note"] == "LINE: \ufffd The specified item key does not exist: name_010_ja"


def test_a_line_of_a_file_is_shown_without_its_person(project: Path, here: Here) -> None:
    person = digest("+818000001234")
    (project / "body.json").write_text(
        f'{{"to": "{person}", "messages": [{{"type": "text", "text": "+818000001234"}}]}}'
    )
    said = {"message": "no", "details": [{"property": "messages[0].text", "message": "no"}]}
    with FaultServer(a_line(push=(400, said))) as server:
        shown = here("verify", "body.json", "--api-url", server.url, **TOKEN).stdout
    _, line, carets, *_ = [row for row in shown.splitlines() if row.startswith(("1 |", "  |"))]
    assert person[-9:] not in shown
    assert "818000001234" not in shown
    assert line[carets.index("^") : carets.rindex("^") + 1] == f'"{"*" * 13}"'


def test_what_another_run_wrote_meanwhile_stays(project: Path, here: Here) -> None:
    file = project / "catalogs" / "verified.json"
    other = {"catalog": 1, "country": "JP", "items": {"keys": {"name_912_ja": {"known": "verified"}}}}
    script = a_line()

    def writes(said: str) -> Script:
        def slow(request: Request) -> list[Step]:
            file.parent.mkdir(exist_ok=True)
            file.write_text(said)
            return list(script(request))

        return slow

    verify = ("verify", "shipped.yaml", "--learn", str(file), "--api-url")
    with FaultServer(writes(json.dumps(other))) as server:
        assert here(*verify, server.url, **TOKEN).returncode == 0
        assert {"name_912_ja", "name_010_ja"} <= set(json.loads(file.read_text())["items"]["keys"])
        server.script = writes("{")
        done = here(*verify, server.url, **TOKEN)
        assert (done.returncode, file.read_text()) == (2, "{")
        assert f"nothing was kept: {file} exists and is not a catalog in JSON" in done.stdout.replace("\n", " ")


def test_only_what_was_said_is_learnt(project: Path, here: Here) -> None:
    with FaultServer(a_line(calibration=(422, {"message": "Failed to send messages"}))) as server:
        done = here("verify", "shipped.yaml", "--learn", "a.json", "--api-url", server.url, **TOKEN)
    assert done.returncode == 3
    assert "a.json: 0 verified keys, 0 refused keys" in done.stdout
    assert not (project / "a.json").exists()
    with FaultServer(lambda _: answer(401, {})) as server:
        assert here("verify", "shipped.yaml", "--learn", "a.json", "--api-url", server.url, **TOKEN).returncode == 2
        assert len(server.received) == 1  # not the account's name either


# --- the account ---


def account(here: Here, url: str) -> tuple[int, dict[str, tuple[str, str, str]]]:
    done = here("verify", "--account", "--api-url", url, "--format", "json", **TOKEN)
    facts = json.loads(done.stdout)["account"]
    return done.returncode, {fact["topic"]: (fact["state"], fact["says"], fact["toDo"]) for fact in facts}


def test_the_account_in_lines(here: Here) -> None:
    with FaultServer(lambda _: answer(200)) as bot, Emulator(webhook=bot.url, secret="s", monthly_limit=1) as line:
        code, facts = account(here, line.url)
        assert (code, {state for state, _, _ in facts.values()}) == (0, {"ok"})
        assert {topic: says for topic, (_, says, _) in facts.items()} == {
            "account": "pnpc emulator (@000emulator, U8e742f61d673b39c7fff3cecb7536ef0)",
            "webhook": f"on, {bot.url}", "webhook test": "answered 200", "quota": "0 of 1 messages this month",
            "template messages": "allowed",
        }  # fmt: skip
        bot.script = lambda _: answer(500)
        forbidden = {"webhook-active": False, "monthly-limit": 0, "forbidden": ["template"]}
        line.scenario({"scenario": 1, "settings": forbidden})
        done = here("verify", "--account", "--api-url", line.url, **TOKEN)
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert "webhook: turn on `Use webhook` in the LINE Developers Console" in lines
    assert any(line.startswith("webhook test  ") and "failed: answered 500" in line for line in lines)
    assert any(line.startswith("template messages  not allowed") for line in lines)
    assert any(line.startswith("quota: raise the limit") for line in lines)
    assert len(bot.received) == 2


def test_an_account_that_can_not_be_asked(here: Here) -> None:
    with FaultServer(a_line(calibration=(401, {}))) as server:
        code, facts = account(here, server.url)
        assert (code, len(server.received)) == (2, 1)
        assert facts["template messages"][0] == "not-asked"
        odd = {"info": (200, {"displayName": "x", "new": 1}), "quota": (200, NO_JSON), "endpoint": (500, {})}
        server.script = a_line(**odd)
        code, facts = account(here, server.url)
        assert code == 3
        assert {topic: state for topic, (state, _, _) in facts.items()} == {
            "account": "ok", "webhook": "cannot-tell", "quota": "cannot-tell", "template messages": "ok",
        }  # fmt: skip
        server.script = a_line(endpoint=(200, {"endpoint": "https://a.example/", "active": "yes"}))
        assert account(here, server.url)[1]["webhook"][0] == "cannot-tell"
        webhook = {"endpoint": "https://a.example/", "active": True}
        server.script = a_line(endpoint=(200, webhook), test=(200, {"success": True}))
        assert account(here, server.url)[1]["webhook test"][0] == "cannot-tell"
        server.script = a_line(quota=(200, {"type": "limited", "value": -1}), consumption=(200, {"totalUsage": 0}))
        assert account(here, server.url)[1]["quota"][0] == "cannot-tell"
        server.script = a_line(endpoint=(404, {}), quota=(200, {"type": "new"}), info=(200, {}))
        code, facts = account(here, server.url)
        assert "webhook test" not in facts
        assert [facts[topic][0] for topic in ("account", "webhook", "quota")] == [
            "cannot-tell",
            "attention",
            "cannot-tell",
        ]


def test_a_token_that_is_refused_for_a_message_asks_nothing_of_the_account(project: Path, here: Here) -> None:
    with FaultServer(a_line(template=(401, {}))) as server:
        done = here("verify", "shipped.yaml", "--account", "--api-url", server.url, **TOKEN)
        assert (done.returncode, len(server.received)) == (2, 2)


def test_an_account_that_does_not_answer_is_asked_once() -> None:
    async def run(url: str) -> int:
        async with Client({}, 1, Timeouts(total=0.2)) as client:
            return len(await account_facts(Asker(client, url, Pace(0.0))))

    with FaultServer(lambda _: [HOLD]) as server:
        assert asyncio.run(run(server.url)) == 1
