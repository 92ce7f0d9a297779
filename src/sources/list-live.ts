import type { Event } from '../events/event.ts';
import { parseEvent } from '../events/parse-event.ts';
import type { EventQuery } from '../events/query.ts';
import { isExpired, statusOf } from '../kube/api-failure.ts';
import type { Cluster } from '../kube/cluster.ts';
import type { EventScope } from '../kube/event-scope.ts';
import { findScopes } from '../kube/find-scopes.ts';
import { listPages } from '../kube/list-pages.ts';
import type { Clock } from '../lib/clock.ts';
import { HarkError } from '../lib/errors.ts';

/** Items in a page of a list: what kubectl asks for is 500, which costs a round trip each. */
const PAGE = 2_000;
/** How often a list that the server forgot half-way is begun anew. */
const MOST_TRIES = 3;

export interface ListLiveOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told what a person should know: namespaces that were left out, Events that could not be read. */
  readonly onNotice: (text: string) => void;
}

/**
 * Lists the live Events that a query can be about, in no order, some perhaps twice: the API server applies what conditions it can, the rest is
 * for the caller. Where the whole cluster may not be read, the namespaces are that may.
 *
 * @throws ApiFailure
 */
export async function* listLive(
  cluster: Cluster,
  query: EventQuery,
  options: ListLiveOptions,
): AsyncGenerator<readonly Event[]> {
  const wanted = query.namespaces?.length ? query.namespaces : undefined;
  const scopes = (wanted ?? ['']).map((namespace): EventScope => ({ api: 'v1', namespace }));
  try {
    for (const scope of scopes) yield* listScope(cluster, scope, query, options);
  } catch (error) {
    if (statusOf(error) !== 403) throw error;
    yield* listAllowed(cluster, wanted, query, options);
  }
}

async function* listAllowed(
  cluster: Cluster,
  wanted: readonly string[] | undefined,
  query: EventQuery,
  options: ListLiveOptions,
): AsyncGenerator<readonly Event[]> {
  const found = await findScopes({ cluster, ...options }, wanted);
  for (const { failure } of found.refused) options.onNotice(failure.message);
  if (found.partial)
    options.onNotice(
      `Not allowed to list the Events of all of cluster "${cluster.name}": these are of ${tellNamespaces(found.scopes)}.`,
    );
  for (const scope of found.scopes) yield* listScope(cluster, scope, query, options);
}

function tellNamespaces(scopes: readonly EventScope[]): string {
  const names = scopes.map(({ namespace }) => namespace);
  if (names.length === 1) return `namespace ${names[0]}`;
  const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
  return `${names.length} of its namespaces: ${names.slice(0, 5).join(', ')}${more}`;
}

async function* listScope(
  cluster: Cluster,
  scope: EventScope,
  query: EventQuery,
  options: ListLiveOptions,
): AsyncGenerator<readonly Event[]> {
  const fieldSelector = selectFields(query, scope) || undefined;
  for (let tries = 1; ; tries++) {
    const limit = tries < MOST_TRIES ? PAGE : 0;
    try {
      for await (const items of listPages(cluster, {
        ...options,
        scope,
        limit,
        fieldSelector,
        mayBeInconsistent: true,
      }))
        yield items.flatMap((item) => readItem(item, scope, options));
      return;
    } catch (error) {
      if (!isExpired(error) || tries === MOST_TRIES) throw error;
    }
  }
}

function readItem(item: Uint8Array, scope: EventScope, options: ListLiveOptions): Event[] {
  try {
    const text = Buffer.from(item.buffer, item.byteOffset, item.byteLength).toString('utf8');
    return [parseEvent(JSON.parse(text), scope.api)];
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof HarkError)) throw error;
    options.onNotice(`An Event was left out: ${error.message}`);
    return [];
  }
}

/** The conditions of the query that API servers of all versions can apply, and read as Hark does: upper and lower case matter to them. */
export function selectFields(query: EventQuery, { api }: EventScope): string {
  const names = new Set(query.for?.map(({ name }) => name));
  const [name = ''] = names;
  const [type = ''] = query.types ?? [];
  const [reason = ''] = query.reasons ?? [];
  const chosen: [field: string, value: string][] = [];
  if (names.size === 1) chosen.push([api === 'v1' ? 'involvedObject.name' : 'regarding.name', name]);
  if (query.types?.length === 1 && ['Normal', 'Warning'].includes(type)) chosen.push(['type', type]);
  if (query.reasons?.length === 1) chosen.push(['reason', reason]);
  return chosen
    .filter(([, value]) => /^[\w.:-]+$/.test(value))
    .map(([field, value]) => `${field}=${value}`)
    .join(',');
}
