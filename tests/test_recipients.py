"""Tables of recipients and phone numbers: well-formed, odd and hostile ones; and `pnpc hash`. (PNP601 to PNP604)"""

import io
import json
import re
from pathlib import Path
from typing import Any

import phonenumbers
import pytest
from conftest import SPEC, Here, tries
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pnpc.compile.formats import jsonl
from pnpc.compile.plan import BadRow
from pnpc.compile.tables.chunks import cut, raw_rows, split, whole_rows
from pnpc.compile.tables.delimiters import DELIMITERS
from pnpc.compile.tables.phones import BadPhone, digest, e164, mask, scrub
from pnpc.compile.tables.recipients import BadTable, Record, Table, limited, lines, read_csv, read_jsonl
from pnpc.compile.tables.seen import Seen, key
from pnpc.compile.tables.values import NotAValue, read
from pnpc.compile.targets import Payload
from pnpc.compile.text import compile_text
from pnpc.line.grammar import patterns

DIGEST = "d41e0ad70dddfeb68f149ad6fc61574b9c5780ab7bcb2fba5517771ffbb2409c"


def records(text: str) -> list[Record]:
    return list(read_csv(lines(io.StringIO(text, newline="")), "r.csv").records)


def at(record: Record, column: str | None) -> tuple[int, int]:
    start = record.locate(column).start
    return start.line, start.column


@pytest.mark.parametrize(
    ("text", "country", "expected"),
    [
        ("+818000001234", None, "+818000001234"),
        ("+81 80-0000-1234", "TW", "+818000001234"),
        ("080-0000-1234", "JP", "+818000001234"),
        ("０８０－００００－１２３４", "JP", "+818000001234"),
        ("(080) 0000.1234", "JP", "+818000001234"),
        ("080ー0000ー1234", "JP", "+818000001234"),
        ("8000001234", "JP", "+818000001234"),  # a spreadsheet took the zero
        ("081 234 5678", "TH", "+66812345678"),
        ("๐๘๑ ๒๓๔ ๕๖๗๘", "TH", "+66812345678"),
        ("0912345678", "TW", "+886912345678"),
    ],
)
def test_a_number_is_read_as_people_write_it(text: str, country: str | None, expected: str) -> None:
    assert e164(text, country) == expected


@pytest.mark.parametrize(
    ("text", "country", "said"),
    [
        ("080-0000-1234", None, "needs its country"),
        ("+14155552671", "JP", "another country"),
        ("0800-0000-12345678", "JP", "16 digits, and a phone number has at most 15"),
        ("080-0000-1234 ext. 5", "JP", "an extension after the phone number"),
        ("tel:+818000001234", "JP", "may hold digits"),
        ("8000001234.0", "JP", "decimal"),
        ("8.0E+9", "JP", "scientific notation: a spreadsheet has changed it"),
        ("8E9", "JP", "scientific notation"),
        ('="08000001234"', "JP", "a spreadsheet's formula"),
        ("'08000001234", "JP", "an apostrophe before the phone number"),
        ("\u200b08000001234", "JP", "an invisible character in the phone number: U+200B (zero width space)"),
        ("\u202a08000001234\u202c", "JP", "U+202A (left-to-right embedding)"),
        ("080\u200e00001234", "JP", "U+200E (left-to-right mark)"),
        ("", "JP", "empty"),
        ("+", "JP", "a text without digits instead of a phone number"),
        ("1" * 5000, "JP", "5,000 digits, and a phone number has at most 15"),
        ("+81\x00", "JP", "U+0000 (control character)"),
    ],
)
def test_what_is_no_number_is_told_without_it(text: str, country: str | None, said: str) -> None:
    with pytest.raises(BadPhone) as caught:
        e164(text, country)
    assert said in str(caught.value.message)
    assert not re.search(r"(?<!U\+)\d{4}", str(caught.value.message))


def test_lines_own_vector() -> None:
    assert digest(e164("+818000001234", None)) == DIGEST


def test_masks() -> None:
    assert (mask("+818000001234"), mask("12345")) == ("…34", "…")
    assert scrub("on 2024-08-10 call 080-0000-1234 or ０８０００００１２３４") == "on 2024-08-10 call …34 or …３４"


