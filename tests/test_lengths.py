"""The stored lengths are what the filters write; what the filters write in each country; what is said of a length, and where."""

import datetime
import sys
from typing import Any

import pytest
from conftest import ROOT, Run
from hypothesis import given
from hypothesis import strategies as st

import pnpc as library
from pnpc import check_text
from pnpc.language.expressions.expression import FORMATS
from pnpc.language.extents.extent import fixed
from pnpc.language.extents.number import Number
from pnpc.language.filling.filters import MAKERS
from pnpc.language.filling.locales import currency_digits
from pnpc.language.proof import lengths
from pnpc.line.grammar.units import graphemes

sys.path.insert(0, str(ROOT / "tools"))
import lengths as measuring  # type: ignore[import-not-found]

COUNTRIES = st.sampled_from(("JP", "TH", "TW"))


def test_the_stored_lengths_are_what_the_filters_write() -> None:
    """If not: `python tools/lengths.py`."""
    assert measuring.FILE.read_text(encoding="utf-8") == measuring.text_of(measuring.lengths())


@given(COUNTRIES, st.sampled_from(FORMATS["date"]), st.dates())
def test_every_date_is_within_its_length(country: str, format: str, day: datetime.date) -> None:
    written, bound = MAKERS["date"](country)(day.isoformat(), format), lengths.moment(country, "date", format)
    assert bound.least <= len(written) <= bound.units
    assert graphemes(written) <= bound.clusters
    assert fixed(written).encoded <= bound.encoded
    assert not fixed(written).kinds & ~bound.kinds


@given(COUNTRIES, st.sampled_from(FORMATS["time"]), st.times(timezones=st.none() | st.just(datetime.UTC)))
def test_every_time_is_within_its_length(country: str, format: str, time: datetime.time) -> None:
    written, bound = MAKERS["time"](country)(time.isoformat(), format), lengths.moment(country, "time", format)
    assert bound.least <= len(written) <= bound.units
    assert graphemes(written) <= bound.clusters
    assert fixed(written).encoded <= bound.encoded
    assert not fixed(written).kinds & ~bound.kinds


CODES = sorted(currency_digits())
AMOUNTS = st.integers(-(10**15), 10**15) | st.floats(-(10**9), 10**9) | st.integers(-1200, 1200)


@given(COUNTRIES, st.sampled_from(["", *CODES]), AMOUNTS, AMOUNTS)
def test_every_amount_is_within_its_length(country: str, code: str, one: float, other: float) -> None:
    lo, hi = min(one, other), max(one, other)
    number = Number(lo, hi, "whole" if isinstance(one, int) and isinstance(other, int) else "any")
    for value in (lo, hi, lo + (hi - lo) // 2):
        money, counted = MAKERS["currency"](country)(value, code), MAKERS["number"](country)(value)
        for written, bound in (
            (money, lengths.money(country, code, number)),
            (counted, lengths.counted(country, number)),
        ):
            found = fixed(written)
            assert bound.least <= found.points <= bound.units
            assert found.encoded <= bound.encoded
            assert not found.kinds & ~bound.kinds


WRITTEN = (
    ("JP", "date", "2024-08-10", "long-weekday", "2024年8月10日(土)"),  # LINE's own example
    ("JP", "date", "2024-08-10", "weekday", "8月10日(土)"),
    ("JP", "date", "2024-08-10", "month-day", "8月10日"),
    ("TH", "date", "2024-08-10", "long", "10 สิงหาคม 2567"),
    ("TH", "date", "2024-08-10", "weekday", "เสาร์ 10 ส.ค."),
    ("TH", "date", "2024-08-10", "long-weekday", "เสาร์ 10 ส.ค. 2567"),
    ("TW", "date", "2024-08-10", "weekday", "8月10日週六"),
    ("JP", "time", "09:05", "hm", "9:05"),
    ("TH", "time", "09:05", "hm", "09:05 น."),
    ("TW", "time", "14:05", "hm", "14:05"),
    ("JP", "time", "09:05", "long", "9:05:00 JST"),
    ("TW", "time", "14:30", "short", "下午2:30"),
    # A moment is shown by the clocks of the country.
    ("JP", "date", "2024-12-31T15:00:00Z", "long", "2025年1月1日"),
    ("TH", "date", "2024-12-31T16:59:59Z", "short", "31/12/67"),
    ("TH", "date", "2024-12-31T17:00:00Z", "short", "1/1/68"),
    ("TW", "date", "2024-12-31T16:00:00z", "long", "2025年1月1日"),
    ("JP", "time", "2024-08-10T14:30:00+00:00", "hm", "23:30"),
    ("TH", "time", "2024-08-10T14:30:00.123+09:00", "hm", "12:30 น."),
    ("TW", "time", "23:30Z", "hm", "07:30"),
)


@pytest.mark.parametrize(("country", "filter", "value", "format", "text"), WRITTEN)
def test_a_moment_is_written_as_the_countrys_people_do(
    country: str, filter: str, value: str, format: str, text: str
) -> None:
    assert MAKERS[filter](country)(value, format) == text


@pytest.mark.parametrize(
    "value", ["2024-08-10T14:30:00", "9999-12-31T23:30:00Z", "14:30", "2024-02-30", "", "tomorrow"]
)
def test_what_is_no_date_is_refused_in_words(value: str) -> None:
    with pytest.raises(ValueError, match=r"is not a date such as 2024-08-10, or a date-time such as"):
        MAKERS["date"]("JP")(value)


def test_a_currency_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="no currency 'JPN'"):
        MAKERS["currency"]("JP")(1, "JPN")


