import type { SendCounts } from './deliver.ts';

const ITEMS: Readonly<Record<string, string>> = { traces: 'spans', logs: 'log records', metrics: 'values' };

/** What became of what was to be sent, for people: `1204 spans and 3310 log records sent; given up: 2 spans`. */
export function describeCounts(counts: ReadonlyMap<string, Readonly<SendCounts>>): string {
  const list = (of: 'sent' | 'rejected' | 'dropped') =>
    [...counts]
      .filter(([, each]) => each[of] > 0 || of === 'sent')
      .map(([signal, each]) => `${each[of]} ${ITEMS[signal] ?? signal}`)
      .join(' and ');
  const parts = [
    `${list('sent')} sent`,
    list('rejected') !== '' && `not taken: ${list('rejected')}`,
    list('dropped') !== '' && `given up: ${list('dropped')}`,
    [...counts.values()].some(({ failing }) => failing) &&
      'the receiver took nothing the last time: what waits is in the store',
  ];
  return parts.filter((part) => part !== false).join('; ');
}

/** How much was lost. */
export function countLost(counts: ReadonlyMap<string, Readonly<SendCounts>>): number {
  let lost = 0;
  for (const { rejected, dropped } of counts.values()) lost += rejected + dropped;
  return lost;
}
