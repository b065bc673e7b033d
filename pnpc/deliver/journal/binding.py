"""What a journal belongs to: one payload file, one API, one channel. Anything else is refused with a clear word.

A channel is known without keeping its token: by the name that `--channel` gives, and else by the token itself, of
which the journal keeps 64 bits of a salted digest. Tokens are changed every few weeks, or every quarter of an hour, so
another token alone does not say that it is another channel: then a person must, with `--channel`.
"""

from hashlib import sha256
from typing import NamedTuple

from pnpc.deliver.journal.timestamps import iso


class NotThisRun(Exception):
    """The journal belongs to something else. Its text is one line for people."""


class PushRun(NamedTuple):
    """What a journal belongs to; `run`, `salt` and `at` are made with it."""

    run: str
    payloads: str
    lines: int
    file: str
    target: str
    api: str
    salt: str
    at: int


class Channel(NamedTuple):
    """Who sends: the name that a person gave, and the secret, of which a digest is kept (see `digest_of`); it is empty in a
    rehearsal without one."""

    name: str | None
    token: str


def run_of(payloads: str, lines: int, file: str, target: str, api: str) -> PushRun:
    """A run that has no journal yet."""
    return PushRun("", payloads, lines, file, target, api, "", 0)


def digest_of(salt: str, token: str) -> str:
    """16 hexadecimal digits by which a token is known again; nothing leads back from them."""
    return sha256(f"{salt}{token}".encode()).hexdigest()[:16]


def other_payloads(journal: PushRun) -> str:
    """What is said of the journal of another payload file."""
    messages = "1 message" if journal.lines == 1 else f"{journal.lines:,} messages"
    return (
        f"of another payload file ({journal.file}, {messages}, first pushed on {iso(journal.at)}). If the same people are in "
        "both files, they would be notified twice; if not, add --journal with a new file name"
    )


def compare(journal: PushRun, run: PushRun, channel: Channel, name: str | None, tokens: set[str]) -> None:
    """Whether a journal is this run's. `name` is the channel's last name in it, `tokens` all the tokens' digests.

    Raises NotThisRun.
    """
    if journal.payloads != run.payloads:
        raise NotThisRun(other_payloads(journal))
    if (journal.target, journal.api) != (run.target, run.api):
        raise NotThisRun(
            f"of a push to {journal.api}, and this one goes to {run.api}; add --journal with a new file name"
        )
    if channel.name is not None and name is not None and channel.name != name:
        raise NotThisRun(f"of the channel `{name}`, and this is `{channel.name}`")
    if channel.token and channel.name is None and tokens and digest_of(journal.salt, channel.token) not in tokens:
        known = f" `{name}`" if name else " and a name for it"
        raise NotThisRun(f"of another token; if it is one of the same channel, add --channel{known}")
