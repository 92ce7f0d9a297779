import { type Micros, SECOND } from '../lib/time.ts';
import type { Change, FieldChange } from './change.ts';
import { changedPaths, compareSpecs, imagesOf } from './changes-of-spec.ts';
import type { RawObject } from './raw-object.ts';
import { readObjectId } from './read-object.ts';
import { madeAt, type Revision, readRevisions } from './read-revisions.ts';
import { type FieldWriter, findWriter, specWritersOf } from './who-changed.ts';

/** From the workload's change to what its controller keeps of it: a moment, or a few when the controller is busy. */
const CONTROLLER_TAKES = 10 * SECOND;

/**
 * What changed of a Deployment, StatefulSet or DaemonSet from revision to revision, concluded from its ReplicaSets or ControllerRevisions alone:
 * nobody needs to have listened when it did. Who did it is told where the workload's managedFields still tell.
 *
 * A rollback is a revision that had been an earlier one: it has a field `revision` beside what changed, from the revision that was left to the
 * one returned to.
 *
 * @param kept whole ReplicaSets or ControllerRevisions of any workloads; those of others are passed over
 */
export function changesOfRevisions(
  workload: RawObject,
  kept: readonly RawObject[],
  cluster: string,
): Change[] {
  const object = readObjectId(workload, cluster);
  const revisions = readRevisions(workload, kept);
  const writers = specWritersOf(workload);
  const born = [madeAt(workload), ...revisions.map((revision) => revision.madeAt)];
  // What was written before another revision was made led to that one.
  const laterThanOthers = (revision: Revision) => {
    const others = born.filter((time) => time < revision.madeAt);
    return writers.filter(({ time = 0 }) => others.every((other) => time > other));
  };
  return revisions.flatMap((revision, index): Change[] => {
    if (revision.number <= 1) return [];
    const before = revisions[index - 1];
    const previous = before?.number === revision.number - 1 ? before : undefined;
    const fields = fieldsOf(previous, revision);
    const made = findMoment(revision, previous, revisions[index + 1], laterThanOthers(revision));
    if (made === undefined || fields.length === 0) return [];
    const isNewest = index === revisions.length - 1 && previous !== undefined;
    const manager = (isNewest ? findOwner(workload, previous, revision) : '') || made.manager;
    return [{ type: 'spec-changed', object, at: made.time, resourceVersion: '', manager, fields }];
  });
}

/** Whoever owns now what the newest revision changed wrote it last. */
function findOwner(workload: RawObject, previous: Revision, revision: Revision): string {
  const paths = changedPaths(previous.workload, revision.workload);
  return findWriter(workload, workload, paths)?.manager ?? '';
}

function fieldsOf(previous: Revision | undefined, revision: Revision): FieldChange[] {
  const { number, returnsTo } = revision;
  const fields =
    previous === undefined ? imagesOf(revision.workload) : compareSpecs(previous.workload, revision.workload);
  if (returnsTo <= 0) return fields;
  return [...fields, { field: 'revision', container: '', from: String(number - 1), to: String(returnsTo) }];
}

/** When a revision began, and who began it: the write of the workload that came just before what is kept of it. */
function findMoment(
  revision: Revision,
  previous: Revision | undefined,
  next: Revision | undefined,
  writers: readonly FieldWriter[],
): Moment | undefined {
  const { returnsTo, isLatest, madeAt: made } = revision;
  if (returnsTo !== 0) return isLatest ? findReturn(revision, previous, next, writers) : undefined;
  if (made === 0) return undefined;
  return latestWriter(writers, made - CONTROLLER_TAKES, made) ?? { time: made, manager: '' };
}

/**
 * What was returned to is older than its revision: that began with a write between those before and after it, or when it was given its number.
 * Undefined when nothing of that is left.
 */
function findReturn(
  { numberedAt = 0 }: Revision,
  previous: Revision | undefined,
  next: Revision | undefined,
  writers: readonly FieldWriter[],
): Moment | undefined {
  const left = previous?.madeAt ?? 0;
  if (left === 0) return undefined;
  const after = next === undefined || next.madeAt === 0 ? Number.POSITIVE_INFINITY : next.madeAt;
  const writer = latestWriter(writers, left + SECOND, after - CONTROLLER_TAKES);
  return writer ?? (numberedAt > left && numberedAt < after ? { time: numberedAt, manager: '' } : undefined);
}

interface Moment {
  readonly time: Micros;
  readonly manager: string;
}

function latestWriter(writers: readonly FieldWriter[], from: Micros, to: Micros): Moment | undefined {
  let found: Moment | undefined;
  for (const { manager, time } of writers)
    if (time !== undefined && time >= from && time <= to && time >= (found?.time ?? 0))
      found = { time, manager };
  return found;
}
