"""Writes `schemas/locales.json`: how dates, times, numbers and money are written in each country, from Unicode's CLDR.

    python tools/locale_data.py && python tools/lengths.py && make docs

CLDR is read through Babel, which only this program and the tests need: pnpc itself writes with the stored data, so that
a text is the same whatever is installed. A newer CLDR writes other texts, which change lengths and the ids of messages:
run this on purpose, read the difference, and tell it in CHANGELOG.md.
"""

import datetime
import json
import re
from pathlib import Path
from typing import Any

from babel import Locale, __version__
from babel.core import get_cldr_version, get_global
from babel.numbers import get_currency_precision, list_currencies

from pnpc.language.expressions.expression import FORMATS
from pnpc.language.filling.date_texts import parts_of

FILE = Path(__file__).parent.parent / "schemas" / "locales.json"
LOCALES = {"JP": "ja_JP", "TH": "th_TH", "TW": "zh_Hant_TW"}
ZONES = {"JP": "Asia/Tokyo", "TH": "Asia/Bangkok", "TW": "Asia/Taipei"}
OFFSETS = {"JP": "+0900", "TH": "+0700", "TW": "+0800"}

# CLDR's skeletons behind the formats that have no name in CLDR: which fields are shown, in the country's order.
_SKELETONS = {"month-day": "MMMd", "weekday": "MMMEd", "long-weekday": "yMMMEd", "hm": "Hm"}
# The Gregorian era. The Thai years that pnpc writes are Buddhist, and people write those without an era.
_ERA = re.compile(r"G+ ?")
# Not CLDR's: CLDR writes yen with a sign in front (￥1,234), and LINE's own examples write 1,234円.
_OURS = {"JP": {"JPY": "#,##0円"}}
_COMMENT = "Made by tools/locale_data.py, which says how and why; not edited manually."


def patterns(locale: Locale, filter: str) -> dict[str, str]:
    """The patterns of the formats that `date` or `time` has. Raises KeyError for a field that pnpc cannot write."""
    named = locale.date_formats if filter == "date" else locale.time_formats
    found = {}
    for format in FORMATS[filter]:
        skeleton = _SKELETONS.get(format)
        pattern = locale.datetime_skeletons[skeleton].pattern if skeleton else named[format].pattern
        found[format] = _ERA.sub("", pattern)
        parts_of(found[format])
    return found


def periods(locale: Locale) -> dict[str, dict[str, str]]:
    """The names of the parts of a day: `at` a second of its own, or `from` a second on; seconds from midnight."""
    names = locale.day_periods["format"]["abbreviated"]
    found: dict[str, dict[str, str]] = {"at": {}, "from": {}}
    for period, rules in locale.day_period_rules[None].items():
        for rule in rules:
            how = "at" if "at" in rule else "from"
            found[how][str(rule[how])] = names[period]
    return {how: dict(sorted(parts.items(), key=lambda part: int(part[0]))) for how, parts in found.items()}


def zone(country: str, locale: Locale) -> dict[str, str]:
    """The short and the long name of the country's time zone; its offset where CLDR has no short name."""
    metazone = locale.meta_zones[get_global("meta_zones")[ZONES[country]]]
    own = locale.time_zones.get(ZONES[country], {})
    return {
        "z": own.get("short", metazone.get("short", {})).get("standard", OFFSETS[country]),
        "zzzz": own.get("long", metazone["long"])["standard"],
    }


def symbols(locale: Locale) -> dict[str, str]:
    """The signs of currencies that are written with a sign; all others are written with their code."""
    return {code: sign for code, sign in sorted(locale.currency_symbols.items()) if sign != code}


def currencies() -> dict[str, list[str]]:
    """Every code that CLDR knows, those of former money too, by the digits after the decimal point."""
    found: dict[str, list[str]] = {}
    for code in sorted(list_currencies()):
        found.setdefault(str(get_currency_precision(code)), []).append(code)
    return dict(sorted(found.items()))


def country_data(country: str) -> dict[str, Any]:
    """How one country writes; lists of months begin with January, of weekdays with Monday."""
    locale = Locale.parse(LOCALES[country])
    marks = locale.number_symbols["latn"]
    months, days = locale.months["format"], locale.days["format"]
    found = {
        "date": patterns(locale, "date"),
        "time": patterns(locale, "time"),
        "names": {
            "MMM": [months["abbreviated"][month] for month in range(1, 13)],
            "MMMM": [months["wide"][month] for month in range(1, 13)],
            "E": [days["abbreviated"][day] for day in range(7)],
            "EEEE": [days["wide"][day] for day in range(7)],
        },
        "zone": zone(country, locale),
        "marks": {mark: marks[mark] for mark in ("group", "decimal", "minusSign")},
        "number": locale.decimal_formats[None].pattern,
        "money": locale.currency_formats["standard"].pattern,
        "money_of": _OURS.get(country, {}),
        "symbols": symbols(locale),
    }
    if any("B" in pattern for pattern in found["time"].values()):
        found["periods"] = periods(locale)
    return found


def locale_data() -> dict[str, Any]:
    """All of the file but the day on which it was made."""
    return {
        "$comment": _COMMENT,
        "source": f"Unicode CLDR {get_cldr_version()}, https://cldr.unicode.org/, as Babel {__version__} has it",
        "licence": "Unicode License v3, see LICENSE-unicode",
        "cldr": get_cldr_version(),
        **{country: country_data(country) for country in LOCALES},
        "currencies": currencies(),
    }


def text_of(data: dict[str, Any]) -> str:
    """The text of the file: lists in one line each."""
    text = json.dumps(data, ensure_ascii=False, indent=1)
    return re.sub(r"\[[^\[\]{}]*\]", lambda found: re.sub(r"\n\s*", " ", found[0]), text) + "\n"


if __name__ == "__main__":
    made = locale_data()
    dated = {
        "$comment": made.pop("$comment"),
        "date": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
        **made,
    }
    FILE.write_text(text_of(dated), encoding="utf-8")
