import type { Change } from '../objects/change.ts';
import type { Step } from '../stories/story.ts';
import type { Heard } from './heard.ts';
import { type Gathered, put, putObject, withoutEmpty } from './object-attributes.ts';
import type { Attributes, SpanEvent } from './span.ts';

/** What changed of an object as events of the span in which it happened, one for each time: a container may crash again and again. */
export function eventsOfChange(step: Step, heard: Pick<Heard, 'findChange'>): SpanEvent[] {
  const own: Gathered = {};
  putObject(own, step.object);
  put(own, 'k8s.container.name', step.container);
  put(own, 'hark.severity', step.severity);
  put(own, 'hark.manager', step.by);
  const { occurrences, sources } = step;
  return occurrences.map(({ at, message }, index) => {
    const change = heard.findChange(sources[Math.min(index, sources.length - 1)] ?? '');
    const says = index === 0 ? step.says : message;
    return {
      at,
      name: step.reason,
      attributes: { ...own, 'hark.says': says, ...(change !== undefined && tellChange(change)) },
    };
  });
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
