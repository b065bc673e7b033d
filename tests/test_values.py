"""Rules judge values: the same text, from a spec or from a row, gets the same verdict, on the fast way as on the slow."""

import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import specs
from conftest import Here, tries
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

import pnpc
from pnpc import rules
from pnpc.compile.fast.code import Calm
from pnpc.compile.fast.word_search import can_be_of, is_plain, rough_searcher, searcher
from pnpc.compile.formats import jsonl
from pnpc.compile.plan import BadRow, Plan, RowOutcome
from pnpc.compile.tables.recipients import Record
from pnpc.compile.targets import Payload
from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.line import policy
from pnpc.rules import rule as rule_module
from pnpc.rules.listing import ALL, Listed
from pnpc.rules.rule import Rule, looks_at
from pnpc.text.finding import Finding, Place, Range
from pnpc.text.source import Position
from pnpc.text.wording import says

DIGEST = "d41e0ad70dddfeb68f149ad6fc61574b9c5780ab7bcb2fba5517771ffbb2409c"
FREE = {"type": "string", "maxLength": 900}
# Of any of these a rule may have something to say, or look twice.
HOSTILE = [
    "クーポン", "ｸｰﾎﾟﾝ", "セールス", "ＳＡＬＥ", "SALE", "wholesale", "a sale!", "50% off", "don’t miss out", "GIẞ sale", "İ sale", "限時優惠", "คูปอง",
    "http://localhost/x", "http://a.jp", "https://a.jp/film.mp4", "https://a.jp/film.mp4?x=1", "https://bit.ly/a", "https://a.jp/?email=x", "https://a.jp/a.html",
    "https://a.jp/?a=1&id=A-1", "javascript:alert(1)", "https://", "https://a.jp/日本", "https://a.jp/%zz", "https://a.jp:0/", "www.a.jp", "//a.jp/x", "https:/a.jp/x",
    "1200", "1200円", "¥5", "12 USD", "スープ", "（冷凍）", "a b", ".png", "x.mp4", "?tel=1", "&mail=2", "#", "..", "", " ", "A1B2C3",
]  # fmt: skip
TEXTS = st.sampled_from(HOSTILE) | st.lists(st.sampled_from(HOSTILE), min_size=2, max_size=2).map("".join)


def template(text: str, amount: str, url: str, **more: Any) -> dict[str, Any]:
    """A spec of the template kind with these texts."""
    items = [{"itemKey": "number_001_ja", "content": text}, {"itemKey": "price_001_ja", "content": amount}]
    body = {"items": items, "buttons": [{"buttonKey": "check_details_ja", "url": url}]}
    message = {"templateKey": "shipment_completed_ja", "body": body}
    return {"pnpc": 1, "name": "any", "country": "JP", "message": message, **more}


def flexible(text: str, amount: str, url: str, **more: Any) -> dict[str, Any]:
    """The same of the flexible kind."""
    action = {"type": "uri", "label": "見る", "uri": url}
    lines = [{"type": "text", "text": one} for one in (text, amount)]
    button = {"type": "button", "action": action}
    body = {"type": "box", "layout": "vertical", "contents": [*lines, button]}
    flex = {"type": "flex", "altText": "お知らせ", "contents": {"type": "bubble", "body": body}}
    return {"pnpc": 1, "name": "any", "country": "JP", "message": {"messages": [flex]}, **more}


KINDS = {"template": template, "flexible": flexible}
VARIABLES = {"text": FREE, "amount": FREE, "url": FREE}


@lru_cache(maxsize=8)
def plan_of(text: str) -> Plan:
    return specs.plan_of(text)


def outcome_of(plan: Plan, values: dict[str, str], row: int = 0) -> RowOutcome:
    where = Range(Position(row + 2, 1), Position(row + 2, 1))
    return plan.outcome(Record("r.csv", row, {"to": DIGEST, **values}, "text", lambda _: where))


def verdicts(outcome: RowOutcome) -> set[tuple[str, str, str]]:
    found = [one.diagnostic() for one in outcome.warnings]
    if isinstance(outcome.result, BadRow):
        found += outcome.result.diagnostics
    return {(one.code, one.severity, one.path) for one in found}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [one for one in HOSTILE if one.strip()])
