"""Tables as people have them: their encodings, Parquet, columns of other names, some rows only, and the bad ones."""

import csv
import datetime
import decimal
import gzip
import io
import json
import pickle
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import specs
from conftest import Here, Run, clean_environment, tries
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pnpc.compile.bad_rows import BadRows, entries
from pnpc.compile.batch import Maker
from pnpc.compile.mistakes import Kind, KindCount, Mistakes
from pnpc.compile.plan import BadRow
from pnpc.compile.tables.naming import BadMap, names_of
from pnpc.compile.tables.parquet import read_parquet
from pnpc.compile.tables.phones import mask_phones
from pnpc.compile.tables.picking import BadCondition, RowCondition, sampled
from pnpc.compile.tables.recipients import Record, Table, limited
from pnpc.text.encodings import ENCODINGS, canonical, detect, guess_in_words
from pnpc.text.finding import Range
from pnpc.text.source import Position
from pnpc.text.wording import says

SPEC = """\
pnpc: 1
name: shipment
country: JP
variables:
  slot: {type: string, maxLength: 40, example: 午前中}
  total: {type: integer, minimum: 0, maximum: 99999, default: 0, example: 1}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: time_range_001_ja, content: "{{ slot }} {{ total }}"}
"""
JAPANESE = "phone,slot\n080-0000-1234,午前中のお届け 髙橋 一郎様\n080-0000-1235,スープセット（冷凍）\n"
THAI = "phone,slot\n081 234 5678,ช่วงเช้า\n081 234 5679,สวัสดีครับ คุณสมชาย\n"
CHINESE = "phone,slot\n0912345678,上午配送\n0912345679,您的包裹已經出貨\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "spec.yaml").write_text(SPEC)
    return tmp_path


def contents(text: str) -> list[str]:
    return [json.loads(line)["body"]["body"]["items"][0]["content"] for line in text.splitlines()]


def nowhere(_: str | None) -> Range:
    return Range(Position(1, 1), Position(1, 1))


def row(index: int, **values: Any) -> Record:
    return Record("r", index, values, "json", nowhere)


# --- encodings ---


@pytest.mark.parametrize(
    ("text", "codec", "said"),
    [
        (JAPANESE, "cp932", "shift_jis"), (JAPANESE.replace("髙", "高"), "euc_jp", "euc-jp"), (JAPANESE, "utf-16-le", "utf-16-le"),
        (JAPANESE, "utf-16-be", "utf-16-be"), (THAI, "cp874", "tis-620"), (CHINESE, "cp950", "big5"),
    ],
)  # fmt: skip
def test_another_encoding_is_found_named_and_read(folder: Path, here: Here, text: str, codec: str, said: str) -> None:
    (folder / "r.csv").write_bytes(text.encode(codec))
    given = ("compile", "spec.yaml", "--isolated", "--recipients", "r.csv")
    done = here(*given)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"--encoding {said}" in done.stderr
    assert done.stderr.count("PNP601") == 1
    # The numbers are no digests: so both rows are kept with what was read.
    here(*given, "--encoding", said, "--errors", "bad.csv", "--map", "to=phone")
    kept = csv.DictReader(io.StringIO((folder / "bad.csv").read_text()))
    assert [one["slot"] for one in kept] == [line.partition(",")[2] for line in text.splitlines()[1:]]


# What Windows writes beside the kana and kanji of Shift_JIS, alone in a table.
WINDOWS = ("ﾔﾏﾀﾞ ﾀﾛｳ", "①コース", "㈱", "～", "Ⅲ№℡", "ＡＢＣ", "、。「」", "10：30～12：00", "￥1,200")


@pytest.mark.parametrize("text", WINDOWS)
def test_a_table_with_the_signs_of_windows_alone_looks_like_shift_jis(text: str) -> None:
    sample = f'phone,slot\n080-0000-1234,"{text}"\n'.encode("cp932")
    found = detect(sample, None, whole=True)
    assert str(found.fault) == "is not UTF-8"
    assert "shift_jis" in found.guesses


@pytest.mark.parametrize(
    ("names", "codec"),
    [
        ("Élodie Côté François Hébert Gaël Noël", "latin-1"), ("Müller Schröder Straße Jäger", "latin-1"),
        ("“Müller” – €5 Schröder", "cp1252"), ("Müller Élodie Noël", "mac-roman"), ("café", "latin-1"),
        ("Иван Петров Анна Каренина", "cp1251"), ("Nguyễn Văn Ánh".replace("ễ", "e"), "cp1258"),
    ],
)  # fmt: skip
def test_nothing_is_guessed_of_a_table_in_an_encoding_that_is_not_known(names: str, codec: str) -> None:
    sample = "".join(f"{number},{name}\n" for number, name in enumerate(names.split())).encode(codec)
    assert detect(sample, None, whole=True).fault == says("is not UTF-8")
    assert not guess_in_words(detect(sample, None, whole=True))


@pytest.mark.parametrize(
    ("names", "codec", "said"),
    [
        ("김철수 이영희", "euc-kr", "may be euc-jp or tis-620"),
        ("订单已发货 请查收", "gb18030", "may be euc-jp, big5 or tis-620"),
        ("山田太郎 佐藤花子", "euc_jp", "may be shift_jis, euc-jp, big5 or tis-620"),
        ("山田太郎 佐藤花子", "cp932", "looks like shift_jis"),
        ("田中さん", "euc_jp", "looks like euc-jp"),
        ("王小明 您的訂單已出貨", "big5", "looks like big5"),
        ("สมชาย ใจดี", "cp874", "looks like tis-620"),
        ("ธนาคารกรุงเทพ จำกัด น้ำหนัก", "cp874", "looks like tis-620"),
    ],
)
def test_what_is_not_sure_of_an_encoding_is_said_so(names: str, codec: str, said: str) -> None:
    sample = "".join(f"{number},{name}\n" for number, name in enumerate(names.split())).encode(codec)
    assert str(guess_in_words(detect(sample, None, whole=True))) == said


def test_a_mail_in_jis_is_named(folder: Path, here: Here) -> None:
    (folder / "r.csv").write_bytes(JAPANESE.replace("髙", "高").encode("iso2022_jp"))
    done = here("compile", "spec.yaml", "--recipients", "r.csv")
    assert (done.returncode, done.stdout) == (1, "")
    assert "the table is ISO-2022-JP; save it as UTF-8" in done.stderr


