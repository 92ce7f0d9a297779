import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { answerPages, single } from '../../kube-api/answer-list.ts';
import { answerStatus } from '../../kube-api/answer-request.ts';
import { formatContinue, parseContinue } from '../../kube-api/continue-token.ts';
import { eventKind } from '../../kube-api/event-kind.ts';
import type { KubeAnswer } from '../../kube-api/kube-api.ts';
import type { ListWalks } from '../../kube-api/list-walks.ts';
import { type Edge, readPart } from '../../kube-api/read-state.ts';
import { expired, StatusError } from '../../kube-api/status.ts';
import type { History } from '../open-history.ts';
import type { Upstream } from '../open-upstream.ts';
import type { Exchange } from '../pass-request.ts';
import { joinLive, printJoined } from './join-live.ts';
import type { ListSnapshots, Snapshot } from './list-snapshots.ts';
import { type LiveList, listLive } from './live-list.ts';
import type { EventRequest } from './read-event-request.ts';

/** What lists of Events are answered with. */
export interface Joining {
  readonly upstream: Upstream;
  readonly walks: ListWalks;
  readonly snapshots: ListSnapshots;
}

/**
 * Answers a list of Events: the live ones and those of the record, in time order, at the server's own resourceVersion.
 *
 * @returns the server's answer where it is none of a list; undefined when the client has left
 */
export async function answerJoinedList(
  joining: Joining,
  exchange: Exchange,
  request: EventRequest,
  history: History,
): Promise<KubeAnswer | IncomingMessage | undefined> {
  const { options, resource, selection, signal } = request;
  if (options.continue !== '') return await answerNextPart(joining, exchange, request, history);
  const live = await listLive(joining.upstream, exchange, request, history.cluster);
  if (live === undefined || !('bodies' in live)) return live;
  if (options.limit > 0) {
    const walk = joining.walks.begin(0);
    const snapshot = { live, walk, key: keyOf(exchange) };
    return await answerPart(joining, request, history, snapshot, undefined);
  }
  const log = joinLive(history, live, request.shape.now);
  return answerPages(eventKind(resource), { resourceVersion: live.resourceVersion }, pages(), request);

  async function* pages() {
    for await (const page of log.readNumbered(selection.query, signal))
      yield page
        .filter(({ record }) => selection.matches(record))
        .map((item) => printJoined(item, live as LiveList, resource));
  }
}

async function answerNextPart(
  joining: Joining,
  exchange: Exchange,
  request: EventRequest,
  history: History,
): Promise<KubeAnswer> {
  try {
    const { walk, edge } = parseContinue(request.options.continue);
    const snapshot = joining.snapshots.find(walk, keyOf(exchange));
    if (snapshot === undefined) throw expired(FORGOTTEN);
    return await answerPart(joining, request, history, snapshot, edge);
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    const { asked, path } = exchange;
    return answerStatus(error.status, { accept: asked.headers.accept, query: path.split('?')[1] ?? '' });
  }
}

async function answerPart(
  { snapshots }: Joining,
  { options, resource, selection, signal, ...request }: EventRequest,
  history: History,
  snapshot: Snapshot,
  edge: Edge | undefined,
): Promise<KubeAnswer> {
  const { live, walk } = snapshot;
  const limit = options.limit > 0 ? options.limit : Number.MAX_SAFE_INTEGER;
  const log = joinLive(history, live, request.shape.now);
  const { items, next } = await readPart(log, selection, limit, edge, walk, signal);
  if (next === undefined) snapshots.forget(walk.id);
  else snapshots.keep(snapshot);
  const metadata = {
    resourceVersion: live.resourceVersion,
    ...(next !== undefined && {
      continue: formatContinue({ walk: walk.id, place: 0, edge: next, isLoose: false }),
    }),
  };
  const page = items.map((item) => printJoined(item, live, resource));
  return answerPages(eventKind(resource), metadata, single(page), request);
}

const FORGOTTEN =
  'The provided continue parameter is too old to display a consistent list result. You must start a new list without the continue parameter.';

/** Who asks for what: without which part of it, in which form and how much. */
function keyOf({ asked, path }: Exchange): string {
  const [where = '', search = ''] = path.split('?');
  const params = new URLSearchParams(search);
  for (const name of ['continue', 'limit', 'pretty', 'resourceVersion', 'resourceVersionMatch'])
    params.delete(name);
  const who = Object.entries(asked.headers).filter(
    ([name]) => name === 'authorization' || name.startsWith('impersonate-'),
  );
  return createHash('sha256')
    .update(JSON.stringify([where, [...params].sort(), who.sort()]))
    .digest('hex');
}
