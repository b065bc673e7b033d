"""`pnpc schema`: a JSON Schema in one piece."""

import json

import click

from pnpc.cli.errors import CouldNotRun
from pnpc.language.bundle import NAMES, bundle
from pnpc.project.config_schema import whole
from pnpc.text.suggest import did_you_mean, near

HELP = """Print a JSON Schema (draft 2020-12) in one piece, for editors and other tools.

Without NAME: list the schemas. In `spec`, a limit on a text holds only where the text has no expression.

\b
Examples:
  pnpc schema                                    list them
  pnpc schema spec > .pnpc/spec.schema.json      then, as a spec's first line:
      # yaml-language-server: $schema=../.pnpc/spec.schema.json
"""


@click.command("schema", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """Print a schema, or list them."""
    if name is None:
        from pnpc.cli.table import table

        click.echo(table(("NAME", "DESCRIBES"), list(NAMES.items())), nl=False)
    elif name not in NAMES:
        raise CouldNotRun(f"no schema `{name}`{did_you_mean(near(name, NAMES)) or '; there are ' + ', '.join(NAMES)}")
    else:
        click.echo(text_of(name), nl=False)


def text_of(name: str) -> str:
    """The bundled schema of a name, as the text of a file."""
    return json.dumps(bundle(name, whole() if name == "config" else None), ensure_ascii=False, indent=2) + "\n"
