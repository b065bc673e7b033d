"""`pnpc hash`: phone numbers the way LINE wants them."""

import json
import sys
from collections.abc import Iterator
from typing import IO

import click

from pnpc.cli.common import needs, say, write
from pnpc.compile.tables.phones import BadPhone, digest, e164
from pnpc.line.catalog import COUNTRIES

_LONGEST = 1 << 18  # bytes of a line that are looked at: no number is so long

HELP = """Hash phone numbers the way LINE wants them.

Prints the SHA-256 of each number in E.164 form, one per line, in the order of the numbers: from the arguments, or from
the lines of standard input. A bad number is reported by its place, never repeated; the others are hashed, and the
exit code is 1. The place of a bad number stays empty in the output, so that the lines stay side by side.

Only numbers that are issued in Japan, Thailand and Taiwan are hashed: LINE sends to no others. The list of issued numbers
may be out of date: --force takes any number of a possible length, of any country. `pnpc compile` never does.

\b
Examples:
  pnpc hash +818000001234
  pnpc hash --country JP 080-0000-1234
  cut -d, -f2 customers.csv | pnpc hash --country JP > digests.txt
"""


@click.command("hash", help=HELP, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("numbers", nargs=-1, metavar="[NUMBER]...")
@click.option("--country", type=click.Choice(COUNTRIES), help="The country of numbers without +.")
@click.option("--force", is_flag=True, help="Take numbers that are not known to be issued, of any country.")
@click.option(
    "--json", "as_json", is_flag=True, help="One JSON object per line: the number's place, and `to` or `error`."
)
def command(numbers: tuple[str, ...], country: str | None, force: bool, as_json: bool) -> int:
    """Hash; gives the exit code."""
    needs("compile")
    wrong = 0
    given = numbers or _lines(sys.stdin.buffer)
    for place, number in enumerate(given, 1):
        to, error = "", ""
        try:
            to = digest(e164(number, country, force=force))
        except BadPhone as bad:
            error = str(bad.message)
            wrong += 1
            say(f"{'number' if numbers else 'line'} {place}: {error}")
        write((_object(place, to, error) if as_json else to) + "\n")
    return 1 if wrong else 0


def _lines(stream: IO[bytes]) -> Iterator[str]:
    """The lines of a stream without their breaks, each as long as a number may be and a little longer."""
    while line := stream.readline(_LONGEST):
        ends = line.endswith(b"\n")
        while not ends and (rest := stream.readline(_LONGEST)):
            ends = rest.endswith(b"\n")
        yield line.decode("utf-8", "replace").strip("\r\n")


def _object(place: int, to: str, error: str) -> str:
    return json.dumps({"number": place, **({"to": to} if to else {"error": error})}, ensure_ascii=False)
