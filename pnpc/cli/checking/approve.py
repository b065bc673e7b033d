"""`pnpc approve`: a flexible message's layout, as it passed the review, kept next to the spec."""

from collections.abc import Callable
from re import compile as regex
from typing import Any

import click

from pnpc.cli.common import CatalogOption, ConfigOption, IsolatedOption
from pnpc.cli.errors import CouldNotRun
from pnpc.compile.targets import LINE, TARGETS
from pnpc.language.directives.assembled import as_reviewed
from pnpc.language.message import notice
from pnpc.language.message.notice import Notice
from pnpc.language.review.approval import Approval, dump, layout
from pnpc.project.config import Given
from pnpc.project.workspace import Workspace
from pnpc.text.document import Unreadable
from pnpc.text.nodes import compose
from pnpc.text.source import Source, Undecodable, decode

HELP = """Keep the layout of a flexible message as it passed the review.

LINE reviews flexible messages, and only what passed may be sent. This writes NAME.approved.json next to SPEC: all
fixed parts of the messages with their fragments, which places are filled and by which expressions, what `$if` and `$for`
decide, and the review's id and date. Commit it with the spec: `pnpc check` then reports what has changed since.
An existing approval is replaced.

Template messages need no review.

\b
Examples:
  pnpc approve notifications/receipt.yaml --review-id UX-1024 --date 2026-11-21
  pnpc approve receipt.yaml --review-id T-88 --date 2026-11-21 --sinch
"""
_DATE = regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOST_ID = 200  # characters
# What the review itself changes must not prevent an approval.
_OURS = frozenset(("bad-approval", "unapproved-layout", "layout-drift", "filled-otherwise"))


def _reviewers(command: Callable[..., None]) -> Callable[..., Any]:
    """A flag for each target that has layouts reviewed by somebody else than LINE."""
    for target in TARGETS.values():
        if target.reviewer is not None:
            help = f"{target.reviewer} approved it, not LINE."
            command = click.option(f"--{target.name}", "reviewer", flag_value=target.receiver, help=help)(command)
    return command


@click.command("approve", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("spec", metavar="SPEC", type=click.Path())
@click.option("--review-id", required=True, metavar="ID", help="The review's id, or any text that identifies it.")
@click.option("--date", required=True, metavar="YYYY-MM-DD", help="The day on which it passed.")
@_reviewers
@CatalogOption
@ConfigOption
@IsolatedOption
def command(
    spec: str,
    review_id: str,
    date: str,
    reviewer: str | None,
    catalogs: tuple[str, ...],
    config: str | None,
    isolated: bool,
) -> None:
    """Write the approval of each flexible spec of a file."""
    from pnpc.project.approvals import path_of
    from pnpc.project.files import shown, write

    _refuse_words(review_id, date)
    source = _source(spec)
    workspace = Workspace(config, isolated, given=Given(catalogs))
    for message in _flexible(source, spec, workspace):
        assert message.name is not None  # the grammar has found no mistake
        approval = Approval(reviewer or LINE.receiver, review_id, date, layout(message))
        file = path_of(spec, message.name.text)
        try:
            write(file, dump(message.name.text, approval).encode())
        except OSError as error:
            raise CouldNotRun(f"can't write {shown(file)}: {(error.strerror or '').lower()}") from None
        click.echo(shown(file))


def _refuse_words(review_id: str, date: str) -> None:
    from datetime import date as day

    if not review_id.strip() or not review_id.isprintable() or len(review_id) > _MOST_ID:
        raise CouldNotRun(f"--review-id must be one line of 1 to {_MOST_ID} characters")
    try:
        real = _DATE.fullmatch(date) is not None and bool(day.fromisoformat(date))
    except ValueError:
        real = False
    if not real:
        raise CouldNotRun(f"--date `{date}` is not a date of the form YYYY-MM-DD")


def _source(spec: str) -> Source:
    from pnpc.project.files import read, shown

    if spec == "-":
        raise CouldNotRun("an approval is written next to its spec: name a file, not `-`")
    try:
        return decode(spec, read(spec))
    except Undecodable as error:
        raise CouldNotRun(f"{shown(spec)}: {error.reason}") from None


def _flexible(source: Source, spec: str, workspace: Workspace) -> list[Notice]:
    """The flexible specs of a file that has no errors. Raises CouldNotRun."""
    from pnpc.project.files import shown

    errors = [
        diagnostic
        for diagnostic in workspace.check(source).diagnostics
        if diagnostic.severity == "error" and diagnostic.name not in _OURS
    ]
    if errors:
        what = "1 error" if len(errors) == 1 else f"{len(errors)} errors"
        raise CouldNotRun(f"{shown(spec)} has {what}; `pnpc check` shows {'it' if len(errors) == 1 else 'them'}")
    try:
        context = workspace.context(spec)
        notices = [
            as_reviewed(notice.read(document), context) for document in compose(source) if notice.is_spec(document.root)
        ]
    except Unreadable as error:
        raise CouldNotRun(f"{shown(spec)}: {error.finding.message}") from None
    flexible = [message for message in notices if message.kind == "flexible"]
    if not notices:
        raise CouldNotRun(f"{shown(spec)} is a request body, not a spec; `pnpc import` makes a spec of it")
    if not flexible:
        raise CouldNotRun(f"{shown(spec)} is a template message: it needs no review, and no approval")
    return flexible
