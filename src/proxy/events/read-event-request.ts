import type { IncomingMessage } from 'node:http';
import type { Asked } from '../../kube-api/answer-list.ts';
import { allowsMeta, negotiate, type Wish } from '../../kube-api/negotiate.ts';
import { readIncludeObject } from '../../kube-api/print-object.ts';
import { readListOptions } from '../../kube-api/read-list-options.ts';
import { type PathTarget, readPath } from '../../kube-api/read-path.ts';
import { type EventSelection, selectEvents } from '../../kube-api/select-events.ts';
import { StatusError } from '../../kube-api/status.ts';
import { readWriting } from '../../kube-api/write-answer.ts';
import type { Clock } from '../../lib/clock.ts';
import type { RequestTarget } from '../read-target.ts';

/** Events of a path: one by its name, or those of a namespace, or all. */
export type EventTarget = Extract<PathTarget, { type: 'resource' }>;

/** Which Events a path leads to; undefined when it leads to something else. */
export function findEventTarget(rawPath: string): EventTarget | undefined {
  // Most paths are of other things: they are told without being taken apart.
  if (!rawPath.includes('events') && !rawPath.includes('%')) return undefined;
  const target = orUndefined(() => readPath(rawPath));
  if (target?.type !== 'resource' || target.resource.form === undefined) return undefined;
  return target;
}

/** A list or watch of Events, read. */
export interface EventRequest extends Asked {
  readonly target: EventTarget;
  readonly selection: EventSelection;
  readonly params: URLSearchParams;
  /** How the answer is to look, as the server is to be asked for it: without what Hark cannot read. */
  readonly accept: string;
}

/**
 * Reads a request for Events.
 *
 * @param cluster its uid in the record
 * @returns undefined when it cannot be read, or wants an answer that only the server can give (protobuf): that is for the server to say
 */
export function readEventRequest(
  asked: IncomingMessage,
  found: EventTarget,
  { search }: RequestTarget,
  cluster: string,
  clock: Clock,
  signal: AbortSignal,
): EventRequest | undefined {
  return orUndefined(() => {
    const params = new URLSearchParams(search);
    const options = readListOptions(params, found.isWatch);
    const wish = negotiate(asked.headers.accept, allowsMeta, { isWatch: options.watch });
    return {
      target: found,
      resource: found.resource,
      params,
      options,
      selection: selectEvents(found.resource, cluster, found, options),
      shape: { as: wish.as, include: readIncludeObject(params), now: clock.now() },
      writing: readWriting({ userAgent: asked.headers['user-agent'] }, params, wish.format),
      accept: formatAccept(wish),
      signal,
    };
  });
}

function formatAccept({ as }: Wish): string {
  return as === undefined
    ? 'application/json'
    : `application/json;as=${as.kind};g=${as.group};v=${as.version}`;
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof StatusError) return undefined;
    throw error;
  }
}
