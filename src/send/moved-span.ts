import type { Micros } from '../lib/time.ts';
import type { Span } from '../traces/span.ts';

/**
 * The root of a trace whose story is told otherwise now, where that was sent.
 *
 * @param heirs the traces that tell it now
 */
export function movedSpan(
  ids: Pick<Span, 'traceId' | 'spanId' | 'parentSpanId'>,
  from: Micros,
  to: Micros,
  heirs: readonly string[],
): Span {
  return {
    ...ids,
    name: 'Story.Moved',
    from,
    to,
    open: false,
    error: undefined,
    attributes: { 'hark.moved': true, ...(heirs.length > 0 && { 'hark.moved_to': heirs }) },
    events: [],
    droppedEvents: 0,
    links: [],
    droppedLinks: 0,
    resource: { attributes: { 'service.name': 'hark' } },
    stepId: '',
  };
}
