import type { RecordedEvent } from '../events/event.ts';
import type { Sample } from './metric.ts';

/** How often what happened, since that was last taken. */
export interface EventCounts {
  /** @param counted how many of the Event's happenings were counted before */
  add(record: RecordedEvent, counted: number): void;
  /** What was added since the last call, one sample for each combination of labels. */
  take(): Sample[];
}

export function createEventCounts(): EventCounts {
  const counts = new Map<string, { readonly labels: Sample['labels']; value: number }>();
  return {
    add(record, counted) {
      const value = countHappenings(record) - counted;
      if (value <= 0) return;
      const { type, reason, involvedObject, source, reportingController } = record.event;
      const component = source.component || reportingController;
      const labels = { type, reason, kind: involvedObject.kind, component };
      const key = `${type}\0${reason}\0${involvedObject.kind}\0${component}`;
      const known = counts.get(key);
      if (known === undefined) counts.set(key, { labels, value });
      else known.value += value;
    },
    take() {
      const samples = [...counts.values()].map(({ labels, value }): Sample => {
        return { metric: 'hark_events_total', labels, value };
      });
      counts.clear();
      return samples;
    },
  };
}

/** How often an Event happened, as far as the record knows. */
export function countHappenings({ occurrences }: Pick<RecordedEvent, 'occurrences'>): number {
  return occurrences.reduce((sum, { count }) => sum + Math.max(0, count), 0);
}
