import type { RecordedEvent } from '../events/event.ts';
import { matchQuery } from '../events/matches-query.ts';
import { makeRecord } from '../events/merge-records.ts';
import { mergePoints, pointOf } from '../events/occurrences.ts';
import type { ClusterInfo, EventQuery, EventReader, Gap } from '../events/query.ts';
import { isWireObject } from '../events/wire-form.ts';
import { createBackoff } from '../lib/backoff.ts';
import { type Clock, createClock, sleep } from '../lib/clock.ts';
import { HarkError } from '../lib/errors.ts';
import { parseTime } from '../lib/rfc3339.ts';
import { suggestSimilar } from '../lib/suggest-similar.ts';
import { matchChanges, matchObjects } from '../objects/matches-object-query.ts';
import { parseChange, parseObject } from '../objects/object-json.ts';
import type { ObjectReader } from '../objects/object-query.ts';
import { limitPages } from './limit-pages.ts';
import type { SourceContext, SourceOptions } from './open-source.ts';
import { scopeNamespaces } from './scope-namespaces.ts';
import { openServerClient, type ServerClient } from './server-client.ts';
import { formatQuestion } from './server-question.ts';
import type { FollowedPage, Source } from './source.ts';
import { parseRecord } from './wire-record.ts';

const PAGE = 500;

/**
 * Opens the record of a running Hark.
 *
 * @throws HarkError `usage`; `server-unreachable` (exit 3), `server-forbidden` (exit 4)
 */
export async function openServerSource(
  context: SourceContext,
  options: SourceOptions & { readonly server: string },
): Promise<Source> {
  const client = openServerClient(
    { server: options.server, tokenFile: options.tokenFile },
    context.env,
    context.cwd,
  );
  const held = await readClusters(client, context.signal);
  const asked = options.context === undefined ? held : [chooseCluster(held, options.context, client)];
  const [first] = asked;
  const reader = createServerReader(client, held, context.signal);
  const clock = createClock(context.wallClock);
  return {
    kind: 'store',
    name: client.url,
    reader,
    objects: createObjectReader(client, context.signal),
    scope: { clusters: asked.map(({ uid }) => uid), ...scopeNamespaces(options, 'default') },
    cluster: asked.length === 1 ? first : undefined,
    elsewhere: held.filter((each) => !asked.includes(each)),
    notes: [],
    follow: (query, signal) => followServer(client, reader, query, clock, signal),
  };
}

function chooseCluster(held: readonly ClusterInfo[], name: string, { url }: ServerClient): ClusterInfo {
  const found = held.find((cluster) => cluster.name === name || cluster.uid === name);
  if (found !== undefined) return found;
  const names = held.map((cluster) => cluster.name);
  const near = suggestSimilar(name, names)[0];
  throw new HarkError('unknown-cluster', `the Hark server "${url}" knows no cluster "${name}"`, {
    hint:
      near === undefined ? `It knows ${names.join(', ') || 'none yet'}.` : `Did you mean --context ${near}?`,
  });
}

async function readClusters(client: ServerClient, signal: AbortSignal): Promise<ClusterInfo[]> {
  const { clusters } = (await client.json('v1/clusters', signal)) as { clusters: ClusterInfo[] };
  return clusters.map(({ uid, name, version }) => ({ uid, name, version }));
}

function createServerReader(
  client: ServerClient,
  clusters: readonly ClusterInfo[],
  ending: AbortSignal,
): EventReader {
  return {
    readEvents(query, signal = ending) {
      const { parameters, isExact } = formatQuestion(query);
      const { limit, ...unlimited } = query;
      const matches = matchQuery(unlimited);
      const pages = readPages(client, `v1/events?${parameters}`, parseItem, matches, signal);
      return isExact ? pages : limitPages(pages, limit);
    },
    async readGaps({ clusters, namespaces, since, until }) {
      const { parameters } = formatQuestion({
        ...(clusters && { clusters }),
        ...(namespaces && { namespaces }),
        ...(since !== undefined && { since }),
        ...(until !== undefined && { until }),
      });
      const { gaps } = (await client.json(`v1/coverage?${parameters}`, ending)) as { gaps: WireGap[] };
      return gaps.map(parseGap);
    },
    readClusters: async () => clusters,
    close: async () => {},
  };
}

