"""`pnpc explain`: one rule in full."""

import json
import sys
from textwrap import fill
from typing import Any

import click
from click.shell_completion import CompletionItem

from pnpc import rules
from pnpc.cli.common import wants_color
from pnpc.cli.errors import CouldNotRun
from pnpc.cli.project.rules import as_json
from pnpc.rules import page
from pnpc.rules.listing import ALL
from pnpc.rules.rule import Rule, shown
from pnpc.text.suggest import did_you_mean, near

HELP = """Explain a rule: what it requires, why, its source, and examples.

RULE is a code or a name.

\b
Examples:
  pnpc explain PNP204
  pnpc explain duplicate-item
  pnpc explain PNP204 --format markdown
"""


def _complete(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(word) for word in rules.words() if word.lower().startswith(incomplete.lower())]


@click.command("explain", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("rule", metavar="RULE", shell_complete=_complete)
@click.option("--format", "format_", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True)
def command(rule: str, format_: str) -> None:
    """Explain one rule."""
    if not rules.known(rule):
        close = did_you_mean(near(rule.lower(), [listed.name for listed in ALL]) or near(rule.upper(), rules.words()))
        raise CouldNotRun(f"no rule `{rule}`{close or '; `pnpc rules` lists them'}")
    explained = rules.get(rule)
    if format_ == "json":
        click.echo(json.dumps(_as_json(explained), ensure_ascii=False, indent=2))
    elif format_ == "markdown":
        click.echo(page.page(explained), nl=False)
    else:
        click.echo(_text(explained, color=wants_color(sys.stdout)), nl=False, color=wants_color(sys.stdout))


def _as_json(rule: Rule) -> dict[str, Any]:
    examples = {"bad": [shown(example)[0] for example in rule.bad], "good": list(rule.good), "fixed": list(rule.fixed)}
    return {**as_json(rule), "why": rule.why, **examples}


def _text(rule: Rule, *, color: bool) -> str:
    def paint(text: str, **style: Any) -> str:
        return click.style(text, **style) if color else text

    hue = "red" if rule.severity == "error" else "yellow"
    head = f"{paint(rule.code, bold=True)} {paint(rule.name, bold=True)}  {paint(rule.severity, fg=hue)}"
    parts = [head + ("  can be fixed with --fix" if page.has_fix(rule) else ""), rule.summary]
    why = fill(
        rule.why, 80, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False, break_long_words=False
    )
    parts.append(f"{paint('Why', bold=True)}\n{why}")
    for example in rule.bad:
        lines = [
            f"  {line}" + (f"\n  {paint(carets, fg=hue)}" if carets else "") for line, carets in page.marked(example)
        ]
        parts.append(f"{paint('Reported', bold=True)}\n" + "\n".join(line.rstrip() for line in lines))
    for title, examples in (("Fixed", page.fixed(rule)), ("Good", rule.good)):
        for example in examples:
            parts.append(
                f"{paint(title, bold=True)}\n" + "\n".join(f"  {line}".rstrip() for line in example.splitlines())
            )
    parts.append(f"{paint('Source', bold=True)}\n" + "\n".join(f"  {source}" for source in rule.source.split("; ")))
    parts.append(f"{paint('Suppress', bold=True)}\n  {page.suppression(rule)}")
    return "\n\n".join(parts) + "\n"
