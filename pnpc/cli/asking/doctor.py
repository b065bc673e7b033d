"""`pnpc doctor`: whether all that a push needs is there, a line each."""

import asyncio
import json
import os
import time
from collections.abc import Sequence
from typing import Any

import click

from pnpc.cli.common import address_of, write
from pnpc.deliver.asking.fact import Fact
from pnpc.line.service import api as line_api

HELP = """Look whether all that a push needs is there: a line each, and what to do where it is not.

Versions and extras, config, journal, access token, LINE's answer, the webhook and a test of it, the clock. With a token it asks LINE
about the account, for which LINE posts a body without events to the webhook; no person is notified. --offline asks nothing.

\b
Examples:
  pnpc doctor
  pnpc doctor --offline
  pnpc doctor --format json

Exit codes: 0 all is well, 1 something is to be done, 2 could not run.
"""
_WELL = "ok"


@click.command("doctor", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--offline", is_flag=True, help="Ask no one: look at this machine only.")
@click.option("--api-url", metavar="URL", default=line_api(), show_default=True, help="Ask this address instead.")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(offline: bool, api_url: str, format_: str) -> int:
    """Look and tell; gives the exit code."""
    from pnpc.cli.asking import checkup

    api = address_of(api_url)
    token, journal = checkup.token(), checkup.journal()
    asked = [] if offline else _asked(api, token)
    clock = checkup.clock(time.time(), journal, asked)
    facts = [*checkup.versions(), checkup.config(), journal, token, *asked, clock]
    write(_json(facts, api, offline=offline) if format_ == "json" else _text(facts, api, offline=offline))
    return 0 if all(fact.state == _WELL for fact in facts) else 1


def _asked(api: str, token: Fact) -> list[Fact]:
    """What LINE says of the account; nothing without a token, or without the library that asks."""
    from pnpc.extras import MissingExtra, require

    if token.state != _WELL:
        return []
    try:
        require("pnpc doctor", "send")
    except MissingExtra as error:
        return [Fact("account", "not-asked", str(error))]
    return asyncio.run(_ask(api))


async def _ask(api: str) -> list[Fact]:
    from pnpc.compile.targets.line import Line
    from pnpc.deliver.asking.account import account_facts
    from pnpc.deliver.asking.asker import PATIENCE, Asker
    from pnpc.deliver.sending.client import Client
    from pnpc.deliver.sending.credentials import credentials

    headers = {"Authorization": credentials(Line, os.environ).authorization}
    async with Client(headers, 1, PATIENCE, Line.request_id) as client:
        return await account_facts(Asker(client, api))


def _text(facts: Sequence[Fact], api: str, *, offline: bool) -> str:
    from pnpc.cli.asking.report import not_line
    from pnpc.cli.table import table
    from pnpc.report.clean import visible

    rows = [(_state(fact), fact.topic, visible(fact.says)) for fact in facts]
    advice = "".join(f"{fact.topic}: {visible(fact.to_do)}\n" for fact in facts if fact.to_do)
    return ("" if offline else not_line(api)) + table(("", "", ""), rows).lstrip("\n") + advice


def _state(fact: Fact) -> str:
    return {"ok": "ok", "attention": "to do"}.get(fact.state, "?")


def _json(facts: Sequence[Fact], api: str, *, offline: bool) -> str:
    from pnpc.cli.asking.report import fact_json

    said: dict[str, Any] = {"version": 1, "api": None if offline else api, "facts": [fact_json(fact) for fact in facts]}
    return json.dumps(said, ensure_ascii=False, indent=2) + "\n"
