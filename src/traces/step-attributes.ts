import type { Event } from '../events/event.ts';
import { firstSeen } from '../events/event-time.ts';
import { formatTime } from '../lib/rfc3339.ts';
import type { ObjectId } from '../objects/object.ts';
import type { Step } from '../stories/story.ts';
import { readClaim } from '../stories/tell/read-claim.ts';
import { putImage } from './image-attributes.ts';
import { type Gathered, put, putName, putObject } from './object-attributes.ts';

/**
 * The attributes of a step: which object, below what, what was said of it, and how it came out.
 *
 * @param above the objects of what caused it, the topmost first: a Pod's step tells its Deployment too
 * @param event the Event it is made from, the first of several
 */
export function describeStep(step: Step, above: readonly ObjectId[], event: Event | undefined): Gathered {
  const into: Gathered = {};
  for (const object of above) putName(into, object);
  putClaimed(into, step);
  putObject(into, step.object, event?.involvedObject.fieldPath);
  put(into, 'k8s.container.name', step.container);
  putImage(into, step);
  if (step.source === 'event') putTold(into, step, event);
  put(into, 'hark.step.id', step.id);
  put(into, 'hark.says', step.says);
  put(into, 'hark.outcome', step.outcome);
  put(into, 'hark.severity', step.severity);
  put(into, 'hark.source', step.source);
  put(into, 'hark.took_us', step.took);
  return into;
}

/** The object that a controller says it made, scaled or chose; a kubelet's own Node. */
function putClaimed(into: Gathered, { reason, message, host }: Step): void {
  put(into, 'k8s.node.name', host);
  const claim = readClaim(reason, message);
  if (claim !== undefined) putName(into, { kind: claim.kind, name: claim.name, uid: '' });
}

/** `k8s.event.*`, named as by the Collector's k8seventsreceiver; `type` and `message`, which it gives in other places, in the same manner. */
function putTold(into: Gathered, step: Step, event: Event | undefined): void {
  put(into, 'k8s.event.reason', step.reason);
  put(into, 'k8s.event.type', step.type);
  put(into, 'k8s.event.message', step.message);
  put(into, 'k8s.event.count', step.count);
  if (event !== undefined) putEvent(into, event);
  put(into, 'hark.last_message', step.lastMessage);
  if (step.sources.length > 1) into['hark.events'] = step.sources.length;
}

/** Which Event it is: its name, uid, action, and when it was written first. */
export function putEvent(into: Gathered, event: Event): void {
  const since = event.creationTimestamp ?? firstSeen(event);
  put(into, 'k8s.event.name', event.name);
  put(into, 'k8s.event.uid', event.uid);
  put(into, 'k8s.event.action', event.action);
  if (since !== undefined) into['k8s.event.start_time'] = formatTime(since);
}
