import { mergeObjects } from '../../objects/merge-objects.ts';
import { type KubernetesObject, nameKey, type ObjectId } from '../../objects/object.ts';
import { inferOwner } from './infer-owner.ts';
import type { Life } from './life.ts';
import { ANY_OF } from './weigh-change.ts';

/** An object by name, with all its incarnations and its place among its owners. */
export interface Home {
  readonly key: string;
  readonly id: ObjectId;
  /** By uid; what another home sends, by `Life.key`. Of a CronJob, what it says of one Job is kept with that Job. */
  readonly lives: Map<string, Life>;
  /** The latest incarnation that was read from the cluster. */
  known: KubernetesObject | undefined;
  /** The owner that Events' messages give away, of several the first by key; undefined while none does. */
  claimedBy: Home | undefined;
  owner: Home | undefined;
  /** How the owner is known: read from the object, told by messages, or concluded from the name. */
  ownedBy: 'object' | 'message' | 'name' | undefined;
  /** Most own nothing: those share one empty set. */
  owned: ReadonlySet<Home>;
}

/** Who owns whom, as far as objects, messages and names tell; the same whatever came first. */
export interface Homes {
  /**
   * The home of that name, made when it is new.
   *
   * @param key its `nameKey`, where that is at hand
   */
  at(id: ObjectId, key?: string): Home;
  /** The home of a key, if anything was heard of it. */
  find(key: string): Home | undefined;
  /** All homes of one of the kinds that nothing refers to by name, in a namespace or of the cluster. */
  ofKind(kind: string, near: ObjectId): readonly Home[];
  /** The home at the top: where the stories of this one are told. */
  top(home: Home): Home;
  /** This home and all below it whose stories are told with its own. */
  below(top: Home): Home[];
  /** Notes that something was heard of the home itself for the first time: what scales it may be told with it. */
  appeared(home: Home): void;
  /** Notes what an object tells of its owners. */
  learnObject(object: KubernetesObject): void;
  /** Notes that an owner said it made, scaled or removed an object. */
  learnClaim(owner: Home, made: Home): void;
}

/**
 * What runs by itself: stories do not climb above, so that a CronJob's runs and the Deployments that an application is made of keep their
 * own.
 */
const TOPS: ReadonlySet<string> = new Set([
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'Rollout',
  'Node',
]);
/** What an autoscaler of the same name most probably scales. */
const SCALED = ['Deployment', 'StatefulSet', 'ReplicaSet', 'Rollout'];
const MAX_DEPTH = 16;
/** Kinds of which all are asked for at once. */
const LISTED: ReadonlySet<string> = new Set(Object.values(ANY_OF).flat());
const NO_HOMES: readonly Home[] = [];
const NOTHING: ReadonlySet<Home> = new Set();
const SCALER = 'HorizontalPodAutoscaler';

