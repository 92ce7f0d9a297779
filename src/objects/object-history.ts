import { compareResourceVersions } from '../events/resource-version.ts';
import type { Micros } from '../lib/time.ts';
import type { Change } from './change.ts';
import { changeOfEnd, changesOf } from './changes-of.ts';
import { changesOfRevisions } from './changes-of-revisions.ts';
import type { KubernetesObject } from './object.ts';
import { isRaw, listAt, type RawObject, textAt, timeAt } from './raw-object.ts';
import { readObject } from './read-object.ts';
import { findRevised, REVISION_KINDS } from './read-revisions.ts';

/** One state of an object, as a list, a watch or a dump shows it. */
export interface ObjectSighting {
  readonly object: RawObject;
  /** When it was heard of; undefined: nobody tells, as in most dumps. */
  readonly at: Micros | undefined;
  /** The API server said that it is gone. */
  readonly deleted: boolean;
}

/** What one more sighting tells. */
export interface LearnedObject {
  readonly object: KubernetesObject;
  readonly changes: readonly Change[];
}

/** Knows the latest state of each object that it was told of, so as to tell what changed. */
export interface ObjectHistory {
  /** Undefined when it is no object that can be told by name. */
  see(sighting: ObjectSighting, cluster: string): LearnedObject | undefined;
  /** What all of them together give away of the time before: what changed of a workload from one of its revisions to the next. */
  conclude(cluster: string): readonly Change[];
}

/** Reads states of objects in the order in which they are come across; a state that is older than a known one tells only of itself. */
export function openObjectHistory(): ObjectHistory {
  const latest = new Map<string, RawObject>();
  /** The latest states of those of a kind. */
  const ofKind = (kind: string, cluster: string) =>
    [...latest].flatMap(([key, object]) =>
      textAt(object, 'kind') === kind && key.startsWith(`${cluster}/`) ? [object] : [],
    );
  return {
    see({ object, at, deleted }, cluster) {
      const name = textAt(object, 'metadata', 'name');
      if (name === '') return undefined;
      const key =
        textAt(object, 'metadata', 'uid') ||
        `${textAt(object, 'kind')}/${textAt(object, 'metadata', 'namespace')}/${name}`;
      const seenAt = at ?? lastTold(object);
      const known = latest.get(`${cluster}/${key}`);
      const isOlder = known !== undefined && compareStates(object, known) < 0;
      if (!isOlder) latest.set(`${cluster}/${key}`, object);
      const changes = changesOf(isOlder ? undefined : known, object, seenAt, cluster);
      if (deleted) changes.push(changeOfEnd(object, seenAt, cluster));
      return { object: readObject(object, cluster, seenAt, deleted ? seenAt : undefined), changes };
    },
    conclude(cluster) {
      const kept = [...new Set(REVISION_KINDS.values())].flatMap((kind) => ofKind(kind, cluster));
      const byOwner = Map.groupBy(kept, (object) => findRevised(object)?.uid ?? '');
      return [...REVISION_KINDS.keys()]
        .flatMap((kind) => ofKind(kind, cluster))
        .flatMap((workload) =>
          changesOfRevisions(workload, byOwner.get(textAt(workload, 'metadata', 'uid')) ?? [], cluster),
        );
    },
  };
}

function compareStates(a: RawObject, b: RawObject): number {
  return compareResourceVersions(
    textAt(a, 'metadata', 'resourceVersion'),
    textAt(b, 'metadata', 'resourceVersion'),
  );
}

/** The latest time that an object tells of itself: it was seen then at the earliest. */
function lastTold(object: RawObject): Micros {
  const times = [
    timeAt(object, 'metadata', 'creationTimestamp'),
    ...listAt(object, 'metadata', 'managedFields').map((entry) => timeAt(entry, 'time')),
    ...listAt(object, 'status', 'conditions').flatMap((condition) =>
      ['lastTransitionTime', 'lastUpdateTime', 'lastHeartbeatTime'].map((field) => timeAt(condition, field)),
    ),
    ...['initContainerStatuses', 'containerStatuses'].flatMap((field) =>
      listAt(object, 'status', field).flatMap(timesOfContainer),
    ),
  ];
  return times.reduce<Micros>((last, time) => Math.max(last, time ?? 0), 0);
}

function timesOfContainer(status: RawObject): (Micros | undefined)[] {
  return ['state', 'lastState'].flatMap((state) => {
    const found = status[state];
    if (!isRaw(found)) return [];
    return [
      timeAt(found, 'running', 'startedAt'),
      timeAt(found, 'terminated', 'startedAt'),
      timeAt(found, 'terminated', 'finishedAt'),
    ];
  });
}
