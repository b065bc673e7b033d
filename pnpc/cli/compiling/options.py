"""The options of `pnpc compile`: their names and help texts."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import click

from pnpc.cli.common import CatalogOption, ConfigOption, IsolatedOption
from pnpc.cli.grouped import Option
from pnpc.compile.formats import FORMATS
from pnpc.compile.tables.delimiters import DELIMITERS
from pnpc.compile.targets import DEFAULT, TARGETS
from pnpc.project import tables
from pnpc.project.config import Given
from pnpc.project.workspace import Workspace
from pnpc.text.encodings import ENCODINGS, canonical

_MOST_OF_NAME = 64  # characters of a name of a campaign
MOST_SAMPLED = 100_000  # rows, which are all held in memory


class EncodingName(click.Choice[str]):
    """An encoding by its name, or by another name that people know it by."""

    name = "encoding"

    def __init__(self) -> None:
        super().__init__(list(ENCODINGS), case_sensitive=False)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name of ENCODINGS. Fails for an unknown name."""
        return super().convert(canonical(value), param, ctx)


class CampaignName(click.ParamType[str]):
    """A name that people give a campaign: it stands in payloads and in the journal."""

    name = "campaign"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name as it is. Fails for one that is empty, too long, or can't be printed."""
        if not 0 < len(value) <= _MOST_OF_NAME or not value.isprintable() or value != value.strip():
            self.fail(
                f"a campaign's name has 1 to {_MOST_OF_NAME} printable characters, and no space around it", param, ctx
            )
        return str(value)


_DATA, _TABLE, _TRY, _OUTPUT, _STORED = "Data", "Tables", "Some rows only", "Output", "Snapshots"


class CompileOptions(NamedTuple):
    """What the command line asks of a run, by the names of click's parameters."""

    specs: tuple[str, ...]
    recipients: str | None
    data: str | None
    recipients_format: str | None
    encoding: str | None
    delimiter: str | None
    map_: tuple[str, ...]
    where: str | None
    sample: int | None
    seed: int
    limit: int | None
    target: str
    campaign: str | None
    format_: str
    output: str
    errors: str | None
    fail_fast: bool
    allow_empty: bool
    check: bool
    update: bool
    jobs: int
    cluster: str | None
    no_progress: bool
    color: str
    catalogs: tuple[str, ...]
    config: str | None
    isolated: bool

    def workspace(self) -> Workspace:
        """The settings of the specs' files."""
        return Workspace(self.config, self.isolated, given=Given(self.catalogs))

    def of_tables(self) -> Iterator[str]:
        """The options given that mean nothing without a table."""
        given = {
            "--recipients-format": self.recipients_format, "--encoding": self.encoding,
            "--delimiter": self.delimiter, "--map": self.map_,
            "--where": self.where, "--sample": self.sample, "--limit": self.limit, "--errors": self.errors,
        }  # fmt: skip
        return (name for name, value in given.items() if value)


def _option(group: str, *names: str, **more: Any) -> Callable[[Any], Any]:
    return click.option(*names, cls=Option, group=group, **more)


_OPTIONS = (
    _option(_DATA, "--recipients", metavar="FILE",
        help="A table, one message for each row, or its parts: a folder, or a pattern in quotes; `-` is standard input.",
    ),
    _option(
        _DATA, "--data", metavar="FILE",
        help="The values of one message, YAML or JSON; may hold the recipient. `-` is standard input.",
    ),
    _option(
        _TABLE, "--recipients-format", type=click.Choice(tables.FORMATS), help="The format of the table. Default: read from its name."
    ),
    _option(
        _TABLE, "--encoding", type=EncodingName(),
        help="The table's encoding, if it is neither UTF-8 nor marked as UTF-16.",
    ),
    _option(
        _TABLE, "--delimiter", type=click.Choice(list(DELIMITERS)),
        help="What separates the columns of CSV; `comma`, the default, but `tab` for a file named .tsv.",
    ),
    _option(
        _TABLE, "--map", "map_", metavar="VARIABLE=COLUMN", multiple=True,
        help="Read a variable, or `phone`, from a column with another name. May be repeated.",
    ),
    _option(
        _TRY, "--where", metavar="EXPRESSION",
        help="Only rows of which this is true, as in \"total > 1000 and plan == 'gold'\".",
    ),
    _option(
        _TRY, "--sample", metavar="N", type=click.IntRange(1, MOST_SAMPLED),
        help="Only N random rows; the same rows each time.",
    ),
    _option(_TRY, "--seed", metavar="N", type=int, default=0, help="Another number gives another sample."),
    _option(_TRY, "--limit", metavar="N", type=click.IntRange(1), help="Only the first N rows."),
    _option(
        _OUTPUT, "--target", type=click.Choice(list(TARGETS)), default=DEFAULT, show_default=True,
        help="The API that the requests are for.",
    ),
    _option(
        _OUTPUT, "--campaign", metavar="NAME", type=CampaignName(),
        help="A name that goes into each `id`: with another one, the same words go to the same people again.",
    ),
    _option(
        _OUTPUT, "--format", "format_", type=click.Choice(list(FORMATS)), default="jsonl", show_default=True,
        help="A request a line, one list, or commands for a shell.",
    ),
    _option(
        _OUTPUT, "-o", "--output", metavar="FILE", default="-",
        help="The file to write, whole or not at all; .gz and .zst are compressed; `-` is standard output. A folder with a /, or "
        "a name with a *, has a file for each part.",
    ),
    _option(
        _OUTPUT, "--errors", metavar="FILE",
        help="Write each bad row with its reasons to this file: CSV, or by its name JSON Lines, or JSON with the counts.",
    ),
    _option(
        _OUTPUT, "--fail-fast", is_flag=True, help="Stop at the first row with mistakes; no file is written then."
    ),
    _option(
        _OUTPUT, "--jobs", metavar="N", type=click.IntRange(0), default=0,
        help="Processes that write JSON Lines from a table; 0, the default: one per processor if it is long.",
    ),
    _option(
        _OUTPUT, "--cluster", metavar="ADDRESS",
        help="Compile the parts on a cluster of Dask: the address of its scheduler, as in tcp://scheduler:8786.",
    ),
    _option(_OUTPUT, "--allow-empty", is_flag=True, help="Exit with 0 if there are no rows."),
    _option(
        _STORED, "--check", is_flag=True,
        help="Compare the filled examples with `__payloads__/NAME.json` next to each spec; write nothing.",
    ),
    _option(_STORED, "--update", is_flag=True, help="Write these files again, and remove those without a spec."),
    click.option("-q", "--no-progress", is_flag=True, help="Show no progress, not even on a terminal."),
    click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True),
    CatalogOption,
    ConfigOption,
    IsolatedOption,
)  # fmt: skip


def options(command: Callable[..., int]) -> Callable[..., int]:
    """Give a command all the options, in the order of the help."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
