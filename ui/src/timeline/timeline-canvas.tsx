import { type KeyboardEvent, useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Ago } from '../time/ago.ts';
import { useAgo } from '../time/tell-times.tsx';
import { placeTicks } from '../time/ticks.ts';
import { createTimeScale } from '../time/time-scale.ts';
import type { TimeZone } from '../time/time-zone.ts';
import type { Theme } from '../view/use-theme.ts';
import { type Description, describeBox, describeHatch, sayDescription } from './describe-box.ts';
import { drawTimeline } from './draw-timeline.ts';
import { hitTest, REACH } from './hit-test.ts';
import { type Box, type Hatch, layOutTimeline, type TimelineLayout } from './layout-timeline.ts';
import { paletteOf } from './read-palette.ts';
import type { RowMetrics } from './row-metrics.ts';
import { stepBox } from './step-box.ts';
import type { MarkRef, TimelineData } from './timeline-data.ts';
import { Tooltip } from './tooltip.tsx';
import { prepareCanvas, type Size } from './use-canvas.ts';
import { useGestures } from './use-gestures.ts';
import type { MovingWindow } from './use-time-window.ts';
import { zoomKey } from './zoom-key.ts';

interface TimelineCanvasProps {
  readonly data: TimelineData;
  readonly size: Size;
  readonly metrics: RowMetrics;
  readonly moving: MovingWindow;
  readonly zone: TimeZone;
  readonly theme: Theme;
  readonly scrollTop: number;
  readonly scrollBy: (pixels: number) => boolean;
  readonly activeRow: number;
  readonly onActivate: (row: number) => void;
  /** The id of what the panel tells of. */
  readonly chosen: string | undefined;
  readonly onChoose: (ref: MarkRef, row: number) => void;
  readonly onHold: (isHeld: boolean) => void;
  readonly onFit: () => void;
}

/** What happened, drawn: bars, marks and densities of the rows in view. */
export function TimelineCanvas(props: TimelineCanvasProps) {
  const { data, size, metrics, moving, zone, theme, scrollTop, activeRow } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const area = useRef<HTMLDivElement>(null);
  const [hovered, setHovered] = useState<Pointed>();
  const [focused, setFocused] = useState<Box>();
  const ago = useAgo();
  const scale = useMemo(() => createTimeScale(moving.shown, size.width), [moving.shown, size.width]);
  const ticks = useMemo(() => placeTicks(scale, zone, metrics.scale), [scale, zone, metrics]);
  const layout = useMemo(
    () => layOutTimeline(data, scale, { scrollTop, height: size.height, metrics }),
    [data, scale, scrollTop, size.height, metrics],
  );

  useLayoutEffect(() => {
    const context = prepareCanvas(canvas.current, size);
    if (context === undefined) return;
    const scene = {
      layout,
      ticks,
      scale,
      height: size.height,
      scrollTop,
      rows: data.rows.length,
      metrics,
      end: data.end,
      activeRow,
      hovered: hovered?.box ?? focused,
      chosen: props.chosen,
    };
    drawTimeline(context, scene, paletteOf(theme));
  }, [
    layout,
    ticks,
    scale,
    size,
    metrics,
    scrollTop,
    data,
    activeRow,
    hovered,
    focused,
    props.chosen,
    theme,
  ]);

  useGestures(area, {
    scale,
    goal: moving.goal,
    move: moving.move,
    scrollBy: props.scrollBy,
    onHover(place) {
      props.onHold(place !== undefined);
      setHovered(place && pointAt(layout, place));
      if (place !== undefined) props.onActivate(rowAt(place.y + scrollTop, data, metrics));
    },
    onClick(x, y, isTouch) {
      const box = hitTest(layout, x, y, isTouch ? REACH.touch : REACH.mouse);
      if (box !== undefined) props.onChoose(box.ref, box.row);
    },
    onDrag: props.onHold,
  });

  const onKey = useCallback(
    (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const moved = zoomKey(event.key, moving.goal, focused === undefined ? undefined : focused.from);
      if (moved !== undefined) moving.move(moved, 'glide');
      else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
        const next = stepBox(layout, Math.max(0, activeRow), focused, event.key === 'ArrowRight' ? 1 : -1);
        if (next !== undefined) setFocused(next);
      } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
        const row = Math.max(
          0,
          Math.min(data.rows.length - 1, activeRow + (event.key === 'ArrowDown' ? 1 : -1)),
        );
        props.onActivate(row);
        setFocused(stepBox(layout, row, undefined, 1));
      } else if (event.key === 'Enter' && focused !== undefined) props.onChoose(focused.ref, focused.row);
      else if (event.key === '0' || event.key === 'Home') props.onFit();
      else return;
      event.preventDefault();
    },
    [moving, layout, activeRow, focused, data, props],
  );

  const pointed: Pointed | undefined =
    hovered ?? (focused && { box: focused, x: focused.x + Math.min(focused.width, 24) / 2, y: focused.y });
  const description = pointed && describe(pointed, data, zone, ago);
  return (
    <div
      ref={area}
      className="timeline-area"
      style={{ height: size.height }}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: it is a control of its own, with keys for all that a mouse can do
      tabIndex={0}
      role="application"
      aria-label="Timeline"
      aria-describedby="timeline-keys"
      onKeyDown={onKey}
      onBlur={() => setFocused(undefined)}
      onFocus={() => setFocused((before) => before ?? stepBox(layout, Math.max(0, activeRow), undefined, 1))}
    >
      <canvas ref={canvas} className="timeline-canvas" />
      <span id="timeline-keys" className="hidden">
        Left and right: what happened before and after. Up and down: rows. Enter: tell more. Plus and minus:
        closer and farther. A and D: earlier and later. 0: everything.
      </span>
      <span className="hidden" aria-live="polite">
        {focused !== undefined && description !== undefined && sayDescription(description)}
      </span>
      {pointed !== undefined && description !== undefined && (
        <Tooltip description={description} x={pointed.x} y={pointed.y} within={size} />
      )}
    </div>
  );
}

/** What a pointer, or the focus, is on. */
interface Pointed {
  readonly box?: Box | undefined;
  readonly hatch?: Hatch | undefined;
  readonly x: number;
  readonly y: number;
}

function pointAt(layout: TimelineLayout, { x, y }: { x: number; y: number }): Pointed | undefined {
  const box = hitTest(layout, x, y, REACH.mouse);
  if (box !== undefined) return { box, x, y };
  const hatch = layout.hatches.find((each) => x >= each.x && x <= each.x + each.width);
  return hatch && { hatch, x, y };
}

function describe(
  { box, hatch }: Pointed,
  data: TimelineData,
  zone: TimeZone,
  ago: Ago | undefined,
): Description | undefined {
  if (box !== undefined) return describeBox(box, data.rows[box.row], zone, ago);
  return hatch && describeHatch(hatch, zone, ago);
}

function rowAt(y: number, { rows }: TimelineData, { height }: RowMetrics): number {
  return Math.max(0, Math.min(rows.length - 1, Math.floor(y / height)));
}
