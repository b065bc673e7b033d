"""The connection to PostgreSQL: what is committed, what is said of a server that is away, and no password anywhere."""

import pytest
from postgres import Server

from pnpc.deliver.journal.records import JournalAway, JournalFailed
from pnpc.deliver.journal.soundness import NotAJournal
from pnpc.deliver.journal.statements import POSTGRES_TABLES, schema
from pnpc.deliver.postgres.address import shown_url
from pnpc.deliver.postgres.connection import Database, numbered


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://me:s3cret@db.example:5432/shop", "postgresql://me@db.example:5432/shop"),
        ("postgresql://me:s3:c@ret@db/shop", "postgresql://me@db/shop"),
        ("postgresql://me:s3/cret@db/shop", "postgresql://me@db/shop"),
        ("postgresql:///shop?host=/run/pg&password=s3cret&user=me", "postgresql:///shop?host=/run/pg&user=me"),
        ("postgresql://db/shop?password=s3cret", "postgresql://db/shop"),
        ("postgresql://me@db/shop?passwrd=s3cret&port=5", "postgresql://me@db/shop?port=5"),
        ("postgresql://me@db?passwrd=s3cret", "postgresql://me@db"),
        ("postgresql://me:s3?cret@db/shop", "postgresql://..."),
        ("postgresql://db/shop?password=s3@cret&host=a", "postgresql://..."),
        ("postgresql://me:s3cret@db/shop?options=x@y", "postgresql://me@db/shop"),
        ("postgres://a,b/shop", "postgres://a,b/shop"),
    ],
)
def test_a_url_is_shown_without_its_password(url: str, shown: str) -> None:
    assert shown_url(url) == shown


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:s3cret@127.0.0.1:1/shop",
        "postgresql://me:s3%63ret@127.0.0.1:port/shop",
        "postgresql://127.0.0.1:1/shop?password=s3cret&what=1",
        "postgresql://me:s3cret@127.0.0.1:1/shop?connect_timeout=x",
        "postgresql://me:s3%zzcret@127.0.0.1/shop",
    ],
)
def test_no_server_is_one_line_without_the_password(url: str) -> None:
    with pytest.raises(NotAJournal) as failed:
        Database(url)
    assert "cret" not in str(failed.value)
    assert "\n" not in str(failed.value)
    assert "postgresql://" in str(failed.value)


def test_placeholders_count_as_those_of_sqlite() -> None:
    assert numbered("a = ? AND b = ? OR c = ?1 AND d = ?") == b"a = $1 AND b = $2 OR c = $1 AND d = $3"


def undone(database: Database) -> None:
    """A transaction that deletes all, and fails."""
    with database.transaction():
        database.rows("DELETE FROM public.t")
        assert list(database.stream("SELECT b FROM public.t")) == []
        database.rows("SELECT 1 / 0")


def test_a_statement_is_committed_and_a_transaction_is_whole(postgres: Server) -> None:
    url = postgres.database()
    database, other = Database(url), Database(url)
    database.rows("CREATE TABLE public.t (a TEXT, b BIGINT)")
    database.run_many("INSERT INTO public.t VALUES (?, ?)", [("x\0y", 1), (None, 2)])
    assert other.rows("SELECT a FROM public.t WHERE b = ?", (1,)) == [("x\\x00y",)]
    with pytest.raises(JournalFailed, match="division by zero"):
        undone(database)
    assert other.rows("SELECT count(*) FROM public.t WHERE b = ANY(?)", ([1, 2],)) == [(2,)]
    database.close()
    other.close()


def cut_off(database: Database, postgres: Server) -> None:
    """A transaction whose connection is cut."""
    with database.transaction():
        postgres.cut()
        database.rows("SELECT 1")


def test_a_cut_connection_is_made_again(postgres: Server) -> None:
    database = Database(postgres.database())
    assert database.rows("SHOW synchronous_commit") == [("on",)]
    assert postgres.cut() == 1
    with pytest.raises(JournalAway):
        database.rows("SELECT 1")
    assert database.rows("SELECT 1") == [(1,)]
    with pytest.raises(JournalAway):  # a transaction that was cut is not gone on with on a new connection
        cut_off(database, postgres)
    assert database.rows("SELECT 1") == [(1,)]
    database.close()


def test_one_that_reads_only_can_not_write(postgres: Server) -> None:
    url = postgres.database()
    database = Database(url, reads_only=True)
    with pytest.raises(JournalAway, match="read-only"):
        database.rows("CREATE TABLE public.t (a TEXT)")
    database.close()


def test_the_tables_of_a_journal_can_be_made(postgres: Server) -> None:
    database = Database(postgres.database())
    database.run_script(schema(POSTGRES_TABLES))
    assert database.rows("SELECT count(*) FROM messages") == [(0,)]
    with pytest.raises(JournalFailed, match="already exists"):
        database.run_script(schema(POSTGRES_TABLES))
    database.close()