function createObjectReader(client: ServerClient, ending: AbortSignal): ObjectReader {
  return {
    readObjects: (query, signal = ending) =>
      readPages(
        client,
        `v1/objects?${formatQuestion(query).parameters}`,
        parseObject,
        matchObjects(query),
        signal,
      ),
    readChanges: (query, signal = ending) =>
      readPages(
        client,
        `v1/changes?${formatQuestion(query).parameters}`,
        parseChange,
        matchChanges(query),
        signal,
      ),
  };
}

async function* readPages<T>(
  client: ServerClient,
  path: string,
  parse: (line: object) => T,
  matches: (item: T) => boolean,
  signal: AbortSignal,
): AsyncGenerator<readonly T[]> {
  let page: T[] = [];
  for await (const line of client.lines(path, signal)) {
    const item = parse(line as object);
    if (matches(item)) page.push(item);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

function parseItem(line: object): RecordedEvent {
  if (!isWireObject(line)) throw new TypeError('no Event');
  const { cluster, sighting } = parseRecord(line);
  const { event, deleted, at, points = [] } = sighting;
  return makeRecord(cluster, event, deleted ? at : undefined, mergePoints(points, [pointOf(event)]));
}

interface WireGap {
  readonly cluster: string;
  readonly namespace: string;
  readonly from: string;
  readonly to: string;
  readonly caughtUpAt: string | null;
}

function parseGap({ cluster, namespace, from, to, caughtUpAt }: WireGap): Gap {
  return {
    cluster,
    namespace,
    from: parseTime(from) ?? 0,
    to: parseTime(to) ?? 0,
    caughtUpAt: caughtUpAt === null ? undefined : parseTime(caughtUpAt),
  };
}

/** What there is, then what changes; a connection that breaks goes on where it was. */
async function* followServer(
  client: ServerClient,
  reader: EventReader,
  query: EventQuery,
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<FollowedPage> {
  const { limit: _, ...unlimited } = query;
  const matches = matchQuery(unlimited);
  const { live } = (await client.json('v1/events?limit=1', signal)) as { live: string };
  for await (const records of reader.readEvents(query, signal))
    yield { type: 'events', live: false, records };
  const { parameters } = formatQuestion(unlimited);
  // What there was has been told.
  parameters.delete('since');
  parameters.set('only', 'events');
  const backoff = createBackoff(Math.random);
  let last = live;
  let isDown = false;
  while (!signal.aborted) {
    try {
      for await (const { id, event, data } of readMessages(client, `v1/live?${parameters}`, last, signal)) {
        if (isDown) yield { type: 'notice', text: `Connected to "${client.url}" again; nothing was missed.` };
        isDown = false;
        backoff.reset();
        last = id ?? last;
        if (event === 'reset') yield { type: 'notice', text: RESET };
        if (event !== 'events') continue;
        const { items } = JSON.parse(data) as { items: object[] };
        const records = items.map(parseItem).filter(matches);
        if (records.length > 0) yield { type: 'events', live: true, records };
      }
    } catch (error) {
      if (signal.aborted || !(error instanceof HarkError) || error.code !== 'server-unreachable') throw error;
      if (!isDown) yield { type: 'notice', text: `${error.message}; trying again` };
      isDown = true;
    }
    await sleep(clock, backoff.next(), signal);
  }
}

const RESET =
  'The server no longer knows what changed while it could not be reached: Events may have been missed.';

interface Message {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

async function* readMessages(
  client: ServerClient,
  path: string,
  last: string,
  signal: AbortSignal,
): AsyncGenerator<Message> {
  let rest = '';
  for await (const text of client.stream(path, last, signal)) {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map((line) => {
          const [name = '', ...words] = line.split(': ');
          return [name, words.join(': ')] as const;
        }),
      );
      const [event, data] = [fields.get('event'), fields.get('data')];
      if (event !== undefined && data !== undefined) yield { id: fields.get('id'), event, data };
    }
  }
}
