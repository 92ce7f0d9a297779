import type { Event, ObjectReference } from './event.ts';

/** References to one object that are looked through: a Pod has one for each container, a Deployment one for each of its versions. */
const MOST_ALIKE = 16;

/**
 * Makes Events share what they have in common: the strings that repeat from Event to Event, and whole references to the same object. For
 * those who keep many in memory.
 */
export function createEventInterner(): (event: Event) => Event {
  const texts = new Map<string, string>();
  const references = new Map<string, ObjectReference[]>();
  const sources = new Map<string, Event['source']>();

  function share(text: string): string {
    const known = texts.get(text);
    if (known !== undefined) return known;
    texts.set(text, text);
    return text;
  }

  function shareReference(reference: ObjectReference): ObjectReference {
    const key = reference.uid || reference.name;
    const alike = references.get(key);
    const known = alike?.find((other) => isSame(other, reference));
    if (known !== undefined) return known;
    const shared = {
      apiVersion: share(reference.apiVersion),
      kind: share(reference.kind),
      namespace: share(reference.namespace),
      name: share(reference.name),
      uid: share(reference.uid),
      resourceVersion: share(reference.resourceVersion),
      fieldPath: share(reference.fieldPath),
    };
    if (alike === undefined) references.set(key, [shared]);
    else if (alike.length < MOST_ALIKE) alike.push(shared);
    return shared;
  }

  function shareSource(source: Event['source']): Event['source'] {
    const key = `${source.component}\n${source.host}`;
    const known = sources.get(key) ?? { component: share(source.component), host: share(source.host) };
    sources.set(key, known);
    return known;
  }

  return (event) => ({
    ...event,
    namespace: share(event.namespace),
    type: share(event.type),
    reason: share(event.reason),
    message: share(event.message),
    involvedObject: shareReference(event.involvedObject),
    source: shareSource(event.source),
    reportingController: share(event.reportingController),
    reportingInstance: share(event.reportingInstance),
    action: share(event.action),
    residue: event.residue === undefined ? undefined : share(event.residue),
  });
}

function isSame(a: ObjectReference, b: ObjectReference): boolean {
  return (
    a.resourceVersion === b.resourceVersion &&
    a.fieldPath === b.fieldPath &&
    a.name === b.name &&
    a.uid === b.uid &&
    a.namespace === b.namespace &&
    a.kind === b.kind &&
    a.apiVersion === b.apiVersion
  );
}