@pytest.mark.parametrize(
    ("text", "type", "value"),
    [
        ("12", "integer", 12), ("12.0", "integer", 12), ("-3", "integer", -3), ("1.5", "number", 1.5), ("1e3", "number", 1000.0),
        ("true", "boolean", True), ("FALSE", "boolean", False), ("no", "string", "no"), ("[1]", "array", [1]), ('{"a":1}', "object", {"a": 1}),
    ],
)  # fmt: skip
def test_text_becomes_the_declared_type(text: str, type: str, value: object) -> None:
    assert read(text, type) == value


@pytest.mark.parametrize(
    ("text", "type"),
    [
        ("1,200", "integer"), ("012", "integer"), ("1.5", "integer"), ("９", "integer"), ("9" * 400, "integer"), ("1e999", "number"),
        ("nan", "number"), ("yes", "boolean"), ("{}", "array"), ("[1,]", "array"), ("[NaN]", "array"), ('{"a":1,"a":2}', "object"),
        ("[" * 100_000, "array"), ("[" + "9" * 5000 + "]", "array"),
    ],
)  # fmt: skip
def test_text_of_another_type_is_refused(text: str, type: str) -> None:
    with pytest.raises(NotAValue):
        read(text, type)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_fields_know_their_places(newline: str) -> None:
    text = newline.join(["phone,名前,n", "1,山田,2", "", '3,"a""b,', 'c",4', "5,6,7"])
    first, second, third = records(text)
    assert [at(first, None), at(first, "名前"), at(first, "n")] == [(2, 1), (2, 3), (2, 6)]
    assert [at(second, None), at(second, "名前"), at(second, "n")] == [(4, 1), (4, 3), (5, 4)]
    assert second.values["名前"] == f'a"b,{newline}c'
    assert (third.row, at(third, "n")) == (2, (6, 5))


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=3, max_size=3), min_size=1, max_size=6
    )
)
@settings(max_examples=tries(60))
def test_any_field_survives_and_is_found(table: list[list[str]]) -> None:
    text = "a,b,c\n" + "".join(",".join('"' + one.replace('"', '""') + '"' for one in row) + "\r\n" for row in table)
    found = records(text)
    table = [row for row in table if any(row)]  # a row without a character in its fields is no row
    assert [list(one.values.values()) for one in found] == table
    split = re.split(r"(?<=\n)|(?<=\r)(?!\n)", text)
    for one in found:
        for column in "abc":
            line, character = at(one, column)
            assert split[line - 1][character - 1] == '"'


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("1,2", "2 fields, but the header has 3"),
        ("1,2,3,4", "4 fields, but the header has 3"),
        ('1,"2"x,3', "text after a closing quote"),
        ('1,"' + "x" * 140_000 + '",3', "a field of more than 131,072 characters"),
        ("1,\udc83\udc8f,3", "byte 0x83 is not UTF-8"),
    ],
)
def test_a_broken_row_stops_no_other(row: str, message: str) -> None:
    first, broken, last = records(f"a,b,c\n1,2,3\n{row}\n4,5,6\n")
    assert (first.fault, last.fault, last.row, at(last, None)[0]) == (None, None, 2, 4)
    assert broken.fault is not None
    assert message in str(broken.fault.message)
    assert broken.fault.range.start == (3, 1)


def test_an_open_quote_is_told_once() -> None:
    (only,) = records('a,b\n1,"2\n' + "3,4\n" * 100)
    assert only.fault is not None
    assert (
        str(only.fault.message)
        == "a quote that opens in this row is never closed; it takes in 101 lines: close it, or write a quote that belongs to the value twice"
    )
    assert only.fault.range.start == (2, 1)


def test_a_quote_that_swallows_the_table_ends_the_run_where_it_opens() -> None:
    """Also where another quote closes it thousands of rows later: what it took in is no field."""
    for end in ("", '1,"2"\n'):
        with pytest.raises(BadTable) as caught:
            records('a,b\n1,2\n1,"2\n' + "3,4\n" * 7_282 + end)
        assert str(caught.value.message).startswith("a quote that opens in this row is never closed")
        assert caught.value.range.start == (3, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('1,"2\n3,4\n5,"6"\n7,8\n', "text after a closing quote in a row of 3 lines (is a quote missing?)"),
        ('1,"2\n3,4\n5,6",7\n7,8\n', "3 fields, but the header has 2 in a row of 3 lines (is a quote missing?)"),
        ('1,"2"x\n7,8\n', "text after a closing quote; a quote inside quotes is written twice"),
        ("1,2,3\n7,8\n", "3 fields, but the header has 2"),
    ],
)
def test_a_row_of_many_lines_is_told_as_such(text: str, said: str) -> None:
    first, second = records("a,b\n" + text)
    assert first.fault is not None
    assert str(first.fault.message).startswith(said)
    assert (second.fault, second.values) == (None, {"a": "7", "b": "8"})


