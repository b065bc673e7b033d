"""What a push and a receiver say of themselves: metrics, lines for programs, progress where no terminal is."""

import json
import os
import re
import shlex
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from conftest import ROOT, Here, clean_environment
from faultserver import FaultServer, Request, answer
from journals import SECRET, Sent, body, event, keep, listening, tag
from pushes import TOKEN, end, last_line, payload, start, until, write, write_lines

from pnpc.cli.common import speak
from pnpc.cli.main import cli
from pnpc.deliver.journal.timestamps import now

ENVIRONMENT = {"LINE_CHANNEL_ACCESS_TOKEN": TOKEN, "PNPC_JOURNAL": "pnpc.journal.db"}
NEVER = re.compile(r"[0-9a-f]{64}|\+81\d|" + TOKEN)  # a digest, a phone number, the token


def scraped(url: str) -> dict[str, float]:
    """What Prometheus would read: each sample with its labels."""
    with urllib.request.urlopen(url, timeout=30) as response:
        text = response.read().decode()
    assert not NEVER.search(text)
    lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in lines}


def objects(error: str) -> list[dict[str, Any]]:
    """The lines of standard error: each of them is an object with time, level and event."""
    assert not NEVER.search(error)
    lines = [json.loads(line) for line in error.splitlines()]
    for line in lines:
        assert list(line)[:3] == ["time", "level", "event"], line
        assert datetime.fromisoformat(line["time"]).tzinfo == UTC
        assert line["time"].endswith("Z")
        assert line["level"] in ("info", "warning", "error")
    return lines


# --- metrics ---


def test_a_push_is_measured_while_it_runs(tmp_path: Path) -> None:
    """A repeated line, and one to a person who is not on the list, are not to be sent: nothing waits for them."""
    write_lines(tmp_path / "a.jsonl", [payload(n) for n in (*range(6), 5, 7)])
    (tmp_path / "only.txt").write_text("".join(f"+8180{n:08}\n" for n in range(6)))
    go = threading.Event()
    seen: list[int] = []

    def script(request: Request) -> Any:
        seen.append(request.number)
        if request.tag == tag(0):
            return answer(422)
        if request.tag == tag(1) and request.again == 0:
            return answer(429)
        return answer(202) if request.tag in (tag(1), tag(2)) else [go, *answer(202)]

    with FaultServer(script) as server:
        push = start(
            "a.jsonl",
            "--only",
            "only.txt",
            "--api-url",
            server.url,
            "--metrics",
            "127.0.0.1:0",
            "--rate",
            "50",
            cwd=tmp_path,
        )
        assert push.stderr is not None
        lines = iter(lambda: push.stderr.readline().decode(), "")
        url = next(line for line in lines if "metrics at" in line).rpartition(" ")[2].strip()
        until(lambda: len(seen) == 7 and scraped(url)["pnpc_push_in_flight"] == 3)
        told = scraped(url)
        go.set()
        assert end(push)[0] == 5
    assert told['pnpc_push_outcomes_total{reason="accepted",state="accepted"}'] == 2
    assert told['pnpc_push_outcomes_total{reason="recipient",state="refused"}'] == 1
    assert told['pnpc_push_outcomes_total{reason="rate-limit",state="not_sent"}'] == 1
    assert told["pnpc_push_requests_total"] == 4
    assert told["pnpc_push_rate_limited_total"] == 1
    assert 25 <= told["pnpc_push_rate"] < 50
    assert told["pnpc_push_remaining"] == 3
    assert told["pnpc_journal_commit_seconds_count"] > 0


