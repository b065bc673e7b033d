"""`pnpc new`: a starter spec for one of LINE's templates."""

import os
import sys
from collections.abc import Callable
from re import MULTILINE
from re import compile as regex
from typing import TYPE_CHECKING

import click

from pnpc.cli.common import CatalogOption
from pnpc.cli.errors import CouldNotRun
from pnpc.cli.project.known_keys import Project, entries, known, project_here, quietly
from pnpc.data import path, read_text
from pnpc.line.catalog import CatalogKey, KeyKind
from pnpc.line.grammar.schema import load
from pnpc.report.clean import visible

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

Complete = Callable[[click.Context, click.Parameter, str], "list[CompletionItem]"]

HELP = """Write a starter spec for one of LINE's templates, or of those in your catalogs.

For the templates that come with pnpc it is a whole notification; for one of your catalogs (`catalogs` in pnpc.toml) a frame
with what they say of it, and items and buttons whose labels share words with it, or those that you name.
The spec is named after the template and written into a file of that name, unless --name and -o say otherwise.

\b
Examples:
  pnpc new --list
  pnpc new shipment_completed_ja
  pnpc new shipment_completed_ja --name shipment -o notifications/shipment.yaml
  pnpc new seat_reserved_ja --item name_301_ja --button check_seat_ja
"""
_NAME = regex(r"^name: (.+)$", MULTILINE)


def _complete(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[str]:
    project = quietly()
    keys = [*_shown_starters(project.country), *(entry.key for entry in _templates(project))]
    return [key for key in keys if key.startswith(incomplete)]


def _complete_key(kind: KeyKind) -> Complete:
    def complete(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list["CompletionItem"]:
        from click.shell_completion import CompletionItem

        begun = [entry for entry in entries(quietly(), kind) if entry.key.startswith(incomplete)]
        return [CompletionItem(entry.key, help=entry.label or None) for entry in begun]

    return complete


@click.command("new", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("template_key", required=False, shell_complete=_complete)
@click.option("-o", "--output", metavar="FILE", help="The file to write; `-` is standard output.")
@click.option("--name", help="The spec's name: lower-case letters, digits and hyphens.")
@click.option(
    "--item", "items", metavar="KEY", multiple=True, shell_complete=_complete_key("items"),
    help="An item of the message, by its key. May be repeated.",
)  # fmt: skip
@click.option(
    "--button", "buttons", metavar="KEY", multiple=True, shell_complete=_complete_key("buttons"),
    help="A button of the message, by its key. May be repeated.",
)  # fmt: skip
@click.option("--list", "list_", is_flag=True, help="List the templates that there is a starter spec for.")
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
@CatalogOption
def command(
    template_key: str | None,
    output: str | None,
    name: str | None,
    items: tuple[str, ...],
    buttons: tuple[str, ...],
    list_: bool,
    force: bool,
    catalogs: tuple[str, ...],
) -> None:
    """Write a starter spec, or list those that there are."""
    if list_:
        click.echo(_listed(catalogs), nl=False)
        return
    if template_key is None:
        raise click.UsageError("name a template (`pnpc new --list` shows them)")
    if template_key in starters() and not (items or buttons):
        known(template_key, "templates", quietly()._replace(country="JP"))  # LINE may have refused it to the account
        text = starter(template_key, name)
    else:
        text = _framed(template_key, name, items, buttons, catalogs)
    put(output or f"{name_of(text)}.yaml", text, force=force)


def _framed(
    template_key: str, name: str | None, items: tuple[str, ...], buttons: tuple[str, ...], catalogs: tuple[str, ...]
) -> str:
    """A spec for a template that a catalog knows. Raises CouldNotRun for keys that none knows."""
    from pnpc.cli.project.frame import FrameKeys, chosen, frame

    project = project_here(catalogs)
    template = known(template_key, "templates", project, starters())
    project = project._replace(country=template.country)
    asked = FrameKeys(_named(items, "items", project), _named(buttons, "buttons", project), is_asked=True)
    picked = asked if items or buttons else chosen(template, project.catalog)
    endings = project.catalog.country(template.country).suffixes
    return frame(template, picked, endings, wanted_name(name) if name is not None else None)


def _named(keys: tuple[str, ...], kind: KeyKind, project: Project) -> list[CatalogKey]:
    """What the catalogs say of some keys, each of which LINE takes once. Raises CouldNotRun for more than it takes."""
    most = load("template-message")["$defs"]["body"]["properties"][kind]["maxItems"]
    unique = dict.fromkeys(keys)
    if len(unique) > most:
        raise CouldNotRun(f"LINE takes at most {most} {kind}, not {len(unique)}")
    return [known(key, kind, project) for key in unique]


def _templates(project: Project) -> list[CatalogKey]:
    """The templates for which there is a frame only."""
    ready = starters()
    return [entry for entry in entries(project, "templates") if entry.key not in ready]


def _shown_starters(country: str | None) -> list[str]:
    """The starter specs that an account of a country can use: all are for Japan."""
    return starters() if country in (None, "JP") else []


def starters() -> list[str]:
    """The template keys that there is a starter spec for."""
    files = os.listdir(path("templates", "specs"))
    return sorted(file.removesuffix(".yaml") for file in files if file.endswith(".yaml"))


def starter(template_key: str, name: str | None = None) -> str:
    """The text of one of `starters`, under another name if one is given. Raises CouldNotRun for a name that can't be."""
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


def _listed(catalogs: tuple[str, ...]) -> str:
    from pnpc.cli.table import table

    project = project_here(catalogs)
    ready = _shown_starters(project.country)
    listed = project.catalog.country("JP").listings["templates"].keys
    rows = [(key, _for(listed[key])) for key in ready]
    text = table(("TEMPLATE", "FOR"), rows) if rows else ""
    framed = [(visible(entry.key), entry.country, entry.known, _label(entry)) for entry in _templates(project)]
    if framed:
        text += ("\n" if text else "") + "From your catalogs, as frames:\n"
        text += table(("TEMPLATE", "COUNTRY", "KNOWN", "FOR"), framed)
    return text or f"no template of {project.country} is known; see `pnpc catalog import`\n"


def _for(entry: CatalogKey) -> str:
    """What a template is for; where that is not known, how its key is."""
    if entry.known == "refused":
        return f"({entry.claim})"
    return _label(entry) or ("(an example in LINE's docs)" if entry.known == "example" else f"({entry.claim})")


def _label(entry: CatalogKey) -> str:
    return visible(entry.label or entry.title)
