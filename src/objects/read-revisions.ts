import type { Micros } from '../lib/time.ts';
import { at, isRaw, listAt, numberAt, type RawObject, textAt, timeAt } from './raw-object.ts';

/** The kind of the objects by which a workload's earlier templates are kept, by the workload's kind. */
export const REVISION_KINDS: ReadonlyMap<string, string> = new Map([
  ['Deployment', 'ReplicaSet'],
  ['StatefulSet', 'ControllerRevision'],
  ['DaemonSet', 'ControllerRevision'],
]);

/** One revision that a workload had. */
export interface Revision {
  readonly number: number;
  /** The number that the same template had before; 0 when it was new, below that when nobody tells. */
  readonly returnsTo: number;
  /** Whether it is what its object stands for now, not what it once did. */
  readonly isLatest: boolean;
  /** When its object was made; 0 when nobody tells. Of a return that was long before. */
  readonly madeAt: Micros;
  /** When its object was given its number last, as far as managedFields tell. */
  readonly numberedAt: Micros | undefined;
  /** The template, as a workload of that kind has it: to be compared with another's. */
  readonly workload: RawObject;
}

const REVISION = 'deployment.kubernetes.io/revision';
const HISTORY = 'deployment.kubernetes.io/revision-history';
const TEMPLATE_HASH = 'pod-template-hash';

/** The workload that an object keeps a template of: its kind and uid; undefined when it keeps none. */
export function findRevised(object: RawObject): { readonly kind: string; readonly uid: string } | undefined {
  const owner = listAt(object, 'metadata', 'ownerReferences').find(
    (each) => REVISION_KINDS.get(textAt(each, 'kind')) === object.kind,
  );
  return owner === undefined ? undefined : { kind: textAt(owner, 'kind'), uid: textAt(owner, 'uid') };
}

/**
 * Every revision that a workload had, as far as its ReplicaSets or ControllerRevisions tell, in order.
 *
 * @param kept objects of any workloads; those of others are passed over
 */
export function readRevisions(workload: RawObject, kept: readonly RawObject[]): Revision[] {
  const uid = textAt(workload, 'metadata', 'uid');
  const own = kept.filter((object) => findRevised(object)?.uid === uid);
  const revisions = workload.kind === 'Deployment' ? own.flatMap(ofReplicaSet) : ofControllerRevisions(own);
  return revisions.sort((a, b) => a.number - b.number);
}

/** A ReplicaSet notes every number that it had. */
function ofReplicaSet(replicaSet: RawObject): Revision[] {
  const earlier = textAt(replicaSet, 'metadata', 'annotations', HISTORY).split(',').map(Number);
  const latest = Number(textAt(replicaSet, 'metadata', 'annotations', REVISION));
  const numbers = [...earlier, latest].filter((number) => number > 0).sort((a, b) => a - b);
  return numbered(numbers, {
    madeAt: madeAt(replicaSet),
    numberedAt: writtenAt(replicaSet, ['f:metadata', 'f:annotations', `f:${REVISION}`]),
    workload: withTemplate('Deployment', at(replicaSet, 'spec', 'template')),
  });
}

/** A ControllerRevision keeps its latest number only. */
function ofControllerRevisions(objects: readonly RawObject[]): Revision[] {
  return objects.flatMap((object) => {
    const number = numberOf(object);
    const earlier = findEarlier(object, objects);
    return numbered(earlier === undefined ? [number] : [earlier, number], {
      madeAt: madeAt(object),
      numberedAt: writtenAt(object, ['f:revision']),
      workload: withTemplate(findRevised(object)?.kind ?? '', at(object, 'data', 'spec', 'template')),
    });
  });
}

/**
 * The number that a ControllerRevision had before, if it was returned to: then it is older than another of a lower number, and left a gap among
 * the numbers of its time. `UNKNOWN` where there are several.
 */
function findEarlier(object: RawObject, all: readonly RawObject[]): number | undefined {
  const [number, made] = [numberOf(object), madeAt(object)];
  const lower = all.filter((other) => numberOf(other) < number);
  const younger = lower.filter((other) => madeAt(other) > made).map(numberOf);
  if (younger.length === 0) return undefined;
  const older = lower.filter((other) => madeAt(other) < made).map(numberOf);
  const first = Math.max(0, ...older.filter((each) => each < Math.min(...younger))) + 1;
  const numbers = new Set(all.map(numberOf));
  const gaps = range(first, Math.min(...younger)).filter((each) => !numbers.has(each));
  return gaps.length === 1 ? gaps[0] : UNKNOWN;
}

/** Of `returnsTo`: it had another number before, but nobody tells which. */
const UNKNOWN = -1;

function numbered(
  numbers: readonly number[],
  read: Pick<Revision, 'madeAt' | 'numberedAt' | 'workload'>,
): Revision[] {
  const latest = numbers.at(-1);
  return numbers
    .map((number, index) => ({
      ...read,
      number,
      returnsTo: numbers[index - 1] ?? 0,
      isLatest: number === latest,
    }))
    .filter(({ number }) => number > 0);
}

function numberOf(object: RawObject): number {
  return numberAt(object, 'revision') ?? 0;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
}

export function madeAt(object: RawObject): Micros {
  return timeAt(object, 'metadata', 'creationTimestamp') ?? 0;
}

/** A template that is kept, as its workload has it. */
function withTemplate(kind: string, template: unknown): RawObject {
  const { $patch: _, ...body } = asRaw(template);
  const { creationTimestamp: __, ...metadata } = asRaw(body.metadata);
  const labels = Object.entries(asRaw(metadata.labels)).filter(([name]) => name !== TEMPLATE_HASH);
  const bare = { ...body, metadata: { ...metadata, labels: Object.fromEntries(labels) } };
  return { kind, spec: { template: bare } };
}

/** When the controller last wrote a field, as far as the managedFields tell. */
function writtenAt(object: RawObject, path: readonly string[]): Micros | undefined {
  const entry = listAt(object, 'metadata', 'managedFields').find(
    (each) => at(each, 'fieldsV1', ...path) !== undefined && at(each, 'fieldsV1', 'f:status') === undefined,
  );
  return timeAt(entry, 'time');
}

function asRaw(value: unknown): RawObject {
  return isRaw(value) ? value : {};
}
