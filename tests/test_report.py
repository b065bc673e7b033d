"""What `check` shows to people: frames, summaries, lines; and what holds for every format."""

import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
from conftest import Here
from reports import SPEC, alone, examples, hostile, made, report_of

from pnpc.check.engine import undecodable
from pnpc.report import FORMATS, render
from pnpc.report.report import Report, Summary
from pnpc.rules.rule import shown
from pnpc.text.finding import Edit, Fix, Range, Related
from pnpc.text.source import Position, Source, Span, Undecodable, decode
from pnpc.text.wording import says

UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


@pytest.mark.parametrize(
    ("text", "frame"),
    [
        ("a: 1\nb: «two»\n", ["  |", "2 | b: two", "  |    ^^^"]),
        ("お届け日: «8月10日»(土)", ["  |", "1 | お届け日: 8月10日(土)", "  |           ^^^^^^^"]),
        ("x: 👨‍👩‍👧と«猫»", ["  |", "1 | x: 👨‍👩‍👧と猫", "  |        ^^"]),
        ("x: a👨«\u200d»👩 b", ["  |", "1 | x: a👨\u200d👩 b", "  |     ^^"]),
        ("x: 👍🏽🇯🇵❤️ «ok»", ["  |", "1 | x: 👍🏽🇯🇵❤️ ok", "  |           ^^"]),
        ("x: か\u3099き\u3099 «e\u0301»x", ["  |", "1 | x: か\u3099き\u3099 e\u0301x", "  |         ^"]),
        ("\t猫\ta:«\t»b", ["  |", "1 |     猫  a:  b", "  |           ^^"]),
        ("a: 1\r\nb: «two»\r\n", ["  |", "2 | b: two", "  |    ^^^"]),
        ("a: 1\rb: 1\u2028«two»", ["  |", "2 | b: 1<U+2028>two", "  |             ^^^"]),
        ("a: 1\nb:«»\n", ["  |", "2 | b:", "  |   ^"]),
        ("a: 1\n«»", ["  |", "2 |", "  | ^"]),
        ("«»", ["  |", "1 |", "  | ^"]),
        ("a: «x\n  y\n  z»\n", ["  |", "1 | a: x", "  |    ^"]),
        ("a: 猫«\nb»\n", ["  |", "1 | a: 猫", "  |      ^"]),
        ("a: \u202e\x1b[2J«b»", ["  |", "1 | a: <U+202E><U+001B>[2Jb", "  |                       ^"]),
        ("a: «\x00»", ["  |", "1 | a: <U+0000>", "  |    ^^^^^^^^"]),
        ("\ufeffa: «b»", ["  |", "1 | a: b", "  |    ^"]),
        ("\n" * 99 + "a: «b»", ["    |", "100 | a: b", "    |    ^"]),
        (f"a: «{'z' * 117}»", ["  |", f"1 | a: {'z' * 117}", f"  |    {'^' * 117}"]),
        (f"«a»: {'z' * 118}", ["  |", f"1 | a: {'z' * 115}…", "  | ^"]),
        (f"{'x' * 9000}«BAD»{'y' * 9000}", ["  |", f"1 | …{'x' * 57}BAD{'y' * 58}…", f"  | {' ' * 58}^^^"]),
        (f"{'猫' * 700}«BAD»", ["  |", f"1 | …{'猫' * 57}BAD", f"  | {' ' * 115}^^^"]),
        (f"a: «{'猫' * 3000}»", ["  |", f"1 | …{'猫' * 59}…", f"  |  {'^' * 118}"]),
        ("{" * 5000 + "«»", ["  |", f"1 | …{'{' * 118}", f"  | {' ' * 119}^"]),
    ],
)  # fmt: skip
def test_frame(text, frame):
    plain, spans = shown(text)
    bom = int(plain.startswith("\ufeff"))
    source = Source("a.yaml", plain)
    one = made(source, (spans[0][0] - bom, spans[0][1] - bom))
    head, *rows, blank, summary = render("full", alone(one, source)).splitlines()
    start = one.range.start
    assert head == f"a.yaml:{start.line}:{start.column}: error[PNP204 duplicate-item]: wrong"
    assert rows == frame
    assert (blank, summary) == ("", "1 error in 1 file")


def test_full_of_a_spec():
    assert render("full", report_of(Source("specs/a.yaml", SPEC), passed_over=2, suppressed=1, baselined=3)) == """\
specs/a.yaml:7:31: error[PNP204 duplicate-item]: item `date_002_ja` is already used in this message
   |
 7 |     emphasizedItem: {itemKey: date_002_ja, content: 8月10日}
   |                               ^^^^^^^^^^^
10 |       - {itemKey: date_002_ja, content: 午前}
   |                   ----------- also used here

specs/a.yaml:9:19: warning[PNP218 unlisted-key]: item `日付_002_ja` is not in the catalog, which holds 15 of Japan's 204 items
  |
9 |       - {itemKey: 日付_002_ja, content: 8月10日}
  |                   ^^^^^^^^^^^
  |
  = help: compare it with LINE's page; `catalogs` in pnpc.toml adds your own keys

specs/a.yaml:11:46: error[PNP101 unknown-key]: unknown key `contnt` in `items[2]`
   |
11 |       - {itemKey: price_001_ja, content: 千円, contnt: 百円}
   |                                                ^^^^^^
   |
   = help: allowed here: itemKey, content

2 errors and 1 warning in 1 file; 2 files passed over; 1 suppressed; 3 in the baseline
"""  # fmt: skip


