import { Type } from 'typebox';
import { createNoiseCounter } from '../../events/count-noise.ts';
import { noiseToJson } from '../../events/noise-to-json.ts';
import { HarkError } from '../../lib/errors.ts';
import { findEvent } from '../find-event.ts';
import { readEventQuestion } from '../read-question.ts';
import { eventPage, recordedEvent, top } from '../schemas/answers.ts';
import { eventsQuestion, topQuestion } from '../schemas/questions.ts';
import type { Served } from '../served.ts';
import { sendLines, wantsLines } from '../stream-lines.ts';
import { formatItem, gapToJson } from '../to-json.ts';
import { createEventWalks } from '../walk-events.ts';
import { type Api, answers } from './api.ts';

const PAGE = 500;
const ROWS = 20;
const PARTS = 20;

/** Events, and who makes the noise. */
export function eventRoutes(api: Api, { store, model, clock }: Served): void {
  const walks = createEventWalks(store);

  api.get(
    '/v1/events',
    {
      schema: {
        summary: 'Events with all their repeats, a page at a time',
        querystring: eventsQuestion,
        response: answers(eventPage),
      },
    },
    async ({ query: given, headers, signal }, reply) => {
      const query = readEventQuestion(given, await store.readClusters(), clock.now());
      if (wantsLines(headers.accept)) {
        const { limit } = given;
        const asked = { ...query, ...(limit !== undefined && { limit }) };
        return sendLines(reply, store.readEvents(asked, signal), formatItem);
      }
      const { order = 'newest', limit = PAGE, cursor } = given;
      const { records, next, place } = await walks.read(query, order, limit, cursor, signal);
      const gaps = (await store.readGaps(query)).map(gapToJson);
      const rest = JSON.stringify({ next, gaps, live: String(place) });
      reply.type('application/json');
      return `{"items":[${records.map(formatItem).join(',')}],${rest.slice(1)}`;
    },
  );

  api.get(
    '/v1/events/:id',
    {
      schema: {
        summary: 'One Event with all its repeats',
        params: Type.Object({ id: Type.String() }),
        querystring: Type.Object({}, { additionalProperties: false }),
        response: answers(recordedEvent),
      },
    },
    async ({ params, signal }, reply) => {
      const record = await findEvent({ store, model }, params.id, signal);
      if (record === undefined)
        throw new HarkError('not-found', `there is no Event "${params.id}" in the record`, {
          hint: 'The `id` of an item of GET /v1/events is wanted, URL-encoded.',
        });
      reply.type('application/json');
      return formatItem(record);
    },
  );

  api.get(
    '/v1/top',
    {
      schema: {
        summary: 'Who makes the noise: reasons, objects, components or namespaces, with when',
        querystring: topQuestion,
        response: answers(top),
      },
    },
    async ({ query: given, signal }) => {
      const { by = 'reasons', rows = ROWS, parts = PARTS, ...filters } = given;
      const query = readEventQuestion(filters, await store.readClusters(), clock.now());
      const counter = createNoiseCounter(by, query.since, query.until);
      for await (const page of store.readEvents(query, signal)) page.forEach(counter.add);
      const counted = counter.finish(parts);
      return noiseToJson(counted, counted.noises.slice(0, rows), by);
    },
  );
}
