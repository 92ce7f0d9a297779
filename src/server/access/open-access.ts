import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Clock, sleep } from '../../lib/clock.ts';
import { MILLISECOND, type Micros, SECOND } from '../../lib/time.ts';
import type { Served } from '../served.ts';
import { createAnswerCache } from './answer-cache.ts';
import type { Authenticator } from './authenticate.ts';
import { type FoundScope, findScope, type ScopeWish } from './find-scope.ts';
import { digestIdentity, type Identity } from './identity.ts';
import type { KnownPlaces } from './known-places.ts';
import { createLapses } from './lapses.ts';
import {
  type Asked,
  CORE,
  checkFound,
  checkKubernetes,
  checkPath,
  EVENT_GROUPS,
  forbid,
  formatWarning,
  HISTORY,
  tellKubernetes,
  unknownAccess,
} from './refuse-access.ts';
import { type KubernetesAttributes, type RequestAttributes, readAttributes } from './request-attributes.ts';
import type { Reviewer } from './reviewer.ts';
import { formatScope } from './scope.ts';
import type { Views } from './views.ts';

/** Lets in who may see something, and shows them that alone. */
export interface Access {
  /**
   * Answers a request itself: of the part of the record that who asks may see, or that they may not. Undefined: they may see all of it, so the
   * server that serves it whole is to answer.
   *
   * @param note is told who asks, as soon as it is known
   * @throws HarkError `unauthorized`, `forbidden`, `access-unknown`
   */
  admit(
    request: FastifyRequest,
    reply: FastifyReply,
    note: (identity: Identity) => void,
  ): Promise<FastifyReply | undefined>;
  /** Looks, until the signal aborts, whether who is being answered still may see what they are told. */
  run(signal: AbortSignal): Promise<void>;
  readonly counts: AccessCounts;
}

export interface AccessCounts {
  readonly reviewers: readonly Reviewer[];
  readonly views: () => number;
  readonly ended: () => number;
}

export interface AccessOptions {
  readonly served: Served;
  readonly authenticator: Authenticator;
  /** The first is the one who knows the users. */
  readonly reviewers: readonly [Reviewer, ...Reviewer[]];
  readonly places: KnownPlaces;
  readonly views: Views;
  readonly clock: Clock;
  /** Told once why an API server cannot be asked, until it can be again. */
  readonly report: (error: Error) => void;
}