@pytest.mark.parametrize(("text", "certain"), [("スープ", True), ("ﾔﾏﾀﾞ ﾀﾛｳ ｻﾏ", False), ("①②", False)])
def test_a_guess_is_certain_only_where_kana_show_it(text: str, certain: bool) -> None:
    """A name that is plainly another encoding's is refused; where it may be right it is taken."""
    sample = f"phone,slot\n1,{text}\n".encode("cp932")
    assert bool(detect(sample, "euc-jp", whole=True).fault) == certain


@pytest.mark.parametrize(
    "name", ["sjis", "SJIS", "Shift-JIS", "ms932", "Windows-31J", "utf8", "UTF_8", "eucJP", "windows-874", "TIS620"]
)
def test_encodings_have_their_other_names(folder: Path, here: Here, name: str) -> None:
    text = THAI if canonical(name) == "tis-620" else JAPANESE.replace("髙", "高")
    (folder / "r.csv").write_bytes(text.encode(ENCODINGS[canonical(name)]))
    done = here(
        "compile",
        "spec.yaml",
        "--isolated",
        "--recipients",
        "r.csv",
        "--encoding",
        name,
        "--map",
        "to=phone",
        "--errors",
        "bad.csv",
    )
    kept = csv.DictReader(io.StringIO((folder / "bad.csv").read_text()))
    assert [one["slot"] for one in kept] == [line.partition(",")[2] for line in text.splitlines()[1:]], done.stderr


# --- delimiters ---


def test_a_table_with_tabs_is_told_and_read(folder: Path, here: Here) -> None:
    """Excel's "Unicode text" is UTF-16 with tabs."""
    text = JAPANESE.replace(",", "\t")
    (folder / "r.csv").write_text(text, encoding="utf-16")
    done = here("compile", "spec.yaml", "--recipients", "r.csv")
    assert (done.returncode, done.stdout) == (1, "")
    assert (
        "r.csv:1:1: error[PNP601 bad-table]: the columns seem to be separated by a tab, not by a comma" in done.stderr
    )
    assert "use --delimiter tab" in done.stderr
    done = here("compile", "spec.yaml", "--recipients", "r.csv", "--delimiter", "tab")
    (folder / "r.tsv").write_text(text)
    by_name = here("compile", "spec.yaml", "--recipients", "r.tsv")
    assert (done.returncode, by_name.returncode) == (0, 0)
    assert contents(done.stdout) == contents(by_name.stdout)
    assert len(contents(done.stdout)) == 2


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("phone，slot", "separated by `，`, a full-width comma"),
        ('"phone"；"slot"', "separated by `；`, a full-width semicolon"),
        ("phone、slot", "separated by `、`, a Japanese comma"),
        ("phone｜slot", "separated by `｜`, a full-width bar"),
    ],
)
def test_a_full_width_delimiter_is_named(folder: Path, here: Here, header: str, said: str) -> None:
    (folder / "r.csv").write_text(f"{header}\n080-0000-1234，午前\n")
    done = here("compile", "spec.yaml", "--recipients", "r.csv")
    assert (done.returncode, done.stdout, done.stderr.count("error[")) == (1, "", 1)
    assert f"r.csv:1:1: error[PNP601 bad-table]: the columns seem to be {said}" in done.stderr
    assert "export the table again, with commas" in done.stderr


def test_a_full_width_comma_of_a_name_separates_nothing(folder: Path, here: Here) -> None:
    (folder / "r.csv").write_text("phone,slot,備考（住所、氏名）\n080-0000-1234,午前,\n")
    assert here("compile", "spec.yaml", "--recipients", "r.csv").returncode == 0
    (folder / "r.csv").write_text("電話（自宅，携帯）\n080-0000-1234\n")
    done = here("compile", "spec.yaml", "--recipients", "r.csv", "--map", "phone=電話（自宅，携帯）")
    assert "separated by" not in done.stderr


def test_a_full_width_comma_in_a_row_that_lacks_a_field_is_named(folder: Path, here: Here) -> None:
    (folder / "r.csv").write_text("phone,slot\n080-0000-1234，午前\n")
    done = here("compile", "spec.yaml", "--recipients", "r.csv")
    assert (
        "r.csv:2:1: error[PNP601 bad-table]: 1 field, but the header has 2: is `，` meant as a separator" in done.stderr
    )


@pytest.mark.parametrize("name", ["r.csv", "r.jsonl"])
def test_a_second_byte_order_mark_of_a_table_is_told(folder: Path, here: Here, name: str) -> None:
    text = JAPANESE if name == "r.csv" else '{"phone": "080-0000-1234", "slot": "午前"}\n'
    (folder / name).write_text("\ufeff\ufeff" + text)
    done = here("compile", "spec.yaml", "--recipients", name)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{name}:1:1: error[PNP601 bad-table]: a second byte order mark" in done.stderr


@pytest.mark.parametrize("name", ["r.jsonl", "r.parquet"])
def test_only_csv_has_a_delimiter(folder: Path, here: Here, name: str) -> None:
    (folder / name).write_text("{}\n")
    done = here("compile", "spec.yaml", "--recipients", name, "--delimiter", "tab")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "--delimiter is for CSV" in done.stderr


def test_rows_of_commas_are_told_once(folder: Path, here: Here) -> None:
    (folder / "r.csv").write_text(TABLE + ",,,\n" * 3)
    clean = here("compile", "spec.yaml", "--recipients", "r.csv", "--jobs", "1")
    (folder / "r.csv").write_text(TABLE)
    assert clean.returncode == 0
    assert clean.stdout == here("compile", "spec.yaml", "--recipients", "r.csv").stdout
    line = TABLE.count("\n") + 1
    assert f"note: 3 rows of r.csv have no value at all and were skipped (first: line {line})\n" in clean.stderr


def test_marked_utf_16_is_read_with_a_note(folder: Path, here: Here) -> None:
    for codec in ("utf-16", "utf-8"):
        (folder / f"{codec}.csv").write_text(JAPANESE, encoding=codec)
        (folder / f"{codec}.jsonl").write_text('{"phone": "080-0000-1234", "slot": "午前"}\n', encoding=codec)
    for ending in ("csv", "jsonl"):
        marked, plain = (here("compile", "spec.yaml", "--recipients", f"{one}.{ending}") for one in ("utf-16", "utf-8"))
        assert (marked.returncode, plain.returncode) == (0, 0)
        assert contents(marked.stdout) == contents(plain.stdout)
        assert f"utf-16.{ending} is UTF-16, by its first bytes, and is read as that" in marked.stderr
        assert "note" not in plain.stderr


