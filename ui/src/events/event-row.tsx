import { formatObject } from '../../../src/objects/object.ts';
import type { EventItem } from '../api/answers.ts';
import { objectOfEvent } from '../panels/event-object.ts';
import { messagesOf, textOf } from '../panels/read-rises.ts';
import { readTime } from '../time/read-time.ts';
import { TimeText } from '../time/time-text.tsx';
import type { TimeZone } from '../time/time-zone.ts';

interface EventRowProps {
  readonly item: EventItem;
  readonly top: number;
  readonly height: number;
  readonly isChosen: boolean;
  /** Whether the day is told, too. */
  readonly hasDay: boolean;
  readonly zone: TimeZone;
  readonly onChoose: () => void;
}

/** One Event of the list: when it was last seen, of what it warns, what it says. */
export function EventRow({ item, top, height, isChosen, hasDay, zone, onChoose }: EventRowProps) {
  const type = textOf(item.event, 'type');
  const last = item.points.at(-1);
  const count = last?.count ?? 1;
  return (
    <button
      type="button"
      className="event-row"
      aria-current={isChosen}
      style={{ top, height }}
      onClick={onChoose}
    >
      <span className="time">
        <TimeText at={readTime(last?.at)} zone={zone} form={hasDay ? 'day' : 'time'} />
      </span>
      <span className="type">
        <span className={type === 'Warning' ? 'badge warning' : 'badge'}>{type}</span>
      </span>
      <span className="reason">{textOf(item.event, 'reason')}</span>
      <span className="object-name">{formatObject(objectOfEvent(item))}</span>
      <span className="text">{messagesOf(item).last || messagesOf(item).first}</span>
      <span className="number">{count > 1 ? `×${count.toLocaleString('en')}` : ''}</span>
    </button>
  );
}
