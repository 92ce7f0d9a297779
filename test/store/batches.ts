import { parseEvent } from '../../src/events/parse-event.ts';
import type { ClusterInfo } from '../../src/events/query.ts';
import type { Sighting } from '../../src/events/sighting.ts';
import { parseTime } from '../../src/lib/rfc3339.ts';
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

/** Batches without end, the same every time: a recorded watch over and over, each round under names of its own. Batch n is covered up to n. */
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
    };
  }
}
