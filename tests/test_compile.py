"""`pnpc compile`: what comes out of specs and data, and what is said of those that are wrong."""

import hashlib
import json
import os
import shlex
import signal
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import Here, Run, clean_environment

from pnpc.compile.plan import BadRow
from pnpc.compile.targets import Payload
from pnpc.compile.text import SpecErrors, compile_text

DIGEST = "d41e0ad70dddfeb68f149ad6fc61574b9c5780ab7bcb2fba5517771ffbb2409c"  # of +818000001234, LINE's own example
SPEC = """\
pnpc: 1
name: shipment
country: JP
variables:
  order_id: {type: string, pattern: "^[A-Z0-9]{4,20}$", example: A1B2C3D4}
  shipped_on: {type: string, format: date, example: "2024-08-10"}
  slot: {type: string, enum: [午前中, 14-16時], default: 午前中}
  total: {type: integer, minimum: 0, maximum: 9999999, example: 12000}
message:
  customAggregationUnits: ["unit_{{ total }}"]
  body:
    buttons:
      - {url: "https://example.com/{{ order_id | urlencode }}", buttonKey: check_delivery_status_ja}
    items:
      - {itemKey: time_range_001_ja, content: "{{ slot }}"}
      - {content: "{{ total | currency }}", itemKey: price_001_ja}
    emphasizedItem: {itemKey: date_002_ja, content: "{{ shipped_on | date }}"}
  templateKey: shipment_completed_ja
deliveryTag: "shipments-{{ order_id }}-{{ recipient.index }}"
"""
TEXT = """\
pnpc: 1  # pnpc: file-ignore[may-be-too-long, may-be-too-short] here it is the real text that is measured
name: free-text
country: JP
variables:
  text: {type: string, maxLength: 1000, example: 午前中}
message:
  templateKey: shipment_completed_ja
  body:
    emphasizedItem: {itemKey: date_002_ja, content: "{{ text | truncate(15) }}"}
    items:
      - {itemKey: time_range_001_ja, content: "{{ text }}"}
"""
HEADER = "phone,order_id,shipped_on,slot,total\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "shipment.yaml").write_text(SPEC)
    (tmp_path / "text.yaml").write_text(TEXT)
    return tmp_path


def rows(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_examples_fill_a_spec_without_data(folder: Path, here: Here) -> None:
    done = here("compile", "shipment.yaml")
    (payload,) = rows(done.stdout)
    assert done.returncode == 0
    assert list(payload) == ["id", "target", "method", "url", "headers", "body", "origin"]
    assert payload["origin"] == {"spec": "shipment.yaml", "name": "shipment"}
    assert payload["target"] == "line"
    assert payload["method"] == "POST"
    assert payload["url"] == "https://api.line.me/v2/bot/message/pnp/templated/push"
    assert payload["headers"] == {"Content-Type": "application/json", "X-Line-Delivery-Tag": "shipments-A1B2C3D4-0"}
    assert payload["body"] == {
        "templateKey": "shipment_completed_ja",
        "body": {
            "emphasizedItem": {"itemKey": "date_002_ja", "content": "2024年8月10日"},
            "items": [
                {"itemKey": "time_range_001_ja", "content": "午前中"},
                {"itemKey": "price_001_ja", "content": "12,000円"},
            ],
            "buttons": [{"buttonKey": "check_delivery_status_ja", "url": "https://example.com/A1B2C3D4"}],
        },
        "customAggregationUnits": ["unit_12000"],
    }
    assert "there is no `to`" in done.stderr
    assert done.stderr.endswith("1 payload\n")


def test_keys_stand_in_the_order_of_lines_docs(folder: Path, here: Here) -> None:
    (payload,) = rows(
        here(
            "compile",
            "shipment.yaml",
            "--data",
            "-",
            input="phone: 080-0000-1234\ntotal: 1\norder_id: ABCD\nshipped_on: 2024-01-02",
        ).stdout
    )
    body = payload["body"]
    assert list(body) == ["to", "templateKey", "body", "customAggregationUnits"]
    assert list(body["body"]) == ["emphasizedItem", "items", "buttons"]
    assert [list(item) for item in body["body"]["items"]] == [["itemKey", "content"]] * 2
    assert list(body["body"]["buttons"][0]) == ["buttonKey", "url"]
    assert body["to"] == DIGEST


def test_a_variable_without_an_example_is_told_at_its_place(folder: Path, here: Here) -> None:
    (folder / "shipment.yaml").write_text(SPEC.replace(", example: 12000", ""))
    done = here("compile", "shipment.yaml")
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        "shipment.yaml:8:3: error[PNP602 missing-column]: `total` has neither an example nor a default" in done.stderr
    )


