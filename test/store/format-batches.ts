import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import {
  isChangeLine,
  isStateLine,
  parseChangeLine,
  parseStateLine,
} from '../../src/dumps/hark-export-objects.ts';
import { SECOND } from '../../src/lib/time.ts';
import { type LastState, trimLastState } from '../../src/objects/last-state.ts';
import { isRaw, textAt } from '../../src/objects/raw-object.ts';
import type { RecordBatch } from '../../src/store/store.ts';
import { readRecordedWatch } from '../read-recording.ts';
import { CLUSTER, readSightings } from './batches.ts';

const recorded = [
  ...readSightings('v1.20/x-expiry/watch.jsonl').slice(0, 60),
  ...readSightings('v1.36/c-crashloop/events-core-v1.jsonl').slice(0, 120),
  ...readSightings('v1.36/d-unschedulable/events-events.k8s.io-v1.jsonl').slice(0, 40),
];

/** One of them repeats so often that its older repeats are stored apart. */
const repeats = Array.from({ length: 60 }, (_, index) => {
  const [sighting] = recorded;
  if (sighting === undefined) throw new Error('nothing was recorded');
  const { event } = sighting;
  const lastTimestamp = (event.lastTimestamp ?? 0) + (index + 1) * 15 * SECOND;
  const count = event.count + index + 1;
  return { ...sighting, event: { ...event, count, lastTimestamp } };
});

/** What the stores in `formats/` hold. Never changes: they were written by the Hark of their time. */
export const FORMAT_BATCHES: readonly RecordBatch[] = [recorded, repeats].map((sightings, index) => ({
  cluster: CLUSTER,
  sightings,
  coverage: [{ namespace: '', to: index + 1, ...(index === 0 ? { from: 0 } : {}) }],
}));

/** What the stores of format 2 and later hold of objects, as recorded; never changes either. */
export const FORMAT_OBJECTS = readExported('format-objects.jsonl.gz');

/** What the stores of format 4 and later hold of what objects were last, as recorded; never changes either. */
export const FORMAT_LAST_STATES: readonly LastState[] = readRecordedWatch(
  'v1.36/c-crashloop/objects.jsonl',
).flatMap(({ object, type }) =>
  type === 'DELETED' && isRaw(object) && ['Pod', 'ReplicaSet'].includes(textAt(object, 'kind'))
    ? [{ cluster: CLUSTER.uid, object: trimLastState(object) }]
    : [],
);

function readExported(name: string): Required<Pick<RecordBatch, 'objects' | 'changes'>> {
  const path = fileURLToPath(new URL(name, import.meta.url));
  const lines = gunzipSync(readFileSync(path))
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  return {
    objects: lines.filter(isStateLine).map(parseStateLine),
    changes: lines.filter(isChangeLine).map(parseChangeLine),
  };
}
