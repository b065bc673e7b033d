"""`pnpc doctor`: a line for each thing that a push needs, and the right one where it is not there."""

import json
import os
import time
from email.utils import formatdate
from pathlib import Path

import pytest
from conftest import Here
from faultserver import FaultServer, Request, Step, answer
from journals import Sent, keep

from pnpc.deliver.journal import disk
from pnpc.emulator import Emulator

TOKEN = {"LINE_CHANNEL_ACCESS_TOKEN": "secret-token"}
DAY = 86_400


def facts(here: Here, *words: str, **more: str) -> tuple[int, dict[str, dict[str, object]]]:
    """The exit code, and the facts by topic."""
    done = here("doctor", "--format", "json", *words, **more)
    assert done.stderr == ""
    assert "secret-token" not in done.stdout
    return done.returncode, {fact["topic"]: fact for fact in json.loads(done.stdout)["facts"]}


def states(known: dict[str, dict[str, object]]) -> dict[str, object]:
    return {topic: fact["state"] for topic, fact in known.items()}


def test_all_is_well(tmp_path: Path, here: Here) -> None:
    (tmp_path / "pnpc.toml").write_text('country = "JP"\n')
    keep(tmp_path / "pnpc.journal.db", [Sent(1, round((time.time() - DAY) * 1000))])
    with FaultServer(lambda _: answer(200)) as bot, Emulator(webhook=bot.url, secret="s") as line:
        code, known = facts(here, "--api-url", line.url, **TOKEN)
        assert (code, set(states(known).values())) == (0, {"ok"}), known
        assert list(known) == [
            "pnpc", "extras", "config", "journal", "token", "account", "webhook", "webhook test", "quota", "clock"
        ]  # fmt: skip
        assert known["journal"]["says"] == "pnpc.journal.db: 1 push, sound"
        assert str(known["clock"]["says"]).endswith("as the address asked says")
        done = here("doctor", "--api-url", line.url, **TOKEN)
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == f"{line.url} is not LINE: what it says is not LINE's word"
    assert len(done.stdout.splitlines()) == 1 + len(known)


def test_without_a_token_nothing_is_asked(here: Here) -> None:
    with FaultServer() as server:
        code, known = facts(here, "--api-url", server.url)
        assert (code, states(known)["token"], known["token"]["data"]) == (1, "attention", {"set": False})
        assert facts(here, "--offline", "--api-url", server.url, **TOKEN)[0] == 0
        assert server.received == []
    assert states(known)["config"] == "ok"  # there is none
    assert known["journal"]["says"] == "pnpc.journal.db is not there yet: the first push makes it"
    assert facts(here, "--offline", LINE_CHANNEL_ACCESS_TOKEN="two words")[1]["token"]["state"] == "attention"


def test_what_is_broken_here(tmp_path: Path, here: Here) -> None:
    (tmp_path / "pnpc.journal.db").write_bytes(b"")
    code, known = facts(here, "--offline", **TOKEN)
    assert (code, states(known)["journal"]) == (1, "attention")
    assert "pnpc.journal.db is empty" in str(known["journal"]["says"])
    (tmp_path / "pnpc.toml").write_text('contry = "JP"\n')
    code, known = facts(here, "--offline", **TOKEN)
    assert (code, states(known)["config"], states(known)["journal"]) == (1, "attention", "not-asked")
    assert known["config"]["says"] == "pnpc.toml:1:1: unknown key `contry`; did you mean `country`?"
    assert facts(here, "--offline", PNPC_JOURNAL="mysql://x/y", **TOKEN)[1]["journal"]["state"] == "attention"


@pytest.mark.parametrize("is_there", [True, False])
def test_a_journal_that_no_push_could_use_is_not_sound(
    tmp_path: Path, here: Here, monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    if is_there:
        keep(tmp_path / "pnpc.journal.db", [Sent(1, 1_700_000_000_000)])
    mounts = tmp_path / "mounts"
    mounts.write_text(f"server:/x {tmp_path} nfs4 rw 0 0\n")
    with monkeypatch.context() as patch:
        patch.setattr(disk, "_MOUNTS", str(mounts))
        code, known = facts(here, "--offline", **TOKEN)
        assert (code, states(known)["journal"]) == (1, "attention")
        assert "on a network file system (nfs4)" in str(known["journal"]["says"])
    with monkeypatch.context() as patch:  # as for a user without rights; the tests may run as root
        patch.setattr(os, "access", lambda _path, mode: not mode & os.W_OK)
        code, known = facts(here, "--offline", **TOKEN)
    assert (code, states(known)["journal"]) == (1, "attention")
    assert "no permission to write it and its folder" in str(known["journal"]["says"])


@pytest.mark.parametrize(("skew", "state"), [(0, "ok"), (-DAY, "attention"), (3600, "attention")])
def test_the_clock_against_the_address_asked(here: Here, skew: int, state: str) -> None:
    def script(_request: Request) -> list[Step]:
        return answer(200, {"displayName": "x"}, Date=formatdate(time.time() + skew, usegmt=True))

    with FaultServer(script) as server:
        _, known = facts(here, "--api-url", server.url, **TOKEN)
    assert states(known)["clock"] == state
    if skew:
        assert ("ahead of" if skew < 0 else "behind") in str(known["clock"]["says"])


def test_the_clock_against_the_journal(tmp_path: Path, here: Here) -> None:
    keep(tmp_path / "pnpc.journal.db", [Sent(1, round((time.time() + DAY) * 1000))])
    code, known = facts(here, "--offline", **TOKEN)
    assert (code, states(known)["clock"]) == (1, "attention")
    assert "before the last push of the journal" in str(known["clock"]["says"])


def test_what_line_does_not_say(here: Here) -> None:
    with FaultServer(lambda _: answer(401, {"message": "secret-token"})) as server:
        code, known = facts(here, "--api-url", server.url, **TOKEN)
        assert (code, states(known)["account"], len(server.received)) == (1, "not-asked", 1)
        assert "issue a channel access token" in str(known["account"]["toDo"])
    code, known = facts(here, "--api-url", server.url, **TOKEN)
    assert str(known["account"]["says"]).startswith("no connection: ")
    assert here("doctor", "--api-url", "http://api.example.com").returncode == 2
