import type { EventItem, ObjectJson } from '../api/answers.ts';
import { textOf } from './read-rises.ts';

/** Whom an Event is about, in either form. */
export function objectOfEvent({ event, cluster }: Pick<EventItem, 'event' | 'cluster'>): ObjectJson {
  const { involvedObject, regarding } = event as { involvedObject?: unknown; regarding?: unknown };
  const about = involvedObject ?? regarding;
  const object = typeof about === 'object' && about !== null ? about : {};
  return {
    cluster,
    apiVersion: textOf(object, 'apiVersion'),
    kind: textOf(object, 'kind'),
    namespace: textOf(object, 'namespace'),
    name: textOf(object, 'name'),
    uid: textOf(object, 'uid'),
  };
}
