"""What every engine does: one part of a table to its payload file, whole or not at all, with the bytes of `pnpc compile`."""

import os
from functools import lru_cache
from pathlib import Path

from pyarrow import parquet

import pnpc


@lru_cache
def spec() -> pnpc.Spec:
    """The spec, read and checked once a process."""
    file = Path(__file__).with_name("shipped.yaml")
    return pnpc.load(file.read_text(encoding="utf-8"), name="shipped.yaml")


def parts_of(folder: str) -> list[tuple[str, int]]:
    """The parts of a table, each with the number of its first row, which Parquet has in its footer."""
    parts, first = [], 0
    for file in sorted(Path(folder).glob("*.parquet")):
        parts.append((str(file), first))
        first += parquet.read_metadata(file).num_rows
    return parts


def compile_part(name: str, first: int, folder: str) -> str:
    """Write the payloads of a part into a folder. Done again, or twice at once, it gives the same file."""
    output = Path(folder, Path(name).with_suffix(".jsonl").name)
    unfinished = output.with_name(f".{output.name}.{os.getpid()}.tmp")
    payloads, bad, line = 0, 0, 1
    with unfinished.open("wb") as stream:
        for batch in parquet.ParquetFile(name).iter_batches(4096):
            made = spec().lines(batch.to_pylist(), first=first + line - 1, file=name, line=line)
            stream.write(made.text)
            payloads, bad, line = payloads + made.payloads, bad + len(made.bad), line + batch.num_rows
    unfinished.replace(output)
    return f"{name}: {payloads:,} payloads, {bad:,} bad rows"
