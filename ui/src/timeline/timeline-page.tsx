import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { SECOND } from '../../../src/lib/time.ts';
import type { TimelineAnswer } from '../api/answers.ts';
import { askOrder, askOverview, askTimeline } from '../api/questions.ts';
import { readTimeline } from '../api/read-timeline.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useHeld } from '../api/use-held.ts';
import { Histogram } from '../histogram/histogram.tsx';
import { Icon } from '../shell/icons.tsx';
import { FailureMessage, StateMessage } from '../shell/state-message.tsx';
import { placeTicks } from '../time/ticks.ts';
import { createTimeScale } from '../time/time-scale.ts';
import type { TimeWindow } from '../time/time-window.ts';
import type { TimeZone } from '../time/time-zone.ts';
import { formatMoment } from '../view/moment.ts';
import type { Theme } from '../view/use-theme.ts';
import type { ChangeView } from '../view/use-view.ts';
import { FIRST_VIEW, isFiltered, toggleRow, type View } from '../view/view.ts';
import { BESIDE, baseWindow, loadWindow } from './choose-window.ts';
import { Legend } from './legend.tsx';
import { orderRows, type RowRanks, rankRows } from './order-rows.ts';
import { ROW, visibleRange } from './row-metrics.ts';
import { RowTree } from './row-tree.tsx';
import { TimeAxis } from './time-axis.tsx';
import { TimelineCanvas } from './timeline-canvas.tsx';
import type { MarkRef, TimelineData, TimelineRow } from './timeline-data.ts';
import { Toolbar } from './toolbar.tsx';
import { useSize } from './use-canvas.ts';
import { useTimeWindow } from './use-time-window.ts';

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
/** So many rows are loaded; as many again when they have been scrolled through. */
const ROWS_AT_A_TIME = 100;
const MOST_ROWS = 1_000;
/** Up to so many rows are all open. */
const FEW_ROWS = 60;

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
  if (overview.data.extent === null) return <NothingThere {...props} />;
  return <Shown {...props} overview={overview.data} />;
}