/** @param onMove called with the home at the top before and after whenever a home gets another owner */
export function openHomes(onMove: (top: Home) => void): Homes {
  const homes = new Map<string, Home>();
  const listed = new Map<string, Home[]>();
  /** The sets of those that own something. */
  const owned = new Map<Home, Set<Home>>();
  let hasScalers = false;

  function at(id: ObjectId, key = nameKey(id)): Home {
    const known = homes.get(key);
    if (known !== undefined) return known;
    const home: Home = {
      key,
      id: { ...id, apiVersion: '', uid: '' },
      lives: new Map(),
      known: undefined,
      claimedBy: undefined,
      owner: undefined,
      ownedBy: undefined,
      owned: NOTHING,
    };
    homes.set(key, home);
    if (id.kind === SCALER) hasScalers = true;
    if (LISTED.has(id.kind)) list(home);
    settle(home);
    return home;
  }

  function list(home: Home): void {
    const key = nameKey({ ...home.id, name: '' });
    const known = listed.get(key);
    if (known === undefined) listed.set(key, [home]);
    else known.push(home);
  }

  function settle(home: Home): void {
    const { owner, ownedBy } = findOwner(home);
    if (owner === home.owner) {
      home.ownedBy = ownedBy;
      return;
    }
    onMove(top(home));
    if (home.owner !== undefined) owned.get(home.owner)?.delete(home);
    home.owner = owner;
    home.ownedBy = ownedBy;
    if (owner !== undefined) own(owner, home);
    onMove(top(home));
  }

  function own(owner: Home, home: Home): void {
    const known = owned.get(owner);
    if (known !== undefined) {
      known.add(home);
      return;
    }
    const first = new Set([home]);
    owned.set(owner, first);
    owner.owned = first;
  }

  function findOwner(home: Home): Pick<Home, 'owner' | 'ownedBy'> {
    const { id, known, claimedBy } = home;
    const isRead = known !== undefined && !known.inferred;
    const scaled = known?.uses.find((use) => use.as === 'scales');
    const owner = known?.owners.find((each) => each.controller) ?? known?.owners[0] ?? scaled;
    // A static Pod names its Node as its owner, but is no part of its stories.
    if (isRead && owner !== undefined && owner.kind !== 'Node')
      return { owner: atName(id, owner), ownedBy: 'object' };
    // Whoever made it said so, even where the object names no owner (a StatefulSet's claims).
    if (claimedBy !== undefined) return { owner: claimedBy, ownedBy: 'message' };
    // A name alone tells less than the object.
    const named = isRead ? undefined : inferOwner(id.kind, id.name);
    if (named !== undefined) return { owner: atName(id, named), ownedBy: 'name' };
    return { owner: undefined, ownedBy: undefined };
  }

  function atName(near: ObjectId, { kind, name }: { readonly kind: string; readonly name: string }): Home {
    return at({ cluster: near.cluster, apiVersion: '', kind, namespace: near.namespace, name, uid: '' });
  }

  function top(home: Home): Home {
    let current = home;
    for (let depth = 0; depth < MAX_DEPTH; depth++) {
      const next = above(current);
      if (next === undefined) return current;
      current = next;
    }
    return firstOfCircle(current);
  }

  function above(home: Home): Home | undefined {
    return TOPS.has(home.id.kind) ? undefined : (home.owner ?? findScaled(home));
  }

  /** Who own each other in a circle (anyone can write Events that say so) are told with the one of them that comes first by name. */
  function firstOfCircle(home: Home): Home {
    const circle = new Set<Home>();
    let current: Home | undefined = home;
    while (current !== undefined && !circle.has(current)) {
      circle.add(current);
      current = above(current);
    }
    if (current === undefined) return [...circle].at(-1) ?? home;
    let first = current;
    for (let next = above(current); next !== undefined && next !== current; next = above(next))
      if (next.key < first.key) first = next;
    return first;
  }

  /** An autoscaler of which only Events are known is told with what has its name, if that is heard of too. */
  function findScaled(home: Home): Home | undefined {
    const { kind, cluster, namespace, name } = home.id;
    if (kind !== SCALER) return undefined;
    for (const scaled of SCALED) {
      const target = homes.get(nameKey({ cluster, kind: scaled, namespace, name }));
      if (target !== undefined && target.lives.size > 0) return target;
    }
    return undefined;
  }

  return {
    at,
    find: (key) => homes.get(key),
    ofKind: (kind, { cluster, namespace }) =>
      listed.get(nameKey({ cluster, kind, namespace, name: '' })) ?? NO_HOMES,
    top,
    below: (home) => gatherBelow(home, home, []),
    appeared(home) {
      const scaler = scalerOf(home);
      if (scaler === undefined) return;
      onMove(scaler);
      onMove(top(scaler));
      // It may have been told with another kind of that name.
      for (const kind of SCALED) {
        const other = homes.get(nameKey({ ...home.id, kind }));
        if (other !== undefined) onMove(top(other));
      }
    },
    learnObject(object) {
      const home = at(object);
      if (home.known?.uid === object.uid) home.known = mergeObjects(home.known, object);
      else if (home.known === undefined || isLater(object, home.known)) home.known = object;
      else return;
      settle(home);
    },
    learnClaim(owner, home) {
      if (home === owner || (home.claimedBy !== undefined && home.claimedBy.key <= owner.key)) return;
      home.claimedBy = owner;
      settle(home);
    },
  };

  function gatherBelow(home: Home, start: Home, into: Home[]): Home[] {
    into.push(home);
    for (const each of home.owned)
      if (each !== start && !TOPS.has(each.id.kind)) gatherBelow(each, start, into);
    const scaler = scalerOf(home);
    if (scaler !== undefined && scaler.owner === undefined && findScaled(scaler) === home)
      gatherBelow(scaler, start, into);
    return into;
  }

  /** The autoscaler of its name, if one is heard of. */
  function scalerOf({ id }: Home): Home | undefined {
    if (!hasScalers || !SCALED.includes(id.kind)) return undefined;
    return homes.get(nameKey({ ...id, kind: SCALER }));
  }
}

/** Which of two incarnations of one name tells the owner. */
function isLater(a: KubernetesObject, b: KubernetesObject): boolean {
  const [x, y] = [a.createdAt ?? 0, b.createdAt ?? 0];
  return x !== y ? x > y : a.uid !== b.uid ? a.uid > b.uid : true;
}