def test_a_port_that_is_taken_ends_it_before_anything_is_sent(here: Here, tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", 1)
    with socket.create_server(("127.0.0.1", 0)) as taken, FaultServer() as server:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = here("push", "a.jsonl", "--api-url", server.url, "--metrics", address, **ENVIRONMENT)
        assert (done.returncode, done.stdout, server.received) == (2, "", [])
        assert done.stderr == f"pnpc: can't serve metrics at {address}: address already in use\n"
        listening_there = here("listen", "--port", "0", "--metrics", address, LINE_CHANNEL_SECRET=SECRET)
        assert (listening_there.returncode, listening_there.stderr) == (2, done.stderr)
    assert not (tmp_path / "pnpc.journal.db").exists()


@pytest.mark.parametrize("address", ["9464", "127.0.0.1", "127.0.0.1:70000", ":9464", "127.0.0.1:x"])
def test_an_address_is_a_host_and_a_port(here: Here, tmp_path: Path, address: str) -> None:
    write(tmp_path / "a.jsonl", 1)
    done = here("push", "a.jsonl", "--api-url", "http://127.0.0.1:9", "--metrics", address, **ENVIRONMENT)
    assert (done.returncode, done.stderr) == (
        2, f"pnpc: --metrics must be a host and a port, like 127.0.0.1:9464; found {address}\n"
    )  # fmt: skip


def test_a_receiver_is_measured(tmp_path: Path) -> None:
    journal = keep(tmp_path / "a.journal.db", [Sent(1, now())])
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    with listening(journal, args=("--metrics", address, "--log-format", "json")) as listener:
        assert listener.post(body(event("E1", tag(1), now()), {"type": "unsend"})) == 200
        assert listener.post(body(event("E1", tag(1), now()), event("E2", "a-tag-of-another-one"))) == 200
        assert listener.post(body(), signature="x") == 403
        told = scraped(f"http://{address}/metrics")
        assert listener.stop() == 0
    assert told['pnpc_listen_posts_total{outcome="kept"}'] == 2
    assert told['pnpc_listen_posts_total{outcome="wrongly-signed"}'] == 1
    assert told['pnpc_listen_events_total{kind="delivered"}'] == 3
    assert told['pnpc_listen_events_total{kind="other"}'] == 1
    assert [
        told[f'pnpc_listen_reports_total{{result="{result}"}}'] for result in ("new", "duplicates", "strangers")
    ] == [1, 1, 1]
    assert abs(told["pnpc_listen_heard_timestamp_seconds"] - now() / 1000) < 60
    assert told["pnpc_listen_journals"] == 1
    assert told["pnpc_listen_held_events"] == 0
    assert told["pnpc_journal_commit_seconds_count"] > 0
    lines = objects(listener.error)
    assert [line["event"] for line in lines] == ["metrics", "listening", "trouble", "finished"]
    assert (lines[-1]["new"], lines[-1]["strangers"], lines[-1]["posts_wrongly_signed"]) == (1, 1, 1)


def test_the_dashboard_asks_for_metrics_that_there_are() -> None:
    dashboard = json.loads((ROOT / "examples" / "running" / "grafana-dashboard.json").read_text(encoding="utf-8"))
    asked = {
        name
        for panel in dashboard["panels"]
        for target in panel["targets"]
        for name in re.findall(r"pnpc_\w+", target["expr"])
    }
    page = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `(pnpc_\w+)`", page, re.MULTILINE))
    code = (ROOT / "pnpc" / "deliver" / "metrics.py").read_text(encoding="utf-8")
    named = set(re.findall(r'"(pnpc_\w+)"', code))
    assert {name.removesuffix("_total") for name in documented} == named
    assert {re.sub("_(bucket|count|sum)$", "", name) for name in asked} <= documented
    assert len(asked) >= 8


def pnpc_commands(value: object) -> Iterator[list[str]]:
    """The command lines of pnpc in a file for compose or Kubernetes, without the word `pnpc`."""
    if isinstance(value, dict):
        for name, inner in value.items():
            if name != "command":
                yield from pnpc_commands(inner)
            elif inner[0] == "pnpc":
                yield inner[1:]
            else:
                assert inner[:2] == ["sh", "-c"]
                yield shlex.split(inner[2].partition("||")[0])[1:]
    elif isinstance(value, list):
        for inner in value:
            yield from pnpc_commands(inner)


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("cronjob.yaml", {"push"}),
        ("workers.yaml", {"listen", "push", "worker"}),
        ("compose.yaml", {"journal", "listen", "push", "worker"}),
    ],
)
def test_files_to_copy_call_pnpc_as_it_is(name: str, names: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each command line of theirs is taken by its command, and each variable is one that pnpc reads."""
    text = (ROOT / "examples" / "running" / name).read_text(encoding="utf-8")
    lines = [line for document in yaml.safe_load_all(text) for line in pnpc_commands(document)]
    assert {line[0] for line in lines} == names
    for command, *words in lines:
        loaded = cli.get_command(click.Context(cli), command)
        assert loaded is not None
        loaded.make_context(command, words)
    speak("text")
    variables = set(re.findall(r"\b(?:LINE|PNPC)_[A-Z_]+", text))
    assert variables <= {"LINE_CHANNEL_ACCESS_TOKEN", "LINE_CHANNEL_ID", "LINE_CHANNEL_SECRET", "PNPC_JOURNAL"}
    assert "PNPC_JOURNAL" in variables


def test_prometheus_looks_where_the_metrics_are() -> None:
    folder = ROOT / "examples" / "running"
    compose = yaml.safe_load((folder / "compose.yaml").read_text(encoding="utf-8"))["services"]
    jobs = yaml.safe_load((folder / "prometheus.yaml").read_text(encoding="utf-8"))["scrape_configs"]
    looked_at = {(job["dns_sd_configs"][0]["names"][0], job["dns_sd_configs"][0]["port"]) for job in jobs}
    served = {
        (service, int(word.rpartition(":")[2]))
        for service, settings in compose.items()
        for word in settings.get("command", [])
        if word.startswith("0.0.0.0:")
    }
    assert looked_at == served != set()


def test_without_the_option_the_library_is_not_loaded(here: Here, tmp_path: Path) -> None:
    sys.modules.pop("prometheus_client", None)
    write(tmp_path / "a.jsonl", 1)
    with FaultServer() as server:
        assert here("push", "a.jsonl", "--api-url", server.url, **ENVIRONMENT).returncode == 0
    assert "prometheus_client" not in sys.modules


def test_a_short_push_leaves_its_counts_in_a_file(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", 2)
    (tmp_path / "pnpc").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pnpc "$@"\n')
    (tmp_path / "pnpc").chmod(0o755)
    script = ROOT / "examples" / "running" / "textfile.sh"
    path = f"{tmp_path}:{os.environ['PATH']}"
    with FaultServer() as server:
        done = subprocess.run(
            ["sh", str(script), "pnpc.prom", "a.jsonl", "--api-url", server.url], cwd=tmp_path, capture_output=True,
            env=clean_environment(PATH=path, **ENVIRONMENT), check=False,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "pnpc_last_push_accepted 2\n" in (tmp_path / "pnpc.prom").read_text()
    assert list(tmp_path.glob("pnpc.prom.*")) == []


# --- lines for programs ---


def test_each_line_of_a_push_is_an_object(here: Here, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [payload(0), payload(1), payload(2), payload(2)])
    wrong = {"message": "x", "details": [{"message": "no such key", "property": "body.items[0].itemKey"}]}
    answers = {tag(0): answer(202), tag(1): answer(400, wrong), tag(2): answer(500)}
    with FaultServer(lambda request: answers[request.tag]) as server:
        json_log = ("--api-url", server.url, "--log-format", "json")
        done = here("push", "a.jsonl", *json_log, "--format", "json", **ENVIRONMENT)
        assert done.returncode == 5
        assert last_line(done.stdout) == {"accepted": 1, "refused": 1, "unknown": 2, "remaining": 0}
        lines = objects(done.stderr)
        assert [line["event"] for line in lines] == [
            "new-journal", "repeated", "started", "refused-request", "unknown", "finished",
        ]  # fmt: skip
        by_event = {line["event"]: line for line in lines}
        about = by_event["started"]
        assert {name: about[name] for name in ("file", "target", "messages", "to_send", "rate")} == {
            "file": "a.jsonl", "target": "line", "messages": 4, "to_send": 3, "rate": 2000,
        }  # fmt: skip
        refused = by_event["refused-request"]
        assert (refused["level"], refused["code"], refused["file"], refused["line"]) == (
            "error",
            "PNP901",
            "a.jsonl",
            2,
        )
        assert refused["message"] == "LINE: no such key (at `body.items[0].itemKey`)"
        assert by_event["unknown"]["messages"] == 2
        assert (by_event["finished"]["accepted"], by_event["finished"]["sent_now"]) == (1, 3)
        again = objects(here("push", "a.jsonl", *json_log, **ENVIRONMENT).stderr)
        before = next(line for line in again if line["event"] == "sent-before")
        assert (before["accepted"], before["refused"], before["unknown"], before["file"]) == (1, 1, 1, "a.jsonl")


def test_what_could_not_run_is_an_object_too(here: Here, tmp_path: Path) -> None:
    """Also usage, a config with a mistake, a file that is not there."""
    write(tmp_path / "a.jsonl", 1)
    for args in (
        ("a.jsonl",), ("none.jsonl",), ("a.jsonl", "--concurrency", "x"), ("a.jsonl", "--metrics", "x"), ("spec.yaml",)
    ):  # fmt: skip
        done = here("push", *args, "--log-format", "json", LINE_CHANNEL_ACCESS_TOKEN="")
        assert done.returncode == 2
        lines = objects(done.stderr)
        assert (lines[-1]["level"], lines[-1]["event"]) == ("error", "could-not-run")
        assert lines[-1]["message"]
    (tmp_path / "pnpc.toml").write_text("journal = 5\n")
    done = here("push", "a.jsonl", PNPC_LOG_FORMAT="json", LINE_CHANNEL_ACCESS_TOKEN="")
    assert "PNP801" in objects(done.stderr)[-1]["message"]
    assert here("push", "none.jsonl").stderr.startswith("pnpc: ")  # of this process, the next command is for people


def test_the_end_by_a_signal_is_an_object(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", 40)
    with FaultServer() as server:
        push = start("a.jsonl", "--api-url", server.url, "--rate", "5", "--log-format", "json", cwd=tmp_path)
        until(lambda: server.received)
        push.terminate()
        code, _, error = end(push)
    assert code == 5
    events = [line["event"] for line in objects(error)]
    assert events[-4:] == ["stopping", "stopped", "remaining", "finished"]
    stopped = objects(error)[-3]
    assert (stopped["level"], stopped["kind"], stopped["reason"]) == ("warning", "signal", "stopped by SIGTERM")


# --- progress ---


def test_a_log_gets_a_line_now_and_then(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", 40)
    with FaultServer(lambda one: answer(422 if one.tag == tag(1) else 202)) as server:
        push = start("a.jsonl", "--api-url", server.url, "--rate", "40", "--progress", "0.2", cwd=tmp_path)
        code, _, error = end(push)
        lines = [line for line in error.splitlines() if " a second" in line]
        assert (code, len(lines) > 1) == (4, True), error
        form = r"\d\d:\d\d:\d\dZ \d+ of 40 messages \(\d+%\), \d+ a second(, \d+ s left)?: \d+ accepted, [01] refused, 0 unknown"
        assert all(re.fullmatch(form, line) for line in lines), lines
        (tmp_path / "pnpc.journal.db").unlink()
        push = start(
            "a.jsonl",
            "--api-url",
            server.url,
            "--rate",
            "40",
            "--log-format",
            "json",
            cwd=tmp_path,
            PNPC_PROGRESS="0.2",
        )
        progress = [line for line in objects(end(push)[2]) if line["event"] == "progress"]
        assert len(progress) > 1
        names = ["done", "total", "rate", "seconds_left", "accepted", "refused", "unknown", "message"]
        assert list(progress[0])[3:] == names
        assert progress[0]["total"] == 40
        assert progress[0]["done"] < progress[-1]["done"] <= 40


@pytest.mark.parametrize("args", [("--quiet",), ("--progress", "0")])
def test_a_log_without_lines(tmp_path: Path, args: tuple[str, ...]) -> None:
    write(tmp_path / "a.jsonl", 20)
    with FaultServer() as server:
        push = start("a.jsonl", "--api-url", server.url, "--rate", "40", *args, cwd=tmp_path, PNPC_PROGRESS="0.1")
        code, _, error = end(push)
    assert (code, " a second" in error) == (0, False)
