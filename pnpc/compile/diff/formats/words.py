"""Values and differences in words, as every report of changes says them."""

from typing import Any

from pnpc.compile.diff.bounds import ABSENT
from pnpc.compile.diff.values import Difference
from pnpc.report.clean import visible
from pnpc.report.dump import dump
from pnpc.text.path import show

_LONG = 100  # characters of a value that a line repeats


def value(one: Any) -> str:
    """A JSON value on one line, texts in quotes; long ones are cut."""
    text = visible(dump(one))
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"


def line_of(one: Difference) -> str:
    """A difference on one line: where, and what became of it."""
    if one.moved:
        return f"{show(one.new)}: the same entries in another order"
    if one.before is ABSENT:
        return f"{show(one.new)}: added {value(one.after)}"
    if one.after is ABSENT:
        return f"{show(one.old)}: removed {value(one.before)}"
    return f"{show(one.new)}: {value(one.before)} → {value(one.after)}"
