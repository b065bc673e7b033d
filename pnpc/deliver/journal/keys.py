"""How a message is found among millions: by 63 bits of its id, and by its topic, in one table in the order of these keys.

A key may fall anywhere in the table, so each one that is written alone costs a page on the disk. Keys are therefore written
some thousands at a time, in order; the messages after the last such time (`journal.keyed`) are found by looking at each.
"""

from hashlib import sha256

WAITING = 2_000  # messages without keys, at which they are written

# Messages by their ids, as (id, message): the keys of the ids, an address, the ids.
BY_ID = (
    "SELECT m.id, m.message FROM json_each(?1) j CROSS JOIN keys k ON k.key = j.value CROSS JOIN ids m USING (message)"
    " WHERE m.address = ?2 AND m.id IN (SELECT value FROM json_each(?3))"
    " UNION ALL SELECT id, message FROM ids WHERE message > (SELECT keyed FROM journal)"
    " AND address = ?2 AND id IN (SELECT value FROM json_each(?3))"
)
# Messages by their topics, as (topic, id, message): the topics, an address.
BY_TOPIC = (
    "SELECT m.topic, m.id, m.message FROM json_each(?1) j CROSS JOIN keys k ON k.key = j.value"
    " CROSS JOIN ids m USING (message) WHERE m.address = ?2 AND m.topic = j.value"
    " UNION ALL SELECT topic, id, message FROM ids WHERE message > (SELECT keyed FROM journal)"
    " AND address = ?2 AND topic IN (SELECT value FROM json_each(?1))"
)
WRITE = (
    "INSERT OR IGNORE INTO keys SELECT key, message FROM"
    " (SELECT key_of(id) AS key, message FROM ids WHERE message > (SELECT keyed FROM journal)"
    " UNION ALL SELECT topic, message FROM ids WHERE message > (SELECT keyed FROM journal) AND topic NOT NULL)"
    " ORDER BY key"
)
WRITTEN = "UPDATE journal SET keyed = (SELECT coalesce(max(message), 0) FROM ids)"


def key_of(id: str) -> int:
    """The key of a message's id."""
    return int.from_bytes(sha256(id.encode()).digest()[:8], "big") >> 1