def test_a_row_is_judged_as_the_same_text_in_a_spec(kind: str, value: str) -> None:
    make = KINDS[kind]
    for place in VARIABLES:
        values = {"text": "ok", "amount": "1円", "url": "https://a.jp/", place: value}
        written = {
            (one.code, one.severity, one.path)
            for one in pnpc.check_text(json.dumps(make(**values), ensure_ascii=False))
        }
        plan = plan_of(json.dumps(make("{{ text }}", "{{ amount }}", "{{ url }}", variables=VARIABLES)))
        found = verdicts(outcome_of(plan, values))
        errors = {one for one in written if one[1] == "error"}
        assert found == (errors or written) if errors else found == written, (place, value)


SHAPES = [
    "{{ text }}",
    "番号 {{ text }}",
    "{{ text }}円",
    "{{ text }}{{ amount }}",
    "お得 {{ amount }}",
    "{{ text | truncate(9) }}",
]
LINKS = ["{{ url }}", "https://shop.example.com/{{ url }}", "https://shop.example.com/a/{{ url | urlencode }}", "https://a.jp/a.{{ url }}",
         "https://shop.example.com/?id={{ url | urlencode }}&x=1", "https://{{ url }}/a", "https://a.jp/?{{ url | urlencode }}=1", "https://a.jp/a.mp4?id={{ url | urlencode }}"]  # fmt: skip


@given(
    st.sampled_from(SHAPES), st.sampled_from(SHAPES), st.sampled_from(LINKS), st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=4, max_size=4)
)  # fmt: skip
@settings(max_examples=tries(50), phases=(Phase.explicit, Phase.generate))
@example("{{ text }}", "{{ text }}円", "https://a.jp/a.{{ url }}", [("a", "b", "mp4"), ("a", "b", "SALE")])
@example("{{ text }}", "{{ text }}円", "https://a.jp/?{{ url | urlencode }}=1", [("a", "b", "tel")])
def test_the_fast_way_takes_no_row_of_which_a_rule_speaks(
    text: str, amount: str, url: str, rows: list[tuple[str, str, str]]
) -> None:
    plan = plan_of(json.dumps(template(text, amount, url, variables=VARIABLES)))
    columns = ("to", *VARIABLES)
    fast = plan.fast().rows(columns, "r.csv")
    for row, values in enumerate(rows):
        outcome = outcome_of(plan, dict(zip(VARIABLES, values, strict=True)), row)
        made = fast([DIGEST, *values], row, row + 2) if fast else None
        if made is not None:
            assert isinstance(outcome.result, Payload)
            assert not outcome.warnings
            assert made[1] == next(jsonl([outcome.result])).encode()
        if isinstance(outcome.result, Payload):
            body = {name: value for name, value in outcome.result.body.items() if name != "to"}
            judged = plan._message._judge.judge(body, None, None, {})
            assert {rule for (rule, _), *_ in outcome.warnings} == {one.finding.rule for one in judged}


@given(TEXTS, st.text(alphabet="saleSALEﾎﾟクーポン %oOfFßẞİıſﬁ'’\n", max_size=8))
def test_a_search_for_words_misses_none(text: str, more: str) -> None:
    words = {word.folded for group in policy.words().values() for word in group}
    whole = text + more
    if policy.advertising(whole) and is_plain(whole):
        assert searcher(words)(whole.lower())
    if is_plain(whole) and searcher(words)(whole.lower()):
        assert rough_searcher(words)(whole.lower())
        assert any(can_be_of(word, set(whole.lower())) for word in words)


@pytest.mark.parametrize("shape", ["{{ text }}", "{{ text }} 様", "{{ count }} 円"])
def test_a_text_with_a_space_or_digits_alone_is_looked_at_no_further(
    monkeypatch: pytest.MonkeyPatch, shape: str
) -> None:
    """That it is no blank text, and has no word of advertising, is seen from its characters."""
    variables = {"text": {"type": "string", "maxLength": 30}, "count": {"type": "integer", "minimum": 0}}
    monkeypatch.setattr(Calm, "ask", lambda _calm, text: pytest.fail(f"asked of {text!r}"))
    plan = plan_of(json.dumps(template(shape, "1円", "https://a.jp/", variables=variables)))
    fast = plan.fast().rows(("to", *variables), "r.csv")
    for name in ("山田 太郎", "Taro Yamada", "A1 B2 C3"):
        assert fast is not None
        assert fast([DIGEST, name, "1234"], 0, 2) is not None