SPEC = """\
pnpc: 1
name: shipment
country: {country}
variables:
  a: {declared}
message:
  templateKey: {key}
  body:
    {place}
"""
EMPHASIZED = 'emphasizedItem: {itemKey: date_002_ja, content: "%s"}'
ITEM = 'items: [{itemKey: date_002_ja, content: "%s"}]'
TOLD = (
    (
        '{type: string, pattern: "^[A-Z0-9]{8,20}$"}', EMPHASIZED, "No.{{ a }}", "PNP530",
        "`a` of 20 characters makes `content` 23 UTF-16 units long (limit 15)",
        "declare a shorter `pattern` for `a`, or pipe it through `truncate(12)`",
    ),
    (
        "{type: string, maxLength: 15}", EMPHASIZED, "{{ a }}", "PNP530",
        "`a` of 15 characters like 😀 makes `content` 30 UTF-16 units long (limit 15)",
        "declare `maxLength: 7` for `a` (an emoji counts two), or pipe it through `truncate(15)`",
    ),
    (
        "{type: string, enum: [午前中, 14時から16時までのあいだに]}", EMPHASIZED, "{{ a }}に", "PNP530",
        "`a` `14時から16時までのあいだに` makes `content` 16 UTF-16 units long (limit 15)", "pipe it through `truncate(14)`",
    ),
    (
        "{type: integer, minimum: 0, maximum: 999999999999}", EMPHASIZED, "{{ a | currency }}", "PNP530",
        "`a` 999999999999 makes `content` 16 UTF-16 units long (limit 15)", "declare a smaller range for `a`",
    ),
    (
        "{type: string, format: date}", EMPHASIZED, "着{{ a | date('full') }}頃", "PNP530",
        "`a` `2024-10-10` makes `content` 16 UTF-16 units long (limit 15)",
        "what fits: `date('short')`, `date('medium')`, `date('long')`, `date('month-day')`, `date('weekday')`",
    ),
    (
        "{type: string}", EMPHASIZED, "{{ a }}様", "PNP531",
        "`content` has no bound, because `a` has no `maxLength` (limit 15 UTF-16 units)",
        "declare `maxLength` for `a`, or pipe it through `truncate(14)`",
    ),
    (
        "{type: integer, minimum: 0}", ITEM, "{{ a }}円", "PNP531",
        "`content` has no bound, because `a` has no `maximum` (limit 300 UTF-16 units)",
        "declare `maximum` for `a`",
    ),
    (
        "{type: array, items: {type: string, maxLength: 9}}", ITEM, "{{ a }}", "PNP532", "a list can't stand here", None,
    ),
    (
        "{type: string, enum: [あす]}", ITEM, "{{ a | date }}", "PNP532", "`date` takes a date; `a` can be `あす`", None,
    ),
    (
        "{type: string, format: time}", ITEM, "{{ a | date }}", "PNP532", "`date` takes a date; `a` has the format time",
        "declare `format: date`, or `format: date-time`, for `a`",
    ),
    (
        "{type: integer, minimum: 0, maximum: 9}", ITEM, "{{ a | currency('JPN') }}", "PNP532", "no currency `JPN`",
        "a code of ISO 4217 has three capitals, such as USD",
    ),
    (
        "{type: string, maxLength: 9}", ITEM, "{{ a | number }}", "PNP533", "`number` takes a number, and `a` can be any text",
        "declare `type: integer` or `type: number` for `a`",
    ),
    (
        "{type: object, properties: {m: {type: string, maxLength: 9}}}", ITEM, "{{ a.m }}", "PNP533", "`a.m` may be missing",
        "give it an `else`, or pipe it through `default('…')`",
    ),
    (
        "{type: array, minItems: 1, items: {type: string, maxLength: 9}}", ITEM, "{{ a[1] }}", "PNP533", "`a[1]` may be missing",
        "give it an `else`, or pipe it through `default('…')`",
    ),
    (  # there is no room for `truncate` behind 15 other characters
        "{type: string}", EMPHASIZED, "ABCDEFGHIJKLMNO{{ a }}", "PNP531",
        "`content` has no bound, because `a` has no `maxLength` (limit 15 UTF-16 units)", "declare `maxLength` for `a`",
    ),
    (
        "{type: string, minLength: 0, maxLength: 9}", ITEM, "{{ a }}", "PNP534", "`a` of 0 characters makes `content` empty",
        "declare `minLength` or a `pattern`, or pipe it through `default('…')`",
    ),
    (
        "{type: boolean}", ITEM, "{{ a | date }}", "PNP532", "`date` takes a date as text; `a` is true or false", None,
    ),
    (
        "{type: integer, minimum: 0, maximum: 9}", ITEM, "{{ a | time }}", "PNP532",
        "`time` takes a time as text; `a` is a number", None,
    ),
    (
        "{type: array, maxItems: 2, items: {type: string, maxLength: 3}}", ITEM, "{{ a | number }}", "PNP532",
        "`number` takes a number; `a` is a list", None,
    ),
    (
        "{type: string, enum: [一]}", ITEM, "{{ a | number }}", "PNP532", "`number` takes a number; `a` can be `一`", None,
    ),
    (
        "{type: string, maxLength: 9}", ITEM, "{{ a | date }}", "PNP533", "`date` takes a date, and `a` can be any text",
        "declare `format: date`, or `format: date-time`, for `a`",
    ),
    (
        "{type: string, maxLength: 9}", ITEM, "{{ a | truncate(0) }}", "PNP532", "`truncate` to 0 leaves no room for `…`", None,
    ),
    (
        "{type: string, maxLength: 9}", ITEM, "{{ a | truncate(1, 'ab') }}", "PNP532",
        "`truncate` to 1 leaves no room for `ab`", None,
    ),
    (
        "{type: string, maxLength: 9}", ITEM, "{{ a | truncate(5001) }}", "PNP532",
        "`truncate` takes a length from 1 to 5000", None,
    ),
    (
        "{type: string, maxLength: 16, pattern: '^[a-z]+$'}", EMPHASIZED, "{{ a }}", "PNP530",
        "`a` of 16 characters makes `content` 16 UTF-16 units long (limit 15)",
        "declare `maxLength: 15` for `a`, or pipe it through `truncate(15)`",
    ),
    (  # one more character fits, but an emoji does not
        "{type: string, minLength: 1, maxLength: 9}", EMPHASIZED, "12345678901234{{ a }}", "PNP530",
        "`a` of 9 characters like 😀 makes `content` 32 UTF-16 units long (limit 15)", "pipe it through `truncate(1)`",
    ),
    (
        "{type: string, minLength: 1, maxLength: 9}", EMPHASIZED, "123456789012345{{ a }}", "PNP530",
        "`a` of 9 characters like 😀 makes `content` 33 UTF-16 units long (limit 15)",
        "the rest of the text alone can take 15",
    ),
    (
        "{type: string, maxLength: 300, minLength: 1}", ITEM, "{{ a | urlencode }}", "PNP530",
        "`a` of 300 characters like 😀 makes `content` 3600 UTF-16 units long (limit 300)",
        "pipe it through `truncate(25)` before `urlencode`",
    ),
    (
        "{type: boolean}", ITEM, "{{ ('x' if a) ~ 'y' }}", "PNP533", "a value may be missing",
        "give it an `else`, or pipe it through `default('…')`",
    ),
    (
        "{type: boolean}", ITEM, "{{ 'x' if a }}", "PNP533", "the expression may have no value",
        "give it an `else`, or pipe it through `default('…')`",
    ),
    (
        "{type: number}", ITEM, "{{ a }}", "PNP531",
        "`content` has no bound, because `a` has no `minimum` and `maximum` (limit 300 UTF-16 units)",
        "declare `minimum` and `maximum` for `a`",
    ),
    (
        "{type: array, maxItems: 2, items: {type: string, maxLength: 3}}", ITEM, "{{ a ~ 'x' }}", "PNP532",
        "`~` joins texts and numbers, but `a` is a list", None,
    ),
    (
        "{type: integer, minimum: 0, maximum: 9}", EMPHASIZED, "{{ a * a * 1000000000000000 }}", "PNP530",
        "`a` 9 makes `content` 17 UTF-16 units long (limit 15)", "declare a smaller range for `a`",
    ),
    (  # no form of a time takes two units
        "{type: string, format: time}", EMPHASIZED, "1234567890123{{ a | time }}", "PNP530",
        "`a` `10:00` makes `content` 18 UTF-16 units long (limit 15)", None,
    ),
    (
        "{type: integer, exclusiveMinimum: 0}", EMPHASIZED, "{{ a }}円", "PNP531",
        "`content` has no bound, because `a` has no `maximum` (limit 15 UTF-16 units)", "declare `maximum` for `a`",
    ),
    (
        "{type: integer, enum: [1, 1000000000000000]}", EMPHASIZED, "{{ a }}円", "PNP530",
        "`a` 1000000000000000 makes `content` 17 UTF-16 units long (limit 15)", "declare a smaller range for `a`",
    ),
)  # fmt: skip