@pytest.mark.parametrize(("name", "character"), sorted(DELIMITERS.items()))
def test_a_table_has_one_delimiter_and_it_is_named(name: str, character: str) -> None:
    def table(delimiter: str) -> Table:
        text = character.join(["phone", "name", "n"]) + "\n" + character.join(["1", '"a b"', "2,3"]) + "\n"
        text = text.replace("2,3", '"2,3"')
        return read_csv(lines(io.StringIO(text, newline="")), "r.csv", delimiter=delimiter)

    (only,) = table(character).records
    assert dict(only.values) == {"phone": "1", "name": "a b", "n": "2,3"}
    assert at(only, "n") == (2, 9)
    for other in DELIMITERS.values():
        if other != character:
            with pytest.raises(BadTable, match=f"separated by a {name}, not by a ") as caught:
                table(other)
            assert str(caught.value.help) == ("leave --delimiter out" if name == "comma" else f"use --delimiter {name}")


@given(
    st.lists(st.sampled_from(["1,2\n", ",\n", ",\r\n", '"",\n', " ,\n", "\n", '3,"4"\n', ',,"x"\n']), max_size=12),
    st.integers(1, 9),
)
def test_rows_without_a_value_are_passed_over_and_told(rows: list[str], size: int) -> None:
    """Rows keep the same numbers as if those of delimiters alone were blank lines; how they are cut changes nothing."""
    said: list[str] = []
    every = split("a,b\n" + "".join(rows))
    blocks = ["".join(every[at : at + size]) for at in range(0, len(every), size)]
    found = list(read_csv(blocks, "r.csv", tell=said.append).records)
    blank = [row.strip("\r\n") in (",", '"",', "") for row in rows]
    assert [one.locate(None).start.line for one in found] == [line for line, empty in enumerate(blank, 2) if not empty]
    assert [one.row for one in found] == list(range(len(found)))
    told_of = [line for line, row in enumerate(rows, 2) if row.strip("\r\n") == ","]
    assert len(said) == bool(told_of)
    if told_of:
        assert said[0].startswith(f"{len(told_of)} row")
        assert said[0].endswith(f"skipped (first: line {told_of[0]})")
    with pytest.raises(BadTable):
        records('a,b\n1,"' + "\n" * 20_000)


@pytest.mark.parametrize("header", ["a,,c", "a,b,a", 'a,"b', "a,\udc83"])
def test_a_header_that_is_none_is_refused(header: str) -> None:
    with pytest.raises(BadTable) as caught:
        records(header + "\n1,2,3\n")
    assert caught.value.range.start.line == 1


def test_a_jsonl_record_knows_its_keys() -> None:
    text = '{"phone": "1", "名前": "2"}\n\n[]\n{"a":\n{"b": NaN}\n'
    first, *broken = read_jsonl(lines(io.StringIO(text, newline="")), "r.jsonl").records
    assert (at(first, "名前"), at(first, None), first.row) == ((1, 16), (1, 1), 0)
    assert [(one.row, at(one, None)[0], one.fault is not None) for one in broken] == [
        (1, 3, True),
        (2, 4, True),
        (3, 5, True),
    ]


def test_a_line_has_an_end() -> None:
    with pytest.raises(BadTable):
        records("a,b\n" + "x" * 5_000_000)


@given(st.lists(st.integers(0, 3000), max_size=4000))
@settings(max_examples=tries(20))
def test_repeats_are_found(numbers: list[int]) -> None:
    seen, known = Seen(), set[int]()
    for number in numbers:
        assert seen.add((key(digest(str(number))),)).count == (number in known)
        known.add(number)


