"""`pnpc compile --jobs N`: the same bytes and the same words whatever N, and a clean end in every case."""

import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from conftest import Run, clean_environment

from pnpc.project.workers import WorkerDied, in_order

SPEC = """\
pnpc: 1
name: shipment
country: JP
variables:
  order_id: {type: string, pattern: "^[A-Z0-9]{4,20}$"}
  goods: {type: string, maxLength: 40, default: 品物}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: number_001_ja, content: "{{ order_id }}"}
      - {itemKey: name_010_ja, content: "{{ goods }}"}
deliveryTag: "shipments-{{ order_id }}-{{ recipient.index }}"
"""
ROWS = 7_000  # more than a few chunks


def table(rows: int = ROWS, bad: frozenset[int] = frozenset()) -> str:
    """Rows of which some have quotes, more than one line, or nothing at all before them; those of `bad` are refused."""
    lines = ["phone,order_id,goods,memo\n"]
    for number in range(rows):
        goods = ['"パン, 6個"', "スープ", "", '"two\nlines"', '"say ""hi"""'][number % 5]
        phone = "0000" if number in bad else f"0901{number % 9_000:07}"
        lines.append("\n" * (number % 97 == 0) + f"{phone},A{number:05},{goods},{'m' * 20}\n")
    return "".join(lines)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "s.yaml").write_text(SPEC, encoding="utf-8")
    return tmp_path


COMMAND = ("compile", "s.yaml", "--recipients", "r.csv")


@pytest.mark.parametrize(
    ("bad", "jobs"),
    [(frozenset[int](), 2), (frozenset({5, 4_000, 4_001, 6_999}), 3), (frozenset(range(0, ROWS, 40)), 2)],
)
def test_every_number_of_processes_gives_the_same(folder: Path, pnpc: Run, bad: frozenset[int], jobs: int) -> None:
    (folder / "r.csv").write_text(table(bad=bad), encoding="utf-8")
    one, many = (pnpc(*COMMAND, "--jobs", str(number)) for number in (1, jobs))
    assert len(one.stdout.splitlines()) == ROWS - len(bad)
    assert one.stderr.endswith(
        f"{ROWS - len(bad):,} payloads" + (f", {len(bad):,} rows with mistakes\n" if bad else "\n")
    )
    assert (many.returncode, many.stdout, many.stderr) == (one.returncode, one.stdout, one.stderr)


def test_lines_are_those_that_one_row_at_a_time_gives(folder: Path, pnpc: Run) -> None:
    """A condition that is always true takes the way of single rows."""
    (folder / "r.csv").write_text(table(2_500, frozenset({7, 2_400})), encoding="utf-8")
    many = pnpc(*COMMAND, "--jobs", "2")
    single = pnpc(*COMMAND, "--where", "true")
    assert many.stdout == single.stdout
    assert [line for line in single.stderr.splitlines() if "--where" not in line] == many.stderr.splitlines()


@pytest.mark.parametrize("jobs", ["1", "2", "3"])
def test_fail_fast_stops_at_the_first_bad_row(folder: Path, pnpc: Run, jobs: str) -> None:
    (folder / "r.csv").write_text(table(bad=frozenset({5_000, 5_001, 6_000})), encoding="utf-8")
    done = pnpc(*COMMAND, "--fail-fast", "--jobs", jobs)
    assert (done.returncode, len(done.stdout.splitlines())) == (1, 5_000)
    assert done.stderr.count("PNP604") == 1
    assert done.stderr.endswith("5,000 payloads, 1 row with mistakes\n")


def test_fail_fast_leaves_no_file_of_what_came_before(folder: Path, pnpc: Run) -> None:
    (folder / "r.csv").write_text(table(bad=frozenset({5_000})), encoding="utf-8")
    assert pnpc(*COMMAND, "--fail-fast", "--jobs", "2", "-o", "out.jsonl").returncode == 1
    assert not (folder / "out.jsonl").exists()


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_repeats_are_counted_over_all_processes(folder: Path, pnpc: Run, jobs: str) -> None:
    (folder / "r.csv").write_text(table(bad=frozenset()) + "+819010000000,AAAA,x,m\n", encoding="utf-8")
    done = pnpc(*COMMAND, "--jobs", jobs)
    lines = table().count("\n")
    assert f"1 row repeats the recipient of an earlier row, the first at r.csv:{lines + 1}:1" in done.stderr


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_table_that_breaks_off_is_told_after_what_came_before(folder: Path, pnpc: Run, jobs: str) -> None:
    (folder / "r.csv").write_text(table() + '0901,A,"' + "\n" * 20_000, encoding="utf-8")
    done = pnpc(*COMMAND, "--jobs", jobs)
    assert (done.returncode, len(done.stdout.splitlines())) == (1, ROWS)
    assert "a quote that opens in this row is never closed" in done.stderr


