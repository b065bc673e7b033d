"""Values and differences in words, as every report of changes says them."""

from typing import Any

from pnpc.compile.diff.bounds import ABSENT
from pnpc.compile.diff.values import Difference
from pnpc.report.clean import visible
from pnpc.report.dump import dump
from pnpc.text.path import show

_LONG = 100  # characters of a value that a line repeats


def value(data: Any) -> str:
    """A JSON value on one line, texts in quotes; long ones are cut."""
    text = visible(dump(data))
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"


def line_of(difference: Difference) -> str:
    """A difference on one line: where, and what became of it."""
    if difference.moved:
        return f"{show(difference.new)}: the same entries in another order"
    if difference.before is ABSENT:
        return f"{show(difference.new)}: added {value(difference.after)}"
    if difference.after is ABSENT:
        return f"{show(difference.old)}: removed {value(difference.before)}"
    return f"{show(difference.new)}: {value(difference.before)} → {value(difference.after)}"
