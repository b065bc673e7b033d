"""The dates of datetime pickers, read once for the rules about them."""

from re import fullmatch
from typing import Any, NamedTuple

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.message.objects import Object, objects
from pnpc.line.limits import limits
from pnpc.text.wording import Said, says

DATES = ("initial", "min", "max")


class Picker(NamedTuple):
    """A picker's action, its dates by property (comparable texts, all of one shape), and what is wrong with others."""

    action: Object
    dates: dict[str, str]
    wrong: dict[str, Said]


def pickers(notice: Notice, context: Context) -> list[Picker]:
    """The pickers of a notice whose mode is known; dates that an expression makes are left out."""
    found = objects(notice, context).of("action", "datetimepicker")
    return [_read(one, mode) for one in found if (mode := _mode(one)) is not None]


def _mode(action: Object) -> Any:
    mode = action.fixed("mode")
    return limits()["picker"].get(mode) if mode in ("date", "time", "datetime") else None


def _read(action: Object, mode: dict[str, str]) -> Picker:
    picker = Picker(action, {}, {})
    for name in DATES:
        written = action.fixed(name)
        if written is None:
            continue
        wrong = _wrong(written, mode)
        if wrong is None:
            picker.dates[name] = written.upper()
        else:
            picker.wrong[name] = wrong
    return picker


def _wrong(written: str, mode: dict[str, str]) -> Said | None:
    if fullmatch(mode["pattern"], written) is None or not written.isascii():
        return says("`{written}` is not of the form {form}", written=written, form=mode["shape"])
    if not mode["first"] <= written.upper() <= mode["last"]:
        return says("`{written}` is outside {first} to {last}", written=written, first=mode["first"], last=mode["last"])
    return None if _exists(written) else says("`{written}` does not exist", written=written)


def _exists(written: str) -> bool:
    from datetime import date, time  # only where a message has a picker

    day, _, clock = written.upper().rpartition("T")
    if ":" not in clock:
        day, clock = clock, ""
    if clock.startswith("24"):
        return False  # newer versions of Python read it as midnight
    try:
        if day:
            date.fromisoformat(day)
        if clock:
            time.fromisoformat(clock)
    except ValueError:
        return False
    return True
