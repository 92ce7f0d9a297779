import { useRef, useState } from 'react';
import { formatObject } from '../../../src/objects/object.ts';
import type { EventItem, EventsAnswer } from '../api/answers.ts';
import { askEvents } from '../api/questions.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useHeld } from '../api/use-held.ts';
import { objectOfEvent } from '../panels/event-object.ts';
import { messagesOf, textOf } from '../panels/read-rises.ts';
import { FailureMessage, StateMessage } from '../shell/state-message.tsx';
import { formatTimeOfDay } from '../time/format-clock.ts';
import { readTime } from '../time/read-time.ts';
import type { TimeWindow } from '../time/time-window.ts';
import type { TimeZone } from '../time/time-zone.ts';
import { useSize } from '../timeline/use-canvas.ts';
import type { ChangeView } from '../view/use-view.ts';
import type { View } from '../view/view.ts';

interface EventsPageProps {
  readonly view: View;
  readonly change: ChangeView;
  readonly zone: TimeZone;
  readonly version: number;
  readonly window: TimeWindow | undefined;
  readonly isHeld: boolean;
  readonly onHold: (isHeld: boolean) => void;
}

const ROW_HEIGHT = 34;
const HEAD_HEIGHT = 34;
const MOST = 1_000;

/** The Events of the time looked at, the newest first. Only what is seen is there, so a thousand scroll like ten. */
export function EventsPage(props: EventsPageProps) {
  const { view, change, zone, version, window, isHeld, onHold } = props;
  const answer = useAnswer<EventsAnswer>(askEvents(view, window, MOST), version);
  const data = useHeld(answer.data, isHeld && answer.data !== undefined);
  const scroller = useRef<HTMLDivElement>(null);
  const { height } = useSize(scroller);
  const [scrollTop, setScrollTop] = useState(0);
  const items = data?.items.toReversed() ?? [];
  const first = Math.max(0, Math.floor((scrollTop - HEAD_HEIGHT) / ROW_HEIGHT) - 6);
  const seen = items.slice(first, first + Math.ceil(height / ROW_HEIGHT) + 12);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: nothing is done, the list only waits while it is pointed at
    <div
      ref={scroller}
      className="events"
      onScroll={(event) => setScrollTop(event.currentTarget.scrollTop)}
      onMouseEnter={() => onHold(true)}
      onMouseLeave={() => onHold(false)}
    >
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
          <div className="events-head" aria-hidden="true">
            <span>Last seen</span>
            <span>Type</span>
            <span>Reason</span>
            <span>Object</span>
            <span>Message</span>
            <span className="number">Seen</span>
          </div>
          <ul style={{ height: items.length * ROW_HEIGHT, position: 'relative' }} aria-label="Events">
            {seen.map((item, index) => (
              <li key={item.id}>
                <EventRow
                  item={item}
                  top={(first + index) * ROW_HEIGHT}
                  isChosen={view.choice?.id === item.id}
                  zone={zone}
                  onChoose={() => change((now) => ({ ...now, choice: { kind: 'event', id: item.id } }))}
                />
              </li>
            ))}
          </ul>
          {data !== undefined && data.next !== null && (
            <p className="chips">
              These are the newest {MOST.toLocaleString('en')}: look at less time, or filter, for the others.
            </p>
          )}
        </>
      )}
    </div>
  );
}

function EventRow(props: {
  item: EventItem;
  top: number;
  isChosen: boolean;
  zone: TimeZone;
  onChoose: () => void;
}) {
  const { item, top, isChosen, zone, onChoose } = props;
  const type = textOf(item.event, 'type');
  const last = item.points.at(-1);
  return (
    <button type="button" className="event-row" aria-current={isChosen} style={{ top }} onClick={onChoose}>
      <span className="time">{formatTimeOfDay(readTime(last?.at), zone, 3)}</span>
      <span className="type">
        <span className={type === 'Warning' ? 'badge warning' : 'badge'}>{type}</span>
      </span>
      <span>{textOf(item.event, 'reason')}</span>
      <span className="object-name">{formatObject(objectOfEvent(item))}</span>
      <span className="text">{messagesOf(item).last || messagesOf(item).first}</span>
      <span className="number">
        {(last?.count ?? 1) > 1 ? `×${(last?.count ?? 1).toLocaleString('en')}` : ''}
      </span>
    </button>
  );
}
