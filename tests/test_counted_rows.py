"""What is counted over the rows of a run: in parts and as a whole it comes to the same."""

import random
from array import array
from collections.abc import Iterator

import pytest

from pnpc.compile.batch import Bad, Made, MadeTotal
from pnpc.compile.formats import json_array
from pnpc.compile.mistakes import Kind, Mistakes
from pnpc.compile.tables import seen
from pnpc.compile.tables.chunks import BadTable
from pnpc.compile.tables.delimiters import DELIMITERS, cause, refuse_other
from pnpc.compile.tables.naming import BadMap, names_of
from pnpc.compile.tables.phones import scrub, scrubbed
from pnpc.compile.tables.picking import BadCondition, RowCondition
from pnpc.compile.tables.recipients import Record
from pnpc.compile.text import SpecErrors, compile_text
from pnpc.compile.units import UnitNames
from pnpc.compile.warnings import Tally, Warned
from pnpc.line.limits import limits
from pnpc.text.finding import Diagnostic, Range
from pnpc.text.source import Position, Span
from pnpc.text.wording import NameList, Quote, says


def at(line: int) -> Range:
    return Range(Position(line, 1), Position(line, 2))


def mistake(code: str, place: str, file: str = "r.csv", line: int = 1, help: str | None = None) -> Diagnostic:
    return Diagnostic(code, f"rule-{code}", "error", f"wrong {code}", file, place, at(line), Span(0, 0), help=help)


def rows(chance: random.Random, count: int) -> list[tuple[list[Diagnostic], int]]:
    """The mistakes of some rows, and their lines."""
    return [
        ([mistake(f"PNP{chance.randint(1, 3)}", chance.choice("abc")) for _ in range(chance.randint(1, 3))], line)
        for line in range(2, count + 2)
    ]


def test_mistakes_counted_in_parts_are_those_of_the_whole() -> None:
    chance = random.Random(7)
    for _ in range(20):
        every = rows(chance, 12)
        whole, merged = Mistakes(), Mistakes()
        for found, line in every:
            whole.add(found, "r.csv", line)
        cut = chance.randint(0, 12)
        for part in (every[:cut], every[cut:]):
            one = Mistakes()
            for found, line in part:
                one.add(found, "r.csv", line)
            merged.merge(one.items())
        assert list(merged) == list(whole)
        assert merged.total == whole.total == sum(len(found) for found, _ in every)
        for kind, count in whole:
            of_kind = [
                (line, sum((one.code, one.path) == (kind.code, kind.place) for one in found)) for found, line in every
            ]
            lines = [line for line, times in of_kind if times]
            assert (count.rows, count.mistakes) == (len(lines), sum(times for _, times in of_kind))
            assert (count.file, count.line) == ("r.csv", lines[0])
        counts = [count.rows for _, count in whole]
        assert counts == sorted(counts, reverse=True)
        first, *_ = whole.value()
        assert list(first) == ["code", "rule", "column", "rows", "mistakes", "first"]
        assert first["rows"] == counts[0]


def test_of_very_many_columns_the_others_are_counted_together() -> None:
    mistakes = Mistakes()
    for line in range(1, 251):
        mistakes.add([mistake("PNP1", f"c{line}"), mistake("PNP1", f"c{line}")], "r.jsonl", line)
    mistakes.add([mistake("PNP1", "c1")], "r.jsonl", 300)
    counts = dict(mistakes)
    others = counts.pop(Kind("PNP1", "rule-PNP1", "(other places)"))
    assert len(counts) == 200
    assert (others.rows, others.mistakes, others.line) == (50, 100, 201)
    assert counts[Kind("PNP1", "rule-PNP1", "c1")].rows == 2
    assert mistakes.total == 501


def warned(code: str, line: int, counts: str = "row", help: str | None = None) -> Warned:
    return Warned((code, ""), "r.csv", at(line), counts, lambda: mistake(code, "", "spec.yaml", 3, help))


def test_warnings_counted_in_parts_are_those_of_the_whole() -> None:
    chance = random.Random(8)
    every = [[warned(f"PNP{chance.randint(1, 3)}", line) for _ in range(chance.randint(0, 3))] for line in range(1, 15)]
    whole, merged = Tally(), Tally()
    for row in every:
        whole.add(row)
    for part in (every[:5], every[5:]):
        one = Tally()
        for row in part:
            one.add(row)
        merged.merge(one.items())
    assert [one.line() for one in merged] == [one.line() for one in whole]
    assert [one.first.code for one in whole] == ["PNP1", "PNP2", "PNP3"]
    for one in whole:
        assert one.rows == sum(one.first.code in {some.key[0] for some in row} for row in every)