@pytest.mark.parametrize(("declared", "place", "text", "code", "message", "help"), TOLD)
def test_what_is_said_of_a_text_and_where(
    declared: str, place: str, text: str, code: str, message: str, help: str | None
) -> None:
    spec = SPEC.format(country="JP", declared=declared, key="shipment_completed_ja", place=place % text)
    (found,) = library.check_text(spec)
    assert (found.code, found.message, found.help) == (code, message, help)
    assert spec[found.span.start : found.span.end] == text[text.index("{{") : text.index("}}") + 2]
    (related,) = found.related
    assert (related.range.start.line, related.range.start.column, related.message) == (5, 3, "declared here")


def test_of_two_parts_without_a_bound_the_first_is_named() -> None:
    declared = "{type: object, required: [m, k], properties: {m: {type: string}, k: {type: string}}}"
    spec = SPEC.format(country="JP", declared=declared, key="shipment_completed_ja", place=ITEM % "{{ a.m ~ a.k }}")
    (found,) = library.check_text(spec)
    assert found.message.startswith("`content` has no bound, because `a.m` has no `maxLength`")
    assert found.help is not None
    assert found.help.startswith("declare `maxLength` for `a.m`")


CLEAN = (
    ("JP", "{type: string, maxLength: 300}", EMPHASIZED, "{{ a | truncate(15) }}"),
    ("JP", "{type: string, pattern: '^[A-Z]{15}$'}", EMPHASIZED, "{{ a }}"),
    ("JP", "{type: string, minLength: 1, maxLength: 9}", ITEM, "{{ a | truncate(2, 'ab') }}"),
    ("JP", "{type: string, maxLength: 9}", ITEM, "{{ a | truncate(5000) }}。"),
    ("JP", "{type: string, enum: ['12', '13.5']}", ITEM, "{{ a | number }}"),
    ("JP", "{type: string, format: time}", EMPHASIZED, "1234567890{{ a | time }}"),
    ("JP", "{type: string, enum: ['', 午前中]}", ITEM, "{{ a | default('指定なし') }}"),
    ("JP", "{type: string, format: date}", EMPHASIZED, "{{ a | date('long-weekday') }}"),
    ("TW", "{type: integer, minimum: 0, maximum: 9999}", ITEM, "{{ 100 // a if a else 0 }}"),
    ("JP", "{type: integer, minimum: 1}", ITEM, "{{ a | currency }}"),
    ("JP", "{type: boolean}", ITEM, "{{ '有' if a else '無' }}"),
    ("JP", "{type: array, minItems: 1, items: {type: string, maxLength: 9}}", ITEM, "{{ a[0] }}{{ a[-1] }}"),
    ("JP", "{type: string, maxLength: 83}", ITEM, "https://example.com/{{ a[0:20] | urlencode }}"),
)


