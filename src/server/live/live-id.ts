import { HarkError } from '../../lib/errors.ts';

/**
 * Where a reader of the live stream stands, as the `id` of a message:
 * - `812`: everything up to this place in the record's history was told
 * - `812-900-100`: and of what changed between 812 and 900, the first 100 Events
 * - `812~CURSOR`: the backfill has come to the cursor; what changed since 812 comes after it
 */
export type LiveId =
  | { readonly type: 'place'; readonly place: number }
  | { readonly type: 'within'; readonly after: number; readonly upto: number; readonly told: number }
  | { readonly type: 'backfill'; readonly place: number; readonly cursor: string };

export function formatLiveId(id: LiveId): string {
  switch (id.type) {
    case 'place':
      return String(id.place);
    case 'within':
      return `${id.after}-${id.upto}-${id.told}`;
    case 'backfill':
      return `${id.place}~${id.cursor}`;
  }
}

/** @throws HarkError `bad-cursor` */
export function parseLiveId(text: string): LiveId {
  const [, place, upto, told, cursor] =
    /^(\d{1,15})(?:-(\d{1,15})-(\d{1,15})|~([\w-]+))?$/.exec(text.trim()) ?? [];
  if (place === undefined)
    throw new HarkError('bad-cursor', `"${text.slice(0, 80)}" is no id of a message of /v1/live`, {
      hint: 'Send the last `id` that was received as Last-Event-ID, or begin anew without.',
    });
  if (upto !== undefined)
    return { type: 'within', after: Number(place), upto: Number(upto), told: Number(told) };
  if (cursor !== undefined) return { type: 'backfill', place: Number(place), cursor };
  return { type: 'place', place: Number(place) };
}