@pytest.mark.parametrize(
    ("codec", "given", "said"),
    [
        ("utf-8", "shift_jis", "is UTF-8, not shift_jis; leave --encoding out"),
        ("utf-8-sig", "cp932", "begins with the byte order mark of UTF-8"),
        ("utf-16", "shift_jis", "begins with the byte order mark of UTF-16"),
        ("cp932", "euc-jp", "is not euc-jp; it looks like shift_jis"),
        ("cp932", "utf-8", "is not UTF-8; it looks like shift_jis"),
        ("utf-32", None, "is UTF-32"),
    ],
)  # fmt: skip
def test_letters_are_never_taken_for_others(folder: Path, here: Here, codec: str, given: str | None, said: str) -> None:
    (folder / "r.csv").write_bytes(JAPANESE.encode(codec))
    done = here("compile", "spec.yaml", "--recipients", "r.csv", *(["--encoding", given] if given else []))
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr


def test_a_byte_that_the_named_encoding_has_not_ends_the_run(folder: Path, here: Here) -> None:
    lines = JAPANESE.encode("cp932") + b"080-0000-1236,ok\n" * 20_000 + b"080-0000-1237,\x81\x00\n"
    (folder / "r.csv").write_bytes(lines)
    done = here("compile", "spec.yaml", "--recipients", "r.csv", "--encoding", "shift_jis", "-o", "out.jsonl")
    assert done.returncode == 1
    assert "r.csv:20004:1: error[PNP601 bad-table]: byte 0x81 is not shift_jis" in done.stderr
    assert not (folder / "out.jsonl").exists()


def test_a_broken_row_of_utf_8_stops_no_other(folder: Path, here: Here) -> None:
    (folder / "r.csv").write_bytes(JAPANESE.encode() + b"080-0000-1236,\x8c\xdf\n080-0000-1237,ok\n")
    done = here("compile", "spec.yaml", "--recipients", "r.csv")
    assert done.returncode == 1
    assert "r.csv:4:1: error[PNP601 bad-table]: byte 0x8c is not UTF-8" in done.stderr
    assert len(done.stdout.splitlines()) == 3


@given(st.text(st.characters(exclude_categories=["Cs", "Cn", "Co"]), max_size=60), st.integers(0, 3))
def test_utf_8_is_never_taken_for_another(text: str, cut: int) -> None:
    sample = f"phone,slot\n1,{text}".encode()
    cut = min(cut, len(sample))
    assert detect(sample[: len(sample) - cut], None, whole=cut == 0).encoding == "utf-8" or "\0" in text


@given(st.sampled_from(sorted(ENCODINGS)), st.binary(max_size=200), st.booleans())
def test_any_bytes_are_judged(given: str, sample: bytes, whole: bool) -> None:
    for one in (detect(sample, given, whole=whole), detect(sample, None, whole=whole)):
        assert bool(one.fault) != bool(one.encoding)
        assert one.encoding in ("", *ENCODINGS)


# --- Parquet ---


def test_parquet_has_typed_values(tmp_path: Path) -> None:
    day, time = datetime.date(2024, 8, 10), datetime.time(14, 30)
    moment = datetime.datetime(2024, 8, 10, 1, 2, 3)  # noqa: DTZ001 - as a table has it
    table = pa.table(
        {
            "text": ["a", None], "day": [day, None], "time": [time, None], "moment": [moment, None],
            "there": pa.array([moment, None], pa.timestamp("us", tz="Asia/Tokyo")), "whole": [1, None],
            "part": [1.5, float("nan")], "yes": [True, None], "sum": [decimal.Decimal("12.00"), decimal.Decimal("12.50")],
            "list": [[1, None], None], "inside": [{"day": day}, None], "word": pa.array(["x", "y"]).dictionary_encode(),
        }
    )  # fmt: skip
    pq.write_table(table, tmp_path / "r.parquet")
    first, second = read_parquet(str(tmp_path / "r.parquet"), "r.parquet", table.column_names).records
    assert first.values == {
        "text": "a", "day": "2024-08-10", "time": "14:30:00", "moment": "2024-08-10T01:02:03",
        "there": "2024-08-10T10:02:03+09:00", "whole": 1, "part": 1.5, "yes": True, "sum": 12, "list": [1, None],
        "inside": {"day": "2024-08-10"}, "word": "x",
    }  # fmt: skip
    assert {name for name, value in second.values.items() if value is not None} == {"sum", "word"}
    assert second.values["sum"] == 12.5
    assert (second.row, second.locate("day").start) == (1, Position(2, 2))


def test_what_parquet_has_and_a_variable_cant_have_is_a_fault(tmp_path: Path) -> None:
    columns = {"a": [b"x", None], "b": pa.array([1, None], pa.duration("s")), "c": [float("inf"), 1.0]}
    for name, values in columns.items():
        pq.write_table(pa.table({name: values}), tmp_path / "r.parquet")
        first, second = read_parquet(str(tmp_path / "r.parquet"), "r", columns).records
        assert first.fault is not None
        assert f"`{name}` is" in str(first.fault.message)
        assert second.fault is None


@pytest.mark.parametrize(
    "column",
    [
        pa.array([0, 2**31 - 1], pa.date32()), pa.array([0, 2**62], pa.timestamp("us")), pa.array([0, 1], pa.timestamp("ns")),
        pa.array([0, 1], pa.time64("ns")), pa.array([None, 2**62], pa.duration("s")),
        pa.Array.from_buffers(pa.string(), 2, [None, pa.py_buffer(b"\0\0\0\0\1\0\0\0\2\0\0\0"), pa.py_buffer(b"a\xff")]),
    ],
    ids=lambda column: str(column.type),
)  # fmt: skip
def test_what_parquet_has_and_python_has_not_is_a_fault_of_its_row(tmp_path: Path, column: Any) -> None:
    pq.write_table(pa.table({"a": column}), tmp_path / "r.parquet")
    first, second = read_parquet(str(tmp_path / "r.parquet"), "r", ["a"]).records
    assert first.fault is None
    assert second.fault is not None
    assert f"`a` is a value of the type {column.type} that can't be read" in str(second.fault.message)


