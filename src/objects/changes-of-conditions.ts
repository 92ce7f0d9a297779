import { type Micros, SECOND } from '../lib/time.ts';
import type { Change } from './change.ts';
import type { ObjectId } from './object.ts';
import { listAt, type RawObject, textAt, timeAt } from './raw-object.ts';

/** The conditions that are told of, by kind; of other kinds `Ready`, which add-ons agree on. */
const TOLD: Readonly<Record<string, readonly string[]>> = {
  Pod: ['Ready'],
  Node: ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'],
  Deployment: ['Available', 'Progressing', 'ReplicaFailure'],
  ReplicaSet: ['ReplicaFailure'],
  Job: ['Complete', 'Failed', 'Suspended'],
  HorizontalPodAutoscaler: ['AbleToScale', 'ScalingActive'],
};
const OF_OTHERS = ['Ready'];

/** Which conditions of an object changed between two states of it. A claim's being bound counts as one. */
export function changesOfConditions(
  previous: RawObject | undefined,
  next: RawObject,
  object: ObjectId,
  heardAt: Micros,
): Change[] {
  const told = TOLD[object.kind] ?? OF_OTHERS;
  const before = new Map(
    listAt(previous, 'status', 'conditions').map((condition) => [textAt(condition, 'type'), condition]),
  );
  const changes: Change[] = [];
  for (const condition of listAt(next, 'status', 'conditions')) {
    const type = textAt(condition, 'type');
    const was = before.get(type);
    const [from, to] = [textAt(was, 'status'), textAt(condition, 'status')];
    const isNewReason = object.kind === 'Deployment' && textAt(was, 'reason') !== textAt(condition, 'reason');
    if (!told.includes(type) || (from === to && !isNewReason)) continue;
    const at = from === to ? heardAt : withinSecond(timeAt(condition, 'lastTransitionTime'), heardAt);
    changes.push({
      type: 'condition-changed',
      object,
      at,
      resourceVersion: textAt(next, 'metadata', 'resourceVersion'),
      condition: type,
      from,
      to,
      reason: textAt(condition, 'reason'),
      message: textAt(condition, 'message'),
    });
  }
  return object.kind === 'PersistentVolumeClaim'
    ? [...changes, ...changesOfPhase(previous, next, object, heardAt)]
    : changes;
}

function changesOfPhase(
  previous: RawObject | undefined,
  next: RawObject,
  object: ObjectId,
  heardAt: Micros,
): Change[] {
  const [from, to] = [textAt(previous, 'status', 'phase'), textAt(next, 'status', 'phase')];
  if (to !== 'Bound' || from === to) return [];
  const resourceVersion = textAt(next, 'metadata', 'resourceVersion');
  return [
    {
      type: 'condition-changed',
      object,
      at: heardAt,
      resourceVersion,
      condition: 'Bound',
      from: '',
      to: 'True',
      reason: '',
      message: '',
    },
  ];
}

/** A time cut to whole seconds, made more precise by when it was heard of where that was within that second. */
export function withinSecond(time: Micros | undefined, heardAt: Micros): Micros {
  if (time === undefined) return heardAt;
  return heardAt >= time && heardAt < time + SECOND ? heardAt : time;
}
