import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify';
import { HarkError } from '../lib/errors.ts';
import { suggestSimilar } from '../lib/suggest-similar.ts';

/** What an error is as an answer. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

const STATUS: Readonly<Record<string, number>> = {
  usage: 400,
  'bad-cursor': 400,
  'unknown-parameter': 400,
  'unknown-cluster': 404,
  'not-found': 404,
  unauthorized: 401,
  'unknown-host': 421,
  'cross-site': 403,
  forbidden: 403,
  'access-unknown': 503,
  loading: 503,
  'too-many-readers': 503,
};

/** Lets every failure be answered as `{ error: { code, message, hint } }`. */
export function answerFailures(app: FastifyInstance, report: (error: Error) => void): void {
  app.setErrorHandler((error: FastifyError | HarkError, request, reply) => {
    if (error instanceof HarkError) return answer(reply, STATUS[error.code] ?? 500, error);
    if (error.validation !== undefined)
      return answer(reply, 400, explainValidation(error, request.routeOptions.schema?.querystring));
    const status = error.statusCode ?? 500;
    if (status < 500)
      return answer(reply, status, { code: codeOf(status), message: error.message, hint: '' });
    report(error);
    return answer(reply, 500, {
      code: 'bug',
      message: 'this is a bug in Hark; its log says more',
      hint: 'Please report it.',
    });
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    return answer(reply, 404, {
      code: 'not-found',
      message: `there is nothing at "${path.slice(0, 200)}"`,
      hint: 'What there is: GET /openapi.json',
    });
  });
}

function answer(reply: FastifyReply, status: number, { code, message, hint }: Failure) {
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  if (status === 503) reply.header('retry-after', '2');
  return reply.code(status).type('application/json').send({ error: { code, message, hint } });
}

function codeOf(status: number): string {
  if (status === 413 || status === 431) return 'too-large';
  if (status === 405) return 'method-not-allowed';
  return status === 404 ? 'not-found' : 'usage';
}

/** Which parameter is wrong, and which was probably meant. */
function explainValidation(error: FastifyError, schema: unknown): Failure {
  const [first] = error.validation ?? [];
  const unknown = first?.params?.additionalProperty;
  if (first?.keyword === 'additionalProperties' && typeof unknown === 'string') {
    const known = namesOf(schema);
    const near = suggestSimilar(unknown, known)[0];
    return {
      code: 'unknown-parameter',
      message: `there is no parameter "${unknown}"`,
      hint: near === undefined ? `There is ${known.join(', ') || 'none'}.` : `Did you mean "${near}"?`,
    };
  }
  const name = first?.instancePath?.split('/')[1] ?? '';
  const allowed = first?.params?.allowedValues;
  return {
    code: 'usage',
    message: `parameter "${name}" ${first?.message ?? 'is wrong'}`,
    hint: Array.isArray(allowed) ? `One of: ${allowed.join(', ')}` : '',
  };
}

function namesOf(schema: unknown): string[] {
  const properties = (schema as { properties?: object } | undefined)?.properties;
  return properties === undefined ? [] : Object.keys(properties);
}
