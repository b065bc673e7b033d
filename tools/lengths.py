"""How long dates, times, numbers and money get in each country, measured on what the filters write: `schemas/lengths.json`.

    python tools/lengths.py

`pnpc check` proves lengths with these figures, without writing a date or a number; `tests/test_lengths.py` demands that
they are true.
"""

import datetime
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pnpc.language.expressions.expression import FORMATS
from pnpc.language.extents.extent import Extent, clustered, fixed
from pnpc.language.filling.filters import MAKERS

FILE = Path(__file__).parent.parent / "schemas" / "lengths.json"
NAMES = ("JP", "TH", "TW")
_NOTE = "Made by tools/lengths.py from what the filters write; see docs/lengths.md."


def days() -> list[str]:
    """A day for each length of a date's parts: every month, weekday, number of digits of the day and of the year.

    Years near to our own come first, so that they are the ones that messages show.
    """
    found: dict[tuple[int, ...], str] = {}
    for first in (2024, 9960, 1, 10, 100):
        day = datetime.date(first, 1, 1)
        while day.year < first + 40 and day < datetime.date.max:
            # The Buddhist year has five digits from 9457 on, and four from 457.
            years = (len(str(day.year)), len(str(day.year + 543)))
            found.setdefault((day.month, day.weekday(), day.day > 9, *years), day.isoformat())
            day += datetime.timedelta(1)
    return list(found.values())


def times() -> list[str]:
    """Every minute of a day, half past nine first."""
    every = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in range(60)]
    return ["09:30", *every]


def measured(country: str, name: str, format: str, values: Iterable[str]) -> dict[str, Any]:
    """The bounds of what a filter makes of these values, and values that reach them."""
    write = MAKERS[name](country)
    written: dict[str, str] = {}
    for value in values:
        written.setdefault(write(value, format), value)
    extents: dict[str, Extent] = {text: clustered(fixed(text)) for text in written}
    bounds: dict[str, Any] = {}
    reached: list[str] = []
    for bound, choose in (("least", min), ("units", max), ("clusters", max), ("encoded", max)):
        text = choose(extents, key=lambda one: getattr(extents[one], bound))
        bounds[bound] = getattr(extents[text], bound)
        reached.append(written[text])
    kinds = 0
    for extent in extents.values():
        kinds |= extent.kinds
    return {**bounds, "kinds": kinds, "reached": list(dict.fromkeys(reached))}


def lengths() -> dict[str, Any]:
    """All figures by country and filter: of a number and of money a sample, to which digits and groups are added."""
    every_day, every_time = days(), times()
    found: dict[str, Any] = {"$comment": _NOTE}
    for country in NAMES:
        found[country] = {
            "date": {one: measured(country, "date", one, every_day) for one in FORMATS["date"]},
            "time": {one: measured(country, "time", one, every_time) for one in FORMATS["time"]},
            "number": {"whole": MAKERS["number"](country)(0), "fraction": MAKERS["number"](country)(0.001)},
            "currency": MAKERS["currency"](country)(0),
        }
    return found


def text_of(found: dict[str, Any]) -> str:
    """A file's text: one line for each figure."""
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    FILE.write_text(text_of(lengths()), encoding="utf-8")
