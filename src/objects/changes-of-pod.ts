import type { Micros } from '../lib/time.ts';
import type { Change } from './change.ts';
import type { ObjectId } from './object.ts';
import { at, byName, listAt, numberAt, type RawObject, textAt, timeAt, versionHeard } from './raw-object.ts';

/** States of waiting that tell of trouble; the others belong to every start. */
const TROUBLED: ReadonlySet<string> = new Set([
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'ErrImagePull',
  'ErrImageNeverPull',
  'InvalidImageName',
  'ImageInspectError',
  'RegistryUnavailable',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
]);

/**
 * What became of a Pod's containers between two states of it: each that ended, with its exit code, and each that cannot run. A state that
 * is the first one seen tells of the last end of each container too.
 */
export function changesOfContainers(
  previous: RawObject | undefined,
  next: RawObject,
  object: ObjectId,
  heardAt: Micros,
): Change[] {
  const changes: Change[] = [];
  for (const [field, init] of [
    ['initContainerStatuses', true],
    ['containerStatuses', false],
  ] as const) {
    const before = byName(listAt(previous, 'status', field));
    for (const status of listAt(next, 'status', field)) {
      const was = before.get(textAt(status, 'name'));
      const heard = { object, heardAt, resourceVersion: versionHeard(previous, next) };
      changes.push(...endsOf(was, status, heard, init), ...waitingOf(was, status, heard));
    }
  }
  return changes;
}

/** What each change has of the state that told of it. */
interface Heard {
  readonly object: ObjectId;
  readonly heardAt: Micros;
  /** Empty when that was the first state seen. */
  readonly resourceVersion: string;
}

function endsOf(
  was: RawObject | undefined,
  status: RawObject,
  { object, heardAt, resourceVersion }: Heard,
  init: boolean,
): Change[] {
  const known = new Set([at(was, 'lastState', 'terminated'), at(was, 'state', 'terminated')].map(endKey));
  const ends: Change[] = [];
  for (const state of ['lastState', 'state']) {
    const terminated = at(status, state, 'terminated');
    if (terminated === undefined || terminated === null || known.has(endKey(terminated))) continue;
    known.add(endKey(terminated));
    ends.push({
      type: 'container-terminated',
      object,
      at: timeAt(terminated, 'finishedAt') ?? heardAt,
      resourceVersion,
      container: textAt(status, 'name'),
      exitCode: numberAt(terminated, 'exitCode') ?? 0,
      signal: numberAt(terminated, 'signal') ?? 0,
      reason: textAt(terminated, 'reason'),
      message: textAt(terminated, 'message').trim(),
      startedAt: timeAt(terminated, 'startedAt'),
      restarts: state === 'state' ? (numberAt(status, 'restartCount') ?? 0) : restartsBefore(status),
      init,
    });
  }
  return ends;
}

/** How often it had been restarted when its last run ended. A restart counts when it begins, not while the container waits for it. */
function restartsBefore(status: RawObject): number {
  const restarts = numberAt(status, 'restartCount') ?? 0;
  const now = at(status, 'state', 'terminated');
  const isOver = now !== undefined && endKey(now) === endKey(at(status, 'lastState', 'terminated'));
  return isOver || at(status, 'state', 'waiting') !== undefined ? restarts : Math.max(0, restarts - 1);
}

/** A container's run is told by its id; runtimes that could not even create it give none. */
function endKey(terminated: unknown): string {
  return terminated === undefined || terminated === null
    ? ''
    : `${textAt(terminated, 'containerID')} ${textAt(terminated, 'finishedAt')} ${numberAt(terminated, 'exitCode')}`;
}

function waitingOf(
  was: RawObject | undefined,
  status: RawObject,
  { object, heardAt, resourceVersion }: Heard,
): Change[] {
  const reason = textAt(status, 'state', 'waiting', 'reason');
  const after = lastEndOf(status);
  const isNew = textAt(was, 'state', 'waiting', 'reason') !== reason || lastEndOf(was) !== after;
  if (!TROUBLED.has(reason) || !isNew) return [];
  return [
    {
      type: 'container-waiting',
      object,
      // Since when is not told. Seen first in this state, it may have been long: since its last run ended at the earliest.
      at: resourceVersion === '' ? (after ?? heardAt) : heardAt,
      resourceVersion,
      container: textAt(status, 'name'),
      reason,
      message: textAt(status, 'state', 'waiting', 'message').trim(),
      after,
    },
  ];
}

function lastEndOf(status: RawObject | undefined): Micros | undefined {
  return timeAt(status, 'lastState', 'terminated', 'finishedAt');
}
