import type { RecordedEvent } from '../events/event.ts';
import type { EventReader } from '../events/query.ts';
import { readBefore } from './event-pages.ts';

/** All Events, those last seen latest first, so many at a time, each time in time order; others are answered between two. */
export async function* readBackwards(
  reader: Pick<EventReader, 'readEvents'>,
  size: number,
  signal: AbortSignal,
): AsyncGenerator<readonly RecordedEvent[]> {
  for (let edge: RecordedEvent | undefined; ; ) {
    const slice = await readBefore(reader, {}, size, edge, () => true, signal);
    if (slice.length > 0) yield slice;
    if (slice.length < size) return;
    [edge] = slice;
    await new Promise((resolve) => setImmediate(resolve));
  }
}
