import { compareRecordedEvents } from '../events/compare-events.ts';
import type { EventReader } from '../events/query.ts';
import { limitPages } from './limit-pages.ts';
import { mergePages } from './merge-pages.ts';

/** One reader of several that have no Event in common: of different clusters. */
export function joinReaders(readers: readonly EventReader[]): EventReader {
  const [only] = readers;
  if (only !== undefined && readers.length === 1) return only;
  return {
    readEvents: (query, signal) =>
      limitPages(
        mergePages(
          readers.map((reader) => reader.readEvents(query, signal)),
          compareRecordedEvents,
        ),
        query.limit,
      ),
    async readGaps(query) {
      const gaps = await Promise.all(readers.map((reader) => reader.readGaps(query)));
      return gaps.flat().sort((a, b) => a.from - b.from);
    },
    readClusters: async () => (await Promise.all(readers.map((reader) => reader.readClusters()))).flat(),
    async close() {
      await Promise.all(readers.map((reader) => reader.close()));
    },
  };
}
