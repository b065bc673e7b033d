"""`pnpc compile --cluster`: two workers of Dask against one, in turn, and the memory of a worker with parts of more rows.

    python benchmarks/cluster.py --rows 60000 --parts 16 --rounds 3

It judges nothing: other work on the machine counts for both, so the load is printed beside the figures.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psutil
from compile import SPEC, write_table
from pyarrow import csv, parquet
from timing import Timed, in_turn, ratio

_LARGER = 5  # times as many rows in a part, for the memory


@contextmanager
def process(folder: Path, name: str, *options: str) -> Iterator[psutil.Process]:
    """A scheduler or a worker, by Dask's own command."""
    command = [sys.executable, "-m", f"distributed.cli.dask_{name}", *options, "--no-dashboard"]
    with (folder / f"{name}.log").open("ab") as log:
        # A session of its own: Linux shares a busy processor between sessions, not between their processes.
        started = psutil.Popen(command, cwd=folder, stdout=log, stderr=log, start_new_session=True)
    try:
        yield started
    finally:
        started.terminate()
        started.wait()


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[psutil.Process]]]:
    """A scheduler's address, and its workers, of one thread each, once they have joined."""
    folder.mkdir()
    known = folder / "scheduler.json"
    with ExitStack() as stack:
        stack.enter_context(
            process(folder, "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(known))
        )
        while not known.exists() or not known.read_text():
            time.sleep(0.1)
        address = json.loads(known.read_text())["address"]
        options = (address, "--no-nanny", "--nthreads", "1", "--memory-limit", "0")
        started = [stack.enter_context(process(folder, "worker", *options)) for _ in range(workers)]
        while (folder / "worker.log").read_bytes().count(b"Registered to:") < workers:
            time.sleep(0.1)
        yield address, started


def write_parts(folder: Path, name: str, rows: int, parts: int) -> None:
    """A table of people who do not exist, in parts of Parquet."""
    (folder / name).mkdir()
    write_table(folder / "table.csv", rows)
    types = csv.ConvertOptions(column_types={"phone": "string", "shipped_on": "string"})
    table = csv.read_csv(folder / "table.csv", convert_options=types)
    for part in range(parts):
        parquet.write_table(table, folder / name / f"p{part:03}.parquet")


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=60_000, help="rows of a part")
    options.add_argument("--parts", type=int, default=16)
    options.add_argument("--rounds", type=int, default=3)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        run(Path(name), asked.rows, asked.parts, asked.rounds)


def run(folder: Path, rows: int, parts: int, rounds: int) -> None:
    """Two workers against one, in turn; then the peak memory of a worker, which had parts of so many rows, and of more."""
    (folder / "s.yaml").write_text(SPEC, encoding="utf-8")
    write_parts(folder, "parts", rows, parts)
    write_parts(folder, "few", 2, 2)
    with ExitStack() as stack:
        clusters = [stack.enter_context(cluster(folder / str(count), count)) for count in (1, 2)]
        one, two = (
            timed(folder, "parts", address, f"{len(workers)} worker{'s' * (len(workers) > 1)}")
            for address, workers in clusters
        )
        start = timed(folder, "few", clusters[1][0], "the start")
        in_turn((start, one, two), rounds)
        usual = max(peak(worker) for _, workers in clusters for worker in workers)
        for command in (one, two):
            rate = rows * parts / command.median
            print(f"{command.name:10} {command.median:6.1f} s  {rate:9,.0f} rows/s")
        work = (one.median - start.median) / (two.median - start.median)
        print(
            f"two workers are {ratio(one, two):.2f} times as fast as one, and {work:.2f} without the start ({start.median:.1f} s)"
        )
    write_parts(folder, "larger", rows * _LARGER, 3)
    with cluster(folder / "3", 1) as (address, workers):
        timed(folder, "larger", address, "larger").run()
        larger = peak(workers[0])
    print(f"memory of a worker: {usual:.0f} MiB after parts of {rows:,} rows, {larger:.0f} MiB of {rows * _LARGER:,}")
    print(f"load of the machine: {', '.join(f'{load:.1f}' for load in os.getloadavg())} on {os.cpu_count()} processors")


def timed(folder: Path, parts: str, address: str, name: str) -> Timed:
    """The command over the parts of a folder."""
    return Timed(
        name,
        [
            sys.executable, "-m", "pnpc", "compile", folder / "s.yaml", "--recipients", folder / parts,
            "-o", f"{folder}/out/", "--cluster", address,
        ],
    )  # fmt: skip


def peak(started: psutil.Process) -> float:
    """The most memory that a process has had, in MiB; 0 where the system does not say."""
    with suppress(OSError, StopIteration):
        lines = Path(f"/proc/{started.pid}/status").read_text(encoding="utf-8").splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    main()
