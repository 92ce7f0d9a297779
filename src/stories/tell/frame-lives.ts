import { sortInPlace } from '../../lib/sort-in-place.ts';
import { type Atom, compareAtoms } from './atom.ts';
import { firstHeard, type Life } from './life.ts';
import { CLOCKS, GRACE, SKEW } from './limits.ts';
import type { LifeFrame } from './tell-life.ts';

/** What was said to be made and removed under one name, in order. */
export interface NamedClaims {
  readonly creates: Atom[];
  readonly deletes: Atom[];
}

const UNFRAMED: LifeFrame = { createdBy: undefined, deletedBy: undefined };

/** Gathers which objects others say they made and removed. The key is `nameKey` of the object made. */
export function gatherClaims(lives: Iterable<Life>): Map<string, NamedClaims> {
  const claims = new Map<string, NamedClaims>();
  for (const life of lives) {
    if (life.object.kind === 'Pod') continue;
    for (const atoms of life.atoms) {
      for (const atom of atoms) {
        const { claim, claimed } = atom;
        if (claim?.does !== 'creates' && claim?.does !== 'deletes') continue;
        const known = claims.get(claimed);
        const named = known ?? { creates: [], deletes: [] };
        if (known === undefined) claims.set(claimed, named);
        (claim.does === 'creates' ? named.creates : named.deletes).push(atom);
      }
    }
  }
  for (const { creates, deletes } of claims.values()) {
    sortInPlace(creates, compareAtoms);
    sortInPlace(deletes, compareAtoms);
  }
  return claims;
}

/**
 * Finds for each incarnation of one name which making and which removal were its own: names come back (a StatefulSet's Pods), and what is
 * said of them tells only the name. Each incarnation was made shortly before it is first heard of, and removed before the next one is.
 */
export function frameLives(lives: readonly Life[], claims: NamedClaims | undefined): Map<Life, LifeFrame> {
  if (claims === undefined) return new Map(lives.map((life) => [life, UNFRAMED]));
  const heard = lives
    .map((life) => ({ life, at: firstHeard(life) }))
    .sort((a, b) => a.at - b.at || (a.life.key < b.life.key ? -1 : 1));
  const frames = new Map<Life, LifeFrame>();
  for (const [index, { life, at }] of heard.entries()) {
    const after = (heard[index - 1]?.at ?? Number.NEGATIVE_INFINITY) + SKEW;
    const before = (heard[index + 1]?.at ?? Number.POSITIVE_INFINITY) + SKEW;
    const createdBy =
      claims.creates.findLast((atom) => atom.at <= at + SKEW && (index === 0 || atom.at > after)) ??
      claims.creates.find((atom) => atom.at > at + SKEW && atom.at <= at + CLOCKS && atom.at < before);
    const removals = claims.deletes.filter(
      (atom) => atom.at >= Math.min(at, createdBy?.at ?? at - GRACE) && atom.at < before,
    );
    // Of a name that comes back, an incarnation of which nothing was heard may have been removed before.
    const deletedBy = removals.find((atom) => atom.at >= at - GRACE) ?? removals.at(-1);
    frames.set(life, { createdBy, deletedBy });
  }
  return frames;
}

/**
 * Lets nothing be made by what it made itself, however long the way: anyone can write Events that say so. Of such a circle the first by name
 * was made by nobody.
 */
export function breakCircles(frames: ReadonlyMap<Life, LifeFrame>): ReadonlyMap<Life, LifeFrame> {
  if (!mayHoldCircle(frames)) return frames;
  const makers = new Map<Atom, Life>();
  for (const life of frames.keys()) {
    if (life.object.kind === 'Pod') continue;
    for (const atoms of life.atoms)
      for (const atom of atoms) if (atom.claim?.does === 'creates') makers.set(atom, life);
  }
  const makerOf = (life: Life | undefined): Life | undefined => {
    const by = life === undefined ? undefined : frames.get(life)?.createdBy;
    return by === undefined ? undefined : makers.get(by);
  };
  const broken = new Map(frames);
  for (const [life, frame] of frames) {
    let first = life.key;
    const seen = new Set<Life>();
    let maker = makerOf(life);
    while (maker !== undefined && maker !== life && !seen.has(maker)) {
      seen.add(maker);
      if (maker.key < first) first = maker.key;
      maker = makerOf(maker);
    }
    if (maker === life && first === life.key) broken.set(life, { ...frame, createdBy: undefined });
  }
  return broken;
}

/** It takes two that make others and were made themselves, or one that made itself. Pods make nothing. */
function mayHoldCircle(frames: ReadonlyMap<Life, LifeFrame>): boolean {
  let made = 0;
  for (const [{ object }, { createdBy }] of frames) {
    if (createdBy === undefined || object.kind === 'Pod') continue;
    made += 1;
    if (made > 1 || (createdBy.object.kind === object.kind && createdBy.object.name === object.name))
      return true;
  }
  return false;
}