def test_parquet_compiles_as_csv_does(folder: Path, here: Here) -> None:
    phones = [f"+8180000012{one:02}" for one in range(50)]
    table = pa.table(
        {"電話": phones, "slot": [f"x{one}" for one in range(50)], "total": list(range(50)), "other": [b"x"] * 50}
    )
    pq.write_table(table, folder / "r.parquet", row_group_size=7)
    lines = "".join(f"{phone},x{one},{one}\n" for one, phone in enumerate(phones))
    (folder / "r.csv").write_text("phone,slot,total\n" + lines)
    made = here("compile", "spec.yaml", "--recipients", "r.parquet", "--map", "phone=電話")
    same = here("compile", "spec.yaml", "--recipients", "r.csv")
    assert (made.returncode, same.returncode) == (0, 0)
    assert [json.loads(one)["id"] for one in made.stdout.splitlines()] == [
        json.loads(one)["id"] for one in same.stdout.splitlines()
    ]
    assert "`other`" in made.stderr
    some = here("compile", "spec.yaml", "--recipients", "r.parquet", "--map", "phone=電話", "--where", "total == 3")
    assert contents(some.stdout) == ["x3 3"]


COLUMNS: dict[str, tuple[str, list[Any], list[Any]]] = {
    # Each with a declaration, types of Arrow, and values that the types may or may not hold.
    "phone": ("", [pa.string(), pa.large_string()], [None, "080-0000-1234", "+818000001235", "0", ""]),
    "text": ("{type: string, maxLength: 9}", [pa.string(), pa.large_string(), pa.dictionary(pa.int8(), pa.string()), pa.int64()], [None, "", "あ", "x" * 10, "a\x1fb", "a\x1eb", "\x1d", "\u2028", 5]),
    "note": ("{type: string, default: なし}", [pa.string(), pa.bool_()], [None, "", "b", True]),
    "day": ("{type: string, format: date}", [pa.date32(), pa.date64(), pa.string(), pa.timestamp("us")], [None, datetime.date(2024, 8, 10), datetime.date(1, 1, 1), "2024-08-11", "x"]),
    "count": ("{type: integer, minimum: 0, maximum: 90000}", [pa.int8(), pa.uint64(), pa.float64(), pa.decimal128(10, 2), pa.string()], [None, 7, -1, 7.0, 0.0, -0.0, 1.5, 2**60, float("nan"), decimal.Decimal("12.00"), "7"]),
    "rate": ("{type: number, maximum: 10}", [pa.float64(), pa.float32(), pa.int16()], [None, 1.5, 7.0, 1e300, float("inf"), 3]),
    "yes": ("{type: boolean}", [pa.bool_(), pa.string()], [None, True, False, "true"]),
}  # fmt: skip


@st.composite
def parquet_tables(draw: st.DrawFn) -> pa.Table:
    rows = draw(st.integers(1, 6))
    columns = {}
    for name, (_, types, values) in COLUMNS.items():
        type = draw(st.sampled_from([types[0], types[0], *types]))
        fitting = [value for value in values if holds(type, value)]
        columns[name] = pa.array(draw(st.lists(st.sampled_from(fitting), min_size=rows, max_size=rows)), type)
    return pa.table(columns)


def holds(type: Any, value: Any) -> bool:
    try:
        pa.array([value], type)
    except (pa.ArrowException, OverflowError, TypeError, ValueError):
        return False
    return True


OF_COLUMNS = specs.plan_of(
    "pnpc: 1\nname: any\ncountry: JP\nvariables:\n"
    + "".join(f"  {name}: {declared}\n" for name, (declared, _, _) in COLUMNS.items() if declared)
    + "message:\n  templateKey: shipment_completed_ja\n  body:\n    items:\n"
    "      - {itemKey: a_001_ja, content: \"{{ text }} {{ note }} {{ day | date('short') }}\"}\n"
    "      - {itemKey: b_001_ja, content: \"{{ count | currency }} {{ rate }} {{ 'y' if yes else 'n' }}\"}\n"
)


@given(parquet_tables(), st.integers(1, 7))
@settings(max_examples=tries(25))
def test_parquet_goes_the_fast_way_byte_for_byte_as_the_slow_one(table: pa.Table, most: int) -> None:
    with TemporaryDirectory() as folder:
        pq.write_table(table, f"{folder}/r.parquet")

        def read() -> Table:
            return limited(read_parquet(f"{folder}/r.parquet", "r.parquet", table.column_names), most)

        fast, slow = (Maker([OF_COLUMNS], read(), fail_fast=False, kept=None) for _ in range(2))
        slow._of_columns = lambda _columns: ()  # type: ignore[method-assign]
        (chunk,) = read().chunks or ()
        made, wanted = fast.make(pickle.loads(pickle.dumps(chunk))), slow.make(chunk)
        assert made.text == wanted.text
        assert made.lines == wanted.lines
        assert [(bad.row, [one.message for row in bad.by_spec for one in row.diagnostics]) for bad in made.bad] == [
            (bad.row, [one.message for row in bad.by_spec for one in row.diagnostics]) for bad in wanted.bad
        ]
        assert made[1:4] == wanted[1:4]


def test_usual_parquet_goes_the_fast_way(tmp_path: Path) -> None:
    usual = {"phone": "080-0000-1234", "text": "あ", "note": None, "day": datetime.date(2024, 8, 10), "count": 7.0, "rate": 1.5, "yes": True}  # fmt: skip
    pq.write_table(pa.table({name: [value] * 3 for name, value in usual.items()}), tmp_path / "r.parquet")
    table = read_parquet(str(tmp_path / "r.parquet"), "r.parquet", usual)
    maker = Maker([OF_COLUMNS], table, fail_fast=False, kept=None)
    maker._make_slow = None  # type: ignore[assignment,method-assign]
    (chunk,) = table.chunks or ()
    assert maker.make(chunk).payloads == 3


def test_parquet_that_cant_be_read_is_one_line(folder: Path, here: Here) -> None:
    (folder / "r.parquet").write_bytes(b"PAR1 nothing PAR1")
    (folder / "r.parquet.gz").write_bytes(gzip.compress(b"PAR1"))
    done = here("compile", "spec.yaml", "--recipients", "r.parquet")
    assert (done.returncode, done.stdout) == (1, "")
    assert "PNP601 bad-table]: not a Parquet file" in done.stderr
    for name, said in (("-", "standard input"), ("r.parquet.gz", "unpack"), ("no.parquet", "no such file")):
        done = here("compile", "spec.yaml", "--recipients", name, "--recipients-format", "parquet")
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert said in done.stderr


