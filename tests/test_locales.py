"""What filters write comes from stored data of CLDR: the same text whatever is installed, and the text that CLDR means."""

import datetime
import json
import random
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from babel import core, dates, numbers
from conftest import ROOT

from pnpc.language.expressions.expression import FORMATS
from pnpc.language.filling.date_texts import FIELDS, parts_of
from pnpc.language.filling.filters import MAKERS
from pnpc.language.filling.locales import BUDDHIST_YEARS, currency_digits, written_in
from pnpc.language.variables.formats import fits

sys.path.insert(0, str(ROOT / "tools"))
import locale_data as making  # type: ignore[import-not-found]

COUNTRIES = ("JP", "TH", "TW")
STORED = json.loads((ROOT / "schemas" / "locales.json").read_text(encoding="utf-8"))
# A Babel of another day writes what another CLDR says: then there is nothing to compare with.
same_cldr = pytest.mark.skipif(
    core.get_cldr_version() != STORED["cldr"],
    reason=f"Babel has CLDR {core.get_cldr_version()}, schemas/locales.json has CLDR {STORED['cldr']}",
)

DATES = {
    ("JP", "short"): ("2024/08/01", "2024/12/31"),
    ("JP", "medium"): ("2024/08/01", "2024/12/31"),
    ("JP", "long"): ("2024年8月1日", "2024年12月31日"),
    ("JP", "full"): ("2024年8月1日木曜日", "2024年12月31日火曜日"),
    ("JP", "month-day"): ("8月1日", "12月31日"),
    ("JP", "weekday"): ("8月1日(木)", "12月31日(火)"),
    ("JP", "long-weekday"): ("2024年8月1日(木)", "2024年12月31日(火)"),
    ("TH", "short"): ("1/8/67", "31/12/67"),
    ("TH", "medium"): ("1 ส.ค. 2567", "31 ธ.ค. 2567"),
    ("TH", "long"): ("1 สิงหาคม 2567", "31 ธันวาคม 2567"),
    ("TH", "full"): ("วันพฤหัสบดีที่ 1 สิงหาคม 2567", "วันอังคารที่ 31 ธันวาคม 2567"),
    ("TH", "month-day"): ("1 ส.ค.", "31 ธ.ค."),
    ("TH", "weekday"): ("พฤหัส 1 ส.ค.", "อังคาร 31 ธ.ค."),
    ("TH", "long-weekday"): ("พฤหัส 1 ส.ค. 2567", "อังคาร 31 ธ.ค. 2567"),
    ("TW", "short"): ("2024/8/1", "2024/12/31"),
    ("TW", "medium"): ("2024年8月1日", "2024年12月31日"),
    ("TW", "long"): ("2024年8月1日", "2024年12月31日"),
    ("TW", "full"): ("2024年8月1日 星期四", "2024年12月31日 星期二"),
    ("TW", "month-day"): ("8月1日", "12月31日"),
    ("TW", "weekday"): ("8月1日週四", "12月31日週二"),
    ("TW", "long-weekday"): ("2024年8月1日週四", "2024年12月31日週二"),
}
TIMES = {
    ("JP", "short"): ("0:00", "9:05", "12:00", "23:59"),
    ("JP", "medium"): ("0:00:00", "9:05:07", "12:00:00", "23:59:59"),
    ("JP", "long"): ("0:00:00 JST", "9:05:07 JST", "12:00:00 JST", "23:59:59 JST"),
    ("JP", "full"): (
        "0時00分00秒 日本標準時", "9時05分07秒 日本標準時", "12時00分00秒 日本標準時", "23時59分59秒 日本標準時",
    ),
    ("JP", "hm"): ("0:00", "9:05", "12:00", "23:59"),
    ("TH", "short"): ("00:00 น.", "09:05 น.", "12:00 น.", "23:59 น."),
    ("TH", "medium"): ("00:00:00", "09:05:07", "12:00:00", "23:59:59"),
    ("TH", "long"): (
        "0 นาฬิกา 00 นาที 00 วินาที +0700", "9 นาฬิกา 05 นาที 07 วินาที +0700",
        "12 นาฬิกา 00 นาที 00 วินาที +0700", "23 นาฬิกา 59 นาที 59 วินาที +0700",
    ),
    ("TH", "full"): (
        "0 นาฬิกา 00 นาที 00 วินาที เวลาอินโดจีน", "9 นาฬิกา 05 นาที 07 วินาที เวลาอินโดจีน",
        "12 นาฬิกา 00 นาที 00 วินาที เวลาอินโดจีน", "23 นาฬิกา 59 นาที 59 วินาที เวลาอินโดจีน",
    ),
    ("TH", "hm"): ("00:00 น.", "09:05 น.", "12:00 น.", "23:59 น."),
    ("TW", "short"): ("午夜12:00", "上午9:05", "中午12:00", "晚上11:59"),
    ("TW", "medium"): ("午夜12:00:00", "上午9:05:07", "中午12:00:00", "晚上11:59:59"),
    ("TW", "long"): (
        "午夜12:00:00 [+0800]", "上午9:05:07 [+0800]", "中午12:00:00 [+0800]", "晚上11:59:59 [+0800]",
    ),
    ("TW", "full"): (
        "午夜12:00:00 [台北標準時間]", "上午9:05:07 [台北標準時間]", "中午12:00:00 [台北標準時間]",
        "晚上11:59:59 [台北標準時間]",
    ),
    ("TW", "hm"): ("00:00", "09:05", "12:00", "23:59"),
}  # fmt: skip
AMOUNTS = (
    ("JP", 12000, "", "12,000円"),
    ("JP", -1234, "", "-1,234円"),
    ("JP", 0.5, "", "0円"),
    ("JP", 1.5, "", "2円"),
    ("JP", 2.5, "JPY", "2円"),
    ("JP", 1234.5, "USD", "$1,234.50"),
    ("JP", 10**15, "", "1,000,000,000,000,000円"),
    ("TH", 999, "", "฿999.00"),
    ("TH", -1234567.125, "", "-฿1,234,567.12"),
    ("TH", 1234.5, "JPY", "¥1,234"),
    ("TW", "1234.565", "", "$1,234.56"),
    ("TW", 1, "KWD", "KWD1.000"),
    ("", 12000, "", "12,000円"),
)


