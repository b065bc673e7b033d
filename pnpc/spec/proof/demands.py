"""What the grammar demands of the texts that expressions fill in."""

from pnpc.spec.grammar.run import Demand
from pnpc.spec.notice import Notice


def demands(_notice: Notice) -> list[Demand]:
    """The demands of a message: the walk over its grammar finds them, and leaves them in the context under this name.

    None for a message that was not walked over.
    """
    return []
