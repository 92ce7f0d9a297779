import { compareText } from '../events/compare-events.ts';
import type { RecordedEvent } from '../events/event.ts';
import { identify } from '../events/identity.ts';
import type { Micros } from '../lib/time.ts';
import { type Change, identifyChange } from '../objects/change.ts';
import { mergeChanges } from '../objects/merge-changes.ts';
import { mergeObjects } from '../objects/merge-objects.ts';
import { hasOwnUid, type KubernetesObject, type ObjectId } from '../objects/object.ts';
import type { Story } from './story.ts';
import { type Atom, atomOfChange, atomsOfEvent, compareAtoms } from './tell/atom.ts';
import { finishStories, type Guest } from './tell/finish-story.ts';
import { type Home, openHomes } from './tell/homes.ts';
import { horizonAt } from './tell/horizon.ts';
import { joinNameless } from './tell/join-nameless.ts';
import { addAtoms, deletedAt, dropSource, type Life, openLife } from './tell/life.ts';
import { openNodeTroubles, type ReadHome } from './tell/node-troubles.ts';
import type { Causes } from './tell/seat-causes.ts';
import { tellWorkload } from './tell/tell-workload.ts';
import { type Owner, readWorkload } from './tell/workload.ts';
import { openUsedChanges } from './used-changes.ts';

/** Stories that grow with the record. What was added in which order makes no difference to what is told. */
export interface Stories {
  /** Adds an Event, or takes a later state of it in place of the one before. */
  addEvent(record: RecordedEvent): void;
  addObject(object: KubernetesObject): void;
  addChange(change: Change): void;
  /**
   * Every story, in the order they began. Only what was touched since the last call is told anew.
   *
   * @param asOf until when the record goes: what is silent for long by then counts as over. Default: the latest time in the record
   */
  tell(asOf?: Micros): readonly Story[];
  /** Until when the record goes. */
  latest(): Micros;
  /** The stories that are new or different since the last call of either, and the ids of those that are gone. */
  tellChanges(asOf?: Micros): { readonly told: readonly Story[]; readonly gone: readonly string[] };
}

interface Told {
  readonly stories: readonly Story[];
  readonly asOf: Micros;
  /** Until when it holds, as long as nothing is added. */
  readonly until: Micros;
}

const NO_LIVES: readonly Life[] = [];

