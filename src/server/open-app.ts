import compress from '@fastify/compress';
import etag from '@fastify/etag';
import swagger from '@fastify/swagger';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyServerOptions } from 'fastify';
import { measureAccess } from './access/measure-access.ts';
import { answerFailures, refuseUnreadable } from './answer-failures.ts';
import { type GuardOptions, guardRequests } from './guard-requests.ts';
import type { ListeningBoard } from './listening-board.ts';
import { openMetrics } from './open-metrics.ts';
import { clusterRoutes } from './routes/clusters.ts';
import { eventRoutes } from './routes/events.ts';
import { healthRoutes } from './routes/health.ts';
import { kubernetesRoutes } from './routes/kubernetes.ts';
import { liveRoutes } from './routes/live.ts';
import { objectRoutes } from './routes/objects.ts';
import { pageRoutes } from './routes/pages.ts';
import { storyRoutes } from './routes/stories.ts';
import { timelineRoutes } from './routes/timeline.ts';
import type { Served } from './served.ts';

export interface AppOptions extends GuardOptions {
  /** PEM; plain HTTP when undefined. With CAs clients are asked for a certificate; whose it is, and whether that counts, is asked later. */
  readonly tls: { readonly cert: string; readonly key: string; readonly ca?: string } | undefined;
  /** The folder of the built user interface; undefined when there is none. */
  readonly pages: string | undefined;
  readonly board: ListeningBoard;
  /** Told of every failure that is a bug. */
  readonly report: (error: Error) => void;
  /** It is asked by another one for a part of the record, and measures nothing itself. Default false. */
  readonly isPart?: boolean;
}

/** Largest request body, of which no route takes any. */
const MOST_BODY = 64 * 1024;
const MOST_HEADERS = 16 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;

/** The HTTP API over what is served; not listening yet. */
export async function openApp(served: Served, options: AppOptions) {
  const app = fastify({
    ...({ https: formatTls(options.tls) } as FastifyServerOptions),
    http: { maxHeaderSize: MOST_HEADERS },
    bodyLimit: MOST_BODY,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: 0,
    routerOptions: { maxParamLength: 500 },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: 'array', allErrors: false } },
    forceCloseConnections: true,
    clientErrorHandler: refuseUnreadable,
  }).withTypeProvider<TypeBoxTypeProvider>();
  // Answers are made by the code that the command line prints with: schemas describe them, and tests hold them to it.
  app.setSerializerCompiler(() => JSON.stringify);
  guardRequests(app, options);
  answerFailures(app, options.report);
  await app.register(compress, { global: true, threshold: 1024, encodings: ['gzip', 'deflate', 'identity'] });
  await app.register(etag);
  await app.register(swagger, {
    openapi: {
      info: {
        title: 'Hark',
        description: 'What happened in Kubernetes clusters. Times are UTC.',
        version: served.version,
      },
    },
  });
  const registry = options.isPart ? undefined : openMetrics(app, served, options.board);
  if (registry !== undefined) measureAccess(registry, options);
  for (const routes of [clusterRoutes, eventRoutes, storyRoutes, objectRoutes, timelineRoutes])
    await app.register(async (scope) => routes(scope.withTypeProvider<TypeBoxTypeProvider>(), served));
  await app.register(async (scope) =>
    liveRoutes(scope.withTypeProvider<TypeBoxTypeProvider>(), served, options.report),
  );
  await app.register(async (scope) =>
    kubernetesRoutes(scope.withTypeProvider<TypeBoxTypeProvider>(), served, options.report),
  );
  await app.register(async (scope) =>
    healthRoutes(scope.withTypeProvider<TypeBoxTypeProvider>(), served, registry),
  );
  await app.register(async (scope) =>
    pageRoutes(scope.withTypeProvider<TypeBoxTypeProvider>(), options.pages),
  );
  app.get('/openapi.json', { schema: { hide: true } }, () => app.swagger());
  return app;
}

function formatTls(tls: AppOptions['tls']): object | null {
  if (!tls?.ca) return tls ?? null;
  return { ...tls, requestCert: true, rejectUnauthorized: false };
}