function NothingThere({ view, change }: TimelinePageProps) {
  if (isFiltered(view))
    return (
      <StateMessage icon="filter" title="Nothing matches">
        <p>No Event of the record fits these filters and words.</p>
        <button
          type="button"
          className="button primary"
          onClick={() => change((now) => ({ ...now, filters: FIRST_VIEW.filters, text: '' }))}
        >
          Show everything
        </button>
      </StateMessage>
    );
  return (
    <StateMessage icon="quiet" title="Nothing was heard yet">
      <p>Events show here as soon as the cluster tells of something. To look at what you have already:</p>
      <code>hark serve --from must-gather.tar.gz</code>
    </StateMessage>
  );
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
  const area = useMemo(
    () => ({ width: Math.max(0, size.width - labels), height: size.height }),
    [size, labels],
  );

  const wanted = useRef<TimeWindow | undefined>(undefined);
  wanted.current = loadWindow(moving.goal, wanted.current);
  const [isMany, setMany] = useState(false);
  const isOpen = view.fold === 'open' || (view.fold === 'auto' && !isMany);
  // A part for every four pixels of what is loaded.
  const buckets = Math.max(60, Math.round(area.width / 40) * 10 * (1 + 2 * BESIDE));
  const [rows, setRows] = useState(ROWS_AT_A_TIME);
  const path = area.width === 0 ? undefined : askTimeline(view, wanted.current, buckets, isOpen, rows);
  const answer = useAnswer<TimelineAnswer>(path, props.version);
  const rowCount = (answer.data?.rows.length ?? 0) + (answer.data?.moreRows ?? 0);
  useEffect(() => {
    if (view.fold === 'auto' && view.toggled.length === 0 && rowCount > FEW_ROWS) setMany(true);
  }, [rowCount, view.fold, view.toggled.length]);
  const ranks = useRanks(view, props.version);
  const data = useMemo(() => {
    if (answer.data === undefined || ranks === undefined) return undefined;
    const read = readTimeline(answer.data);
    // Stories stand in the order they began.
    return view.by === 'story' ? read : { ...read, rows: orderRows(read.rows, ranks) };
  }, [answer.data, ranks, view.by]);

  useEffect(() => onWindow(base), [base, onWindow]);

  const scale = useMemo(() => createTimeScale(moving.shown, area.width), [moving.shown, area.width]);
  const ticks = useMemo(() => placeTicks(scale, zone), [scale, zone]);
  const scrollBy = useCallback((pixels: number) => {
    const element = scroller.current;
    if (element === null || element.scrollHeight <= element.clientHeight + 1) return false;
    element.scrollTop += pixels;
    return true;
  }, []);
  const toggle = useCallback((row: TimelineRow) => change((now) => toggleRow(now, row.id)), [change]);
  const enter = useCallback(
    () => scroller.current?.querySelector<HTMLElement>('.timeline-area')?.focus(),
    [],
  );
  const activate = useCallback((row: number) => {
    setActiveRow(row);
    showRow(scroller.current, row);
  }, []);
  const choose = useCallback(
    (ref: MarkRef, row: number) => data && change((now) => chooseRef(now, ref, data.rows[row])),
    [data, change],
  );
  const fit = useCallback(() => change((now) => ({ ...now, span: { kind: 'all' } })), [change]);
  const histogram = useMemo(
    () => ({
      window: { from: overview.since, to: overview.until },
      normal: overview.histogram.normal,
      warning: overview.histogram.warning,
      gaps: overview.gaps,
    }),
    [overview],
  );
  const range = visibleRange(scrollTop, size.height, data?.rows.length ?? 0);

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
          <button
            type="button"
            className="button icon"
            aria-label={isOpen ? 'Fold all rows' : 'Unfold all rows'}
            title={isOpen ? 'Fold all' : 'Unfold all'}
            onClick={() => change((now) => ({ ...now, fold: isOpen ? 'closed' : 'open', toggled: [] }))}
          >
            <Icon name={isOpen ? 'minus' : 'plus'} />
          </button>
        </div>
        <TimeAxis ticks={ticks} scale={scale} />
        <div
          ref={scroller}
          className="scroll"
          onScroll={({ currentTarget: { scrollTop: top, scrollHeight, clientHeight } }) => {
            setScrollTop(top);
            const isNearEnd = top + 2 * clientHeight > scrollHeight;
            if (isNearEnd && (data?.moreRows ?? 0) > 0 && !answer.isLoading)
              setRows(Math.min(MOST_ROWS, rows + ROWS_AT_A_TIME));
          }}
        >
          {data !== undefined && (
            <div className="scroll-inner" style={{ height: data.rows.length * ROW.height }}>
              <RowTree
                rows={data.rows}
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

/** In which order the topmost rows stand; asked for anew, but never changed, while the record grows. */
function useRanks(view: View, version: number): RowRanks | undefined {
  const path = askOrder(view);
  const { data, isLoading } = useAnswer<TimelineAnswer>(path, version);
  const kept = useRef<{ path: string; ranks: RowRanks }>(undefined);
  if (data !== undefined && !isLoading) {
    const known = kept.current?.path === path ? kept.current.ranks : new Map<string, number>();
    kept.current = {
      path,
      ranks: rankRows(
        known,
        data.rows.map(({ id }) => id),
      ),
    };
  }
  return kept.current?.ranks;
}

function sayRows({ rows, moreRows }: TimelineData): string {
  const count = `${rows.length} row${rows.length === 1 ? '' : 's'}`;
  if (moreRows === 0) return count;
  const all = `${rows.length} of ${(rows.length + moreRows).toLocaleString('en')} rows`;
  return rows.length < MOST_ROWS ? all : `${all}: filter for the others`;
}

function showRow(scroller: HTMLElement | null, row: number): void {
  if (scroller === null) return;
  const top = row * ROW.height;
  if (top < scroller.scrollTop) scroller.scrollTop = top;
  else if (top + ROW.height > scroller.scrollTop + scroller.clientHeight)
    scroller.scrollTop = top + ROW.height - scroller.clientHeight;
}

function chosenId({ choice }: View): string | undefined {
  return choice?.kind === 'story' && choice.step !== '' ? choice.step : choice?.id;
}

/** What a click on something means; of many things in a folded row: unfold it. */
function chooseRef(view: View, ref: MarkRef, row: TimelineRow | undefined): View {
  if (ref.kind === 'story') return { ...view, choice: { kind: 'story', id: ref.id, step: '' } };
  if (ref.kind === 'step') return { ...view, choice: { kind: 'story', id: ref.story, step: ref.id } };
  if (row === undefined) return view;
  if (row.story !== null) return { ...view, choice: { kind: 'story', id: row.story, step: '' } };
  if (row.hasChildren && !row.isOpen) return toggleRow(view, row.id);
  const least = SECOND;
  const middle = (ref.from + ref.to) / 2;
  const half = Math.max(ref.to - ref.from, least) / 2;
  const id = formatMoment({ ...row.object, from: middle - half, to: middle + half });
  return { ...view, choice: { kind: 'moment', id } };
}
