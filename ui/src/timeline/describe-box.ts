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

export function describeBox(box: Box, row: TimelineRow | undefined, zone: TimeZone): Description {
  const { ref, from, to, open } = box;
  const where = row?.label ?? '';
  if (ref.kind === 'many') {
    const warned = Math.round(ref.count * box.share);
    const happened = `${many(ref.count, 'happening')}${warned > 0 ? `, ${many(warned, 'warning')}` : ''}`;
    return {
      title: happened,
      lines: [where, `${formatMoment(Math.floor(from), zone)}, within ${formatLength(to - from)}`],
    };
  }
  if (box.shape === 'change')
    return { title: box.title, lines: [where, `changed ${formatMoment(from, zone)}`] };
  const length = open ? `for ${formatLength(to - from)}, still going on` : `took ${formatLength(to - from)}`;
  const end = open ? '' : ` – ${formatTimeOfDay(to, zone, 3)}`;
  return { title: box.title, lines: [where, length, `${formatMoment(from, zone)}${end}`] };
}

export function describeHatch({ text, from, to }: Hatch, zone: TimeZone): Description {
  return { title: text, lines: [`from ${formatMoment(from, zone)}`, `for ${formatLength(to - from)}`] };
}

function many(count: number, what: string): string {
  const whole = Math.max(1, Math.round(count));
  return `${whole.toLocaleString('en')} ${what}${whole === 1 ? '' : 's'}`;
}