def test_parquet_has_no_encoding(folder: Path, here: Here) -> None:
    pq.write_table(pa.table({"phone": ["08000001234"], "slot": ["x"]}), folder / "r.parquet")
    done = here("compile", "spec.yaml", "--recipients", "r.parquet", "--encoding", "shift_jis")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "pnpc: r.parquet is Parquet, whose text is UTF-8: leave --encoding out\n"


def test_without_the_extra_parquet_is_one_line(folder: Path) -> None:
    (folder / "r.parquet").write_bytes(b"")
    (folder / "pyarrow.py").write_text("raise ImportError")  # stands before the installed one
    command = [sys.executable, "-m", "pnpc", "compile", "spec.yaml", "--recipients", "r.parquet"]
    environment = clean_environment(PYTHONPATH=str(folder))
    done = subprocess.run(command, cwd=folder, capture_output=True, env=environment, check=False)
    assert done.returncode == 2
    assert done.stderr == b"pnpc: can't read r.parquet: Parquet needs `pip install 'pnpc[parquet]'`\n"


# --- columns of other names ---


def test_columns_are_mapped(folder: Path, here: Here) -> None:
    (folder / "r.csv").write_text("携帯,phone,時間帯,total\n080-0000-1234,03-0000,朝,5\n")
    (folder / "r.jsonl").write_text('{"携帯": "080-0000-1234", "phone": "x", "時間帯": "朝", "total": 5}\n')
    maps = ("--map", "phone=携帯", "--map", "slot=時間帯")
    made = [here("compile", "spec.yaml", "--recipients", name, *maps) for name in ("r.csv", "r.jsonl")]
    assert [one.returncode for one in made] == [0, 0], made[1].stderr
    assert contents(made[0].stdout) == contents(made[1].stdout) == ["朝 5"]
    assert "`phone (of the table)`" in made[0].stderr
    assert "`phone (of the table)`" in made[1].stderr


def test_a_mistake_in_a_mapped_column_is_told_at_its_place(folder: Path, here: Here) -> None:
    (folder / "r.csv").write_text("x,携帯,slot\n1,080-1,a\n")
    (folder / "r.jsonl").write_text('{"x": 1, "携帯": "080-1", "slot": "a"}\n')
    for name, place in (("r.csv", "2:3"), ("r.jsonl", "1:10")):
        done = here("compile", "spec.yaml", "--recipients", name, "--map", "phone=携帯")
        assert f"{name}:{place}: error[PNP604" in done.stderr, done.stderr


def test_two_columns_change_their_names(folder: Path, here: Here) -> None:
    (folder / "r.csv").write_text("phone,slot,total\n080-0000-1234,5,朝\n")
    done = here("compile", "spec.yaml", "--recipients", "r.csv", "--map", "slot=total", "--map", "total=slot")
    assert contents(done.stdout) == ["朝 5"]


@pytest.mark.parametrize(
    ("pairs", "said"),
    [
        (["slott=a"], "did you mean `slot`"), (["slot"], "write variable=column"), (["slot="], "write variable=column"),
        (["slot=a", "slot=b"], "`slot` is mapped twice"), (["slot=a", "total=a"], "the column `a` is mapped twice"),
        (["x=a"], "there are phone, slot, total"),
    ],
)  # fmt: skip
def test_a_map_that_is_none_is_told(pairs: list[str], said: str) -> None:
    with pytest.raises(BadMap) as caught:
        names_of(pairs, {"phone", "slot", "total"})
    assert said in str(caught.value)


def test_a_table_that_lacks_a_column_says_how_to_name_it(folder: Path, here: Here) -> None:
    (folder / "r.csv").write_text("携帯,slots\n080-0000-1234,5\n", encoding="utf-8")
    done = here("compile", "spec.yaml", "--recipients", "r.csv")
    assert "or add --map phone=COLUMN" in done.stderr
    assert "rename the column that holds it to `slot`, or add --map slot=slots" in done.stderr


def test_a_workbook_is_called_so(folder: Path, here: Here) -> None:
    (folder / "r.xlsx").write_bytes(b"PK")
    assert "save the sheet as CSV" in here("compile", "spec.yaml", "--recipients", "r.xlsx").stderr


def test_a_column_that_is_not_there_is_told(folder: Path, here: Here) -> None:
    (folder / "r.csv").write_text("Mobil,slot\n1,2\n")
    done = here("compile", "spec.yaml", "--recipients", "r.csv", "--map", "phone=Mobile")
    assert (done.returncode, done.stdout) == (1, "")
    assert "no column `Mobile` to map `phone` to; did you mean `Mobil`?" in done.stderr


# --- some rows only ---


TABLE = "phone,slot,total,plan\n" + "".join(
    f"+8180000012{one:02},x{one},{one},{'gold' if one % 2 else ''}\n" for one in range(20)
)


@pytest.mark.parametrize(
    ("given", "rows"),
    [
        (["--limit", "3"], [0, 1, 2]),
        (["--limit", "99"], list(range(20))),
        (["--where", "total > 16"], [17, 18, 19]),
        (["--where", "plan == 'gold' and total < 6"], [1, 3, 5]),
        (["--where", "plan == none", "--limit", "2"], [0, 2]),
        (["--where", "recipient.index == 7"], [7]),
        (["--where", "phone == '+818000001203'"], [3]),
    ],
)  # fmt: skip
def test_rows_are_taken_and_keep_their_ids(folder: Path, here: Here, given: list[str], rows: list[int]) -> None:
    (folder / "r.csv").write_text(TABLE)
    every = here("compile", "spec.yaml", "--recipients", "r.csv").stdout.splitlines()
    done = here("compile", "spec.yaml", "--recipients", "r.csv", *given)
    assert done.returncode == 0
    assert done.stdout.splitlines() == [every[one] for one in rows]


def test_a_sample_is_the_same_each_time(folder: Path, here: Here) -> None:
    (folder / "r.csv").write_text(TABLE)
    given = ("compile", "spec.yaml", "--recipients", "r.csv", "--sample", "5")
    first, second, other = here(*given), here(*given), here(*given, "--seed", "1")
    assert first.stdout == second.stdout != other.stdout
    assert len(first.stdout.splitlines()) == 5
    assert "note: a sample of 5 of 20 rows, --seed 0\n" in first.stderr
    both = here(*given, "--where", "total >= 17")
    assert contents(both.stdout) == ["x17 17", "x18 18", "x19 19"]


