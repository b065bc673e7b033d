"""`pnpc emulator`: LINE's API on this machine, until a signal stops it."""

import asyncio
import logging
import os
import sys
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING, Any

import click

from pnpc.cli.common import CatalogOption, ConfigOption, Finite, HostName, IsolatedOption, needs, say, write
from pnpc.cli.delivering.server import stop_signal
from pnpc.cli.errors import CouldNotRun
from pnpc.project import own_files
from pnpc.project.config import Config, ConfigError, Given
from pnpc.project.workspace import Workspace

if TYPE_CHECKING:
    from pnpc.emulator.scenario import Scenario
    from pnpc.emulator.server import Server

HELP = """Run an emulator of LINE's API on this machine: send without an account, and without reaching anyone.

Prints its URL, then serves until SIGINT or SIGTERM. It answers as LINE's docs say, from the grammar and the catalog of
`pnpc check`; what LINE does not document is a setting of the scenario file. People are chosen by phone number: +818000001201
gets the message, …02 is unknown to LINE, …05 has blocked the account (docs/emulator.md has them all).

\b
Examples:
  pnpc emulator
  pnpc emulator --port 8080 --scenario faults.yaml -v
  LINE_CHANNEL_SECRET=secret pnpc emulator --webhook http://127.0.0.1:8000/callback
  pnpc emulator --clock virtual --ledger sent.jsonl
  curl -X POST http://127.0.0.1:8080/_emulator/clock -d '{"advance": 86400}'

Exit codes: 0 stopped, 2 could not run.
"""
_SECRET = "LINE_CHANNEL_SECRET"  # the name of a variable
_CALLBACK_SECRET = "SINCH_WEBHOOK_SECRET"  # the same
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@click.command("emulator", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--host", type=HostName(), default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="0 chooses a free port.")
@click.option("--token", metavar="TEXT", help="The only bearer token that is accepted. Default: any that is not empty.")
@click.option("--webhook", metavar="URL", help="Where delivery events are posted.")
@click.option(
    "--channel-secret", envvar=_SECRET, show_envvar=True, metavar="TEXT", help="The secret that signs the posts."
)
@click.option("--callback", metavar="URL", help="Where delivery reports of the target sinch are posted.")
@click.option(
    "--callback-secret", envvar=_CALLBACK_SECRET, show_envvar=True, metavar="TEXT", help="The secret that signs them."
)
@click.option("--scenario", metavar="FILE", help="Settings, people and faults, YAML or JSON.")
@click.option("--clock", type=click.Choice(["real", "virtual"]), default="real", show_default=True)
@click.option("--ledger", metavar="FILE", help="Append each accepted message to this file, as a line of JSON.")
@click.option("--country", type=click.Choice(["JP", "TH", "TW"]), help="The account's country.")
@click.option("--rate", type=Finite(min=0, min_open=True), help="Requests a second, for each channel and endpoint.")
@click.option("--burst", type=Finite(min=1), help="Requests that may come at once, above the rate.")
@click.option("--monthly-limit", type=click.IntRange(min=0), help="Messages per channel and month.")
@click.option("--lenient", is_flag=True, help="Accept keys that an incomplete catalog can't know.")
@click.option("--no-check", is_flag=True, help="Accept any body with a recipient.")
@click.option("--redelivery", is_flag=True, help="Post events again if they are not answered with 2xx in time.")
@click.option("-v", "--verbose", is_flag=True, help="Log each request, without token and body.")
@CatalogOption
@ConfigOption
@IsolatedOption
def command(**options: Any) -> int:
    """Serve; gives the exit code."""
    needs("send")
    if options["webhook"] and not options["channel_secret"]:
        raise CouldNotRun(f"--webhook needs the channel secret that signs the posts: set {_SECRET}")
    if options["callback"] and not options["callback_secret"]:
        raise CouldNotRun(f"--callback needs the secret that signs the posts: set {_CALLBACK_SECRET}")
    for name in ("webhook", "callback"):
        if options[name]:
            _look_at(options[name], f"--{name}")
    workspace = Workspace(options["config"], options["isolated"], given=Given(options["catalogs"]))
    config = workspace.settings(os.path.join(os.getcwd(), "scenario")).config
    scenario = _scenario(options, config)
    _log(verbose=options["verbose"])
    if options["host"] not in _LOOPBACK:
        say(
            f"pnpc: listening on {options['host']}: anyone who can reach it can read the ledger and change the scenario"
        )
    with ExitStack() as stack:
        ledger = _ledger(options["ledger"], stack)
        asyncio.run(_serve(_server(options, scenario, config, ledger)))
    return 0


def _look_at(url: str, option: str) -> None:
    from pnpc.emulator.webhooks import BadUrl, checked

    try:
        checked(url)
    except BadUrl as error:
        raise CouldNotRun(f"{option}: {error}") from None


def _scenario(options: dict[str, Any], config: Config) -> "Scenario":
    """The scenario file over the config, and the options over both."""
    from pnpc.emulator.scenario import BadScenario, empty
    from pnpc.emulator.scenario import read as read_scenario
    from pnpc.emulator.settings import changed

    scenario = empty()
    if config.country is not None:
        scenario = scenario._replace(settings=changed(scenario.settings, {"country": config.country}))
    if options["scenario"] is not None:
        try:
            scenario = read_scenario(own_files.source(options["scenario"]), scenario.settings)
        except BadScenario as error:
            raise ConfigError(error.diagnostics, {error.source.name: error.source}) from None
    named = ("country", "rate", "burst", "monthly_limit")
    given = {name: options[name] for name in named if options[name] is not None}
    flags = {"lenient": options["lenient"], "check": not options["no_check"], "redelivery": options["redelivery"]}
    given |= {name: value for name, value in flags.items() if value != (name == "check")}
    return scenario._replace(settings=changed(scenario.settings, given))


def _server(options: dict[str, Any], scenario: "Scenario", config: Config, ledger: IO[str] | None) -> "Server":
    from pnpc.emulator.clock import Clock
    from pnpc.emulator.ledger import Ledger
    from pnpc.emulator.server import EmulatorAddress, Server
    from pnpc.emulator.stage import Stage, Webhook
    from pnpc.line.catalog import Catalog

    webhook = Webhook(options["webhook"], options["channel_secret"]) if options["webhook"] else None
    callback = Webhook(options["callback"], options["callback_secret"]) if options["callback"] else None
    clock = Clock(virtual=options["clock"] == "virtual")
    catalog = Catalog(config.catalogs)
    stage = Stage(scenario, clock, catalog, Ledger(ledger), webhook=webhook, token=options["token"], callback=callback)
    return Server(stage, EmulatorAddress(options["host"], options["port"]))


def _ledger(name: str | None, stack: ExitStack) -> IO[str] | None:
    """The file, for its owner only if it is new; a character that UTF-8 has not is written as the escape of JSON."""
    if name is None:
        return None

    def private(path: str, flags: int) -> int:
        return os.open(path, flags, 0o600)

    return stack.enter_context(
        open(name, "a", encoding="utf-8", errors="backslashreplace", newline="\n", opener=private)
    )


def _log(*, verbose: bool) -> None:
    """The log of requests goes to standard error."""
    log = logging.getLogger("pnpc.emulator")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    log.handlers, log.propagate = [handler], False
    log.setLevel(logging.INFO if verbose else logging.ERROR)


async def _serve(server: "Server") -> None:
    """Serve until a signal says stop; what is under way gets a moment to end."""
    stop = stop_signal()
    await server.start()
    try:
        write(f"{server.url}\n")
        sys.stdout.flush()
        await stop.wait()
    finally:
        await server.stop()
