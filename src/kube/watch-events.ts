import { createBackoff } from '../lib/backoff.ts';
import { type Channel, createChannel } from '../lib/channel.ts';
import { type Clock, sleep } from '../lib/clock.ts';
import { HarkError } from '../lib/errors.ts';
import { MINUTE } from '../lib/time.ts';
import { ApiFailure, statusOf } from './api-failure.ts';
import type { Cluster } from './cluster.ts';
import { createEventResource } from './event-resource.ts';
import type { EventScope } from './event-scope.ts';
import { type FoundScopes, findScopes } from './find-scopes.ts';
import { trackTroubles } from './troubles.ts';
import type { WatchCursor, WatchItem } from './watch-item.ts';
import { watchScope } from './watch-scope.ts';
import type { WatchSession } from './watch-session.ts';

export interface WatchOptions {
  /** Namespaces to watch; the whole cluster when absent. */
  readonly namespaces?: readonly string[] | undefined;
  /** Where an earlier watch stood, by namespace ('' = the whole cluster). */
  readonly resume?: ReadonlyMap<string, WatchCursor>;
  /** UID of the kube-system namespace that `resume` belongs to; undefined when it may not be read. */
  readonly uid?: string | undefined;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Between 0 and 1; default `Math.random`. */
  readonly random?: () => number;
}

/** How often namespaces are looked for that have appeared, where they are watched one by one. */
const LOOK_FOR_NAMESPACES = 5 * MINUTE;

/**
 * Lists and watches the Events of a cluster until the signal aborts, yielding together what arrived together: see `WatchItem` for what the items
 * promise. It mends by itself what can be mended (expired resourceVersions, lost connections, servers that restart, throttle or are rebuilt)
 * and waits no longer than 30 s between tries, unless the server asks for more. Where the whole cluster may not be read, the namespaces are
 * that may, each by a watch of its own.
 *
 * Nothing is read ahead: what the consumer does not take stays with the server.
 *
 * @throws HarkError when the first try shows that none will work: `forbidden` (exit 4), `unauthorized` (exit 4), `credentials`, `cluster-tls`
 *   (exit 3). A cluster that cannot be reached is waited for
 */
export async function* watchEventGroups(
  cluster: Cluster,
  options: WatchOptions,
): AsyncGenerator<readonly WatchItem[], void> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const channel = createChannel<readonly WatchItem[]>();
  const running = runScopes(channel, options, createSession(cluster, options, signal)).then(
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

/** `watchEventGroups`, item by item. */
export async function* watchEvents(cluster: Cluster, options: WatchOptions): AsyncGenerator<WatchItem, void> {
  for await (const group of watchEventGroups(cluster, options)) {
    for (const item of group) yield item;
  }
}

function createSession(cluster: Cluster, options: WatchOptions, signal: AbortSignal): WatchSession {
  const { clock, uid, random = Math.random } = options;
  const troubles = trackTroubles(cluster.name);
  return { cluster, uid, clock, random, signal, troubles, initialEvents: true, broken: 0 };
}

/** Runs a watch for each scope, and goes on looking for new ones where only some namespaces may be read. */
async function runScopes(
  channel: Channel<readonly WatchItem[]>,
  options: WatchOptions,
  session: WatchSession,
): Promise<void> {
  const { signal, clock } = session;
  const open = new Map<string, Promise<void>>();

  function start(scope: EventScope, found: FoundScopes): void {
    const resume = options.resume?.get(scope.namespace) ?? options.resume?.get('');
    const run = pump(channel, session, scope, resume, found.partial).finally(() =>
      open.delete(scope.namespace),
    );
    open.set(scope.namespace, run);
    run.catch((error) => channel.close(error)); // The reader then fails, and ends the others.
  }

  for (let first = true; !signal.aborted; first = false) {
    const found = await findPatiently(channel, options, session, first);
    if (found === undefined) break;
    const notices = first ? describeScopes(session, found) : [];
    if (notices.length > 0) await channel.put(notices);
    for (const scope of found.scopes) if (!open.has(scope.namespace)) start(scope, found);
    if (!found.partial) break;
    await sleep(clock, LOOK_FOR_NAMESPACES, signal);
  }
  await Promise.allSettled(open.values());
}

/** Hands on what one scope yields. A namespace that was found, not asked for, may vanish or be closed to us: its watch ends, the others go on. */
async function pump(
  channel: Channel<readonly WatchItem[]>,
  session: WatchSession,
  scope: EventScope,
  resume: WatchCursor | undefined,
  expendable: boolean,
): Promise<void> {
  try {
    for await (const batch of watchScope(session, createEventResource(scope), resume, expendable))
      await channel.put(batch);
  } catch (error) {
    if (!expendable || statusOf(error) !== 403) throw error;
    const text = `no longer listening to namespace "${scope.namespace}": ${(error as Error).message}`;
    const at = session.clock.now();
    await channel.put([{ type: 'notice', level: 'warn', code: 'namespace-closed', text, at }]);
  }
}

/** Tries until the server answers. The first answer decides whether it makes sense at all; later ones only whether there is more to watch. */
async function findPatiently(
  channel: Channel<readonly WatchItem[]>,
  options: WatchOptions,
  session: WatchSession,
  first: boolean,
): Promise<FoundScopes | undefined> {
  const { clock, signal, troubles } = session;
  const backoff = createBackoff(session.random);
  while (!signal.aborted) {
    try {
      const found = await findScopes(session, options.namespaces);
      const notice = troubles.mended('scopes', clock.now());
      if (notice !== undefined) await channel.put([notice]);
      return found;
    } catch (error) {
      if (signal.aborted) return undefined;
      if (!(error instanceof HarkError)) throw error;
      const permanent = !(error instanceof ApiFailure) || error.permanent;
      if (permanent && first) throw error;
      const notice = troubles.failed('scopes', error, clock.now());
      if (notice !== undefined) await channel.put([notice]);
      const asked = error instanceof ApiFailure ? (error.answer?.retryAfter ?? 0) : 0;
      await sleep(clock, Math.max(backoff.next(), Math.min(asked, LOOK_FOR_NAMESPACES)), signal);
    }
  }
  return undefined;
}

function describeScopes({ cluster, clock }: WatchSession, found: FoundScopes): WatchItem[] {
  const at = clock.now();
  const refused = found.refused.map(({ failure }) => failure.message);
  const notices = refused.map(
    (text): WatchItem => ({ type: 'notice', level: 'warn', code: 'forbidden', text, at }),
  );
  if (!found.partial) return notices;
  const names = found.scopes.map((scope) => scope.namespace);
  const some =
    names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
  const text = `not allowed to list the Events of all of cluster "${cluster.name}": listening to ${names.length} of its namespaces: ${some}`;
  return [{ type: 'notice', level: 'warn', code: 'namespaces-only', text, at }];
}
