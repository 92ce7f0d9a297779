import type { Micros } from '../lib/time.ts';
import type { Change } from './change.ts';
import { changeOfEnd, changesOf } from './changes-of.ts';
import { changesOfRevisions } from './changes-of-revisions.ts';
import { type HeldStates, holdStates } from './hold-states.ts';
import type { KubernetesObject } from './object.ts';
import { type RawObject, textAt } from './raw-object.ts';
import { readObject } from './read-object.ts';
import { findRevised, REVISION_KINDS } from './read-revisions.ts';

/** What one more state of an object tells; no object when nothing of it is new. */
export interface TrackedObject {
  readonly object: KubernetesObject | undefined;
  readonly changes: readonly Change[];
}

/** What is concluded of an object beside what its states told. */
export interface Concluded {
  readonly object: KubernetesObject;
  readonly changes: readonly Change[];
}

/** Follows the objects of one cluster as they are listed and watched. */
export interface ObjectTracker {
  /**
   * @param trimmed as `trimObject` gives it
   * @param isListed whether a list showed it, so that nobody has heard what happened to it before
   */
  see(trimmed: RawObject, at: Micros, isListed?: boolean): TrackedObject;
  /** It is gone. */
  end(trimmed: RawObject, at: Micros): TrackedObject;
  /** Forgets those of a kind, of one namespace or all (empty), that are not among these: a list did not show them. Gives what was known of each last. */
  keepOnly(kind: string, apiVersion: string, namespace: string, uids: ReadonlySet<string>): RawObject[];
  /** What their revisions tell of the time before workloads were first listed; of each once. */
  conclude(at: Micros): Generator<Concluded, void>;
  /** How many objects are known. */
  readonly size: number;
  /** What their states take, packed. */
  readonly bytes: number;
}

interface Held {
  readonly states: HeldStates;
  /** Namespaces, by uid. */
  readonly namespaces: Map<string, string>;
}

/** Holds of each object what the next state of it is to be compared with, packed. */
export function trackObjects(cluster: string): ObjectTracker {
  const kinds = new Map<string, Held>();
  /** What is kept of a workload's templates, by the workload's uid; the kind of each workload of which nothing was concluded yet. */
  const revisions = new Map<string, Set<string>>();
  const unconcluded = new Map<string, string>();

  function kindOf(trimmed: RawObject): Held {
    const key = kindKey(textAt(trimmed, 'kind'), textAt(trimmed, 'apiVersion'));
    const known = kinds.get(key) ?? { states: holdStates(), namespaces: new Map<string, string>() };
    kinds.set(key, known);
    return known;
  }

  function see(trimmed: RawObject, at: Micros, isListed = false): TrackedObject {
    const uid = textAt(trimmed, 'metadata', 'uid');
    const held = kindOf(trimmed);
    const isNew = !held.states.has(uid);
    const previous = held.states.hold(uid, trimmed);
    if (previous === 'same') return { object: undefined, changes: [] };
    held.namespaces.set(uid, textAt(trimmed, 'metadata', 'namespace'));
    if (isNew) noteRevision(trimmed, uid, isListed);
    const object = readObject(trimmed, cluster, at);
    const isKnown = previous !== undefined && isSame(readObject(previous, cluster, at), object);
    return { object: isKnown ? undefined : object, changes: changesOf(previous, trimmed, at, cluster) };
  }

  function noteRevision(trimmed: RawObject, uid: string, isListed: boolean): void {
    const kind = textAt(trimmed, 'kind');
    if (REVISION_KINDS.has(kind) && isListed) unconcluded.set(uid, kind);
    const owner = findRevised(trimmed)?.uid ?? '';
    if (owner === '') return;
    const known = revisions.get(owner) ?? new Set();
    revisions.set(owner, known.add(uid));
  }

  function forget(held: Held, uid: string): void {
    held.states.drop(uid);
    held.namespaces.delete(uid);
    unconcluded.delete(uid);
    revisions.delete(uid);
  }

  function* conclude(at: Micros): Generator<Concluded, void> {
    const statesOf = (kind: string) => kinds.get(kindKey(kind, 'apps/v1'))?.states;
    for (const [uid, kind] of [...unconcluded]) {
      const workload = statesOf(kind)?.read(uid);
      const kept = statesOf(REVISION_KINDS.get(kind) ?? '');
      if (workload === undefined || kept === undefined) continue;
      unconcluded.delete(uid);
      const own = [...(revisions.get(uid) ?? [])].map((each) => kept.read(each));
      const known = own.filter((each) => each !== undefined);
      const changes = changesOfRevisions(workload, known, cluster);
      if (changes.length > 0) yield { object: readObject(workload, cluster, at), changes };
    }
  }

  return {
    see,
    end(trimmed, at) {
      forget(kindOf(trimmed), textAt(trimmed, 'metadata', 'uid'));
      return { object: readObject(trimmed, cluster, at, at), changes: [changeOfEnd(trimmed, at, cluster)] };
    },
    keepOnly(kind, apiVersion, namespace, uids) {
      const held = kindOf({ kind, apiVersion });
      const gone: RawObject[] = [];
      for (const [uid, own] of held.namespaces) {
        if ((namespace !== '' && own !== namespace) || uids.has(uid)) continue;
        const last = held.states.read(uid);
        if (last !== undefined) gone.push(last);
        forget(held, uid);
      }
      return gone;
    },
    conclude,
    get size() {
      return [...kinds.values()].reduce((sum, { states }) => sum + states.size, 0);
    },
    get bytes() {
      return [...kinds.values()].reduce((sum, { states }) => sum + states.bytes, 0);
    },
  };
}

function isSame(a: KubernetesObject, b: KubernetesObject): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** Versions of a group are the same kind. */
function kindKey(kind: string, apiVersion: string): string {
  return `${apiVersion.includes('/') ? apiVersion.split('/')[0] : ''}/${kind}`;
}
