import { parseTime } from '../src/lib/rfc3339.ts';
import type { Change } from '../src/objects/change.ts';
import { changeOfEnd, changesOf } from '../src/objects/changes-of.ts';
import type { KubernetesObject } from '../src/objects/object.ts';
import { isRaw, type RawObject, textAt } from '../src/objects/raw-object.ts';
import { readObject } from '../src/objects/read-object.ts';
import { hasRecording, readRecordedWatch } from './read-recording.ts';

export interface RecordedObjects {
  readonly objects: readonly KubernetesObject[];
  readonly changes: readonly Change[];
}

/** The objects of a recorded watch as last seen, and all that changed of them. Nothing when there is no such recording. */
export function readObjects(path: string, cluster = 'recorded'): RecordedObjects {
  const objects = new Map<string, KubernetesObject>();
  const changes: Change[] = [];
  const seen = new Map<string, RawObject>();
  for (const { object, type, at } of hasRecording(path) ? readRecordedWatch(path) : []) {
    if (!isRaw(object) || textAt(object, 'metadata', 'uid') === '') continue;
    const uid = textAt(object, 'metadata', 'uid');
    const heardAt = parseTime(at) ?? 0;
    changes.push(...changesOf(seen.get(uid), object, heardAt, cluster));
    seen.set(uid, object);
    const isGone = type === 'DELETED';
    if (isGone) changes.push(changeOfEnd(object, heardAt, cluster));
    objects.set(uid, readObject(object, cluster, heardAt, isGone ? heardAt : undefined));
  }
  return { objects: [...objects.values()], changes };
}