def test_a_table_makes_a_payload_a_row(folder: Path, pnpc: Run) -> None:
    table = "memo," + HEADER + "x,+818000001234,AAAA,2024-08-10,,1\nx,080-0000-1235,BBBB,2024-08-11,14-16時,2\n"
    (folder / "r.csv").write_text(table)
    done = pnpc("compile", "shipment.yaml", "--recipients", "r.csv")
    first, second = rows(done.stdout)
    assert done.returncode == 0
    assert first["body"]["to"] == DIGEST
    assert first["body"]["body"]["items"][0]["content"] == "午前中"  # an empty field takes the default
    assert second["headers"]["X-Line-Delivery-Tag"] == "shipments-BBBB-1"
    assert second["origin"] == {"spec": "shipment.yaml", "name": "shipment", "row": "r.csv:3"}
    assert done.stderr.count("memo") == 1
    assert done.stderr.endswith("2 payloads\n")
    assert pnpc("compile", "shipment.yaml", "--recipients", "r.csv").stdout == done.stdout


def test_bad_rows_are_told_in_full_and_stop_no_other(folder: Path, here: Here) -> None:
    (folder / "r.csv").write_text(
        HEADER + "+818000001234,AAAA,2024-08-10,,1\n"
        '0000,"a\nb",2024-13-10,夜,12o\n+818000001235,BBBB,2024-08-10,,\n+818000001236,CCCC,2024-08-10,,3\n'
    )
    done = here("compile", "shipment.yaml", "--recipients", "r.csv", "-o", "out.jsonl")
    assert done.returncode == 1
    for place, code in (("3:1", 604), ("3:6", 603), ("4:4", 603), ("4:15", 603), ("4:17", 603), ("5:32", 602)):
        assert f"r.csv:{place}: error[PNP{code} " in done.stderr, (place, done.stderr)
    assert "shipment.yaml:8:3: declared here" in done.stderr
    assert done.stderr.endswith("2 payloads, 2 rows with mistakes\n")
    tags = [one["headers"]["X-Line-Delivery-Tag"] for one in rows((folder / "out.jsonl").read_text())]
    assert tags == ["shipments-AAAA-0", "shipments-CCCC-3"]


def test_where_a_row_stands_is_no_part_of_its_id(folder: Path, here: Here) -> None:
    made = []
    for name, before in (("a.csv", ""), ("b.csv", "\n\n")):
        (folder / name).write_text(HEADER + before + "+818000001234,AAAA,2024-08-10,,1\n")
        made += rows(here("compile", "shipment.yaml", "--recipients", name).stdout)
    first, second = made
    assert (first["id"], first["body"]) == (second["id"], second["body"])
    assert [one["origin"]["row"] for one in made] == ["a.csv:2", "b.csv:4"]
    data = here(
        "compile",
        "shipment.yaml",
        "--data",
        "-",
        input=f"to: {DIGEST}\norder_id: AAAA\nshipped_on: 2024-08-10\ntotal: 1",
    )
    assert "row" not in rows(data.stdout)[0]["origin"]


