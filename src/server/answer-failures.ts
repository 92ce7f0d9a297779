import type { Socket } from 'node:net';
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
      return answer(
        reply,
        400,
        explainValidation(error, request.routeOptions.schema?.querystring, request.query),
      );
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
    const shown = path.slice(0, 200);
    if (app.findRoute({ method: 'GET', url: path }) !== null) {
      reply.header('allow', 'GET, HEAD');
      return answer(reply, 405, {
        code: 'method-not-allowed',
        message: `"${shown}" is only read: ${request.method} changes nothing here`,
        hint: `GET ${shown}`,
      });
    }
    return answer(reply, 404, {
      code: 'not-found',
      message: `there is nothing at "${shown}"`,
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

/** What could not be read as a request is answered, too, before the connection is closed. */
export function refuseUnreadable(error: Error & { readonly code?: string }, socket: Socket): void {
  if (!socket.writable) return void socket.destroy();
  const [status, failure] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? (['431 Request Header Fields Too Large', TOO_LONG] as const)
      : (['400 Bad Request', UNREADABLE] as const);
  const body = JSON.stringify({ error: failure });
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
  );
}

const TOO_LONG: Failure = {
  code: 'too-large',
  message: 'the headers of this request are longer than 16 KiB',
  hint: 'Ask with a shorter URL, or less in its headers: a list may be cut into several questions.',
};
const UNREADABLE: Failure = {
  code: 'usage',
  message: 'this is no HTTP request that can be read',
  hint: 'Where the server has TLS, its address begins with https://',
};

/** Which parameter is wrong, what is wanted of it, and which was probably meant. */
function explainValidation(error: FastifyError, schema: unknown, query: unknown): Failure {
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
  const given = (query as Readonly<Record<string, unknown>>)[name];
  return { code: 'usage', ...explainValue(name, given, propertyOf(schema, name), first?.message) };
}

interface Property {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

function explainValue(
  name: string,
  given: unknown,
  { type, enum: words, minimum, maximum }: Property,
  otherwise = 'is wrong',
): Pick<Failure, 'message' | 'hint'> {
  const said = `${name} ${JSON.stringify(Array.isArray(given) ? given.join(',') : String(given))}`;
  if (words !== undefined)
    return { message: `${said} is none of ${words.join(', ')}`, hint: `For example: ${name}=${words[0]}` };
  if (type === 'integer' && minimum !== undefined && maximum !== undefined)
    return {
      message: `${said} is not a whole number from ${minimum} to ${maximum}`,
      hint: `For example: ${name}=${Math.min(maximum, Math.max(minimum, 100))}`,
    };
  return { message: `${said} ${otherwise}`, hint: 'What is taken: GET /openapi.json' };
}

function propertyOf(schema: unknown, name: string): Property {
  const properties = (schema as { properties?: Readonly<Record<string, Property>> } | undefined)?.properties;
  return properties?.[name] ?? {};
}

function namesOf(schema: unknown): string[] {
  const properties = (schema as { properties?: object } | undefined)?.properties;
  return properties === undefined ? [] : Object.keys(properties);
}
