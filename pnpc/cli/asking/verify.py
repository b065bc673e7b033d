"""`pnpc verify`: what LINE says of specs, of keys and of the account, without notifying anyone."""

import asyncio
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from pnpc.cli.asking.specs import WrongSpecs, read_documents
from pnpc.cli.common import CatalogOption, ConfigOption, IsolatedOption, address_of, needs, say, wants_color, write
from pnpc.cli.errors import CouldNotRun
from pnpc.line.service import api as line_api
from pnpc.project.config import Given
from pnpc.project.workspace import Workspace

if TYPE_CHECKING:
    from pnpc.cli.asking.planned import VerifyPlan
    from pnpc.cli.asking.report import VerifyReport
    from pnpc.deliver.asking.asker import Asker
    from pnpc.deliver.asking.fact import Fact
    from pnpc.deliver.asking.verification import Verification

HELP = """Ask LINE what it says of specs, of their keys and of the account. It notifies no one.

SPEC is a file or a folder; default: all below the present folder, with --account none. Each spec is filled from its examples,
once for each case of its conditions, and LINE is asked about it, at most three times a second. A template message goes to a
recipient that no phone number can be: LINE's 400 speaks of the request, its 422 of the recipient. That LINE judges in this order
is measured first, with a key that can't exist; if it does not, the verdict is "cannot tell". Messages of the flexible kind go to
LINE's endpoint for validation. LINE's details are shown at their places in the YAML, as PNP901. The access token is read from
LINE_CHANNEL_ACCESS_TOKEN.

\b
Examples:
  pnpc verify                                   all specs below this folder
  pnpc verify shipment.yaml --dry-run           what would be asked; needs no token
  pnpc verify --account                         name, webhook and its test, quota, what may be sent
  pnpc verify --learn catalogs/verified-jp.json     keep which keys LINE took or refused
  pnpc verify shipment.yaml --api-url http://127.0.0.1:8080      ask the emulator instead

Exit codes: 0 verified, 1 refused by LINE, or mistakes found by `pnpc check`, 2 could not run or could not ask, 3 cannot tell.
"""

_QUIET = 10  # messages: to ask about more takes so long that it is announced


@click.command("verify", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("specs", nargs=-1, metavar="[SPEC...]", type=click.Path())
@click.option("--account", is_flag=True, help="Ask about the account: name, webhook, its test, quota, permission.")
@click.option("--learn", metavar="FILE", help="Add the keys that LINE took or refused to this catalog file (JSON).")
@click.option("--api-url", metavar="URL", default=line_api(), show_default=True, help="Ask this address instead.")
@click.option("--dry-run", is_flag=True, help="Show what would be asked, and ask nothing.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@CatalogOption
@ConfigOption
@IsolatedOption
def command(
    specs: tuple[str, ...], account: bool, learn: str | None, api_url: str, dry_run: bool, format_: str, color: str,
    catalogs: tuple[str, ...], config: str | None, isolated: bool,
) -> int:  # fmt: skip
    """Ask and tell; gives the exit code."""
    from pnpc.cli.asking import planned, report

    needs("send")
    api = address_of(api_url)
    workspace = Workspace(config, isolated, given=Given(catalogs))
    paths = () if account and not specs and learn is None else specs or (".",)
    try:
        plan = _plan(paths, workspace, account, learn, api)
    except WrongSpecs as error:
        if format_ == "json":
            write(report.mistakes_as_json(api, error.diagnostics, error.sources))
        else:
            error.show(color=wants_color(sys.stderr, color))
        return 1
    if dry_run:
        write(planned.as_json(plan, api) if format_ == "json" else planned.as_text(plan, api))
        return 0
    answered = _asked(plan, api)
    if format_ == "json":
        write(report.as_json(answered))
    else:
        write(report.as_text(answered, color=wants_color(sys.stdout, color)))
    return answered.code()


def _plan(paths: Sequence[str], workspace: Workspace, account: bool, learn: str | None, api: str) -> "VerifyPlan":
    from pnpc.cli.asking.planned import VerifyPlan

    if not paths:
        return VerifyPlan((), account, None)
    needs("compile")
    from pnpc.cli.asking.learning import Learner
    from pnpc.deliver.asking.variants import Variant, variants

    messages = [
        message
        for notice, context, levels in read_documents(paths, workspace)
        for message in variants(notice, context, levels)
    ]
    if not messages:
        raise CouldNotRun("no spec found; name a file or a folder, or ask about the --account only")
    asked = [message for message in messages if isinstance(message, Variant)]
    learner = Learner(learn, asked, api) if learn is not None else None
    return VerifyPlan(messages, account, learner)


def _asked(plan: "VerifyPlan", api: str) -> "VerifyReport":
    from pnpc.cli.delivering.secrets import secret_of
    from pnpc.compile.targets.line import Line

    secret = secret_of(Line)
    return asyncio.run(_ask(plan, api, {"Authorization": secret.authorization}))


async def _ask(plan: "VerifyPlan", api: str, headers: Mapping[str, str]) -> "VerifyReport":
    from pnpc.cli.asking.report import VerifyReport
    from pnpc.cli.progress import progress
    from pnpc.compile.targets.line import Line
    from pnpc.deliver.asking.asker import PATIENCE, PER_SECOND, Asker
    from pnpc.deliver.asking.variants import Unfilled, Variant
    from pnpc.deliver.asking.verification import Answered, Verification
    from pnpc.deliver.sending.client import Client

    if len(plan.messages) > _QUIET:
        say(f"note: asking {api} about {len(plan.messages):,} messages, at most {PER_SECOND} a second")
    async with Client(headers, 1, PATIENCE, Line.request_id) as client:
        asker = Asker(client, api)
        verification = Verification(asker)
        if plan.account:
            await verification.calibrate()
        answers: list[Answered | Unfilled] = []
        with progress("messages", len(plan.messages)) as bar:
            for message in plan.messages:
                answers.append(await verification.ask(message) if isinstance(message, Variant) else message)
                bar.add(1)
        facts = await _facts(plan, asker, verification)
    report = VerifyReport(api, verification.calibrated, tuple(answers), tuple(facts), plan.account)
    return report if plan.learner is None else plan.learner.keep(report)


async def _facts(plan: "VerifyPlan", asker: "Asker", verification: "Verification") -> "list[Fact]":
    """What is asked of the account: all of it, or its name for what is learnt."""
    from pnpc.deliver.asking.account import about_account, account_facts, template_fact

    if plan.account:
        assert verification.calibrated is not None
        if verification.is_over:
            return [template_fact(verification.calibrated)]
        return [*await account_facts(asker), template_fact(verification.calibrated)]
    if plan.learner is None or verification.is_over:
        return []
    return [await about_account(asker)]