def test_a_mended_row_changes_no_other_rows_id(folder: Path, here: Here) -> None:
    good = "+818000001234,AAAA,2024-08-10,,1\n"
    ids = []
    for middle in ("bad,,,,\n", "+818000001239,BBBB,2024-08-10,,1\n"):
        (folder / "r.csv").write_text(HEADER + good + middle + good)
        ids.append([one["id"] for one in rows(here("compile", "shipment.yaml", "--recipients", "r.csv").stdout)])
    assert [ids[1][0], ids[1][2]] == ids[0]
    assert len(set(ids[1])) == 3
    assert all(len(one) == 32 and set(one) <= set("0123456789abcdef") for one in ids[1])


def test_a_repeated_recipient_is_a_note(folder: Path, here: Here) -> None:
    (folder / "r.jsonl").write_text(
        json.dumps({"phone": "08000001234", "text": "a"}) + "\n" + json.dumps({"to": DIGEST, "text": "b"}) + "\n"
    )
    done = here("compile", "text.yaml", "--recipients", "r.jsonl")
    assert done.returncode == 0
    assert "1 row repeats the recipient of an earlier row, the first at r.jsonl:2:1" in done.stderr


def test_mistakes_are_all_counted_and_fifty_shown(folder: Path, here: Here) -> None:
    (folder / "r.csv").write_text(HEADER + "bad,AAAA,2024-08-10,,1\n" * 60)
    done = here("compile", "shipment.yaml", "--recipients", "r.csv")
    assert done.returncode == 1
    assert done.stderr.count("error[PNP604") == 50
    assert "the first 50 of 60 mistakes are shown" in done.stderr
    assert done.stderr.endswith("0 payloads, 60 rows with mistakes\n")


def test_fail_fast_writes_no_file(folder: Path, here: Here) -> None:
    (folder / "r.csv").write_text(HEADER + "+818000001234,AAAA,2024-08-10,,1\nbad,,,,\nbad,,,,\n")
    before = sorted(os.listdir(folder))
    done = here("compile", "shipment.yaml", "--recipients", "r.csv", "-o", "out.jsonl", "--fail-fast")
    assert done.returncode == 1
    assert "1 row with mistakes" in done.stderr
    assert sorted(os.listdir(folder)) == before


@pytest.mark.parametrize(
    ("text", "content", "emphasized"),
    [
        ("あ" * 300, True, "あ" * 14 + "…"),
        ("😀" * 150, True, "😀" * 7 + "…"),
        ("😀" * 151, False, ""),
        ("あ" * 301, False, ""),
    ],
)
def test_real_texts_are_measured_in_utf16_units(
    folder: Path, here: Here, text: str, content: bool, emphasized: str
) -> None:
    (folder / "r.csv").write_text(f"phone,text\n+818000001234,{text}\n")
    done = here("compile", "text.yaml", "--recipients", "r.csv")
    if content:
        assert rows(done.stdout)[0]["body"]["body"]["emphasizedItem"]["content"] == emphasized
    else:
        assert (done.returncode, done.stdout) == (1, "")
        assert "text.yaml:11:" in done.stderr
        assert "error[PNP206 content-too-long]" in done.stderr
        assert f"{301 if text[0] == 'あ' else 302}" in done.stderr
        assert "r.csv:2:15: with this data" in done.stderr


@pytest.mark.parametrize(("text", "fits"), [("あ" * 15, True), ("😀" * 8, False), ("あ" * 13 + "😀", True)])
def test_the_emphasized_item_takes_fifteen(text: str, fits: bool) -> None:
    (result,) = compile_text(TEXT.replace(" | truncate(15)", ""), recipients=[{"to": DIGEST, "text": text}])
    assert isinstance(result, Payload) == fits
    if isinstance(result, BadRow):
        assert [(one.code, one.path) for one in result.diagnostics] == [
            ("PNP206", "message.body.emphasizedItem.content")
        ]
        assert result.diagnostics[0].message == "`content` is 16 UTF-16 units, limit 15"