export function openStories(): Stories {
  const touched = new Set<Home>();
  const told = new Map<Home, Told>();
  /** Where what is known from a source is kept: nearly always in one place. */
  const places = new Map<string, Life | readonly Life[]>();
  const homesByUid = new Map<string, Home>();
  const nodeTroubles = openNodeTroubles(readHome);
  const guestsOf = new Map<Home, readonly Guest[]>();
  /** By cluster and name: the change with which a namespace's end began. */
  const namespaceEnds = new Map<string, Atom>();
  let latest: Micros = 0;
  let toldAsOf: Micros = Number.NEGATIVE_INFINITY;
  /** The earliest time at which something that was told may be over by silence. */
  let holdsUntil: Micros = Number.POSITIVE_INFINITY;
  const homes = openHomes((top) => touched.add(top));
  const usedChanges = openUsedChanges(homes.find, homes.ofKind, (home) => touched.add(homes.top(home)));

  /** The home of what an Event speaks of; found by the uid where it is known, which is shorter than its name. */
  function homeOfSpoken(spoken: ObjectId): Home {
    if (!hasOwnUid(spoken)) return homes.at(spoken);
    const known = homesByUid.get(spoken.uid);
    if (known !== undefined && isSameName(known.id, spoken)) return known;
    const home = homes.at(spoken);
    homesByUid.set(spoken.uid, home);
    return home;
  }

  /** The life that happenings are kept with. */
  function lifeIn(home: Home, object: ObjectId, own: Home): Life {
    const place = placeOf(home, object, own);
    const known = home.lives.get(place);
    if (known !== undefined) {
      known.object = fuller(known.object, object);
      return known;
    }
    const life = openLife(lifeKey(own, object), own.key, object);
    home.lives.set(place, life);
    if (home.lives.size === 1) homes.appeared(home);
    touchOwned(home);
    return life;
  }

  /** Those that keep their own stories name who is above them. */
  function touchOwned(home: Home): void {
    for (const owned of home.owned) if (homes.top(owned) !== homes.top(home)) touched.add(homes.top(owned));
  }

  function place(source: string, atoms: readonly Atom[], own: Home): void {
    for (const life of placesOf(source)) dropSource(life, source);
    if (own.id.kind !== 'CronJob') {
      places.set(source, placeAt(own, atoms, own));
      return;
    }
    const byHome = Map.groupBy(atoms, (atom) => homeOf(atom, own));
    const lives = [...byHome].map(([home, sent]) => placeAt(home, sent, own));
    places.set(source, lives.length === 1 && lives[0] !== undefined ? lives[0] : lives);
  }

  function placeAt(home: Home, atoms: readonly Atom[], own: Home): Life {
    const life = lifeIn(home, atoms[0]?.object ?? home.id, own);
    addAtoms(life, atoms);
    touched.add(homes.top(home));
    return life;
  }

  function placesOf(source: string): readonly Life[] {
    const known = places.get(source) ?? NO_LIVES;
    return 'atoms' in known ? [known] : known;
  }

  /** Where a happening is told: with its object, or (a CronJob's words about one of its Jobs) with that Job. */
  function homeOf({ object, claim, claimed }: Atom, own: Home): Home {
    return claim?.kind === 'Job' && claimed !== ''
      ? homes.at(named(object, 'Job', claim.name), claimed)
      : own;
  }

  function learnClaims(atoms: readonly Atom[], own: Home): void {
    for (const { claim, claimed, object } of atoms) {
      if (claim === undefined || claimed === '') continue;
      if (claim.does === 'schedules' || claim.does === 'rescales') continue;
      homes.learnClaim(own, homes.at(named(object, claim.kind, claim.name), claimed));
    }
  }

  function readHome(home: Home, asOf: Micros): ReadHome | undefined {
    const lives: Life[] = [];
    for (const each of homes.below(home)) addLives(lives, each);
    if (lives.length === 0) return undefined;
    const isNodeTroubled = (node: string, at: Micros) =>
      nodeTroubles.isTroubled(home, homes.at(named(home.id, 'Node', node)), at, asOf);
    const workload = readWorkload(
      home.known === undefined ? home.id : idOf(home.known),
      home.key,
      lives,
      horizonAt(asOf),
      isNodeTroubled,
      namespaceEndOf(home),
      ownerOf(home),
    );
    return { workload, plots: tellWorkload(workload) };
  }

  function namespaceEndOf({ id }: Home): Atom | undefined {
    if (id.namespace === '' || id.kind === 'Namespace' || namespaceEnds.size === 0) return undefined;
    return namespaceEnds.get(`${id.cluster}/${id.namespace}`);
  }

  /** Notes when a namespace's end began, and who is to be told anew for it. */
  function noteNamespace(namespace: ObjectId): void {
    const { cluster, name } = namespace;
    const key = `${cluster}/${name}`;
    const { lives } = homes.at(namespace);
    const changes = [...lives.values()].flatMap((life) => life.changes);
    const ends = changes.filter(({ change }) => change?.type === 'deleting' || change?.type === 'deleted');
    const [first] = ends.sort(compareAtoms);
    if (first === namespaceEnds.get(key)) return;
    if (first === undefined) namespaceEnds.delete(key);
    else namespaceEnds.set(key, first);
    for (const home of told.keys()) if (home.id.namespace === name) touched.add(home);
  }

  function tellHome(home: Home, asOf: Micros): readonly Story[] {
    const read = nodeTroubles.takeRead(home) ?? readHome(home, asOf);
    if (read === undefined) return [];
    const isInferred = home.known === undefined && home.lives.size === 0;
    const seated = isNode(home) ? guestsAt(home) : [];
    const causes: Causes = {
      findCause: (target) => usedChanges.findCause(home, target),
      findMending: (trouble) => usedChanges.findMending(home, trouble),
      findApplied: (object, before) => usedChanges.findApplied(home, object, before),
    };
    const { stories, guests } = finishStories(read.workload, read.plots, isInferred, causes, seated);
    if (guests.length > 0) guestsOf.set(home, guests);
    const until = read.workload.horizon.next();
    holdsUntil = Math.min(holdsUntil, until);
    told.set(home, { stories, asOf, until });
    return stories;
  }

  function guestsAt(node: Home): Guest[] {
    const guests: Guest[] = [];
    for (const [home, sent] of guestsOf)
      if (home.id.cluster === node.id.cluster)
        guests.push(...sent.filter((guest) => guest.node === node.id.name));
    return guests;
  }

  function refresh(asOf: Micros): { told: Story[]; gone: string[] } {
    if (asOf >= holdsUntil || asOf < toldAsOf) {
      holdsUntil = Number.POSITIVE_INFINITY;
      for (const [home, { asOf: toldAs, until }] of told) {
        if (asOf >= until || asOf < toldAs) touched.add(home);
        else holdsUntil = Math.min(holdsUntil, until);
      }
    }
    toldAsOf = asOf;
    for (const home of [...touched])
      if (isNode(home)) for (const asker of nodeTroubles.refresh(home, asOf)) touched.add(asker);
    const changed: Story[] = [];
    const gone = new Set<string>();
    const tellAnew = (home: Home) => {
      for (const story of told.get(home)?.stories ?? []) gone.add(story.id);
      told.delete(home);
      if (homes.top(home) === home) changed.push(...tellHome(home, asOf));
    };
    const hosts = new Set([...touched].filter(isNode));
    const hostOf = (home: Home) => {
      for (const { node } of guestsOf.get(home) ?? []) hosts.add(homes.at(named(home.id, 'Node', node)));
    };
    for (const home of touched) {
      if (isNode(home)) continue;
      hostOf(home);
      guestsOf.delete(home);
      tellAnew(home);
      hostOf(home);
    }
    for (const home of hosts) tellAnew(home);
    for (const story of changed) gone.delete(story.id);
    touched.clear();
    nodeTroubles.forgetRead();
    return { told: changed, gone: [...gone] };
  }

  return {
    addEvent(record) {
      const source = `${record.cluster}/${identify(record.event)}`;
      const spoken = objectOf(record);
      const home = homeOfSpoken(spoken);
      const object = sharedIn(home, spoken);
      const atoms = atomsOfEvent(record, source, object);
      learnClaims(atoms, home);
      place(source, atoms, home);
      latest = Math.max(latest, atoms.at(-1)?.at ?? 0, record.deletedAt ?? 0);
    },
    addObject(object) {
      homes.learnObject(object);
      const home = homes.at(object);
      const life = lifeIn(home, idOf(object), home);
      life.known = life.known === undefined ? object : mergeObjects(life.known, object);
      touched.add(homes.top(home));
      usedChanges.learn(home.known ?? object);
      touchOwned(home);
      latest = Math.max(latest, object.deletedAt ?? 0);
    },
    addChange(reported) {
      const source = identifyChange(reported);
      const [life] = placesOf(source);
      const known = life?.changes.find((atom) => atom.source === source)?.change;
      const change = known === undefined ? reported : mergeChanges(known, reported);
      if (change === known) return;
      const atom = atomOfChange(change);
      const home = homes.at(atom.object);
      place(source, [atom], home);
      if (change.type === 'deleted') touchOwned(home);
      latest = Math.max(latest, atom.at);
      usedChanges.changed(atom);
      if (change.object.kind === 'Namespace') noteNamespace(change.object);
    },
    tell(asOf = latest) {
      refresh(asOf);
      return [...told.values()].flatMap((each) => each.stories).sort(compareStories);
    },
    tellChanges: (asOf = latest) => refresh(asOf),
    latest: () => latest,
  };
}

