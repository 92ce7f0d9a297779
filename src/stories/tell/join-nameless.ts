import type { KubernetesObject } from '../../objects/object.ts';
import type { Atom } from './atom.ts';
import { firstHeard, type Life, openLife } from './life.ts';
import { SKEW } from './limits.ts';

/**
 * Gives what was said of an object without its uid to the incarnation that lived then: the latest one that had begun, else the first.
 *
 * @param lives all of one name
 * @param known what was read from the cluster of the latest of them
 */
export function joinNameless(lives: readonly Life[], known: KubernetesObject | undefined): Life[] {
  const nameless = lives.find((life) => life.key === life.name);
  const others = lives.filter((life) => life !== nameless);
  if (nameless === undefined) return others;
  if (others.length === 0) {
    nameless.known ??= known;
    return [nameless];
  }
  const begun = others
    .map((life) => ({ life, from: firstHeard(life), joined: openLife(life.key, life.name, life.object) }))
    .sort((a, b) => a.from - b.from || (a.life.key < b.life.key ? -1 : 1));
  for (const { life, joined } of begun) {
    joined.known = life.known;
    for (const atoms of life.atoms) joined.atoms.push(atoms);
    joined.changes.push(...life.changes);
  }
  const livedAt = (atom: Atom) => begun.findLast(({ from }) => from <= atom.at + SKEW) ?? begun[0];
  for (const atoms of nameless.atoms)
    for (const [home, own] of Map.groupBy(atoms, livedAt)) home?.joined.atoms.push(own);
  for (const change of nameless.changes) livedAt(change)?.joined.changes.push(change);
  return begun.map(({ joined }) => joined);
}
