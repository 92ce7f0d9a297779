import type { RecordedEvent } from '../src/events/event.ts';
import { identify } from '../src/events/identity.ts';
import { mergeSighting } from '../src/events/merge-records.ts';
import { parseEvent } from '../src/events/parse-event.ts';
import { isWireObject } from '../src/events/wire-form.ts';
import { parseTime } from '../src/lib/rfc3339.ts';
import type { Micros } from '../src/lib/time.ts';
import { hasRecording, readRecordedWatch } from './read-recording.ts';

/**
 * Every Event of a recorded watch with all its repeats, as a listener that missed nothing would have recorded them.
 *
 * @param until leave out what arrived later
 */
export function readRecord(
  path: string,
  cluster = 'recorded',
  until: Micros = Number.POSITIVE_INFINITY,
): RecordedEvent[] {
  const records = new Map<string, RecordedEvent>();
  for (const line of readRecordedWatch(path)) {
    if (
      line.type === 'BOOKMARK' ||
      !isWireObject(line.object) ||
      !('involvedObject' in line.object || 'regarding' in line.object)
    )
      continue;
    const event = parseEvent(line.object);
    const key = identify(event);
    const at = parseTime(line.at) ?? 0;
    if (at > until) continue;
    records.set(
      key,
      mergeSighting(records.get(key), cluster, { event, deleted: line.type === 'DELETED', at }),
    );
  }
  return [...records.values()];
}

/** All recorded Events of a scenario, those of its Nodes included, which live in the namespace `default`. */
export function readScenario(scenario: string, until?: Micros): RecordedEvent[] {
  const nodes = `${scenario}/default-ns/events-core-v1.jsonl`;
  const own = readRecord(`${scenario}/events-core-v1.jsonl`, 'recorded', until);
  return hasRecording(nodes) ? [...own, ...readRecord(nodes, 'recorded', until)] : own;
}

/** The record as it was at a time. */
export function cutAt(records: readonly RecordedEvent[], until: number): RecordedEvent[] {
  return records
    .map((record) => ({ ...record, occurrences: record.occurrences.filter(({ at }) => at <= until) }))
    .filter(({ occurrences }) => occurrences.length > 0);
}
