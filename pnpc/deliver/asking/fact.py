"""A fact as a line for people: how it stands, and what to do about it."""

from collections.abc import Mapping
from typing import Any, NamedTuple


class Fact(NamedTuple):
    """One thing that is known of an account, or of this machine.

    `state`: `ok`, `attention` (something is to be done), or why it is not known: `cannot-tell`, `not-asked`. `says` is a line
    for people, `to_do` what to do; `data` the values of LINE's answer. `date` is the answer's header Date. `ends`: nothing else
    needs to be asked, for it would have no answer either.
    """

    topic: str
    state: str
    says: str
    to_do: str = ""
    data: Mapping[str, Any] = {}
    date: str = ""
    ends: bool = False