/** The owner above a home whose stories are told by themselves. */
function ownerOf({ owner }: Home): Owner | undefined {
  if (owner === undefined) return undefined;
  const lives = [...owner.lives.values()].sort((a, b) => (a.key > b.key ? -1 : 1));
  return {
    id: owner.known === undefined ? (lives[0]?.object ?? owner.id) : idOf(owner.known),
    isGone: lives.length > 0 && lives.every((life) => deletedAt(life) !== undefined),
  };
}

function isSameName(a: ObjectId, b: ObjectId): boolean {
  return a.name === b.name && a.kind === b.kind && a.namespace === b.namespace && a.cluster === b.cluster;
}

/** One object for all that speak of the same incarnation in the same words. */
function sharedIn(home: Home, object: ObjectId): ObjectId {
  const known = home.lives.get(placeOf(home, object, home))?.object;
  return known !== undefined &&
    known.apiVersion === object.apiVersion &&
    known.uid === object.uid &&
    known.namespace === object.namespace
    ? known
    : object;
}

/** Where a home keeps a life: by its uid; what another home sends, by all of its key. */
function placeOf(home: Home, object: ObjectId, own: Home): string {
  if (home !== own) return lifeKey(own, object);
  return hasOwnUid(object) ? object.uid : '';
}

function lifeKey(home: Home, object: ObjectId): string {
  return hasOwnUid(object) ? `${home.key}/${object.uid}` : home.key;
}

function isNode(home: Home): boolean {
  return home.id.kind === 'Node';
}

function objectOf({ cluster, event }: RecordedEvent): ObjectId {
  const { apiVersion, kind, namespace, name, uid } = event.involvedObject;
  return { cluster, apiVersion, kind, namespace, name, uid };
}

/** Which object it is, without what else is known of it. */
function idOf({ cluster, apiVersion, kind, namespace, name, uid }: ObjectId): ObjectId {
  return { cluster, apiVersion, kind, namespace, name, uid };
}

/** Adds all incarnations that are kept at a home. */
function addLives(lives: Life[], home: Home): void {
  if (home.lives.size === 0) return;
  if (home.lives.size === 1)
    for (const life of home.lives.values())
      if (life.name !== home.key || life.key !== life.name) {
        lives.push(life);
        return;
      }
  for (const [name, sameName] of Map.groupBy(home.lives.values(), (life) => life.name))
    lives.push(...joinNameless(sameName, name === home.key ? home.known : undefined));
}

/** By when they began, then by what they are about. */
export function compareStories(a: Story, b: Story): number {
  return a.from - b.from || compareText(a.object.name, b.object.name) || compareText(a.id, b.id);
}

function named(near: ObjectId, kind: string, name: string): ObjectId {
  return { cluster: near.cluster, apiVersion: '', kind, namespace: near.namespace, name, uid: '' };
}

/** Of two ways to tell the same object, the one that says more. */
function fuller(a: ObjectId, b: ObjectId): ObjectId {
  if (a.apiVersion === b.apiVersion) return a.uid >= b.uid ? a : b;
  return a.apiVersion > b.apiVersion ? a : b;
}
