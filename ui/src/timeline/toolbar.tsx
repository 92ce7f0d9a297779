import { DAY, HOUR, MINUTE } from '../../../src/lib/time.ts';
import { Choices } from '../shell/choices.tsx';
import { Icon } from '../shell/icons.tsx';
import { formatDate, formatTimeOfDay, formatZone, sameDay } from '../time/format-clock.ts';
import { formatLength } from '../time/format-length.ts';
import { lengthOf, type TimeWindow, zoomWindow } from '../time/time-window.ts';
import type { TimeZone } from '../time/time-zone.ts';
import { type Grouping, type Span, spanKey } from '../view/view.ts';
import type { MovingWindow } from './use-time-window.ts';

const GROUPS = [
  ['owner', 'Owner'],
  ['namespace', 'Namespace'],
  ['node', 'Node'],
  ['story', 'Story'],
] as const satisfies [Grouping, string][];

const SPANS: readonly (readonly [key: string, text: string, span: Span])[] = [
  ['all', 'All', { kind: 'all' }],
  ['last 15m', '15m', { kind: 'last', length: 15 * MINUTE }],
  ['last 1h', '1h', { kind: 'last', length: HOUR }],
  ['last 1d', '24h', { kind: 'last', length: DAY }],
  ['last 7d', '7d', { kind: 'last', length: 7 * DAY }],
];

interface ToolbarProps {
  readonly by: Grouping;
  readonly onGroup: (by: Grouping) => void;
  readonly span: Span;
  readonly onSpan: (span: Span) => void;
  readonly moving: MovingWindow;
  readonly zone: TimeZone;
}

export function Toolbar({ by, onGroup, span, onSpan, moving, zone }: ToolbarProps) {
  const { shown, goal, move } = moving;
  const zoom = (factor: number) => move(zoomWindow(goal, factor, (goal.from + goal.to) / 2), 'glide');
  return (
    <div className="toolbar">
      <Choices label="Rows by" values={GROUPS} value={by} onChoose={onGroup} />
      <Choices
        label="Time"
        values={SPANS.map(([key, text]) => [key, text] as const)}
        value={spanKey(span)}
        onChoose={(key) => onSpan(SPANS.find(([each]) => each === key)?.[2] ?? { kind: 'all' })}
      />
      <span className="group">
        <button
          type="button"
          className="button icon"
          aria-label="Closer"
          title="Closer (+)"
          onClick={() => zoom(0.5)}
        >
          <Icon name="plus" />
        </button>
        <button
          type="button"
          className="button icon"
          aria-label="Farther"
          title="Farther (−)"
          onClick={() => zoom(2)}
        >
          <Icon name="minus" />
        </button>
      </span>
      <span className="range">
        <span className="date">{formatDate(shown.from, zone)} </span>
        {formatRange(shown, zone)}
      </span>
    </div>
  );
}

/** After the day on which it begins. */
function formatRange(window: TimeWindow, zone: TimeZone): string {
  const { from, to } = window;
  const digits = lengthOf(window) < 10_000_000 ? 3 : 0;
  const end = `${sameDay(from, to, zone) ? '' : `${formatDate(to, zone)} `}${formatTimeOfDay(to, zone, digits)}`;
  const begin = formatTimeOfDay(from, zone, digits);
  return `${begin} – ${end} ${formatZone(from, zone)} · ${formatLength(lengthOf(window))}`;
}