@pytest.mark.parametrize(("country", "format"), DATES)
def test_dates(country: str, format: str) -> None:
    write = MAKERS["date"](country)
    assert (write("2024-08-01", format), write("2024-12-31", format)) == DATES[country, format]


@pytest.mark.parametrize(("country", "format"), TIMES)
def test_times(country: str, format: str) -> None:
    write = MAKERS["time"](country)
    found = tuple(write(time, format) for time in ("00:00", "09:05:07", "12:00", "23:59:59"))
    assert found == TIMES[country, format]


def test_every_format_has_a_text_here() -> None:
    assert set(DATES) == {(country, format) for country in COUNTRIES for format in FORMATS["date"]}
    assert set(TIMES) == {(country, format) for country in COUNTRIES for format in FORMATS["time"]}


def test_the_names_of_a_week_and_of_the_months_in_thailand() -> None:
    write = MAKERS["date"]("TH")
    week = [write(f"2024-07-0{day}", "weekday").split()[0] for day in range(1, 8)]
    assert week == ["จันทร์", "อังคาร", "พุธ", "พฤหัส", "ศุกร์", "เสาร์", "อาทิตย์"]
    months = [write(f"2024-{month:02}-01", "month-day").split()[1] for month in range(1, 13)]
    assert months == "ม.ค. ก.พ. มี.ค. เม.ย. พ.ค. มิ.ย. ก.ค. ส.ค. ก.ย. ต.ค. พ.ย. ธ.ค.".split()  # noqa: SIM905


def test_the_parts_of_a_day_in_taiwan() -> None:
    """Midnight is a moment; the night begins with the next second, as CLDR has it."""
    write = MAKERS["time"]("TW")
    starts = ("00:00", "00:00:01", "05:00", "08:00", "12:00", "13:00", "19:00")
    assert [write(time) for time in starts] == [
        "午夜12:00", "凌晨12:00", "清晨5:00", "上午8:00", "中午12:00", "下午1:00", "晚上7:00",
    ]  # fmt: skip
    ends = ("04:59:59", "07:59:59", "11:59:59", "12:59:59", "18:59:59")
    assert [write(time)[:2] for time in ends] == ["凌晨", "清晨", "上午", "中午", "下午"]


@pytest.mark.parametrize(("country", "amount", "code", "text"), AMOUNTS)
def test_amounts(country: str, amount: Any, code: str, text: str) -> None:
    assert MAKERS["currency"](country)(amount, code) == text


@pytest.mark.parametrize("country", COUNTRIES)
def test_numbers(country: str) -> None:
    texts = {
        0: "0", "-0.0": "0", 999: "999", 1000: "1,000", -1234567: "-1,234,567", 0.1: "0.1", 1234.5: "1,234.5",
        0.0005: "0", 0.0015: "0.002", 0.0025: "0.002", 1e15: "1,000,000,000,000,000", "７": "7", "-1.50": "-1.5",
    }  # fmt: skip
    assert {value: MAKERS["number"](country)(value) for value in texts} == texts


