"""`pnpc rules`: every rule in one table."""

import json
import os

import click

from pnpc import rules
from pnpc.cli.errors import CouldNotRun
from pnpc.rules import page
from pnpc.rules.listing import ALL
from pnpc.rules.rule import Rule

HELP = """List the rules.

\b
Examples:
  pnpc rules                            code, name, severity, fix, summary
  pnpc rules --format json              the same for programs
  pnpc explain duplicate-item           one rule in full
"""


@click.command("rules", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--write-docs", metavar="DIR", help="Write each rule's page, and their index, into this folder instead.")
def command(format_: str, write_docs: str | None) -> None:
    """List the rules, or write their pages."""
    if write_docs is not None:
        click.echo(f"{_write_pages(write_docs)} pages written to {write_docs}")
        return
    listed = [rules.get(entry.name) for entry in ALL]
    if format_ == "json":
        click.echo(json.dumps([as_json(rule) for rule in listed], ensure_ascii=False, indent=2))
        return
    from pnpc.cli.table import table

    rows = [(rule.code, rule.name, rule.severity, "fix" if page.has_fix(rule) else "", rule.summary) for rule in listed]
    click.echo(table(("CODE", "NAME", "SEVERITY", "FIX", "SUMMARY"), rows), nl=False)


def as_json(rule: Rule) -> dict[str, object]:
    """What programs may know of a rule."""
    return {
        "code": rule.code,
        "name": rule.name,
        "severity": rule.severity,
        "summary": rule.summary,
        "fix": page.has_fix(rule),
        "since": rule.since,
        "source": rule.source,
    }


def _write_pages(folder: str) -> int:
    from pnpc.project.files import write

    pages = page.pages()
    try:
        os.makedirs(folder, exist_ok=True)
        gone = {name for name in os.listdir(folder) if name.startswith("PNP") and name.endswith(".md")} - pages.keys()
        for name, text in pages.items():
            write(os.path.join(folder, name), text.encode())
        for name in gone:
            os.unlink(os.path.join(folder, name))
    except OSError as error:
        raise CouldNotRun(f"can't write to {folder}: {(error.strerror or str(error)).lower()}") from None
    return len(pages)
