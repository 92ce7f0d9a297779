import type { Registry } from 'prom-client';
import type { Served } from '../served.ts';
import type { Api } from './api.ts';

/**
 * For probes and scrapers.
 *
 * @param registry undefined: nothing is measured
 */
export function healthRoutes(api: Api, { model }: Served, registry: Registry | undefined): void {
  api.get('/healthz', { schema: { summary: 'Whether the server answers' } }, (_request, reply) =>
    reply.type('text/plain').send('ok\n'),
  );
  api.get(
    '/readyz',
    { schema: { summary: 'Whether the record has been read: until then timelines and stories wait' } },
    (_request, reply) =>
      model.isLoaded()
        ? reply.type('text/plain').send('ok\n')
        : reply.code(503).header('retry-after', '1').type('text/plain').send('loading the record\n'),
  );
  if (registry === undefined) return;
  api.get(
    '/metrics',
    { schema: { summary: 'Metrics in the format of Prometheus' } },
    async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()),
  );
}