const LOOK_EVERY = 500 * MILLISECOND;
/** Nothing was asked whose answer would say how long it holds. */
const AT_MOST = 10 * SECOND;
/** What could not be asked is asked again so soon. */
const RETRY_AFTER = SECOND;
const MOST_SCOPES = 1_024;
export function openAccess(options: AccessOptions): Access {
  const { served, authenticator, reviewers, places, views, clock } = options;
  const failed = new Set<string>();
  const [home] = reviewers;
  const lapses = createLapses();
  const scopes = createAnswerCache<FoundScope>(clock, MOST_SCOPES, () => AT_MOST);

  async function find({ identity, wish }: Asked): Promise<FoundScope> {
    const recorded = new Set((await served.store.readClusters()).map(({ uid }) => uid));
    const key = `${digestIdentity(identity)} ${JSON.stringify(wish)} ${places.version()} ${[...recorded].sort()}`;
    const ask = async () => {
      const found = await findScope(reviewers, places, recorded, identity, wish);
      tellFailures(found);
      const retryAt = found.failures.length > 0 ? clock.now() + RETRY_AFTER : found.until;
      return { ...found, until: Math.min(found.until, retryAt) };
    };
    const { value } = await scopes.ask(key, ask);
    if (clock.now() < value.until) return value;
    scopes.forget(key);
    return (await scopes.ask(key, ask)).value;
  }

  /** Each once, until all can be asked again. */
  function tellFailures({ failures }: FoundScope): void {
    if (failures.length === 0) failed.clear();
    for (const failure of failures) {
      const error = failure instanceof Error ? failure : new Error(String(failure));
      if (!failed.has(error.message)) options.report(error);
      failed.add(error.message);
    }
  }

  /** @param check what else must be allowed, and until when it is believed to be; throws when it is not */
  async function enter(
    asked: Asked,
    found: FoundScope,
    request: FastifyRequest,
    reply: FastifyReply,
    check: (asked: Asked, found: FoundScope) => Promise<Micros> = async () => Number.POSITIVE_INFINITY,
  ): Promise<FastifyReply | undefined> {
    const { raw } = reply;
    const until = Math.min(found.until, await check(asked, found));
    if (found.failures.length > 0) reply.raw.setHeader('warning', formatWarning(found));
    lapses.hold(raw, {
      until,
      async ask() {
        // The token, too, may be nobody's by now.
        const identity = await authenticator.identify(request.raw);
        const again = { ...asked, identity };
        const now = await find(again);
        return describe(now) === describe(found) ? Math.min(now.until, await check(again, now)) : undefined;
      },
      end() {
        const message = 'what you may see has changed, or cannot be found out now';
        if (!served.live.end(raw, 'access-changed', message)) raw.destroy();
      },
    });
    if (found.isWhole) return undefined;
    const { app, done } = await views.enter(found.scope);
    reply.hijack();
    if (raw.closed) {
      done();
      return reply;
    }
    raw.once('close', done);
    app.routing(request.raw, raw);
    return reply;
  }

  async function admitTo(
    attributes: RequestAttributes,
    identity: Identity,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<FastifyReply | undefined> {
    switch (attributes.type) {
      case 'description':
        return undefined;
      case 'path':
        await checkPath(home, identity, attributes);
        return undefined;
      case 'record': {
        const { verbs, namespaces } = attributes;
        const asked = { identity, wish: { verbs, group: CORE, namespaces } };
        const found = await find(asked);
        checkFound(asked, found);
        return await enter(asked, found, request, reply);
      }
      case 'kubernetes': {
        const asked = { identity, wish: wishOf(attributes) };
        const found = await find(asked);
        checkFound(asked, found, attributes);
        checkKubernetes(identity, found, attributes, await served.store.readClusters());
        if (attributes.group !== HISTORY || attributes.resource === '')
          return await enter(asked, found, request, reply);
        return await enter(asked, found, request, reply, (who, seen) => checkHistory(who, seen, attributes));
      }
    }
  }

  /**
   * The group has permissions of its own, which the API server has asked about before it handed the request on: a direct request is asked about here.
   *
   * @returns until when that is believed
   */
  async function checkHistory(
    { identity }: Asked,
    { scope }: FoundScope,
    asked: KubernetesAttributes,
  ): Promise<Micros> {
    const { cluster, group, resource, namespace } = asked;
    let until = Number.POSITIVE_INFINITY;
    const known = await served.store.readClusters();
    for (const reviewer of reviewers) {
      // Of one that cannot be asked nothing is in the scope.
      const uid = await reviewer.uid().catch(() => '');
      const isMeant =
        cluster === undefined
          ? reviewer.isHome
          : known.some((one) => one.uid === uid && (uid === cluster || one.name === cluster));
      if (!isMeant || !scope.has(uid)) continue;
      for (const verb of asked.verbs) {
        const action = { verb, group, resource, namespace, name: '' };
        const answer = await reviewer.may(identity, action, 'named').catch((error: unknown) => {
          throw unknownAccess(error);
        });
        if (!answer.value) throw forbid(identity, verb, asked);
        until = Math.min(until, answer.until);
      }
    }
    return until;
  }

  return {
    async admit(request, reply, note) {
      const attributes = readAttributes(request.raw.url ?? '/', request.routeOptions.url);
      try {
        const identity = await authenticator.identify(request.raw);
        note(identity);
        return await admitTo(attributes, identity, request, reply);
      } catch (error) {
        if (attributes.type !== 'kubernetes') throw error;
        return tellKubernetes(reply, error, attributes);
      }
    },
    async run(signal) {
      let clusters = '';
      while (!signal.aborted) {
        await sleep(clock, LOOK_EVERY, signal);
        if (signal.aborted) break;
        const now = (await served.store.readClusters()).map(({ uid }) => uid).join();
        await lapses.check(clock.now(), now !== clusters);
        clusters = now;
        views.tidy();
      }
      await views.closeAll();
    },
    counts: { reviewers, views: views.size, ended: lapses.ended },
  };
}

/** What a scope shows. */
function describe({ scope, isWhole }: FoundScope): string {
  return isWhole ? 'all' : formatScope(scope);
}

function wishOf({ verbs, group, resource, namespace }: KubernetesAttributes): ScopeWish {
  const namespaces = namespace === '' ? [] : [namespace];
  if (resource === 'events' && EVENT_GROUPS.has(group)) return { verbs, group, namespaces };
  // Whoever may not watch Events does not by another name of theirs.
  if (resource === 'events' && group === HISTORY) return { verbs, group: CORE, namespaces };
  if (resource === '') return { verbs: ['list'], group: CORE, namespaces: [], isDiscovery: true };
  return { verbs: ['list'], group: CORE, namespaces };
}
