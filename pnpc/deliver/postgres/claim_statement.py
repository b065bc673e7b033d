"""The statement of a claim: it renews the lease, grants messages and notes results, in one transaction and one round trip.

Its values: 1 run, 2 holder, 3 lease (milliseconds), 4 the last claim that the run knows to be committed, 5 the number of this one,
6 the oldest intent without a result, 7 address; from 8 on the columns of the claims (see `asked`), then those of the results in the
order of `Result`.
"""

from pnpc.deliver.postgres.run_lease import NOW

ASKED, NOTED = 10, 9  # columns of a claim, and of a result
_FIRST_ASKED, _FIRST_NOTED = 8, 8 + ASKED


def _arrays(first: int, types: str) -> str:
    """Arrays of these types as values, from a number on."""
    return ", ".join(f"?{number}::{name}[]" for number, name in enumerate(types.split(), first))


def _noted(first: int) -> str:
    """Results that come as columns."""
    arrays = _arrays(first, "bigint text text integer text text bigint bigint text")
    return f"""
  INSERT INTO results (intent, outcome, reason, status, request_id, answer, at, took, message_id)
  SELECT r.* FROM unnest({arrays})
    AS r(intent, outcome, reason, status, request_id, answer, at, took, message_id)"""


# Only a guess is replaced: that the process had ended, when it had only been silent.
INSTEAD_OF_GUESS = """
  ON CONFLICT (intent) DO UPDATE SET outcome = excluded.outcome, reason = excluded.reason, status = excluded.status,
    request_id = excluded.request_id, answer = excluded.answer, at = excluded.at, took = excluded.took,
    message_id = excluded.message_id
  WHERE results.reason = 'process-ended'"""

CLAIM = f"""
WITH
-- The run: its lease is renewed, and this claim is counted. No row where the lease is over, or where the last claim that the run
-- knows of is not the last one in the database. All that is granted or noted below is joined with this row.
mine AS (
  UPDATE leases SET until = {NOW} + ?3, batch = ?5, oldest = ?6
  WHERE run = ?1 AND holder = ?2 AND batch = ?4 AND over IS NULL
  RETURNING run),

-- `message` is NULL for one that the run does not know, `file` the digest of the payload file (NULL: other words are meant);
-- `place` counts the claims about the same.
asked AS (
  SELECT *, row_number() OVER (PARTITION BY topic ORDER BY line) AS place
  FROM unnest({_arrays(_FIRST_ASKED, "text bigint bigint integer bigint text text integer bigint text")})
    AS a(id, topic, message, attempt, line, tag, row, shape, at, file)),

-- Of each claim, whether there are other messages about the same, and whether one of them `holds` it: it was sent, or may have
-- been, from another file. (What one file says twice is meant.) LATERAL and OFFSET 0: the way goes from each topic to its few
-- messages by an index, whatever the planner believes of the tables.
others AS (
  SELECT a.id, bool_or(
      a.file <> o.file AND (o.result = 'accepted' OR coalesce(o.settled, o.result, 'unknown') IN ('accepted', 'unknown'))
    ) AS holds
  FROM asked a,
    LATERAL (SELECT message FROM ids WHERE topic = a.topic AND address = ?7 AND id <> a.id OFFSET 0) m,
    LATERAL (
      SELECT
        coalesce((SELECT payloads FROM files f WHERE f.run = i.run AND f.before < i.line ORDER BY f.before DESC LIMIT 1), '')
          AS file,
        (SELECT outcome FROM results r WHERE r.intent = i.intent) AS result,
        (SELECT outcome FROM settled s WHERE s.intent = i.intent) AS settled
      FROM intents i WHERE i.message = m.message OFFSET 0) o
  GROUP BY a.id),

-- New messages. UNIQUE (id, address) grants each to one sender; UNIQUE (topic, address, alone) grants one of several in other
-- words where two senders ask at the same moment, and neither sees the other's. In one order, so that two senders that
-- want the same never wait for each other.
new AS (
  INSERT INTO ids (address, id, topic, alone)
  SELECT ?7::integer, a.id, a.topic, CASE WHEN a.file IS NOT NULL AND a.place = 1 AND o.id IS NULL THEN TRUE END
  FROM mine CROSS JOIN asked a LEFT JOIN others o USING (id)
  WHERE a.message IS NULL AND o.holds IS NOT TRUE
  ORDER BY a.topic, a.id, a.place
  ON CONFLICT DO NOTHING
  RETURNING message, id),

-- Attempts: the first of a new message; or a further one, where no other is under way, or is known by now to have been sent.
-- UNIQUE (message, attempt) grants each to one sender. (The list of messages is said again in the last part, so that the plan
-- goes from it to their attempts, and never over all.)
granted AS (
  INSERT INTO intents (run, message, attempt, line, tag, row, shape, at)
  SELECT mine.run, coalesce(a.message, new.message) AS of, a.attempt, a.line, a.tag, a.row, a.shape, a.at
  FROM mine CROSS JOIN asked a
    LEFT JOIN new ON a.message IS NULL AND new.id = a.id
    LEFT JOIN others o ON o.id = a.id
  WHERE new.message IS NOT NULL
    OR (a.message IS NOT NULL AND o.holds IS NOT TRUE AND NOT EXISTS (
      SELECT 1 FROM intents i LEFT JOIN results r USING (intent) LEFT JOIN settled s USING (intent)
      WHERE i.message = a.message AND i.message = ANY(?{_FIRST_ASKED + 2}::bigint[])
        AND i.intent <> ALL(?{_FIRST_NOTED}::bigint[]) -- not one whose result comes along
        AND (r.intent IS NULL OR 'accepted' IN (s.outcome, r.outcome))))
  ORDER BY of
  ON CONFLICT DO NOTHING
  RETURNING intent, message),

noted AS ({_noted(_FIRST_NOTED)}, mine {INSTEAD_OF_GUESS})

-- A row for each intent, with the id of a new message; and one for the claim itself.
SELECT g.intent, g.message, new.id FROM granted g LEFT JOIN new USING (message)
UNION ALL
SELECT NULL, run, NULL FROM mine
"""

# What a run that is over still learns of its own requests. Its values: run, holder, and the columns of the results.
LATE_RESULTS = f"""{_noted(3)}
    JOIN intents i USING (intent) JOIN leases l ON l.run = i.run AND l.run = ?1 AND l.holder = ?2 {INSTEAD_OF_GUESS}"""