def test_full_with_places_elsewhere_and_fixes():
    source = Source("a.yaml", "key: 猫, key\nx: 1\n")
    same = Related("a.yaml", Range(Position(1, 9), Position(1, 12)), "first\there")
    other = Related("b.yaml", Range(Position(3, 7), Position(3, 9)), "and here")
    fix = Fix(says("rename it"), (Edit(Span(0, 3), "x"),))
    one = made(source, (0, 3), related=(other, same), help="look", fix=fix)
    text = render("full", alone(one, source))
    assert (
        text
        == """\
a.yaml:1:1: error[PNP204 duplicate-item]: wrong
  |
1 | key: 猫, key
  | ^^^
  |          --- first<U+0009>here
  |
  = b.yaml:3:7: and here
  = help: look
  = fix: rename it (pnpc check --fix)

1 error in 1 file; 1 can be fixed with --fix
"""
    )
    assert (
        render("full", alone(one._replace(fix=fix._replace(safe=False), severity="warning")))
        == """\
a.yaml:1:1: warning[PNP204 duplicate-item]: wrong
  = b.yaml:3:7: and here
  = a.yaml:1:9: first<U+0009>here
  = help: look
  = fix: rename it (manually)

1 warning in 1 file
"""
    )
    colored = render("full", alone(one, source), color=True)
    assert re.sub("\x1b\\[[0-9;]*m", "", colored) == text
    assert "\x1b[1;31merror[PNP204 duplicate-item]\x1b[0m" in colored
    assert "\x1b[34m1 |\x1b[0m key" in colored


def test_full_of_bytes_that_are_no_text():
    with pytest.raises(Undecodable) as caught:
        decode("a.yaml", "a: 猫".encode() + b"\xff")
    found = undecodable(caught.value).diagnostics
    text = render("full", Report(found, Summary(1, 1, 0), {"a.yaml": caught.value.source}))
    assert text.splitlines()[1:4] == ["  |", "1 | a: 猫", "  |      ^"]


def test_nothing_wrong():
    clean = Report((), Summary(3, 0, 0), {})
    assert render("full", clean) == "no mistakes in 3 files\n"
    assert [render(name, clean) for name in ("concise", "jsonl", "github")] == ["", "", ""]
    assert json.loads(render("json", clean))["diagnostics"] == []
    assert json.loads(render("sarif", clean))["runs"][0]["results"] == []
    assert json.loads(render("gitlab", clean)) == []
    assert json.loads(render("rdjson", clean))["diagnostics"] == []
    suites = ElementTree.fromstring(render("junit", clean))
    assert [case.attrib["name"] for case in suites.iter("testcase") if not len(case)] == ["pnpc check"]
    assert (suites.attrib["tests"], suites[0].attrib["tests"], suites.attrib["failures"]) == ("1", "1", "0")


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_foreign_gets_out_raw(format):
    for report in (hostile(), examples()):
        text = render(format, report, color=False)
        text.encode("utf-8")
        assert UNSEEN.search(text) is None
        assert text.endswith("\n")


def test_unknown_format():
    with pytest.raises(KeyError):
        render("report", Report((), Summary(0, 0, 0), {}))


def test_concise_is_one_line_each():
    name, text = "a\nb.yaml", "two\r\nlines\t"
    one = made(Source(name, "a: b"), (3, 4), message=text)
    line = "a<U+000A>b.yaml:1:4: PNP204 error two<U+000D><U+000A>lines<U+0009>"
    assert render("concise", alone(one)) == f"{line}\n"
    assert render("concise", alone(one._replace(help="write\none"))) == f"{line} (write<U+000A>one)\n"
    for report in (hostile(), examples()):
        assert len(render("concise", report).splitlines()) == len(report.diagnostics)


def test_a_format_loads_only_what_it_needs():
    program = """
import sys
from pnpc.report import render
from pnpc.report.report import Report, Summary
from pnpc.text.finding import Diagnostic, Range
from pnpc.text.source import Position, Source, Span
assert not {"json", "pnpc.report.full", "pnpc.report.sarif"} & set(sys.modules), "loaded at the start"
def report(text):
    where = Range(Position(1, 1), Position(1, 2))
    one = Diagnostic("PNP204", "duplicate-item", "error", "wrong", "a", "x", where, Span(0, 1))
    return Report((one,), Summary(1, 1, 0), {"a": Source("a", text)})
render("full", report("ascii"))
assert "wcwidth" not in sys.modules, "loaded for ASCII"
render("full", report("漢字"))
assert "wcwidth" in sys.modules
"""
    done = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def _fillers(count: int) -> str:
    bubble = {
        "type": "bubble",
        "body": {
            "type": "box",
            "layout": "vertical",
            "contents": [{"type": "text", "text": "発送"}, *[{"type": "filler"}] * count],
        },
    }
    return json.dumps({"messages": [{"type": "flex", "altText": "発送", "contents": bubble}]}, ensure_ascii=False)


@pytest.mark.parametrize(("count", "lines"), [(3, 3), (4, 4), (9, 4)])
def test_a_rule_with_a_most_is_told_so_often_and_the_rest_counted(
    here: Here, tmp_path: Path, count: int, lines: int
) -> None:
    (tmp_path / "a.json").write_text(_fillers(count), "utf-8")
    done = here("check", "a.json", "--format", "json")
    report = json.loads(done.stdout)
    told = [one for one in report["diagnostics"] if one["code"] == "PNP327"]
    assert len(told) == lines
    assert report["summary"]["warnings"] == count
    assert ("6 more findings of `deprecated` in this file" in told[-1]["message"]) == (count == 9)
