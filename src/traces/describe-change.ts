import type { Change } from '../objects/change.ts';
import type { Step } from '../stories/story.ts';
import { describeObject, nameObject, withoutEmpty } from './object-attributes.ts';
import type { Attributes, SpanEvent } from './span.ts';

/** A change of an object as an event of the span in which it happened. */
export function eventOfChange(step: Step, change: Change | undefined): SpanEvent {
  return {
    at: step.at,
    name: step.reason,
    attributes: {
      ...describeObject(step.object),
      ...nameObject(step.object),
      ...withoutEmpty({
        'k8s.container.name': step.container,
        'hark.says': step.says,
        'hark.severity': step.severity,
        'hark.manager': step.by,
      }),
      ...(change !== undefined && tellChange(change)),
    },
  };
}

function tellChange(change: Change): Attributes {
  if (change.type === 'container-terminated')
    return withoutEmpty({
      'process.exit.code': change.exitCode,
      'k8s.container.restart_count': change.restarts,
      'k8s.container.status.last_terminated_reason': change.reason,
      'hark.message': change.message,
    });
  if (change.type === 'container-waiting')
    return withoutEmpty({ 'k8s.container.status.reason': change.reason, 'hark.message': change.message });
  if (change.type === 'condition-changed')
    return withoutEmpty({
      'hark.condition': change.condition,
      'hark.from': change.from,
      'hark.to': change.to,
      'hark.reason': change.reason,
      'hark.message': change.message,
    });
  if (change.type === 'spec-changed')
    return withoutEmpty({
      'hark.fields': change.fields.map(
        ({ field, container, from, to }) =>
          `${field}${container === '' ? '' : `[${container}]`}: ${from} → ${to}`,
      ),
    });
  return change.type === 'content-changed' ? withoutEmpty({ 'hark.keys': change.keys }) : {};
}
