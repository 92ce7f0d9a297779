import { memo } from 'react';
import type { Ticks } from '../time/ticks.ts';
import type { TimeScale } from '../time/time-scale.ts';

/** The times above the rows; dates stay at the left edge as long as they hold. */
export const TimeAxis = memo(function TimeAxis({ ticks, scale }: { ticks: Ticks; scale: TimeScale }) {
  return (
    <div className="axis" aria-hidden="true">
      {ticks.contexts.map(({ at, label }, index) => {
        const next = ticks.contexts[index + 1];
        const x = Math.max(0, scale.toX(at));
        const end = next === undefined ? scale.width : scale.toX(next.at);
        return (
          <span
            key={`${at} ${label}`}
            className="context"
            style={{ left: x, maxWidth: Math.max(0, end - x) }}
          >
            {label}
          </span>
        );
      })}
      {ticks.ticks.map(({ at, label }) => (
        <span key={at} className="tick" style={{ left: scale.toX(at) }}>
          {label}
        </span>
      ))}
    </div>
  );
});
