import { useRef, useState } from 'react';
import type { EventItem, EventsAnswer } from '../api/answers.ts';
import { askEvents } from '../api/questions.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useHeld } from '../api/use-held.ts';
import { FailureMessage, StateMessage } from '../shell/state-message.tsx';
import { sameDay } from '../time/format-clock.ts';
import { readTime } from '../time/read-time.ts';
import type { TimeWindow } from '../time/time-window.ts';
import type { TimeZone } from '../time/time-zone.ts';
import { rowMetrics, USUAL_TEXT } from '../timeline/row-metrics.ts';
import { useSize } from '../timeline/use-canvas.ts';
import { useTextSize } from '../timeline/use-text-size.ts';
import type { ChangeView } from '../view/use-view.ts';
import type { View } from '../view/view.ts';
import { EventRow } from './event-row.tsx';

interface EventsPageProps {
  readonly view: View;
  readonly change: ChangeView;
  readonly zone: TimeZone;
  readonly version: number;
  readonly window: TimeWindow | undefined;
  readonly isHeld: boolean;
  readonly onHold: (isHeld: boolean) => void;
}

const MOST = 1_000;
/** A list that is narrower, at the usual size of text, has three lines for each Event. */
const NARROW = 860;

/** The Events of the time looked at, the newest first. Only what is seen is there, so a thousand scroll like ten. */
export function EventsPage(props: EventsPageProps) {
  const { view, change, zone, version, window, isHeld, onHold } = props;
  const answer = useAnswer<EventsAnswer>(askEvents(view, window, MOST), version);
  const data = useHeld(answer.data, isHeld && answer.data !== undefined);
  const scroller = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(scroller);
  const [scrollTop, setScrollTop] = useState(0);
  const textSize = useTextSize();
  const isNarrow = width > 0 && width < (NARROW * textSize) / USUAL_TEXT;
  const line = rowMetrics(textSize).height;
  const rowHeight = isNarrow ? 2 * line : line;
  const headHeight = isNarrow ? 0 : line;
  const items = data?.items.toReversed() ?? [];
  const hasDay = !sameDay(lastSeen(items[0]), lastSeen(items.at(-1)), zone);
  const first = Math.max(0, Math.floor((scrollTop - headHeight) / rowHeight) - 6);
  const seen = items.slice(first, first + Math.ceil(height / rowHeight) + 12);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: nothing is done, the list only waits while it is pointed at
    <div
      ref={scroller}
      className="events"
      data-narrow={isNarrow}
      data-times={view.times === 'ago' ? 'ago' : hasDay ? 'day' : 'time'}
      onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
      onMouseEnter={() => onHold(true)}
      onMouseLeave={() => onHold(false)}
    >
      {data === undefined && answer.failure === undefined && (
        <div className="state" role="status">
          <div className="loading-bar" />
          <p>Reading…</p>
        </div>
      )}
      {data === undefined && answer.failure !== undefined && (
        <FailureMessage failure={answer.failure} onRetry={answer.retry} />
      )}
      {data !== undefined && items.length === 0 && (
        <StateMessage icon="quiet" title="No Events here">
          <p>Nothing of the record fits these filters and this time.</p>
        </StateMessage>
      )}
      {items.length > 0 && (
        <>
          {!isNarrow && (
            <div className="events-head" style={{ height: line }} aria-hidden="true">
              <span>Last seen</span>
              <span>Type</span>
              <span>Reason</span>
              <span>Object</span>
              <span>Message</span>
              <span className="number">Seen</span>
            </div>
          )}
          <ul style={{ height: items.length * rowHeight, position: 'relative' }} aria-label="Events">
            {seen.map((item, index) => (
              <li key={item.id}>
                <EventRow
                  item={item}
                  top={(first + index) * rowHeight}
                  height={rowHeight}
                  isChosen={view.choice?.id === item.id}
                  hasDay={hasDay}
                  zone={zone}
                  onChoose={() => change((now) => ({ ...now, choice: { kind: 'event', id: item.id } }))}
                />
              </li>
            ))}
          </ul>
          {data !== undefined && data.next !== null && (
            <p className="list-end">
              These are the newest {MOST.toLocaleString('en')}: look at less time, or filter, for the others.
            </p>
          )}
        </>
      )}
    </div>
  );
}

function lastSeen(item: EventItem | undefined): number {
  return readTime(item?.points.at(-1)?.at);
}
