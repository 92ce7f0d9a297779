import { type Micros, type MicrosLength, SECOND } from '../lib/time.ts';
import { at, isRaw, listAt, type RawObject, textAt, timeAt } from './raw-object.ts';

/** One entry of `metadata.managedFields` that speaks of the spec (or of a ConfigMap's or Secret's contents). */
export interface FieldWriter {
  readonly manager: string;
  readonly time: Micros | undefined;
}

/** Where the part of an object that people change lies. */
const WRITTEN: readonly string[] = [
  'f:spec',
  'f:data',
  'f:binaryData',
  'f:stringData',
  'f:rules',
  'f:subjects',
  'f:roleRef',
  'f:secrets',
  'f:imagePullSecrets',
  'f:webhooks',
  'f:parameters',
];

/**
 * Who changed an object's spec between two states of it, as its managedFields tell: the newest writer that was not there before or wrote
 * again since. Where times tell nothing (until Kubernetes 1.22 a manager's time stays while it writes the same fields again), whoever owns
 * what changed; but not for replicas, since scaling left no trace in these versions. Undefined when nobody tells.
 *
 * @param changed paths of what changed below the spec: `template.spec.containers[web].image`
 */
export function findWriter(
  previous: RawObject | undefined,
  next: RawObject,
  changed: readonly string[] = [],
): FieldWriter | undefined {
  const writers = entriesOf(next).filter(isWriter);
  const fresh = freshWriters(previous, next);
  if (fresh.length > 0) return newest(fresh);
  const owned = changed.filter((path) => path !== 'replicas');
  const owner = newest(
    writers.filter((entry) => owns(entry, owned) || (changed.includes('replicas') && isScaling(entry))),
  );
  // Its time is that of an earlier change.
  return owner === undefined ? undefined : { manager: owner.manager, time: undefined };
}

/** Entries of whoever wrote what people change between two states, as their names and times tell; one who only lost a field did not. */
export function freshWriters(previous: RawObject | undefined, next: RawObject): RawObject[] {
  const before = new Set(entriesOf(previous).map(keyOf));
  return entriesOf(next).filter((entry) => isWriter(entry) && !before.has(keyOf(entry)));
}

/** Whether an entry of managedFields speaks of what people change. */
export function isWriter(entry: RawObject): boolean {
  return isScaling(entry) || WRITTEN.some((field) => at(entry, 'fieldsV1', field) !== undefined);
}

function isScaling(entry: RawObject): boolean {
  return textAt(entry, 'subresource') === 'scale';
}

function owns(entry: RawObject, changed: readonly string[]): boolean {
  const owned = pathsOf(at(entry, 'fieldsV1', 'f:spec'));
  return changed.some((path) =>
    owned.some((own) => own === path || own.startsWith(`${path}.`) || path.startsWith(`${own}.`)),
  );
}

/** Everyone who wrote an object's spec and is still known, once each. */
export function specWritersOf(object: RawObject): FieldWriter[] {
  return entriesOf(object)
    .filter((entry) => at(entry, 'fieldsV1', 'f:spec') !== undefined)
    .map((entry) => ({ manager: textAt(entry, 'manager'), time: timeAt(entry, 'time') }));
}

/**
 * Who wrote an object's spec last and when, as far as its managedFields tell for sure. An entry's time is that of its last write of anything, so
 * one that a status is written with too (before Kubernetes 1.22) tells nothing, nor does Kubernetes' own controller manager, which keeps its
 * notes in annotations; its scaling is an entry of its own.
 */
export function findLastWriter(object: RawObject): FieldWriter | undefined {
  const writers = entriesOf(object).filter(
    (entry) =>
      isScaling(entry) ||
      (isWriter(entry) &&
        at(entry, 'fieldsV1', 'f:status') === undefined &&
        textAt(entry, 'manager') !== 'kube-controller-manager'),
  );
  return newest(writers);
}

/** How long after an object's making its maker's entry may be dated: both are cut to whole seconds. */
const MAKING: MicrosLength = SECOND;

/** Who made an object: whoever wrote it then and not since, of those who wrote what is no status if there are any; empty when nobody can be told. */
export function findMaker(object: RawObject): string {
  const made = timeAt(object, 'metadata', 'creationTimestamp');
  const writers = entriesOf(object).flatMap((entry) => {
    const time = timeAt(entry, 'time');
    const isMaker =
      made !== undefined && time !== undefined && time >= made - MAKING && time <= made + MAKING;
    return isMaker && textAt(entry, 'subresource') === ''
      ? [{ time, manager: textAt(entry, 'manager'), distance: distanceFromMaking(object, entry) }]
      : [];
  });
  return writers.sort((a, b) => a.distance - b.distance || a.time - b.time)[0]?.manager ?? '';
}

/** Who says what an object should be made it rather than who only notes something on it; no controller makes a Node, but gives it addresses. */
function distanceFromMaking(object: RawObject, entry: RawObject): number {
  if (textAt(object, 'kind') === 'Node' && /controller-manager$/.test(textAt(entry, 'manager'))) return 2;
  return isWriter(entry) ? 0 : 1;
}

function entriesOf(object: RawObject | undefined): RawObject[] {
  return listAt(object, 'metadata', 'managedFields').filter(
    (entry) => textAt(entry, 'subresource') !== 'status',
  );
}

function keyOf(entry: RawObject): string {
  return `${textAt(entry, 'manager')} ${textAt(entry, 'operation')} ${textAt(entry, 'subresource')} ${textAt(entry, 'time')}`;
}

function newest(entries: readonly RawObject[]): FieldWriter | undefined {
  let found: FieldWriter | undefined;
  for (const entry of entries) {
    const time = timeAt(entry, 'time');
    if (found === undefined || (time ?? 0) >= (found.time ?? 0))
      found = { manager: textAt(entry, 'manager'), time };
  }
  return found;
}

/** The paths of fields that a writer owns, below `f:spec`: `template.spec.nodeSelector`. */
export function pathsOf(fields: unknown, prefix = ''): string[] {
  if (!isRaw(fields)) return [];
  const paths: string[] = [];
  for (const [key, below] of Object.entries(fields)) {
    const item = /^k:\{"name":"([^"]*)"/.exec(key)?.[1];
    if (item === undefined && !key.startsWith('f:')) continue;
    const own = item === undefined ? key.slice(2) : `[${item}]`;
    const path = prefix === '' ? own : item === undefined ? `${prefix}.${own}` : prefix + own;
    const deeper = pathsOf(below, path);
    paths.push(...(deeper.length > 0 ? deeper : [path]));
  }
  return paths;
}
