"""`pnpc preview`: a page that shows roughly what a phone will."""

import sys
from collections.abc import Mapping

import click

from pnpc.cli.common import CatalogOption, ConfigOption, IsolatedOption, heard, needs, wants_color
from pnpc.cli.compiling.specs import read_checked, show
from pnpc.cli.errors import CouldNotRun
from pnpc.compile.diff.snapshot import Snapshot
from pnpc.compile.diff.version import filled, version_of
from pnpc.compile.text import SpecErrors
from pnpc.language.message.notice import Notice
from pnpc.project.config import Given
from pnpc.project.files import is_same, shown
from pnpc.project.workspace import Workspace

HELP = """Show messages as a web page, filled from the examples of their variables.

The page is one file without scripts, and loads nothing from elsewhere: open it in a browser, or attach it to a pull
request. Of a template message it shows the title and labels that the catalog knows; of a flexible message texts and
structure in their order. It is an approximation, not LINE's rendering.

\b
Examples:
  pnpc preview notifications/shipment.yaml -o shipment.html
  pnpc preview notifications/*.yaml > all.html
"""


@click.command("preview", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("specs", nargs=-1, required=True, metavar="SPEC...", type=click.Path())
@click.option("-o", "--output", metavar="FILE", default="-", help="The file to write; `-` is standard output.")
@CatalogOption
@ConfigOption
@IsolatedOption
def command(specs: tuple[str, ...], output: str, catalogs: tuple[str, ...], config: str | None, isolated: bool) -> int:
    """Write the page; gives the exit code."""
    needs("compile")
    if output != "-" and any(is_same(output, spec) for spec in specs):
        raise CouldNotRun(f"{shown(output)} is used already: -o must name another file")
    workspace = Workspace(config, isolated, given=Given(catalogs))
    try:
        checked = read_checked(specs, workspace)
    except SpecErrors as error:
        show(error, color=wants_color(sys.stderr))
        return 1
    _put(output, _page({name: notices for name, (_, notices) in checked.items()}, workspace))
    return 0


def _page(specs: Mapping[str, tuple[Notice, ...]], workspace: Workspace) -> str:
    from pnpc.render.page import page_of, render

    pages = []
    for name, notices in specs.items():
        for notice in notices:
            version = version_of(notice, workspace.context(name), name, name)
            snapshot = filled(version)
            if not isinstance(snapshot, Snapshot):
                raise CouldNotRun(f"{shown(name)}: {snapshot}")
            pages.append(page_of(version.name or name, snapshot, version.context.catalog, version.country))
    if not pages:
        raise CouldNotRun(f"no spec in {', '.join(map(shown, specs))}")
    return render(pages)


def _put(output: str, text: str) -> None:
    if output == "-":
        with heard():
            sys.stdout.write(text)
            sys.stdout.flush()
        return
    from pnpc.cli.project.new import put

    put(output, text, force=True)