def test_a_tag_is_measured_after_filling_and_can_be_no_second_header() -> None:
    spec = TEXT + 'deliveryTag: "{{ text }}"\n'
    for text, message in (
        ("a" * 15, "minimum 16"),
        ("a" * 101, "limit 100"),
        ("a" * 20 + "\r\nX: y", "visible ASCII"),
        ("あ" * 20, "visible ASCII"),
    ):
        (result,) = compile_text(spec, recipients=[{"to": DIGEST, "text": text}])
        assert isinstance(result, BadRow)
        assert [(one.code, one.path) for one in result.diagnostics if one.code == "PNP212"] == [
            ("PNP212", "deliveryTag")
        ]
        assert message in " ".join(one.message for one in result.diagnostics)
    (result,) = compile_text(spec, recipients=[{"to": DIGEST, "text": "a" * 16}])
    assert isinstance(result, Payload)
    assert result.headers["X-Line-Delivery-Tag"] == "a" * 16


def test_a_filled_url_must_still_be_one() -> None:
    spec = TEXT + '    buttons: [{buttonKey: contact_ja, url: "https://example.com/{{ text }}"}]\n'
    (result,) = compile_text(spec, recipients=[{"to": DIGEST, "text": "a b"}])
    assert isinstance(result, BadRow)
    assert [one.code for one in result.diagnostics] == ["PNP216"]


def test_a_value_that_a_filter_cant_take_is_told_at_the_expression(folder: Path, here: Here) -> None:
    (folder / "text.yaml").write_text(TEXT.replace('"{{ text }}"', '"発送 {{ text | date }}"'))
    done = here("compile", "text.yaml", "--data", "-", input=f'{{"to": "{DIGEST}", "text": "soon"}}')
    assert done.returncode == 1
    assert "text.yaml:11:51: error[PNP507 expression-failed]" in done.stderr


def test_a_spec_with_errors_compiles_to_nothing(folder: Path, here: Here) -> None:
    (folder / "text.yaml").write_text(TEXT.replace("shipment_completed_ja", "shipment_complete_ja"))
    done = here("compile", "shipment.yaml", "text.yaml", "-o", "out.jsonl")
    assert (done.returncode, done.stdout) == (1, "")
    assert "text.yaml:7:16: error[PNP201 unknown-template]" in done.stderr
    assert "^^^" in done.stderr
    assert not (folder / "out.jsonl").exists()


def test_specs_with_one_name_are_refused(folder: Path, here: Here) -> None:
    (folder / "b.yaml").write_text(TEXT)
    done = here("compile", "text.yaml", "b.yaml")
    assert (done.returncode, done.stdout) == (1, "")
    assert "PNP107" in done.stderr


def test_every_spec_gets_every_recipient(folder: Path, here: Here) -> None:
    (folder / "two.yaml").write_text(TEXT + "---\n" + TEXT.replace("free-text", "second"))
    (folder / "third.yaml").write_text(TEXT.replace("free-text", "third"))
    done = here(
        "compile",
        "two.yaml",
        "third.yaml",
        "--recipients",
        "-",
        "--recipients-format",
        "csv",
        input="phone,text\n+818000001234,a\n+818000001235,b\n",
    )
    found = rows(done.stdout)
    assert len({one["id"] for one in found}) == 6
    assert sorted(one["body"]["body"]["items"][0]["content"] for one in found) == ["a"] * 3 + ["b"] * 3


def test_request_bodies_come_out_as_they_stand(folder: Path, here: Here) -> None:
    body = {
        "to": DIGEST,
        "templateKey": "shipment_completed_ja",
        "body": {"items": [{"itemKey": "name_010_ja", "content": "{{ x }}"}]},
    }
    (folder / "body.json").write_text(json.dumps(body))
    done = here("compile", "body.json")
    (payload,) = rows(done.stdout)
    assert (done.returncode, payload["body"], done.stderr) == (0, body, "1 payload\n")