def test_a_warning_is_one_line() -> None:
    def line(*lines: int, counts: str = "row", help: str | None = None) -> str:
        tally = Tally()
        for number in lines:
            tally.add([warned("PNP1", number, counts, help)])
        (one,) = tally
        return one.line()

    assert line(4) == "PNP1 in 1 row, first r.csv:4: wrong PNP1 (spec.yaml:3:1)"
    assert line(4, 9) == "PNP1 in 2 rows, first r.csv:4: wrong PNP1 (spec.yaml:3:1)"
    assert line(*range(5, 1505)) == "PNP1 in 1,500 rows, first r.csv:5: wrong PNP1 (spec.yaml:3:1)"
    assert (
        line(4, counts="message", help="do this")
        == "PNP1 in 1 message, first r.csv:4: wrong PNP1 (spec.yaml:3:1); do this"
    )
    assert line(4, counts="") == "PNP1 at r.csv:4: wrong PNP1 (spec.yaml:3:1)"
    (same,) = tally_of(Warned(("PNP1", ""), "r.csv", at(4), "row", lambda: mistake("PNP1", "", "r.csv", 4)))
    assert same == "PNP1 in 1 row, first r.csv:4: wrong PNP1"


def tally_of(*row: Warned) -> Iterator[str]:
    tally = Tally()
    tally.add(row)
    return (one.line() for one in tally)


def test_of_two_warnings_of_a_row_the_first_is_kept() -> None:
    first, second = warned("PNP1", 4, help="first"), warned("PNP1", 4, help="second")
    assert list(tally_of(first, second)) == ["PNP1 in 1 row, first r.csv:4: wrong PNP1 (spec.yaml:3:1); first"]


def test_the_name_of_a_unit_that_is_too_many_is_told_once() -> None:
    most = limits()["aggregationUnits"]["month"]
    names = UnitNames()
    told = [names.add(f"u{number}", number) for number in range(most + 5)]
    assert told == [number == most for number in range(most + 5)]
    assert names.items() == tuple((f"u{number}", number) for number in range(most + 1))
    again = UnitNames()
    texts = [
        b'{"body":{"customAggregationUnits":["u1"]}}',
        b'{"body":{"altText":"\\"customAggregationUnits\\":[\\"x\\"]"}}',
    ]
    again.add_texts(texts, 7)
    again.add_texts([b'{"customAggregationUnits":["u1"]}', b'{"customAggregationUnits":["b_2"]}'], 9)
    assert again.items() == (("u1", 7), ("b_2", 9))
    assert not again.add("u1", 10)


