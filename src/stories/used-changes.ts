import { type KubernetesObject, nameKey, type ObjectId } from '../objects/object.ts';
import { openReferences, type Reference, selectedIn } from './references.ts';
import type { Trouble } from './story.ts';
import type { Atom } from './tell/atom.ts';
import type { Home } from './tell/homes.ts';
import {
  ANY_OF,
  BY_NODE,
  isMoreProbable,
  isShortlyBefore,
  mayBeSetOff,
  namedBy,
  type SetOffTarget,
  type WeighedChange,
  weighChange,
  weighMending,
} from './tell/weigh-change.ts';

/** Finds which change of something that a workload refers to set off what befell it; and remembers who asked about what. */
export interface UsedChanges {
  /** Notes what an object refers to, and wakes those that asked about it. */
  learn(object: KubernetesObject): void;
  /** Notes a change of an object, and wakes those that asked about it. */
  changed(change: Atom): void;
  /** The change that most probably set a trouble off. */
  findCause(asker: Home, target: SetOffTarget): WeighedChange | undefined;
  /** The change that made a trouble well again. */
  findMending(asker: Home, trouble: Trouble): WeighedChange | undefined;
  /** The change of what applies an object (a HelmRelease, a Kustomization…), shortly before the object itself was changed. */
  findApplied(asker: Home, object: ObjectId, before: number): WeighedChange | undefined;
}

const MAX_OWNERS = 8;
const NONE: readonly Atom[] = [];

/**
 * @param find the home of a key, if anything is known of it
 * @param ofKind all homes of a kind, by its `nameKey` without a name
 * @param wake called with a home whose stories may be others now
 */
export function openUsedChanges(
  find: (key: string) => Home | undefined,
  ofKind: (kind: string, near: ObjectId) => readonly Home[],
  wake: (home: Home) => void,
): UsedChanges {
  const references = openReferences((key) => find(key)?.known);
  const askers = new Map<string, Set<Home>>();
  /** By the key of the object. */
  const changes = new Map<string, Map<string, Atom>>();

  function ask(asker: Home, key: string): void {
    const known = askers.get(key);
    if (known === undefined) askers.set(key, new Set([asker]));
    else known.add(asker);
  }

  function wakeAll(key: string): void {
    for (const home of askers.get(key) ?? []) wake(home);
  }

  function changesAt(key: string): Iterable<Atom> {
    return changes.get(key)?.values() ?? NONE;
  }

  function findCause(asker: Home, target: SetOffTarget): WeighedChange | undefined {
    if (!mayBeSetOff(target)) return undefined;
    const users = usersOf(find, target.object);
    let best: WeighedChange | undefined;
    const weigh = (key: string, reference: Reference | undefined): void => {
      ask(asker, key);
      for (const atom of changesAt(key)) {
        const weighed = weighChange(atom, reference, target);
        if (weighed !== undefined && (best === undefined || isMoreProbable(weighed, best))) best = weighed;
      }
    };
    const { cluster, namespace } = target.object;
    const named = namedBy(target);
    if (named !== undefined) weigh(nameKey({ cluster, namespace, ...named }), undefined);
    if (target.related !== undefined) weigh(nameKey(target.related), undefined);
    for (const reference of references.of(users)) weigh(reference.key, reference);
    for (const user of users) ask(asker, nameKey(user));
    for (const reference of BY_NODE.has(target.failure) ? nodesOf(users) : [])
      weigh(reference.key, reference);
    ask(asker, selectedIn(target.object));
    for (const kind of ANY_OF[target.failure] ?? []) {
      ask(asker, kindKey(kind, target.object));
      for (const home of ofKind(kind, target.object)) weigh(home.key, undefined);
    }
    return best;
  }

  function findMending(asker: Home, trouble: Trouble): WeighedChange | undefined {
    const named = namedBy(trouble);
    if (named === undefined || trouble.ended !== 'healed' || trouble.endedAt === undefined) return undefined;
    const { cluster, namespace } = trouble.object;
    const key = nameKey({ cluster, namespace, ...named });
    ask(asker, key);
    let latest: WeighedChange | undefined;
    for (const atom of changesAt(key)) {
      const weighed = weighMending(atom, trouble, trouble.endedAt);
      if (weighed !== undefined && (latest === undefined || isMoreProbable(weighed, latest)))
        latest = weighed;
    }
    return latest;
  }

  function findApplied(asker: Home, object: ObjectId, before: number): WeighedChange | undefined {
    const user = find(nameKey(object))?.known;
    let best: WeighedChange | undefined;
    for (const reference of user === undefined ? [] : references.of([user])) {
      if (reference.as !== 'applied-by') continue;
      ask(asker, reference.key);
      for (const atom of changesAt(reference.key)) {
        if (atom.change?.type !== 'spec-changed' || !isShortlyBefore(atom.at, before)) continue;
        const weighed: WeighedChange = { atom, confidence: 'likely', because: ['it applies the object'] };
        if (best === undefined || isMoreProbable(weighed, best)) best = weighed;
      }
    }
    return best;
  }

  return {
    learn(object) {
      for (const key of references.learn(object)) wakeAll(key);
      wakeAll(nameKey(object));
    },
    changed(change) {
      const { object, source } = change;
      const key = nameKey(object);
      const known = changes.get(key);
      if (known === undefined) changes.set(key, new Map([[source, change]]));
      else known.set(source, change);
      wakeAll(key);
      wakeAll(kindKey(object.kind, object));
    },
    findCause,
    findMending,
    findApplied,
  };
}

/** Key of all objects of a kind that one may be concerned by: those of its namespace, or of the cluster. */
export function kindKey(kind: string, near: Pick<ObjectId, 'cluster' | 'namespace'>): string {
  return nameKey({ cluster: near.cluster, kind, namespace: near.namespace, name: '' });
}

/** The Nodes that Pods run on. */
function nodesOf(users: readonly KubernetesObject[]): Reference[] {
  return users.flatMap((by) =>
    by.uses
      .filter((use) => use.as === 'runs-on')
      .map(({ kind, name, as }) => {
        const id = { cluster: by.cluster, apiVersion: '', kind, namespace: '', name, uid: '' };
        return { key: nameKey(id), id, by, as, distance: 0 };
      }),
  );
}

/** What is known of an object and of what owns it, itself first. */
function usersOf(find: (key: string) => Home | undefined, object: ObjectId): KubernetesObject[] {
  const users: KubernetesObject[] = [];
  let home = find(nameKey(object));
  for (let depth = 0; home !== undefined && depth < MAX_OWNERS; depth++) {
    const life = [...home.lives.values()].find(({ known }) => known?.uid === object.uid);
    const known = life?.known ?? home.known;
    if (known !== undefined) users.push(known);
    home = home.owner;
  }
  return users;
}
