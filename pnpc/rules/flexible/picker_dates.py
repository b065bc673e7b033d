"""PNP318 picker-dates."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.rules.flexible.pickers import DATES, Picker, pickers
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for picker in pickers(notice, context):
        yield from _dates(picker)


def _dates(picker: Picker) -> Iterator[Finding]:
    for name in DATES:
        wrong = picker.wrong.get(name)
        if wrong is not None:
            yield Finding(picker.action.at(name), wrong)
    low, high = picker.dates.get("min"), picker.dates.get("max")
    if low is not None and high is not None and high <= low:
        related = ((picker.action.at("min"), says("`min` is here")),)
        yield Finding(picker.action.at("max"), says("`max` must be later than `min`, {min}", min=low), related=related)


RULE = Rule(
    code="PNP318",
    name="picker-dates",
    severity="error",
    summary="The dates of a datetime picker are not valid.",
    why="LINE answers 400. Dates must have the form of the picker's mode (a datetime: 2024-08-10T09:00, with T or t), and `max` must be later than `min`.",
    source="https://developers.line.biz/en/reference/messaging-api/#datetime-picker-action",
    bad=(
        """\
messages:
  - type: template
    altText: お届け日の変更
    template:
      type: buttons
      text: お届け日を選んでください
      actions:
        - {type: datetimepicker, label: 選ぶ, data: slot, mode: date, min: "2024-08-10", max: «"2024-08-01"»}
        - {type: datetimepicker, label: 選ぶ, data: slot, mode: datetime, initial: «"2024-08-10 09:00"»}
        - {type: datetimepicker, label: 選ぶ, data: slot, mode: date, initial: «"2024-02-30"»}
""",
    ),
    good=(
        """\
messages:
  - type: template
    altText: お届け日の変更
    template:
      type: buttons
      text: お届け日を選んでください
      actions:
        - {type: datetimepicker, label: 選ぶ, data: slot, mode: datetime, min: "2024-08-10t09:00", max: "2024-08-10T18:00"}
""",
    ),
    check=check,
)
