import { fitsSelector } from '../objects/label-selector.ts';
import { type KubernetesObject, nameKey, type ObjectId, type ObjectUse } from '../objects/object.ts';

/** Something whose change may set off trouble of an object that refers to it. */
export interface Reference {
  readonly key: string;
  readonly id: ObjectId;
  /** What refers to it: the object itself, or something on the way. */
  readonly by: ObjectId;
  readonly as: ObjectUse['as'];
  /** 0: the object itself refers to it; more: through so many others. */
  readonly distance: number;
}

/** Who refers to what, as far as objects are known; the same whatever came first. */
export interface References {
  /** Notes what an object tells of itself. Returns the keys by which those are asked for who it concerns, now or before. */
  learn(object: KubernetesObject): readonly string[];
  /** All that objects refer to, and all that refers to them as a rule does to whom it is for; each once, the closest first. */
  of(users: readonly KubernetesObject[]): readonly Reference[];
}

/** From a Pod to its ServiceAccount, the binding, the Role: as far as anything is looked for. */
const MAX_DISTANCE = 2;

interface Selector {
  readonly object: KubernetesObject;
  readonly selector: string;
}

/** @param find the latest state of an object that is known */
export function openReferences(find: (key: string) => KubernetesObject | undefined): References {
  /** By the ServiceAccount: what binds Roles to it. */
  const grants = new Map<string, Map<string, KubernetesObject>>();
  /** By namespace: what selects Pods there. */
  const selectors = new Map<string, Map<string, Selector>>();
  const concerned = new Map<string, readonly string[]>();

  function learn(object: KubernetesObject): readonly string[] {
    const key = nameKey(object);
    const before = concerned.get(key) ?? [];
    for (const target of before) {
      grants.get(target)?.delete(key);
      selectors.get(target)?.delete(key);
    }
    const now: string[] = [];
    for (const use of object.uses) {
      if (use.as === 'grants') {
        const target = nameKey(idOfUse(object, use));
        entryOf(grants, target).set(key, object);
        now.push(target);
      } else if (use.as === 'selects') {
        const target = selectedIn(object);
        entryOf(selectors, target).set(key, { object, selector: use.name });
        now.push(target);
      }
    }
    if (now.length > 0) concerned.set(key, now);
    else concerned.delete(key);
    return [...before, ...now];
  }

  function* from({ key, id, known }: Node, distance: number): Generator<Reference> {
    for (const use of known?.uses ?? [])
      if (use.as === 'needs' || use.as === 'applied-by') {
        const to = idOfUse(id, use);
        yield { key: nameKey(to), id: to, by: id, as: use.as, distance };
      }
    for (const binding of sorted(grants.get(key)))
      yield { key: nameKey(binding), id: binding, by: id, as: 'grants', distance };
    const { labels } = known ?? {};
    if (labels === undefined) return;
    for (const { object, selector } of sorted(selectors.get(selectedIn(id))))
      if (fitsSelector(selector, labels))
        yield { key: nameKey(object), id: object, by: id, as: 'selects', distance };
  }

  return {
    learn,
    of(users) {
      const found = new Map<string, Reference>();
      let round: Node[] = users.map((user) => ({ key: nameKey(user), id: user, known: user }));
      for (let distance = 0; distance <= MAX_DISTANCE; distance++) {
        const next: Node[] = [];
        for (const node of round)
          for (const reference of from(node, distance)) {
            if (found.has(reference.key)) continue;
            found.set(reference.key, reference);
            next.push({ key: reference.key, id: reference.id, known: find(reference.key) });
          }
        round = next;
      }
      return [...found.values()];
    },
  };
}

/** An object on the way: what is known of it, if anything is. */
interface Node {
  readonly key: string;
  readonly id: ObjectId;
  readonly known: KubernetesObject | undefined;
}

function sorted<Entry>(entries: ReadonlyMap<string, Entry> | undefined): Entry[] {
  return [...(entries ?? [])].sort((a, b) => (a[0] < b[0] ? -1 : 1)).map(([, entry]) => entry);
}

/** The key by which those are asked for whom something in this namespace may select. */
export function selectedIn({ cluster, namespace }: Pick<ObjectId, 'cluster' | 'namespace'>): string {
  return `${cluster}/selected in/${namespace}`;
}

function idOfUse({ cluster, namespace }: ObjectId, use: ObjectUse): ObjectId {
  const { kind, name } = use;
  return { cluster, apiVersion: '', kind, namespace: use.namespace ?? namespace, name, uid: '' };
}

function entryOf<Entry>(maps: Map<string, Map<string, Entry>>, key: string): Map<string, Entry> {
  const known = maps.get(key);
  if (known !== undefined) return known;
  const entry = new Map<string, Entry>();
  maps.set(key, entry);
  return entry;
}
