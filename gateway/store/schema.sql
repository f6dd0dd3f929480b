-- Version 1 of the database. Times are wall milliseconds; states and kinds are the enums of the headers beside this file.
-- A change is a further step in store.c, never an edit of what stands here.

CREATE TABLE meta(
  key TEXT PRIMARY KEY,
  value ANY NOT NULL
) STRICT, WITHOUT ROWID;

-- One row per boot of the kernel: which monotonic times may be compared.
CREATE TABLE boot(
  id INTEGER PRIMARY KEY,
  kernel TEXT NOT NULL UNIQUE,
  started INTEGER NOT NULL
) STRICT;

CREATE TABLE people(
  pseudonym BLOB PRIMARY KEY CHECK(length(pseudonym) = 16),
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  messages INTEGER NOT NULL CHECK(messages >= 0),
  stopped INTEGER NOT NULL CHECK(stopped IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE incident(
  id INTEGER PRIMARY KEY,
  number INTEGER NOT NULL CHECK(number BETWEEN 1000 AND 9999),
  state INTEGER NOT NULL CHECK(state IN (0, 1)),
  headline TEXT NOT NULL,
  codes TEXT NOT NULL,
  priority INTEGER NOT NULL CHECK(priority BETWEEN 1 AND 4),
  firing INTEGER NOT NULL,
  released INTEGER NOT NULL,
  validated INTEGER NOT NULL,
  outcome TEXT NOT NULL,          -- of a closed one: R T N F D X O C
  located INTEGER NOT NULL,
  ambiguous INTEGER NOT NULL,
  name TEXT NOT NULL,
  cercle TEXT NOT NULL,
  c3 TEXT NOT NULL,
  region TEXT NOT NULL,
  country TEXT NOT NULL,
  lat_deg REAL NOT NULL,
  lon_deg REAL NOT NULL,
  radius_m INTEGER NOT NULL,
  method TEXT NOT NULL,
  score REAL NOT NULL,
  opened INTEGER NOT NULL,
  opened_mono INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  reports INTEGER NOT NULL,
  sources INTEGER NOT NULL,
  stage INTEGER NOT NULL,
  next_stage INTEGER NOT NULL,
  due_wall INTEGER NOT NULL,
  due_mono INTEGER NOT NULL,
  step_ms INTEGER NOT NULL,
  boot INTEGER NOT NULL,          -- in which the timer was armed
  answered INTEGER NOT NULL,
  tags TEXT NOT NULL,             -- lines of count, French, English, with tabs between
  pack TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX incident_number_open ON incident(number) WHERE state = 0;
CREATE INDEX incident_number ON incident(number, id);

-- A row is custody: it is what lets a SIM forget the message.
CREATE TABLE inbox(
  id INTEGER PRIMARY KEY,
  identity BLOB NOT NULL UNIQUE CHECK(length(identity) = 32),
  line TEXT NOT NULL,
  kind INTEGER NOT NULL CHECK(kind BETWEEN 0 AND 4),
  sender_kind INTEGER NOT NULL CHECK(sender_kind BETWEEN 0 AND 4),
  state INTEGER NOT NULL CHECK(state BETWEEN 0 AND 3),
  boot INTEGER NOT NULL,
  received INTEGER NOT NULL,
  received_mono INTEGER NOT NULL,
  scts INTEGER NOT NULL,
  pseudonym BLOB CHECK(pseudonym IS NULL OR length(pseudonym) = 16),
  sender BLOB,                    -- sealed
  text BLOB,                      -- sealed
  tpdu BLOB,                      -- sealed
  ref INTEGER NOT NULL,
  wide INTEGER NOT NULL,
  total INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  seen INTEGER NOT NULL CHECK(seen >= 1),
  attempts INTEGER NOT NULL,
  result TEXT NOT NULL,
  incident INTEGER REFERENCES incident(id),
  why BLOB,                       -- sealed: reasons quote the message
  CHECK(total = 0 OR seq BETWEEN 1 AND total)
) STRICT;
CREATE INDEX inbox_new ON inbox(id) WHERE state = 0;
CREATE INDEX inbox_waiting ON inbox(received) WHERE state = 1;
CREATE INDEX inbox_quarantine ON inbox(id) WHERE state = 3;
CREATE INDEX inbox_parts ON inbox(line, ref, received) WHERE total > 0;
CREATE INDEX inbox_review ON inbox(received) WHERE result = 'review';

CREATE TRIGGER inbox_identity BEFORE UPDATE OF
  id, identity, line, kind, sender_kind, boot, received, received_mono, scts, pseudonym, ref, wide, total, seq ON inbox
BEGIN
  SELECT RAISE(ABORT, 'what a message is does not change');
END;
-- Contents may be wiped once the message was decided; they are never rewritten.
CREATE TRIGGER inbox_contents BEFORE UPDATE OF sender, text, tpdu ON inbox
WHEN OLD.state <> 2 OR NEW.sender IS NOT NULL OR NEW.text IS NOT NULL OR NEW.tpdu IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'the contents of a message do not change');
END;
CREATE TRIGGER inbox_edges BEFORE UPDATE OF state ON inbox
WHEN OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (VALUES (0, 2), (0, 1), (1, 2), (0, 3), (3, 2))
BEGIN
  SELECT RAISE(ABORT, 'illegal inbox transition');
END;
CREATE TRIGGER inbox_kept BEFORE DELETE ON inbox
BEGIN
  SELECT RAISE(ABORT, 'messages are not deleted');
END;

CREATE TABLE report(
  incident INTEGER NOT NULL REFERENCES incident(id),
  inbox INTEGER NOT NULL REFERENCES inbox(id),
  pseudonym BLOB CHECK(pseudonym IS NULL OR length(pseudonym) = 16),
  at INTEGER NOT NULL,
  PRIMARY KEY(incident, inbox)
) STRICT, WITHOUT ROWID;

CREATE TABLE told(
  incident INTEGER NOT NULL REFERENCES incident(id),
  responder TEXT NOT NULL,
  letters TEXT NOT NULL CHECK(length(letters) = 2),
  answer INTEGER NOT NULL CHECK(answer BETWEEN 0 AND 5),
  told_at INTEGER NOT NULL,
  answered_at INTEGER NOT NULL,
  eta_min INTEGER NOT NULL,
  PRIMARY KEY(incident, responder),
  UNIQUE(incident, letters)
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox(
  id INTEGER PRIMARY KEY,
  intent TEXT NOT NULL UNIQUE,
  incident INTEGER REFERENCES incident(id),
  responder TEXT NOT NULL,
  dest BLOB,                      -- sealed
  text BLOB,                      -- sealed
  class INTEGER NOT NULL CHECK(class BETWEEN 0 AND 2),
  priority INTEGER NOT NULL CHECK(priority BETWEEN 1 AND 4),
  state INTEGER NOT NULL CHECK(state BETWEEN 0 AND 7),
  attempts INTEGER NOT NULL CHECK(attempts BETWEEN 0 AND 255),
  resent INTEGER NOT NULL CHECK(resent BETWEEN 0 AND 255),
  created INTEGER NOT NULL,
  expires INTEGER NOT NULL,
  not_before INTEGER NOT NULL,
  changed INTEGER NOT NULL,
  line TEXT NOT NULL,
  reference INTEGER NOT NULL CHECK(reference BETWEEN -1 AND 255),
  error INTEGER NOT NULL,
  CHECK(expires > created)        -- every message goes stale
) STRICT;
CREATE INDEX outbox_ready ON outbox(priority, id) WHERE state = 0;
CREATE UNIQUE INDEX outbox_in_flight ON outbox(line) WHERE state = 1;   -- one submission per line
CREATE INDEX outbox_unknown ON outbox(changed) WHERE state = 3;
CREATE INDEX outbox_sent ON outbox(line, reference) WHERE state IN (2, 3);
CREATE INDEX outbox_incident ON outbox(incident, id);
CREATE INDEX outbox_state ON outbox(state);

CREATE TRIGGER outbox_start BEFORE INSERT ON outbox WHEN NEW.state <> 0
BEGIN
  SELECT RAISE(ABORT, 'an outbox row begins queued');
END;
-- 0 queued, 1 sending, 2 sent, 3 unknown, 4 delivered, 5 failed, 6 expired, 7 cancelled
CREATE TRIGGER outbox_edges BEFORE UPDATE OF state ON outbox
WHEN OLD.state = NEW.state OR (OLD.state, NEW.state) NOT IN (VALUES
  (0, 1), (0, 6), (0, 7),
  (1, 2), (1, 0), (1, 5), (1, 3),
  (3, 0), (3, 2), (3, 4),
  (2, 4), (2, 5))
BEGIN
  SELECT RAISE(ABORT, 'illegal outbox transition');
END;
CREATE TRIGGER outbox_identity BEFORE UPDATE OF id, intent, incident, responder, class, priority, created, expires ON outbox
BEGIN
  SELECT RAISE(ABORT, 'what was to be sent does not change');
END;
CREATE TRIGGER outbox_contents BEFORE UPDATE OF dest, text ON outbox
WHEN OLD.state IN (0, 1, 3) OR NEW.dest IS NOT NULL OR NEW.text IS NOT NULL
BEGIN
  SELECT RAISE(ABORT, 'the contents of a message do not change');
END;
CREATE TRIGGER outbox_kept BEFORE DELETE ON outbox
BEGIN
  SELECT RAISE(ABORT, 'messages are not deleted');
END;

CREATE TABLE audit(
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor TEXT NOT NULL,
  event TEXT NOT NULL,
  object TEXT NOT NULL,
  detail TEXT NOT NULL,           -- JSON: ids and controlled words
  hash BLOB NOT NULL CHECK(length(hash) = 32)
) STRICT;
CREATE INDEX audit_object ON audit(object, seq);

CREATE TRIGGER audit_chain BEFORE INSERT ON audit
WHEN NEW.seq <> (SELECT ifnull(max(seq), 0) + 1 FROM audit)
BEGIN
  SELECT RAISE(ABORT, 'the audit has no gaps');
END;
CREATE TRIGGER audit_unchanged BEFORE UPDATE ON audit
BEGIN
  SELECT RAISE(ABORT, 'the audit is append-only');
END;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit
BEGIN
  SELECT RAISE(ABORT, 'the audit is append-only');
END;
