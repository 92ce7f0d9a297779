import { useCallback, useMemo, useRef, useState } from 'react';
import type { TimelineAnswer } from '../api/answers.ts';
import { askOrder, askTimeline } from '../api/questions.ts';
import { readTimeline } from '../api/read-timeline.ts';
import { type Answer, useAnswer } from '../api/use-answer.ts';
import type { TimeWindow } from '../time/time-window.ts';
import type { Fold, View } from '../view/view.ts';
import { BESIDE, loadWindow } from './choose-window.ts';
import { orderRows, type RowRanks, rankRows } from './order-rows.ts';
import type { TimelineData } from './timeline-data.ts';

/** So many rows are loaded; as many again when they have been scrolled through. */
const ROWS_AT_A_TIME = 100;
/** All that the server gives. */
export const MOST_ROWS = 1_000;

export interface LoadedTimeline {
  readonly data: TimelineData | undefined;
  readonly answer: Answer<TimelineAnswer>;
  /** How rows stand that nobody touched. */
  readonly isOpen: boolean;
  /** Asks for the rows after those that are there. */
  readonly loadMore: () => void;
}

/**
 * What is drawn around a window of time: a little more than is seen, so that moving about shows something at once.
 * @param width of the drawing in pixels; 0: it is not known yet, and nothing is asked
 */
export function useTimelineData(
  view: View,
  window: TimeWindow,
  width: number,
  version: number,
): LoadedTimeline {
  const wanted = useRef<TimeWindow | undefined>(undefined);
  wanted.current = loadWindow(window, wanted.current);
  const [rows, setRows] = useState(ROWS_AT_A_TIME);
  const order = askOrder(view);
  // A part for every four pixels of what is loaded.
  const buckets = Math.max(60, Math.round(width / 40) * 10 * (1 + 2 * BESIDE));
  const fold = useFirstFold(view.fold, order, wanted.current);
  const path = width === 0 ? undefined : askTimeline(view, wanted.current, buckets, fold.asked, rows);
  const answer = useAnswer<TimelineAnswer>(path, version);
  const { isLoading } = answer;
  const moreRows = answer.data?.moreRows ?? 0;
  const isOpen = fold.asked === 'open' || (fold.asked === 'auto' && areOpen(answer.data));
  if (answer.data !== undefined && !isLoading) fold.decide(isOpen);
  const ranks = useRanks(order, version);
  const data = useMemo(() => {
    if (answer.data === undefined || ranks === undefined) return undefined;
    const read = readTimeline(answer.data);
    // Stories stand in the order they began.
    return view.by === 'story' ? read : { ...read, rows: orderRows(read.rows, ranks) };
  }, [answer.data, ranks, view.by]);
  const loadMore = useCallback(() => {
    if (moreRows > 0 && !isLoading) setRows((before) => Math.min(MOST_ROWS, before + ROWS_AT_A_TIME));
  }, [moreRows, isLoading]);
  return { data, answer, isOpen, loadMore };
}

/**
 * How rows stand that nobody touched. Where nobody folded or unfolded them all, the server decides when it is first asked; it stays so wherever
 * someone looks.
 *
 * @param order what the rows are of
 */
function useFirstFold(fold: Fold, order: string, window: TimeWindow) {
  const decided = useRef<{ order: string; fold: Fold }>(undefined);
  const asked = useRef<{ order: string; window: TimeWindow; fold: Fold }>(undefined);
  // Nothing is asked again for the same stretch because it is decided now.
  if (asked.current?.order !== order || asked.current.window !== window) {
    const known = decided.current?.order === order ? decided.current.fold : 'auto';
    asked.current = { order, window, fold: known };
  }
  return {
    asked: fold === 'auto' ? asked.current.fold : fold,
    decide(isOpen: boolean) {
      if (decided.current?.order !== order) decided.current = { order, fold: isOpen ? 'open' : 'closed' };
    },
  };
}

/** Whether the server unfolded the rows: it does when there are few. */
function areOpen(answer: TimelineAnswer | undefined): boolean {
  const rows = answer?.rows ?? [];
  return rows.some(({ expanded }) => expanded) || rows.every(({ children }) => children === 0);
}

/** In which order the topmost rows stand; asked for anew, but never changed, while the record grows. */
function useRanks(path: string, version: number): RowRanks | undefined {
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