@pytest.mark.parametrize("format", ["json", "curl", "jsonl"])
def test_formats_hold_the_same_bodies(folder: Path, here: Here, format: str) -> None:
    text = 'it\'s $HOME `x` \\ \u2028 "q" 😀'
    lines = "".join(json.dumps({"to": DIGEST, "text": text + str(one)}) + "\n" for one in range(2))
    done = here(
        "compile", "text.yaml", "--format", format, "--recipients", "-", "--recipients-format", "jsonl", input=lines
    )
    if format == "curl":
        commands = [shlex.split(line) for line in done.stdout.split("\n") if line]
        assert all("Authorization: Bearer $LINE_CHANNEL_ACCESS_TOKEN" in one for one in commands)
        assert all("--fail-with-body" in one and "--retry" not in done.stdout and "-L" not in one for one in commands)
        bodies = [json.loads(one[-1]) for one in commands]
    else:
        read = json.loads(done.stdout) if format == "json" else rows(done.stdout)
        bodies = [one["body"] for one in read]
    assert [one["body"]["items"][0]["content"] for one in bodies] == [text + "0", text + "1"]


def test_a_curl_command_is_safe_in_a_shell(folder: Path, here: Here) -> None:
    text = "'; touch hacked; $(touch hacked) `touch hacked`"
    done = here(
        "compile", "text.yaml", "--format", "curl", "--data", "-", input=json.dumps({"to": DIGEST, "text": text})
    )
    fake = folder / "curl"
    fake.write_text('#!/bin/sh\nfor last; do :; done\nprintf %s "$last"\n')
    fake.chmod(0o755)
    shown = subprocess.run(
        ["sh", "-c", done.stdout], cwd=folder, env={"PATH": f"{folder}:/usr/bin:/bin"}, capture_output=True, check=True
    )
    assert json.loads(shown.stdout)["body"]["items"][0]["content"] == text
    assert not (folder / "hacked").exists()


def test_data_are_yaml_by_the_declared_types(folder: Path, here: Here) -> None:
    data = "to: " + DIGEST + "\norder_id: 0123\nshipped_on: 2024-08-10\ntotal: 5\nother: 1\n"
    done = here("compile", "shipment.yaml", "--data", "-", input=data)
    assert rows(done.stdout)[0]["body"]["body"]["buttons"][0]["url"] == "https://example.com/0123"
    assert "`other`" in done.stderr
    done = here("compile", "shipment.yaml", "--data", "-", input=data.replace("total: 5", 'total: "5"\ntotal: 6'))
    assert done.returncode == 1
    assert "PNP004" in done.stderr
    for input, said in (("- a", "no mapping"), (data + "---\n" + data, "2 documents"), (f"{data}---\n", "2 documents")):
        done = here("compile", "shipment.yaml", "--data", "-", input=input)
        assert (done.returncode, done.stdout) == (1, "")
        assert f"{said}: data must be one mapping from variables to values" in done.stderr


