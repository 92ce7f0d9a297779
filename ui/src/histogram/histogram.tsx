import { type KeyboardEvent, useLayoutEffect, useMemo, useRef } from 'react';
import { formatMoment } from '../time/format-clock.ts';
import { createTimeScale } from '../time/time-scale.ts';
import { fitWindow } from '../time/time-window.ts';
import type { TimeZone } from '../time/time-zone.ts';
import { paletteOf } from '../timeline/read-palette.ts';
import { prepareCanvas, useSize } from '../timeline/use-canvas.ts';
import type { MovingWindow } from '../timeline/use-time-window.ts';
import { zoomKey } from '../timeline/zoom-key.ts';
import type { Theme } from '../view/use-theme.ts';
import { drawHistogram } from './draw-histogram.ts';
import type { HistogramData } from './histogram-data.ts';
import { PartTip } from './part-tip.tsx';
import { useBrush } from './use-brush.ts';
import { usePointedPart } from './use-pointed-part.ts';

interface HistogramProps {
  readonly data: HistogramData;
  readonly moving: MovingWindow;
  readonly zone: TimeZone;
  readonly theme: Theme;
  readonly onFit: () => void;
}

/** The whole time at a glance, and which part of it is looked at: drag across it to choose another. */
export function Histogram({ data, moving, zone, theme, onFit }: HistogramProps) {
  const area = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const size = useSize(area);
  const { shown } = moving;
  const whole = useMemo(() => {
    const fitted = fitWindow(data.window);
    return { from: fitted.from, to: fitted.to };
  }, [data.window]);
  const scale = useMemo(() => createTimeScale(whole, size.width), [whole, size.width]);

  useLayoutEffect(() => {
    const context = prepareCanvas(canvas.current, size);
    if (context === undefined) return;
    drawHistogram(context, data, scale, size.height, shown, paletteOf(theme));
  }, [data, scale, size, shown, theme]);

  useBrush(area, { scale, shown, move: moving.move, onFit });
  const pointed = usePointedPart(data, scale, shown);

  const onKey = (event: KeyboardEvent) => {
    if (pointed.onKey(event)) {
      event.preventDefault();
      return;
    }
    const key = event.key === 'ArrowLeft' ? 'a' : event.key === 'ArrowRight' ? 'd' : event.key;
    const moved = event.ctrlKey || event.metaKey ? undefined : zoomKey(key, moving.goal, undefined);
    if (moved !== undefined) moving.move(moved, 'glide');
    else if (key === '0' || key === 'Home') onFit();
    else return;
    event.preventDefault();
  };

  const left = Math.max(0, Math.min(size.width, scale.toX(shown.from)));
  const right = Math.max(0, Math.min(size.width, scale.toX(shown.to)));
  return (
    <div className="histogram-frame">
      <div
        ref={area}
        className="histogram"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is a control of its own
        tabIndex={0}
        role="application"
        aria-label={`Time looked at: ${formatMoment(shown.from, zone)} to ${formatMoment(shown.to, zone)}. Arrows move it, plus and minus change its length, Shift and arrows tell of each column.`}
        onKeyDown={onKey}
        onPointerMove={pointed.onMove}
        onPointerDown={pointed.onTap}
        onPointerLeave={pointed.onLeave}
        onFocus={pointed.onFocus}
        onBlur={pointed.leave}
      >
        <canvas ref={canvas} />
        <div className="brush" style={{ left, width: Math.max(3, right - left) }}>
          <i className="handle start" />
          <i className="handle end" />
        </div>
      </div>
      <PartTip data={data} pointed={pointed} scale={scale} height={size.height} zone={zone} />
    </div>
  );
}
