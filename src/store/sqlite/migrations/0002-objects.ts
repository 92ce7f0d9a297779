/**
 * Objects and what changed of them.
 *
 * ```
 * objects ◀── object_states        what is known of an object: at most one row each (pack-state.ts)
 *         ◀── object_changes       what happened to it (pack-change.ts)
 * ```
 *
 * Both hang on a row of `objects` that Events may speak of too; an apiVersion other than that row's is in the body. `gone` and `at` are whole
 * seconds; `key` is `hashText` of what makes two reports the same change.
 */
export const objectsFormat = `
CREATE TABLE object_states (object INTEGER PRIMARY KEY, gone INTEGER, body BLOB NOT NULL);
CREATE INDEX object_states_by_end ON object_states (gone) WHERE gone IS NOT NULL;

CREATE TABLE object_changes (
  id INTEGER PRIMARY KEY,
  object INTEGER NOT NULL,
  key INTEGER NOT NULL,
  at INTEGER NOT NULL,
  body BLOB NOT NULL
);
CREATE INDEX object_changes_by_object ON object_changes (object, key);
CREATE INDEX object_changes_by_time ON object_changes (at);

ALTER TABLE totals ADD COLUMN objects INTEGER NOT NULL DEFAULT 0;
ALTER TABLE totals ADD COLUMN changes INTEGER NOT NULL DEFAULT 0;
`;
