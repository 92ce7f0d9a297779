import { readRecordedWatch } from '../read-recording.ts';
import type { CollectedObject } from './serve-collections.ts';

/** Every object of a recorded scenario in its last state before the scenario was cleared away: `v1.36/b-bad-image`. */
export function readRecordedObjects(scenario: string): CollectedObject[] {
  const latest = new Map<string, CollectedObject>();
  for (const { type, object } of readRecordedWatch(`${scenario}/objects.jsonl`)) {
    const { kind, metadata } = object as CollectedObject;
    if (kind === 'Namespace' && 'deletionTimestamp' in metadata) break;
    if (metadata?.uid === undefined) continue;
    if (type === 'DELETED') latest.delete(metadata.uid);
    else latest.set(metadata.uid, object as CollectedObject);
  }
  return [...latest.values()];
}

/** Every state of a recorded object, in order. */
export function readRecordedStates(scenario: string, kind: string): CollectedObject[] {
  return readRecordedWatch(`${scenario}/objects.jsonl`)
    .filter(({ type }) => type === 'ADDED' || type === 'MODIFIED')
    .map(({ object }) => object as CollectedObject)
    .filter((object) => object.kind === kind);
}
