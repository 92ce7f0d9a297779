import type { Micros } from '../lib/time.ts';
import type { Change } from './change.ts';
import type { ObjectId } from './object.ts';
import { at, byName, listAt, numberAt, type RawObject, textAt, timeAt } from './raw-object.ts';

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
      changes.push(...endsOf(was, status, object, heardAt, init), ...waitingOf(was, status, object, heardAt));
    }
  }
  return changes;
}

function endsOf(
  was: RawObject | undefined,
  status: RawObject,
  object: ObjectId,
  heardAt: Micros,
  init: boolean,
): Change[] {
  const known = new Set([at(was, 'lastState', 'terminated'), at(was, 'state', 'terminated')].map(endKey));
  const ends: Change[] = [];
  for (const state of ['lastState', 'state']) {
    const terminated = at(status, state, 'terminated');
    if (terminated === undefined || terminated === null || known.has(endKey(terminated))) continue;
    known.add(endKey(terminated));
    const restarts = numberAt(status, 'restartCount') ?? 0;
    ends.push({
      type: 'container-terminated',
      object,
      at: timeAt(terminated, 'finishedAt') ?? heardAt,
      resourceVersion: '',
      container: textAt(status, 'name'),
      exitCode: numberAt(terminated, 'exitCode') ?? 0,
      signal: numberAt(terminated, 'signal') ?? 0,
      reason: textAt(terminated, 'reason'),
      message: textAt(terminated, 'message').trim(),
      startedAt: timeAt(terminated, 'startedAt'),
      restarts: state === 'state' ? restarts : Math.max(0, restarts - 1),
      init,
    });
  }
  return ends;
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
  object: ObjectId,
  heardAt: Micros,
): Change[] {
  const reason = textAt(status, 'state', 'waiting', 'reason');
  if (!TROUBLED.has(reason) || textAt(was, 'state', 'waiting', 'reason') === reason) return [];
  return [
    {
      type: 'container-waiting',
      object,
      at: heardAt,
      resourceVersion: '',
      container: textAt(status, 'name'),
      reason,
      message: textAt(status, 'state', 'waiting', 'message').trim(),
    },
  ];
}
