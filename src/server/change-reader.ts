import type { RecordedEvent } from '../events/event.ts';
import { identify } from '../events/identity.ts';
import type { Store } from '../store/store.ts';

/** A stretch of the record's history. */
export interface ChangeBatch {
  readonly after: number;
  readonly upto: number;
  /** Each Event that changed in between once, in its state now. */
  readonly records: readonly RecordedEvent[];
}

/** Reads the record's history from a place on, each state of an Event once. */
export interface ChangeReader {
  /** Where it stands. */
  place(): number;
  /** Whether some Events were told in a state from beyond its place. */
  isAhead(): boolean;
  /** What is next; undefined when there is nothing yet; 'gone' when the history does not go back that far. */
  next(): Promise<ChangeBatch | 'gone' | undefined>;
}

/**
 * Starts to read at a place. When there is much to read, an Event may be told in a state from later on; it is not told again then until that
 * place is behind.
 *
 * @param firstUpto the place up to which the first stretch goes at most: one that was told of as `upto`
 */
export function createChangeReader(
  store: Pick<Store, 'readChanged'>,
  start: number,
  firstUpto?: number,
): ChangeReader {
  let place = start;
  /** Up to which place the state of an Event is known that was told ahead of time. */
  const ahead = new Map<string, number>();
  /** The places ahead, ascending: what is read must not reach beyond the first. */
  let edges: number[] = firstUpto === undefined ? [] : [firstUpto];

  return {
    place: () => place,
    isAhead: () => edges.length > 0,
    async next() {
      const changed = await store.readChanged(place, edges[0]);
      if (changed === 'gone' || changed.upto === place) return changed === 'gone' ? changed : undefined;
      const { upto, asOf } = changed;
      const records = changed.records.filter((record) => (ahead.get(idOf(record)) ?? 0) < upto);
      if (asOf > upto) {
        for (const record of records) ahead.set(idOf(record), asOf);
        if (!edges.includes(asOf)) edges.push(asOf);
      }
      edges = edges.filter((edge) => edge > upto);
      if (edges.length === 0) ahead.clear();
      const batch = { after: place, upto, records };
      place = upto;
      return batch;
    },
  };
}

/** An Event's name among all clusters': `CLUSTER/NAMESPACE/NAME@MICROSECONDS`, as steps of stories name it too. */
export function idOf({ cluster, event }: RecordedEvent): string {
  return `${cluster}/${identify(event)}`;
}
