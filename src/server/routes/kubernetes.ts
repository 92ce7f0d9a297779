import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { answerKubeRequest, answerStatus } from '../../kube-api/answer-request.ts';
import type { KubeAnswer, KubeRequest } from '../../kube-api/kube-api.ts';
import { makeStatus } from '../../kube-api/status.ts';
import { HarkError } from '../../lib/errors.ts';
import { clusterApi } from '../cluster-api.ts';
import { readClusterPath } from '../read-cluster-path.ts';
import { sendWatch } from '../send-watch.ts';
import type { Served } from '../served.ts';
import type { Api } from './api.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

const URLS = [
  '/clusters/:cluster',
  '/clusters/:cluster/*',
  '/apis',
  '/apis/*',
  '/openapi/v2',
  '/openapi/v3',
  '/openapi/v3/*',
];

/** Kubernetes' API below `/clusters/NAME`, for every cluster of the record; at the root what an API server asks of a part of it. */
export function kubernetesRoutes(api: Api, served: Served, report: (error: Error) => void): void {
  const stopping = new AbortController();
  const openApi = clusterApi(served);
  api.addHook('preClose', async () => stopping.abort());
  // Whatever is sent is refused: it need not be understood.
  api.removeAllContentTypeParsers();
  api.addContentTypeParser('*', (_request, _body, done) => done(null));

  api.setErrorHandler(async (error, request, reply) => {
    const [code, reason, message] = explain(error);
    if (code >= 500 && !(error instanceof HarkError)) report(asError(error));
    const status = makeStatus(code, reason, message);
    return send(reply, answerStatus(status, readRequest(request, '', stopping.signal)));
  });

  for (const url of URLS)
    api.route({
      method: [...METHODS],
      url,
      exposeHeadRoute: false,
      schema: { hide: true },
      async handler(request, reply) {
        const gone = new AbortController();
        reply.raw.once('close', () => gone.abort());
        const signal = AbortSignal.any([gone.signal, stopping.signal]);
        const [sent = '/'] = (request.raw.url ?? '').split('?', 1);
        const named = readClusterPath(sent);
        const asked = readRequest(request, named?.path ?? sent, signal);
        const answer = await answerKubeRequest(await openApi(named?.cluster), asked);
        if (!answer.isWatch) return send(reply, answer);
        const headers = { ...reply.getHeaders(), ...answer.headers };
        reply.hijack();
        await sendWatch(reply.raw, headers, answer.body, report);
        return reply;
      },
    });
}

function readRequest(request: FastifyRequest, path: string, signal: AbortSignal): KubeRequest {
  const { method, raw, headers } = request;
  return {
    method,
    path,
    query: (raw.url ?? '').split(/\?(.*)/s)[1] ?? '',
    accept: headers.accept,
    userAgent: headers['user-agent'],
    signal,
  };
}

function send(reply: FastifyReply, { status, headers, body }: KubeAnswer): FastifyReply {
  const content = typeof body === 'string' ? body : Readable.from(body, { objectMode: false });
  return reply.code(status).headers(headers).send(content);
}

const REASONS: Readonly<Record<string, readonly [code: number, reason: string]>> = {
  unauthorized: [401, 'Unauthorized'],
  'cross-site': [403, 'Forbidden'],
  forbidden: [403, 'Forbidden'],
  'unknown-host': [421, ''],
  'unknown-cluster': [404, 'NotFound'],
  'access-unknown': [503, 'ServiceUnavailable'],
  loading: [503, 'ServiceUnavailable'],
};

/** A failure as an API server would tell it: what a person is to do stands in its message. */
function explain(error: unknown): readonly [code: number, reason: string, message: string] {
  const known = error instanceof HarkError ? REASONS[error.code] : undefined;
  if (error instanceof HarkError && known !== undefined)
    return [...known, [error.message, error.hint].filter((part) => part !== '').join('. ')];
  const { statusCode = 500, message } = asError(error) as Error & { statusCode?: number };
  if (statusCode < 500) return [statusCode, statusCode === 400 ? 'BadRequest' : '', message];
  return [500, 'InternalError', 'Internal error occurred: this is a bug in Hark; its log says more'];
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
