import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRecordedWatch } from '../../../test/read-recording.ts';
import { parseEvent } from '../../events/parse-event.ts';
import type { Sighting } from '../../events/sighting.ts';
import { parseTime } from '../../lib/rfc3339.ts';
import { storeConformance } from '../conformance.ts';
import { openSqliteStore, type SqliteStore } from './open-sqlite-store.ts';

function readSightings(path: string): Sighting[] {
  return readRecordedWatch(path).map((line, index) => ({
    event: parseEvent(line.object),
    deleted: line.type === 'DELETED',
    at: parseTime(line.at) ?? index,
  }));
}

async function createStore() {
  const folder = mkdtempSync(join(tmpdir(), 'hark-store-'));
  const file = join(folder, 'events.db');
  let writer: SqliteStore;
  return {
    open: async () => {
      writer = openSqliteStore({ file, mode: 'write', followEveryMs: 1 });
      return writer;
    },
    openReader: async () => openSqliteStore({ file, mode: 'read', followEveryMs: 1 }),
    settle: async () => {
      while (writer.indexSomeTexts());
    },
    remove: async () => rmSync(folder, { recursive: true }),
  };
}

storeConformance('SQLite', createStore, [
  ...readSightings('v1.20/x-expiry/watch.jsonl'),
  ...readSightings('v1.20/b-bad-image/events-core-v1.jsonl'),
  ...readSightings('v1.36/c-crashloop/events-events.k8s.io-v1.jsonl'),
]);