@pytest.mark.parametrize(("country", "declared", "place", "text"), CLEAN)
def test_what_is_proved_to_fit_is_clean(country: str, declared: str, place: str, text: str) -> None:
    spec = SPEC.format(country=country, declared=declared, key="shipment_completed_ja", place=place % text)
    assert [one for one in library.check_text(spec) if one.code.startswith("PNP53")] == []


def test_a_thai_date_does_not_fit_where_a_japanese_one_does() -> None:
    spec = SPEC.format(country="TH", declared="{type: string, format: date}", key="shipment_completed_ja",
                       place=EMPHASIZED % "{{ a | date('long') }}")  # fmt: skip
    (found,) = [one for one in library.check_text(spec) if one.code == "PNP530"]
    assert found.message == "`a` `9960-02-10` makes `content` 19 UTF-16 units long (limit 15)"
    assert found.help == "what fits: `date('short')`, `date('medium')`, `date('month-day')`"


@pytest.mark.parametrize("format", ["weekday", "month-day"])
def test_the_date_that_is_shown_is_one_of_our_days_where_one_is_as_long(format: str) -> None:
    spec = SPEC.format(country="TH", declared="{type: string, format: date}", key="shipment_completed_ja",
                       place=EMPHASIZED % f"{{{{ a | date('{format}') }}}}ถึงมือท่าน")  # fmt: skip
    (found,) = [one for one in library.check_text(spec) if one.code == "PNP530"]
    assert found.message.startswith("`a` `2024-")