@given(
    st.lists(
        st.sampled_from(["a,b\n", '"x","y\n', 'z"\r\n', "\n", '1,"2"3\n', 'p"q,r\n', '""\r', "\r\n", "k,l"]),
        max_size=30,
    ),
    st.lists(st.integers(1, 4), min_size=1, max_size=5),
)
@settings(max_examples=tries(300))
def test_a_table_may_be_cut_anywhere(text: list[str], sizes: list[int]) -> None:
    """Chunks of records, whatever the blocks in which the text came, are read as the text is read at once."""
    text = [one if one.endswith(("\n", "\r")) else one + "\n" for one in text]
    every = split("".join(text))
    blocks, rest, turn = [], list(every), 0
    while rest:
        size = sizes[turn % len(sizes)]
        blocks.append("".join(rest[:size]))
        rest, turn = rest[size:], turn + 1
    whole = list(raw_rows(every))
    row, found = 0, []
    for chunk in cut(blocks, whole_rows, 0):
        mine = list(raw_rows(chunk.lines))
        assert (chunk.row, chunk.records) == (row, len(mine))
        row += len(mine)
        found += [(fields, fault, chunk.line - 1 + start, chunk.line - 1 + end) for fields, fault, start, end in mine]
    assert found == whole


@given(st.text("ab\r\n", max_size=60), st.integers(1, 5))
@settings(max_examples=tries(200))
def test_lines_stay_whole_however_they_are_read(text: str, size: int) -> None:
    class Stream(io.StringIO):
        def read(self, _size: int | None = -1, /) -> str:
            return super().read(size)

    found = list(lines(Stream(text, newline="")))
    assert [line for one in found for line in split(one)] == split(text)


@pytest.mark.parametrize("most", [1, 2, 3, 4, 5, 9])
def test_a_table_can_be_limited(most: int) -> None:
    text = 'a,b\n1,2\n\n3,"4\n5"\n6,7,8\n9,10\n'
    table = limited(read_csv(lines(io.StringIO(text, newline="")), "r.csv"), most)
    assert [(one.row, at(one, None)[0]) for one in table.records] == [(0, 2), (1, 4), (2, 6), (3, 7)][:most]


HOSTILE = {
    "nul": b"phone,slot\n+818000001234,a\x00b\n",
    "bare nul": b"\x00",
    "utf-16": "phone,slot\n1,2\n".encode("utf-16"),
    "shift_jis": "phone,slot\n+818000001234,午前\n".encode("shift_jis"),
    "no header": b"+818000001234,x\n+818000001235,y\n",
    "binary": bytes(range(256)) * 50,
    "quotes": b'phone,slot\n"""""",""\n"',
    "ragged": b"phone,slot\n1\n1,2,3\n,,,,\n",
    "one long line": b"phone,slot\n" + b"x" * 5_000_000,
    "wide": b"phone,slot" + b",x" * 50_000 + b"\n",
    "escapes": b"phone,slot\n\x1b[31m,\x1b]0;hi\x07\n",
}


@pytest.mark.parametrize("format", ["csv", "jsonl"])
@pytest.mark.parametrize("name", list(HOSTILE))
def test_hostile_tables_end_in_words(tmp_path: Path, here: Here, name: str, format: str) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC)
    done = here("compile", "spec.yaml", "--recipients", "-", "--recipients-format", format, input=HOSTILE[name])
    assert done.returncode in (1, 2)
    assert done.stdout == ""
    assert done.stderr
    assert "\x1b" not in done.stderr
    assert "8000001" not in done.stderr


@pytest.mark.parametrize("prefix", [b"", b"\xef\xbb\xbf"])
def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path: Path, here: Here, prefix: bytes) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC)
    (tmp_path / "r.csv").write_bytes(prefix + "phone,slot\r\n+818000001234,午前\r\n".encode())
    (tmp_path / "r.ndjson").write_bytes(prefix + '{"phone":"+818000001234","slot":"午前"}\r\n'.encode())
    made = [here("compile", "spec.yaml", "--recipients", name) for name in ("r.csv", "r.ndjson")]
    assert [one.returncode for one in made] == [0, 0]
    first, second = (json.loads(one.stdout) for one in made)
    assert (first.pop("origin")["row"], second.pop("origin")["row"]) == ("r.csv:2", "r.ndjson:1")
    assert first == second


