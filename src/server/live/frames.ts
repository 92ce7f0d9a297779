import type { RecordedEvent } from '../../events/event.ts';
import type { ChangeBatch } from '../../follow/change-reader.ts';
import { formatItem } from '../to-json.ts';
import { formatLiveId, type LiveId } from './live-id.ts';

/** Events in one message at most. */
const MOST_RECORDS = 100;

/** A message of a stream of server-sent events. */
export function formatFrame(event: string, data: string, id?: LiveId): Buffer {
  const line = id === undefined ? '' : `id: ${formatLiveId(id)}\n`;
  return Buffer.from(`event: ${event}\n${line}data: ${data}\n\n`);
}

export function formatEventsFrame(
  records: readonly RecordedEvent[],
  backfill: boolean,
  id: LiveId | undefined,
): Buffer {
  return formatFrame('events', `{"backfill":${backfill},"items":[${records.map(formatItem).join(',')}]}`, id);
}

/**
 * The messages that tell a stretch of history to those who ask for what `matches`.
 *
 * @param skip so many of the batch's Events were told before
 */
export function frameBatch(
  { after, upto, records }: ChangeBatch,
  matches: (record: RecordedEvent) => boolean,
  skip = 0,
): Buffer[] {
  const frames: Buffer[] = [];
  let chosen: RecordedEvent[] = [];
  for (let at = skip; at < records.length; at++) {
    const record = records[at];
    if (record !== undefined && matches(record)) chosen.push(record);
    if (chosen.length < MOST_RECORDS || at === records.length - 1) continue;
    frames.push(formatEventsFrame(chosen, false, { type: 'within', after, upto, told: at + 1 }));
    chosen = [];
  }
  if (chosen.length > 0) frames.push(formatEventsFrame(chosen, false, { type: 'place', place: upto }));
  return frames;
}
