import { compareText } from '../events/compare-events.ts';
import type { FieldChange } from './change.ts';
import { at, byName, isRaw, listAt, type RawObject, textAt } from './raw-object.ts';
import { podSpecOf } from './read-uses.ts';

/** Fields of which the values may be told: short, and never secret. */
const TOLD: readonly string[] = [
  'replicas',
  'schedule',
  'suspend',
  'paused',
  'unschedulable',
  'parallelism',
  'completions',
  'backoffLimit',
  'minReplicas',
  'maxReplicas',
  'type',
  'storageClassName',
  'serviceAccountName',
];
/** The annotation by which `kubectl rollout restart` makes a template another. */
export const RESTARTED = 'kubectl.kubernetes.io/restartedAt';
const MAX_FIELDS = 8;
const MORE = /^\d+ more fields$/;

/**
 * What differs between two specs of an object. Images, replicas and a few others with their values; of all else only the names of the
 * fields, since values (of environment variables, of annotations) may be secret.
 */
export function compareSpecs(previous: RawObject, next: RawObject): FieldChange[] {
  const told = [...compareImages(previous, next), ...compareTold(previous, next)];
  if (restartOf(previous) !== restartOf(next)) told.push(nameOnly('restarted'));
  told.push(...compareTaints(previous, next));
  const paths = changedPaths(previous, next).filter((path) => !isTold(path));
  const others = [...new Set(paths)].map((path) => nameOnly(path));
  const fields = sortFields([...told, ...others]);
  if (fields.length <= MAX_FIELDS) return fields;
  return [...fields.slice(0, MAX_FIELDS - 1), nameOnly(`${fields.length - MAX_FIELDS + 1} more fields`)];
}

/** Each field once: images, then those told with their values, then names alone. The same order whatever came first. */
export function sortFields(fields: readonly FieldChange[]): FieldChange[] {
  const byText = new Map(fields.map((field) => [JSON.stringify(field), field]));
  return [...byText]
    .sort(([textA, a], [textB, b]) => rankOf(a) - rankOf(b) || compareText(textA, textB))
    .map(([, field]) => field);
}

function rankOf({ field, from, to }: FieldChange): number {
  if (field === 'image') return -1;
  const place = TOLD.indexOf(field);
  if (place >= 0) return place;
  if (MORE.test(field)) return TOLD.length + 2;
  return from === '' && to === '' ? TOLD.length + 1 : TOLD.length;
}

/** Paths below `spec` of what differs. */
export function changedPaths(previous: RawObject, next: RawObject): string[] {
  const paths = diffPaths(at(previous, 'spec'), at(next, 'spec'), '');
  // A Pod is given its Node by the scheduler, which says so itself.
  return textAt(next, 'kind') === 'Pod' ? paths.filter((path) => path !== 'nodeName') : paths;
}

function nameOnly(field: string): FieldChange {
  return { field, container: '', from: '', to: '' };
}

/** The images that an object's containers have. */
export function imagesOf(object: RawObject): FieldChange[] {
  return compareImages({}, object);
}

function compareImages(previous: RawObject, next: RawObject): FieldChange[] {
  const [before, after] = [containersOf(previous), containersOf(next)];
  const isOnly = after.size === 1;
  const changes: FieldChange[] = [];
  for (const [name, container] of after) {
    const [from, to] = [textAt(before.get(name), 'image'), textAt(container, 'image')];
    if (from !== to) changes.push({ field: 'image', container: isOnly ? '' : name, from, to });
  }
  for (const name of before.keys()) if (!after.has(name)) changes.push(nameOnly(`container ${name} removed`));
  return changes;
}

/** Taints that someone set or removed; those that Kubernetes keeps by a Node's conditions only repeat these. */
function compareTaints(previous: RawObject, next: RawObject): FieldChange[] {
  const [before, after] = [taintsOf(previous), taintsOf(next)];
  return [
    ...[...after].filter((taint) => !before.has(taint)).map((taint) => nameOnly(`taint ${taint} added`)),
    ...[...before].filter((taint) => !after.has(taint)).map((taint) => nameOnly(`taint ${taint} removed`)),
  ];
}

function taintsOf(object: RawObject): ReadonlySet<string> {
  const own = listAt(object, 'spec', 'taints').filter(
    (taint) => !textAt(taint, 'key').startsWith('node.kubernetes.io/'),
  );
  return new Set(
    own.map(
      (taint) =>
        `${textAt(taint, 'key')}${textAt(taint, 'value') === '' ? '' : `=${textAt(taint, 'value')}`}:${textAt(taint, 'effect')}`,
    ),
  );
}

function containersOf(object: RawObject): ReadonlyMap<string, RawObject> {
  const pod = podSpecOf(object);
  return byName([...listAt(pod, 'initContainers'), ...listAt(pod, 'containers')]);
}

function compareTold(previous: RawObject, next: RawObject): FieldChange[] {
  const changes: FieldChange[] = [];
  for (const field of TOLD) {
    const [from, to] = [sayValue(at(previous, 'spec', field)), sayValue(at(next, 'spec', field))];
    if (from !== to) changes.push({ field, container: '', from, to });
  }
  return changes;
}

function sayValue(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : '';
}

function restartOf(object: RawObject): string {
  return textAt(object, 'spec', 'template', 'metadata', 'annotations', RESTARTED);
}

function isTold(path: string): boolean {
  return (
    TOLD.includes(path) ||
    path === 'taints' ||
    /(^|\.)(containers|initContainers)\[[^\]]*\]\.image$/.test(path) ||
    path.endsWith(RESTARTED)
  );
}

/** Paths of what differs, down to where it does: `template.spec.containers[web].env`. */
function diffPaths(a: unknown, b: unknown, path: string): string[] {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  if (Array.isArray(a) || Array.isArray(b)) return diffLists(a, b, path);
  if (!isRaw(a) && !isRaw(b)) return [path];
  const [before, after] = [isRaw(a) ? a : {}, isRaw(b) ? b : {}];
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => diffPaths(before[key], after[key], path === '' ? key : `${path}.${key}`));
}

function diffLists(a: unknown, b: unknown, path: string): string[] {
  const isOfContainers = /(^|\.)(containers|initContainers)$/.test(path);
  if (!isOfContainers || !Array.isArray(a) || !Array.isArray(b)) return [path];
  const [before, after] = [byName(a.filter(isRaw)), byName(b.filter(isRaw))];
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names.flatMap((name) => {
    if (!before.has(name) || !after.has(name)) return [`${path}[${name}]`];
    return diffPaths(before.get(name), after.get(name), `${path}[${name}]`);
  });
}
