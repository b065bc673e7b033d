"""`pnpc new`: a starter spec for one of LINE's templates."""

import os
import sys
from re import MULTILINE
from re import compile as regex

import click

from pnpc.cli.errors import CouldNotRun
from pnpc.data import path, read_text
from pnpc.line.catalog import near_keys
from pnpc.line.grammar.schema import load
from pnpc.text.suggest import did_you_mean

HELP = """Write a starter spec for one of LINE's templates.

The spec is named after the template and written into a file of that name, unless --name and -o say otherwise.

\b
Examples:
  pnpc new --list
  pnpc new shipment_completed_ja
  pnpc new shipment_completed_ja --name shipment -o notifications/shipment.yaml
"""
_NAME = regex(r"^name: (.+)$", MULTILINE)


def _complete(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    return [key for key in starters() if key.startswith(incomplete)]


@click.command("new", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("template_key", required=False, shell_complete=_complete)
@click.option("-o", "--output", metavar="FILE", help="The file to write; `-` is standard output.")
@click.option("--name", help="The spec's name: lower-case letters, digits and hyphens.")
@click.option("--list", "list_", is_flag=True, help="List the templates that there is a starter spec for.")
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
def command(template_key: str | None, output: str | None, name: str | None, list_: bool, force: bool) -> None:
    """Write a starter spec, or list those that there are."""
    if list_:
        click.echo(_listed(), nl=False)
        return
    if template_key is None:
        raise click.UsageError("name a template (`pnpc new --list` shows them)")
    text = starter(template_key, name)
    put(output or f"{name_of(text)}.yaml", text, force=force)


def starters() -> list[str]:
    """The template keys that there is a starter spec for."""
    files = os.listdir(path("templates", "specs"))
    return sorted(file.removesuffix(".yaml") for file in files if file.endswith(".yaml"))


def starter(template_key: str, name: str | None = None) -> str:
    """The text of the starter spec of a template, under another name if one is given. Raises CouldNotRun."""
    known = starters()
    if template_key not in known:
        holding = [key for key in known if len(template_key) > 2 and template_key in key]
        close = did_you_mean(near_keys(template_key, known) or holding[:3])
        raise CouldNotRun(f"no starter spec for `{template_key}`{close or '; see `pnpc new --list`'}")
    text = read_text("templates", "specs", f"{template_key}.yaml")
    return _NAME.sub(f"name: {_quoted(wanted_name(name))}", text, count=1) if name is not None else text


def name_of(text: str) -> str:
    """The name that stands in the text of a starter spec."""
    line = _NAME.search(text)
    assert line is not None  # each has one: a test reads them all
    return line[1].strip('"')


def wanted_name(name: str) -> str:
    """A name from the command line, if the grammar of specs takes it. Raises CouldNotRun."""
    schema = load("spec")["properties"]["name"]
    fits = schema["minLength"] <= len(name) <= schema["maxLength"]
    if not fits or regex(schema["pattern"].removesuffix("$") + r"\Z").match(name) is None:
        limit = f"1 to {schema['maxLength']} characters"
        raise CouldNotRun(f"`{name}` is not a name for a spec: lower-case letters, digits and hyphens, {limit}")
    return name


def _quoted(name: str) -> str:
    from pnpc.text.emit import text

    return text(name)


def put(output: str, text: str, *, force: bool) -> None:
    """Write a text to a file, and its name to standard output; or with `-` the text itself. Raises CouldNotRun."""
    if output == "-":
        sys.stdout.write(text)
        return
    from pnpc.project.files import shown, write

    if os.path.lexists(output) and not force:
        raise CouldNotRun(f"{shown(output)} exists; --force overwrites it")
    try:
        os.makedirs(os.path.dirname(output) or ".", exist_ok=True)
        write(output, text.encode())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise CouldNotRun(f"can't write {shown(output)}: {reason.lower()}") from None
    click.echo(shown(output))


def _listed() -> str:
    from pnpc.cli.table import table
    from pnpc.line.catalog import Catalog

    known = Catalog().country("JP").listings["templates"].keys
    rows = [
        (key, known[key].label or known[key].title or f"(an {known[key].known} in LINE's docs)") for key in starters()
    ]
    return table(("TEMPLATE", "FOR"), rows)
