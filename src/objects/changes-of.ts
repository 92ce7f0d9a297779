import { type Micros, SECOND } from '../lib/time.ts';
import type { Change, FieldChange } from './change.ts';
import { changesOfConditions, withinSecond } from './changes-of-conditions.ts';
import { changesOfContainers } from './changes-of-pod.ts';
import { changedPaths, compareSpecs, imagesOf, RESTARTED, sortFields } from './changes-of-spec.ts';
import type { ObjectId } from './object.ts';
import { at, isRaw, listAt, numberAt, type RawObject, textAt, timeAt, versionHeard } from './raw-object.ts';
import { readObjectId } from './read-object.ts';
import { findLastWriter, findMaker, findWriter, freshWriters, pathsOf } from './who-changed.ts';

/** Kinds that hold data rather than a spec: of these only the names of the keys are told. */
const HOLDERS: ReadonlySet<string> = new Set(['ConfigMap', 'Secret']);
/** Kinds that have no spec, but what people change beside their metadata. */
const WITHOUT_SPEC: ReadonlySet<string> = new Set([
  'Role',
  'ClusterRole',
  'RoleBinding',
  'ClusterRoleBinding',
  'ServiceAccount',
  'StorageClass',
  'PriorityClass',
  'RuntimeClass',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
]);

/**
 * What changed between two states of one object, as a watch or two lists show them: made, asked to go, its spec changed and by whom, its
 * containers ended, its conditions flipped. Works on whole objects and, with less to tell, on metadata alone.
 *
 * @param previous the state before, if one was seen (of the same uid)
 * @param next the state after
 * @param heardAt when the state after was heard of
 */
export function changesOf(
  previous: RawObject | undefined,
  next: RawObject,
  heardAt: Micros,
  cluster: string,
): Change[] {
  const object = readObjectId(next, cluster);
  const changes: Change[] = [];
  if (previous === undefined) changes.push(...changesOfBirth(next, object, heardAt));
  changes.push(
    ...changesOfSpec(previous, next, object, heardAt),
    ...changesOfDeletion(previous, next, object, heardAt),
  );
  if (object.kind === 'Pod') changes.push(...changesOfContainers(previous, next, object, heardAt));
  changes.push(...changesOfConditions(previous, next, object, heardAt));
  return changes;
}

/** That an object is gone. */
export function changeOfEnd(last: RawObject, heardAt: Micros, cluster: string): Change {
  return {
    type: 'deleted',
    object: readObjectId(last, cluster),
    at: heardAt,
    resourceVersion: textAt(last, 'metadata', 'resourceVersion'),
  };
}

function changesOfBirth(next: RawObject, object: ObjectId, heardAt: Micros): Change[] {
  const created = timeAt(next, 'metadata', 'creationTimestamp');
  if (created === undefined) return [];
  const isJustMade = (numberAt(next, 'metadata', 'generation') ?? 1) === 1;
  const resourceVersion =
    isJustMade && heardAt < created + SECOND ? textAt(next, 'metadata', 'resourceVersion') : '';
  return [
    {
      type: 'created',
      object,
      at: withinSecond(created, heardAt),
      resourceVersion,
      manager: findMaker(next),
      fields: isJustMade ? imagesOf(next) : [],
    },
  ];
}

function changesOfDeletion(
  previous: RawObject | undefined,
  next: RawObject,
  object: ObjectId,
  heardAt: Micros,
): Change[] {
  const due = timeAt(next, 'metadata', 'deletionTimestamp');
  if (due === undefined || timeAt(previous, 'metadata', 'deletionTimestamp') !== undefined) return [];
  const grace = numberAt(next, 'metadata', 'deletionGracePeriodSeconds') ?? 0;
  return [
    {
      type: 'deleting',
      object,
      at: withinSecond(due - grace * SECOND, heardAt),
      resourceVersion: versionHeard(previous, next),
    },
  ];
}

function changesOfSpec(
  was: RawObject | undefined,
  is: RawObject,
  object: ObjectId,
  heardAt: Micros,
): Change[] {
  // Only ever numbered anew, by what its workload is changed back to.
  if (object.kind === 'ControllerRevision') return [];
  if (HOLDERS.has(object.kind)) return changesOfContent(was, is, object, heardAt);
  if (was === undefined) return changeBeforeSeen(is, object);
  const [previous, next] = WITHOUT_SPEC.has(object.kind) ? [withSpec(was), withSpec(is)] : [was, is];
  if (!isSpecChanged(previous, next)) return [];
  const hasSpecs = at(previous, 'spec') !== undefined && at(next, 'spec') !== undefined;
  const writer = findWriter(previous, next, hasSpecs ? changedPaths(previous, next) : []);
  const fields = hasSpecs ? compareSpecs(previous, next) : newPaths(previous, next);
  if (hasSpecs && fields.length === 0) return [];
  return [
    {
      type: 'spec-changed',
      object,
      at: withinSecond(writer?.time, heardAt),
      resourceVersion: textAt(next, 'metadata', 'resourceVersion'),
      manager: writer?.manager ?? '',
      fields,
    },
  ];
}

