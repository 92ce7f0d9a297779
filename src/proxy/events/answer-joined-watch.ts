import type { IncomingMessage } from 'node:http';
import { inPieces } from '../../kube-api/answer-watch.ts';
import { eventKind } from '../../kube-api/event-kind.ts';
import { createLineWriter } from '../../kube-api/watch-lines.ts';
import { headersFor } from '../../kube-api/write-answer.ts';
import { splitLines } from '../../lib/split-lines.ts';
import { forwardAnswerHeaders } from '../forwarded-headers.ts';
import type { History } from '../open-history.ts';
import type { Upstream } from '../open-upstream.ts';
import { type Exchange, handBack, requestUpstream } from '../pass-request.ts';
import { joinLive, printJoined } from './join-live.ts';
import { type LiveList, listLive } from './live-list.ts';
import type { EventRequest } from './read-event-request.ts';
import { sendPieces } from './send-answer.ts';

/**
 * Answers a watch of Events: the server's own, from the resourceVersion that is asked for, but for the deletions of what the record keeps. When it is
 * to begin with what there is, that is the live Events and those of the record.
 */
export async function answerJoinedWatch(
  upstream: Upstream,
  exchange: Exchange,
  request: EventRequest,
  history: History,
): Promise<void> {
  const { sendInitialEvents, resourceVersion } = request.options;
  const beginsWithAll = sendInitialEvents ?? (resourceVersion === '' || resourceVersion === '0');
  if (!beginsWithAll) return await goOn(upstream, exchange, request, history, resourceVersion);
  const live = await listLive(upstream, exchange, request, history.cluster);
  if (live === undefined) return;
  if (!('bodies' in live)) return handBack(live, exchange.answer);
  const { answer } = exchange;
  answer.writeHead(200, headersFor('json'));
  answer.flushHeaders();
  await sendPieces(answer, tellAll(request, history, live));
  if (!answer.destroyed) await goOn(upstream, exchange, request, history, live.resourceVersion);
}

async function* tellAll(
  { resource, selection, shape, options, signal }: EventRequest,
  history: History,
  live: LiveList,
): AsyncGenerator<string> {
  const writer = createLineWriter(eventKind(resource), shape);
  for await (const page of joinLive(history, live, shape.now).readNumbered(selection.query, signal))
    yield* inPieces(
      page
        .filter(({ record }) => selection.matches(record))
        .map((item) => writer.object('ADDED', printJoined(item, live, resource))),
    );
  if (options.sendInitialEvents === true && options.allowWatchBookmarks)
    yield writer.bookmark(live.resourceVersion, true);
}

async function goOn(
  upstream: Upstream,
  exchange: Exchange,
  { params, accept }: EventRequest,
  history: History,
  resourceVersion: string,
): Promise<void> {
  const { answer, path } = exchange;
  const asked = new URLSearchParams(params);
  for (const name of ['sendInitialEvents', 'resourceVersionMatch']) asked.delete(name);
  asked.set('resourceVersion', resourceVersion);
  const given = await requestUpstream(upstream, exchange, {
    path: `${path.split('?')[0]}?${asked}`,
    headers: { accept, 'accept-encoding': 'identity' },
  });
  if (given === undefined) return;
  if (given.statusCode !== 200) {
    // What was promised by a first line cannot be taken back but by breaking off: then the client begins anew, and is told why.
    if (answer.headersSent) answer.destroy();
    else handBack(given, answer);
    return;
  }
  if (!answer.headersSent) {
    answer.sendDate = false;
    answer.writeHead(200, forwardAnswerHeaders(given));
    answer.flushHeaders();
  }
  try {
    await sendPieces(answer, withoutDeletions(given, history));
    answer.end();
  } catch {
    // The server's watch broke off, and so does ours.
    answer.destroy();
  }
}

const DELETED = Buffer.from('{"type":"DELETED"');
const NEWLINE = Buffer.from('\n');

/** The lines of a watch, each as it came; those that the record knows better than are left out. */
async function* withoutDeletions(given: IncomingMessage, history: History): AsyncGenerator<Uint8Array> {
  const splitter = splitLines();
  for await (const chunk of given) {
    const kept: Uint8Array[] = [];
    for (const line of splitter.push(chunk as Uint8Array)) {
      const isDeletion = DELETED.equals(line.subarray(0, DELETED.length));
      if (isDeletion && (await history.isRecorded())) continue;
      kept.push(line, NEWLINE);
    }
    if (kept.length > 0) yield Buffer.concat(kept);
  }
}
