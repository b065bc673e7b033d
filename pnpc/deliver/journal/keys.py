"""How a message is found among millions: by 63 bits of its id, and by its topic, in one table in the order of these keys.

A key may fall anywhere in the table, so each one that is written alone costs a page on the disk. Keys are therefore written
some thousands at a time, in order; the messages after the last such time (`journal.keyed`) are found by looking at each.

Among fifty million even some thousands fall on a page each. So the keys lie in three tiers, as in a log-structured merge
tree: new ones are written to the first, which is small, and with each writing one stretch of a tier, in order, moves down to
the next, where many of its keys share a page. The number of the last message says which stretch. All of a tier has moved
once each of its stretches has had its turn, so the first tier holds the keys of some `32 * WAITING` messages, the second of
`1,024 * WAITING`, and no writing has much more to do than another.
"""

import sqlite3
from collections.abc import Iterator
from hashlib import sha256

WAITING = 2_000  # messages without keys, at which they are written
_MOVES = (5, 10)  # bits: a tier moves down in 32, or in 1,024 stretches
_BITS = 63  # of a key
_TIERS = ", ".join(str(tier) for tier in range(len(_MOVES) + 1))

_KEYS = f"json_each(?1) j CROSS JOIN keys k ON k.tier IN ({_TIERS}) AND k.key = j.value"
_WITH_KEYS = f"{_KEYS} CROSS JOIN ids m USING (message)"
READ = f"SELECT count(*) FROM {_KEYS}"  # reads the pages of these keys

# Messages by their ids, as (id, message): the keys of the ids, an address, the ids.
BY_ID = (
    f"SELECT m.id, m.message FROM {_WITH_KEYS} WHERE m.address = ?2 AND m.id IN (SELECT value FROM json_each(?3))"
    " UNION ALL SELECT id, message FROM ids WHERE message > (SELECT keyed FROM journal)"
    " AND address = ?2 AND id IN (SELECT value FROM json_each(?3))"
)
# Messages by their topics, as (topic, id, message): the topics, an address.
BY_TOPIC = (
    f"SELECT m.topic, m.id, m.message FROM {_WITH_KEYS} WHERE m.address = ?2 AND m.topic = j.value"
    " UNION ALL SELECT topic, id, message FROM ids WHERE message > (SELECT keyed FROM journal)"
    " AND address = ?2 AND topic IN (SELECT value FROM json_each(?1))"
)
# To forget the topic of an intent's message.
FORGET_TOPIC = (
    f"DELETE FROM keys WHERE tier IN ({_TIERS}) AND (key, message) IN (SELECT topic, message FROM ids"
    " WHERE message = (SELECT message FROM intents WHERE intent = ?))"
)
_WRITE = (
    "INSERT OR IGNORE INTO keys SELECT 0, key, message FROM"
    " (SELECT key_of(id) AS key, message FROM ids WHERE message > (SELECT keyed FROM journal)"
    " UNION ALL SELECT topic, message FROM ids WHERE message > (SELECT keyed FROM journal) AND topic NOT NULL)"
    " ORDER BY key"
)
_WRITTEN = "UPDATE journal SET keyed = (SELECT coalesce(max(message), 0) FROM ids)"
# The keys of a stretch move down: the tier, the first key, the last one.
_MOVE = "UPDATE keys SET tier = tier + 1 WHERE tier = ? AND key BETWEEN ? AND ?"


def _moves(before: int, after: int) -> Iterator[tuple[int, int, int]]:
    """The values for `_MOVE` after the keys of the messages `before + 1` to `after` were written."""
    first, last = before // WAITING, after // WAITING
    for tier, bits in reversed(list(enumerate(_MOVES))):
        for turn in range(max(first, last - (1 << bits)), last):
            stretch, width = turn & ((1 << bits) - 1), 1 << (_BITS - bits)
            yield tier, stretch * width, (stretch + 1) * width - 1


def write_keys(database: sqlite3.Connection) -> int:
    """Write the keys of the messages that have none yet, inside a transaction. The number of the last message."""
    (before,) = database.execute("SELECT keyed FROM journal").fetchone()
    database.execute(_WRITE)
    database.execute(_WRITTEN)
    (after,) = database.execute("SELECT keyed FROM journal").fetchone()
    database.executemany(_MOVE, _moves(before, after))
    return int(after)


def key_of(id: str) -> int:
    """The key of a message's id."""
    return int.from_bytes(sha256(id.encode()).digest()[:8], "big") >> 1
