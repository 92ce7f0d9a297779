import type { Micros } from '../../../src/lib/time.ts';
import { type Ago, formatAgo } from '../time/ago.ts';
import { formatMoment, formatTimeOfDay } from '../time/format-clock.ts';
import { formatLength } from '../time/format-length.ts';
import type { TimeZone } from '../time/time-zone.ts';
import type { Box, Hatch } from './layout-timeline.ts';
import type { TimelineRow } from './timeline-data.ts';

/** What something says when it is pointed at: its name, then its times and numbers. */
export interface Description {
  readonly title: string;
  readonly lines: readonly string[];
}

/** As it is read aloud. */
export function sayDescription({ title, lines }: Description): string {
  return [title, ...lines].join('. ');
}

/** @param ago what from, where times are told by how long ago they were */
export function describeBox(
  box: Box,
  row: TimelineRow | undefined,
  zone: TimeZone,
  ago: Ago | undefined,
): Description {
  const { ref, from, to, open } = box;
  const where = row?.label ?? '';
  const begin = tellBegin(Math.floor(from), zone, ago);
  if (ref.kind === 'many') {
    const warned = Math.round(ref.count * box.share);
    const happened = `${many(ref.count, 'happening')}${warned > 0 ? `, ${many(warned, 'warning')}` : ''}`;
    return {
      title: happened,
      lines: [where, `${begin}, within ${formatLength(to - from)}`],
    };
  }
  if (box.shape === 'change') return { title: box.title, lines: [where, `changed ${begin}`] };
  const length = open ? `for ${formatLength(to - from)}, still going on` : `took ${formatLength(to - from)}`;
  const end = open ? '' : ` – ${formatTimeOfDay(to, zone, 3)}`;
  return { title: box.title, lines: [where, length, `${begin}${ago === undefined ? end : ''}`] };
}

/** @param ago as of `describeBox` */
export function describeHatch({ text, from, to }: Hatch, zone: TimeZone, ago: Ago | undefined): Description {
  return {
    title: text,
    lines: [`from ${tellBegin(from, zone, ago)}`, `for ${formatLength(to - from)}`],
  };
}

function tellBegin(at: Micros, zone: TimeZone, ago: Ago | undefined): string {
  return ago === undefined ? formatMoment(at, zone) : formatAgo(at, ago);
}

function many(count: number, what: string): string {
  const whole = Math.max(1, Math.round(count));
  return `${whole.toLocaleString('en')} ${what}${whole === 1 ? '' : 's'}`;
}
