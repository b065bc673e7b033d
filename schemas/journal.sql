-- The journal of `pnpc push`: one SQLite file (WAL), the memory of all that a project has sent. docs/journal.md says how
-- to read it. Rows are added, never changed or removed, but for the listeners' last signs and what `pnpc journal purge`
-- forgets. Times are milliseconds since 1970 in UTC.
PRAGMA application_id = 1886285923; -- "pnpc" in ASCII
PRAGMA user_version = 6;

-- The journal itself: one row, written when it is made; only `keyed` changes.
CREATE TABLE journal (
  one     INTEGER PRIMARY KEY CHECK (one = 1),
  journal TEXT NOT NULL,     -- 12 random hexadecimal digits: a part of the delivery tags that pnpc makes
  salt    TEXT NOT NULL,     -- for runs.token and ids.topic
  at      INTEGER NOT NULL,
  keyed   INTEGER NOT NULL   -- the last message whose keys are written; those after it are looked at one by one
);

-- Where messages were sent to: LINE, an emulator. The same message may go to each of them.
CREATE TABLE addresses (
  address INTEGER PRIMARY KEY,
  target  TEXT NOT NULL,     -- line, sinch
  api     TEXT NOT NULL,     -- scheme, host and port
  UNIQUE (target, api)
);

-- Each start of `pnpc push`, or of a `pnpc.Sender`.
CREATE TABLE runs (
  run      INTEGER PRIMARY KEY,
  address  INTEGER NOT NULL REFERENCES addresses,
  file     TEXT NOT NULL,    -- the payload files' names
  payloads TEXT NOT NULL,    -- SHA-256 of the payload file, uncompressed; of several, of their digests
  lines    INTEGER NOT NULL, -- messages in them; a sender has no files, and 0
  first    INTEGER NOT NULL, -- the number of its first intent: what earlier runs wrote is below it
  channel  TEXT,             -- what --channel said
  token    TEXT NOT NULL,    -- 16 hexadecimal digits of SHA-256(salt + token): enough to see that it is another one
  version  TEXT NOT NULL,    -- of pnpc
  at       INTEGER NOT NULL
);

-- The payload files of a run. Two messages of one file are meant as they are; of two files, other words about the same are
-- most likely a correction.
CREATE TABLE files (
  run      INTEGER NOT NULL REFERENCES runs,
  before   INTEGER NOT NULL, -- lines in the run's files before it
  payloads TEXT NOT NULL,    -- SHA-256 of its bytes, uncompressed
  PRIMARY KEY (run, before)
) WITHOUT ROWID;

-- How a push ended: how many lines of its file stand where, by what was known then. A killed one has no row.
CREATE TABLE ends (
  run       INTEGER PRIMARY KEY REFERENCES runs,
  accepted  INTEGER NOT NULL,
  refused   INTEGER NOT NULL,
  unknown   INTEGER NOT NULL,
  remaining INTEGER NOT NULL,
  sent      INTEGER NOT NULL, -- requests of this run
  at        INTEGER NOT NULL
);

-- Each message that was tried, once for an address: what is here is never sent there a second time.
CREATE TABLE ids (
  message INTEGER PRIMARY KEY,
  address INTEGER NOT NULL REFERENCES addresses,
  id      TEXT NOT NULL,     -- the payload's id
  topic   INTEGER            -- 63 bits of SHA-256(salt + campaign, delivery tag and recipient); NULL without a tag
);