@pytest.mark.parametrize("slots", [8, 64])
def test_recipients_that_repeat_are_counted(slots: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against a set of Python, while the table grows; keys that share their last bits are told apart."""
    monkeypatch.setattr(seen, "_SLOTS", slots)
    chance = random.Random(slots)
    known, there = seen.Seen(), set[int]()
    pool = [chance.getrandbits(64) << 4 & (1 << 64) - 1 or 1 for _ in range(300)] + [slots, 2 * slots, 1, (1 << 64) - 1]
    for _ in range(60):
        keys = array("Q", chance.choices(pool, k=chance.randint(0, 12)))
        expected = [index for index, key in enumerate(keys) if key in there or key in keys[:index]]
        repeats = known.add(keys)
        assert (repeats.count, repeats.first) == (len(expected), expected[0] if expected else -1)
        there.update(keys)


def test_a_key_is_the_first_bits_of_a_digest_and_never_nothing() -> None:
    assert seen.key("0" * 64) == 1
    assert seen.key("0" * 15 + "2" + "f" * 48) == 2
    assert seen.key("f" * 64) == (1 << 64) - 1


@pytest.mark.parametrize(
    ("header", "delimiter", "message", "help"),
    [
        ("a;b;c", ",", "the columns seem to be separated by a semicolon, not by a comma", "use --delimiter semicolon"),
        ("a\tb", ",", "the columns seem to be separated by a tab, not by a comma", "use --delimiter tab"),
        ("a,b|c,d", "|", "the columns seem to be separated by a comma, not by a pipe", "leave --delimiter out"),
        ("名前，電話", ",", "the columns seem to be separated by `，`, a full-width comma", "export the table again, with commas; a value that holds a comma is quoted"),
        ("a；b", ";", "the columns seem to be separated by `；`, a full-width semicolon", "export the table again, with commas; a value that holds a comma is quoted"),
    ],
)  # fmt: skip
def test_another_delimiter_is_told(header: str, delimiter: str, message: str, help: str) -> None:
    with pytest.raises(BadTable) as told:
        refuse_other(header, 3, delimiter)
    assert (str(told.value.message), str(told.value.help), told.value.range.start.line) == (message, help, 3)


@pytest.mark.parametrize("header", ["a", "a,b", "a,b;c", "名前（姓、名）", "a(b，c)", "a，b,c", "a;b,c,d"])
def test_a_header_that_may_be_meant_so_is_taken(header: str) -> None:
    refuse_other(header, 1, ",")


def test_the_cause_of_too_many_or_too_few_fields() -> None:
    assert str(cause("a,b", 1, ",")) == ": is there a comma inside a value without quotes?"
    assert str(cause("a;b", 1, ";")) == ""
    assert str(cause("a、b", -1, ",")) == ": is `、` meant as a separator?"
    assert str(cause("a", -1, ",")) == ""
    assert set(DELIMITERS) == {"comma", "tab", "semicolon", "pipe"}


def test_columns_get_the_names_that_specs_know() -> None:
    known = ("order", "phone", "day")
    assert names_of(["order=No.", "phone=電話"], known) == {
        "No.": "order",
        "電話": "phone",
        "order": "order (of the table)",
        "phone": "phone (of the table)",
    }
    assert names_of(["order=day", "day=order"], known) == {"day": "order", "order": "day"}
    assert names_of(["order=a=b"], known)["a=b"] == "order"
    for pairs, message in (
        (["order"], "`order` is not a mapping: write variable=column"), (["=x"], "`=x` is not a mapping: write variable=column"),
        (["order="], "`order=` is not a mapping: write variable=column"), (["ordr=x"], "no spec has a variable `ordr`; did you mean `order`?"),
        (["zzz=x"], "no spec has a variable `zzz`; there are day, order, phone"), (["order=x", "order=y"], "`order` is mapped twice"),
        (["order=x", "day=x"], "the column `x` is mapped twice: to `order` and to `day`"),
    ):  # fmt: skip
        with pytest.raises(BadMap) as told:
            names_of(pairs, known)
        assert str(told.value) == message


def test_an_array_of_no_payloads_is_one() -> None:
    assert "".join(json_array([])) == "[]\n"


@pytest.mark.parametrize(
    ("condition", "at_fault"),
    [
        ("x", "x"),
        ("a == x", "x"),
        ("a and xyz > 1", "xyz"),
        ("recipient.to == 'a'", "to"),
        ("a b", "b"),
        ("", ""),
    ],
)
def test_what_is_wrong_in_a_condition_on_rows_is_marked(condition: str, at_fault: str) -> None:
    with pytest.raises(BadCondition) as told:
        RowCondition(condition, {}, ("a", "b"))
    assert condition[told.value.start : told.value.end] == at_fault
    assert told.value.start < told.value.end


def row_of(**values: object) -> Record:
    return Record("r.csv", 7, values, "text", lambda _: at(9))


def test_a_condition_on_rows_counts_what_it_saw() -> None:
    declared = {"n": {"type": "integer", "default": 5}}
    condition = RowCondition("n > 3 and other == 'x'", declared, None)
    rows_ = [
        row_of(n="4", other="x"),
        row_of(n="3", other="x"),
        row_of(other="x"),
        row_of(n="", other="x"),
        row_of(n="z", other="x"),
        row_of(n="9", other=""),
    ]
    picked = list(condition.picks(iter(rows_)))
    assert [(record.values.get("n"), record.fault is not None) for record in picked] == [
        ("4", False),
        (None, False),
        ("", False),
        ("z", True),
    ]
    assert condition.picked[:3] == (6, 3, 1)
    assert list(condition.picked.notes()) == ["--where is true for 3 of 6 rows, and can't be evaluated for 1"]
    unknown = RowCondition("nobody == 'x'", {}, None)
    assert list(unknown.picks(iter(rows_))) == []
    assert list(unknown.picked.notes()) == [
        "--where is true for 0 of 6 rows",
        "no row has `nobody`, which --where asks for",
    ]
    with pytest.raises(BadCondition) as told:
        list(RowCondition("other", {}, None).picks(iter(rows_)))
    assert (told.value.start, told.value.end) == (0, 5)
    by_row = RowCondition("recipient.index == 7", {}, ("a",))
    assert len(list(by_row.picks(iter(rows_)))) == 6


def test_the_error_of_a_spec_says_what_its_first_diagnostic_says() -> None:
    with pytest.raises(SpecErrors) as told:
        compile_text("pnpc: 1\nname: x\ncountry: JP\nmessage: {templateKey: shipment_completed_ja, bdy: {}, zzz: 1}\n")
    assert len(told.value.diagnostics) == 2
    assert str(told.value) == told.value.diagnostics[0].message
    assert "`bdy`" in str(told.value)


def test_chunks_added_up_are_one_chunk() -> None:
    """All but the bytes of the lines, which have been written; of bad rows as many as are asked for."""
    chance = random.Random(9)
    for kept in (0, 3, 7, 99):
        total = MadeTotal(kept)
        every = []
        for number in range(4):
            bad = tuple(Bad(row, ()) for row in range(number * 10, number * 10 + chance.randint(0, 5)))
            mistakes, tally = Mistakes(), Tally()
            mistakes.add([mistake("PNP1", "a")], "r.csv", number + 2)
            tally.add([warned(f"PNP{number % 2 + 1}", number + 2)])
            units = ((f"u{number % 3}", number + 2),)
            keys, lines = (array("Q", [chance.randint(1, 99) for _ in range(3)]).tobytes() for _ in range(2))
            every.append(
                Made(
                    b"{}\n",
                    9,
                    3,
                    keys,
                    lines,
                    bad,
                    len(bad) + number,
                    mistakes.items(),
                    tally.items(),
                    units,
                    False,
                    (f"c{number % 2}",),
                    (),
                )
            )
            total.add(every[-1])
        made = total.made([])
        assert (made.text, made.stopped, made.notes) == (b"", False, ())
        assert (made.rows, made.payloads, made.bad_rows) == (36, 12, sum(one.bad_rows for one in every))
        assert (made.keys, made.lines) == (b"".join(one.keys for one in every), b"".join(one.lines for one in every))
        assert made.bad == tuple(bad for one in every for bad in one.bad)[:kept]
        ((_, count),) = made.mistakes
        assert (count.rows, count.line) == (4, 2)
        assert [(key, one.rows, one.range.start.line) for key, one in made.warnings] == [
            (("PNP1", ""), 2, 2),
            (("PNP2", ""), 2, 3),
        ]
        assert made.units == (("u0", 2), ("u1", 3), ("u2", 4))
        assert made.columns == ("c0", "c1")
    empty = MadeTotal(5).made([])
    assert (empty.rows, empty.payloads, empty.bad_rows, empty.keys, empty.bad, empty.mistakes) == (0, 0, 0, b"", (), ())


def test_columns_that_no_spec_knows_are_named_up_to_a_thousand() -> None:
    total = MadeTotal(0)
    for start in (0, 600, 1200):
        columns = tuple(f"c{number}" for number in range(start, start + 600))
        total.add(Made(b"", 1, 1, b"", b"", (), 0, (), (), (), False, columns, ()))
    assert total.made([]).columns == tuple(f"c{number}" for number in range(1000))


def test_a_message_with_numbers_of_people_shows_none_of_them() -> None:
    """In a text, a quoted text, a list of names and a tuple; what is no number stays."""
    number, hidden = "08012345678", scrub("08012345678")
    assert number not in hidden
    message = says(
        "{text} {quote} {names} {some} {count}", text=f"tel {number}", quote=Quote(number), names=NameList(["a", number], " and "),
        some=("b", number), count=5,
    )  # fmt: skip
    assert str(scrubbed(message)) == f"tel {hidden} {hidden} `a` and `{hidden}` b, {hidden} 5"
    plain = says("{names} {count}", names=NameList(["a", "b"], " and "), count=7)
    assert scrubbed(plain) == plain