def test_an_empty_table_could_not_run(folder: Path, here: Here) -> None:
    for text in ("", HEADER, "\n\n"):
        (folder / "r.csv").write_text(text)
        done = here("compile", "shipment.yaml", "--recipients", "r.csv", "-o", "out")
        assert (done.returncode, (folder / "out").exists()) == (2, False)
        assert done.stderr == "pnpc: no rows in r.csv; if that is right, add --allow-empty\n"
        assert here("compile", "shipment.yaml", "--recipients", "r.csv", "--allow-empty").returncode == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("--recipients", "missing.csv"),
        ("--recipients", "a.xlsx"),
        ("--data", "-", "--recipients", "-"),
        ("--data", "missing"),
    ],
)
def test_what_cant_be_read_is_one_line(folder: Path, here: Here, arguments: tuple[str, ...]) -> None:
    done = here("compile", "shipment.yaml", *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_no_input_is_overwritten(folder: Path, here: Here) -> None:
    (folder / "r.csv").write_text(HEADER)
    assert here("compile", "shipment.yaml", "--recipients", "r.csv", "-o", "./r.csv").returncode == 2
    assert (folder / "r.csv").read_text() == HEADER


def test_an_output_file_keeps_its_mode_and_its_link(folder: Path, here: Here) -> None:
    (folder / "real.jsonl").write_text("old")
    (folder / "real.jsonl").chmod(0o640)
    (folder / "out.jsonl").symlink_to("real.jsonl")
    assert here("compile", "text.yaml", "-o", "out.jsonl").returncode == 0
    assert (folder / "out.jsonl").is_symlink()
    assert stat.S_IMODE((folder / "real.jsonl").stat().st_mode) == 0o640
    assert len(rows((folder / "real.jsonl").read_text())) == 1
    assert here("compile", "text.yaml", "-o", "/dev/null").returncode == 0


@pytest.mark.parametrize("signal_", [signal.SIGKILL, signal.SIGINT])
def test_a_run_that_is_ended_leaves_the_old_file(folder: Path, signal_: signal.Signals) -> None:
    (folder / "out.jsonl").write_text("old")
    command = [
        sys.executable,
        "-m",
        "pnpc",
        "compile",
        "text.yaml",
        "--recipients",
        "-",
        "--recipients-format",
        "csv",
        "-o",
        "out.jsonl",
    ]
    running = subprocess.Popen(
        command, cwd=folder, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment()
    )
    assert running.stdin is not None
    running.stdin.write(b"phone,text\n" + b"+818000001234,a\n" * 20_000)  # more than a pipe holds: it is being read
    running.stdin.flush()
    running.send_signal(signal_)
    _, error = running.communicate()
    assert running.returncode == (130 if signal_ is signal.SIGINT else -9)
    assert b"Traceback" not in error
    assert (folder / "out.jsonl").read_text() == "old"
    if signal_ is signal.SIGINT:
        assert [one for one in os.listdir(folder) if one.endswith(".tmp")] == []


def test_a_closed_pipe_is_quiet(folder: Path) -> None:
    (folder / "r.csv").write_text("phone,text\n" + "+818000001234,a\n" * 2_000)
    command = f"{shlex.quote(sys.executable)} -m pnpc compile text.yaml --recipients r.csv | head -1"
    done = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, env=clean_environment(), check=True)
    assert b"error" not in done.stderr.lower()
    assert len(done.stdout.splitlines()) == 1


def test_a_library_call_gives_values() -> None:
    results = list(compile_text(TEXT, recipients=[{"phone": "08000001234", "text": "a"}, {"phone": "1", "text": 5}]))
    assert isinstance(results[0], Payload)
    assert results[0].body["to"] == hashlib.sha256(b"+818000001234").hexdigest() == DIGEST
    assert isinstance(results[1], BadRow)
    assert [one.code for one in results[1].diagnostics] == ["PNP604", "PNP603"]
    (result,) = compile_text(TEXT, data={"text": "b"})
    assert isinstance(result, Payload)
    assert "to" not in result.body
    with pytest.raises(SpecErrors) as caught:
        compile_text("pnpc: 1\n")
    assert caught.value.diagnostics


def test_help_shows_how(here: Here) -> None:
    done = here("compile", "--help")
    assert done.returncode == 0
    assert "pnpc compile shipment.yaml --recipients orders.csv -o shipment.jsonl" in done.stdout


def test_the_name_of_a_spec_is_the_same_text_in_any_locale(folder: Path, pnpc: Run) -> None:
    (folder / "shipment.yaml").rename(folder / "出荷.yaml")
    done = pnpc("compile", "出荷.yaml", "-o", "出力.jsonl", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert done.returncode == 0
    (payload,) = rows((folder / "出力.jsonl").read_text())
    assert payload["origin"]["spec"] == "出荷.yaml"
