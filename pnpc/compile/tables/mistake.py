"""What is wrong, or doubtful, with one record of a table."""

from typing import NamedTuple

from pnpc.text.wording import Said


class Mistake(NamedTuple):
    """What is wrong with a record: the rule's name, the message, and the column (None: the whole record).

    `kind` tells apart what a rule says of different things: warnings are counted for each rule and kind. A doubt that
    belongs to no rule (`rule` is empty) is a note: its message holds for any row, and is shown once a run.
    """

    rule: str
    message: Said
    column: str | None
    help: Said | None = None
    kind: str = ""