@given(st.integers(0, 60), st.integers(1, 20), st.integers(0, 5))
def test_a_sample_holds_different_rows_in_their_order(total: int, size: int, seed: int) -> None:
    rows, seen = sampled((row(one) for one in range(total)), size, seed)
    assert seen == total
    numbers = [one.row for one in rows]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == min(total, size)


def test_a_sample_prefers_no_row() -> None:
    counts = [0] * 10
    for seed in range(2_000):
        for one in sampled((row(one) for one in range(10)), 3, seed)[0]:
            counts[one.row] += 1
    assert all(500 < count < 700 for count in counts), counts  # 600 each; five standard deviations are 102


@pytest.mark.parametrize(
    ("text", "said", "mark"),
    [
        ("total >", "not a valid expression", ">"), ("totl > 1", "no column `totl`; did you mean `total`?", "totl"),
        ("slot", "neither true nor false", "slot"), ("total + 1", "neither true nor false", "total + 1"),
        ("'午前' == sloot", "no column `sloot`", "sloot"), ("total | upper == 1", "unknown filter `upper`", "upper"),
    ],
)  # fmt: skip
def test_a_condition_that_is_none_is_marked(folder: Path, here: Here, text: str, said: str, mark: str) -> None:
    (folder / "r.csv").write_text(TABLE)
    done = here("compile", "spec.yaml", "--recipients", "r.csv", "--where", text)
    assert (done.returncode, done.stdout) == (2, "")
    first, line, marks = done.stderr.splitlines()
    assert first.startswith("pnpc: --where: ")
    assert said in first
    assert line == f"  {text}"
    assert marks.count("^") == len(mark)
    before = text[: text.index(mark)]
    assert marks.index("^") == 2 + sum(1 + (one > "\xff") for one in before)


def test_a_row_of_which_nothing_can_be_told_is_not_passed_over(folder: Path, here: Here) -> None:
    (folder / "r.csv").write_text("phone,slot,total\n+818000001234,a,x\n+818000001235,b,5\n+818000001236,c,1\n")
    done = here("compile", "spec.yaml", "--recipients", "r.csv", "--where", "total > 2")
    assert (done.returncode, contents(done.stdout)) == (1, ["b 5"])
    assert (
        "r.csv:2:17: error[PNP601 bad-table]: --where can't be evaluated: `total` must be a whole number" in done.stderr
    )
    assert "--where is true for 1 of 3 rows, and can't be evaluated for 1" in done.stderr


def test_a_row_that_can_t_be_read_is_not_passed_over_by_a_condition(folder: Path, here: Here) -> None:
    (folder / "r.csv").write_text("phone,slot,total\n+818000001234,a,1,9\n+818000001235,b,5\n")
    done = here("compile", "spec.yaml", "--recipients", "r.csv", "--where", "total > 2")
    assert (done.returncode, contents(done.stdout)) == (1, ["b 5"])
    assert "r.csv:2:" in done.stderr
    assert ": is there a comma inside a value without quotes?" in done.stderr


def test_a_row_with_too_many_fields_between_tabs_has_no_comma_to_blame(folder: Path, here: Here) -> None:
    (folder / "r.tsv").write_text("phone\tslot\ttotal\n+818000001234\ta\t1\t9\n+818000001235\tb\t5\n")
    done = here("compile", "spec.yaml", "--recipients", "r.tsv")
    assert (done.returncode, contents(done.stdout)) == (1, ["b 5"])
    assert "r.tsv:2:" in done.stderr
    assert "comma" not in done.stderr


def test_no_row_is_no_run(folder: Path, here: Here) -> None:
    (folder / "r.csv").write_text(TABLE)
    done = here("compile", "spec.yaml", "--recipients", "r.csv", "--where", "total > 90")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "pnpc: --where is not true for any of the 20 rows of r.csv\n"
    assert (
        here("compile", "spec.yaml", "--recipients", "r.csv", "--where", "total > 90", "--allow-empty").returncode == 0
    )


def test_names_of_json_lines_are_known_when_all_is_read(folder: Path, here: Here) -> None:
    (folder / "r.jsonl").write_text(
        '{"phone":"+818000001234","slot":"a","vip":true}\n{"phone":"+818000001235","slot":"b"}\n'
    )
    done = here("compile", "spec.yaml", "--recipients", "r.jsonl", "--where", "vip == true or wip == true")
    assert contents(done.stdout) == ["a 0"]
    assert "no row has `wip`, which --where asks for" in done.stderr
    assert "`vip`, which" not in done.stderr


def test_a_condition_repeats_no_number(folder: Path, here: Here) -> None:
    (folder / "r.csv").write_text(TABLE)
    done = here("compile", "spec.yaml", "--recipients", "r.csv", "--where", "phone = '080-0000-1234'")
    assert done.returncode == 2
    assert "1234" not in done.stderr


@given(st.text(max_size=30))
@example(":²")
def test_any_condition_is_one_or_is_told(text: str) -> None:
    marked = (0, 0)
    try:
        condition = RowCondition(text, {"total": {"type": "integer", "default": 0}}, ("total", "slot"))
        list(condition.picks(iter([row(0, total=1, slot="a")])))
    except BadCondition as error:
        marked = (error.start, error.end)
    assert 0 <= marked[0] <= marked[1] <= max(len(text), 1)


@pytest.mark.parametrize("option", ["--where", "--map", "--encoding", "--delimiter", "--sample", "--limit", "--errors"])
def test_what_is_about_a_table_needs_one(folder: Path, here: Here, option: str) -> None:
    value = {"--encoding": "utf-8", "--delimiter": "tab", "--map": "slot=a", "--where": "true"}.get(option, "1")
    done = here("compile", "spec.yaml", option, value)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert option in done.stderr


# --- bad rows ---


BAD = 'phone,slot,total,memo\n080-1,a,1,call 080-0000-1234\n+818000001234,b,2,\n+818000001235,c,x,"a,\nb"\n'


