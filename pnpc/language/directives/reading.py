"""One reading of a spec's directives: where it is just now, what it has found, and what it has used."""

from typing import NamedTuple

from pnpc.language.cases.parts import Key, Loop, Site
from pnpc.language.directives.scopes import Names
from pnpc.language.directives.survey import Survey
from pnpc.language.message.context import Context
from pnpc.language.message.notice import Notice
from pnpc.text.document import Node, end
from pnpc.text.finding import Finding, Fix, Place
from pnpc.text.joined import Joined
from pnpc.text.joined import JoinedFile as File
from pnpc.text.path import Path
from pnpc.text.source import Span
from pnpc.text.tree import Tree
from pnpc.text.wording import Said, says
from pnpc.text.yaml.scalar import within


class At(NamedTuple):
    """Where a node stands: the file's name and nodes, the path in it, the names that may be used, the way there.

    `sites` are the `$include`s that led to the file, the outer first; `depth` counts levels with fragments put in.
    """

    file: str
    tree: Tree
    path: Path
    names: Names
    sites: tuple[Site, ...]
    depth: int

    def below(self, step: str | int) -> "At":
        """One step down."""
        return self._replace(path=(*self.path, step), depth=self.depth + 1)


class Reading:
    """What the reading of one document shares.

    `findings` go with the tree that their places are in. `used` are the names that directives use; `loops` one loop
    for each array; `files` the fragments by the file that names them and how; `values` counts what fragments add;
    `full`: they add too much; `broken`: something could not be put in its place.
    """

    def __init__(self, notice: Notice, context: Context, joined: Joined) -> None:
        self.notice = notice
        self.context = context
        self.country = context.country(notice) or ""
        self.joined = joined
        self.survey = Survey()
        self.findings: list[tuple[Finding, Tree]] = []
        self.used: set[str] = set()
        self.loops: dict[Key, Loop] = {}
        self.files: dict[tuple[str, str], File] = {}
        self.values = 0
        self.full = False
        self.broken = False

    def tell(
        self, at: At, place: Place, rule: str, message: Said, help: Said | None = None,
        related: tuple[tuple[Place | Span, Said], ...] = (), fix: Fix | None = None,
    ) -> None:  # fmt: skip
        """Note a finding; of one in a fragment, also where that is included."""
        ways = tuple((site.where, says("included from here")) for site in reversed(at.sites))
        self.findings.append((Finding(place, message, help, (*related, *ways), fix, rule), at.tree))

    def characters(self, node: Node, at: tuple[int, int]) -> Span:
        """The span of some characters of a scalar."""
        return within(self.joined, node, *at)  # type: ignore[arg-type]


def whole(node: Node) -> Span:
    """The span of a node."""
    return Span(node.start_mark.index, end(node))