FLEXIBLE = """\
pnpc: 1
name: notice
country: JP
variables:
  a: {type: string, maxLength: 20, example: 山田}
message:
  messages:
    - type: template
      altText: お知らせ
      template:
        type: confirm
        text: "%s"
        actions:
          - {type: message, label: "{{ a }}", text: はい}
          - {type: message, label: いいえ, text: いいえ}
"""


def test_a_label_is_counted_in_clusters() -> None:
    """20 emoji are 40 UTF-16 units and 20 characters as people see them, as many as a label has."""
    assert library.check_text(FLEXIBLE % "{{ a }}様") == []
    (found,) = library.check_text((FLEXIBLE % "{{ a }}").replace("maxLength: 20", "maxLength: 21"))
    assert found.message == "`a` of 21 characters like あ makes `label` 21 characters long (limit 20)"


GUARDED = """\
pnpc: 1
name: notice
country: JP
variables:
  note: {type: string, maxLength: 50, default: "", example: 玄関前}
  kind: {type: string, enum: [短, 長い長い長い長い長い長い長い長い], example: 短}
  lines: {type: array, items: {type: object, properties: {name: {type: string%s}}, required: [name]}, minItems: 1, maxItems: 2, example: [{name: あ}]}
message:
  messages:
    - type: template
      altText: お知らせ
      template:
        type: buttons
        text: お知らせ
        actions:
          - {type: message, label: "{{ kind }}です", text: はい, $if: kind == '短'}
          - {type: message, label: "{{ line.name }}", text: はい, $for: line in lines}
          - {type: message, label: はい, text: "{{ note }}", $if: note}
"""


