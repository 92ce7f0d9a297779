import { type Micros, SECOND } from '../../lib/time.ts';
import { type Atom, orderOf } from './atom.ts';
import { deletingAt, type Life } from './life.ts';
import { SKEW } from './limits.ts';

/**
 * When a Pod's end began: its owner removed it, its deletion was asked for, it was evicted or preempted, or its containers were stopped
 * for good. Undefined while it lives, and for what is no Pod.
 *
 * @param atoms in order
 */
export function findEnding(
  life: Life,
  atoms: readonly Atom[],
  deletedBy: Atom | undefined,
): Micros | undefined {
  if (life.object.kind !== 'Pod') return undefined;
  const ends = [deletedBy?.at, deletingAt(life), atoms.find(isForced)?.at, findLastKill(atoms)];
  const known = ends.filter((at) => at !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}

/** Whether it is a part of the end: all from then on, and a stop that a skewed clock puts just before. */
export function isOfEnding(atom: Atom, endingAt: Micros | undefined): boolean {
  if (endingAt === undefined) return false;
  // Told in whole seconds: it ended with the Pod where that may be.
  if (atom.change?.type === 'container-terminated') return atom.at + SECOND > endingAt;
  return orderOf(atom) >= (isStop(atom) ? endingAt - SKEW : endingAt);
}

/** What goes wrong while a Pod is being stopped (probes that are not answered any more) is no trouble, unless it is the stopping itself. */
export function isAboutEnding(atom: Atom): boolean {
  const { topic } = atom.reason;
  return topic !== undefined && OF_ENDING.has(topic);
}

const OF_ENDING: ReadonlySet<string> = new Set([
  'killing',
  'disruption',
  'deadline',
  'admission',
  'node-ready',
]);

/** Ended by something else than its owner; a kubelet that refuses a Pod ends it too. */
export function isForced(atom: Atom): boolean {
  const { topic, does, reason } = atom.reason;
  if (does !== 'fails') return false;
  return (
    topic === 'disruption' || topic === 'deadline' || (topic === 'admission' && reason !== 'FailedValidation')
  );
}

/** The first stop after which no container was made any more. */
function findLastKill(atoms: readonly Atom[]): Micros | undefined {
  const lastMade = atoms.findLastIndex(
    (atom) => MAKING.has(atom.reason.topic ?? '') && atom.reason.does !== 'fails',
  );
  return atoms.find((atom, index) => index > lastMade && isStop(atom))?.at;
}

const MAKING: ReadonlySet<string> = new Set(['pulling', 'configuring', 'starting']);

/** A container is stopped, and not to be started again. */
function isStop(atom: Atom): boolean {
  return atom.reason.topic === 'killing' && atom.reason.does === 'begins' && atom.reason.severity === 'info';
}