def speaks_of(word: str) -> Any:
    def check(notice: Notice, _context: Context) -> Iterator[Finding]:
        for item in notice.all_items():
            if item.content is not None and word in item.content.text:
                yield Finding(Place(item.content.path), says("it holds {word}", word=word))

    return check


def invent(monkeypatch: pytest.MonkeyPatch, severity: Any, **more: Any) -> None:
    """A rule as CONTRIBUTING tells how to write one: a line in the list, and a file."""
    rule = Rule(
        "PNP799",
        "invented",
        severity,
        "No text holds ZZZ.",
        "It is invented.",
        "nobody",
        check=speaks_of("ZZZ"),
        **more,
    )
    listed = Listed(rule.code, rule.name, "template")
    monkeypatch.setattr(rules, "ALL", (*ALL, listed))
    monkeypatch.setattr(rules, "_behind", {})
    for word in (rule.code, rule.name):
        monkeypatch.setitem(rules._BY_NAME, word, listed)
    monkeypatch.setitem(rules._loaded, rule.name, rule)


@pytest.mark.parametrize("severity", ["error", "warning"])
@pytest.mark.parametrize("quick", [False, True])
def test_a_new_rule_runs_at_both_places(monkeypatch: pytest.MonkeyPatch, severity: str, quick: bool) -> None:
    more = {"values": looks_at(content=rule_module.Test(lambda text: "ZZZ" in text))} if quick else {}
    invent(monkeypatch, severity, **more)
    made = json.dumps(template("{{ text }}", "1円", "https://a.jp/", variables={"text": FREE}))
    plan = specs.plan_of(made)
    fast = plan.fast().rows(("to", "text"), "r.csv")
    assert (fast is not None) == quick
    if fast is not None:
        assert fast([DIGEST, "a"], 0, 2)
        assert fast([DIGEST, "aZZZ"], 0, 2) is None
    assert verdicts(outcome_of(plan, {"text": "a"})) == set()
    told = {("PNP799", severity, "message.body.items[0].content")}
    assert verdicts(outcome_of(plan, {"text": "aZZZ"})) == told
    written = pnpc.check_text(json.dumps(template("aZZZ", "1円", "https://a.jp/")))
    assert {(one.code, one.severity, one.path) for one in written} == told


SPEC = """\
pnpc: 1
name: any
country: JP
variables:
  text: {type: string, maxLength: 100, example: a}
  url: {type: string, maxLength: 100, example: "https://shop.example.com/"}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: number_001_ja, content: "{{ text }}"}
    buttons:
      - {buttonKey: check_details_ja, url: "{{ url }}"}
"""
GOOD, FILM, LOCAL = "https://shop.example.com/a", "https://shop.example.com/film.mp4", "http://localhost/x"


def table(rows: int) -> str:
    """Every tenth row leads to a film from the third on, row 5 to this machine; row 7 nowhere."""
    lines = ["phone,text,url\n"]
    for row in range(rows):
        url = {5: LOCAL, 7: "javascript:alert(1)"}.get(row, FILM if row % 10 == 2 else GOOD)
        lines.append(f"0800000{row % 10_000:04},A{row},{url}\n")
    return "".join(lines)


@pytest.mark.parametrize(
    ("rows", "way"), [(5_000, ["--jobs", "1"]), (5_000, ["--jobs", "2"]), (500, ["--where", "true"]), (500, ["--format", "json"])]
)  # fmt: skip
def test_warnings_are_counted_and_told_once_a_rule(tmp_path: Path, here: Here, rows: int, way: list[str]) -> None:
    (tmp_path / "s.yaml").write_text(SPEC, encoding="utf-8")
    (tmp_path / "r.csv").write_text(table(rows), encoding="utf-8")
    done = here("compile", "s.yaml", "--recipients", "r.csv", "-o", "o.jsonl", "--errors", "bad.csv", *way)
    assert done.returncode == 1
    assert "error[PNP216 bad-url]" in done.stderr
    told = [line for line in done.stderr.splitlines() if line.startswith("warning: ")]
    assert told[0].startswith(f"warning: PNP414 in {rows // 10} rows, first r.csv:4: the link opens a media file")
    assert told[1].startswith("warning: PNP703 in 1 row, first r.csv:7: ")
    assert len(told) == 2
    assert f"{rows - 1:,} payloads, 1 row with mistakes" in done.stderr
    bad = (tmp_path / "bad.csv").read_text(encoding="utf-8")
    assert "PNP216" in bad
    assert "PNP414" not in bad


