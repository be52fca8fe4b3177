import type { DatabaseSync } from 'node:sqlite'

/**
 * The first format. Every key leads with the office. Tables that are read by office in one pass, or in the order of their key, carry
 * their rows in the key itself (`WITHOUT ROWID`): reading all dossiers of an office is then one pass over neighbouring pages.
 */
export function format1(db: DatabaseSync): void {
  db.exec(records + dossiers + events + notes)
}

const records = `
  -- number: of the office's last event
  CREATE TABLE offices (office TEXT NOT NULL PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID;

  -- the small kinds: office, member, owner, division, stage, counter
  CREATE TABLE records (
    office TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, doc TEXT NOT NULL,
    PRIMARY KEY (office, kind, id)
  ) STRICT, WITHOUT ROWID;
  -- an account sits in one office only: the one index that cannot lead with it
  CREATE UNIQUE INDEX seats ON records (doc ->> '$.accountId') WHERE kind = 'member' AND doc ->> '$.accountId' IS NOT NULL;

  CREATE TABLE clients (
    office TEXT NOT NULL, id TEXT NOT NULL, name_key TEXT NOT NULL, division_id TEXT, owner_id TEXT, doc TEXT NOT NULL,
    PRIMARY KEY (office, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX clients_by_name ON clients (office, name_key, id);
  CREATE TABLE client_words (
    office TEXT NOT NULL, word TEXT NOT NULL, id TEXT NOT NULL,
    PRIMARY KEY (office, word, id)
  ) STRICT, WITHOUT ROWID;
`

const dossiers = `
  -- the slim row in columns, so that 50,000 of them need no JSON; detail: everything else of a dossier; *_key: folded, for the order
  CREATE TABLE dossiers (
    office TEXT NOT NULL, id TEXT NOT NULL, at INTEGER NOT NULL, number TEXT NOT NULL,
    client_id TEXT NOT NULL, client_name TEXT NOT NULL, partner_name TEXT NOT NULL,
    title TEXT NOT NULL, kind TEXT, status TEXT NOT NULL, stage_id TEXT NOT NULL, stage_since INTEGER NOT NULL,
    amount INTEGER, created_on TEXT NOT NULL, changed_at INTEGER NOT NULL,
    division_id TEXT, owner_id TEXT, reader_ids TEXT NOT NULL,
    number_key TEXT NOT NULL, client_key TEXT NOT NULL, title_key TEXT NOT NULL, detail TEXT NOT NULL,
    PRIMARY KEY (office, id)
  ) STRICT, WITHOUT ROWID;
  CREATE UNIQUE INDEX dossier_numbers ON dossiers (office, number);
  CREATE INDEX dossiers_by_client ON dossiers (office, client_id);
  CREATE TABLE dossier_words (
    office TEXT NOT NULL, word TEXT NOT NULL, id TEXT NOT NULL,
    PRIMARY KEY (office, word, id)
  ) STRICT, WITHOUT ROWID;
`

const events = `
  CREATE TABLE events (
    office TEXT NOT NULL, n INTEGER NOT NULL, member TEXT NOT NULL, command TEXT NOT NULL, doc TEXT NOT NULL,
    PRIMARY KEY (office, n)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX events_by_command ON events (office, command, member);
  CREATE TABLE event_subjects (
    office TEXT NOT NULL, dossier TEXT NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (office, dossier, n)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE answers (
    office TEXT NOT NULL, member TEXT NOT NULL, command TEXT NOT NULL, hash TEXT NOT NULL, at INTEGER NOT NULL, answer TEXT NOT NULL,
    PRIMARY KEY (office, member, command)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX answers_by_age ON answers (at);
`

const notes = `
  -- absent: epoch 1
  CREATE TABLE note_epochs (
    office TEXT NOT NULL, note TEXT NOT NULL, epoch INTEGER NOT NULL,
    PRIMARY KEY (office, note)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE note_log (
    office TEXT NOT NULL, note TEXT NOT NULL, epoch INTEGER NOT NULL, seq INTEGER NOT NULL,
    member TEXT NOT NULL, at INTEGER NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (office, note, epoch, seq)
  ) STRICT, WITHOUT ROWID;
  -- never deleted from: a client id that was granted once is never granted again
  CREATE TABLE note_clients (
    office TEXT NOT NULL, note TEXT NOT NULL, client INTEGER NOT NULL, member TEXT NOT NULL,
    PRIMARY KEY (office, note, client)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE fences (
    office TEXT NOT NULL, fence INTEGER NOT NULL, value INTEGER NOT NULL,
    PRIMARY KEY (office, fence)
  ) STRICT, WITHOUT ROWID;
`