def children(parent: int) -> list[int]:
    return [int(one) for one in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]


@pytest.fixture
def running(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A run that waits for more of its table, with two workers."""
    command = shlex.split(
        f"{shlex.quote(sys.executable)} -m pnpc compile s.yaml --recipients - --recipients-format csv"
    )
    process = subprocess.Popen(
        [*command, "--jobs", "2", "-o", "out.jsonl"], cwd=folder, stdin=subprocess.PIPE, stderr=subprocess.PIPE,
        env=clean_environment(), start_new_session=True,
    )  # fmt: skip
    assert process.stdin is not None
    assert process.stderr is not None
    process.stdin.write(table().encode())
    process.stdin.flush()
    wait_until(lambda: len(children(process.pid)) == 2)
    yield process
    process.kill()
    process.wait()
    process.stdin.close()
    process.stderr.close()


def wait_until(what) -> None:
    for _ in range(1_000):
        if what():
            return
        time.sleep(0.02)
    raise AssertionError("waited for 20 seconds")


def gone(pids: list[int]) -> bool:
    return not any(
        Path(f"/proc/{pid}").exists() and "Z" not in Path(f"/proc/{pid}/stat").read_text().split(")")[1][:3]
        for pid in pids
    )


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are found in /proc")


@needs_proc
def test_a_killed_worker_ends_the_run_in_words(folder: Path, running: subprocess.Popen[bytes]) -> None:
    os.kill(children(running.pid)[0], signal.SIGKILL)
    _, error = running.communicate(table().partition("\n")[2].encode())
    assert running.returncode == 2
    assert error.decode().splitlines() == [
        "pnpc: a worker process ended by SIGKILL before its work was done; --jobs 1 works without them"
    ]
    assert sorted(os.listdir(folder)) == ["s.yaml"]


@needs_proc
@pytest.mark.parametrize("signal_", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_no_worker_outlives_the_run(folder: Path, running: subprocess.Popen[bytes], signal_: signal.Signals) -> None:
    workers = children(running.pid)
    running.send_signal(signal_)
    _, error = running.communicate()
    assert running.returncode == {signal.SIGTERM: 143, signal.SIGINT: 130, signal.SIGKILL: -9}[signal_]
    wait_until(lambda: gone(workers))
    assert error == b""
    if signal_ is not signal.SIGKILL:
        assert sorted(os.listdir(folder)) == ["s.yaml"]


def test_a_closed_pipe_is_quiet(folder: Path) -> None:
    (folder / "r.csv").write_text(table(), encoding="utf-8")
    command = f"{shlex.quote(sys.executable)} -m pnpc {' '.join(COMMAND)} --jobs 2 | head -1"
    done = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, env=clean_environment(), check=True)
    assert b"error" not in done.stderr.lower()
    assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize("jobs", [1, 2, 5])
@pytest.mark.parametrize("items", [0, 1, 2, 100])
def test_results_come_in_order(jobs: int, items: int) -> None:
    found = list(in_order(lambda item: str(item) * 50_000, iter(range(items)), jobs))
    assert found == [(item, str(item) * 50_000) for item in range(items)]


def test_what_work_raises_is_raised_here() -> None:
    found = in_order(lambda item: 1 // (3 - item), iter(range(9)), 2)
    with pytest.raises(ZeroDivisionError):
        list(found)


def test_a_worker_that_ends_is_told() -> None:
    with pytest.raises(WorkerDied, match="exit code 7"):
        list(in_order(lambda _: os._exit(7), iter(range(9)), 2))


def test_items_are_taken_as_they_are_needed() -> None:
    """An endless stream of them: no more are held than the workers have before them."""
    taken = count()
    found = in_order(lambda item: item, (next(taken) for _ in count()), 2)
    assert [next(found)[1] for _ in range(50)] == list(range(50))
    found.close()
    assert next(taken) < 60
