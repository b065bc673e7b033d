"""The dates of datetime pickers, for the rules about them."""

from re import fullmatch
from typing import Any, NamedTuple

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.language.message.objects import Object, objects
from pnpc.line.limits import limits
from pnpc.text.wording import Said, says

DATES = ("initial", "min", "max")


class Picker(NamedTuple):
    """The action of a picker; its valid dates by property, as texts of one form that can be compared; what is wrong with others."""

    action: Object
    dates: dict[str, str]
    wrong: dict[str, Said]


def pickers(notice: Notice, context: Context) -> list[Picker]:
    """The pickers of a message whose mode is known; dates that an expression makes are left out."""
    actions = objects(notice, context).of("action", "datetimepicker")
    return [_read(action, mode) for action in actions if (mode := _mode(action)) is not None]


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
        return says("`{written}` does not have the form {form}", written=written, form=mode["shape"])
    if not mode["first"] <= written.upper() <= mode["last"]:
        return says("`{written}` is outside {first} to {last}", written=written, first=mode["first"], last=mode["last"])
    return None if _exists(written) else says("`{written}` does not exist", written=written)


def _exists(written: str) -> bool:
    from datetime import date, time  # needed only for a message with a picker

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
