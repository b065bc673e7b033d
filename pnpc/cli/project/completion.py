"""`pnpc completion`: what makes the Tab key know pnpc."""

import click
from click.shell_completion import get_completion_class

from pnpc.cli.common import COMPLETION
from pnpc.cli.errors import CouldNotRun

HELP = """Print the completion script of a shell.

\b
Install:
  bash  echo 'eval "$(pnpc completion bash)"' >> ~/.bashrc
  zsh   echo 'eval "$(pnpc completion zsh)"' >> ~/.zshrc
  fish  pnpc completion fish > ~/.config/fish/completions/pnpc.fish
"""


@click.command("completion", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print a shell's completion script."""
    kind = get_completion_class(shell)
    assert kind is not None  # click knows the three of the Choice
    complete = kind(context.find_root().command, {}, "pnpc", COMPLETION)
    try:
        script = complete.source()
    except RuntimeError as error:  # bash older than 4.4
        raise CouldNotRun(str(error)) from None
    click.echo(script, nl=False)
