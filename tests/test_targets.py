"""Where payloads go: LINE's own API, and Sinch's Conversation API with its settings, its recipients and its limits."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import courier as courier_of_tests
import pytest
from conftest import ROOT, Here, clean_environment, program
from faultserver import FaultServer, answer
from hypothesis import given
from hypothesis import strategies as st

from pnpc.compile.filled.message import Filled
from pnpc.compile.plan import BadRow, CannotCompile
from pnpc.compile.tables.recipients import Record
from pnpc.compile.targets import LINE, TARGETS, Addressee, BadSetting, Payload, Recipient, make
from pnpc.compile.targets.facts import Secret, Tag
from pnpc.compile.targets.line import Line
from pnpc.compile.text import compile_text
from pnpc.deliver.sending.outcomes import Observation, classify
from pnpc.line.grammar.schema import load
from pnpc.text.finding import Range
from pnpc.text.source import Position

DIGEST = "d41e0ad70dddfeb68f149ad6fc61574b9c5780ab7bcb2fba5517771ffbb2409c"  # of +818000001234, LINE's own example
SETTINGS = {"app-id": "01APP", "project-id": "proj-1", "region": "eu"}
ENVIRONMENT = {"SINCH_APP_ID": "01APP", "SINCH_PROJECT_ID": "proj-1", "SINCH_REGION": "eu"}
SPEC = """\
pnpc: 1
name: shipment
country: JP
variables:
  slot: {type: string, maxLength: 20, example: 午前中}
message:
  templateKey: shipment_completed_ja
  body:
    emphasizedItem: {itemKey: date_002_ja, content: 8月10日}
    items:
      - {itemKey: time_range_001_ja, content: "{{ slot }}"}
    buttons:
      - {buttonKey: contact_ja, url: "https://shop.example.com/{{ slot | urlencode }}"}
deliveryTag: "shipments-number-0"
"""
FLEXIBLE = """\
pnpc: 1
name: notice
country: JP
message:
  messages: [{type: text, text: 発送しました}]
