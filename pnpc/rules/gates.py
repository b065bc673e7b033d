"""Gates: the cheap question that tells whether a rule can have anything to say of a message.

Behind a closed gate a rule costs nothing, neither its time nor the loading of its file: most messages are clean.
"""

from collections.abc import Callable

from pnpc.spec.context import Context
from pnpc.spec.notice import Notice
from pnpc.spec.reads import reads

Gate = Callable[[Notice, Context], object]


def _repeated_keys(notice: Notice, _context: Context) -> bool:
    keys = [field.text for _, field in notice.catalog_keys()]
    return len(set(keys)) != len(keys)


def _cut_text(notice: Notice, _context: Context) -> bool:
    """A `#` after a blank with no blank after it."""
    text = notice.document.source.text
    at = text.find(" #")
    while at >= 0:
        if text[at + 2 : at + 3].strip():
            return True
        at = text.find(" #", at + 2)
    return "\t#" in text


def _separators(notice: Notice, _context: Context) -> bool:
    text = notice.document.source.text
    return not text.isascii() and ("\x85" in text or "\u2028" in text or "\u2029" in text)


GATES: dict[str, Gate] = {
    "always": lambda _notice, _context: True,
    "template": lambda notice, _context: notice.kind == "template",
    "flexible": lambda notice, _context: notice.kind == "flexible",
    "variables": lambda notice, _context: notice.variables,
    "keys": lambda notice, context: context.doubtful_keys(notice),
    "repeated keys": _repeated_keys,
    "expressions": lambda notice, context: reads(notice, context).doubtful,
    "idle variables": lambda notice, context: not notice.variables.keys() <= reads(notice, context).used,
    "recipient": lambda notice, _context: notice.is_spec == (notice.to is not None),
    "cut text": _cut_text,
    "separators": _separators,
}


def opened(notice: Notice, context: Context) -> tuple[str, ...]:
    """The names of the gates that are open for a message."""
    return tuple([name for name, gate in GATES.items() if gate(notice, context)])
