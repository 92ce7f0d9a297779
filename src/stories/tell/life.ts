import type { Micros } from '../../lib/time.ts';
import type { KubernetesObject, ObjectId } from '../../objects/object.ts';
import type { Atom } from './atom.ts';

/** All that is known of one incarnation of an object. */
export interface Life {
  /** `nameKey`, and the uid where it is known: one life of several of that name. */
  readonly key: string;
  readonly name: string;
  object: ObjectId;
  /** As read from the cluster, where it was. */
  known: KubernetesObject | undefined;
  /** What Events tell of it, each Event's happenings together; in no order. An array, not a map: there are many lives, and nearly all are short. */
  readonly atoms: (readonly Atom[])[];
  /** Its changes, in no order. */
  readonly changes: Atom[];
}

export function openLife(key: string, name: string, object: ObjectId): Life {
  return { key, name, object, known: undefined, atoms: [], changes: [] };
}

/** Adds what one source tells: an Event's happenings, or a change. */
export function addAtoms(life: Life, atoms: readonly Atom[]): void {
  const [first] = atoms;
  if (first?.change === undefined) life.atoms.push(atoms);
  else life.changes.push(first);
}

/** Forgets what a source told of it. */
export function dropSource({ atoms, changes }: Life, source: string): void {
  const event = atoms.findIndex(([first]) => first?.source === source);
  if (event >= 0) atoms.splice(event, 1);
  const change = changes.findIndex((atom) => atom.source === source);
  if (change >= 0) changes.splice(change, 1);
}

/** When it was first heard of, by what is known of it and by what happened to it. */
export function firstHeard(life: Life): Micros {
  let first = createdAt(life) ?? Number.POSITIVE_INFINITY;
  for (const [atom] of life.atoms) if (atom !== undefined && atom.at < first) first = atom.at;
  for (const { at } of life.changes) if (at < first) first = at;
  return first;
}

/** When the API server says it was made, or it was seen to be. */
export function createdAt(life: Life): Micros | undefined {
  return life.known?.createdAt ?? changeAt(life, 'created');
}

/** When it was seen to be gone. */
export function deletedAt(life: Life): Micros | undefined {
  return life.known?.deletedAt ?? changeAt(life, 'deleted');
}

/** When its deletion was asked for, or it was gone at once. */
export function deletingAt(life: Life): Micros | undefined {
  return changeAt(life, 'deleting') ?? deletedAt(life);
}

function changeAt(life: Life, type: 'created' | 'deleting' | 'deleted'): Micros | undefined {
  let found: Micros | undefined;
  for (const { change, at } of life.changes)
    if (change?.type === type && (found === undefined || at < found)) found = at;
  return found;
}
