-- The views of a journal, in SQL that SQLite and PostgreSQL both take; `journal.sql` and `journal.postgres.sql` make the tables.

-- Each attempt with what became of it. `delivered` is the time of the event; one that may be of several messages of an
-- address proves nothing of any of them. What LINE took stays taken, whatever a person settled before its answer came.
CREATE VIEW attempts AS
SELECT i.intent, i.run, i.message, i.attempt, i.line, m.id, m.address, i.tag, i.row, i.shape, i.at,
       coalesce(s.outcome, r.outcome, 'unknown') AS outcome,
       CASE WHEN s.outcome IS NOT NULL THEN 'settled' ELSE r.reason END AS reason,
       r.status, r.request_id, r.message_id, r.answer, coalesce(s.at, r.at) AS answered, r.took,
       coalesce(r.delivered,
        (SELECT min(h.at) FROM heard h WHERE h.intent = i.intent AND NOT h.failed
         AND NOT EXISTS (SELECT 1 FROM heard o
                         WHERE o.event = h.event AND o.address = m.address AND o.message <> i.message))) AS delivered
FROM intents i JOIN ids m USING (message) LEFT JOIN results r USING (intent)
     LEFT JOIN settled s ON s.intent = i.intent AND coalesce(r.outcome, '') <> 'accepted';

-- Each message that was tried, by its last attempt that may have reached LINE or was refused. `state`: delivered,
-- accepted, refused, unknown, or planned (every attempt certainly sent nothing).
CREATE VIEW messages AS
SELECT message, address, run, line, id, row, shape, attempt, attempts, tag, reason, status, request_id, message_id, answer,
       at, answered, delivered,
       CASE WHEN delivered IS NOT NULL THEN 'delivered' WHEN outcome = 'not_sent' THEN 'planned' ELSE outcome END AS state
FROM (SELECT message, address, run, line, id, row, shape, attempt, attempts, tag, reason, status, request_id, message_id,
             answer, at, answered, outcome,
             CASE attempts WHEN 1 THEN delivered
                           ELSE (SELECT min(o.delivered) FROM attempts o WHERE o.message = a.message) END AS delivered
      FROM (SELECT i.*, (SELECT max(o.attempt) FROM intents o WHERE o.message = i.message) AS attempts FROM attempts i) a
      WHERE attempts = 1 OR NOT EXISTS
            (SELECT 1 FROM attempts o WHERE o.message = a.message
             AND (o.outcome = 'not_sent', -o.attempt) < (a.outcome = 'not_sent', -a.attempt))) m;
