import { parseEvent } from '../../src/events/parse-event.ts';
import type { ClusterInfo } from '../../src/events/query.ts';
import type { Sighting } from '../../src/events/sighting.ts';
import { parseTime } from '../../src/lib/rfc3339.ts';
import { SECOND } from '../../src/lib/time.ts';
import type { Change } from '../../src/objects/change.ts';
import type { KubernetesObject } from '../../src/objects/object.ts';
import type { RecordBatch } from '../../src/store/store.ts';
import { readRecordedWatch } from '../read-recording.ts';

export const CLUSTER: ClusterInfo = { uid: 'c-1', name: 'tried', version: 'v1.20.2' };

/** What was heard in a recorded watch. */
export function readSightings(path: string): Sighting[] {
  return readRecordedWatch(path).map((line, index) => ({
    event: parseEvent(line.object),
    deleted: line.type === 'DELETED',
    at: parseTime(line.at) ?? index,
  }));
}

/** An object that batch n tells of. */
function makeObject(n: number): KubernetesObject {
  const id = {
    cluster: CLUSTER.uid,
    apiVersion: 'v1',
    kind: 'Pod',
    namespace: 'shop',
    name: `web-${n}`,
    uid: `u-${n}`,
  };
  return {
    ...id,
    owners: [],
    uses: [],
    createdAt: n * SECOND,
    deletedAt: undefined,
    seenAt: n * SECOND,
    inferred: false,
  };
}

function makeChange(n: number): Change {
  const { cluster, apiVersion, kind, namespace, name, uid } = makeObject(n);
  const object = { cluster, apiVersion, kind, namespace, name, uid };
  return { type: 'created', object, at: n * SECOND, resourceVersion: `${n}`, manager: `by-${n}`, fields: [] };
}

/**
 * Batches without end, the same every time: a recorded watch over and over, each round under names of its own. Batch n is covered up to n, and
 * tells of an object of its own and that it was created, n seconds after the beginning of time.
 */
export function* makeBatches(
  path = 'v1.20/b-bad-image/events-core-v1.jsonl',
  size = 16,
): Generator<RecordBatch> {
  const sightings = readSightings(path);
  for (let n = 1, at = 0; ; n++, at += size) {
    const round = Math.floor(at / sightings.length);
    const part = sightings.slice(at % sightings.length, (at % sightings.length) + size);
    yield {
      cluster: CLUSTER,
      sightings: part.map((sighting) => ({
        ...sighting,
        event: { ...sighting.event, name: `${round}-${sighting.event.name}` },
      })),
      coverage: [{ namespace: '', to: n, ...(n === 1 ? { from: 0 } : {}) }],
      objects: [makeObject(n)],
      changes: [makeChange(n)],
    };
  }
}
