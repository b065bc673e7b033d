"""A real PostgreSQL for tests: Debian's programs, a server on a socket in a temporary folder, a new database for each test.

The server starts with the first test that asks for it, one for each process that runs tests, and is stopped with that
process: also when it is killed, for the server's parent notices that.
"""

import json
import os
import pwd
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from tempfile import mkdtemp

import psycopg
import pytest

from pnpc.deliver.postgres.journal import PostgresJournal

# fsync off: what these tests kill are our processes, and the server, never the machine.
SETTINGS = {
    "fsync": "off", "full_page_writes": "off", "listen_addresses": "", "max_connections": "60", "shared_buffers": "16MB",
    "autovacuum": "off", "max_wal_senders": "0", "wal_level": "minimal", "logging_collector": "off",
}  # fmt: skip
# Starts the server as its child, and stops it when standard input ends: with the tests, however they end.
KEEPER = """
import json, subprocess, sys
server = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL, **json.loads(sys.argv[1]))
sys.stdin.buffer.read()
server.send_signal(3)
server.wait()
"""


def programs() -> Path | None:
    """The folder of PostgreSQL's programs; None if there is none."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    found = shutil.which("initdb")
    return folders[-1] if folders else Path(found).resolve().parent if found else None


def is_missing() -> str | None:
    """Why there is no server here; None if there can be one."""
    if programs() is None:
        return "no PostgreSQL: apt-get install postgresql"
    if os.name != "posix" or (os.geteuid() == 0 and not any(user.pw_name == "postgres" for user in pwd.getpwall())):
        return "PostgreSQL does not run as root, and there is no user postgres"
    return None


class Server:
    """A server in a folder of its own."""

    def __init__(self) -> None:
        self._bin = programs() or Path()
        self.folder = Path(mkdtemp(prefix="pnpc-pg-", dir="/tmp"))  # a socket's name has at most 107 bytes
        self._user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        if self._user:
            shutil.chown(self.folder, "postgres")
        self._data = self.folder / "data"
        initdb = [self._bin / "initdb", "-D", self._data, "-U", "pnpc", "-A", "trust", "-N", "-E", "UTF8", "--locale=C"]
        subprocess.run(initdb, check=True, capture_output=True, cwd="/", **self._user)
        self._numbers = count(1)
        self._keeper: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start, and wait until it answers."""
        flags = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        command = [self._bin / "postgres", "-D", self._data, "-k", self.folder, *flags]
        log = (self.folder / "log").open("ab")
        self._keeper = subprocess.Popen(
            # Python as ourselves: its folder may be closed to the user of the server.
            [sys.executable, "-c", KEEPER, json.dumps(self._user), *map(str, command)],
            stdin=subprocess.PIPE, stdout=log, stderr=log, cwd="/", start_new_session=True,
        )  # fmt: skip
        log.close()
        for _ in range(200):
            try:
                psycopg.connect(self.url("postgres")).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.02)
        raise AssertionError((self.folder / "log").read_text())

    def stop(self) -> None:
        """Stop at once: connections are cut."""
        keeper, self._keeper = self._keeper, None
        if keeper is not None and keeper.stdin is not None:
            keeper.stdin.close()
            keeper.wait(20)

    def remove(self) -> None:
        """Stop, and leave nothing."""
        self.stop()
        shutil.rmtree(self.folder)

    def url(self, database: str, **more: str) -> str:
        """The URL of a database."""
        words = "&".join(
            f"{name}={value}" for name, value in {"host": str(self.folder), "user": "pnpc", **more}.items()
        )
        return f"postgresql:///{database}?{words}"

    def database(self) -> str:
        """The URL of a new database, which is empty."""
        name = f"t{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name}")
        return self.url(name)

    def journal(self) -> str:
        """The URL of a new database with a journal."""
        url = self.database()
        assert PostgresJournal.create(url)
        return url

    def run(self, sql: str, url: str | None = None) -> list[tuple[object, ...]]:
        """Run SQL as the superuser; its rows."""
        with psycopg.connect(url or self.url("postgres"), autocommit=True) as connection:
            cursor = connection.execute(sql)
            return cursor.fetchall() if cursor.description else []

    def cut(self, application: str = "pnpc%") -> int:
        """Cut the connections of some programs; how many."""
        sql = (
            f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name LIKE '{application}'"
        )
        return int(str(self.run(sql)[0][0]))


@contextmanager
def running() -> Iterator[Server]:
    """A server for as long as the block; skips the test where there can be none."""
    if (why := is_missing()) is not None:
        pytest.skip(why)
    server = Server()
    try:
        yield server
    finally:
        server.remove()
