import { type Micros, SECOND } from '../lib/time.ts';
import type { Change } from './change.ts';
import type { ObjectId } from './object.ts';
import { listAt, type RawObject, at as rawAt, textAt, timeAt, versionHeard } from './raw-object.ts';

/** The conditions that are told of, by kind; of other kinds `Ready`, which add-ons agree on. */
const TOLD: Readonly<Record<string, readonly string[]>> = {
  Pod: ['Ready', 'DisruptionTarget'],
  Node: ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure', 'NetworkUnavailable'],
  Deployment: ['Available', 'Progressing', 'ReplicaFailure'],
  ReplicaSet: ['ReplicaFailure'],
  Job: ['Complete', 'Failed', 'Suspended'],
  HorizontalPodAutoscaler: ['AbleToScale', 'ScalingActive'],
};
const OF_OTHERS = ['Ready'];

/**
 * Which conditions of an object changed between two states of it. A claim's being bound counts as one.
 *
 * Of an object that is seen for the first time each condition is told with the time that it tells of itself, and not at all when it tells none.
 */
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
  const heard: Heard = { object, heardAt, resourceVersion: versionHeard(previous, next) };
  const changes = listAt(next, 'status', 'conditions')
    .filter((condition) => told.includes(textAt(condition, 'type')))
    .flatMap((condition) =>
      previous === undefined
        ? concludeFrom(condition, heard)
        : compareConditions(before.get(textAt(condition, 'type')), condition, heard),
    );
  if (object.kind === 'PersistentVolumeClaim') changes.push(...changesOfPhase(previous, next, heard));
  return changes;
}

/** What each change has of the state that told of it. */
interface Heard {
  readonly object: ObjectId;
  readonly heardAt: Micros;
  /** Empty when that was the first state seen. */
  readonly resourceVersion: string;
}

type ConditionChange = Extract<Change, { type: 'condition-changed' }>;

function compareConditions(
  was: RawObject | undefined,
  condition: RawObject,
  heard: Heard,
): ConditionChange[] {
  const [from, to] = [textAt(was, 'status'), textAt(condition, 'status')];
  const time = timeAt(condition, 'lastTransitionTime');
  if (from !== to) return [tell(condition, heard, withinSecond(time, heard.heardAt), from)];
  const before = timeAt(was, 'lastTransitionTime');
  // It changed and changed back unheard. Add-ons are known to write this time anew for no reason.
  if (before !== undefined && time !== undefined && time > before && TOLD[heard.object.kind] !== undefined)
    return [tell(condition, heard, withinSecond(time, heard.heardAt), '')];
  // A Deployment's progress is told by the reason alone.
  if (heard.object.kind !== 'Deployment' || textAt(was, 'reason') === textAt(condition, 'reason')) return [];
  return [tell(condition, heard, withinSecond(timeAt(condition, 'lastUpdateTime'), heard.heardAt), to)];
}

/** Written again and again for as long as it goes on: its last time is not when it began. */
const RENEWED = 'ReplicaSetUpdated';

/** Of a condition that is seen for the first time: when it came to be what it is, and when it was given its reason, where that was later. */
function concludeFrom(condition: RawObject, heard: Heard): ConditionChange[] {
  const [changed, updated] = [timeAt(condition, 'lastTransitionTime'), timeAt(condition, 'lastUpdateTime')];
  if (changed === undefined) return [];
  if (heard.object.kind !== 'Deployment' || updated === undefined || updated <= changed)
    return [tell(condition, heard, withinSecond(changed, heard.heardAt), '')];
  const change = { ...tell(condition, heard, changed, ''), reason: '', message: '' };
  if (textAt(condition, 'reason') === RENEWED) return [change];
  return [change, tell(condition, heard, withinSecond(updated, heard.heardAt), textAt(condition, 'status'))];
}

function tell(
  condition: RawObject,
  { object, resourceVersion }: Heard,
  at: Micros,
  from: string,
): ConditionChange {
  return {
    type: 'condition-changed',
    object,
    at,
    resourceVersion,
    condition: textAt(condition, 'type'),
    from,
    to: textAt(condition, 'status'),
    reason: textAt(condition, 'reason'),
    message: textAt(condition, 'message'),
  };
}

const BIND_COMPLETED = 'f:pv.kubernetes.io/bind-completed';

/** A claim is bound once. */
function changesOfPhase(
  previous: RawObject | undefined,
  next: RawObject,
  { object, heardAt, resourceVersion }: Heard,
): ConditionChange[] {
  const [from, to] = [textAt(previous, 'status', 'phase'), textAt(next, 'status', 'phase')];
  if (to !== 'Bound' || from === to) return [];
  const writer = listAt(next, 'metadata', 'managedFields').find(
    (entry) => rawAt(entry, 'fieldsV1', 'f:metadata', 'f:annotations', BIND_COMPLETED) !== undefined,
  );
  const bound = timeAt(writer, 'time');
  if (bound === undefined && previous === undefined) return [];
  return [
    {
      type: 'condition-changed',
      object,
      at: withinSecond(bound, heardAt),
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
