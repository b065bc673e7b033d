-- A journal of `pnpc push`: one SQLite file (WAL) for one payload file. docs/journal.md says how to read it.
-- Rows are added, never changed or removed, but for the listeners' last signs. Times are milliseconds since 1970 in UTC.
PRAGMA application_id = 1886285923; -- "pnpc" in ASCII
PRAGMA user_version = 1;

-- What this journal belongs to: one row, written when it is made.
CREATE TABLE run (
  one      INTEGER PRIMARY KEY CHECK (one = 1),
  run      TEXT NOT NULL,    -- 12 random hexadecimal digits: a part of the delivery tags that pnpc makes
  payloads TEXT NOT NULL,    -- SHA-256 of the payload file, uncompressed
  lines    INTEGER NOT NULL, -- messages in it
  file     TEXT NOT NULL,    -- its name when the journal was made
  target   TEXT NOT NULL,    -- line, sinch
  api      TEXT NOT NULL,    -- scheme, host and port that the requests go to
  salt     TEXT NOT NULL,    -- for pushes.token
  at       INTEGER NOT NULL
);

-- Each start of `pnpc push` on this journal.
CREATE TABLE pushes (
  push    INTEGER PRIMARY KEY,
  channel TEXT,              -- what --channel said
  token   TEXT NOT NULL,     -- 16 hexadecimal digits of SHA-256(salt + token): enough to see that it is another one
  version TEXT NOT NULL,     -- of pnpc
  at      INTEGER NOT NULL
);

-- What kinds of requests there are: usually one for each spec.
CREATE TABLE shapes (
  shape INTEGER PRIMARY KEY,
  method TEXT NOT NULL,
  url    TEXT NOT NULL,      -- as it was sent
  spec   TEXT,               -- the spec's name
  keys   TEXT NOT NULL,      -- JSON: {"templateKey": …, "items": […], "buttons": […]}, sorted; {} for the flexible kind
  UNIQUE (method, url, spec, keys)
);

-- A request that may leave: committed before its first byte. One attempt is one row.
CREATE TABLE intents (
  intent  INTEGER PRIMARY KEY,
  push    INTEGER NOT NULL REFERENCES pushes,
  line    INTEGER NOT NULL,  -- the message: its line in the payload file, from 1
  attempt INTEGER NOT NULL,  -- from 1
  id      TEXT NOT NULL,     -- the payload's id
  tag     TEXT,              -- the delivery tag that was sent; NULL for a target that has none
  row     TEXT,              -- the row of the recipients' table, as FILE:LINE; NULL if the payload does not say
  shape   INTEGER NOT NULL REFERENCES shapes,
  at      INTEGER NOT NULL,
  UNIQUE (line, attempt)
);
CREATE INDEX intents_by_tag ON intents (tag);

-- What became of an intent. An intent without a result is in flight, or its process was killed: then it is unknown.
CREATE TABLE results (
  intent     INTEGER PRIMARY KEY REFERENCES intents,
  outcome    TEXT NOT NULL CHECK (outcome IN ('accepted', 'refused', 'unknown', 'not_sent')),
  reason     TEXT NOT NULL,  -- one word of a closed list: docs/push.md
  status     INTEGER,        -- of HTTP; NULL where no status line came
  request_id TEXT,           -- LINE's x-line-request-id
  answer     TEXT,           -- the body of the answer, cut to 4,000 characters; NULL if it is empty or {}
  at         INTEGER NOT NULL,
  took       INTEGER NOT NULL -- milliseconds from the intent to the result
);

-- Delivery events (webhook) whose tag is one of ours; `pnpc listen` adds them, also while push runs.
CREATE TABLE events (
  event    TEXT PRIMARY KEY, -- webhookEventId: a second one of the same id is a duplicate
  tag      TEXT NOT NULL,    -- delivery.data
  at       INTEGER NOT NULL, -- the event's own timestamp
  received INTEGER NOT NULL
);
CREATE INDEX events_by_tag ON events (tag);

-- When a receiver of webhooks was there, and heard LINE: without one, no event proves nothing.
CREATE TABLE listeners (
  listener INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL, -- it began
  alive    INTEGER NOT NULL, -- it was still there
  heard    INTEGER           -- its last post that LINE had signed; NULL if none came yet
);

-- Each attempt with what became of it. `delivered` is the time of the event; an event whose tag several messages
-- share proves nothing of any of them.
CREATE VIEW attempts AS
SELECT i.intent, i.line, i.attempt, i.id, i.tag, i.row, i.shape, i.at,
       coalesce(r.outcome, 'unknown') AS outcome, r.reason, r.status, r.request_id, r.answer, r.at AS answered, r.took,
       (SELECT min(e.at) FROM events e WHERE e.tag = i.tag
        AND NOT EXISTS (SELECT 1 FROM intents o WHERE o.tag = i.tag AND o.line <> i.line)) AS delivered
FROM intents i LEFT JOIN results r USING (intent);

-- Each message that was tried, by its last attempt that may have reached LINE or was refused. `state`: delivered,
-- accepted, refused, unknown, or planned (every attempt certainly sent nothing). A line that is not here was not tried.
CREATE VIEW messages AS
SELECT line, id, row, shape, attempt, attempts, tag, reason, status, request_id, answer, at, answered, delivered,
       CASE WHEN delivered IS NOT NULL THEN 'delivered' WHEN outcome = 'not_sent' THEN 'planned' ELSE outcome END AS state
FROM (SELECT line, id, row, shape, attempt, attempts, tag, reason, status, request_id, answer, at, answered, outcome,
             CASE attempts WHEN 1 THEN delivered
                           ELSE (SELECT min(o.delivered) FROM attempts o WHERE o.line = a.line) END AS delivered
      FROM (SELECT *, (SELECT max(o.attempt) FROM intents o WHERE o.line = i.line) AS attempts FROM attempts i) a
      WHERE attempts = 1 OR NOT EXISTS
            (SELECT 1 FROM attempts o WHERE o.line = a.line
             AND (o.outcome = 'not_sent', -o.attempt) < (a.outcome = 'not_sent', -a.attempt)));