def test_bad_rows_are_kept_with_their_reasons(folder: Path, here: Here) -> None:
    (folder / "r.csv").write_text(BAD)
    done = here("compile", "spec.yaml", "--recipients", "r.csv", "-o", "out.jsonl.gz", "--errors", "bad.csv")
    assert done.returncode == 1
    assert contents(gzip.decompress((folder / "out.jsonl.gz").read_bytes()).decode()) == ["b 2"]
    first, second = csv.DictReader(io.StringIO((folder / "bad.csv").read_text()))
    assert list(first) == ["error_line", "error_column", "error_code", "error_message", "slot", "total", "memo"]
    assert (first["error_line"], first["error_column"], first["error_code"]) == ("2", "1", "PNP604")
    assert (first["slot"], first["memo"]) == ("a", "call …34")
    assert (second["error_line"], second["error_column"], second["error_code"]) == ("4", "17", "PNP603")
    assert (second["total"], second["memo"]) == ("x", "a,\nb")
    assert "must be a whole number" in second["error_message"]


def test_bad_rows_as_json_lines(folder: Path, here: Here) -> None:
    (folder / "r.jsonl").write_text('{"phone":"080-1","slot":"a","total":1,"n":[1]}\n{"slot":7}\n[]\n')
    done = here("compile", "spec.yaml", "--recipients", "r.jsonl", "--errors", "bad.jsonl.zst")
    assert done.returncode == 1
    here("compile", "spec.yaml", "--recipients", "r.jsonl", "--errors", "bad.jsonl")
    rows = [json.loads(line) for line in (folder / "bad.jsonl").read_text().splitlines()]
    assert [(one["error_line"], one["error_code"]) for one in rows] == [
        (1, "PNP604"), (2, "PNP602"), (2, "PNP603"), (3, "PNP601"),
    ]  # fmt: skip
    assert rows[0]["row"] == {"slot": "a", "total": 1, "n": [1]}
    here("compile", "spec.yaml", "--recipients", "r.jsonl", "--errors", "bad.csv")
    first = next(csv.DictReader(io.StringIO((folder / "bad.csv").read_text())))
    assert json.loads(first["row"]) == {"slot": "a", "total": 1, "n": [1]}


def test_a_file_of_bad_rows_is_written_when_there_are_none(folder: Path, here: Here) -> None:
    (folder / "r.csv").write_text(TABLE)
    (folder / "bad.csv").write_text("old")
    assert here("compile", "spec.yaml", "--recipients", "r.csv", "--errors", "bad.csv").returncode == 0
    header = "error_line,error_column,error_code,error_message,slot,total,plan\n"
    assert (folder / "bad.csv").read_text() == header


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ("phone;slot\n1;2\n", "PNP601"),  # another delimiter
        ("phone,slat\n1,2\n", "PNP602"),  # a column that is missing
        ('phone,slot,total\n+818000001234,a,1\n1,"b\n' + "c,d,e\n" * 2_000, "PNP601"),  # a quote that is never closed
    ],
)
@pytest.mark.parametrize("name", ["bad.csv", "bad.jsonl"])
def test_a_table_that_cant_be_read_on_is_in_the_file_of_bad_rows(
    folder: Path, here: Here, table: str, code: str, name: str
) -> None:
    (folder / "r.csv").write_text(table)
    (folder / name).write_text("of an earlier run")
    assert here("compile", "spec.yaml", "--recipients", "r.csv", "--errors", name).returncode == 1
    text = (folder / name).read_text()
    rows = (
        list(csv.DictReader(io.StringIO(text)))
        if name == "bad.csv"
        else [json.loads(line) for line in text.splitlines()]
    )
    assert rows[-1]["error_code"] == code


@pytest.mark.parametrize(("value", "kept"), [
    ("ORD-202611270001", "ORD-202611270001"), ("4901234567894", "4901234567894"), ("1234-5678-9012", "1234-5678-9012"),
    ("call 090-1234-5678", "call …78"), ("+66 81 234 5678", "…78"), ("818012345678", "…78"), ("8012345678", "…78"),
])  # fmt: skip
def test_bad_rows_keep_the_numbers_that_are_no_phones(value: str, kept: str) -> None:
    """By the number of an order its row is found again."""
    assert mask_phones(value) == kept


COUNTED_WAYS = [["--jobs", "1"], ["--jobs", "2"], ["--format", "json"]]


@pytest.mark.parametrize("way", COUNTED_WAYS)
def test_many_mistakes_are_counted_by_rule_and_column(folder: Path, here: Here, way: list[str]) -> None:
    """Also those of which no more than a number is shown."""
    rows = [f"+8180{index:08},a,{'x' if index % 4 else 1}" for index in range(2_000)] + ["0800,a,1"] * 3 + ["1,2"]
    (folder / "r.csv").write_text("phone,slot,total\n" + "\n".join(rows) + "\n")
    done = here("compile", "spec.yaml", "--recipients", "r.csv", "-o", "out", *way)
    assert done.returncode == 1
    assert "the first 50 of 1,504 mistakes are shown\n" in done.stderr
    assert (
        "bad rows by rule and column:\n"
        "     ROWS  RULE              COLUMN  FIRST\n"
        "    1,500  PNP603 bad-value  total   r.csv:3\n"
        "        3  PNP604 bad-phone  phone   r.csv:2002\n"
        "        1  PNP601 bad-table          r.csv:2005\n"
    ) in done.stderr


def test_kinds_of_mistakes_are_bounded() -> None:
    counted = Mistakes()
    for index in range(5_000):
        counted.merge([(Kind("PNP603", "bad-value", f"c{index}"), KindCount(2, 3, "r.csv", index))])
    assert len(list(counted)) <= 201
    assert (sum(count.rows for _, count in counted), counted.total) == (10_000, 15_000)


