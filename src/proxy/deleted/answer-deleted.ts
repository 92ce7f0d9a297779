import type { IncomingMessage } from 'node:http';
import { formatAge } from '../../events/event-age.ts';
import type { JsonObject } from '../../events/print-event.ts';
import type { KubeAnswer } from '../../kube-api/kube-api.ts';
import { allowsMeta, checkShape, negotiate } from '../../kube-api/negotiate.ts';
import { type KubeObject, readIncludeObject, shapeObject, shapeRow } from '../../kube-api/print-object.ts';
import { StatusError } from '../../kube-api/status.ts';
import { readWriting, writeObject } from '../../kube-api/write-answer.ts';
import { sendAnswer } from '../events/send-answer.ts';
import type { History } from '../open-history.ts';
import type { FindAnswerer } from '../open-proxy.ts';
import type { Upstream } from '../open-upstream.ts';
import { passRequest, whenLeft } from '../pass-request.ts';
import { findGone, type GoneObject } from './find-gone.ts';
import { type ObjectTarget, readObjectPath } from './read-object-path.ts';
import { goneAt, restoreObject } from './restore-object.ts';

/**
 * Answers the reading of one object that the server does not have from the record. The server is asked first: who may not get the object is told so.
 *
 * @returns what finds who answers a request: undefined for all that is no reading of one object
 */
export function createDeletedAnswerer(upstream: Upstream, openHistory: () => Promise<History>): FindAnswerer {
  return (target, asked) => {
    const found = asked.method === 'GET' && isLooking(asked) ? readObjectPath(target.path) : undefined;
    if (found === undefined || new URLSearchParams(target.search).has('watch')) return undefined;
    return (exchange) =>
      passRequest(upstream, exchange, async (given) => {
        if (given.statusCode !== 404) return false;
        const signal = whenLeft(exchange.answer);
        const gone = await findGone(await openHistory(), found, signal);
        const kept = gone && answerGone(gone, found, target.search, asked, upstream.clock.now());
        if (kept === undefined) return false;
        given.resume();
        await sendAnswer(exchange.answer, kept);
        return true;
      });
  };
}

/** kubectl says which of its commands asks: `apply` and the like must be told that the object is not there. */
function isLooking({ headers }: IncomingMessage): boolean {
  const command = headers['kubectl-command'];
  return command === undefined || /^kubectl (?:get|describe)\b/.test(String(command));
}

/** Undefined when it is wanted in a form that only the server could give. */
function answerGone(
  gone: GoneObject,
  target: ObjectTarget,
  search: string,
  { headers }: IncomingMessage,
  now: number,
): KubeAnswer | undefined {
  const params = new URLSearchParams(search);
  try {
    const wish = negotiate(headers.accept, allowsMeta);
    checkShape(wish, false);
    const shape = { as: wish.as, include: readIncludeObject(params), now };
    const writing = readWriting({ userAgent: headers['user-agent'] }, params, wish.format);
    const object: KubeObject = {
      body: restoreObject(gone, target),
      cells: () => [
        gone.object.name,
        'Deleted',
        `${formatAge(goneAt(gone.object), now)} ago`,
        formatAge(gone.object.createdAt, now),
      ],
    };
    if (shape.as?.kind !== 'Table') return writeObject(200, shapeObject(object, shape), writing);
    const table: JsonObject = {
      kind: 'Table',
      apiVersion: `meta.k8s.io/${shape.as.version}`,
      metadata: {},
      columnDefinitions: COLUMNS,
      rows: [shapeRow(object, shape)],
    };
    return writeObject(200, table, writing);
  } catch (error) {
    if (error instanceof StatusError) return undefined;
    throw error;
  }
}

const COLUMNS = [
  ['Name', 'name', 'The name of the object.'],
  ['Status', '', 'That it is not there any more.'],
  ['Deleted', '', 'How long ago it was gone, as far as that is known.'],
  ['Age', '', 'How long ago it was made.'],
].map(([name, format, description]) => ({ name, type: 'string', format, description, priority: 0 }));
