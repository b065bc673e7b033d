"""`pnpc compile --cluster`: parts compiled by the workers of a cluster, and gathered as if one process had done it."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import accumulate, chain
from uuid import uuid4

from pnpc.about import VERSION
from pnpc.cli.common import say
from pnpc.cli.compiling.bad_rows import KeptRows
from pnpc.cli.compiling.gathered import AskedParts, Gathered
from pnpc.cli.compiling.options import CompileOptions
from pnpc.cli.compiling.rows import condition_mistake, wanted_by
from pnpc.cli.compiling.run import CompileRun
from pnpc.cli.compiling.stopped import Stopped
from pnpc.cli.compiling.targeting import target_for
from pnpc.cli.errors import CouldNotRun
from pnpc.cli.progress import Bar
from pnpc.compile.plan import Plan
from pnpc.compile.tables.picking import BadCondition
from pnpc.project import remote
from pnpc.project.files import remove_unfinished, shown
from pnpc.project.parts.dask import Cluster, ClusterError
from pnpc.project.parts.feed import asks_for_index
from pnpc.project.parts.job import Job, KeptFragments, SpecText
from pnpc.project.parts.outputs import Outputs
from pnpc.project.parts.work import PartMade, Trouble, compile_part, count_part
from pnpc.project.workspace import Workspace
from pnpc.text.source import Source


def keep_fragments(names: Sequence[str], workspace: Workspace) -> None:
    """From here on the files that specs include are kept, so that they can travel."""
    for name in names:
        context = workspace.context(name)
        if context.fragments is not None and not isinstance(context.fragments, KeptFragments):
            context.fragments = KeptFragments(context.fragments)


def spec_texts(sources: Mapping[str, Source], workspace: Workspace, options: CompileOptions) -> tuple[SpecText, ...]:
    """The texts of specs that have been read, with what holds for each."""
    texts = []
    for name, source in sources.items():
        settings = workspace.settings(name)
        config, fragments = settings.config, settings.context.fragments
        assert isinstance(fragments, KeptFragments)
        texts.append(
            SpecText(
                name, source.text, config.catalogs, config.country, config.media_hosts, fragments.texts(),
                workspace.levels(name), options.target, target_for(options.target, config).given, options.campaign,
            )
        )  # fmt: skip
    return tuple(texts)


def refuse(options: CompileOptions) -> None:
    """Refuse what a cluster can't do. Raises CouldNotRun."""
    if options.recipients in (None, "-"):
        raise CouldNotRun("--cluster needs the parts of a table: add --recipients 'parts/*.parquet'")
    if options.format_ != "jsonl":
        raise CouldNotRun(f"--cluster writes JSON Lines only: leave --format {options.format_} out")
    if options.limit is not None:
        raise CouldNotRun("--limit takes the first rows, which one process finds at once: leave --cluster out")
    if options.fail_fast:
        raise CouldNotRun(
            "--fail-fast ends at the first bad row, when workers have written later parts: leave --cluster out"
        )
    if options.jobs:
        raise CouldNotRun("--jobs is for one machine: leave it out, or --cluster")


