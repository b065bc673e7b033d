"""`pnpc init`: a project that checks clean from its first minute."""

import os
from re import MULTILINE
from re import compile as regex

import click

from pnpc.cli.errors import CouldNotRun
from pnpc.cli.project.new import starter
from pnpc.cli.project.schema import text_of
from pnpc.data import read_text
from pnpc.line.catalog import COUNTRIES

HELP = """Set up a project in DIR (without it: here).

It gets a config, the schema for editors, a first spec with recipients to try it, all with invented data. Existing files
are not changed.

\b
Examples:
  pnpc init
  pnpc init notify --country JP
"""
SPEC = "notifications/shipment-completed.yaml"
RECIPIENTS = "recipients.example.csv"
SCHEMA = ".pnpc/spec.schema.json"
_MODELINE = f"# yaml-language-server: $schema=../{SCHEMA}\n"
_COUNTRY = regex(r'^country = "JP"$', MULTILINE)


@click.command("init", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("folder", metavar="[DIR]", default=".", type=click.Path(file_okay=False))
@click.option("--country", type=click.Choice(COUNTRIES), default="JP", show_default=True, help="Of the LINE account.")
def command(folder: str, country: str) -> None:
    """Set up a project."""
    made = 0
    for name, text in files(country).items():
        made += _put(folder, name, text)
    if not made:
        click.echo("nothing to do: all files exist")
    click.echo(_next(folder, country), nl=False)


def files(country: str) -> dict[str, str]:
    """What a project begins with, by file name. Only of Japan are templates known, so only there is a first spec."""
    config = _COUNTRY.sub(f'country = "{country}"', read_text("templates", "project", "pnpc.toml"))
    project = {"pnpc.toml": config, SCHEMA: text_of("spec")}
    if country == "JP":
        project[SPEC] = _MODELINE + starter("shipment_completed_ja")
        project[RECIPIENTS] = read_text("templates", "project", RECIPIENTS)
    return project


def _put(folder: str, name: str, text: str) -> bool:
    """Write one file unless it, or what stands for it, is there; say which. Whether it was written."""
    from pnpc.project.files import shown, write

    file = os.path.normpath(os.path.join(folder, name))
    try:
        if os.path.lexists(file):
            click.echo(f"kept  {shown(file)}")
            return False
        if name == "pnpc.toml" and _is_configured(folder):
            click.echo(f"kept  {shown(os.path.normpath(os.path.join(folder, 'pyproject.toml')))} (it has [tool.pnpc])")
            return False
        os.makedirs(os.path.dirname(file) or ".", exist_ok=True)
        write(file, text.encode())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CouldNotRun(f"can't write {shown(file)}: {reason.lower()}") from None
    click.echo(f"made  {shown(file)}")
    return True


def _is_configured(folder: str) -> bool:
    from pnpc.project.files import CouldNotRead, read

    try:
        return b"[tool.pnpc" in read(os.path.join(folder, "pyproject.toml"))
    except CouldNotRead:
        return False


def _next(folder: str, country: str) -> str:
    from shlex import quote

    enter = f"  cd {quote(folder)}\n" if os.path.normpath(folder) != "." else ""
    if country != "JP":
        note = "no first spec: LINE publishes no list of this country's keys that pnpc could read\n"
        return (
            f"\n{note}"
            f"\nnext:\n{enter}"
            "  pnpc catalog import saved/ -o catalogs/own.json    the pages with LINE's keys, saved by your browser\n"
            "  pnpc new --list                                    starts a spec for a template of them\n"
        )
    return (
        f"\nnext:\n{enter}"
        "  pnpc check\n"
        f"  pnpc compile {SPEC} --recipients {RECIPIENTS}\n"
        "  pnpc new --list                 more starter specs\n"
    )
