"""What a rule is: a claim with its reason, its source, and examples that run as tests and stand in the docs."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from pnpc.spec.context import Context
from pnpc.spec.notice import Notice
from pnpc.text.finding import Finding, Severity

Check = Callable[[Notice, Context], Iterator[Finding]]

_HEAD = "pnpc: 1\nname: example\ncountry: JP\nmessage:\n"
_TEMPLATE = "  templateKey: shipment_completed_ja\n"


class Rule(NamedTuple):
    """A rule: `bad` marks with «» each span that must be reported; `good` must please every rule.

    An example that begins with `body:`, `templateKey:` or `messages:` stands for a Japanese spec with that message.
    `fixed` are the bad examples after their safe fixes, in the same order; empty if there are none.
    `check` is None for a rule whose findings come from the parser, the grammar, or the data.
    `tried_by` names the test (`file::function`) that makes the rule's finding where an example file can't show it.
    """

    code: str
    name: str
    severity: Severity
    summary: str
    why: str
    source: str
    bad: tuple[str, ...] = ()
    good: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    check: Check | None = None
    since: str = "0.1"
    tried_by: str = ""


def whole(example: str) -> str:
    """The file that an example stands for."""
    if not example.startswith(("body:", "templateKey:", "messages:")):
        return example
    lines = "".join(f"  {line}\n" if line else "\n" for line in example.splitlines())
    return _HEAD + (_TEMPLATE if example.startswith("body:") else "") + lines


def shown(example: str) -> tuple[str, list[tuple[int, int]]]:
    """An example without its marks, and the spans that they mark, as offsets."""
    text, spans, opened = "", [], 0
    for character in example:
        if character == "«":
            opened = len(text)
        elif character == "»":
            spans.append((opened, len(text)))
        else:
            text += character
    return text, spans
