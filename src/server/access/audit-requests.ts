import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../lib/clock.ts';
import { type AuditedResource, type AuditLog, makeAuditId } from './audit-log.ts';
import type { Identity } from './identity.ts';
import { type RequestAttributes, readAttributes } from './request-attributes.ts';

/** What becomes known of a request while it is looked at. */
export interface AuditedRequest {
  identify(identity: Identity): void;
  /** It is let in, and its answer may take its time. */
  admit(): void;
  refuse(reason: string): void;
}

/** Statuses of who was not let in. */
const REFUSED: ReadonlySet<number> = new Set([401, 403, 421]);

/** Begins to follow a request; it is written when its answer is over, of a stream also when it begins. */
export function auditRequest(
  audit: AuditLog,
  clock: Clock,
  request: FastifyRequest,
  { raw: response }: FastifyReply,
): AuditedRequest {
  const attributes = readAttributes(request.raw.url ?? '/', request.routeOptions.url);
  const [verb, resource] = describe(attributes);
  const id = makeAuditId();
  const receivedAt = clock.now();
  let identity: Identity | undefined;
  let reason = '';

  function write(stage: 'RequestReceived' | 'ResponseComplete'): void {
    const status = response.statusCode;
    audit.write({
      id,
      stage,
      uri: request.raw.url ?? '/',
      verb,
      identity,
      sourceIp: request.socket.remoteAddress ?? '',
      userAgent: request.headers['user-agent'] ?? '',
      resource,
      status: stage === 'ResponseComplete' ? status : undefined,
      receivedAt,
      at: clock.now(),
      isAllowed: reason === '' && (stage === 'RequestReceived' || !REFUSED.has(status)),
      reason,
    });
  }

  response.once('close', () => write('ResponseComplete'));
  return {
    identify(known) {
      identity = known;
    },
    admit() {
      if (verb === 'watch') write('RequestReceived');
    },
    refuse(why) {
      reason = why;
    },
  };
}

function describe(attributes: RequestAttributes): [verb: string, resource: AuditedResource | undefined] {
  if (attributes.type === 'kubernetes') {
    const { cluster, group: apiGroup, version: apiVersion, resource, namespace, name, verbs } = attributes;
    const named = { cluster, apiGroup, apiVersion, resource, namespace, name };
    return [verbs.at(-1) ?? 'list', resource === '' ? undefined : named];
  }
  if (attributes.type !== 'record') return [attributes.verb, undefined];
  const { verbs, namespaces } = attributes;
  const events = { cluster: undefined, apiGroup: '', apiVersion: 'v1', resource: 'events', name: '' };
  return [verbs.at(-1) ?? 'list', { ...events, namespace: namespaces.join(',') }];
}
