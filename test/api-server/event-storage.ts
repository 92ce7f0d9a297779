/** An Event as it is on the wire, in `v1` form; or any other object, with an empty namespace when it has none. */
export interface WireEvent {
  readonly metadata: { readonly name: string; readonly namespace: string; readonly resourceVersion?: string };
  readonly [field: string]: unknown;
}

/** One write of etcd. */
export interface Change {
  readonly revision: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly event: WireEvent;
}

/**
 * Events as etcd keeps them: every write has a revision, any revision since the last compaction can be listed, and changes after it can be
 * followed. The revision counts the writes of everything else as well.
 */
export interface EventStorage {
  /** The newest revision. */
  revision(): number;
  /** Revisions before this one are forgotten. */
  compacted(): number;
  /** Every Event as it was at a revision, in the order of etcd's keys: namespace, then name. */
  listAt(revision: number): WireEvent[];
  changesAfter(revision: number): Change[];
  /** Adds an Event, or replaces the one of that namespace and name. */
  write(event: WireEvent): void;
  remove(namespace: string, name: string): void;
  /** Something else is written: the revision rises. */
  advance(by?: number): void;
  /** Forgets every state before the newest. */
  compact(): void;
  /** Calls back after each change, until the returned function is called. */
  follow(onChange: (change: Change) => void): () => void;
}

/**
 * @param events the Events there are; those with a resourceVersion keep it
 * @param revision what the newest revision is at least
 */
export function createEventStorage(events: readonly WireEvent[], revision = 1): EventStorage {
  const changes: Change[] = [];
  const followers = new Set<(change: Change) => void>();
  const current = new Map<string, WireEvent>();
  let newest = Math.max(revision, ...events.map((event) => Number(event.metadata.resourceVersion ?? 0)));
  let compactedTo = 0;

  function stateAt(at: number): Map<string, WireEvent> {
    const state = new Map<string, WireEvent>();
    for (const { revision: written, type, event } of changes) {
      if (written > at) break;
      if (type === 'DELETED') state.delete(keyOf(event));
      else state.set(keyOf(event), event);
    }
    return state;
  }

  function record(type: Change['type'], event: WireEvent, at: number): void {
    const metadata = { ...event.metadata, resourceVersion: String(at) };
    const change = { revision: at, type, event: { ...event, metadata } };
    changes.push(change);
    if (type === 'DELETED') current.delete(keyOf(event));
    else current.set(keyOf(event), change.event);
    for (const onChange of followers) onChange(change);
  }

  const seeded = events.map((event, index) => ({
    event,
    at: Number(event.metadata.resourceVersion ?? newest - events.length + index + 1),
  }));
  for (const { event, at } of seeded.sort((a, b) => a.at - b.at)) record('ADDED', event, at);

  return {
    revision: () => newest,
    compacted: () => compactedTo,
    listAt: (at) => [...stateAt(at).values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
    changesAfter: (at) => changes.filter((change) => change.revision > at),
    write(event) {
      const known = current.has(keyOf(event));
      newest += 1;
      record(known ? 'MODIFIED' : 'ADDED', event, newest);
    },
    remove(namespace, name) {
      const event = current.get(`${namespace}/${name}`);
      if (event === undefined) throw new Error(`there is no Event ${namespace}/${name} to remove`);
      newest += 1;
      record('DELETED', event, newest);
    },
    advance(by = 1) {
      newest += by;
    },
    compact() {
      compactedTo = newest;
    },
    follow(onChange) {
      followers.add(onChange);
      return () => followers.delete(onChange);
    },
  };
}

function keyOf(event: WireEvent): string {
  return `${event.metadata.namespace}/${event.metadata.name}`;
}