def test_a_condition_and_a_loop_are_respected() -> None:
    assert library.check_text(GUARDED % ", maxLength: 20") == []
    (found,) = library.check_text(GUARDED % ", maxLength: 30")
    assert found.code == "PNP530"
    assert found.message.startswith("`line` with `name` of 30 characters like あ makes `label` 30")
    (found,) = library.check_text(GUARDED % "")
    assert found.message.startswith("`label` has no bound, because `line.name` has no `maxLength`")


def test_a_proof_loads_neither_jinja_nor_decimal(pnpc: Run, tmp_path: Any) -> None:
    (tmp_path / "a.yaml").write_text(
        SPEC.format(country="TH", declared="{type: string, format: date, example: '2024-08-10'}",
                    key="shipment_completed_ja", place=ITEM % "{{ a | date('weekday') | urlencode }}"),
        encoding="utf-8",
    )  # fmt: skip
    script = (
        "import sys\nfrom pnpc.cli.main import main\nmain(['check', 'a.yaml', '--ignore', 'PNP2', '--isolated'])\n"
        "print([one for one in ('jinja2', 'babel', 'regex', 'jsonschema', 'decimal') if one in sys.modules])"
    )
    import subprocess

    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


MISREAD = (
    ("{{ a + }}", "+", "it ends too early"), ("{{ a b }}", "b", "expected its end, got 'b'"), ("{{ a ? 1 }}", "?", "unexpected char '?'"),
    ("{{ (a }}", "(", "unexpected '}', expected ')'"), ("{{ a) }}", ")", "unexpected ')'"), ("{{ a | }}", "|", "expected a name, found its end"),
    ("{{ [1, a }}", "[", "unexpected '}', expected ']'"), ("{{ a ~ 'x' 2 }}", "2", "expected its end, got 'integer'"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "marked", "message"), MISREAD)
@pytest.mark.parametrize("before", ["", r"\u6ce8\u6587 ", "{{ a }} "])
def test_a_mistake_of_syntax_is_marked_inside_the_scalar(before: str, text: str, marked: str, message: str) -> None:
    declared = "{type: string, maxLength: 9}"
    spec = SPEC.format(country="JP", declared=declared, key="shipment_completed_ja", place=ITEM % (before + text))
    (found,) = library.check_text(spec)
    assert (found.code, found.message) == ("PNP501", f"not a valid expression: {message}")
    start = spec.index(before + text) + len(before) + text.rindex(marked)
    assert found.span == (start, start + 1)


@pytest.mark.parametrize("step", ["1e-308", "5e-324", "0.1", "3", "1e30"])
@pytest.mark.parametrize("bounds", ["minimum: 15", "maximum: -15", "minimum: 0.5"])
def test_a_multiple_may_be_tiny(step: str, bounds: str) -> None:
    """A bound divided by it is more than a float can count."""
    text = (
        f"pnpc: 1\nname: x\ncountry: JP\nvariables:\n  total: {{type: number, {bounds}, multipleOf: {step}}}\n"
        "message:\n  templateKey: shipment_completed_ja\ndeliveryTag: 'tag-{{ total + 1 }}'\n"
    )
    assert any(diagnostic.path == "deliveryTag" for diagnostic in check_text(text)), "its length has no good bound"
