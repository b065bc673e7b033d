"""`pnpc compile` for the flexible kind: typed values, limits on the real text, rules on the whole of it."""

import json
from pathlib import Path

from conftest import Run

import pnpc
from pnpc.compile.plan import BadRow
from pnpc.compile.targets import Payload

DIGEST = "d41e0ad70dddfeb68f149ad6fc61574b9c5780ab7bcb2fba5517771ffbb2409c"
SPEC = """\
pnpc: 1
name: parcel
country: JP
variables:
  who: {type: string, example: 山田}
  weight: {type: integer, example: 2}
  bold: {type: boolean, example: true}
  link: {type: string, example: "https://shop.example.com/1"}
message:
  messages:
    - type: flex
      altText: "{{ who }}様のお荷物"
      contents:
        type: bubble
        body:
          type: box
          layout: vertical
          contents:
            - {type: text, text: "{{ who }}様", flex: "{{ weight }}", wrap: "{{ bold }}", maxLines: 2}
            - {type: button, action: {type: uri, label: 追跡, uri: "{{ link }}"}}
  customAggregationUnits: [parcel_2026]
deliveryTag: "parcel-{{ recipient.index }}-0000000000"
"""


def compiled(**values: object) -> Payload | BadRow:
    row = {"to": DIGEST, "who": "山田", "weight": 2, "bold": True, "link": "https://shop.example.com/1", **values}
    (result,) = pnpc.compile_text(SPEC, recipients=[row])
    return result


def codes(result: Payload | BadRow) -> list[tuple[str, str]]:
    assert isinstance(result, BadRow)
    return [(one.code, one.path) for one in result.diagnostics]


def test_values_have_the_types_that_the_grammar_asks_for() -> None:
    result = compiled(who="鈴木", weight=5, bold=False)
    assert isinstance(result, Payload)
    assert result.url == "https://api.line.me/bot/pnp/push"
    assert list(result.body) == ["to", "messages", "customAggregationUnits"]
    (message,) = result.body["messages"]
    text, button = message["contents"]["body"]["contents"]
    assert text == {"type": "text", "text": "鈴木様", "flex": 5, "wrap": False, "maxLines": 2}
    assert message["altText"] == "鈴木様のお荷物"
    assert button["action"]["uri"] == "https://shop.example.com/1"
    assert result.headers["X-Line-Delivery-Tag"] == "parcel-0-0000000000"


def test_limits_hold_for_the_real_text() -> None:
    assert codes(compiled(who="長" * 1496)) == [("PNP302", "message.messages[0].altText")]
    assert isinstance(compiled(who="長" * 1495), Payload)


def test_rules_hold_for_the_real_text() -> None:
    base = "message.messages[0].contents.body.contents[1].action.uri"
    for link in ("/relative", "not a link"):
        assert {path for _, path in codes(compiled(link=link))} == {base}


def test_a_row_of_a_wrong_type_is_told_in_the_row(tmp_path: Path, pnpc: Run) -> None:
    (tmp_path / "a.yaml").write_text(SPEC, encoding="utf-8")
    rows = f"to,who,weight,bold,link\n{DIGEST},山田,two,true,https://shop.example.com/\n{DIGEST},佐藤,3,true,https://shop.example.com/\n"
    done = pnpc("compile", "a.yaml", "--recipients", "-", "--recipients-format", "csv", input=rows)
    assert done.returncode == 1
    assert "2:" in done.stderr
    assert "PNP603" in done.stderr
    (line,) = done.stdout.splitlines()
    assert json.loads(line)["body"]["messages"][0]["contents"]["body"]["contents"][0]["flex"] == 3


def test_a_request_body_comes_out_as_it_stands(tmp_path: Path, pnpc: Run) -> None:
    body = {"to": DIGEST, "messages": [{"type": "text", "text": "{{ as it is }}"}], "notificationDisabled": False}
    (tmp_path / "a.json").write_text(json.dumps(body), encoding="utf-8")
    done = pnpc("compile", "a.json")
    assert (done.returncode, json.loads(done.stdout)["body"]) == (0, body)


def test_a_part_of_a_request_is_refused_clearly(tmp_path: Path, pnpc: Run) -> None:
    (tmp_path / "a.json").write_text('{"type": "text", "text": "hello"}', encoding="utf-8")
    done = pnpc("compile", "a.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert "a single message object names no recipient" in done.stderr
