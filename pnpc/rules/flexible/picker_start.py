"""PNP319 picker-start."""

from collections.abc import Iterator

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.rules.flexible.pickers import pickers
from pnpc.rules.rule import Rule
from pnpc.text.finding import Finding
from pnpc.text.wording import says


def check(notice: Notice, context: Context) -> Iterator[Finding]:
    for picker in pickers(notice, context):
        initial, low, high = (picker.dates.get(name) for name in ("initial", "min", "max"))
        if initial is None:
            continue
        if low is not None and initial < low:
            yield Finding(picker.action.at("initial"), says("`initial` is earlier than `min`, {min}", min=low))
        elif high is not None and initial > high:
            yield Finding(picker.action.at("initial"), says("`initial` is later than `max`, {max}", max=high))


RULE = Rule(
    code="PNP319",
    name="picker-start",
    severity="warning",
    summary="A datetime picker opens at a date that can't be chosen.",
    why="A date outside `min` and `max` can't be chosen. LINE does not document what it does with such an `initial`.",
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
        - {type: datetimepicker, label: 選ぶ, data: slot, mode: time, initial: «"08:30"», min: "09:00"}
""",
    ),
    check=check,
)
