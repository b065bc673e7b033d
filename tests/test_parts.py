"""Tables that lie in parts: the same lines as of the whole table, a file for each part, and what is wrong with parts."""

import csv
import io
import json
import math
import os
from datetime import date
from decimal import Decimal
from importlib import import_module
from io import BytesIO
from pathlib import Path

import pyarrow
import pytest
from conftest import ROOT, Here
from pyarrow import parquet

import pnpc

SPEC = """\
pnpc: 1
name: shipment
country: JP
variables:
  order_id: {type: string, pattern: "^[A-Z0-9]{4,20}$"}
  total: {type: integer, minimum: 0, maximum: 9999}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: number_001_ja, content: "{{ order_id }}"}
      - {itemKey: price_001_ja, content: "{{ total | currency }}"}
"""
NUMBERED = SPEC + 'deliveryTag: "shipments-{{ order_id }}-{{ recipient.index }}"\n'
ROWS = [{"phone": f"0901234{number:04}", "order_id": f"A{number:05}", "total": number} for number in range(40)]
CUTS = [(0, 13), (13, 13), (13, 30), (30, 40)]  # the second part has no row


def write(path: Path, rows: list[dict]) -> Path:
    """A table, in the format of its name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".parquet":
        columns = {name: [row[name] for row in rows] for name in ROWS[0]}
        types = pyarrow.schema(
            [("phone", pyarrow.string()), ("order_id", pyarrow.string()), ("total", pyarrow.int64())]
        )
        parquet.write_table(pyarrow.table(columns, schema=types), path)
    elif path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    else:
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, list(ROWS[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        path.write_text(text.getvalue())
    return path


def write_parts(folder: Path, suffix: str, rows: list[dict] = ROWS) -> None:
    for number, (start, end) in enumerate(CUTS):
        write(folder / f"parts/p{number}{suffix}", rows[start:end])


def without_rows(text: str) -> list[dict]:
    """The payloads without the place of their row, which names the file."""
    payloads = [json.loads(line) for line in text.splitlines()]
    for payload in payloads:
        del payload["origin"]["row"]
    return payloads


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "s.yaml").write_text(NUMBERED)
    return tmp_path


def contents(folder: Path) -> str:
    return "".join(file.read_text() for file in sorted((folder / "out").glob("*.jsonl")))


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_parts_make_the_lines_of_the_whole_table(folder: Path, here: Here, suffix: str) -> None:
    write_parts(folder, suffix)
    write(folder / f"all{suffix}", ROWS)
    whole = here("compile", "s.yaml", "--recipients", f"all{suffix}")
    joined = here("compile", "s.yaml", "--recipients", f"parts/*{suffix}")
    assert without_rows(joined.stdout) == without_rows(whole.stdout)
    assert (joined.returncode, joined.stderr) == (whole.returncode, whole.stderr)
    assert [json.loads(line)["origin"]["row"] for line in joined.stdout.splitlines()][12:14] == [
        f"parts/p0{suffix}:{14 if suffix == '.csv' else 13}", f"parts/p2{suffix}:{2 if suffix == '.csv' else 1}",
    ]  # fmt: skip
    assert here("compile", "s.yaml", "--recipients", "parts", "-o", "out/").returncode == 0
    assert sorted(os.listdir(folder / "out")) == [f"p{number}.jsonl" for number in range(4)]
    assert contents(folder) == joined.stdout


@pytest.mark.parametrize(
    "text",
    [
        "deliveryTag: 'shipments-{{ order_id }}-{{ recipient[\"index\"] }}'\n",
        "fallback: {sms: 'No. {{ recipient.index }}'}\n",
    ],
)
def test_the_number_of_a_row_is_known_however_it_is_asked_for(folder: Path, here: Here, text: str) -> None:
    (folder / "s.yaml").write_text(SPEC + text)
    write_parts(folder, ".csv")
    write(folder / "all.csv", ROWS)
    whole, joined = (here("compile", "s.yaml", "--recipients", name) for name in ("all.csv", "parts"))
    assert "39" in whole.stdout.splitlines()[-1]
    assert without_rows(joined.stdout) == without_rows(whole.stdout)


@pytest.mark.parametrize(
    "options", [["--limit", "15"], ["--where", "recipient.index > 20 and total < 35"], ["--jobs", "2"]]
)
def test_options_hold_for_all_parts_together(folder: Path, here: Here, options: list[str]) -> None:
    write_parts(folder, ".csv")
    write(folder / "all.csv", ROWS)
    whole, joined = (here("compile", "s.yaml", "--recipients", name, *options) for name in ("all.csv", "parts"))
    assert without_rows(joined.stdout) == without_rows(whole.stdout) != []
    assert joined.stderr == whole.stderr


def test_a_condition_that_no_row_of_any_part_meets_is_told_once(folder: Path, here: Here) -> None:
    write_parts(folder, ".csv")
    done = here("compile", "s.yaml", "--recipients", "parts", "--where", "total > 100")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "pnpc: --where is not true for any of the 40 rows of parts\n"


def test_what_is_counted_is_counted_over_all_parts(folder: Path, here: Here) -> None:
    rows = [*ROWS[:-2], {**ROWS[3], "total": -1}, ROWS[4]]
    write_parts(folder, ".csv", rows)
    done = here("compile", "s.yaml", "--recipients", "parts", "-o", "out/", "--errors", "bad.json")
    assert done.returncode == 1
    assert "1 row repeats the recipient of an earlier row, the first at parts/p3.csv:11" in done.stderr
    assert done.stderr.endswith("39 payloads, 1 row with mistakes\n")
    kept = json.loads((folder / "bad.json").read_text())
    assert [(bad["error_file"], bad["error_line"], bad["row"]["total"]) for bad in kept["mistakes"]] == [
        ("parts/p3.csv", 10, "-1")
    ]
    assert kept["summary"][0]["first"] == {"file": "parts/p3.csv", "line": 10}


def test_a_folder_is_read_at_any_depth_and_mirrored(folder: Path, here: Here) -> None:
    write(folder / "parts/day=1/p.csv", ROWS[:2])
    write(folder / "parts/day=2/p.csv", ROWS[2:4])
    for name in ("_SUCCESS", "day=1/.p.csv.crc", "_temporary/p.csv", "readme.txt"):
        (folder / "parts" / name).parent.mkdir(exist_ok=True)
        (folder / "parts" / name).write_text("x")
    done = here("compile", "s.yaml", "--recipients", "parts/", "-o", "out/*.jsonl.gz")
    assert (done.returncode, done.stderr) == (
        0, "note: 1 file is not a table and was passed over in parts/\n4 payloads\n",
    )  # fmt: skip
    assert sorted(str(file.relative_to(folder)) for file in folder.glob("out/*/*")) == [
        "out/day=1/p.jsonl.gz", "out/day=2/p.jsonl.gz",
    ]  # fmt: skip


def test_a_single_table_may_go_to_a_folder(folder: Path, here: Here) -> None:
    write(folder / "p.csv", ROWS)
    assert here("compile", "s.yaml", "--recipients", "p.csv", "-o", "out/", "--format", "json").returncode == 0
    assert len(json.loads((folder / "out/p.json").read_text())) == len(ROWS)


def test_a_bad_part_leaves_no_file_and_the_others_are_compiled(folder: Path, here: Here) -> None:
    (folder / "s.yaml").write_text(SPEC)
    write(folder / "parts/a.csv", ROWS[:2])
    (folder / "parts/b.csv").write_text("phone,id\n1,2\n")
    (folder / "parts/c.csv").write_text('phone,order_id,total\n"0901')
    (folder / "parts/d.parquet").write_bytes(b"PAR1")
    write(folder / "parts/e.csv", ROWS[2:3])
    done = here("compile", "s.yaml", "--recipients", "parts", "-o", "out/", "--errors", "bad.csv")
    assert done.returncode == 1
    assert sorted(os.listdir(folder / "out")) == ["a.jsonl", "c.jsonl", "e.jsonl"]
    bad = list(csv.DictReader(io.StringIO((folder / "bad.csv").read_text())))
    assert [(row["error_file"], row["error_code"]) for row in bad] == [
        ("parts/b.csv", "PNP602"), ("parts/b.csv", "PNP602"), ("parts/c.csv", "PNP601"), ("parts/d.parquet", "PNP601"),
    ]  # fmt: skip
    assert "note: 2 of 5 parts had mistakes that left no payload file\n" in done.stderr
    assert done.stderr.endswith("3 payloads, 1 row with mistakes\n")


def test_a_part_that_cant_be_counted_ends_a_run_that_numbers_rows(folder: Path, here: Here) -> None:
    write(folder / "parts/a.csv", ROWS[:2])
    (folder / "parts/b.csv").write_text("phone;order_id;total\n1;2;3\n")
    write(folder / "parts/c.csv", ROWS[2:3])
    done = here("compile", "s.yaml", "--recipients", "parts", "-o", "out/")
    assert (done.returncode, (folder / "out").exists()) == (1, False)
    assert "parts/b.csv:1:1: error[PNP601 bad-table]" in done.stderr
    assert "note: parts/b.csv can't be counted: the rows of later parts have no number\n" in done.stderr


def test_a_part_that_cant_be_read_is_told_when_the_others_are_done(folder: Path, here: Here) -> None:
    (folder / "s.yaml").write_text(SPEC)
    write(folder / "parts/a.csv", ROWS[:2])
    (folder / "parts/b.csv.gz").write_text("not gzip")
    write(folder / "parts/c.csv", ROWS[2:3])
    done = here("compile", "s.yaml", "--recipients", "parts", "-o", "out/")
    assert done.returncode == 2
    assert done.stderr.endswith("pnpc: can't read parts/b.csv.gz: it is not compressed as its name says\n")
    assert sorted(os.listdir(folder / "out")) == ["a.jsonl", "c.jsonl"]


def test_one_output_is_written_whole_or_not_at_all(folder: Path, here: Here) -> None:
    (folder / "s.yaml").write_text(SPEC)
    write(folder / "parts/a.csv", ROWS[:2])
    (folder / "parts/b.csv").write_text("phone,id\n1,2\n")
    done = here("compile", "s.yaml", "--recipients", "parts", "-o", "out.jsonl")
    assert (done.returncode, (folder / "out.jsonl").exists()) == (1, False)
    assert "the run ended before its last row: out.jsonl was not written" in done.stderr


@pytest.mark.parametrize(
    ("recipients", "output", "said"),
    [
        ("parts/*.txt", "out/", "no files match parts/*.txt"),
        ("empty", "out/", "no tables are in empty"),
        ("parts", "parts/new/", "the next run would read the files of -o as tables: name a folder outside parts"),
        ("parts", "out/*/*.jsonl", "one `*`, in the name of the file, stands for the name of the part"),
        ("same/*", "out/", "same/a.csv and same/a.jsonl would both be written to out/a.jsonl: rename one of them"),
        ("same/*.jsonl", "same", "same/a.jsonl is a table: -o must name another folder"),
        ("none/*.csv", "-", "no files match none/*.csv"),
        ("none/", "out/", "no tables are in none/"),
        ("memory:///none/", "out/", "no tables are in memory:///none/"),
    ],
)
def test_names_that_cant_be_meant(folder: Path, here: Here, recipients: str, output: str, said: str) -> None:
    (folder / "empty").mkdir()
    write(folder / "parts/a.csv", ROWS)
    write(folder / "same/a.csv", ROWS)
    write(folder / "same/a.jsonl", ROWS)
    before = (folder / "same/a.jsonl").read_bytes()
    done = here("compile", "s.yaml", "--recipients", recipients, "-o", output)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert said in done.stderr
    assert (folder / "same/a.jsonl").read_bytes() == before


def test_parts_without_a_row_need_a_word(folder: Path, here: Here) -> None:
    write(folder / "parts/a.csv", [])
    done = here("compile", "s.yaml", "--recipients", "parts", "-o", "out/")
    assert (done.returncode, done.stderr) == (2, "pnpc: no rows in parts; if that is right, add --allow-empty\n")
    assert here("compile", "s.yaml", "--recipients", "parts", "-o", "out/", "--allow-empty").returncode == 0
    assert (folder / "out/a.jsonl").read_bytes() == b""


def test_fail_fast_ends_the_run(folder: Path, here: Here) -> None:
    write(folder / "parts/a.csv", ROWS[:2])
    write(folder / "parts/b.csv", [{**ROWS[2], "total": -1}])
    write(folder / "parts/c.csv", ROWS[3:5])
    assert here("compile", "s.yaml", "--recipients", "parts", "-o", "out/", "--fail-fast").returncode == 1
    assert os.listdir(folder / "out") == ["a.jsonl"]


def test_a_request_body_belongs_to_no_part(folder: Path, here: Here) -> None:
    write_parts(folder, ".csv")
    body = {"messages": [{"type": "text", "text": "hello"}]}
    (folder / "body.json").write_text(json.dumps({"to": "0" * 64, **body}))
    args = ("compile", "s.yaml", "body.json", "--recipients", "parts")
    done = here(*args, "-o", "out/")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "body.json is a request body, which belongs to no part" in done.stderr
    assert not (folder / "out").exists()
    assert here(*args).returncode == 0, "in one file it stands before all rows"


# --- tables elsewhere ---


@pytest.fixture
def store():
    """A store in memory, with the addresses that a program sees in it."""
    from fsspec import filesystem

    store = filesystem("memory")
    store.store.clear()
    store.pseudo_dirs[:] = [""]
    yield store
    store.store.clear()


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_a_store_holds_tables_and_payloads(folder: Path, here: Here, store, suffix: str) -> None:
    write_parts(folder, suffix)
    for file in (folder / "parts").iterdir():
        store.pipe(f"/shop/parts/{file.name}", file.read_bytes())
    near = here("compile", "s.yaml", "--recipients", "parts", "-o", "out/")
    far = here(
        "compile", "s.yaml", "--recipients", f"memory:///shop/parts/*{suffix}", "-o", "memory:///shop/out/*.jsonl"
    )
    assert (far.returncode, far.stderr) == (near.returncode, near.stderr)
    written = b"".join(store.cat(f"/shop/out/p{number}.jsonl") for number in range(4)).decode()
    assert without_rows(written) == without_rows(contents(folder))
    single = here("compile", "s.yaml", "--recipients", f"memory:///shop/parts/p0{suffix}", "-o", "one.jsonl")
    assert single.returncode == 0
    assert (folder / "one.jsonl").read_text() == store.cat("/shop/out/p0.jsonl").decode()


def test_a_part_that_fails_writes_nothing_to_a_store(folder: Path, here: Here, store) -> None:
    (folder / "s.yaml").write_text(SPEC)
    store.pipe("/parts/a.csv", b"phone,order_id,total\n080-0000-1234,A0001,1\n" + b'"' + b"x\n" * 2_000)
    done = here("compile", "s.yaml", "--recipients", "memory://parts/", "-o", "memory://out/")
    assert done.returncode == 1
    assert "memory:///parts/a.csv:3:1: error[PNP601 bad-table]" in done.stderr
    assert store.find("/out") == []


def test_a_store_that_writes_in_place_gets_no_payloads(folder: Path, here: Here, store, monkeypatch) -> None:
    """As HDFS through pyarrow does: half a file would be pushed."""
    write_parts(folder, ".csv")
    monkeypatch.setattr(type(store), "_open", lambda *_args, **_kwargs: BytesIO())
    done = here("compile", "s.yaml", "--recipients", "parts", "-o", "memory://out/")
    assert done.returncode == 2
    assert "its filesystem does not write files whole or not at all" in done.stderr


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("memory://none/a.csv", "can't read memory://none/a.csv: no such file or directory"),
        ("s3://bucket/a.csv", "it needs the library s3fs: pip install s3fs, also where the workers run"),
        ("nowhere://a:secret@b/a.csv", "can't read nowhere://b/a.csv: Protocol not known"),
    ],
)
def test_what_is_elsewhere_and_cant_be_read(folder: Path, here: Here, store, name: str, said: str) -> None:
    done = here("compile", "s.yaml", "--recipients", name)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert said in done.stderr
    assert "secret" not in done.stderr


# --- a batch of rows, from a program ---


@pytest.mark.parametrize("size", [1, 7, 40])
def test_batches_make_the_lines_of_the_whole_table(folder: Path, here: Here, size: int) -> None:
    """The rows of a table in Parquet, as a task of any engine has them: the same bytes, when the batch knows its first row."""
    rows = [*ROWS[:-1], {**ROWS[3], "total": -1}]
    write(folder / "r.parquet", rows)
    whole = here("compile", "s.yaml", "--recipients", "r.parquet")
    spec = pnpc.load(NUMBERED, name="s.yaml")
    batches = [spec.lines(rows[at : at + size], first=at, file="r.parquet") for at in range(0, len(rows), size)]
    assert b"".join(batch.text for batch in batches).decode() == whole.stdout
    assert sum(batch.payloads for batch in batches) == len(rows) - 1
    assert [(bad.row, bad.diagnostics[0].name) for batch in batches for bad in batch.bad] == [(39, "bad-value")]


def test_rows_may_have_the_types_of_a_database() -> None:
    text = SPEC.replace(
        "total: {type: integer, minimum: 0, maximum: 9999}",
        "total: {type: integer, minimum: 0, maximum: 9999}\n  day: {type: string, format: date}",
    )
    spec = pnpc.load(text.replace('"{{ order_id }}"', "\"{{ day | date('short') }}\""), name="s.yaml")
    row = {
        "phone": "090-1234-0000",
        "order_id": "A0001",
        "total": Decimal(7),
        "day": date(2026, 11, 28),
        "memo": object(),
    }
    typed = spec.lines([row, {**row, "day": object()}, {**row, "total": math.inf}])
    plain = spec.lines([{**row, "total": 7, "day": "2026-11-28"}])
    assert typed.text == plain.text != b""
    assert [bad.diagnostics[0].message for bad in typed.bad] == [
        "`day` is of the type object, which no variable has", "`total` is infinite",
    ]  # fmt: skip


def test_lines_of_a_batch_have_their_warnings_and_their_campaign() -> None:
    spec = pnpc.load(NUMBERED, name="s.yaml", campaign="spring")
    row = {"phone": "0570-000-000", "order_id": "A0001", "total": 7}
    made, other = spec.lines([row]), spec.lines([row], campaign="autumn")
    assert [warnings.first.code for warnings in made.warnings] == ["PNP607"]
    assert json.loads(made.text)["id"] != json.loads(other.text)["id"]
    assert spec.lines([]) == (b"", 0, (), ())


def test_what_has_no_lines() -> None:
    with pytest.raises(pnpc.SpecErrors):
        pnpc.load("pnpc: 1\n").lines([])
    with pytest.raises(pnpc.CannotCompile, match="takes no rows"):
        pnpc.load('{"to": "' + "0" * 64 + '", "messages": [{"type": "text", "text": "a"}]}').lines([])


def test_the_part_of_the_recipes_writes_what_compile_writes(
    folder: Path, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What docs/seams.md gives to every engine."""
    monkeypatch.syspath_prepend(ROOT / "examples/engines")
    recipe = import_module("part")
    (folder / "shipped.yaml").write_text((ROOT / "examples/engines/shipped.yaml").read_text())
    orders = [{**row, "order_id": f"A{row['total']:08}"} for row in ROWS]
    write_parts(folder, ".parquet", orders)
    here("compile", "shipped.yaml", "--recipients", "parts", "-o", "wanted/")
    (folder / "out").mkdir()
    said = [recipe.compile_part(name, first, "out") for name, first in recipe.parts_of("parts")]
    assert said[0] == "parts/p0.parquet: 13 payloads, 0 bad rows"
    assert [first for _, first in recipe.parts_of("parts")] == [start for start, _ in CUTS]
    for file in (folder / "wanted").iterdir():
        assert (folder / "out" / file.name).read_bytes() == file.read_bytes()
