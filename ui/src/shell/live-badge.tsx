import type { LiveState } from '../api/use-live.ts';

const TEXTS: Readonly<Record<LiveState | 'held' | 'still', string>> = {
  still: 'Recorded',
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
  /** Whether the server listens to any cluster. */
  readonly isListening: boolean;
}

export function LiveBadge({ state, waiting, isListening }: LiveBadgeProps) {
  const shown = state !== 'live' ? state : waiting > 0 ? 'held' : isListening ? 'live' : 'still';
  return (
    <span className="live" data-state={shown} role="status" data-testid="live">
      <i className="dot" />
      {shown === 'held' ? `${waiting} new` : TEXTS[shown]}
    </span>
  );
}
