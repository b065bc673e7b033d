"""What a rule is: a claim, its reason, its source, and examples, which are tests and stand in the docs."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.text.finding import Finding, Severity
from pnpc.text.path import Path

Check = Callable[[Notice, Context], Iterator[Finding]]


class Test(NamedTuple):
    """A quick test of a row's text: `is_doubtful` is false only if the rule can find nothing in a message with this text.

    The other fields say what the answer depends on, so that most texts need not be tested. None means: not known.

    - `words` and `parts`, in lower case and NFKC: a text without any of them is not doubtful. A word that begins with an
      ASCII letter or digit counts only if no such character stands before it; a part counts anywhere.
    - `only`: a doubtful text has only these characters.
    - `unless`: a text with one of these is not doubtful.
    - `shape`: other letters and digits in the path and the query of a link change nothing.
    - `quick`: asking costs no more than remembering the answer.
    """

    is_doubtful: Callable[[str], object]
    words: frozenset[str] | None = None
    parts: frozenset[str] = frozenset()
    only: frozenset[str] | None = None
    unless: tuple[str, ...] = ()
    shape: bool = False
    quick: bool = False


# The test for a place of a template message that rows fill; None if the rule ignores what stands there.
Look = Callable[[Notice, Path], Test | None]

_HEAD = "pnpc: 1\nname: example\ncountry: JP\nmessage:\n"
_TEMPLATE = "  templateKey: shipment_completed_ja\n"


class Rule(NamedTuple):
    """A rule. `bad` examples mark with «» each span that must be reported; in `good` examples no rule may find anything.

    An example that begins with `body:`, `templateKey:` or `messages:` stands for a Japanese spec with that message.
    `fixed` are the bad examples after their safe fixes, in the same order; empty if there are no fixes.
    `check` is None if the findings come from the parser, the grammar or the data.
    `tried_by` names a test (`file::function`) that makes the rule's finding, if an example file can't show it.

    Every rule judges the values of rows in the same way as a spec. `values` makes this quick, because nearly all values are
    fine: without it, each row of a template message is judged as a whole.

    `most` is for rules that many layouts break at many places: only this number of findings is shown for a file, then how
    many more there are. The summary counts all.
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
    """For a rule whose findings do not depend on the values of rows."""
    return None


def looks_at(**tests: Test) -> Look:
    """For a rule that looks at each text alone: a test for each property (`content`, `url`) that has such a text."""
    return lambda _notice, path: tests.get(str(path[-1]))


def whole(example: str) -> str:
    """The text of the file that an example stands for."""
    if not example.startswith(("body:", "templateKey:", "messages:")):
        return example
    lines = "".join(f"  {line}\n" if line else "\n" for line in example.splitlines())
    return _HEAD + (_TEMPLATE if example.startswith("body:") else "") + lines


def shown(example: str) -> tuple[str, list[tuple[int, int]]]:
    """An example without its marks, and the marked spans as offsets (start, end) in characters."""
    text, spans, opened = "", [], 0
    for character in example:
        if character == "«":
            opened = len(text)
        elif character == "»":
            spans.append((opened, len(text)))
        else:
            text += character
    return text, spans
