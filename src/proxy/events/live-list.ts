import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { compareRecordedEvents } from '../../events/compare-events.ts';
import type { RecordedEvent } from '../../events/event.ts';
import { identify } from '../../events/identity.ts';
import { makeRecord } from '../../events/merge-records.ts';
import { parseEvent } from '../../events/parse-event.ts';
import type { JsonObject } from '../../events/print-event.ts';
import { apiVersionOf } from '../../kube-api/resources.ts';
import type { Upstream } from '../open-upstream.ts';
import { type Exchange, requestUpstream } from '../pass-request.ts';
import type { EventRequest, EventTarget } from './read-event-request.ts';

/** What the server holds of a selection at one moment. */
export interface LiveList {
  /** The server's: to watch from. */
  readonly resourceVersion: string;
  /** In time order. */
  readonly records: readonly RecordedEvent[];
  /** As the server wrote them, by `identify`. */
  readonly bodies: ReadonlyMap<string, JsonObject & { readonly metadata: JsonObject }>;
}

/**
 * Asks the server for all that is live, with what the client brought to be let in: who may not list gets nothing of the record either.
 *
 * @returns the server's answer where it is none of a list; undefined when the client has left
 */
export async function listLive(
  upstream: Upstream,
  exchange: Exchange,
  { params, resource, selection, target }: EventRequest,
  cluster: string,
): Promise<LiveList | IncomingMessage | undefined> {
  const asked = new URLSearchParams(params);
  for (const name of NOT_OF_A_LIST) asked.delete(name);
  // What the first page of a list may say of its version means nothing for one that begins a watch.
  if (params.has('watch')) for (const name of ['resourceVersion', 'resourceVersionMatch']) asked.delete(name);
  const path = readListPath(exchange.path.split('?')[0] ?? '', target);
  if (target.name !== '') asked.set('fieldSelector', addName(params.get('fieldSelector'), target.name));
  const given = await requestUpstream(upstream, exchange, {
    path: asked.size === 0 ? path : `${path}?${asked}`,
    headers: { accept: 'application/json', 'accept-encoding': 'identity' },
  });
  if (given === undefined || given.statusCode !== 200) return given;
  const list = JSON.parse(await text(given)) as ListBody;
  const { kind } = resource;
  const bodies = new Map<string, JsonObject & { readonly metadata: JsonObject }>();
  const records: RecordedEvent[] = [];
  for (const item of list.items ?? []) {
    const body = { kind, apiVersion: apiVersionOf(resource), ...item };
    const record = makeRecord(cluster, parseEvent(body, resource.form));
    bodies.set(identify(record.event), body);
    if (selection.matches(record)) records.push(record);
  }
  records.sort(compareRecordedEvents);
  return { resourceVersion: list.metadata?.resourceVersion ?? '', records, bodies };
}

/** Where those are listed that a path of old (`/api/v1/watch/…`, of one: with its name at the end) watches. */
function readListPath(path: string, { isWatch, name }: EventTarget): string {
  const list = isWatch ? path.replace(/^(\/api|\/apis\/[^/]+)(\/[^/]+)\/watch\//, '$1$2/') : path;
  return name === '' ? list : list.replace(/\/[^/]+\/*$/, '');
}

function addName(selector: string | null, name: string): string {
  return selector === null || selector === '' ? `metadata.name=${name}` : `${selector},metadata.name=${name}`;
}

/** What is asked for besides which Events: the list is wanted whole, once, and now. */
const NOT_OF_A_LIST = [
  'limit',
  'continue',
  'watch',
  'allowWatchBookmarks',
  'sendInitialEvents',
  'timeoutSeconds',
  'pretty',
];

interface ListBody {
  readonly metadata?: { readonly resourceVersion?: string };
  readonly items?: readonly (JsonObject & { readonly metadata: JsonObject })[] | null;
}
