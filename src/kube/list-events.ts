import type { Event } from '../events/event.ts';
import { parseEvent } from '../events/parse-event.ts';
import { type Channel, createChannel } from '../lib/channel.ts';
import type { Clock } from '../lib/clock.ts';
import { statusOf } from './api-failure.ts';
import type { Cluster } from './cluster.ts';
import { createEventResource } from './event-resource.ts';
import type { EventScope } from './event-scope.ts';
import { formatFieldSelector, type ServerQuery } from './field-selector.ts';
import { findScopes } from './find-scopes.ts';
import { listPages } from './list-pages.ts';
import { parseWithoutManagedFields } from './parse-without-managed-fields.ts';

export interface ListOptions {
  /** The Events' own namespaces; all when absent. */
  readonly namespaces?: readonly string[] | undefined;
  /** What the server may leave out; what it sends may still not match. */
  readonly query?: ServerQuery;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  /** Told what the list lacks: namespaces that may not be read, Events that cannot be. */
  readonly onNote?: (text: string) => void;
}

/** Four times kubectl's: a quarter of the round trips, and a page is still but 2 MB for the server to hold. */
const PAGE = 2000;

/** How many namespaces are listed at once, where the cluster cannot be as a whole. */
const AT_ONCE = 4;

/**
 * Lists the Events that a cluster holds now, in batches as they arrive, in no order. Nothing is kept: memory does not grow with their number.
 * Where the whole cluster may not be read, the namespaces are that may. Should listing take so long that the server can no longer give it
 * consistently, it goes on with newer state.
 *
 * @throws HarkError `cluster-unreachable`, `forbidden`…
 */
export async function* listEvents(
  cluster: Cluster,
  options: ListOptions,
): AsyncGenerator<readonly Event[], void> {
  const { namespaces } = options;
  if (namespaces !== undefined && namespaces.length !== 1)
    return yield* listEach(cluster, options, namespaces);
  const [namespace = ''] = namespaces ?? [];
  let begun = false;
  try {
    for await (const events of listOne(cluster, options, { api: 'v1', namespace })) {
      begun = true;
      yield events;
    }
  } catch (error) {
    if (begun || statusOf(error) !== 403) throw error;
    yield* listEach(cluster, options, namespaces);
  }
}

/** Lists whatever may be listed of the namespaces, several at once. */
async function* listEach(
  cluster: Cluster,
  options: ListOptions,
  namespaces: readonly string[] | undefined,
): AsyncGenerator<readonly Event[], void> {
  const found = await findScopes({ ...options, cluster }, namespaces);
  for (const { failure } of found.refused) options.onNote?.(failure.message);
  if (found.partial) options.onNote?.(describePartial(cluster, found.scopes));
  const channel = createChannel<readonly Event[]>();
  const running = runEach(cluster, options, [...found.scopes], channel).then(
    () => channel.close(),
    (error) => channel.close(error),
  );
  try {
    yield* channel.values();
  } finally {
    channel.close();
    await running;
  }
}

async function runEach(
  cluster: Cluster,
  options: ListOptions,
  waiting: EventScope[],
  channel: Channel<readonly Event[]>,
): Promise<void> {
  const runOne = async () => {
    for (let scope = waiting.shift(); scope !== undefined; scope = waiting.shift()) {
      for await (const events of listOne(cluster, options, scope)) await channel.put(events);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, runOne));
}

async function* listOne(
  cluster: Cluster,
  options: ListOptions,
  scope: EventScope,
): AsyncGenerator<readonly Event[], void> {
  const fieldSelector = formatFieldSelector(options.query ?? {}, scope.api);
  try {
    yield* readAll(cluster, options, scope, fieldSelector);
  } catch (error) {
    // A server that stands in for Kubernetes' own may not know every field.
    if (fieldSelector === undefined || statusOf(error) !== 400) throw error;
    yield* readAll(cluster, options, scope, undefined);
  }
}

async function* readAll(
  cluster: Cluster,
  options: ListOptions,
  scope: EventScope,
  fieldSelector: string | undefined,
): AsyncGenerator<readonly Event[], void> {
  const { signal, clock } = options;
  const pages = listPages(cluster, {
    place: createEventResource(scope),
    limit: PAGE,
    fieldSelector,
    mayBeInconsistent: true,
    signal,
    clock,
  });
  let broken = 0;
  for (;;) {
    const step = await pages.next();
    if (step.done) {
      broken += step.value.skipped;
      break;
    }
    const events = step.value.map((bytes) => readItem(bytes, scope)).filter((event) => event !== undefined);
    broken += step.value.length - events.length;
    yield events;
  }
  if (broken > 0)
    options.onNote?.(`${broken} Events of cluster "${cluster.name}" cannot be read, and are left out`);
}

function readItem(bytes: Uint8Array, scope: EventScope): Event | undefined {
  try {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
    return parseEvent(parseWithoutManagedFields(text, 1), scope.api);
  } catch {
    return undefined;
  }
}

function describePartial(cluster: Cluster, scopes: readonly EventScope[]): string {
  const names = scopes.map(({ namespace }) => namespace).join(', ');
  return `not allowed to list the Events of all of cluster "${cluster.name}"; these are of ${names}`;
}
