import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRecordedWatch } from '../../../test/read-recording.ts';
import { parseEvent } from '../../events/parse-event.ts';
import type { Sighting } from '../../events/sighting.ts';
import { parseTime } from '../../lib/rfc3339.ts';
import { type LastState, trimLastState } from '../../objects/last-state.ts';
import { openObjectHistory } from '../../objects/object-history.ts';
import { isRaw, textAt } from '../../objects/raw-object.ts';
import type { RecordedStates } from '../conformance/objects-suite.ts';
import { CLUSTER } from '../conformance/under-test.ts';
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

/** Every state that was recorded, and what changed from one to the next. */
function readStates(paths: readonly string[]): RecordedStates {
  const history = openObjectHistory();
  const seen = paths.flatMap(readRecordedWatch).flatMap(({ object, type, at }) => {
    if (!isRaw(object)) return [];
    return history.see({ object, at: parseTime(at), deleted: type === 'DELETED' }, CLUSTER.uid) ?? [];
  });
  return { objects: seen.map(({ object }) => object), changes: seen.flatMap(({ changes }) => changes) };
}

/** Each object that runs things, as it was when it was deleted. */
function readLastStates(paths: readonly string[]): LastState[] {
  return paths.flatMap(readRecordedWatch).flatMap(({ object, type }) => {
    if (type !== 'DELETED' || !isRaw(object) || !KINDS.has(textAt(object, 'kind'))) return [];
    return [{ cluster: CLUSTER.uid, object: trimLastState(object) }];
  });
}
const KINDS: ReadonlySet<string> = new Set(['Pod', 'ReplicaSet', 'Deployment', 'Job']);

storeConformance(
  'SQLite',
  createStore,
  [
    ...readSightings('v1.20/x-expiry/watch.jsonl'),
    ...readSightings('v1.20/b-bad-image/events-core-v1.jsonl'),
    ...readSightings('v1.36/c-crashloop/events-events.k8s.io-v1.jsonl'),
  ],
  readStates([
    'v1.20/n-node-notready/objects.jsonl',
    'v1.36/g-jobs/objects.jsonl',
    'v1.36/c-crashloop/objects.jsonl',
    'v1.36/z-mixed-all-namespaces/objects.jsonl',
  ]),
  readLastStates(['v1.36/g-jobs/objects.jsonl', 'v1.36/c-crashloop/objects.jsonl']),
);
