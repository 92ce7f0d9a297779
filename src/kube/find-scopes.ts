import type { EventForm } from '../events/event.ts';
import type { Clock } from '../lib/clock.ts';
import { type ApiFailure, statusOf } from './api-failure.ts';
import type { Cluster } from './cluster.ts';
import { type EventScope, eventsPath } from './event-scope.ts';
import { listNamespaces } from './list-namespaces.ts';
import { requestJson } from './read-answer.ts';

/** What may be read of what was asked for. */
export interface FoundScopes {
  readonly scopes: readonly EventScope[];
  /** Whether only some namespaces may be read although all were wanted. */
  readonly partial: boolean;
  /** Namespaces asked for by name that may not be read, each with the server's reason. */
  readonly refused: readonly { readonly namespace: string; readonly failure: ApiFailure }[];
}

interface Asking {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Both serve the same Events; permissions may be given for one of them only. */
const APIS: readonly EventForm[] = ['v1', 'events.k8s.io/v1'];

/** How many namespaces are asked about at once. */
const AT_ONCE = 8;

/**
 * Finds out which Events may be listed, by listing one of each: all; else those of each namespace there is (where namespaces may not be listed, of the
 * context's own). The one group `v1` is used wherever it may be, for both hold the same.
 *
 * @param wanted namespaces asked for by name; undefined for the whole cluster
 * @throws ApiFailure `forbidden` when nothing may be listed, and what else goes wrong
 */
export async function findScopes(
  asking: Asking,
  wanted: readonly string[] | undefined,
): Promise<FoundScopes> {
  const all = wanted === undefined ? await tryScope(asking, '') : undefined;
  if (all?.scope !== undefined) return { scopes: [all.scope], partial: false, refused: [] };
  const namespaces = wanted ?? (await listNamespaces(asking));
  const tries = await tryEach(asking, namespaces);
  const scopes = tries.flatMap(({ scope }) => (scope === undefined ? [] : [scope]));
  const refused = tries.flatMap(({ namespace, failure }) =>
    failure === undefined ? [] : [{ namespace, failure }],
  );
  const failure = all?.failure ?? refused[0]?.failure;
  if (scopes.length === 0 && failure !== undefined) throw failure;
  return { scopes, partial: wanted === undefined, refused: wanted === undefined ? [] : refused };
}

interface Try {
  readonly namespace: string;
  readonly scope: EventScope | undefined;
  readonly failure: ApiFailure | undefined;
}

async function tryScope(asking: Asking, namespace: string): Promise<Try> {
  let failure: ApiFailure | undefined;
  for (const api of APIS) {
    const request = { path: eventsPath({ api, namespace }), query: { limit: '1' }, signal: asking.signal };
    try {
      await requestJson(asking.cluster, request, 'list Events', asking.clock);
      return { namespace, scope: { api, namespace }, failure: undefined };
    } catch (error) {
      if (statusOf(error) !== 403) throw error;
      failure ??= error as ApiFailure;
    }
  }
  return { namespace, scope: undefined, failure };
}

async function tryEach(asking: Asking, namespaces: readonly string[]): Promise<Try[]> {
  const tries: Try[] = [];
  for (let at = 0; at < namespaces.length; at += AT_ONCE) {
    const some = namespaces.slice(at, at + AT_ONCE);
    tries.push(...(await Promise.all(some.map((namespace) => tryScope(asking, namespace)))));
  }
  return tries;
}
