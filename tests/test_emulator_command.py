"""`pnpc emulator` as people run it, its own calls, and the fixture for other teams' tests."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from conftest import ROOT, Run, clean_environment
from emulating import DAY, PEOPLE, TEMPLATE, ask, template

from pnpc.cli.main import main
from pnpc.emulator import Emulator
from pnpc.emulator.people import kinds, magic_numbers

Started = Callable[..., tuple[str, subprocess.Popen[str]]]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Started]:
    """Start `pnpc emulator ARGS` in `tmp_path`; gives its URL and the process, which is ended after the test."""
    running: list[subprocess.Popen[str]] = []

    def begin(*args: str, **environment: str) -> tuple[str, subprocess.Popen[str]]:
        process = subprocess.Popen(
            [sys.executable, "-m", "pnpc", "emulator", *args],
            cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=clean_environment(**environment),
        )  # fmt: skip
        running.append(process)
        assert process.stdout is not None
        return process.stdout.readline().strip(), process

    yield begin
    for process in running:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_serves_until_a_signal(start: Started, number: int) -> None:
    url, process = start("-v", "--token", "very-secret-token")
    assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+", url)
    got = ask(url, TEMPLATE, template(), token="very-secret-token")
    assert got.status == 202
    assert ask(url, TEMPLATE, template(), token="another-secret").status == 401
    process.send_signal(number)
    out, err = process.communicate(timeout=20)
    assert (process.returncode, out) == (0, "")
    lines = err.splitlines()
    assert len(lines) == 2
    assert f"POST {TEMPLATE} 202 {got.headers['x-line-request-id']}" in lines[0]
    assert "secret" not in err
    assert PEOPLE["ok"] not in err


def test_options_stand_above_the_scenario_and_the_scenario_above_the_config(start: Started, tmp_path: Path) -> None:
    (tmp_path / "keys.yaml").write_text("catalog: 1\ncountry: TH\ntemplates: {keys: {ours_th: {}}}\n")
    (tmp_path / "pnpc.toml").write_text('country = "TH"\ncatalogs = ["keys.yaml"]\n')
    (tmp_path / "scenario.yaml").write_text("scenario: 1\nsettings: {rate: 5, monthly-limit: 9}\n")
    url, _ = start("--scenario", "scenario.yaml", "--rate", "7")
    settings = ask(url, "/_emulator").body["settings"]
    assert (settings["country"], settings["rate"], settings["monthly_limit"]) == ("TH", 7, 9)
    assert ask(url, TEMPLATE, template(templateKey="ours_th")).status == 202
    url, _ = start("--isolated", "--lenient", "--no-check", "--redelivery")
    settings = ask(url, "/_emulator").body["settings"]
    assert [settings[name] for name in ("country", "lenient", "check", "redelivery")] == ["JP", True, False, True]


def test_its_own_calls(start: Started, tmp_path: Path) -> None:
    url, process = start("--clock", "virtual", "--ledger", "sent.jsonl")
    for _ in range(2):
        ask(url, TEMPLATE, template("consents"), x_line_delivery_tag="shipment-A1B2C3D4-0")
    ask(url, TEMPLATE, template())
    assert [len(ask(url, f"/_emulator/ledger{one}").body) for one in ("", f"?to={PEOPLE['ok']}", "?tag=x")] == [3, 1, 0]
    twice = ask(url, "/_emulator/duplicates").body
    assert [[one["to"] for one in group] for group in twice["sameBody"]] == [[PEOPLE["consents"]] * 2]
    assert [[one["tag"] for one in group] for group in twice["sameTag"]] == [["shipment-A1B2C3D4-0"] * 2]
    before = ask(url, "/_emulator/clock").body["now"]
    after = ask(url, "/_emulator/clock", {"advance": DAY}).body["now"]
    assert before < after
    overview = ask(url, "/_emulator").body
    assert (overview["accepted"], overview["delivered"], overview["answers"]) == (3, 3, {"202": 3})
    for body in ({}, {"advance": "5"}, {"advance": True}, {"advance": -1}, {"advance": 1e300}, [], b"{", b"[" * 90_000):
        assert ask(url, "/_emulator/clock", body, content_type="application/json; charset=none").status == 400
    assert ask(url, "/_emulator/webhooks").body == []
    assert ask(url, "/_emulator/webhooks/probe", {}).status == 400
    wrong = ask(url, "/_emulator/scenario", b"scenario: 1\nfaultz: []\n", method="PUT")
    assert (wrong.status, wrong.body["message"]) == (400, "scenario:2:1: unknown key `faultz`; did you mean `faults`?")
    assert ask(url, "/_emulator/scenario", b"\xff", method="PUT").status == 400
    assert (
        ask(url, "/_emulator/scenario", b"{scenario: 1, faults: [{type: status, status: 500}]}", method="PUT").status
        == 200
    )
    assert ask(url, TEMPLATE, template()).status == 500
    assert ask(url, "/_emulator/ledger", method="DELETE").status == 200
    assert ask(url, "/_emulator/ledger").body == []
    lines = [json.loads(line) for line in (tmp_path / "sent.jsonl").read_text().splitlines()]
    assert [one["to"] for one in lines] == [PEOPLE["consents"], PEOPLE["consents"], PEOPLE["ok"]]
    assert lines[0]["body"] == template("consents")
    assert process.poll() is None


def test_a_ledger_that_can_not_be_written_is_an_answer_of_500(start: Started) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("no /dev/full here")
    url, process = start("--ledger", "/dev/full")
    got = ask(url, TEMPLATE, template())
    assert (got.status, "x-line-request-id" in got.headers) == (500, True)
    process.terminate()
    assert re.search(r"OSError.*No space left", process.communicate(timeout=20)[1])


def test_what_is_no_http_leaves_no_trace_and_a_small_limit_is_for_messages_only(start: Started, tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").write_bytes(
        b"scenario: 1\r\nsettings:\r\n  body-bytes: 500\r\n  lenient: true\r\n  tag-pattern: '.*'\r\n"
    )
    url, process = start("--scenario", "scenario.yaml", "--ledger", "sent.jsonl", LC_ALL="C")
    where = urlsplit(url)
    for data in (
        b"\x16\x03\x01\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n",
        b"GET /\xff HTTP/9.9\r\n\r\n",
    ):
        with socket.create_connection((where.hostname or "", where.port or 0), timeout=20) as connection:
            connection.sendall(data)
            assert b" 400 " in connection.recv(4096).partition(b"\r\n")[0]
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=20) as connection:
        head = f"POST {TEMPLATE} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer a\r\nContent-Length: 400\r\n\r\n"
        connection.sendall(head.encode() + b"{")
    assert ask(url, TEMPLATE, template(), x_line_delivery_tag="\xff" * 16).status == 202
    assert json.loads((tmp_path / "sent.jsonl").read_text(encoding="utf-8"))["tag"] == "\udcff" * 16
    assert ask(url, "/_emulator/scenario", b"scenario: 1\n" + b"# a comment\n" * 100, method="PUT").status == 200
    assert (
        ask(url, "/_emulator/scenario", b"#" * (17 << 20), method="PUT").body["message"].startswith("Maximum request")
    )
    process.terminate()
    assert process.communicate(timeout=20)[1] == ""


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--webhook", "http://127.0.0.1:1/"], "set LINE_CHANNEL_SECRET"),
        (["--scenario", "none.yaml"], "can't read none.yaml: no such file or directory"),
        (["--scenario", "wrong.yaml"], "wrong.yaml:2:1: error[PNP801 bad-config]: unknown key `setings`; did you mean `settings`?"),
        (["--scenario", "bytes.yaml"], "can't read bytes.yaml: byte 0xff"),
        (["--rate", "0"], "--rate"),
        (["--rate", "nan"], "--rate"),
        (["--webhook", "nourl", "--channel-secret", "s"], "--webhook: a webhook must be a URL such as"),
        (["--ledger", "no/folder"], "can't open no/folder: no such file or directory"),
    ],
)  # fmt: skip
def test_what_can_not_run_is_one_clear_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], args: list[str], message: str
) -> None:
    (tmp_path / "wrong.yaml").write_text("scenario: 1\nsetings: {}\n")
    (tmp_path / "bytes.yaml").write_bytes(b"\xff")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LINE_CHANNEL_SECRET", raising=False)
    assert main(["emulator", *args]) == 2
    told = capsys.readouterr()
    assert message in told.err
    assert told.out == ""


def test_a_port_that_is_taken(pnpc: Run) -> None:
    with Emulator() as line:
        port = line.url.rpartition(":")[2]
        done = pnpc("emulator", "--port", port)
        assert done.returncode == 2
        assert "address already in use" in done.stderr
        with pytest.raises(OSError, match="in use"), Emulator(port=int(port)):
            pass


def test_the_url_of_an_emulator_that_does_not_run() -> None:
    with pytest.raises(RuntimeError, match="inside"):
        _ = Emulator().url


def test_the_example_of_the_docs_is_a_test_that_passes(tmp_path: Path) -> None:
    """With the plugin as other teams get it: by its entry point alone."""
    (example,) = re.findall(
        r"```python\n(.*?)```", (ROOT / "docs" / "emulator.md").read_text(encoding="utf-8"), re.DOTALL
    )
    (tmp_path / "test_example.py").write_text(example, encoding="utf-8")
    others = ("-p", "no:hypothesispytest", "-p", "no:xdist", "-p", "no:anyio")  # which take their time to load
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "error", *others, "test_example.py"],
        cwd=tmp_path, capture_output=True, text=True, env=clean_environment(), check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


def test_the_plugin_loads_nothing_until_it_is_used() -> None:
    program = "import sys; import pnpc.emulator.pytest_plugin; print(sorted({one.split('.')[0] for one in sys.modules} & {'aiohttp', 'yaml', 'jsonschema', 'click'}))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_docs_name_every_magic_number_and_setting() -> None:
    page = (ROOT / "docs" / "emulator.md").read_text(encoding="utf-8")
    numbers: dict[str, list[Any]] = {}
    for one in magic_numbers():
        numbers.setdefault(one.kind, []).append(one)
    for kind in kinds():
        cells = " | ".join(f"`{one.number}`" for one in numbers[kind])
        assert f"| `{kind}` | {cells} | {numbers[kind][0].says} |" in page
