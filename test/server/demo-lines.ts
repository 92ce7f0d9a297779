import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parseEvent } from '../../src/events/parse-event.ts';
import { parseTime } from '../../src/lib/rfc3339.ts';
import type { RecordBatch } from '../../src/store/store.ts';
import { CLUSTER } from '../store/batches.ts';

const FILE = new URL('../../demo/cluster.jsonl.gz', import.meta.url);

/** The recorded cluster of `demo/`, as a listener would have stored it, watched from its first line to its last. */
export const DEMO_LINES: RecordBatch = readDemo();

function readDemo(): RecordBatch {
  const lines = gunzipSync(readFileSync(FILE))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { at: string; watch: { type: string; object: object } });
  const events = lines.filter(({ watch }) => 'involvedObject' in watch.object);
  const sightings = events.map(({ at, watch }) => ({
    event: parseEvent(watch.object),
    deleted: watch.type === 'DELETED',
    at: parseTime(at) ?? 0,
  }));
  const [from = 0, to = 0] = [sightings[0]?.at, sightings.at(-1)?.at];
  return { cluster: CLUSTER, sightings, coverage: [{ namespace: '', from, to, close: true }] };
}