@pytest.mark.parametrize("way", COUNTED_WAYS)
def test_the_counts_of_bad_rows_for_programs(folder: Path, here: Here, way: list[str]) -> None:
    """With several specs a row counts once; the file ends with the counts, also when the table can't be read on."""
    (folder / "two.yaml").write_text(
        (folder / "spec.yaml").read_text(encoding="utf-8").replace("name: ", "name: b-", 1), encoding="utf-8"
    )
    rows = [f"+8180{index:08},a,{'x' if index % 3 else 1}" for index in range(900)] + ["0800,a,1", "1,2"]
    (folder / "r.csv").write_text("phone,slot,total\n" + "\n".join(rows) + "\n")
    given = ("compile", "spec.yaml", "two.yaml", "--recipients", "r.csv", "-o", "out", "--errors", "bad.json", *way)
    assert here(*given).returncode == 1
    found = json.loads((folder / "bad.json").read_text(encoding="utf-8"))
    assert (found["version"], found["payloads"], found["bad_rows"], len(found["mistakes"])) == (1, 600, 602, 1_204)
    assert found["summary"] == [
        {"code": "PNP603", "rule": "bad-value", "column": "total", "rows": 600, "mistakes": 1_200,
         "first": {"file": "r.csv", "line": 3}},
        {"code": "PNP601", "rule": "bad-table", "column": "", "rows": 1, "mistakes": 2, "first": {"file": "r.csv", "line": 903}},
        {"code": "PNP604", "rule": "bad-phone", "column": "phone", "rows": 1, "mistakes": 2,
         "first": {"file": "r.csv", "line": 902}},
    ]  # fmt: skip
    assert {"error_line", "error_column", "error_code", "error_message", "row"} == found["mistakes"][0].keys()
    assert "+8180" not in (folder / "bad.json").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("table", "code"), [("phone,slot\n+818000001234,a\n", 0), ("slot\na\n", 1), ('phone,slot\n"', 1)]
)
def test_the_counts_are_json_whatever_happens(folder: Path, here: Here, table: str, code: int) -> None:
    (folder / "r.csv").write_text(table)
    done = here("compile", "spec.yaml", "--recipients", "r.csv", "-o", "out", "--errors", "bad.json")
    assert done.returncode == code
    found = json.loads((folder / "bad.json").read_text(encoding="utf-8"))
    assert found["version"] == 1
    assert sum(kind["mistakes"] for kind in found["summary"]) == len(found["mistakes"])
    assert bool(found["summary"]) == bool(code)


@pytest.mark.parametrize("name", ["bad.csv", "bad.jsonl"])
def test_bad_rows_that_no_file_can_hold_are_escaped(folder: Path, here: Here, name: str) -> None:
    (folder / "r.csv").write_bytes("phone,slot\n08000001234,午前中と".encode() + b"\xff\n")
    done = here("compile", "spec.yaml", "--recipients", "r.csv", "--errors", name, "-o", "out.jsonl")
    assert done.returncode == 1
    assert "午前中と\\udcff" in (folder / name).read_text(encoding="utf-8")
    (folder / "r.jsonl").write_text('{"phone": "08000001234", "slot": "\\ud83d", "total": 1}\n')
    done = here("compile", "spec.yaml", "--recipients", "r.jsonl", "--errors", name, "-o", "out.jsonl")
    assert done.returncode == 1
    assert "\\ud83d" in (folder / name).read_text(encoding="utf-8")


def test_an_output_that_was_not_written_is_told(folder: Path, here: Here) -> None:
    (folder / "r.csv").write_text("phone,slot\n08000001234,a\n08000001235," + "b" * 50 + "\n")
    given = ("compile", "spec.yaml", "--recipients", "r.csv", "--fail-fast")
    done = here(*given, "-o", "out.jsonl")
    assert done.returncode == 1
    assert "note: the run ended before its last row: out.jsonl was not written" in done.stderr
    assert not (folder / "out.jsonl").exists()
    assert "was not written" not in here(*given).stderr


def test_a_number_that_no_float_holds_is_none(folder: Path, here: Here) -> None:
    (folder / "spec.yaml").write_text(
        SPEC.replace("total: {type: integer, minimum: 0, maximum: 99999", "total: {type: number")
    )
    (folder / "r.jsonl").write_text('{"phone": "08000001234", "slot": "a", "total": 1e400}\n')
    done = here("compile", "spec.yaml", "--recipients", "r.jsonl")
    assert (done.returncode, done.stdout) == (1, "")
    assert "r.jsonl:1:1: error[PNP601 bad-table]: the number 1e400 is too large" in done.stderr
    (folder / "d.yaml").write_text("{slot: a, total: 1e400}")
    done = here("compile", "spec.yaml", "--data", "d.yaml")
    assert (done.returncode, done.stdout) == (1, "")
    assert "`total` must be a number; found `1e400`" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-o", ""], "pnpc: the value of -o is empty: is a variable of the shell not set?\n"),
        (
            ["-o", "out.jsonl", "--errors", ""],
            "pnpc: the value of --errors is empty: is a variable of the shell not set?\n",
        ),
        (["--where", "recipient.to == 'x'"], "a condition can use only `recipient.index`; found `to`"),
    ],
)
def test_what_can_not_be_meant_is_one_line(folder: Path, here: Here, words: list[str], said: str) -> None:
    (folder / "r.csv").write_text(TABLE)
    done = here("compile", "spec.yaml", "--recipients", "r.csv", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert sorted(one.name for one in folder.iterdir()) == ["r.csv", "spec.yaml"]


@pytest.mark.parametrize("name", ["r.csv", "spec.yaml", "out.jsonl", "-"])
def test_bad_rows_overwrite_nothing(folder: Path, here: Here, name: str) -> None:
    (folder / "r.csv").write_text(BAD)
    done = here("compile", "spec.yaml", "--recipients", "r.csv", "-o", "out.jsonl", "--errors", name)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert (folder / "r.csv").read_text() == BAD


@given(
    st.from_regex(r"(\+81|0)[789]0-?[0-9]{4}-?[0-9]{4}", fullmatch=True),
    st.sampled_from(["phone", "identity", "memo", "n", "deep"]), st.booleans(), st.booleans(),
)  # fmt: skip
def test_bad_rows_hold_no_number(number: str, column: str, jsonl: bool, named: bool) -> None:
    values: dict[str, Any] = {"memo": "a", column: number}
    if column == "n":
        values["n"] = int(number.replace("-", "").lstrip("+"))
    if column == "deep":
        values["deep"] = [{"x": number}]
    kept = BadRows(list(values) if named else None, jsonl=jsonl)
    from pnpc.check.engine import file_diagnostic

    diagnostic = file_diagnostic("bad-phone", says("no number"), "r", nowhere(None), {})
    text = kept.header() + kept.lines(entries(BadRow(0, (diagnostic,)), row(0, **values)))
    digits = "".join(one for one in text if one.isdigit())
    assert number.replace("-", "").lstrip("+")[-8:] not in digits


def test_choices_are_completed(pnpc: Run) -> None:
    words = {"COMP_WORDS": "pnpc compile x --encoding sh", "COMP_CWORD": "4"}
    done = pnpc(_PNPC_COMPLETE="bash_complete", **words)
    assert done.stdout.splitlines() == ["plain,shift_jis"]
    words = {"COMP_WORDS": "pnpc compile x --target ", "COMP_CWORD": "4"}
    assert pnpc(_PNPC_COMPLETE="bash_complete", **words).stdout.split() == ["plain,line", "plain,sinch"]
