import { compareRecordedEvents } from '../events/compare-events.ts';
import type { Event, Occurrence, RecordedEvent } from '../events/event.ts';

/**
 * Gives each message an Event ever had a row of its own, with the repeats that said so: an Event keeps only its latest message ("(combined
 * from similar events)" ones change it each time), the record keeps all of them. Events that always said the same stay as they are.
 *
 * @returns in time order
 */
export function spreadMessages(records: readonly RecordedEvent[]): RecordedEvent[] {
  return records.flatMap(spreadRecord).sort(compareRecordedEvents);
}

function spreadRecord(record: RecordedEvent): RecordedEvent[] {
  const byMessage = Map.groupBy(record.occurrences, ({ message }) => message);
  if (byMessage.size < 2) return [record];
  return [...byMessage].map(([message, occurrences]) => ({
    ...record,
    event: narrowTo(record.event, message, occurrences),
    occurrences,
  }));
}

/** The Event as if it had said but this. */
function narrowTo(event: Event, message: string, occurrences: readonly Occurrence[]): Event {
  const times = occurrences.map(({ at }) => at);
  return {
    ...event,
    message,
    count: occurrences.reduce((sum, { count }) => sum + count, 0),
    series: undefined,
    eventTime: undefined,
    firstTimestamp: Math.min(...times),
    lastTimestamp: Math.max(...times),
  };
}
