import type { Registry } from 'prom-client';
import type { Served } from '../served.ts';
import type { Api } from './api.ts';

/**
 * For probes and scrapers.
 *
 * @param registry undefined: nothing is measured
 */
export function healthRoutes(api: Api, { model }: Served, registry: Registry | undefined): void {
  let isAnswering = false;
  model.answering.then(
    () => {
      isAnswering = true;
    },
    () => {},
  );
  api.get('/healthz', { schema: { summary: 'Whether the server answers' } }, (_request, reply) =>
    reply.type('text/plain').send('ok\n'),
  );
  api.get(
    '/readyz',
    { schema: { summary: 'Whether timelines and stories are answered, and how much of the record is read' } },
    (_request, reply) => {
      const reading = model.reading();
      // Probes are open to all: how much there is they are not told.
      const share = reading === undefined ? 1 : reading.events / Math.max(1, reading.of);
      const says = reading === undefined ? 'ok' : `reading the record: ${Math.floor(share * 100)} %`;
      reply.type('text/plain');
      if (reading === undefined || isAnswering) return reply.send(`${says}\n`);
      return reply.code(503).header('retry-after', '1').send(`${says}\n`);
    },
  );
  if (registry === undefined) return;
  api.get(
    '/metrics',
    { schema: { summary: 'Metrics in the format of Prometheus' } },
    async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()),
  );
}