def test_jsonl_data_and_examples_warn_too(tmp_path: Path, here: Here) -> None:
    (tmp_path / "s.yaml").write_text(SPEC.replace("example: a}", "example: クーポン}"), encoding="utf-8")
    (tmp_path / "r.jsonl").write_text(json.dumps({"to": DIGEST, "text": "a", "url": FILM}) + "\n", encoding="utf-8")
    (tmp_path / "d.yaml").write_text(f"text: a\nurl: {FILM}\n", encoding="utf-8")
    told = "warning: PNP414 in 1 {}, first {}:1: the link opens"
    assert told.format("row", "r.jsonl") in here("compile", "s.yaml", "--recipients", "r.jsonl").stderr
    assert told.format("message", "d.yaml") in here("compile", "s.yaml", "--data", "d.yaml").stderr
    assert "warning: PNP701 in 1 message, first s.yaml:" in here("compile", "s.yaml").stderr


def test_a_program_hears_the_warnings() -> None:
    made = pnpc.compile_text(SPEC, recipients=[{"to": DIGEST, "text": "a", "url": one} for one in (GOOD, FILM, FILM)])
    assert [type(one) for one in made] == [Payload] * 3
    (warned,) = made.warnings
    assert (warned.rows, warned.first.code, warned.range.start.line) == (2, "PNP414", 2)


def warned(tmp_path: Path, here: Here, spec: str, *rows: str) -> list[str]:
    (tmp_path / "s.yaml").write_text(spec, encoding="utf-8")
    (tmp_path / "r.csv").write_text("to,text,url\n" + "".join(f"{DIGEST},{row}\n" for row in rows), encoding="utf-8")
    done = here("compile", "s.yaml", "--recipients", "r.csv", "-o", "o.jsonl")
    found = [line.split()[1] for line in done.stderr.splitlines() if line.startswith("warning: ")]
    return found + [line.split("[")[1].split()[0] for line in done.stderr.splitlines() if "error[" in line]


def test_config_and_comments_hold_for_values(tmp_path: Path, here: Here) -> None:
    row = f"クーポン,{FILM}"
    assert warned(tmp_path, here, SPEC, row) == ["PNP414", "PNP701"]
    commented = SPEC.replace('url: "{{ url }}"}', 'url: "{{ url }}"}  # pnpc: ignore[PNP414] the manual is a film')
    assert warned(tmp_path, here, commented, row) == ["PNP701"]
    assert here("check", "s.yaml").stdout == "no mistakes in 1 file\n"
    assert warned(tmp_path, here, "# pnpc: file-ignore[advertising] we know\n" + SPEC, row) == ["PNP414"]
    broken = "a,http:shop.example.jp"
    assert warned(tmp_path, here, SPEC, broken) == ["PNP216"]
    assert warned(tmp_path, here, "# pnpc: file-ignore[bad-url] we know\n" + SPEC, broken) == []
    written = SPEC.replace("{{ url }}", "http:shop.example.jp").replace("  url: {type", "  url: {default: x, type")
    assert "PNP216" not in here("check", "s.yaml", "-", input="# pnpc: file-ignore[bad-url] we know\n" + written).stdout
    (tmp_path / "pnpc.toml").write_text('ignore = ["PNP414"]\n[severity]\nadvertising = "error"\n', encoding="utf-8")
    assert warned(tmp_path, here, SPEC, row) == ["PNP701"]
    assert not (tmp_path / "o.jsonl").read_text(encoding="utf-8")


