import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { TimelineAnswer } from '../api/answers.ts';
import { askOverview } from '../api/questions.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useHeld } from '../api/use-held.ts';
import { Histogram } from '../histogram/histogram.tsx';
import { Icon } from '../shell/icons.tsx';
import { FailureMessage } from '../shell/state-message.tsx';
import { placeTicks } from '../time/ticks.ts';
import { createTimeScale } from '../time/time-scale.ts';
import type { TimeWindow } from '../time/time-window.ts';
import type { TimeZone } from '../time/time-zone.ts';
import type { Theme } from '../view/use-theme.ts';
import type { ChangeView } from '../view/use-view.ts';
import { toggleRow, type View } from '../view/view.ts';
import { chooseRef, chosenId } from './choose-ref.ts';
import { baseWindow } from './choose-window.ts';
import { Legend } from './legend.tsx';
import { NothingThere } from './nothing-there.tsx';
import { type RowMetrics, rowMetrics, visibleRange } from './row-metrics.ts';
import { RowTree } from './row-tree.tsx';
import { TimeAxis } from './time-axis.tsx';
import { TimelineCanvas } from './timeline-canvas.tsx';
import type { MarkRef, TimelineData, TimelineRow } from './timeline-data.ts';
import { Toolbar } from './toolbar.tsx';
import { useSize } from './use-canvas.ts';
import { useTextSize } from './use-text-size.ts';
import { useTimeWindow } from './use-time-window.ts';
import { MOST_ROWS, useTimelineData } from './use-timeline-data.ts';

interface TimelinePageProps {
  readonly view: View;
  readonly change: ChangeView;
  readonly zone: TimeZone;
  readonly theme: Theme;
  readonly version: number;
  readonly onHold: (isHeld: boolean) => void;
  readonly isHeld: boolean;
  /** Which filters are on. */
  readonly chips: ReactNode;
  /** Told which time is looked at, for what is beside the timeline. */
  readonly onWindow: (window: TimeWindow | undefined) => void;
}

/** How many parts the whole time is counted in. */
const PARTS = 240;
export function TimelinePage(props: TimelinePageProps) {
  const { view, version } = props;
  const overview = useAnswer<TimelineAnswer>(askOverview(view, PARTS), version);
  if (overview.data === undefined) {
    if (overview.failure !== undefined)
      return <FailureMessage failure={overview.failure} onRetry={overview.retry} />;
    return (
      <div className="state" role="status">
        <div className="loading-bar" />
        <p>Reading the record…</p>
      </div>
    );
  }
  if (overview.data.extent === null) return <NothingThere view={view} change={props.change} />;
  return <Shown {...props} overview={overview.data} />;
}

