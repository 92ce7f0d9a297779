import { eventKind } from '../../kube-api/event-kind.ts';
import { findEvent } from '../../kube-api/find-event.ts';
import type { KubeAnswer } from '../../kube-api/kube-api.ts';
import { createListWalks } from '../../kube-api/list-walks.ts';
import { shapeObject, shapeRow } from '../../kube-api/print-object.ts';
import { writeObject } from '../../kube-api/write-answer.ts';
import { answerStatus, describeFailure, isFailure } from '../answer-status.ts';
import type { History } from '../open-history.ts';
import type { FindAnswerer } from '../open-proxy.ts';
import type { Upstream } from '../open-upstream.ts';
import { type Exchange, handBack, passRequest, whenLeft } from '../pass-request.ts';
import type { RequestTarget } from '../read-target.ts';
import { answerJoinedList, type Joining } from './answer-joined-list.ts';
import { answerJoinedWatch } from './answer-joined-watch.ts';
import { printJoined } from './join-live.ts';
import { createListSnapshots } from './list-snapshots.ts';
import {
  type EventRequest,
  type EventTarget,
  findEventTarget,
  readEventRequest,
} from './read-event-request.ts';
import { sendAnswer } from './send-answer.ts';

/**
 * Answers the reading of Events from the record joined with the live ones. The server is asked in every case, with what the client brought to be let in:
 * what it refuses is refused, and what Hark cannot read it answers itself.
 *
 * @returns what finds who answers a request: undefined for all that is no reading of Events
 */
export function createEventAnswerer(upstream: Upstream, openHistory: () => Promise<History>): FindAnswerer {
  const joining: Joining = { upstream, walks: createListWalks(), snapshots: createListSnapshots() };
  return (target, asked) => {
    const found = asked.method === 'GET' ? findEventTarget(target.rawPath) : undefined;
    if (found === undefined) return undefined;
    return async (exchange) => {
      try {
        await answerEvents(joining, openHistory, exchange, found, target);
      } catch (error) {
        if (!isFailure(error)) throw error;
        if (!exchange.answer.destroyed)
          answerStatus(exchange.answer, 502, 'ServiceUnavailable', describeFailure(upstream.gate, error));
      }
    };
  };
}

async function answerEvents(
  joining: Joining,
  openHistory: () => Promise<History>,
  exchange: Exchange,
  found: EventTarget,
  target: RequestTarget,
): Promise<void> {
  const { upstream } = joining;
  const history = await openHistory();
  const signal = whenLeft(exchange.answer);
  const request = readEventRequest(exchange.asked, found, target, history.cluster, upstream.clock, signal);
  if (request === undefined) return await passRequest(upstream, exchange);
  if (found.name !== '' && !found.isWatch) {
    return await passRequest(upstream, exchange, async (given) => {
      const kept = given.statusCode === 404 ? await answerGone(request, history) : undefined;
      if (kept === undefined) return false;
      given.resume();
      await sendAnswer(exchange.answer, kept);
      return true;
    });
  }
  if (request.options.watch) return await answerJoinedWatch(upstream, exchange, request, history);
  const answer = await answerJoinedList(joining, exchange, request, history);
  if (answer === undefined) return;
  if ('body' in answer) await sendAnswer(exchange.answer, answer);
  else handBack(answer, exchange.answer);
}

/** An Event that the server does not hold any more; undefined when the record does not either. */
async function answerGone(
  { target, resource, shape, writing, signal }: EventRequest,
  { store, cluster }: History,
): Promise<KubeAnswer | undefined> {
  const found = await findEvent({ log: store, cluster }, target.namespace, target.name, signal);
  if (found === undefined) return undefined;
  const object = printJoined(found, undefined, resource);
  if (shape.as?.kind !== 'Table') return writeObject(200, shapeObject(object, shape), writing);
  const table = {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${shape.as.version}`,
    metadata: { resourceVersion: object.body.metadata.resourceVersion },
    columnDefinitions: eventKind(resource).columns,
    rows: [shapeRow(object, shape)],
  };
  return writeObject(200, table, writing);
}
