"""How long to wait for what."""

from typing import NamedTuple


class Timeouts(NamedTuple):
    """Seconds. A long wait for the answer makes fewer messages unknown; idle connections must be closed by us, before
    the server does: what is written into a closing connection is lost without a trace."""

    connect: float = 5.0
    total: float = 35.0
    idle: float = 10.0
