"""`pnpc compile --cluster`: a scheduler and two workers as processes, and the same result as that of one process."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import copytree, rmtree
from threading import Thread
from typing import NamedTuple

import psutil
import pytest
from conftest import Done, Here
from test_parts import CUTS, NUMBERED, ROWS, write_parts

from pnpc.project.parts import dask
from pnpc.project.parts.feed import Wanted
from pnpc.project.parts.job import Job
from pnpc.project.parts.listing import Part
from pnpc.project.parts.outputs import Outputs
from pnpc.project.parts.work import compile_part, count_part

MANY = 9_000  # rows of a part that takes a worker long enough to be interrupted
SECRET = "0901234"  # how all phone numbers begin


class Cluster(NamedTuple):
    address: str
    folder: Path
    processes: list[psutil.Process]

    def writers(self, folder: Path) -> list[psutil.Process]:
        """The workers that are writing a payload file in a folder."""
        found = []
        for process in self.processes:
            with suppress(psutil.Error):
                if any(file.path.startswith(f"{folder}/out/.pnpc-") for file in process.open_files()):
                    found.append(process)
        return found

    def logs(self) -> str:
        return "".join(file.read_text() for file in self.folder.glob("*.log"))


# What a scheduler and workers need is imported once, and each is a fork: an import of Dask takes two seconds of the processor.
STARTER = """
import os, signal, sys
from distributed.cli import dask_scheduler, dask_worker
import pnpc.cli.main, pnpc.compile.tables.recipients, pnpc.project.parts.work
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for number, (main, words) in enumerate([
    (dask_scheduler.main, "--host 127.0.0.1 --port 0"), *[(dask_worker.main, "--no-nanny --nthreads 1 --memory-limit 0")] * 2,
]):
    if (pid := os.fork()) == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        log = os.open(f"{number}.log", os.O_WRONLY | os.O_CREAT)
        for stream in (1, 2):
            os.dup2(log, stream)
        main([*words.split(), "--no-dashboard", "--scheduler-file", "scheduler.json"])
    print(pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """The cluster of the whole module, with two workers when a test begins to use it."""
    if os.name != "posix":
        pytest.skip("no fork")
    folder = tmp_path_factory.mktemp("cluster")
    environment = {**os.environ, "DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "false"}
    environment.pop("PYTHONWARNINGS", None)
    with subprocess.Popen(
        [sys.executable, "-c", STARTER], cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    ) as starter:
        assert starter.stdout is not None
        processes = [psutil.Process(int(starter.stdout.readline())) for _ in range(3)]
        try:
            known = folder / "scheduler.json"
            wait(lambda: known.exists() and known.read_text().endswith("}"))  # it is written in steps
            known_cluster = Cluster(json.loads(known.read_text())["address"], folder, processes)
            wait(lambda: known_cluster.logs().count("Registered to:") == 2)
            yield known_cluster
        finally:
            for process in processes:
                with suppress(psutil.NoSuchProcess):
                    process.kill()


def wait(happened: Callable[[], object]) -> None:
    """Wait until something has happened, a minute at most."""
    end = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "s.yaml").write_text(NUMBERED)
    return tmp_path


def both(
    folder: Path, here: Here, cluster: Cluster, *options: str
) -> tuple[Done, Done, dict[str, bytes], dict[str, bytes]]:
    """How one process ends and how the cluster does, and the files that each writes."""
    ended = []
    for more in ([], ["--cluster", cluster.address]):
        rmtree(folder / "out", ignore_errors=True)
        done = here("compile", "s.yaml", "-o", "out/", "--errors", "bad.json", *options, *more)
        written = [*sorted(folder.glob("out/*")), *folder.glob("bad.json")]
        ended.append((done, {str(file.relative_to(folder)): file.read_bytes() for file in written}))
    (one, of_one), (many, of_many) = ended
    return one, many, of_one, of_many


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_a_cluster_writes_the_bytes_of_one_process(folder: Path, here: Here, cluster: Cluster, suffix: str) -> None:
    rows = [*ROWS[:-2], {**ROWS[3], "total": -1}, ROWS[4]]
    write_parts(folder, suffix, rows)
    options = ["--where", "recipient.index != 7"] if suffix == ".jsonl" else []
    one, many, of_one, of_many = both(folder, here, cluster, "--recipients", f"parts/*{suffix}", *options)
    assert many == one
    assert of_many == of_one
    assert len(of_many) == len(CUTS) + 1
    assert "1 row repeats the recipient of an earlier row" in many.stderr


def test_all_that_holds_for_a_spec_travels(folder: Path, here: Here, cluster: Cluster) -> None:
    """The config, the team's catalog, what the spec includes, and the campaign."""
    (folder / "pnpc.toml").write_text(
        'country = "JP"\ncatalogs = ["team.yaml"]\n[severity]\nPNP218 = "error"\nPNP609 = "off"\n'
    )
    (folder / "team.yaml").write_text(
        'catalog: 1\ncountry: JP\nsource: our page\ndate: "2026-08-01"\nitems: {keys: {our_number_ja: {label: 番号}}}\n'
    )
    (folder / "number.yaml").write_text('{itemKey: our_number_ja, content: "{{ order_id }}"}\n')
    (folder / "s.yaml").write_text(
        NUMBERED.replace("country: JP\n", "").replace(
            '{itemKey: number_001_ja, content: "{{ order_id }}"}', "{$include: number.yaml}"
        )
    )
    write_parts(folder, ".csv")
    one, many, of_one, of_many = both(folder, here, cluster, "--recipients", "parts", "--campaign", "夏")
    assert (one.returncode, one.stderr) == (0, "40 payloads\n")
    assert (many, of_many) == (one, of_one)


def test_bad_parts_are_told_as_by_one_process(folder: Path, here: Here, cluster: Cluster) -> None:
    (folder / "s.yaml").write_text(NUMBERED.replace("recipient.index", "total"))
    write_parts(folder, ".csv")
    (folder / "parts/a.csv").write_text("phone,id\n1,2\n")
    (folder / "parts/b.csv").write_text('phone,order_id,total\n0901234,A0001,1\n"0901234' + "\n" * 2_000)
    (folder / "parts/c.parquet").write_bytes(b"PAR1")
    (folder / "parts/d.csv").write_bytes(b"")
    (folder / "parts/e.csv.gz").write_text("not gzip")
    (folder / "parts/f.csv").write_text(f"phone,order_id,total\n{SECRET}0001,?,x\n")
    one, many, of_one, of_many = both(folder, here, cluster, "--recipients", "parts")
    assert one.returncode == 2
    assert many.stderr.replace(f"{folder}/", "") == one.stderr
    assert (many.returncode, of_many) == (one.returncode, of_one)


def test_a_part_that_cant_be_counted_ends_the_run(folder: Path, here: Here, cluster: Cluster) -> None:
    write_parts(folder, ".csv")
    (folder / "parts/p1.csv").write_text("phone;order_id;total\n1;2;3\n")
    one, many, of_one, of_many = both(folder, here, cluster, "--recipients", "parts")
    assert (many, list(of_many)) == (one, ["bad.json"])
    assert json.loads(of_many["bad.json"]) == json.loads(of_one["bad.json"])


def test_a_condition_that_cant_be_used_is_one_message(folder: Path, here: Here, cluster: Cluster) -> None:
    write_parts(folder, ".csv")
    one, many, *_ = both(folder, here, cluster, "--recipients", "parts", "--where", "totl > 1")
    assert many == one
    assert many.returncode == 2


def test_an_interrupted_run_leaves_no_half_file(folder: Path, here: Here, cluster: Cluster) -> None:
    write_large(folder)
    with once_written(folder, cluster, lambda _: os.kill(os.getpid(), signal.SIGINT)):
        done = here("compile", "s.yaml", "--recipients", "parts", "-o", "out/", "--cluster", cluster.address)
    assert done.returncode == 130
    assert [name for name in os.listdir(folder / "out") if name.startswith(".")] == []
    for file in (folder / "out").iterdir():
        assert len(file.read_bytes().splitlines()) == MANY


def test_a_worker_that_is_killed_changes_nothing(folder: Path, here: Here, cluster: Cluster) -> None:
    write_large(folder)
    one = here("compile", "s.yaml", "--recipients", "parts", "-o", "out/", "--jobs", "1")
    copytree(folder / "out", folder / "wanted")
    rmtree(folder / "out")
    with once_written(folder, cluster, psutil.Process.kill):
        many = here("compile", "s.yaml", "--recipients", "parts", "-o", "out/", "--cluster", cluster.address)
    assert many == one
    assert sorted(os.listdir(folder / "out")) == sorted(os.listdir(folder / "wanted"))
    for file in (folder / "out").iterdir():
        assert file.read_bytes() == (folder / "wanted" / file.name).read_bytes()


@contextmanager
def once_written(folder: Path, cluster: Cluster, do: Callable[[psutil.Process], object]) -> Iterator[None]:
    """In the block, do something to the first worker that is writing a payload file."""
    done: list[psutil.Process] = []

    def watch() -> None:
        wait(lambda: done.extend(cluster.writers(folder)[:1]) or done)
        do(done[0])

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    yield
    watcher.join()
    assert done


def write_large(folder: Path) -> None:
    (folder / "parts").mkdir()
    for part in range(3):
        lines = (
            f'{{"phone":"{SECRET}{row % 9_000:04}","order_id":"A{row:05}","total":{part}}}\n' for row in range(MANY)
        )
        (folder / f"parts/p{part}.jsonl").write_text("".join(lines))


def test_no_log_of_the_cluster_holds_a_number(cluster: Cluster) -> None:
    logs = cluster.logs()
    assert "Starting Worker" in logs or "Start worker" in logs
    assert SECRET not in logs
    assert "A0001" not in logs
    assert "order_id" not in logs


# --- without a cluster ---


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--recipients", "parts"], "--cluster writes a file for each part: name a folder, as in -o out/"),
        ([], "--cluster needs the parts of a table: add --recipients 'parts/*.parquet'"),
        (["--recipients", "parts", "--limit", "3"], "--limit takes the first rows, which one process finds at once"),
        (["--recipients", "parts", "--format", "json"], "--cluster writes JSON Lines only"),
        (["--recipients", "parts", "--jobs", "2"], "--jobs is for one machine"),
        (["--recipients", "parts", "--fail-fast"], "--fail-fast ends at the first bad row"),
        (["--recipients", "parts", "-o", "out/"], "no Dask scheduler answers at tcp://127.0.0.1:1"),
        (["--recipients", "parts", "-o", "out/", "--cluster", "nowhere"], "no Dask scheduler answers at nowhere"),
        (["--recipients", "parts", "-o", "out/", "--cluster", "tls://127.0.0.1:1"], "check your TLS configuration"),
    ],
)
def test_what_a_cluster_cant_do(
    folder: Path, here: Here, monkeypatch: pytest.MonkeyPatch, options: list[str], said: str
) -> None:
    monkeypatch.setattr(dask, "_PATIENCE", 0.2)
    write_parts(folder, ".csv")
    done = here("compile", "s.yaml", "--cluster", "tcp://127.0.0.1:1", *options)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert said in done.stderr


def test_workers_have_our_version(folder: Path, here: Here, cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask, "VERSION", "0.0.1")
    write_parts(folder, ".csv")
    done = here("compile", "s.yaml", "--recipients", "parts", "-o", "out/", "--cluster", cluster.address)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "and this is 0.0.1: install the same version on both" in done.stderr


def job(folder: Path, version: str = "0.0.1") -> Job:
    return Job(
        "run", version, (), Wanted(), (Part("p.csv", "p"),), (str(folder / "p.csv"),), Outputs(f"{folder}/out/", ".jsonl"),
        keeps_bad_rows=True,
    )  # fmt: skip


def test_a_worker_that_comes_later_has_our_version_too(tmp_path: Path) -> None:
    for result in (count_part(job(tmp_path), 0), compile_part(job(tmp_path), 0, 0)):
        assert result.trouble is not None
        assert "and this is 0.0.1" in result.trouble.line


def test_what_dask_prints_of_a_job_tells_nothing(tmp_path: Path) -> None:
    assert repr(job(tmp_path)) == "<pnpc run run>"
