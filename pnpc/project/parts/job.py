"""What a cluster is given: the texts of specs with all that holds for them, and how parts are read and written.

Texts travel, not what is made of them; each worker makes its plans once a run. No secret is among them: payloads are sent
elsewhere. Nothing of a job is shown where it is printed, because Dask writes what fails into its logs.
"""

from collections.abc import Callable, Mapping
from threading import local
from typing import Any, NamedTuple

from pnpc.check import engine
from pnpc.check.engine import Level
from pnpc.compile.plan import Plan
from pnpc.compile.targets import make
from pnpc.compile.text import plans_of
from pnpc.language.cases.parts import Fragment
from pnpc.language.message.context import Context
from pnpc.line.catalog import Catalog
from pnpc.line.grammar import allowance
from pnpc.project.parts.feed import Wanted
from pnpc.project.parts.listing import Part
from pnpc.project.parts.outputs import Outputs
from pnpc.text.source import Source


class KeptFragments:
    """Files that specs include, kept as they are found, so that they can be found again where the files are not."""

    def __init__(self, find: Callable[[str, str], Fragment]) -> None:
        self._find = find
        self._kept: dict[tuple[str, str], Fragment] = {}

    def __call__(self, file: str, path: str) -> Fragment:
        """The file that `path`, written in `file`, means. Raises NoFragment."""
        if (file, path) not in self._kept:
            self._kept[file, path] = self._find(file, path)
        return self._kept[file, path]

    def texts(self) -> "TextFragments":
        """Those that were asked for."""
        return TextFragments(self._kept)


class TextFragments:
    """Files that specs include, by the file that names them and how."""

    def __init__(self, texts: Mapping[tuple[str, str], Fragment]) -> None:
        self._texts = texts

    def __call__(self, file: str, path: str) -> Fragment:
        """The file that `path`, written in `file`, means."""
        return self._texts[file, path]


class SpecText(NamedTuple):
    """A file with specs that have no errors: its text, what its config says, and its target with the settings."""

    name: str
    text: str
    catalogs: tuple[dict[str, Any], ...]
    country: str | None
    media_hosts: tuple[str, ...]
    fragments: TextFragments
    levels: Mapping[str, Level]
    target: str
    settings: Mapping[str, str]
    campaign: str | None

    def plans(self) -> list[Plan]:
        """The specs made ready, as they were where the text comes from."""
        context = Context(Catalog(self.catalogs), self.country, None, self.media_hosts, self.fragments)
        checked = engine.check(Source(self.name, self.text), context, self.levels, keep=True)
        return plans_of(checked.notices, context, make(self.target, self.settings), self.levels, self.campaign)


class Job:
    """A run over parts. `run` names it; `paths` are where the workers find the parts."""

    def __init__(
        self, run: str, version: str, specs: tuple[SpecText, ...], wanted: Wanted, parts: tuple[Part, ...],
        paths: tuple[str, ...], outputs: Outputs, *, keeps_bad_rows: bool,
    ) -> None:  # fmt: skip
        self.run = run
        self.version = version
        self.specs = specs
        self.wanted = wanted
        self.parts = parts
        self.paths = paths
        self.outputs = outputs
        self.keeps_bad_rows = keeps_bad_rows

    def __repr__(self) -> str:
        return f"<pnpc run {self.run}>"

    def plans(self) -> list[Plan]:
        """The plans, made once a run by each thread of a worker: threads can't share one."""
        if getattr(_made, "run", None) != self.run:
            allowance.begin()
            _made.plans = [plan for spec in self.specs for plan in spec.plans()]
            _made.run = self.run
        plans: list[Plan] = _made.plans
        return plans


_made = local()