"""


def through_sinch(text: str = SPEC, **row: object) -> Payload | BadRow:
    (result,) = compile_text(text, recipients=[{"slot": "午前中", **row}], target="sinch", settings=SETTINGS)
    return result


def test_the_request_to_sinch_is_that_of_its_models() -> None:
    result = through_sinch(contact_id="01CONTACT")
    assert isinstance(result, Payload)
    assert result.target == "sinch"
    assert (result.method, result.headers) == ("POST", {"Content-Type": "application/json"})
    assert result.url == "https://eu.conversation.api.sinch.com/v1/projects/proj-1/messages:send"
    assert result.body == {
        "app_id": "01APP",
        "recipient": {"contact_id": "01CONTACT"},
        "message": {
            "channel_specific_message": {
                "LINE": {
                    "message_type": "NOTIFICATION_MESSAGE_TEMPLATE",
                    "message": {
                        "template_key": "shipment_completed_ja",
                        "body": {
                            "emphasized_item": {"item_key": "date_002_ja", "content": "8月10日"},
                            "items": [{"item_key": "time_range_001_ja", "content": "午前中"}],
                            "buttons": [
                                {
                                    "button_key": "contact_ja",
                                    "url": "https://shop.example.com/%E5%8D%88%E5%89%8D%E4%B8%AD",
                                }
                            ],
                        },
                    },
                }
            }
        },
        "channel_priority_order": ["LINE"],
        "correlation_id": "shipments-number-0",
    }


def test_an_identity_is_passed_on_as_it_is() -> None:
    result = through_sinch(SPEC.replace("number-0", "number-{{ recipient.to }}"), identity=DIGEST)
    assert isinstance(result, Payload)
    assert result.body["correlation_id"] == f"shipments-number-{DIGEST}"
    identity = {"channel": "LINE", "identity": DIGEST}
    assert result.body["recipient"] == {"identified_by": {"channel_identities": [identity]}}


@pytest.mark.parametrize(
    ("row", "code", "said"),
    [
        ({"contact_id": "a", "identity": "b"}, "PNP603", "both have a value"),
        ({}, "PNP602", "neither `contact_id` nor `identity` has a value"),
        ({"contact_id": "", "identity": None}, "PNP602", "neither"),
        ({"contact_id": 12}, "PNP603", "must be text"),
        ({"identity": "a\nb"}, "PNP603", "U+000A"),
        ({"phone": "+818000001234", "to": DIGEST}, "PNP602", "neither"),
    ],
)
def test_who_is_not_named_is_told(row: dict[str, Any], code: str, said: str) -> None:
    result = through_sinch(**row)
    assert isinstance(result, BadRow)
    assert [one.code for one in result.diagnostics] == [code]
    assert said in result.diagnostics[0].message


def test_what_sinch_cant_send_is_refused(tmp_path: Path, here: Here) -> None:
    with pytest.raises(CannotCompile, match="flexible"):
        through_sinch(FLEXIBLE)
    with pytest.raises(CannotCompile, match="pnpc import"):
        through_sinch(json.dumps({"to": DIGEST, "templateKey": "shipment_completed_ja"}))
    (tmp_path / "notice.yaml").write_text(FLEXIBLE)
    done = here("compile", "notice.yaml", "--target", "sinch", **ENVIRONMENT)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "notice.yaml: the flexible kind can't be compiled for Sinch" in done.stderr


def test_units_are_left_out_with_a_note(tmp_path: Path, here: Here) -> None:
    spec = SPEC.replace("  body:", "  customAggregationUnits: [shipments]\n  body:")
    (tmp_path / "spec.yaml").write_text(spec)
    table = "contact_id,slot\na,x\nb,y\n"
    (tmp_path / "r.csv").write_text(table)
    done = here("compile", "spec.yaml", "--target", "sinch", "--recipients", "r.csv", **ENVIRONMENT)
    assert done.returncode == 0
    assert "nits" not in done.stdout
    assert done.stderr == "note: `customAggregationUnits` can't go through Sinch, and is left out\n2 payloads\n"


@pytest.mark.parametrize(
    ("identity", "doubtful"),
    [
        ("+818000001234", True), ("080-0000-1234", True), ("０８０００００１２３４", True), ("(03) 1234 5678", True),
        (DIGEST, False), ("1" * 64, False), ("U4af4980629", False), ("01EKA07N79THJ20WSN6AS30TMW", False), ("1234567", False),
    ],
)  # fmt: skip
def test_what_looks_like_a_phone_number_is_told_once(tmp_path: Path, here: Here, identity: str, doubtful: bool) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC)
    table = "identity,slot\n" + f"{identity},x\n" * 3
    (tmp_path / "r.csv").write_text(table)
    done = here("compile", "spec.yaml", "--target", "sinch", "--recipients", "r.csv", **ENVIRONMENT)
    assert done.returncode == 0
    assert done.stderr.count("looks like a phone number") == doubtful
    assert identity not in done.stderr
    assert "2 rows repeat the recipient of an earlier row" in done.stderr


def test_settings_come_from_the_environment_or_the_config(tmp_path: Path, here: Here) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC)
    config = tmp_path / "pnpc.toml"
    config.write_text('[sinch]\napp-id = "01FILE"\nproject-id = "proj-2"\nregion = "us"\n')
    done = here("compile", "spec.yaml", "--target", "sinch")
    payload = json.loads(done.stdout)
    assert (payload["body"]["app_id"], payload["url"][:13]) == ("01FILE", "https://us.co")
    payload = json.loads(here("compile", "spec.yaml", "--target", "sinch", SINCH_APP_ID="01ENV").stdout)
    assert (payload["body"]["app_id"], payload["url"][:13]) == ("01ENV", "https://us.co")
    config.write_text('[sinch]\napp-id = "01FILE"\n')
    done = here("compile", "spec.yaml", "--target", "sinch")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "`project-id` (SINCH_PROJECT_ID), `region` (SINCH_REGION)" in done.stderr
    assert "app-id" not in done.stderr
    done = here("compile", "spec.yaml", "--target", "sinch", **{**ENVIRONMENT, "SINCH_REGION": "jp"})
    assert (done.returncode, done.stderr) == (2, "pnpc: `region` of the target sinch must be us, eu or br\n")


@pytest.mark.parametrize("line", ['region = "jp"', 'app = "x"', 'project-id = "a/../b"', "app-id = 1"])
def test_the_config_is_checked(tmp_path: Path, here: Here, line: str) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC)
    (tmp_path / "pnpc.toml").write_text(f"[sinch]\n{line}\n")
    done = here("check", "spec.yaml")
    assert done.returncode == 2
    assert "PNP801" in done.stderr


def test_a_project_can_change_no_other_part_of_the_url() -> None:
    for bad in ("a/b", "a b", "", "a\n", "é", "..?"):
        with pytest.raises(BadSetting):
            make("sinch", {**SETTINGS, "project-id": bad})
    with pytest.raises(KeyError):
        make("other", {})
    with pytest.raises(ValueError, match="no target 'other'"):
        compile_text(SPEC, target="other")
    with pytest.raises(ValueError, match="needs `app-id`"):
        compile_text(SPEC, target="sinch")


def test_columns_are_those_of_the_target(tmp_path: Path, here: Here) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC)
    (tmp_path / "r.csv").write_text("contact,slot\na,b\n")
    done = here("compile", "spec.yaml", "--recipients", "r.csv", "--target", "sinch", **ENVIRONMENT)
    assert (done.returncode, done.stdout) == (1, "")
    assert "no column `contact_id` or `identity`" in done.stderr


def test_a_message_without_a_recipient_is_a_look_at_it(tmp_path: Path, here: Here) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC)
    done = here("compile", "spec.yaml", "--target", "sinch", "--format", "curl", **ENVIRONMENT)
    assert done.returncode == 0
    assert '-H "Authorization: Bearer $SINCH_ACCESS_TOKEN"' in done.stdout
    assert "$LINE" not in done.stdout
    assert "there is no `recipient`, so Sinch would refuse it" in done.stderr


json_values = st.recursive(
    st.text(max_size=5) | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcXYZ", max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text("abcXYZ", min_size=1, max_size=4), json_values, max_size=3), st.none() | st.text())
def test_a_target_moves_values_and_looks_at_none(body: dict[str, Any], tag: str | None) -> None:
    """So a body of placeholders shows where each value goes."""

    def leaves(value: Any) -> list[Any]:
        if isinstance(value, dict):
            return [leaf for one in value.values() for leaf in leaves(one)]
        return [leaf for one in value for leaf in leaves(one)] if isinstance(value, list) else [value]

    for name in TARGETS:
        target = make(name, SETTINGS)
        headers, made = target.request(Recipient(target.columns[-1], "R"), Filled("template", body, tag))
        found = [*leaves(made), *headers.values()]
        for one in (*leaves(body), "R", *([tag] if tag is not None else [])):
            assert one in found


def test_recipients_are_told_apart_by_kind_and_value() -> None:
    digests = [Recipient(column, "a").digest for column in ("contact_id", "identity")]
    assert len({*digests, Recipient("contact_id", "b").digest}) == 3
    assert Recipient("to", DIGEST).digest == DIGEST
    row = Record("r", 0, {"to": DIGEST}, "json", lambda _: Range(Position(1, 1), Position(1, 1)))
    assert LINE.addressee(row, None) == Addressee(Recipient("to", DIGEST))


# --- a third target ---

COURIER_CONFIG = '[courier]\naccount = "shop"\nspeed = "fast"\n'
COURIER_SECRETS = {"COURIER_USER": "shop", "COURIER_PASSWORD": "secret"}
TO_MEMBERS = FLEXIBLE.replace("発送しました", '"{{ name }}様"').replace(
    "message:", "variables:\n  name: {type: string, maxLength: 20, example: 佐藤}\nmessage:"
)


@pytest.fixture
def third(monkeypatch: pytest.MonkeyPatch) -> None:
    """The list of targets with the invented one, in this process."""
    monkeypatch.setitem(TARGETS, "courier", courier_of_tests.Courier)


@pytest.mark.usefixtures("third")
def test_a_third_target_is_configured_compiled_pushed_and_shown(tmp_path: Path, here: Here) -> None:
    (tmp_path / "notice.yaml").write_text(TO_MEMBERS)
    (tmp_path / "members.csv").write_text("member,name\nm-1,佐藤\nm-2,鈴木\n")
    (tmp_path / "pnpc.toml").write_text(COURIER_CONFIG)
    assert here("approve", "notice.yaml", "--review-id", "R-1", "--date", "2026-11-21").returncode == 0
    assert here("check", "notice.yaml") == (0, "no mistakes in 1 file\n", "")
    # A process of its own: the options of the command line list the targets when they are loaded.
    command = [sys.executable, str(ROOT / "tests" / "courier.py"), "compile", "notice.yaml", "--target", "courier"]
    done = subprocess.run(
        [*command, "--recipients", "members.csv", "-o", "a.jsonl"],
        cwd=tmp_path, capture_output=True, text=True, env=clean_environment(COURIER_SPEED="slow"), check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "2 payloads\n")
    first, second = map(json.loads, (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines())
    assert (first["target"], first["url"]) == ("courier", "https://api.courier.example/notes")
    assert second["body"] == {
        "account": "shop", "speed": "slow", "messages": [{"type": "text", "text": "鈴木様"}], "member": "m-2"
    }  # fmt: skip
    with FaultServer(lambda request: answer(200 if b"m-1" in request.body else 400, x_courier_id="c-1")) as server:
        pushed = here("push", "a.jsonl", "--api-url", server.url, "--journal", "a.journal.db", **COURIER_SECRETS)
        assert pushed.returncode == 4, pushed.stderr
        assert "1 refused: 400: Courier refuses the request" in pushed.stdout
        sent = {(one.path, one.headers["authorization"], json.loads(one.body)["note"][:5]) for one in server.received}
        assert sent == {("/notes", "Basic c2hvcDpzZWNyZXQ=", "pnpc-")}
    shown = json.loads(here("status", "--journal", "a.journal.db", "--format", "json").stdout)
    assert [run["target"] for run in shown["runs"]] == ["courier"]
    assert {name: count for name, count in shown["counts"].items() if count} == {"unconfirmed": 1, "refused": 1}
    reasons = {(reason["reason"], *reason["request_ids"]) for reason in shown["reasons"]}
    assert reasons == {("other-target", "c-1"), ("request", "c-1")}
    assert "Courier refused them" in here("status", "--journal", "a.journal.db").stdout


@pytest.mark.usefixtures("third")
def test_a_third_target_is_a_part_of_the_config(tmp_path: Path, here: Here) -> None:
    table = json.loads(here("schema", "config").stdout)["properties"]["courier"]
    assert table["description"] == (
        "What `pnpc compile --target courier` needs to know of the account at Courier. "
        "The variables COURIER_ACCOUNT and COURIER_SPEED of the environment stand above it."
    )
    assert table["properties"]["speed"] == {
        "type": "string", "enum": ["slow", "fast"], "description": "How fast it goes."
    }  # fmt: skip
    (tmp_path / "spec.yaml").write_text(SPEC)
    for line, said in (
        ("[courier]\naccount = 'A'", "must be small letters"),
        ("[courier]\nspeed = 'medium'", "slow"),
        ("[courrier]\naccount = 'a'", "did you mean `courier`?"),
    ):
        (tmp_path / "pnpc.toml").write_text(line)
        done = here("check", "spec.yaml")
        assert (done.returncode, "PNP801" in done.stderr, said in done.stderr) == (2, True, True), done.stderr


@pytest.mark.usefixtures("third")
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"url": "https://api.line.me/notes"},
            "`url` must begin with https://api.courier.example; found https://api.line.me",
        ),
        ({"url": "https://api.courier.example/other"}, "`url` must go on with /notes; found /other"),
        ({"method": "PUT"}, "`method` must be POST"),
        (
            {"headers": {"Content-Type": "application/json", "X-Line-Delivery-Tag": "a" * 20}},
            "which is not sent to courier",
        ),
        ({"body": {"account": "a", "messages": []}}, "`body` has no `member`: it was compiled without a recipient"),
        ({"body": {"member": "m", "account": "a", "messages": [], "note": 1}}, "`note` must be text"),
        ({"target": "sms"}, "`target` must be one of line, sinch, courier"),
    ],
)
def test_lines_of_a_third_target_are_checked_before_any_is_sent(
    tmp_path: Path, here: Here, change: dict[str, Any], said: str
) -> None:
    line = {
        "id": "1", "target": "courier", "method": "POST", "url": "https://api.courier.example/notes",
        "headers": {"Content-Type": "application/json"}, "body": {"member": "m", "account": "a", "messages": []},
    }  # fmt: skip
    (tmp_path / "a.jsonl").write_text(json.dumps(line))
    assert here("push", "a.jsonl", "--dry-run").returncode == 0
    done = here("push", "a.jsonl", "--rate", "41", "--dry-run")
    assert done.stderr == "pnpc: --rate must be at most 40: Courier accepts no more requests per second\n"
    done = here("push", "a.jsonl")
    assert done.stderr == "pnpc: no access token: set COURIER_USER and COURIER_PASSWORD\n"
    (tmp_path / "a.jsonl").write_text(json.dumps({**line, **change}))
    assert f"a.jsonl:1: {said}" in here("push", "a.jsonl", "--dry-run").stderr or said in here("push", "a.jsonl").stderr


@pytest.mark.usefixtures("third")
def test_a_third_target_says_which_kinds_it_takes() -> None:
    with pytest.raises(
        CannotCompile, match=r"the template kind can't be compiled for Courier: .* flexible messages only"
    ):
        compile_text(SPEC, target="courier", settings={"account": "a", "speed": "slow"})


def test_a_clean_check_loads_no_target(tmp_path: Path) -> None:
    """The targets are for those who compile and send; a config without a table of theirs needs none of them."""
    (tmp_path / "spec.yaml").write_text(SPEC.replace("recipient.index", "recipient.to"))
    (tmp_path / "with.toml").write_text('[sinch]\nregion = "eu"\n')
    (tmp_path / "pnpc.toml").write_text('country = "JP"\n')
    script = (
        "import sys; from pnpc.cli.main import main\n"
        "for more in [], ['--config', 'with.toml']:\n"
        "    main(['check', 'spec.yaml', *more])\n"
        "    print([name for name in sys.modules if name.startswith('pnpc.compile')])\n"
    )
    done = program(script, tmp_path)
    clean, without, again, with_table = done.stdout.splitlines()
    assert (clean, without, again) == ("no mistakes in 1 file", "[]", clean), done.stderr
    assert "'pnpc.compile.targets.sinch'" in with_table
    assert "pnpc.compile.filled.message" not in with_table  # what fills messages takes ten times as long to load


def test_names_of_targets_are_no_keys_of_the_config() -> None:
    assert not load("config")["properties"].keys() & TARGETS.keys()


# Files that know Sinch's form of a message as a document that check, import and diff read, or speak of it to people.
READERS = (
    "compile/targets/sinch", "compile/targets/__init__.py", "line/", "language/message/notice.py", "check/",
    "compile/diff/version.py", "cli/project/import_payload.py", "cli/checking/approve.py", "rules/", "library/", "emulator/", "cli/delivering/emulator.py",
    "deliver/asking/",
)  # fmt: skip


def test_only_its_own_file_knows_how_a_target_is_sent_to() -> None:
    named = [
        str(file.relative_to(ROOT / "pnpc"))
        for file in sorted((ROOT / "pnpc").rglob("*.py"))
        if "sinch" in file.read_text(encoding="utf-8").lower()
    ]
    assert [name for name in named if not name.startswith(READERS)] == []


@pytest.mark.parametrize(
    ("secret", "values", "authorization", "option"),
    [
        (Secret("Bearer", ("A",)), ["t"], "Bearer t", '-H "Authorization: Bearer $A"'),
        (Secret("Basic", ("A", "B")), ["key", "secret"], "Basic a2V5OnNlY3JldA==", '-u "$A:$B"'),
    ],
)
def test_a_secret_becomes_a_header(secret: Secret, values: list[str], authorization: str, option: str) -> None:
    assert (secret.authorization(values), secret.curl()) == (authorization, option)


def test_a_header_is_found_in_any_case() -> None:
    tag = Tag("X-Tag", is_header=True, is_made=False)
    assert tag.of({"x-tag": "a"}, {"X-Tag": "b"}) == "a"
    assert tag.of({}, {"X-Tag": "b"}) is None
    assert Tag("k", is_header=False, is_made=False).of({"k": "a"}, {"k": "b"}) == "b"


def test_only_what_a_target_says_is_accepted_and_used_up() -> None:
    full = Observation(True, 429, b"You have reached your MONTHLY LIMIT.")
    assert classify(full, Line).reason == "monthly-limit"
    assert classify(full, courier_of_tests.Courier).reason == "rate-limit"

    class Careful(courier_of_tests.Courier):
        accepted = range(202, 203)

    assert classify(Observation(True, 202), Careful).kind == "accepted"
    assert classify(Observation(True, 200), Careful) == ("unknown", "answer-lost", "go")
