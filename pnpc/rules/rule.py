"""What a rule is: a claim with its reason, its source, and examples that run as tests and stand in the docs."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.text.finding import Finding, Severity
from pnpc.text.path import Path

Check = Callable[[Notice, Context], Iterator[Finding]]


class Test(NamedTuple):
    """Whether a rule may have something to say of a message in which a place holds a text: never a false no.

    So that the text itself need not be looked at, it says what it depends on. `words` and `parts`, in lower case and
    NFKC: without one of these in it no text is doubtful (None: not known); a word that begins with an ASCII letter or
    digit stands where none is before it, a part anywhere. `only`: a doubtful text has no other characters than these
    (None: not known). `unless`: with one of these no text is doubtful. `shape`: letters and digits inside the path and
    the query of a link change nothing.
    """

    is_doubtful: Callable[[str], object]
    words: frozenset[str] | None = None
    parts: frozenset[str] = frozenset()
    only: frozenset[str] | None = None
    unless: tuple[str, ...] = ()
    shape: bool = False


# The test for a place that rows fill, of a template message; None where the rule says nothing of what stands there.
Look = Callable[[Notice, Path], Test | None]

_HEAD = "pnpc: 1\nname: example\ncountry: JP\nmessage:\n"
_TEMPLATE = "  templateKey: shipment_completed_ja\n"


class Rule(NamedTuple):
    """A rule: `bad` marks with «» each span that must be reported; `good` must please every rule.

    An example that begins with `body:`, `templateKey:` or `messages:` stands for a Japanese spec with that message.
    `fixed` are the bad examples after their safe fixes, in the same order; empty if there are none.
    `check` is None for a rule whose findings come from the parser, the grammar, or the data.
    `tried_by` names the test (`file::function`) that makes the rule's finding where an example file can't show it.

    Every rule judges what rows fill in as it judges a spec. `values` only makes that quick where it says nothing, as of
    nearly all rows: without it each row of a template message is judged as a whole.

    `most` is for a rule of which a layout breaks a habit at many places: so many findings a file are shown, then how many
    more there are; a summary counts all.
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
    values: Look | None = None
    most: int | None = None


def looks_at_nothing(_notice: Notice, _path: Path) -> Test | None:
    """For a rule of which nothing that rows fill in changes what it says."""
    return None


def looks_at(**tests: Test) -> Look:
    """For a rule that looks at each text by itself: the tests by the property (`content`, `url`) that holds the text."""
    return lambda _notice, path: tests.get(str(path[-1]))


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
