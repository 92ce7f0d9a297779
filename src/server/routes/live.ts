import { HarkError } from '../../lib/errors.ts';
import { parseLiveId } from '../live/live-id.ts';
import { streamEvents } from '../live/stream-events.ts';
import { streamCoverage, streamStories } from '../live/stream-news.ts';
import { readEventQuestion, splitList } from '../read-question.ts';
import { liveQuestion } from '../schemas/questions.ts';
import type { Served } from '../served.ts';
import type { Api } from './api.ts';

/** Readers at a time. */
const MOST_READERS = 1_000;
const KINDS = ['events', 'stories', 'coverage'];

/** What happens, as it does: server-sent events. */
export function liveRoutes(api: Api, served: Served, report: (error: Error) => void): void {
  const { store, clock } = served;
  const { live } = served;
  api.addHook('preClose', async () => live.endAll('stopping', 'the server stops'));

  api.get(
    '/v1/live',
    {
      exposeHeadRoute: false,
      schema: {
        summary: 'What happens, as it does: server-sent events; resumes from Last-Event-ID',
        querystring: liveQuestion,
        produces: ['text/event-stream'],
      },
    },
    async (request, reply) => {
      const { lastEventId, limit, only, ...filters } = request.query;
      const kinds = readKinds(splitList(only));
      const given = request.headers['last-event-id'] ?? lastEventId;
      const from = typeof given === 'string' && given !== '' ? parseLiveId(given) : undefined;
      const query = readEventQuestion(filters, await store.readClusters(), clock.now());
      const backfill = limit !== undefined || query.since !== undefined;
      if (live.readers() >= MOST_READERS)
        throw new HarkError('too-many-readers', `${MOST_READERS} readers follow this server already`, {
          hint: 'Close some, or ask again later.',
        });
      const headers = reply.getHeaders();
      reply.hijack();
      const connection = live.open(reply.raw, headers, clock);
      if (kinds.has('stories')) streamStories(served, query, connection);
      const streams = [];
      if (kinds.has('coverage')) streams.push(streamCoverage(served, query, clock, connection));
      if (kinds.has('events')) {
        const asked = { ...query, ...(limit !== undefined && { limit }) };
        const key = JSON.stringify(filters);
        streams.push(streamEvents(served, { query: asked, key, from, backfill }, connection));
      }
      try {
        await Promise.all(streams);
      } catch (error) {
        if (connection.signal.aborted) return;
        report(error instanceof Error ? error : new Error(String(error)));
        connection.end('bug', 'the stream failed; the server’s log says more');
      }
    },
  );
}

function readKinds(wanted: readonly string[] | undefined): ReadonlySet<string> {
  const unknown = wanted?.find((kind) => !KINDS.includes(kind));
  if (unknown === undefined) return new Set(wanted ?? KINDS);
  throw new HarkError('usage', `only "${unknown}" is no kind of message: ${KINDS.join(', ')}`, {
    hint: 'For example: only=events',
  });
}