/** What an object without a spec has beside its metadata, as if it were its spec; none where only the metadata is known. */
function withSpec(object: RawObject): RawObject {
  const { apiVersion, kind, metadata, ...body } = object;
  return Object.keys(body).length === 0 ? object : { apiVersion, kind, metadata, spec: body };
}

/** The API server counts the changes of a spec as generations, of kinds that keep them; of others metadata alone tells who wrote. */
function isSpecChanged(previous: RawObject, next: RawObject): boolean {
  const [before, after] = [
    numberAt(previous, 'metadata', 'generation'),
    numberAt(next, 'metadata', 'generation'),
  ];
  if (before !== undefined && after !== undefined) return after > before;
  if (at(previous, 'spec') === undefined && at(next, 'spec') === undefined)
    return findWriter(previous, next) !== undefined;
  return JSON.stringify(at(previous, 'spec')) !== JSON.stringify(at(next, 'spec'));
}

/** Of an object first seen after its spec had been changed: who changed it last, and which fields that one owns. */
function changeBeforeSeen(next: RawObject, object: ObjectId): Change[] {
  const generation = numberAt(next, 'metadata', 'generation') ?? 1;
  const writer = findLastWriter(next);
  const created = timeAt(next, 'metadata', 'creationTimestamp');
  if (generation <= 1 || writer?.time === undefined || created === undefined || writer.time <= created)
    return [];
  const fields = fieldsOf(next, writer.manager, writer.time);
  return [
    { type: 'spec-changed', object, at: writer.time, resourceVersion: '', manager: writer.manager, fields },
  ];
}

function fieldsOf(next: RawObject, manager: string, time: Micros): FieldChange[] {
  const entry = listAt(next, 'metadata', 'managedFields').find(
    (each) =>
      textAt(each, 'manager') === manager &&
      timeAt(each, 'time') === time &&
      at(each, 'fieldsV1', 'f:spec') !== undefined,
  );
  return describePaths(pathsOf(at(entry, 'fieldsV1', 'f:spec')));
}

function newPaths(previous: RawObject, next: RawObject): FieldChange[] {
  const before = new Set(listAt(previous, 'metadata', 'managedFields').map((entry) => JSON.stringify(entry)));
  const fresh = listAt(next, 'metadata', 'managedFields').filter(
    (entry) => !before.has(JSON.stringify(entry)),
  );
  return describePaths(fresh.flatMap((entry) => pathsOf(at(entry, 'fieldsV1', 'f:spec'))));
}

/** Names of fields that someone owns; when these are many, someone applied the whole. */
function describePaths(paths: readonly string[]): FieldChange[] {
  const unique = [...new Set(paths.map((path) => (path.endsWith(RESTARTED) ? 'restarted' : path)))];
  return unique.length > 4
    ? []
    : sortFields(unique.map((field) => ({ field, container: '', from: '', to: '' })));
}

function changesOfContent(
  previous: RawObject | undefined,
  next: RawObject,
  object: ObjectId,
  heardAt: Micros,
): Change[] {
  const resourceVersion = textAt(next, 'metadata', 'resourceVersion');
  if (previous === undefined || textAt(previous, 'metadata', 'resourceVersion') === resourceVersion)
    return [];
  const writer = findWriter(previous, next);
  if (writer === undefined && !isDataChanged(previous, next)) return [];
  const keys = keysOf(previous, next);
  return [
    {
      type: 'content-changed',
      object,
      at: withinSecond(writer?.time, heardAt),
      resourceVersion,
      manager: writer?.manager ?? '',
      keys,
    },
  ];
}

function isDataChanged(previous: RawObject, next: RawObject): boolean {
  return ['data', 'binaryData'].some(
    (field) => JSON.stringify(at(previous, field)) !== JSON.stringify(at(next, field)),
  );
}

/** Names of the keys that came, went or changed, by the data where it is given, else those that whoever wrote it owns. */
function keysOf(previous: RawObject, next: RawObject): string[] {
  const keys = new Set<string>();
  for (const field of ['data', 'binaryData']) {
    const [before, after] = [at(previous, field), at(next, field)];
    for (const key of Object.keys({ ...(isRaw(before) ? before : {}), ...(isRaw(after) ? after : {}) }))
      if (JSON.stringify(at(before, key)) !== JSON.stringify(at(after, key))) keys.add(key);
  }
  if (keys.size > 0) return [...keys].sort();
  const written = ownedKeys(freshWriters(previous, next));
  return written.length > 0 ? written : ownedKeys(listAt(next, 'metadata', 'managedFields'));
}

function ownedKeys(entries: readonly RawObject[]): string[] {
  const keys = entries.flatMap((entry) =>
    ['f:data', 'f:binaryData', 'f:stringData'].flatMap((field) => pathsOf(at(entry, 'fieldsV1', field))),
  );
  return [...new Set(keys)].sort();
}
