import type { RecordedEvent } from '../events/event.ts';
import type { EventPrinter } from './event-printer.ts';

/** So many Events decide how wide a table's columns begin, and no more of them are ever held. */
const FIRST_PAGE = 2_000;

/**
 * A printer that holds the first Events back, so that a table's columns suit all of them, and then prints page by page.
 *
 * @param endless prints each page as it comes: there may be no next one for hours
 * @param print is never called with an empty page
 */
export function pageRows(
  endless: boolean,
  print: (events: readonly RecordedEvent[]) => Promise<void>,
): EventPrinter {
  let held: RecordedEvent[] = [];
  let holding = !endless;
  const release = async () => {
    const events = held;
    held = [];
    if (events.length > 0) await print(events);
  };
  return {
    async print(events) {
      for (const event of events) held.push(event);
      if (holding && held.length < FIRST_PAGE) return;
      holding = false;
      await release();
    },
    end: release,
  };
}