def test_missing_columns_are_told_once(tmp_path: Path, here: Here) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC)
    done = here(
        "compile", "spec.yaml", "--recipients", "-", "--recipients-format", "csv", input="Phone,slott\n" + "1,2\n" * 10
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("PNP602") == 2
    assert "did you mean `slott`" in done.stderr


def test_phone_and_to_must_agree(tmp_path: Path, here: Here) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC)
    table = (
        f"to,phone,slot\n{DIGEST},080-0000-1234,a\n{DIGEST},080-0000-1235,b\n{DIGEST},,c\n,,d\n{DIGEST.upper()},,e\n"
    )
    done = here("compile", "spec.yaml", "--recipients", "-", "--recipients-format", "csv", input=table)
    assert len(done.stdout.splitlines()) == 2
    for line in ("3:1: error[PNP604", "5:2: error[PNP602", "6:1: error[PNP210"):
        assert f"standard input:{line}" in done.stderr, done.stderr


def test_a_number_without_quotes_is_no_phone() -> None:
    (result,) = compile_text(SPEC, recipients=[{"phone": 8000001234, "slot": "a"}])
    assert isinstance(result, BadRow)
    assert [one.code for one in result.diagnostics] == ["PNP604"]


def test_a_pattern_cant_hang(tmp_path: Path, here: Here) -> None:
    (tmp_path / "spec.yaml").write_text(
        SPEC.replace("maxLength: 20", 'maxLength: 200, pattern: "^(a+)+$"').replace("午前中", "aaa")
    )
    table = "phone,slot\n" + "".join(f"+8180000012{one:02},{'a' * 60}b\n" for one in range(40)) + "+818000001299,aaa\n"
    done = here("compile", "spec.yaml", "--recipients", "-", "--recipients-format", "csv", input=table)
    assert done.returncode == 1
    assert "takes more than 1 second" in done.stderr or "must match" in done.stderr