@pytest.mark.parametrize("filter", ["number", "currency"])
@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (1e400, "too large"),
        (-1e400, "too large"),
        (10**15 + 1, "too large"),
        (-(10**5000), "too large"),
        ("9" * 100_000, "too large"),
        ("1e999999999999999", "too large"),
        ("1e99999999999999999999999999", "not a number"),
        (float("nan"), "not a number"),
        ("NaN", "not a number"),
        ("-Infinity", "not a number"),
        ("twelve", "'twelve' is not a number"),
        ("x" * 1000, "'" + "x" * 40 + "…' is not a number"),
        ("", "'' is not a number"),
        (True, "True is not a number"),
        (None, "None is not a number"),
        ([10**5000], "a list is not a number"),
        ({}, "a mapping is not a number"),
    ],
    ids=lambda value: str(value)[:20] if isinstance(value, str) else type(value).__name__,
)
def test_what_is_no_number_or_too_large_is_refused_in_words(filter: str, value: Any, reason: str) -> None:
    with pytest.raises(ValueError, match=re.escape(reason)):
        MAKERS[filter]("JP")(value)


@pytest.mark.parametrize("filter", ["date", "time"])
@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (10**5000, "a number of thousands of digits"),
        (7, "7"),
        (None, "None"),
        ([], "a list"),
        ("9" * 99, f"'{'9' * 40}…'"),
    ],
    ids=["huge", "number", "none", "list", "long"],
)
def test_what_is_no_date_is_refused_in_words(filter: str, value: Any, shown: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(shown)} is not a {filter} such as"):
        MAKERS[filter]("TH")(value)


@pytest.mark.parametrize("code", ["JPN", "usd", ["USD"], {"a": 1}, 5])
def test_a_code_of_no_currency_is_refused(code: Any) -> None:
    with pytest.raises(ValueError, match=r"no currency .*: a code of ISO 4217, such as USD"):
        MAKERS["currency"]("TH")(1, code)


@pytest.mark.parametrize("value", ["1e-999999999999999", 5e-324, "0." + "0" * 100_000 + "1"])
def test_next_to_nothing_is_a_zero(value: Any) -> None:
    assert MAKERS["currency"]("TW")(value) == "$0.00"


def test_more_digits_than_a_float_has_are_rounded_once() -> None:
    assert MAKERS["number"]("JP")("0.0005000000000000000000000000000000000001") == "0.001"


@pytest.mark.parametrize("value", ["24:00", "T24", "2400", "24:00:00Z", "2024-08-10T24:00:00+09:00", "20240810T24+09"])
def test_the_hour_24_is_refused_whatever_python_reads(value: str) -> None:
    with pytest.raises(ValueError, match="is not a time such as 14:30"):
        MAKERS["time"]("JP")(value)
    assert not fits("time", value)
    assert not fits("date-time", value)


@pytest.mark.parametrize(
    "value", ["2024-08-24T14:30:00+09:00", "2424-08-24 14:30+09:00", "20240824T1430+0900", "14:24:24"]
)
def test_other_places_of_a_24_are_read(value: str) -> None:
    assert MAKERS["time"]("JP")(value) in ("14:30", "14:24")


@same_cldr
def test_the_stored_data_are_what_the_tool_makes() -> None:
    """If not: `python tools/locale_data.py`."""
    stored = {key: value for key, value in STORED.items() if key not in ("date", "source")}
    made = making.locale_data()
    del made["source"]
    assert stored == made


def test_the_stored_data_say_where_they_are_from() -> None:
    assert datetime.date.fromisoformat(STORED["date"]) >= datetime.date(2026, 11, 27)
    assert f"CLDR {STORED['cldr']}" in STORED["source"]
    assert (ROOT / "LICENSE-unicode").read_text(encoding="utf-8").startswith("UNICODE LICENSE V3")


def test_every_field_of_a_pattern_is_used_and_an_unknown_one_is_told() -> None:
    used = {
        part
        for country in COUNTRIES
        for kind in FORMATS
        for pattern in written_in(country)[kind].values()
        for part in parts_of(pattern)
        if not isinstance(part, str)
    }
    assert set(FIELDS.values()) == used
    with pytest.raises(KeyError):
        parts_of("Q y")
    assert parts_of("'d''d' d ''") == ("d'd", " ", FIELDS["d"], " ", "'")


LOCALES = {country: core.Locale.parse(name) for country, name in making.LOCALES.items()}
BABELS = {"month-day": "MMMd", "weekday": "MMMEd", "long-weekday": "yMMMEd", "hm": "Hm"}


def babels_pattern(country: str, kind: str, format: str) -> str:
    locale = LOCALES[country]
    if format in BABELS:
        return str(locale.datetime_skeletons[BABELS[format]].pattern)
    return str((locale.date_formats if kind == "date" else locale.time_formats)[format].pattern)