-- By what a message is found: 63 bits of SHA-256(id), and its topic. Written for some thousands of messages at a time, in
-- order, because each key that is written alone costs a page of its own. New ones are in tier 0, where they are few; from
-- there they move to tier 1 and then to tier 2, a stretch of keys at a time, so that many of them share a page.
CREATE TABLE keys (
  tier    INTEGER NOT NULL,
  key     INTEGER NOT NULL,
  message INTEGER NOT NULL REFERENCES ids,
  PRIMARY KEY (tier, key, message)
) WITHOUT ROWID;

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
  run     INTEGER NOT NULL REFERENCES runs,
  message INTEGER NOT NULL REFERENCES ids,
  attempt INTEGER NOT NULL,  -- of the message, from 1
  line    INTEGER NOT NULL,  -- of the run's payload files, one after the other, from 1
  tag     TEXT,              -- the delivery tag that was sent; NULL for a target that has none
  row     TEXT,              -- the row of the recipients' table, as FILE:LINE; NULL if the payload does not say
  shape   INTEGER NOT NULL REFERENCES shapes,
  at      INTEGER NOT NULL,
  UNIQUE (message, attempt)
);
CREATE INDEX intents_by_tag ON intents (tag) WHERE tag NOT NULL;

-- What became of an intent. An intent without a result is in flight, or its process was killed: then it is unknown.
CREATE TABLE results (
  intent     INTEGER PRIMARY KEY REFERENCES intents,
  outcome    TEXT NOT NULL CHECK (outcome IN ('accepted', 'refused', 'unknown', 'not_sent')),
  reason     TEXT NOT NULL,  -- one word of a closed list: docs/push.md
  status     INTEGER,        -- of HTTP; NULL where no status line came
  request_id TEXT,           -- LINE's x-line-request-id
  answer     TEXT,           -- the body of the answer, cut to 4,000 characters; NULL if it is empty or {}
  at         INTEGER NOT NULL,
  took       INTEGER NOT NULL, -- milliseconds from the intent to the result
  delivered  INTEGER,        -- when an event said so that a purge has forgotten; NULL before
  message_id TEXT            -- the name that the target gave to the message; NULL where it gives none, as LINE
);
CREATE INDEX results_by_message_id ON results (message_id) WHERE message_id NOT NULL;

-- What a person found out about an unknown attempt: `pnpc journal settle`.
CREATE TABLE settled (
  intent  INTEGER PRIMARY KEY REFERENCES intents,
  outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'not_sent')),
  why     TEXT NOT NULL,     -- in the person's words
  at      INTEGER NOT NULL
);

-- Delivery events (webhook) whose tag is one of ours; `pnpc listen` adds them, also while push runs.
CREATE TABLE events (
  event    TEXT PRIMARY KEY, -- webhookEventId: a second one of the same id is a duplicate
  tag      TEXT NOT NULL,    -- delivery.data
  at       INTEGER NOT NULL, -- the event's own timestamp
  received INTEGER NOT NULL,
  intent   INTEGER,          -- the attempt that a report names by its message_id; NULL: the tag tells
  failed   INTEGER NOT NULL, -- 1: the target reports that it was not delivered; 0: that it was
  why      TEXT              -- in the target's words
);
CREATE INDEX events_by_tag ON events (tag);
CREATE INDEX events_by_intent ON events (intent) WHERE intent NOT NULL;
CREATE INDEX failed_events ON events (event) WHERE failed;

-- When a receiver of LINE's webhook was there, and heard LINE: without one, no event proves nothing. A receiver without
-- LINE's channel secret, which hears other targets only, has no row.
CREATE TABLE listeners (
  listener INTEGER PRIMARY KEY,
  at       INTEGER NOT NULL, -- it began
  alive    INTEGER NOT NULL, -- it was still there
  heard    INTEGER           -- its last post that LINE had signed; NULL if none came yet
);

-- Each event with each attempt that it may be of: with its tag, and in whose time it came. LINE delivers within 24 hours or
-- not at all, and two clocks may differ by ten minutes.
CREATE VIEW heard AS
SELECT e.event, e.at, e.failed, e.why, i.intent, i.message, m.address
FROM events e JOIN intents i
     ON (e.intent IS NULL AND i.tag = e.tag AND e.at BETWEEN i.at - 600000 AND i.at + 87000000) OR i.intent = e.intent
JOIN ids m USING (message);
