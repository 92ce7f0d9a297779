import type { RecordedEvent } from '../events/event.ts';
import type { KubernetesObject, ObjectId } from '../objects/object.ts';
import { type Home, openHomes } from './tell/homes.ts';
import { readClaim } from './tell/read-claim.ts';

/** An object, and what it owns. */
export interface OwnedObject {
  /** Its uid is empty: all incarnations of the name are meant. */
  readonly id: ObjectId;
  /** How its owner is known: read from the object, told by a message, or concluded from its name; undefined of the one at the top. */
  readonly ownedBy: 'object' | 'message' | 'name' | undefined;
  /** Its incarnations, as far as they were read. */
  readonly incarnations: readonly KubernetesObject[];
  /** In the order of their names. */
  readonly owned: readonly OwnedObject[];
}

/** Who owns whom, as far as objects, the messages of controllers and names tell. The same whatever came first. */
export interface Ownership {
  addObject(object: KubernetesObject): void;
  /** Learns that there is what the Event speaks of, and what its messages say was made. */
  addEvent(record: Pick<RecordedEvent, 'cluster' | 'event' | 'points'>): void;
  /** The objects that are meant, each with all that it owns, and that these own, and so on. */
  find(isMeant: (id: ObjectId) => boolean): OwnedObject[];
  /** Whether an object is meant, or owned by one that is, directly or not. */
  isUnder(id: ObjectId, isMeant: (id: ObjectId) => boolean): boolean;
}

/** Owners above owners, at most; so circles end. */
const DEEPEST = 16;

export function openOwnership(): Ownership {
  const homes = openHomes(() => {});
  const known = new Map<string, Home>();
  const read = new Map<Home, KubernetesObject[]>();

  function takeTree(
    home: Home,
    ownedBy: OwnedObject['ownedBy'],
    above: ReadonlySet<Home> = new Set(),
  ): OwnedObject {
    const path = new Set([...above, home]);
    const owned = [...home.owned].filter((each) => !path.has(each) && !isScaler(each.id)).sort(byKey);
    return {
      id: home.id,
      ownedBy,
      incarnations: read.get(home) ?? [],
      owned: owned.map((each) => takeTree(each, each.ownedBy, path)),
    };
  }

  function homeOf(id: ObjectId): Home {
    const home = homes.at(id);
    known.set(home.key, home);
    for (let { owner } = home; owner !== undefined && !known.has(owner.key); { owner } = owner)
      known.set(owner.key, owner);
    return home;
  }

  return {
    addObject(object) {
      homes.learnObject(object);
      const home = homeOf(object);
      read.set(home, [...(read.get(home) ?? []), object]);
    },
    addEvent(record) {
      const home = homeOf(spokenOf(record));
      for (const made of readMade(record)) {
        homes.learnClaim(home, homes.at(made));
        homeOf(made);
      }
    },
    find: (isMeant) =>
      joinSpellings(
        [...known.values()]
          .filter(({ id }) => isMeant(id))
          .sort(byKey)
          .map((home) => takeTree(home, undefined)),
      ),
    isUnder(id, isMeant) {
      let home: Home | undefined = homeOf(id);
      for (let depth = 0; home !== undefined && depth < DEEPEST; depth++) {
        if (isMeant(home.id)) return true;
        if (isScaler(home.id)) return false;
        home = home.owner;
      }
      return false;
    },
  };
}

/** What lives in no namespace may own what does: the one object goes by several namespaces then. */
function joinSpellings(trees: readonly OwnedObject[]): OwnedObject[] {
  const joined = new Map<string, OwnedObject>();
  for (const tree of trees) {
    const bare = JSON.stringify([tree.id.cluster, tree.id.kind, tree.id.name]);
    const whole = joined.get(bare);
    // Those without a namespace come first.
    if (whole?.id.namespace === '') joined.set(bare, { ...whole, owned: [...whole.owned, ...tree.owned] });
    else joined.set(tree.id.namespace === '' ? bare : `${bare}${tree.id.namespace}`, tree);
  }
  return [...joined.values()];
}

/** What scales an object is told with it, but is not its own. */
function isScaler({ kind }: ObjectId): boolean {
  return kind === 'HorizontalPodAutoscaler';
}

function byKey(a: Home, b: Home): number {
  return a.key < b.key ? -1 : 1;
}

function spokenOf({ cluster, event }: Pick<RecordedEvent, 'cluster' | 'event'>): ObjectId {
  const { apiVersion, kind, namespace, name, uid } = event.involvedObject;
  return { cluster, apiVersion, kind, namespace, name, uid };
}

/** What a controller says it made, of all that its Event ever said. */
function readMade(record: Pick<RecordedEvent, 'cluster' | 'event' | 'points'>): ObjectId[] {
  const { event, points, cluster } = record;
  const messages = new Set([event.message, ...points.map(({ message }) => message)]);
  return [...messages].flatMap((message) => {
    const claim = readClaim(event.reason, message);
    if (claim === undefined || claim.kind === '' || claim.name === '') return [];
    if (claim.does === 'schedules' || claim.does === 'rescales') return [];
    const { namespace } = event.involvedObject;
    return [{ cluster, apiVersion: '', kind: claim.kind, namespace, name: claim.name, uid: '' }];
  });
}
