import { type Micros, SECOND } from '../lib/time.ts';
import type { Change, FieldChange } from './change.ts';
import { changedPaths, compareSpecs, imagesOf } from './changes-of-spec.ts';
import { at, isRaw, listAt, type RawObject, textAt, timeAt } from './raw-object.ts';
import { readObjectId } from './read-object.ts';
import { type FieldWriter, findWriter, specWritersOf } from './who-changed.ts';

const REVISION = 'deployment.kubernetes.io/revision';
const HISTORY = 'deployment.kubernetes.io/revision-history';
const TEMPLATE_HASH = 'pod-template-hash';

/** From the Deployment's change to the ReplicaSet that its controller makes for it: a moment, or a few when the controller is busy. */
const CONTROLLER_TAKES = 10 * SECOND;

/**
 * What changed of a Deployment from revision to revision, concluded from its ReplicaSets alone: nobody needs to have listened when it did. Who
 * did it is told where the Deployment's managedFields still tell.
 *
 * A rollback is a revision whose ReplicaSet had been an earlier one: it has a field `revision` beside what changed, from the revision that was
 * left to the one returned to.
 *
 * @param replicaSets whole ones of any Deployments; those of others are passed over
 */
export function changesOfRevisions(
  deployment: RawObject,
  replicaSets: readonly RawObject[],
  cluster: string,
): Change[] {
  const object = { ...readObjectId(deployment, cluster), kind: 'Deployment' };
  const revisions = readRevisions(replicaSets.filter((replicaSet) => isOf(replicaSet, object.uid)));
  const writers = specWritersOf(deployment);
  const born = [deployment, ...revisions.map(({ replicaSet }) => replicaSet)].map(madeAt);
  // What was written before another ReplicaSet was made led to that one.
  const laterThanOthers = ({ replicaSet }: Revision) => {
    const others = born.filter((time) => time < madeAt(replicaSet));
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
    const manager = (isNewest ? findOwner(deployment, previous, revision) : '') || made.manager;
    return [{ type: 'spec-changed', object, at: made.time, resourceVersion: '', manager, fields }];
  });
}

function madeAt(object: RawObject): Micros {
  return timeAt(object, 'metadata', 'creationTimestamp') ?? 0;
}

/** Whoever owns now what the newest revision changed wrote it last. */
function findOwner(deployment: RawObject, previous: Revision, { replicaSet }: Revision): string {
  const paths = changedPaths(templateOf(previous.replicaSet), templateOf(replicaSet));
  return findWriter(deployment, deployment, paths)?.manager ?? '';
}

interface Revision {
  readonly number: number;
  /** The number the same ReplicaSet had before; 0 when it was made for this one. */
  readonly returnsTo: number;
  /** Whether it is what the ReplicaSet is now, not what it once was. */
  readonly isLatest: boolean;
  readonly replicaSet: RawObject;
}

function isOf(replicaSet: RawObject, uid: string): boolean {
  return listAt(replicaSet, 'metadata', 'ownerReferences').some((owner) => textAt(owner, 'uid') === uid);
}

/** Every revision that a ReplicaSet is or was, in order. */
function readRevisions(replicaSets: readonly RawObject[]): Revision[] {
  const revisions = replicaSets.flatMap((replicaSet): Revision[] => {
    const earlier = textAt(replicaSet, 'metadata', 'annotations', HISTORY).split(',').map(Number);
    const latest = Number(textAt(replicaSet, 'metadata', 'annotations', REVISION));
    const numbers = [...earlier, latest].filter((number) => number > 0).sort((a, b) => a - b);
    return numbers.map((number, index) => {
      const returnsTo = numbers[index - 1] ?? 0;
      return { number, returnsTo, isLatest: number === latest, replicaSet };
    });
  });
  return revisions.sort((a, b) => a.number - b.number);
}

function fieldsOf(
  previous: Revision | undefined,
  { number, returnsTo, replicaSet }: Revision,
): FieldChange[] {
  const next = templateOf(replicaSet);
  const fields =
    previous === undefined ? imagesOf(next) : compareSpecs(templateOf(previous.replicaSet), next);
  if (returnsTo === 0) return fields;
  return [...fields, { field: 'revision', container: '', from: String(number - 1), to: String(returnsTo) }];
}

/** A ReplicaSet's template as its Deployment has it. */
function templateOf(replicaSet: RawObject): RawObject {
  const template = at(replicaSet, 'spec', 'template');
  const metadata = at(template, 'metadata');
  const labels = Object.entries(asRaw(at(metadata, 'labels'))).filter(([name]) => name !== TEMPLATE_HASH);
  const bare = { ...asRaw(template), metadata: { ...asRaw(metadata), labels: Object.fromEntries(labels) } };
  return { kind: 'Deployment', spec: { template: bare } };
}

function asRaw(value: unknown): RawObject {
  return isRaw(value) ? value : {};
}

/** When a revision began, and who began it: the write of the Deployment that came just before its ReplicaSet. */
function findMoment(
  { returnsTo, isLatest, replicaSet }: Revision,
  previous: Revision | undefined,
  next: Revision | undefined,
  writers: readonly FieldWriter[],
): Moment | undefined {
  const made = timeAt(replicaSet, 'metadata', 'creationTimestamp');
  if (returnsTo > 0) return isLatest ? findReturn(replicaSet, previous, next, writers) : undefined;
  if (made === undefined) return undefined;
  return latestWriter(writers, made - CONTROLLER_TAKES, made) ?? { time: made, manager: '' };
}

/**
 * A ReplicaSet that was returned to is older than its revision: that began with a write between those before and after it, or when the
 * ReplicaSet was given its number. Undefined when nothing of that is left.
 */
function findReturn(
  replicaSet: RawObject,
  previous: Revision | undefined,
  next: Revision | undefined,
  writers: readonly FieldWriter[],
): Moment | undefined {
  const left = timeAt(previous?.replicaSet, 'metadata', 'creationTimestamp');
  if (left === undefined) return undefined;
  const after = timeAt(next?.replicaSet, 'metadata', 'creationTimestamp') ?? Number.POSITIVE_INFINITY;
  const writer = latestWriter(writers, left + SECOND, after - CONTROLLER_TAKES);
  const numbered = timeOfNumber(replicaSet) ?? 0;
  return writer ?? (numbered > left && numbered < after ? { time: numbered, manager: '' } : undefined);
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

/** When the controller last wrote a ReplicaSet's annotations, as far as its managedFields tell. */
function timeOfNumber(replicaSet: RawObject): Micros | undefined {
  const entry = listAt(replicaSet, 'metadata', 'managedFields').find(
    (each) =>
      at(each, 'fieldsV1', 'f:metadata', 'f:annotations', `f:${REVISION}`) !== undefined &&
      at(each, 'fieldsV1', 'f:status') === undefined,
  );
  return timeAt(entry, 'time');
}
