"""A push of several files, to some people first, and at some hours only."""

import gzip
import json
from pathlib import Path

from conftest import Done, Here
from faultserver import FaultServer, accept, answer
from pushes import JOURNAL, TOKEN, last_line, payload, sent_now, tag, write_lines

ENVIRONMENT = {"LINE_CHANNEL_ACCESS_TOKEN": TOKEN, "PNPC_JOURNAL": JOURNAL}


def push(here: Here, *args: str | Path, **more: str) -> Done:
    return here("push", *args, **{**ENVIRONMENT, **more})


def test_several_files_are_one_run(here: Here, tmp_path: Path) -> None:
    """Counted together; what stands in two of them is sent once, and told with both places."""
    write_lines(tmp_path / "a.jsonl", [payload(n) for n in range(4)])
    with gzip.open(tmp_path / "b.jsonl.gz", "wt") as packed:
        packed.write("\n".join(["", *(json.dumps(payload(n)) for n in (9, 3, 2))]) + "\n")
    stdin = json.dumps(payload(20)) + "\n" + json.dumps(payload(0)) + "\n"
    args = ("a.jsonl", "b.jsonl.gz", "-", "--format", "json")
    with FaultServer() as server:
        rehearsal = push(here, *args, "--api-url", server.url, "--dry-run", input=stdin)
        assert last_line(rehearsal.stdout) == {"accepted": 0, "refused": 0, "unknown": 0, "remaining": 9}
        done = push(here, *args, "--api-url", server.url, input=stdin)
        assert (done.returncode, last_line(done.stdout), sent_now(done.stdout)) == (
            0, {"accepted": 9, "refused": 0, "unknown": 0, "remaining": 0}, 6,
        )  # fmt: skip
        assert set(server.bodies().values()) == {1}
        assert len(server.received) == 6
        for text in (rehearsal.stderr, done.stderr):
            assert "3 lines with the message of an earlier line: each message is sent once" in text
            assert "note: b.jsonl.gz:3 is the message of a.jsonl:4 (and 1 more of b.jsonl.gz)" in text
            assert "note: standard input:2 is the message of a.jsonl:1\n" in text
        again = push(here, "b.jsonl.gz", "a.jsonl", "--api-url", server.url, "--format", "json")
        assert (again.returncode, sent_now(again.stdout)) == (0, 0)
        assert "with a.jsonl, b.jsonl.gz, -: " in again.stderr


def test_a_mistake_in_one_of_several_files_names_it(here: Here, tmp_path: Path) -> None:
    write_lines(tmp_path / "a.jsonl", [payload(1)])
    other = {**payload(1), "body": {**payload(1)["body"], "templateKey": "another_ja"}}
    write_lines(tmp_path / "b.jsonl", [payload(2), {"id": 3}, payload(4, target="fax")])
    write_lines(tmp_path / "c.jsonl", [payload(5), other])
    done = push(here, "a.jsonl", "b.jsonl", "--dry-run")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "b.jsonl:2: `id` must be text",
        "b.jsonl:3: `target` must be one of line, sinch",
        "pnpc: nothing was sent: not every line of a.jsonl, b.jsonl can be",
    ]
    done = push(here, "a.jsonl", "c.jsonl", "--dry-run")
    assert done.stderr.splitlines()[0] == "c.jsonl:2: `id` is that of a.jsonl:1, which is another message"
    assert "`-`) is named twice" in push(here, "-", "a.jsonl", "-").stderr
    assert "b.yaml is a spec" in push(here, "a.jsonl", "b.yaml").stderr
    assert "is for one spec" in push(here, "a.yaml", "b.yaml", "--recipients", "r.csv").stderr


def test_a_400_of_the_second_file_stands_at_its_line(here: Here, tmp_path: Path) -> None:
    gone = {"spec": "gone.yaml", "name": "gone"}
    write_lines(tmp_path / "a.jsonl", [payload(1), payload(2)])
    write_lines(tmp_path / "b.jsonl", [payload(3), payload(4, origin=gone)])
    with FaultServer(lambda one: answer(400, {"message": "no"}) if one.tag == tag(4) else accept(one)) as server:
        done = push(here, "a.jsonl", "b.jsonl", "--api-url", server.url)
    assert done.returncode == 4
    assert "b.jsonl:2:1" in done.stderr
