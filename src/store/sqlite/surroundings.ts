import type { Event } from '../../events/event.ts';
import type { Surroundings } from './wording.ts';

/** What the messages of an Event may repeat of it. */
export function surroundingsOf(event: Event): Surroundings {
  return { name: prefixOf(event.name), namespace: event.namespace, uid: event.involvedObject.uid };
}

/** The name of an Event up to its last dot. */
export function prefixOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot < 0 ? name : name.slice(0, dot);
}