function Shown(props: TimelinePageProps & { overview: TimelineAnswer }) {
  const { view, change, zone, theme, overview, isHeld, onHold, onWindow } = props;
  const extent = useHeld(overview.extent ?? { from: overview.since, to: overview.until }, isHeld);
  const base = useMemo(() => baseWindow(view.span, extent), [view.span, extent]);
  const settle = useCallback(
    (window: TimeWindow) => change((now) => ({ ...now, span: { kind: 'fixed', ...window } }), 'replace'),
    [change],
  );
  const moving = useTimeWindow(base, settle);
  const scroller = useRef<HTMLDivElement>(null);
  const size = useSize(scroller);
  const [scrollTop, setScrollTop] = useState(0);
  /** -1: none was pointed at yet. */
  const [activeRow, setActiveRow] = useState(-1);
  const labels = useLabelWidth(size.width);
  const textSize = useTextSize();
  const metrics = useMemo(() => rowMetrics(textSize), [textSize]);
  const area = useMemo(
    () => ({ width: Math.max(0, size.width - labels), height: size.height }),
    [size, labels],
  );

  const { data, answer, isOpen, loadMore } = useTimelineData(view, moving.goal, area.width, props.version);

  const fold = isOpen ? 'open' : 'closed';
  useEffect(() => onWindow(base), [base, onWindow]);

  const scale = useMemo(() => createTimeScale(moving.shown, area.width), [moving.shown, area.width]);
  const ticks = useMemo(() => placeTicks(scale, zone, metrics.scale), [scale, zone, metrics]);
  const scrollBy = useCallback((pixels: number) => {
    const element = scroller.current;
    if (element === null || element.scrollHeight <= element.clientHeight + 1) return false;
    element.scrollTop += pixels;
    return true;
  }, []);
  const toggle = useCallback(
    (row: TimelineRow) => change((now) => toggleRow(now, row.id, fold)),
    [change, fold],
  );
  const enter = useCallback(
    () => scroller.current?.querySelector<HTMLElement>('.timeline-area')?.focus(),
    [],
  );
  const activate = useCallback(
    (row: number) => {
      setActiveRow(row);
      showRow(scroller.current, row, metrics);
    },
    [metrics],
  );
  const choose = useCallback(
    (ref: MarkRef, row: number) => data && change((now) => chooseRef(now, ref, data.rows[row], fold)),
    [data, change, fold],
  );
  const fit = useCallback(() => change((now) => ({ ...now, span: { kind: 'all' } })), [change]);
  const histogram = useMemo(
    () => ({
      window: { from: overview.since, to: overview.until },
      normal: overview.histogram.normal,
      warning: overview.histogram.warning,
      reasons: overview.histogram.reasons,
      gaps: overview.gaps,
    }),
    [overview],
  );
  const range = visibleRange(scrollTop, size.height, data?.rows.length ?? 0, metrics);

  return (
    <>
      <Toolbar
        by={view.by}
        onGroup={(by) => change((now) => ({ ...now, by, toggled: [] }))}
        span={view.span}
        onSpan={(span) => change((now) => ({ ...now, span }))}
        moving={moving}
        zone={zone}
      />
      {props.chips}
      <Histogram data={histogram} moving={moving} zone={zone} theme={theme} onFit={fit} />
      <div className="timeline" data-testid="timeline" data-rows={data?.rows.length ?? ''}>
        <div className="corner">
          <span>{data === undefined ? '' : sayRows(data)}</span>
          {view.by !== 'story' && (
            <button
              type="button"
              className="button icon"
              aria-label={isOpen ? 'Fold all rows' : 'Unfold all rows'}
              title={isOpen ? 'Fold all' : 'Unfold all'}
              onClick={() => change((now) => ({ ...now, fold: isOpen ? 'closed' : 'open', toggled: [] }))}
            >
              <Icon name={isOpen ? 'minus' : 'plus'} />
            </button>
          )}
        </div>
        <TimeAxis ticks={ticks} scale={scale} />
        <div
          ref={scroller}
          className="scroll"
          onScroll={({ currentTarget: { scrollTop: top, scrollHeight, clientHeight } }) => {
            setScrollTop(top);
            const isNearEnd = top + 2 * clientHeight > scrollHeight;
            if (isNearEnd) loadMore();
          }}
        >
          {data !== undefined && (
            <div className="scroll-inner" style={{ height: data.rows.length * metrics.height }}>
              <RowTree
                rows={data.rows}
                metrics={metrics}
                first={Math.max(0, range.first - 4)}
                end={range.end + 4}
                active={Math.min(activeRow, data.rows.length - 1)}
                onActivate={activate}
                onToggle={toggle}
                onEnter={enter}
              />
              <TimelineCanvas
                data={data}
                size={area}
                metrics={metrics}
                moving={moving}
                zone={zone}
                theme={theme}
                scrollTop={scrollTop}
                scrollBy={scrollBy}
                activeRow={activeRow}
                onActivate={setActiveRow}
                chosen={chosenId(view)}
                onChoose={choose}
                onHold={onHold}
                onFit={fit}
              />
            </div>
          )}
          {data === undefined && answer.failure !== undefined && (
            <FailureMessage failure={answer.failure} onRetry={answer.retry} />
          )}
        </div>
      </div>
      <Legend />
      {answer.isLoading && data === undefined && <div className="loading-bar" />}
    </>
  );
}

/** How wide the names are, which the style sheet decides. */
function useLabelWidth(width: number): number {
  return useMemo(() => {
    const timeline = width === 0 ? null : document.querySelector('.timeline');
    return timeline === null
      ? 0
      : Number.parseFloat(getComputedStyle(timeline).getPropertyValue('--label-width'));
  }, [width]);
}

function sayRows({ rows, moreRows }: TimelineData): string {
  const count = `${rows.length} row${rows.length === 1 ? '' : 's'}`;
  if (moreRows === 0) return count;
  const all = `${rows.length} of ${(rows.length + moreRows).toLocaleString('en')} rows`;
  return rows.length < MOST_ROWS ? all : `${all}: filter for the others`;
}

function showRow(scroller: HTMLElement | null, row: number, { height }: RowMetrics): void {
  if (scroller === null) return;
  const top = row * height;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (top + height > scroller.scrollTop + scroller.clientHeight)
    scroller.scrollTop = top + height - scroller.clientHeight;
}