def days() -> Iterator[datetime.date]:
    chance = random.Random(20261127)
    for _ in range(300):
        yield datetime.date.fromordinal(chance.randint(1, datetime.date.max.toordinal()))
        yield datetime.date(2024, 1, 1) + datetime.timedelta(chance.randint(0, 4000))


@same_cldr
@pytest.mark.parametrize("country", COUNTRIES)
def test_dates_are_babels(country: str) -> None:
    """For Thailand Babel, which counts Christian years only, is given the Buddhist year as text of the pattern."""
    for format in FORMATS["date"]:
        pattern = babels_pattern(country, "date", format)
        for day in days():
            year = str(day.year + BUDDHIST_YEARS)
            if country == "TH":
                given = re.sub(
                    "y+", lambda y, year=year: f"'{year[-2:] if y[0] == 'yy' else year}'", re.sub("G ", "", pattern)
                )
            else:
                given = pattern
            assert MAKERS["date"](country)(day.isoformat(), format) == dates.format_date(day, given, LOCALES[country])


class Zone(datetime.tzinfo):
    """A zone by whose `key` Babel knows its names."""

    def __init__(self, key: str, hours: int) -> None:
        self.key = key
        self.hours = hours

    def utcoffset(self, _when: Any) -> datetime.timedelta:
        return datetime.timedelta(hours=self.hours)

    def dst(self, _when: Any) -> datetime.timedelta:
        return datetime.timedelta(0)


@same_cldr
@pytest.mark.parametrize(("country", "hours"), [("JP", 9), ("TH", 7), ("TW", 8)])
def test_times_are_babels(country: str, hours: int) -> None:
    chance = random.Random(20261127)
    zone = Zone(making.ZONES[country], hours)
    seconds = [0, 1, 59, 43200, 86399, *(chance.randrange(86400) for _ in range(300))]
    for format in FORMATS["time"]:
        pattern = babels_pattern(country, "time", format)
        for second in seconds:
            time = (datetime.datetime(2024, 1, 1) + datetime.timedelta(seconds=second)).time()  # noqa: DTZ001
            expected = dates.format_time(time, pattern, zone, LOCALES[country])
            assert MAKERS["time"](country)(time.isoformat(), format) == expected


@same_cldr
@pytest.mark.parametrize("country", COUNTRIES)
def test_numbers_and_money_are_babels(country: str) -> None:
    """Babel's yen in Japan is in front; ours is written as LINE's examples have it."""
    chance = random.Random(20261127)
    locale = LOCALES[country]
    values = [chance.choice((1, -1)) * chance.randrange(10**size) for size in range(1, 16) for _ in range(20)]
    values += [Decimal(chance.randrange(-(10**9), 10**9)).scaleb(-chance.randrange(6)) for _ in range(900)]
    values += [round(chance.uniform(-(10**6), 10**6), chance.randrange(7)) for _ in range(300)]
    codes = sorted(currency_digits())
    assert len(codes) > 300
    for index, value in enumerate(values):
        code = codes[index % len(codes)]
        assert MAKERS["number"](country)(str(value)) == numbers.format_decimal(value, locale=locale)
        if (country, code) != ("JP", "JPY"):
            assert MAKERS["currency"](country)(str(value), code) == numbers.format_currency(value, code, locale=locale)
    for code in codes:
        if (country, code) != ("JP", "JPY"):
            assert MAKERS["currency"](country)(1234.5, code) == numbers.format_currency(1234.5, code, locale=locale)


def test_filters_write_where_babel_is_not_installed() -> None:
    script = (
        "import sys\nsys.modules['babel'] = None\nfrom pnpc.language.filling.filters import MAKERS\n"
        "for country in ('JP', 'TH', 'TW'):\n"
        "    write = {name: MAKERS[name](country) for name in MAKERS}\n"
        "    texts = (write['date']('2024-08-10', 'full'), write['time']('14:30'), write['number'](1234.5),\n"
        "             write['currency'](12000), write['currency'](1, 'USD'))\n"
        "    print(ascii(texts))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        ascii(("2024年8月10日土曜日", "14:30", "1,234.5", "12,000円", "$1.00")),
        ascii(("วันเสาร์ที่ 10 สิงหาคม 2567", "14:30 น.", "1,234.5", "฿12,000.00", "US$1.00")),
        ascii(("2024年8月10日 星期六", "下午2:30", "1,234.5", "$12,000.00", "US$1.00")),
    ]


def test_the_package_does_not_ask_for_babel() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert [name for name in project["dependencies"] if name.startswith("babel")] == []