class ClusterRun:
    """Has parts compiled, and gathers what is to be said of them, in their order."""

    def __init__(
        self, options: CompileOptions, plans: Sequence[Plan], specs: tuple[SpecText, ...], parts: AskedParts,
        run: CompileRun, kept: KeptRows, bar: Bar,
    ) -> None:  # fmt: skip
        """Raises CouldNotRun where payloads would not go to a folder."""
        if parts.outputs is None:
            raise CouldNotRun("--cluster writes a file for each part: name a folder, as in -o out/")
        self._options = options
        self._plans = plans
        self._parts = parts.listed.parts
        self._run = run
        self._kept = kept
        self._bar = bar
        self._wanted = wanted_by(options, plans)
        self._gathered = Gathered(options, parts)
        outputs = parts.outputs
        self._job = Job(
            uuid4().hex, VERSION, specs, self._wanted, self._parts, tuple(_place(part.name) for part in self._parts),
            Outputs(_place(outputs.before), outputs.after),
            keeps_bad_rows=options.errors is not None,
        )  # fmt: skip

    def notes(self) -> Iterator[str]:
        """What people should know when all has been read."""
        return self._gathered.notes()

    def compile(self) -> None:
        """Have all payloads written. Raises CouldNotRun."""
        try:
            with Cluster(str(self._options.cluster)) as cluster:
                if not cluster.workers():
                    say(f"note: no worker has joined the scheduler at {self._options.cluster} yet: waiting for one")
                self._gather(cluster)
        except ClusterError as error:
            raise CouldNotRun(str(error)) from None
        except Stopped:
            self._gathered.end()
        finally:
            for folder in self._job.outputs.folders(self._parts):
                with suppress(OSError):  # a folder of the workers
                    remove_unfinished(folder, self._job.run)
        self._gathered.demand_all()

    def _gather(self, cluster: Cluster) -> None:
        firsts = self._firsts(cluster)
        results = _in_order(self._compiled(cluster, firsts))
        first = next(results)
        with self._kept.open(first.columns, first.file, self._run.summary, files=True):
            for result in chain((first,), results):
                self._take(result)
            self._gathered.demand_rows(self._run.rows)

    def _firsts(self, cluster: Cluster) -> list[int]:
        """The number of the first row of each part. Raises Stopped for a part whose rows can't be counted."""
        if not asks_for_index(self._plans, self._wanted):
            return [0] * len(self._parts)
        given = [(number,) for number in range(len(self._parts) - 1)]
        counts = sorted(cluster.work(self._job, count_part, "count", given))
        for _, count in counts:
            if count.trouble is not None:
                raise self._failure(count.trouble)
            if count.mistakes:
                self._gathered.add_uncounted(count.file)
                self._run.bad_table(count.mistakes)
                with self._kept.open(None, count.file, self._run.summary, files=True):
                    raise Stopped(count.mistakes)
        return list(accumulate((count.rows for _, count in counts), initial=0))

    def _compiled(self, cluster: Cluster, firsts: list[int]) -> Iterator[tuple[int, PartMade]]:
        """The parts as they are done."""
        for number, result in cluster.work(self._job, compile_part, "part", list(enumerate(firsts))):
            if result.made is not None:
                self._bar.add(result.made.rows, result.made.bad_rows)
            yield number, result

    def _take(self, result: PartMade) -> None:
        """Count what a part became. Raises CouldNotRun."""
        if result.made is not None:
            self._run.note_columns(result.columns or ())
            self._run.take(result.made, result.file)
        self._kept.add_entries(result.entries)
        notes = list(result.notes)
        if result.unkept:
            notes.append(
                f"{result.unkept:,} more bad rows of {result.file} are not in {shown(self._options.errors or '')}"
            )
        self._gathered.add(result.picked, notes)
        if result.mistakes:
            self._run.bad_table(result.mistakes)
            self._kept.add_stop(result.mistakes)
            self._gathered.add_unwritten()
        if result.trouble is not None:
            if result.trouble.condition is not None or result.trouble.is_bug:
                raise self._failure(result.trouble)
            self._gathered.add_unread(result.trouble.line)

    def _failure(self, trouble: Trouble) -> Exception:
        if trouble.condition is not None:
            return condition_mistake(BadCondition(*trouble.condition), self._options.where or "")
        return RuntimeError(trouble.line) if trouble.is_bug else CouldNotRun(trouble.line)


def _in_order(done: Iterator[tuple[int, PartMade]]) -> Iterator[PartMade]:
    """Results in the order of the parts; those that came too early wait."""
    waiting: dict[int, PartMade] = {}
    wanted = 0
    for number, result in done:
        waiting[number] = result
        while wanted in waiting:
            yield waiting.pop(wanted)
            wanted += 1


def _place(name: str) -> str:
    """A name as a worker finds it, which runs in another folder."""
    if remote.is_url(name):
        return name
    return os.path.join(os.path.abspath(name), "") if name.endswith(os.sep) else os.path.abspath(name)