def test_a_pattern_that_is_given_up_is_still_held_to_short_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those are settled in no time, and by the fast way too."""
    monkeypatch.setattr(patterns, "SECONDS", 0.05)
    spec = SPEC.replace("maxLength: 20", 'maxLength: 2000, pattern: "a.*b.*c.*d.*e.*f!"')
    spec = spec.replace("午前中", '"abcdef!"').replace("{{ slot }}", "{{ slot | truncate(9) }}")
    slow = {"to": DIGEST, "slot": "abcdef" * 300}
    *_, given_up, good, bad = compile_text(
        spec, recipients=[slow] * 4 + [{**slow, "slot": one} for one in ("abcdef!", "a")]
    )
    assert isinstance(given_up, BadRow)
    assert "took too long on 3 values before" in given_up.diagnostics[0].message
    assert isinstance(good, Payload)
    assert isinstance(bad, BadRow)


@pytest.mark.parametrize(
    ("step", "good", "bad"), [("0.5", 10**400, None), ("7.5", 75 * 10**400, 10**400 + 1)], ids=["half", "more"]
)
def test_a_number_too_large_to_divide_is_judged(step: str, good: int, bad: int | None) -> None:
    spec = SPEC.replace(
        "type: string, maxLength: 20, example: 午前中", f"type: integer, multipleOf: {step}, example: 15"
    )
    spec = spec.replace("{{ slot }}", "{{ 'a' if slot else 'b' }}")
    found = list(compile_text(spec, recipients=[{"to": DIGEST, "slot": one} for one in (good, bad)]))
    assert isinstance(found[0], Payload)
    assert isinstance(found[1], BadRow)


@pytest.mark.parametrize(
    ("format", "good", "bad"),
    [
        ("date", "2024-02-29", "2023-02-29"), ("time", "14:30", "25:00"), ("date-time", "2024-08-10T14:30:00+09:00", "2024-08-10"),
        ("uri", "https://example.com/a", "example.com"), ("hostname", "example.com", "exa mple"), ("email", "a@example.com", "a"),
        ("uuid", "123e4567-e89b-12d3-a456-426614174000", "123"), ("ipv4", "192.0.2.1", "192.0.2"),
    ],
)  # fmt: skip
def test_formats_are_held(format: str, good: str, bad: str) -> None:
    spec = SPEC.replace("maxLength: 20, example: 午前中", f'maxLength: 100, format: {format}, example: "{good}"')
    first, second = compile_text(spec, recipients=[{"to": DIGEST, "slot": good}, {"to": DIGEST, "slot": bad}])
    assert isinstance(first, Payload)
    assert isinstance(second, BadRow)


def test_nested_values_are_held() -> None:
    spec = SPEC.replace(
        "slot: {type: string, maxLength: 20, example: 午前中}",
        "slot: {type: object, properties: {a: {type: array, items: {type: integer, minimum: 1}}}, required: [a], example: {a: [1]}}",
    ).replace("{{ slot }}", "{{ slot.a[0] }}")
    good, low, half = compile_text(
        spec, recipients=[{"to": DIGEST, "slot": one} for one in ({"a": [7]}, {"a": [7, 0]}, {"a": ["\ud83d"]})]
    )
    assert isinstance(good, Payload)
    assert good.body["body"]["items"][0]["content"] == "7"
    assert isinstance(low, BadRow)
    assert low.diagnostics[0].message == "`slot.a[1]` must be at least 1; found `0`"
    assert isinstance(half, BadRow)
    assert half.diagnostics[0].message == "`slot` holds the character U+D83D"


def _number(digits: str) -> str:
    return phonenumbers.format_number(phonenumbers.parse("+81" + digits), phonenumbers.PhoneNumberFormat.NATIONAL)


@given(
    st.from_regex(r"[789]0[0-9]{8}", fullmatch=True), st.sampled_from(["+81{}", "0{}", "{}", "０{}", "+1{}", "0{}9", "x{}"]),
    st.booleans(), st.sampled_from(["phone", "slot", "memo"]),
)  # fmt: skip
@example("8000001234", "0{}", True, "slot")
@settings(max_examples=tries(200))
def test_no_output_holds_a_number(digits: str, form: str, formatted: bool, column: str) -> None:
    number = form.format(digits) if not formatted else _number(digits)
    values: dict[str, Any] = {"phone": "+818000001234", "slot": "a" * 30, "memo": "b", column: number}
    if column == "slot":
        values["slot"] = number + " " + "x" * 30  # the value is refused, and the message speaks of it
    if column == "phone":
        del values["slot"]
    texts = []
    spec = SPEC.replace("maxLength", "pattern: '^午', maxLength")
    for result in compile_text(spec, recipients=[values, {**values, "slot": "午前"}]):
        if isinstance(result, Payload):
            texts += jsonl([result])
        else:
            texts += [f"{one.message} {one.help} {one.related}" for one in result.diagnostics]
    assert texts
    for text in texts:
        without = re.sub(
            r"[^0-9]", "", re.sub(r"[0-9a-f]{32,64}", "", text).translate({0xFF10 + one: str(one) for one in range(10)})
        )
        assert digits not in without


def test_columns_of_a_table_without_header_are_not_repeated(tmp_path: Path, here: Here) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC)
    table = "phone,slot,080-0000-9876\n080-0000-9875,a,b\n"
    done = here("compile", "spec.yaml", "--recipients", "-", "--recipients-format", "csv", input=table)
    assert done.returncode == 0
    assert "`…76`" in done.stderr
    assert "9876" not in done.stderr


def test_hash(here: Here) -> None:
    done = here("hash", "+818000001234")
    assert (done.returncode, done.stdout, done.stderr) == (0, DIGEST + "\n", "")
    lines_in = "080-0000-1234\nsecret 080-1111-2222\n０８０００００１２３４\n"
    done = here("hash", "--country", "JP", input=lines_in)
    assert (done.returncode, done.stdout) == (1, f"{DIGEST}\n\n{DIGEST}\n")
    assert done.stderr.startswith("line 2: ")
    assert done.stderr.count("\n") == 1
    assert "1111" not in done.stderr
    assert here("hash", input=b"\xff\xfe\n").returncode == 1


def test_hash_as_json_and_by_force(here: Here) -> None:
    done = here("hash", "--json", "+818000001234", "+14155552671")
    first, second = map(json.loads, done.stdout.splitlines())
    assert first == {"number": 1, "to": DIGEST}
    assert second["number"] == 2
    assert "another country" in second["error"]
    done = here("hash", "--force", "+14155552671")
    assert (done.returncode, done.stdout) == (0, digest("+14155552671") + "\n")
    assert here("hash", "--force", "+811").returncode == 1


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1,200", "1200"),
        ("１２００", "1200"),
        ("1200円", "1200"),
        ("¥12,000", "12000"),
        ("฿5", "5"),
        ("1,2", None),
        ("many", None),
    ],
)
def test_a_number_as_people_write_it_is_told_as_the_number_to_write(written: str, meant: str | None) -> None:
    with pytest.raises(NotAValue) as caught:
        read(written, "integer")
    assert (f": write {meant};" in str(caught.value.message)) is (meant is not None), caught.value.message
