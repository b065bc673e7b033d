"""Roles in PostgreSQL: the grants of the docs are enough, and what a role lacks is said in one line before anything is sent."""

import json
import re
from pathlib import Path

import pytest
from conftest import ROOT, Here
from faultserver import FaultServer
from postgres import Server
from pushes import TOKEN, payload, write, write_lines

PAGE = (ROOT / "docs" / "journal.md").read_text(encoding="utf-8")
SCHEMAS, GRANTS = re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
ROLES = ("pnpc_owner", "pnpc_sender", "pnpc_reader")


def of(role: str, url: str) -> str:
    """The URL for another role."""
    return url.replace("user=pnpc", f"user={role}")


@pytest.fixture
def url(postgres: Server) -> str:
    """An empty database whose administrator did what the docs say, and roles without any other right."""
    for role in ROLES:
        if not postgres.run(f"SELECT 1 FROM pg_roles WHERE rolname = '{role}'"):
            postgres.run(f"CREATE ROLE {role} LOGIN")
    url = postgres.database()
    postgres.run(SCHEMAS, url)
    return url


def test_the_grants_of_the_docs_are_enough(postgres: Server, url: str, here: Here, tmp_path: Path) -> None:
    owner, sender, reader = (of(role, url) for role in ROLES)
    token = {"LINE_CHANNEL_ACCESS_TOKEN": TOKEN}
    assert here("journal", "create", owner).stderr.startswith("made the journal ")
    assert here("worker", "--once", "--journal", owner, **token).returncode == 0
    postgres.run(GRANTS, of("pnpc_owner", url))
    write(tmp_path / "a.jsonl", 3)
    write_lines(tmp_path / "b.jsonl", [payload(3), payload(4)])
    with FaultServer() as server:
        address = ("--api-url", server.url)
        assert here("push", "a.jsonl", *address, "--journal", sender, **token).returncode == 0
        assert here("push", "b.jsonl", *address, "--journal", sender, "--queue").returncode == 0
        done = here("worker", "--once", "--journal", sender, **token)
        assert done.returncode == 0, done.stderr
        assert len(server.received) == 5
    assert here("journal", "hold", "a.jsonl", "--api-url", "http://127.0.0.1:9", "--journal", sender).returncode == 0
    settled = here("journal", "settle", "--run", "3", "--as", "sent", "--reason", "x", "--journal", sender)
    assert (settled.returncode, settled.stderr) == (0, "3 attempts settled as sent\n")
    assert here("journal", "purge", "--older-than", "1", "--journal", sender).returncode == 0
    told = json.loads(here("status", "--format", "json", "--journal", reader).stdout)
    assert told["shards"]["done"] == 1
    assert here("journal", "list", "--journal", reader).returncode == 0


def test_what_a_role_lacks_is_said_before_anything_is_sent(
    postgres: Server, url: str, here: Here, tmp_path: Path
) -> None:
    owner, sender, reader = (of(role, url) for role in ROLES)
    token = {"LINE_CHANNEL_ACCESS_TOKEN": TOKEN}
    here("journal", "create", owner)
    here("worker", "--once", "--journal", owner, **token)
    postgres.run("GRANT USAGE ON SCHEMA pnpc TO pnpc_reader, pnpc_sender", owner)
    postgres.run("GRANT SELECT ON ALL TABLES IN SCHEMA pnpc TO pnpc_reader, pnpc_sender", owner)
    postgres.run("GRANT INSERT ON ALL TABLES IN SCHEMA pnpc TO pnpc_sender", owner)
    postgres.run("REVOKE INSERT ON pnpc.intents, pnpc.results FROM pnpc_sender", owner)
    postgres.run("REVOKE SELECT ON pnpc.rates FROM pnpc_sender", owner)
    write(tmp_path / "a.jsonl", 3)
    with FaultServer() as server:
        push = ("push", "a.jsonl", "--api-url", server.url, "--journal")
        refused = here(*push, sender, **token)
        assert (refused.returncode, refused.stdout, server.received) == (2, "", [])
        assert refused.stderr.splitlines()[-1].endswith(
            "it lacks INSERT on pnpc.intents, pnpc.results, SELECT on pnpc.rates, UPDATE on pnpc.leases, pnpc.results, pnpc.rates"
            " (docs/journal.md has the grants)"
        )
        rehearsed = here(*push, sender, "--dry-run")
        assert (rehearsed.returncode, rehearsed.stdout) == (2, "")
        assert "it lacks INSERT on pnpc.intents" in rehearsed.stderr
        refused = here("listen", "--port", "0", "--journal", reader, LINE_CHANNEL_SECRET="x")
        assert (refused.returncode, refused.stdout) == (2, "")
        assert "pnpc_reader may not listen with the journal" in refused.stderr
        refused = here(*push, sender, "--queue")
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1), refused.stderr
        assert "the role pnpc_sender may not read the queue: GRANT USAGE ON SCHEMA pnpc_queue" in refused.stderr
    done = here("doctor", "--offline", PNPC_JOURNAL=reader, **token)
    assert done.returncode == 1
    assert "the role pnpc_reader may not send with the journal" in done.stdout
    done = here("status", "--journal", reader)
    assert (done.returncode, done.stderr.count("\n")) == (0, 1)
    assert done.stderr.startswith("note: shards are not shown: the role pnpc_reader may not read the queue")
    settled = here("journal", "settle", "--run", "1", "--as", "sent", "--reason", "x", "--journal", reader)
    assert settled.returncode == 1, "nothing is unknown"
    postgres.run("REVOKE SELECT ON pnpc.journal FROM pnpc_reader", owner)
    refused = here("status", "--journal", reader)
    assert (refused.returncode, refused.stderr.count("\n")) == (2, 1)
    assert "permission denied for table journal (docs/journal.md has the grants that a role needs)" in refused.stderr
