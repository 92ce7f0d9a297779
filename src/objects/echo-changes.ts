import { type MicrosLength, SECOND } from '../lib/time.ts';
import type { Change } from './change.ts';

/** From a write of a spec to what a controller makes of it: a moment, or a few seconds when it is busy. */
export const ECHO_TAKES: MicrosLength = 10 * SECOND;

/**
 * Whether a change of a spec may be the echo of another: it was concluded from what a controller made (a ReplicaSet), by nobody knows whom, and
 * dated by when that was made. Where the write itself is known, it tells nothing more.
 */
export function mayBeEcho(change: Change): boolean {
  return change.type === 'spec-changed' && change.resourceVersion === '' && change.manager === '';
}

/** Whether a change for which `mayBeEcho` holds is told by another of the same object already: one that set the same at most `ECHO_TAKES` before. */
export function isEchoOf(change: Change, other: Change): boolean {
  if (change.type !== 'spec-changed' || other.type !== 'spec-changed' || mayBeEcho(other)) return false;
  const later = Math.floor(change.at / SECOND) - Math.floor(other.at / SECOND);
  if (later < 0 || later * SECOND > ECHO_TAKES) return false;
  const set = new Set(other.fields.map(({ field, container, to }) => `${field} ${container} ${to}`));
  // Which revision it returned to is not part of the write; a write of the whole tells no fields.
  return (
    set.size === 0 ||
    change.fields.every(
      ({ field, container, to }) => field === 'revision' || set.has(`${field} ${container} ${to}`),
    )
  );
}

/** The changes without those that only echo others among them; in the same order. */
export function dropEchoes(changes: readonly Change[]): Change[] {
  if (!changes.some(mayBeEcho)) return [...changes];
  const writes = Map.groupBy(
    changes.filter((change) => change.type === 'spec-changed' && !mayBeEcho(change)),
    keyOf,
  );
  return changes.filter(
    (change) =>
      !mayBeEcho(change) || writes.get(keyOf(change))?.some((write) => isEchoOf(change, write)) !== true,
  );
}

function keyOf({ object }: Change): string {
  return `${object.cluster}/${object.uid}/${object.kind}/${object.namespace}/${object.name}`;
}
