/**
 * The first format.
 *
 * ```
 * events ──object──▶ objects ──kind──▶ kinds        what Events speak of
 *    │ └──saying──▶ sayings                         what they say: type, reason, who says it, the message but for what varies
 *    │ └──space───▶ strings                         their own namespace
 *    │   body, points: packed (pack-body.ts, points-row.ts)
 *    └──◀ chunks                                    older points of Events that repeat much
 * texts, text_words, unworded                         the full-text index over messages (text-index.ts)
 * changes                                           which Events the latest batches touched, for those who follow
 * coverage, clusters, totals, writer
 * ```
 *
 * `hash` columns are `hashText` of the name or text beside them: an index on them is a third of one on the text.
 */
export const firstFormat = `
CREATE TABLE clusters (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  version TEXT NOT NULL
);
CREATE TABLE strings (id INTEGER PRIMARY KEY, hash INTEGER NOT NULL, text TEXT NOT NULL);
CREATE INDEX strings_by_hash ON strings (hash);

CREATE TABLE kinds (
  id INTEGER PRIMARY KEY,
  api_version TEXT NOT NULL,
  kind TEXT NOT NULL,
  UNIQUE (kind, api_version)
);
CREATE TABLE objects (
  id INTEGER PRIMARY KEY,
  hash INTEGER NOT NULL,
  cluster INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  space INTEGER NOT NULL,
  name TEXT NOT NULL,
  uid
);
CREATE INDEX objects_by_hash ON objects (hash, space);

CREATE TABLE sayings (
  id INTEGER PRIMARY KEY,
  hash INTEGER NOT NULL,
  type TEXT NOT NULL,
  reason TEXT NOT NULL,
  action TEXT NOT NULL,
  component TEXT NOT NULL,
  controller TEXT NOT NULL,
  wording TEXT NOT NULL
);
CREATE INDEX sayings_by_hash ON sayings (hash);

CREATE TABLE events (
  id INTEGER PRIMARY KEY,
  object INTEGER NOT NULL,
  saying INTEGER NOT NULL,
  space INTEGER NOT NULL,
  key INTEGER NOT NULL,
  last INTEGER NOT NULL,
  body BLOB NOT NULL,
  points BLOB
);
CREATE INDEX events_by_key ON events (key);
CREATE INDEX events_by_object ON events (object);
CREATE INDEX events_by_time ON events (last, saying);
CREATE INDEX events_by_space ON events (space, last);
CREATE TABLE chunks (
  event INTEGER NOT NULL,
  number INTEGER NOT NULL,
  at INTEGER NOT NULL,
  points BLOB NOT NULL,
  PRIMARY KEY (event, number)
) WITHOUT ROWID;

CREATE VIRTUAL TABLE texts USING fts5 (
  messages, content = '', columnsize = 0, detail = none, tokenize = 'unicode61 remove_diacritics 2'
);
CREATE VIRTUAL TABLE text_words USING fts5vocab (texts, row);
CREATE TABLE unworded (event INTEGER PRIMARY KEY);

CREATE TABLE coverage (
  id INTEGER PRIMARY KEY,
  cluster INTEGER NOT NULL,
  namespace TEXT NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,
  open INTEGER NOT NULL,
  resource_version TEXT
);
CREATE INDEX coverage_by_space ON coverage (cluster, namespace, since);

CREATE TABLE changes (upto INTEGER PRIMARY KEY, count INTEGER NOT NULL, events BLOB NOT NULL);
CREATE TABLE totals (
  events INTEGER NOT NULL,
  points INTEGER NOT NULL,
  next_event INTEGER NOT NULL,
  worded_to INTEGER NOT NULL,
  removed INTEGER NOT NULL
);
INSERT INTO totals VALUES (0, 0, 1, 0, 0);
CREATE TABLE writer (pid INTEGER NOT NULL, host TEXT NOT NULL, since INTEGER NOT NULL);
`;