def test_what_check_tells_is_not_told_again(tmp_path: Path, here: Here) -> None:
    literal = (
        SPEC.replace("content: ", "content: クーポン ")
        .replace('"{{ text }}"', "{{ text }}")
        .replace("content: クーポン {{ text }}", 'content: "クーポン {{ text }}"')
    )
    assert warned(tmp_path, here, literal, f"a,{GOOD}", f"セール,{GOOD}") == ["PNP701"]
    done = here("compile", "s.yaml", "--recipients", "r.csv")
    assert "PNP701 in 1 row, first r.csv:3: `セール`" in done.stderr


NUMBERS = """\
pnpc: 1
name: any
country: JP
variables:
  n: {type: integer}
  r: {type: number, default: 2.0}
message:
  templateKey: shipment_completed_ja
  body:
    items:
      - {itemKey: number_001_ja, content: "{{ 'No.' ~ n }}/{{ r }}"}
"""


@pytest.mark.parametrize(
    ("n", "r", "text"),
    [("7", "2", "No.7/2"), ("7.0", "2.50", "No.7/2.5"), ("7e0", "1e3", "No.7/1000"), ("-0.0", "-0.0", "No.0/0"),
     ("9007199254740993", "1e22", "No.9007199254740993/1e+22"), ("9007199254740993.0", "1", None), ("7.5", "1", None), ("true", "1", None)],
)  # fmt: skip
def test_a_number_makes_the_same_text_whatever_wrote_it(
    n: str, r: str, text: str | None, tmp_path: Path, here: Here
) -> None:
    (tmp_path / "s.yaml").write_text(NUMBERS, encoding="utf-8")
    (tmp_path / "r.csv").write_text(f"to,n,r\n{DIGEST},{n},{r}\n", encoding="utf-8")
    (tmp_path / "r.jsonl").write_text(f'{{"to": "{DIGEST}", "n": {n}, "r": {r}}}\n', encoding="utf-8")
    (tmp_path / "d.yaml").write_text(f"n: {n}\nr: {r}\n", encoding="utf-8")
    made = [
        here("compile", "s.yaml", *way)
        for way in (("--recipients", "r.csv"), ("--recipients", "r.jsonl"), ("--data", "d.yaml"))
    ]
    if text is None:
        assert [(one.returncode, one.stdout) for one in made] == [(1, "")] * 3
    else:
        assert [json.loads(one.stdout)["body"]["body"]["items"][0]["content"] for one in made] == [text] * 3


def test_numbers_of_parquet(tmp_path: Path, here: Here) -> None:
    from decimal import Decimal

    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    (tmp_path / "s.yaml").write_text(NUMBERS, encoding="utf-8")
    columns = {"to": [DIGEST] * 2, "n": pyarrow.array([7.0, 8.0]), "r": pyarrow.array([Decimal("2.0"), Decimal("2.5")])}
    parquet.write_table(pyarrow.table(columns), tmp_path / "r.parquet")
    done = here("compile", "s.yaml", "--recipients", "r.parquet")
    texts = [json.loads(line)["body"]["body"]["items"][0]["content"] for line in done.stdout.splitlines()]
    assert texts == ["No.7/2", "No.8/2.5"]


def test_years_that_no_notification_can_mean_are_counted(tmp_path: Path, here: Here) -> None:
    spec = NUMBERS.replace(
        "  n: {type: integer}\n  r: {type: number, default: 2.0}", "  n: {type: string, format: date}"
    )
    (tmp_path / "s.yaml").write_text(spec.replace("/{{ r }}", ""), encoding="utf-8")
    days = ["2026-12-01", "2569-12-01", "2569-12-01", "0115-12-01", "2300-01-01"]
    (tmp_path / "r.csv").write_text("to,n\n" + "".join(f"{DIGEST},{day}\n" for day in days), encoding="utf-8")
    done = here("compile", "s.yaml", "--recipients", "r.csv", "-o", "o.jsonl")
    assert done.returncode == 0
    told = (
        "PNP606 in 4 rows, first r.csv:3: `n` has the year 2569, which looks like a Buddhist year; did you mean 2026?"
    )
    assert told in done.stderr
    assert (
        "looks like a ROC year; did you mean 2026?"
        in pnpc.check_text(spec.replace("format: date}", 'format: date, example: "0115-12-01"}'))[0].message
    )
