import type { RecordedEvent } from '../events/event.ts';

/** The Events of one name, told apart by the object they speak of. */
export interface SplitEvents {
  /** Of the object itself, and those that do not say of which object of that name. */
  readonly own: readonly RecordedEvent[];
  /** Of other objects of the same name: earlier ones, deleted since. */
  readonly others: readonly RecordedEvent[];
}

/**
 * Tells the Events of an object from those of another one that had the same name before it.
 *
 * A Node's uid is written in three ways: its own, its name (Kubernetes 1.20's kubelet), none (1.36's).
 *
 * @param events of one kind, namespace and name, in time order
 * @param uids the object's own (a mirror Pod has two); when undefined, the uid of the newest Event that names one
 */
export function splitByUid(
  events: readonly RecordedEvent[],
  uids: readonly string[] | undefined,
): SplitEvents {
  const newest = events.findLast(({ event }) => !isVague(event.involvedObject))?.event.involvedObject.uid;
  const own = uids ?? (newest === undefined ? [] : [newest]);
  const belongs = ({ event: { involvedObject } }: RecordedEvent) =>
    isVague(involvedObject) || own.includes(involvedObject.uid);
  return { own: events.filter(belongs), others: events.filter((record) => !belongs(record)) };
}

function isVague({ kind, name, uid }: RecordedEvent['event']['involvedObject']): boolean {
  return uid === '' || (kind === 'Node' && uid === name);
}
