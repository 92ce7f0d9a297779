import { useAgo } from '../time/tell-times.tsx';
import type { TimeScale } from '../time/time-scale.ts';
import type { TimeZone } from '../time/time-zone.ts';
import { sayDescription } from '../timeline/describe-box.ts';
import { Tooltip } from '../timeline/tooltip.tsx';
import { describePart } from './describe-part.ts';
import { type HistogramData, partWindow } from './histogram-data.ts';
import type { PointedPart } from './use-pointed-part.ts';

interface PartTipProps {
  readonly data: HistogramData;
  readonly pointed: PointedPart;
  readonly scale: TimeScale;
  readonly height: number;
  readonly zone: TimeZone;
}

/** Marks the column that is pointed at and tells of it, below the histogram. */
export function PartTip({ data, pointed: { part, isByKey }, scale, height, zone }: PartTipProps) {
  const ago = useAgo();
  const told = part === undefined ? undefined : describePart(data, part, zone, ago);
  const { from, to } = partWindow(data, part ?? 0);
  const [left, right] = [scale.toX(from), scale.toX(to)];
  return (
    <>
      <span className="hidden" aria-live="polite">
        {isByKey && told !== undefined && sayDescription(told)}
      </span>
      {told !== undefined && (
        <>
          <i className="pointed-part" style={{ left, width: Math.max(3, right - left) }} />
          <Tooltip
            description={told}
            x={(left + right) / 2}
            y={height - 12}
            within={{ width: scale.width, height: Infinity }}
          />
        </>
      )}
    </>
  );
}
