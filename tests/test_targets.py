"""Where payloads go: LINE's own API, and Sinch's Conversation API with its settings, its recipients and its limits."""

import json
from pathlib import Path
from typing import Any

import pytest
from conftest import Here
from hypothesis import given
from hypothesis import strategies as st

from pnpc.compile.filled.message import Filled
from pnpc.compile.plan import BadRow, CannotCompile
from pnpc.compile.tables.recipients import Record
from pnpc.compile.targets import LINE, TARGETS, BadSetting, Payload, Recipient, make
from pnpc.compile.text import compile_text
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
deliveryTag: "shipments-number-{{ recipient.index }}"
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
    result = through_sinch(SPEC.replace("recipient.index", "recipient.to"), identity=DIGEST)
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
    assert LINE.recipient(row, None) == (Recipient("to", DIGEST), [])
