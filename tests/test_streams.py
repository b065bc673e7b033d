"""Files that may be compressed: read by their first bytes, written by their name, whole or not at all."""

import gzip
import io
import os
import stat
import tracemalloc
from pathlib import Path

import pytest
import zstandard
from conftest import SPEC, Here, Run, tries
from hypothesis import given, settings
from hypothesis import strategies as st

from pnpc.project.files import CouldNotRead
from pnpc.project.streams import open_in, open_out, stem

PACK = {".gz": gzip.compress, ".zst": zstandard.compress}
TEXT = "".join(f'{{"n": {one}, "x": "午前😀"}}\n' for one in range(20_000))


def read(name: str | Path) -> bytes:
    with open_in(str(name)) as stream:
        return stream.read()


@pytest.mark.parametrize("ending", ["", ".gz", ".zst", ".GZ"])
def test_what_is_written_is_read(tmp_path: Path, ending: str) -> None:
    names = [str(tmp_path / f"{one}.jsonl{ending}") for one in "ab"]
    for name in names:
        with open_out(name) as stream:
            stream.write(TEXT[:100])
            stream.flush()
            stream.buffer.write(TEXT[100:].encode())  # as text or as bytes
    first, second = (Path(name).read_bytes() for name in names)
    assert first == second, "the same text gives the same bytes"
    assert (len(first) < len(TEXT) / 5) == bool(ending)
    assert read(names[0]).decode() == TEXT
    assert stem(names[0]) == str(tmp_path / "a.jsonl")


@pytest.mark.parametrize("ending", PACK)
def test_other_programs_read_it(tmp_path: Path, ending: str) -> None:
    name = str(tmp_path / f"a{ending}")
    with open_out(name) as stream:
        stream.write(TEXT)
    data = Path(name).read_bytes()
    plain = gzip.decompress(data) if ending == ".gz" else zstandard.ZstdDecompressor().stream_reader(data).read()
    assert plain.decode() == TEXT


@pytest.mark.parametrize("ending", ["", ".gz", ".zst"])
def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, ending: str) -> None:
    name = tmp_path / f"a{ending}"
    name.write_bytes(b"old")
    name.chmod(0o640)

    def stopped() -> None:
        with open_out(str(name)) as stream:
            stream.write(TEXT)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert name.read_bytes() == b"old"
    assert os.listdir(tmp_path) == [name.name]
    with open_out(str(name)) as stream:
        stream.write("new")
    assert read(name) == b"new"
    assert stat.S_IMODE(name.stat().st_mode) == 0o640


@settings(max_examples=tries(40))
@given(st.lists(st.binary(max_size=3000), max_size=5), st.sampled_from(sorted(PACK)), st.sampled_from([1, 7, 70_000]))
def test_members_follow_each_other(
    tmp_path_factory: pytest.TempPathFactory, parts: list[bytes], ending: str, step: int
) -> None:
    name = tmp_path_factory.mktemp("s") / f"a{ending}"
    name.write_bytes(b"".join(PACK[ending](one) for one in parts))
    with open_in(str(name)) as stream:
        assert b"".join(iter(lambda: stream.read(step), b"")) == b"".join(parts)


@pytest.mark.parametrize("ending", PACK)
def test_what_is_cut_off_is_told(tmp_path: Path, ending: str) -> None:
    data = PACK[ending](TEXT.encode())
    name = tmp_path / f"a{ending}"
    for end in (*range(4, 12), len(data) // 2, len(data) - 9, len(data) - 1):
        name.write_bytes(data[:end])
        with pytest.raises(CouldNotRead, match=f"a{ending}: the compressed file is cut off"):
            read(name)


@pytest.mark.parametrize("ending", PACK)
@given(st.data())
@settings(max_examples=tries(40))
def test_what_is_broken_is_told_or_read(
    tmp_path_factory: pytest.TempPathFactory, ending: str, data: st.DataObject
) -> None:
    """Never another error; both formats have checksums, so that nothing else is read than was written."""
    name = str(tmp_path_factory.mktemp("s") / f"a{ending}")
    with open_out(name) as stream:
        stream.write(TEXT[:5000])
    packed = bytearray(Path(name).read_bytes())
    at = data.draw(st.integers(4, len(packed) - 1))
    packed[at] ^= data.draw(st.integers(1, 255))
    Path(name).write_bytes(packed)
    try:
        plain = read(name).decode()
    except CouldNotRead:
        return
    assert plain == TEXT[:5000]


def test_the_first_bytes_decide(tmp_path: Path, here: Here) -> None:
    (tmp_path / "a.csv").write_bytes(gzip.compress(b"x"))
    assert read(tmp_path / "a.csv") == b"x"
    (tmp_path / "a.csv.gz").write_bytes(b"phone,slot\n")
    with pytest.raises(CouldNotRead, match="not compressed as its name says"):
        read(tmp_path / "a.csv.gz")
    (tmp_path / "empty.gz").write_bytes(b"")
    assert read(tmp_path / "empty.gz") == b""
    for name in ("none", "", "a\0b", str(tmp_path)):
        with pytest.raises(CouldNotRead):
            read(name)


@pytest.mark.parametrize("ending", PACK)
def test_a_bomb_takes_little_memory(tmp_path: Path, ending: str) -> None:
    pack = zstandard.ZstdCompressor().compressobj() if ending == ".zst" else None
    name = tmp_path / f"a{ending}"
    with io.BytesIO() as held:
        blank = bytes(1 << 20)
        if pack is None:
            with gzip.GzipFile(fileobj=held, mode="wb") as stream:
                for _ in range(80):
                    stream.write(blank)
        else:
            held.write(b"".join(pack.compress(blank) for _ in range(80)) + pack.flush())
        name.write_bytes(held.getvalue())
    tracemalloc.start()
    with open_in(str(name)) as stream:
        total = sum(len(one) for one in iter(lambda: stream.read(1 << 20), b""))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert total == 80 << 20
    assert peak < 60 << 20


@pytest.mark.parametrize("ending", ["", ".gz", ".zst"])
def test_compile_reads_and_writes_them(tmp_path: Path, here: Here, pnpc: Run, ending: str) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC)
    rows = b"phone,slot\n" + "".join(f"+8180000012{one:02},午前\n" for one in range(40)).encode()
    (tmp_path / f"r.csv{ending}").write_bytes(PACK.get(ending, bytes)(rows))
    done = here("compile", "spec.yaml", "--recipients", f"r.csv{ending}", "-o", f"out.jsonl{ending}")
    assert (done.returncode, done.stderr) == (0, "40 payloads\n")
    assert len(read(tmp_path / f"out.jsonl{ending}").splitlines()) == 40
    if not ending:
        return
    given = ("--recipients", "-", "--recipients-format", "csv")
    piped = pnpc("compile", "spec.yaml", *given, input=(tmp_path / f"r.csv{ending}").read_bytes())
    assert len(piped.stdout.splitlines()) == 40


def test_a_table_that_is_cut_off_writes_nothing(tmp_path: Path, here: Here) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC)
    rows = "phone,slot\n" + "".join(f"+81800000{one:04},{one * 7919 % 10007}\n" for one in range(9_000))
    for ending, pack in PACK.items():
        packed = pack(rows.encode())
        (tmp_path / f"r.csv{ending}").write_bytes(packed[: len(packed) - 20])
        done = here("compile", "spec.yaml", "--recipients", f"r.csv{ending}", "-o", "out.jsonl", "--jobs", "1")
        assert done.returncode == 2
        assert done.stderr == f"pnpc: can't read r.csv{ending}: the compressed file is cut off\n"
        assert not (tmp_path / "out.jsonl").exists()
