import { createBackoff } from '../lib/backoff.ts';
import { type Channel, createChannel } from '../lib/channel.ts';
import { type Clock, sleep } from '../lib/clock.ts';
import { HarkError } from '../lib/errors.ts';
import { MINUTE } from '../lib/time.ts';
import { ApiFailure, statusOf } from './api-failure.ts';
import type { Cluster } from './cluster.ts';
import { describeRefused } from './describe-refused.ts';
import { type FoundObjectScopes, findObjectScopes, kindsOf } from './find-object-scopes.ts';
import { createOwnerFinder, type OwnerFinder } from './find-owners.ts';
import { createOwnerLookUp, OBJECTS_NOTICE } from './look-up-owners.ts';
import { createObjectResource, type ObjectItem, type ObjectScope, pathOf } from './object-resource.ts';
import { trackTroubles } from './troubles.ts';
import type { WatchItem } from './watch-item.ts';
import { watchScope } from './watch-scope.ts';
import type { WatchSession } from './watch-session.ts';
import {
  findAppliers,
  mainKinds,
  type ObjectForm,
  referredKinds,
  resourceName,
  type WatchedKind,
} from './watched-kinds.ts';

/** What list and watch tell of one kind's objects, together as it arrived. */
export interface ObjectGroup {
  /** Undefined for owners that were looked up one by one, and for notices. */
  readonly scope: ObjectScope | undefined;
  readonly items: readonly WatchItem<ObjectItem>[];
}

export interface WatchObjectsOptions {
  /** Whether the main kinds are read whole; those that others refer to never are. */
  readonly form: ObjectForm;
  /** Namespaces to watch; the whole cluster when absent. Kinds that have none are watched all the same. */
  readonly namespaces?: readonly string[] | undefined;
  /** UID of the kube-system namespace; undefined when it may not be read. */
  readonly uid?: string | undefined;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Between 0 and 1; default `Math.random`. */
  readonly random?: () => number;
}

/** How often what may not be watched, or is not served, is tried again. */
const TRY_REFUSED = 30 * MINUTE;

/** What the watch of Events tells of the whole cluster anyway. */
const TOLD_BY_EVENTS: ReadonlySet<string> = new Set([
  'cluster-unreachable',
  'cluster-starting',
  'connected-again',
]);

/**
 * Lists and watches the objects of a cluster until the signal aborts: Pods, what makes them, and what they refer to; owners of any other kind are
 * looked up by their references, to the top. Each kind is watched as far as permissions go; those that may not be are told in one line, and
 * tried again now and then. It never fails for lack of permissions or of an answer. Contents of Secrets and ConfigMaps are never asked for.
 *
 * Nothing is read ahead, and nothing held but who owns what of kinds that are not watched.
 */
export async function* watchObjectGroups(
  cluster: Cluster,
  options: WatchObjectsOptions,
): AsyncGenerator<ObjectGroup, void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const channel = createChannel<ObjectGroup>();
  const running = runKinds(channel, options, createSession(cluster, options, signal)).then(
    () => channel.close(),
    (error) => channel.close(error),
  );
  try {
    yield* channel.values();
  } finally {
    stop.abort();
    channel.close();
    await running;
  }
}

function createSession(cluster: Cluster, options: WatchObjectsOptions, signal: AbortSignal): WatchSession {
  const { clock, uid, random = Math.random } = options;
  const troubles = trackTroubles(cluster.name);
  return { cluster, uid, clock, random, signal, troubles, initialEvents: true, broken: 0 };
}

/** What the watches of all kinds share. */
interface Watching {
  readonly channel: Channel<ObjectGroup>;
  readonly session: WatchSession;
  readonly owners: OwnerFinder;
  /** By path. */
  readonly open: Map<string, Promise<void>>;
}

async function runKinds(
  channel: Channel<ObjectGroup>,
  options: WatchObjectsOptions,
  session: WatchSession,
): Promise<void> {
  const { signal, clock, cluster } = session;
  const watched = new Set<string>();
  const owners = createOwnerFinder(cluster, clock, ({ group, kind }) => watched.has(`${group}/${kind}`));
  const watching: Watching = { channel, session, owners, open: new Map() };
  let said = '';
  while (!signal.aborted) {
    const found = await findPatiently(session, options);
    if (found === undefined) break;
    for (const { group, kind } of kindsOf(found)) watched.add(`${group}/${kind}`);
    const line = describeRefused(cluster.name, found);
    if (line !== '' && line !== said) await tell(watching, line);
    if (line === '' && said !== '') await tell(watching, `changes of all kinds are told now`, 'info');
    said = line;
    for (const scope of found.scopes) start(watching, scope);
    await sleep(clock, TRY_REFUSED, signal);
  }
  await Promise.allSettled(watching.open.values());
}

function start(watching: Watching, scope: ObjectScope): void {
  const { open, channel } = watching;
  const path = pathOf(scope);
  if (open.has(path)) return;
  const run = pump(watching, scope).finally(() => open.delete(path));
  open.set(path, run);
  run.catch((error) => channel.close(error)); // A bug: the reader then fails, and ends the others.
}

/** Tries until the server answers; what is wrong is told by the watch of Events. */
async function findPatiently(
  session: WatchSession,
  { form, namespaces }: WatchObjectsOptions,
): Promise<FoundObjectScopes | undefined> {
  const { clock, signal, cluster } = session;
  const backoff = createBackoff(session.random);
  while (!signal.aborted) {
    try {
      const kinds = [...mainKinds(form), ...referredKinds(form), ...(await findAppliersIfAllowed(session))];
      return await findObjectScopes({ cluster, clock, signal }, kinds, namespaces);
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!(error instanceof HarkError)) throw error;
      const asked = error instanceof ApiFailure ? (error.answer?.retryAfter ?? 0) : 0;
      await sleep(clock, Math.max(backoff.next(), Math.min(asked, 5 * MINUTE)), signal);
    }
  }
  return undefined;
}

async function findAppliersIfAllowed({ cluster, clock, signal }: WatchSession): Promise<WatchedKind[]> {
  try {
    return await findAppliers(cluster, { clock, signal });
  } catch (error) {
    if ([403, 404].includes(statusOf(error))) return [];
    throw error;
  }
}

/** Hands on what one kind's watch yields, and who owns the objects. A kind that is no longer allowed ends, the others go on. */
async function pump(watching: Watching, scope: ObjectScope): Promise<void> {
  const { channel, session, owners } = watching;
  const resource = createObjectResource(scope);
  const lookUp = createOwnerLookUp(session, owners, (items) => channel.put({ scope: undefined, items }));
  try {
    for await (const batch of watchScope(session, resource, undefined, true)) {
      const items = batch.filter((item) => item.type !== 'notice' || !TOLD_BY_EVENTS.has(item.code));
      if (items.length > 0) await channel.put({ scope, items });
      lookUp.add(items.flatMap((item) => ('object' in item && item.type !== 'deleted' ? [item.object] : [])));
    }
  } catch (error) {
    if (!(error instanceof HarkError)) throw error;
    await tell(watching, `changes of ${resourceName(scope.kind)} are no longer told: ${error.message}`);
  } finally {
    await lookUp.ended();
  }
}

async function tell(
  { channel, session }: Watching,
  text: string,
  level: 'info' | 'warn' = 'warn',
): Promise<void> {
  const at = session.clock.now();
  await channel.put({ scope: undefined, items: [{ type: 'notice', level, code: OBJECTS_NOTICE, text, at }] });
}
