import type { LiveState } from '../api/use-live.ts';

const TEXTS: Readonly<Record<LiveState | 'held', string>> = {
  connecting: 'Connecting…',
  live: 'Live',
  lost: 'Disconnected',
  off: 'Not live',
  held: 'Live, held still',
};

interface LiveBadgeProps {
  readonly state: LiveState;
  /** How much is new that is not shown while something is pointed at. */
  readonly waiting: number;
}

export function LiveBadge({ state, waiting }: LiveBadgeProps) {
  const shown = state === 'live' && waiting > 0 ? 'held' : state;
  return (
    <span className="live" data-state={shown} role="status" data-testid="live">
      <i className="dot" />
      {shown === 'held' ? `${waiting} new` : TEXTS[shown]}
    </span>
  );
}
