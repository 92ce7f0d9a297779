import type { Event } from '../events/event.ts';
import { firstSeen } from '../events/event-time.ts';
import { formatTime } from '../lib/rfc3339.ts';
import type { ObjectId } from '../objects/object.ts';
import type { Step } from '../stories/story.ts';
import { readClaim } from '../stories/tell/read-claim.ts';
import { nameImage } from './image-attributes.ts';
import { describeObject, nameObject, withoutEmpty } from './object-attributes.ts';
import type { Attributes } from './span.ts';

/**
 * The attributes of a step: which object, below what, what was said of it, and how it came out.
 *
 * @param above the objects of what caused it, the topmost first: a Pod's step tells its Deployment too
 * @param event the Event it is made from, the first of several
 */
export function describeStep(step: Step, above: readonly ObjectId[], event: Event | undefined): Attributes {
  return {
    ...Object.assign({}, ...above.map(nameObject)),
    ...nameClaimed(step),
    ...describeObject(step.object, event?.involvedObject.fieldPath),
    ...nameObject(step.object),
    ...withoutEmpty({ 'k8s.container.name': step.container }),
    ...nameImage(step),
    ...(step.source === 'event' && describeEvent(step, event)),
    ...withoutEmpty({
      'hark.step.id': step.id,
      'hark.says': step.says,
      'hark.outcome': step.outcome,
      'hark.severity': step.severity,
      'hark.source': step.source,
      'hark.took_us': step.took,
    }),
  };
}

/** The object that a controller says it made, scaled or chose; a kubelet's own Node. */
function nameClaimed({ object, reason, message, host }: Step): Attributes {
  const claim = readClaim(reason, message);
  const claimed =
    claim === undefined ? {} : nameObject({ ...object, kind: claim.kind, name: claim.name, uid: '' });
  return { ...withoutEmpty({ 'k8s.node.name': host }), ...claimed };
}

/** `k8s.event.*`, named as by the Collector's k8seventsreceiver; `type` and `message`, which it gives in other places, in the same manner. */
function describeEvent(step: Step, event: Event | undefined): Attributes {
  const { lastMessage, message, sources } = step;
  return withoutEmpty({
    'k8s.event.reason': step.reason,
    'k8s.event.type': step.type,
    'k8s.event.message': message,
    'k8s.event.count': step.count,
    ...(event !== undefined && identifyEvent(event)),
    'hark.last_message': lastMessage,
    'hark.events': sources.length > 1 ? sources.length : undefined,
  });
}

/** Which Event it is: its name, uid, action, and when it was written first. */
export function identifyEvent(event: Event): Attributes {
  const since = event.creationTimestamp ?? firstSeen(event);
  return withoutEmpty({
    'k8s.event.name': event.name,
    'k8s.event.uid': event.uid,
    'k8s.event.action': event.action,
    'k8s.event.start_time': since === undefined ? undefined : formatTime(since),
  });
}
