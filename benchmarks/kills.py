"""SIGKILL at random moments of runs of 20,000 messages, and the same command again: nobody twice, nobody forgotten.

    python benchmarks/kills.py --kills 500

Each file is pushed to a server on this machine, killed again and again, and pushed to its end. Then what the server received
is held against what the journal says. Exit code 1 if somebody was notified twice or forgotten, or more was left unknown than
was under way.
"""

import argparse
import random
import signal
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

from push import PNPC, run, server, start, told, write

MESSAGES = 20_000  # of a file
KILLS = 25  # of the runs of one file
UNDER_WAY = 200  # `pnpc push --concurrency`: as many may be unknown after each kill


class Verdict(NamedTuple):
    """Of one file: messages sent twice, neither sent nor said to be unknown, unknown, of those really received; said to be
    accepted and not received; and the most that one kill left unknown."""

    twice: int
    forgotten: int
    unknown: int
    received: int
    invented: int
    most: int


def _ask(journal: Path, sql: str) -> list[tuple[object, ...]]:
    """What another process has committed so far; nothing while there is no journal."""
    try:
        with closing(sqlite3.connect(f"file:{journal}?mode=ro", uri=True, timeout=10)) as database:
            return list(database.execute(sql))
    except sqlite3.OperationalError:
        return []


def _intents(journal: Path) -> int:
    return int(str((_ask(journal, "SELECT coalesce(max(intent), 0) FROM intents") or [(0,)])[0][0]))


def killed(folder: Path, messages: int, kills: int, chance: random.Random) -> Verdict:
    """Push a file, kill the push some times, push it to its end; what became of its messages."""
    file, journal = folder / "killed.jsonl", folder / "killed.journal.db"
    write(file, messages)
    with server() as url:
        command = [*PNPC, "push", str(file), "--journal", str(journal), "--api-url", url]
        for _ in range(kills):
            process, before = start(*command), _intents(journal)
            if chance.random() < 0.2:  # at any moment of the start, too
                time.sleep(1.5 * chance.random())
            else:
                while process.poll() is None and _intents(journal) == before:
                    time.sleep(0.02)
                time.sleep(0.7 * chance.random())
            process.send_signal(signal.SIGKILL)
            process.communicate()
        run(*command)
        tags = told(url)["tags"]
    states = dict(_ask(journal, "SELECT tag, state FROM messages"))
    cut = _ask(
        journal, "SELECT run, count(*) FROM results JOIN intents USING (intent) WHERE outcome = 'unknown' GROUP BY run"
    )
    names = [f"shipment-{number:08}" for number in range(messages)]
    return Verdict(
        sum(count - 1 for count in tags.values()),
        sum(name not in tags and states.get(name) != "unknown" for name in names),
        list(states.values()).count("unknown"),
        sum(name in tags and states[name] == "unknown" for name in names if name in states),
        sum(name not in tags and states.get(name) == "accepted" for name in names),
        max((int(str(count)) for _, count in cut), default=0),
    )


def main() -> int:
    """Kill, and tell; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--messages", type=int, default=MESSAGES, help="of each file")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    chance, verdicts, left = random.Random(asked.seed), [], asked.kills
    while left > 0:
        with tempfile.TemporaryDirectory() as name:
            verdicts.append(killed(Path(name), asked.messages, min(left, KILLS), chance))
        left -= KILLS
        print(f"{min(asked.kills - left, asked.kills)} kills: {verdicts[-1]}", file=sys.stderr, flush=True)
    twice, forgotten, unknown, received, invented, _ = (sum(numbers) for numbers in zip(*verdicts, strict=True))
    most = max(verdict.most for verdict in verdicts)
    print(f"Push killed {asked.kills} times, in {len(verdicts)} files of {asked.messages:,} messages")
    print(f"  sent twice                   {twice:8}   (goal: 0)")
    print(f"  neither sent nor listed      {forgotten:8}   (goal: 0)")
    print(f"  accepted, but never received {invented:8}   (goal: 0)")
    print(f"  unknown, the most of a kill  {most:8}   (goal: at most {UNDER_WAY}, what was under way)")
    print(f"  of all {unknown:,} unknown, really received {received / max(1, unknown) * 100:.0f} %")
    return int(bool(twice or forgotten or invented or most > UNDER_WAY))


if __name__ == "__main__":
    sys.exit(main())
