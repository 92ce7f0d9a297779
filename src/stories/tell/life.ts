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
  /** An Event's happenings together, a change by itself; in no order. An array, not a map: there are many lives, and nearly all are short. */
  readonly atoms: (readonly Atom[])[];
}

export function openLife(key: string, name: string, object: ObjectId): Life {
  return { key, name, object, known: undefined, atoms: [] };
}

/** What a source told of it; a search through all that is known of it. */
export function atomsFrom(life: Life, source: string): readonly Atom[] | undefined {
  return life.atoms.find((atoms) => atoms[0]?.source === source);
}

/** Forgets what a source told of it. */
export function dropSource(life: Life, source: string): void {
  const index = life.atoms.findIndex((atoms) => atoms[0]?.source === source);
  if (index >= 0) life.atoms.splice(index, 1);
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
  for (const [atom] of life.atoms)
    if (atom?.change?.type === type && (found === undefined || atom.at < found)) found = atom.at;
  return found;
}
