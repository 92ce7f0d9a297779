import type { RecordedEvent } from '../events/event.ts';
import { identify } from '../events/identity.ts';
import type { Store } from '../store/store.ts';

/** A stretch of the record's history. */
export interface ChangeBatch {
  readonly after: number;
  readonly upto: number;
  /** One for each Event that changed in between: its state now; undefined when it is removed, or told further on. */
  readonly records: readonly (RecordedEvent | undefined)[];
}

/** Reads the record's history from a place on, each state of an Event once. */
export interface ChangeReader {
  /** Where it stands. */
  place(): number;
  /** What is next; undefined when there is nothing yet; 'gone' when the history does not go back that far. */
  next(): Promise<ChangeBatch | 'gone' | undefined>;
}

/**
 * Starts to read at a place.
 *
 * @param firstUpto the place up to which the first stretch goes at most: one that was told of as `upto`
 */
export function createChangeReader(
  store: Pick<Store, 'readChanged'>,
  start: number,
  firstUpto?: number,
): ChangeReader {
  let place = start;
  let before = firstUpto;
  return {
    place: () => place,
    async next() {
      const changed = await store.readChanged(place, before);
      if (changed === 'gone' || changed.upto === place) return changed === 'gone' ? changed : undefined;
      const batch = { after: place, ...changed };
      place = changed.upto;
      before = undefined;
      return batch;
    },
  };
}

/** An Event's name among all clusters': `CLUSTER/NAMESPACE/NAME@MICROSECONDS`, as steps of stories name it too. */
export function idOf({ cluster, event }: RecordedEvent): string {
  return `${cluster}/${identify(event)}`;
}
