import type { ObjectId } from '../../objects/object.ts';
import type { Model } from '../model.ts';
import { kindOf, type Scope, seesNamespace, seesObject } from './scope.ts';

/** What the record holds anything of: what permissions are asked about. */
export interface KnownPlaces {
  /** Resolves when all that was recorded at the start is known. */
  readonly ready: Promise<void>;
  /** To be told of each object that something new is known of. */
  note(object: ObjectId): void;
  /** Namespaces with Events or objects. */
  namespaces(cluster: string): ReadonlySet<string>;
  /** The kinds of objects in each namespace, cluster-scoped ones in '', by `kindOf`. */
  kinds(cluster: string): ReadonlyMap<string, ReadonlySet<string>>;
  /** Grows when there is a new namespace or kind. */
  version(): number;
  /** Events of the scope. */
  events(scope: Scope): number;
  /** Grows whenever something new is known of an object of the scope. */
  touched(scope: Scope): number;
}

/** @param model of the whole record */
export function createKnownPlaces({ index, loaded }: Pick<Model, 'index' | 'loaded'>): KnownPlaces {
  const { spaces } = index;
  const namespaces = new Map<string, Set<string>>();
  const kinds = new Map<string, Map<string, Set<string>>>();
  const touches = new Map<string, { readonly object: ObjectId; count: number }>();
  let read = 0;
  let version = 0;

  function add(cluster: string, namespace: string): void {
    const there = namespaces.get(cluster) ?? new Set();
    namespaces.set(cluster, there);
    if (namespace === '' || there.has(namespace)) return;
    there.add(namespace);
    version += 1;
  }

  /** The index tells its clusters' namespaces in the order in which they came. */
  function readIndex(): void {
    for (; read < spaces.items.length; read++) {
      const { cluster, namespace } = spaces.get(read);
      add(cluster, namespace);
    }
  }

  return {
    ready: loaded,
    note(object) {
      const { cluster, namespace } = object;
      const kind = kindOf(object);
      const key = `${cluster}\0${namespace}\0${kind}`;
      const known = touches.get(key);
      if (known !== undefined) {
        known.count += 1;
        return;
      }
      touches.set(key, { object, count: 1 });
      add(cluster, namespace);
      const byNamespace = kinds.get(cluster) ?? new Map<string, Set<string>>();
      kinds.set(cluster, byNamespace);
      byNamespace.set(namespace, (byNamespace.get(namespace) ?? new Set<string>()).add(kind));
      version += 1;
    },
    namespaces(cluster) {
      readIndex();
      return namespaces.get(cluster) ?? new Set();
    },
    kinds: (cluster) => kinds.get(cluster) ?? new Map(),
    version() {
      readIndex();
      return version;
    },
    events(scope) {
      const seen = spaces.items.map(({ cluster, namespace }) => seesNamespace(scope, cluster, namespace));
      const [spaceOf, firsts, size] = [index.space.values(), index.first.values(), index.size()];
      let count = 0;
      for (let entry = 0; entry < size; entry++)
        // What retention has removed is at no time.
        if (seen[spaceOf[entry] ?? 0] && firsts[entry] !== Number.POSITIVE_INFINITY) count += 1;
      return count;
    },
    touched(scope) {
      let sum = 0;
      for (const { object, count } of touches.values()) if (seesObject(scope, object)) sum += count;
      return sum;
    },
  };
}
