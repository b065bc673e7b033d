"""What is wrong, or doubtful, with one record of a table."""

from typing import NamedTuple


class Mistake(NamedTuple):
    """What is wrong with a record: the rule's name, the words, and the column (None: the whole record).

    `kind` tells apart what a rule says of different things: warnings are counted for each rule and kind. A doubt that
    belongs to no rule (`rule` is empty) is a note: its words hold for any row, and are said once a run.
    """

    rule: str
    message: str
    column: str | None
    help: str | None = None
    kind: str = ""
