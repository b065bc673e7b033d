"""Where the SQL of SQLite and of PostgreSQL differs: all else that reads a journal is written once, in what both take."""

import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from pnpc.deliver.journal.keys import FORGET_TOPIC


class Dialect(NamedTuple):
    """`is_listed` stands behind a column and takes one value that holds a list, which `list_of` makes; `then` joins tables in
    the order in which they stand; `tried` are the attempts of which a person may say what became of them; `forget` is, for an
    intent, what forgets that only this database has; `by_message` puts a long list of messages in their order, where they are not read
    in it anyhow."""

    is_listed: str
    list_of: Callable[[Sequence[Any]], object]
    then: str
    tried: str
    forget: tuple[str, ...] = ()
    by_message: str = ""


class Selection(NamedTuple):
    """A SELECT of some messages, and its values."""

    sql: str
    values: tuple[object, ...]


SQLITE = Dialect(
    "IN (SELECT value FROM json_each(?))",
    json.dumps,
    "CROSS JOIN",
    "intents LEFT JOIN results USING (intent)",
    (FORGET_TOPIC,),
)
# An attempt without a result may be another sender's, whose answer is still to come.
POSTGRES = Dialect("= ANY(?)", list, "JOIN", "intents JOIN results USING (intent)", by_message=" ORDER BY message")
